"""Runs the steps on the connection that the store hands over, inside the store's own transaction and lock."""

from alembic import context

connection = context.config.attributes.get("connection")
if connection is None:  # the statements alone, for whoever wants to read them first
    context.configure(dialect_name=context.config.attributes["dialect"], as_sql=True)
else:
    # SQLite's DDL is transactional as well; half a migration must not survive a crash.
    context.configure(connection=connection, transactional_ddl=True)
with context.begin_transaction():
    context.run_migrations()
