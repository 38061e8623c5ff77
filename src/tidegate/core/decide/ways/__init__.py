"""What surrounds a policy: every way by which a configuration lets something leave, held against the policy.

`way` says what a way is, `terms` what is declared of its ends, `questions` what is asked of the policy about it,
`search` answers quickly (at every start), `solver` again by z3 (where a policy is proven), `survey` tells the result.
"""
