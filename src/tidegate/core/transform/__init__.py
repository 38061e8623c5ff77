"""Values out, tags in: what a target may not see is replaced before it leaves, and found again when somebody asks."""
