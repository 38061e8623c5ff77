"""The nouns that every stage shares. Nothing here knows a stage."""
