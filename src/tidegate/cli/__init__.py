"""The command line: one file a group, imports where they are used."""
