"""The days off that the bot knows of, and since when: one setting, read at every start."""

import json
from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from challenge.reckoning import DayOff
from storage.recording import put
from storage.tables import SETTINGS

DAYS_OFF, RECKONED = "days off", "days off reckoned"


async def learn_days_off(
    connection: AsyncConnection, days: Sequence[date], now: datetime
) -> tuple[DayOff, ...]:
    """Those known of only since the clocks were last reckoned; none at the very first start."""
    kept = await _setting(connection, DAYS_OFF)
    known = json.loads(kept) if kept else {}
    since = {day.isoformat(): known.get(day.isoformat(), now.isoformat()) for day in days}
    await _put(connection, DAYS_OFF, json.dumps(since))
    if kept is None:
        await days_off_reckoned(connection, now)
        return ()
    reckoned = datetime.fromisoformat(await _setting(connection, RECKONED) or now.isoformat())
    found = (DayOff(date.fromisoformat(d), datetime.fromisoformat(at)) for d, at in since.items())
    return tuple(day for day in found if day.known > reckoned)


async def days_off_reckoned(connection: AsyncConnection, now: datetime) -> None:
    await _put(connection, RECKONED, now.isoformat())


async def _setting(connection: AsyncConnection, name: str) -> str | None:
    found = await connection.execute(select(SETTINGS.c.value).where(SETTINGS.c.name == name))
    value: str | None = found.scalar_one_or_none()
    return value


async def _put(connection: AsyncConnection, name: str, value: str) -> None:
    row = put(connection, SETTINGS).values(name=name, value=value)
    index = [SETTINGS.c.name]
    await connection.execute(row.on_conflict_do_update(index_elements=index, set_={"value": value}))
