"""`preferences.toml`, the third document of a policy: order and drop within what is permitted. It can never widen.

Nothing here is part of what decides or proves: rules permit, and what they permit is all that is ever handed in.
"""
