"""The first tables, and the triggers that keep the chronology as it was written.

Constraints are named by the convention in storage/tables.py.
"""

from typing import Any

from alembic import op
from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ForeignKey,
    Integer,
    LargeBinary,
    String,
    UniqueConstraint,
    text,
)

from storage.engine import POSTGRESQL, UtcDateTime

revision = "0001"
down_revision = None

REFUSED = "The chronology is only ever added to."


def upgrade() -> None:
    _challenges()
    _chronology()
    _clocks()
    _outbox()
    _small_things()
    _directory()
    _triggers()


def _needed(name: str, kind: Any = String, **more: Any) -> "Column[Any]":
    return Column(name, kind(), nullable=False, **more)


def _optional(name: str, kind: Any = String) -> "Column[Any]":
    return Column(name, kind(), nullable=True)


def _key(name: str, kind: Any = String, autoincrement: bool = False) -> "Column[Any]":
    return Column(name, kind(), primary_key=True, autoincrement=autoincrement)


def _of_challenge(**more: Any) -> "Column[Any]":
    belongs = ForeignKey("challenge.id", ondelete="RESTRICT")
    return Column("challenge_id", Integer(), belongs, nullable=False, **more)


def _challenges() -> None:
    op.create_table("procedure", _key("key"), _needed("version"), _needed("plain"))
    op.create_table(
        "challenge",
        _key("id", Integer, autoincrement=True),
        _needed("reference", unique=True),
        _needed("status", index=True),
        _needed("stage", Integer),
        _needed("raised_by"),
        _needed("challenged"),
        _optional("channel"),
        Column(
            "procedure", String(), ForeignKey("procedure.key", ondelete="RESTRICT"), nullable=False
        ),
        _optional("closed_at", UtcDateTime),
        _needed("version", Integer),
        _needed("sealed", LargeBinary),
        sqlite_autoincrement=True,
    )
    _partial_index("uq_challenge_channel", "challenge", ["channel"], "channel IS NOT NULL", True)
    op.create_table(
        "involved", _of_challenge(primary_key=True), Column("person", String(), primary_key=True)
    )
    op.create_index("ix_involved_person", "involved", ["person"])
    op.create_table(
        "case_key",
        _of_challenge(primary_key=True),
        _needed("key_id", index=True),
        _needed("wrapped", LargeBinary),
    )


def _chronology() -> None:
    op.create_table(
        "entry",
        _key("seq", Integer),
        _of_challenge(),
        _needed("number", Integer),
        _needed("at", UtcDateTime),
        _needed("kind"),
        _optional("by"),
        _needed("sealed", LargeBinary),
        _needed("previous", LargeBinary),
        _needed("hash", LargeBinary),
        UniqueConstraint("challenge_id", "number"),
    )
    op.create_table(
        "chain_head", _key("id", Integer), _needed("seq", Integer), _needed("hash", LargeBinary)
    )


def _clocks() -> None:
    op.create_table(
        "deadline",
        _key("id", Integer, autoincrement=True),
        _of_challenge(),
        _needed("key"),
        _needed("due_at", UtcDateTime),
        _optional("done_at", UtcDateTime),
        UniqueConstraint("challenge_id", "key"),
    )
    _partial_index("ix_deadline_waiting", "deadline", ["due_at"], "done_at IS NULL")


def _outbox() -> None:
    op.create_table(
        "outbox",
        _key("id", Integer, autoincrement=True),
        _needed("key", unique=True),
        _of_challenge(),
        _needed("kind"),
        _optional("to"),
        _optional("about"),
        _needed("mark"),
        _optional("entry", Integer),
        _needed("lane"),
        _needed("state"),
        _needed("attempts", Integer),
        _needed("unsure", Boolean),
        _optional("not_before", UtcDateTime),
        _optional("lease_owner"),
        _optional("lease_until", UtcDateTime),
        _optional("first_try", UtcDateTime),
        _needed("written", UtcDateTime),
        _optional("ended", UtcDateTime),
        _optional("channel"),
        _optional("ts"),
        _needed("why"),
    )
    _partial_index("ix_outbox_lane", "outbox", ["lane", "id"], "state IN ('pending', 'sending')")
    op.create_index("ix_outbox_channel_ts", "outbox", ["channel", "ts"])
    op.create_index("ix_outbox_challenge_id_kind", "outbox", ["challenge_id", "kind"])


def _small_things() -> None:
    op.create_table("heard", _key("key"), _needed("at", UtcDateTime, index=True))
    op.create_table(
        "draft",
        _key("id"),
        _needed("by"),
        _needed("at", UtcDateTime, index=True),
        _needed("sealed", LargeBinary),
    )
    op.create_table("counter", _key("year", Integer), _needed("number", Integer))
    op.create_table("setting", _key("name"), _needed("value"))


def _directory() -> None:
    op.create_table("agency", _key("key"), _needed("name"), _needed("position", Integer))
    op.create_table(
        "person",
        _key("id"),
        _needed("name"),
        Column("agency", String(), ForeignKey("agency.key", ondelete="RESTRICT"), nullable=False),
        _needed("role"),
        _optional("line_manager"),
        _optional("deputy"),
        _needed("away", JSON),
        _needed("active", Boolean),
        _needed("position", Integer),
    )
    op.create_table("partnership", _key("role"), _key("person"), _needed("position", Integer))


def _triggers() -> None:
    on_postgresql = op.get_bind().dialect.name == POSTGRESQL
    for statement in _on_postgresql() if on_postgresql else _on_sqlite():
        op.execute(statement)


def _on_sqlite() -> list[str]:
    return [
        f"CREATE TRIGGER entry_refuses_{act} BEFORE {act} ON entry "
        f"BEGIN SELECT RAISE(ABORT, '{REFUSED}'); END"
        for act in ("update", "delete")
    ]


def _on_postgresql() -> list[str]:
    refuse = f"BEGIN RAISE EXCEPTION '{REFUSED}'; END"
    function = "CREATE FUNCTION entry_refuses() RETURNS trigger LANGUAGE plpgsql"
    return [
        f"{function} AS $$ {refuse} $$",
        *(
            f"CREATE TRIGGER entry_refuses_{act} BEFORE {act} ON entry "
            "FOR EACH STATEMENT EXECUTE FUNCTION entry_refuses()"
            for act in ("update", "delete", "truncate")
        ),
    ]


def _partial_index(
    name: str, table: str, columns: list[str], where: str, unique: bool = False
) -> None:
    only = text(where)
    op.create_index(name, table, columns, unique=unique, sqlite_where=only, postgresql_where=only)
