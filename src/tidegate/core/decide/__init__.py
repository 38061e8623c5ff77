"""Cedar in, a decision out: the policy is compiled once, proven once, and then asked for every request.

`statements` cuts the text, `reading` turns each statement into a rule of a small language (`expressions`, over the
names in `vocabulary`), `generate` makes one Python function of the rules, and `prove` shows what that function can
never do, over all of `space`.
"""
