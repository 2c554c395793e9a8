"""What people write in a challenge's channel is the record: every message, every version."""

import re
from collections.abc import Mapping
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.async_context import AsyncBoltContext

from challenge import space
from challenge.casework import Casework, Hearing
from challenge.model import Entry, Happened, PersonId
from handlers.payloads import Payload, moment_of, part, slack_id, stamp

NOT_SAID = frozenset(
    {"channel_join", "channel_leave", "group_join", "group_leave", "channel_topic", "group_topic"}
    | {"channel_purpose", "group_purpose", "channel_name", "group_name", "channel_archive"}
    | {"group_archive", "message_replied", "bot_message", "pinned_item", "bot_add", "bot_remove"}
    | {"tombstone"}
)
"""Slack's own announcements; what they announce is in the record by other ways."""

_LINK = re.compile(r"<((?:https?|mailto|tel):[^<>|]*)(?:\|([^<>]*))?>")


async def said(event: Payload, casework: Casework) -> None:
    await note_message(event, casework)


async def note_message(event: Payload, casework: Casework) -> None:
    """A message, as an event or as the channel's history has it; each version counts once."""
    channel = slack_id(event.get("channel"))
    challenge = await casework.challenge_in(channel)
    version = _version(event)
    if challenge is not None and version is not None:
        key, entry = version
        await casework.note(challenge, entry, heard=f"{channel}:{key}")


async def joined(
    event: Payload, casework: Casework, hearing: Hearing, context: AsyncBoltContext
) -> None:
    challenge = await casework.challenge_in(slack_id(event.get("channel")))
    who = PersonId(slack_id(event.get("user")))
    if challenge is None or who == context.bot_user_id:
        return
    await hearing.note(challenge, Entry(Happened.JOINED, who, f"<@{who}> joined the channel."))
    await casework.reached(challenge, who, space.reached)


async def left(
    event: Payload, casework: Casework, hearing: Hearing, context: AsyncBoltContext
) -> None:
    challenge = await casework.challenge_in(slack_id(event.get("channel")))
    who = PersonId(slack_id(event.get("user")))
    if challenge is not None and who != context.bot_user_id:
        await hearing.note(challenge, Entry(Happened.LEFT, who, f"<@{who}> left the channel."))


def _version(event: Payload) -> tuple[str, Entry] | None:
    """A key that names this version of this message, and its entry; None for what nobody said."""
    subtype = event.get("subtype")
    if str(subtype) in NOT_SAID or (event.get("bot_id") and subtype in {None, "file_share"}):
        return None
    if subtype == "message_changed":
        return _edited(event)
    if subtype == "message_deleted":
        return _deleted(event)
    ts = stamp(event.get("ts"))
    kind = Happened.SHARED if _files(event) else Happened.SAID
    return f"{ts}:said", _entry(kind, event.get("user"), ts, ts, _words(event))


def _edited(event: Payload) -> tuple[str, Entry] | None:
    now, before = part(event, "message"), part(event, "previous_message")
    if now.get("subtype") == "tombstone":
        return _deleted(event)  # the head of a thread leaves a stone behind, for its replies
    if now.get("bot_id") or (before and _words(now) == _words(before)):
        return None  # Slack also says "changed" when it unfurls a link or counts a reply
    edited = part(now, "edited")
    at = stamp(edited.get("ts") or event.get("event_ts") or event.get("ts"))
    who = edited.get("user") or now.get("user")
    ts = stamp(now.get("ts"))
    return f"{ts}:edited:{at}", _entry(Happened.EDITED, who, ts, at, _words(now))


def _deleted(event: Payload) -> tuple[str, Entry] | None:
    before = part(event, "previous_message")
    if before.get("bot_id"):
        return None
    ts = stamp(event.get("deleted_ts") or before.get("ts"))
    at = event.get("event_ts") or event.get("ts")
    words = _words(before)
    return f"{ts}:deleted", _entry(Happened.DELETED, before.get("user"), ts, at, words)


def _entry(kind: Happened, who: object, ts: str, at: object, words: dict[str, str]) -> Entry:
    by = PersonId(slack_id(who)) if who else None
    return Entry(kind, by, "", words, message=ts, said=moment_of(at))


def _words(message: Payload) -> dict[str, str]:
    """The text to the letter, the files by name, and the thread it belongs to."""
    words = {"Message": _as_typed(str(message.get("text") or ""))}
    for number, file in enumerate(_files(message), start=1):
        words[f"File {number}"] = _file(file)
    thread = message.get("thread_ts")
    if thread and thread != message.get("ts"):
        words["Thread"] = str(thread)
    return words


def _as_typed(text: str) -> str:
    """Without what Slack puts round it: links bare, & < > themselves; mentions stay mentions."""
    bare = _LINK.sub(lambda found: _link(found[1], found[2]), text)
    return bare.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _link(address: str, label: str | None) -> str:
    """The address, with the words that were made a link of before it."""
    return f"{label} ({address})" if label and label not in address else address


def _files(message: Payload) -> list[Any]:
    files = message.get("files")
    return files if isinstance(files, list) else []


def _file(file: object) -> str:
    if not isinstance(file, Mapping):
        return "a file"
    name = file.get("name") or file.get("title") or "a file"
    return f"{name} ({file.get('mimetype') or 'kind unknown'}, Slack file {file.get('id')})"


def register(app: AsyncApp) -> None:
    app.event("message")(said)
    app.event("member_joined_channel")(joined)
    app.event("member_left_channel")(left)
