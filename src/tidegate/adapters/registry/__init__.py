"""What the user registered of their own: words, records, code."""
