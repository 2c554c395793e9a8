"""Digging plain values out of Slack's payloads, and the key by which Slack would repeat itself."""

import hashlib
import json
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
    view = body.get("view") or {}
    if body.get("type") == "view_submission":
        return f"view:{view.get('id')}"
    word = body.get("event_id") or body.get("trigger_id")
    return str(word) if word else hashlib.sha256(json.dumps(body).encode()).hexdigest()


def person(body: Payload) -> PersonId:
    """Who clicked, typed or submitted, from the part of the payload that Slack vouches for."""
    user = body.get("user") or {}
    return PersonId(str(user.get("id") if isinstance(user, Mapping) else body["user_id"]))


def challenge_id(carried: object) -> int:
    """The id that a button or a modal carries. Raises NothingHere for anything but a number."""
    text = str(carried)
    if not (text.isascii() and text.isdigit() and len(text) < 16):
        raise NothingHere
    return int(text)


def moment_of(ts: object) -> datetime | None:
    """Slack's ts is seconds since 1970, with a counter behind the point."""
    try:
        return datetime.fromtimestamp(float(str(ts)), UTC)
    except (ValueError, OverflowError, OSError):
        return None
