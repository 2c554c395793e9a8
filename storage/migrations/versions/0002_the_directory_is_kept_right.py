"""When an entry was last confirmed, who has still to be, and the day book of every change."""

from alembic import op
from sqlalchemy import JSON, Boolean, Column, Date, Integer, String, false, text

from storage.engine import POSTGRESQL, UtcDateTime

revision = "0002"
down_revision = "0001"

REFUSED = "The day book is only ever added to."
DEAD = text("state = 'dead'")


def upgrade() -> None:
    # With a default in the database, so that the code before this step can still add people.
    op.add_column("person", Column("provisional", Boolean, nullable=False, server_default=false()))
    op.add_column("person", Column("last_confirmed", Date))
    op.add_column("person", Column("asked", Date))
    op.create_table(
        "day_book",
        Column("id", Integer, primary_key=True),
        Column("at", UtcDateTime(), nullable=False),
        Column("kind", String, nullable=False),
        Column("by", String),
        Column("about", String, nullable=False),
        Column("detail", JSON, nullable=False),
    )
    op.create_index("ix_day_book_kind_about", "day_book", ["kind", "about"])
    op.create_index("ix_outbox_dead", "outbox", ["id"], sqlite_where=DEAD, postgresql_where=DEAD)
    on_postgresql = op.get_bind().dialect.name == POSTGRESQL
    for statement in _on_postgresql() if on_postgresql else _on_sqlite():
        op.execute(statement)


def _on_sqlite() -> list[str]:
    return [
        f"CREATE TRIGGER day_book_refuses_{act} BEFORE {act} ON day_book "
        f"BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END"
        for act in ("update", "delete")
    ]


def _on_postgresql() -> list[str]:
    refuse = f"BEGIN RAISE EXCEPTION '{REFUSED}'; END"
    function = "CREATE FUNCTION day_book_refuses() RETURNS trigger LANGUAGE plpgsql"
    return [
        f"{function} AS $$ {refuse} $$",
        *(
            f"CREATE TRIGGER day_book_refuses_{act} BEFORE {act} ON day_book "
            "FOR EACH STATEMENT EXECUTE FUNCTION day_book_refuses()"
            for act in ("update", "delete", "truncate")
        ),
    ]
