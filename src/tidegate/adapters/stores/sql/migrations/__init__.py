"""How the schema came to be, version by version: Alembic's environment and one file a step."""
