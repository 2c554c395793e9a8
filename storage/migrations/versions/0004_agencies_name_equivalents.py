"""Agencies with few layers name who acts for them in a role that they do not have."""

from alembic import op
from sqlalchemy import JSON, Column

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    # With a default in the database, so that the code before this step can still add agencies.
    op.add_column("agency", Column("equivalents", JSON, nullable=False, server_default="[]"))
