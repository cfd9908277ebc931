"""Runs the migrations on the connection it is given."""

from alembic import context

from stotoken.ledger.database import VERSION_TABLE
from stotoken.ledger.schema import METADATA

context.configure(
    connection=context.config.attributes["connection"], target_metadata=METADATA, version_table=VERSION_TABLE
)
with context.begin_transaction():
    context.run_migrations()
