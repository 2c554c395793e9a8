"""What a message with buttons said, kept until what it asks is dealt with."""

from alembic import op
from sqlalchemy import Column, String, text

revision = "0005"
down_revision = "0004"

ASKS = text("said IS NOT NULL")


def upgrade() -> None:
    op.add_column("outbox", Column("said", String))
    op.create_index(
        "ix_outbox_asks", "outbox", ["challenge_id"], sqlite_where=ASKS, postgresql_where=ASKS
    )
