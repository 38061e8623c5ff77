"""What surrounds a policy's use: its tests, why it decided as it did, and what another one would do instead.

Nothing here is needed to decide or to prove, and nothing there imports it. All of it reads facts by the fields that
they have, so that a new fact needs no line here.
"""
