"""Policies as they travel: what a bundle holds, who vouches for it, what it takes for granted around it. No I/O."""
