"""Whom somebody named as their line manager themself waits for a coordinator's yes."""

from alembic import op
from sqlalchemy import Column, String

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.add_column("person", Column("new_manager", String, nullable=True))
