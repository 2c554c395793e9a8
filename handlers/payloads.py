"""Digging plain values out of Slack's payloads, and the key by which Slack would repeat itself."""

import hashlib
import json
import re
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.middleware.async_middleware import AsyncMiddleware
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from typing_extensions import override

from challenge.casework import Casework
from challenge.model import PersonId
from challenge.refusals import NothingHere

Payload = Mapping[str, Any]

# What is kept in the open, searched for or compared is Slack's own, so it has Slack's shape.
_ID = re.compile(r"[A-Z0-9]{1,40}", re.ASCII)
_STAMP = re.compile(r"[0-9]{1,12}(\.[0-9]{1,9})?", re.ASCII)
_KEY = re.compile(r"[!-~]{1,100}")


class Bring(AsyncMiddleware):
    """Puts `casework` and `hearing` within every listener's reach, by name.

    A class, because Bolt searches every payload for a plain function's arguments.
    """

    def __init__(self, casework: Casework) -> None:
        self._casework = casework

    @override
    async def async_process(
        self,
        *,
        req: AsyncBoltRequest,
        resp: BoltResponse,
        next: Callable[[], Awaitable[BoltResponse]],
    ) -> BoltResponse | None:
        req.context["casework"] = self._casework
        req.context["hearing"] = self._casework.hearing(key(req.body))
        return await next()


def register(app: AsyncApp, casework: Casework) -> None:
    app.middleware(Bring(casework))


def key(body: Payload) -> str:
    """The same for every repetition of one word of Slack's, different for everything else.

    An event has an id; a submitted modal is the same one however often it is pressed; a click, a
    command and a shortcut have a trigger of their own.
    """
    word = body.get("event_id") or body.get("trigger_id")
    if body.get("type") == "view_submission":
        view = part(body, "view").get("id")
        word = f"view:{view}" if view else None
    if word and _KEY.fullmatch(str(word)):
        return str(word)
    return hashlib.sha256(json.dumps(body).encode()).hexdigest()


def part(payload: Payload, name: str) -> Payload:
    """What stands there; empty when that is nothing, or something else than an object."""
    found = payload.get(name)
    return found if isinstance(found, Mapping) else {}


def slack_id(given: object) -> str:
    """The id of a person or a channel. Raises NothingHere for what cannot be one."""
    if not _ID.fullmatch(str(given)):
        raise NothingHere
    return str(given)


def stamp(given: object) -> str:
    """A message's ts, which is its name too. Raises NothingHere for what cannot be one."""
    if not _STAMP.fullmatch(str(given)):
        raise NothingHere
    return str(given)


def person(body: Payload) -> PersonId:
    """Who clicked, typed or submitted, from the part of the payload that Slack vouches for."""
    return PersonId(slack_id(part(body, "user").get("id") or body.get("user_id")))


def challenge_id(carried: object) -> int:
    """The id that a button or a modal carries, before the mark of what it shows if there is one.

    Raises NothingHere for anything but a number.
    """
    text = str(carried).partition(":")[0]
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise NothingHere
    return int(text)


def moment_of(ts: object) -> datetime | None:
    """Slack's ts is seconds since 1970, with a counter behind the point."""
    try:
        return datetime.fromtimestamp(float(str(ts)), UTC)
    except (ValueError, OverflowError, OSError):
        return None
