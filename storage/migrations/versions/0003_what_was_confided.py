"""What people confided after the end, apart from the challenge's own chronology."""

from alembic import op
from sqlalchemy import Column, ForeignKey, Integer, LargeBinary, String

from storage.engine import UtcDateTime

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "confidence",
        Column("id", String, primary_key=True),
        Column(
            "challenge_id",
            Integer,
            ForeignKey("challenge.id", ondelete="RESTRICT"),
            nullable=False,
        ),
        Column("at", UtcDateTime(), nullable=False),
        Column("sealed", LargeBinary, nullable=False),
    )
    op.create_index("ix_confidence_challenge_id", "confidence", ["challenge_id"])
