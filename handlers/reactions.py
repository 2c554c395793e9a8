"""A reaction to a reminder is an act, or a private button that opens one."""

from collections.abc import Callable
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.async_context import AsyncBoltContext

from challenge import response
from challenge.casework import Casework, Hearing
from challenge.model import Change, Entry, Happened, PersonId, Told
from challenge.rights import Act
from handlers.payloads import Payload, moment_of, part, slack_id, stamp

Rule = Callable[..., Change]

ACTS: dict[str, tuple[Rule, dict[str, Any]]] = {
    "white_check_mark": (response.offer_act, {"act": Act.PROPOSE_SETTLEMENT}),
    "eyes": (response.mark_seen, {}),
    "hourglass_flowing_sand": (response.offer_act, {"act": Act.PROPOSE_DATE}),
    "arrow_up": (response.offer_act, {"act": Act.ESCALATE}),
    "sos": (response.declare_risk, {}),
    "raising_hand": (response.ask_support, {}),
}

TAKEN_BACK: dict[str, tuple[Rule, dict[str, Any]]] = {"eyes": (response.take_back_seen, {})}
"""What can be taken back. A word about risk cannot: others have acted on it already."""


FRESH_SECONDS = 600.0


class NotPlacedYet(Exception):
    """A message of ours that we do not know of yet: we were stopped between posting it and noting
    where. Slack is told no, says it again, and by then the courier has found the message."""


async def added(
    event: Payload, casework: Casework, hearing: Hearing, context: AsyncBoltContext
) -> None:
    ours = context.bot_user_id
    await _reacted(event, casework, hearing, ours, Happened.REACTED, ACTS)


async def removed(
    event: Payload, casework: Casework, hearing: Hearing, context: AsyncBoltContext
) -> None:
    ours = context.bot_user_id
    await _reacted(event, casework, hearing, ours, Happened.UNREACTED, TAKEN_BACK)


async def _reacted(
    event: Payload,
    casework: Casework,
    hearing: Hearing,
    ours: str | None,
    kind: Happened,
    acts: dict[str, tuple[Rule, dict[str, Any]]],
) -> None:
    item = part(event, "item")
    channel, ts = slack_id(item.get("channel")), stamp(item.get("ts"))
    challenge = await casework.challenge_in(channel)
    if challenge is None:
        return
    who, name = PersonId(slack_id(event.get("user"))), str(event.get("reaction"))
    words = {"Reaction": name, "On": ts}
    said = moment_of(event.get("event_ts"))
    await hearing.note(challenge, Entry(kind, who, "", words, message=ts, said=said))
    posted = await casework.posted(channel, ts)
    if posted is None and name in acts and ours == event.get("item_user") and _is_fresh(event, ts):
        raise NotPlacedYet
    if posted and posted.kind is Told.REMINDER and name in acts:
        rule, facts = acts[name]
        await hearing.carry_out(rule, challenge, by=who, **facts)


def _is_fresh(event: Payload, ts: str) -> bool:
    return float(stamp(event.get("event_ts"))) - float(ts) < FRESH_SECONDS


def register(app: AsyncApp) -> None:
    app.event("reaction_added")(added)
    app.event("reaction_removed")(removed)
