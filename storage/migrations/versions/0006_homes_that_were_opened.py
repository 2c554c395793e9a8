"""Who has opened their App Home, so that it is drawn anew when something changes."""

from alembic import op
from sqlalchemy import Column, Integer, String

from storage.engine import UtcDateTime

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "home",
        Column("person", String, primary_key=True),
        Column("page", Integer),
        Column("hash", String, nullable=False),
        Column("opened", UtcDateTime(), nullable=False),
    )
