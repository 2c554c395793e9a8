"""Moving a challenge to another version of the procedure: what would change, and the word of it.

A coordinator need not be on the challenge, so nothing here holds a word that anybody wrote of it.
"""

from collections.abc import Iterator
from typing import Any

from slack_sdk.models.blocks import Block, ButtonElement
from slack_sdk.models.views import View

from blocks.forms import Payload, answer, carried, modal, question, seen_in
from blocks.layout import Message, button, safe, says, small, spoken
from blocks.occasion import Occasion, privately, written
from blocks.standing import here
from challenge.model import Challenge
from challenge.procedure import Stage
from challenge.version import Ahead, StageChange

MOVE = "version.move"
MOVED = "version.moved"
MOST_STAGES = 20
NOTE = "because"
"""The name of the field to which a missing reason is said."""

OTHERS = {
    "single_agency": "whether both people may work for one agency",
    "calendar": "working hours and bank holidays",
    "emergency": "whom to call in an emergency",
    "top": "who decides at the very top, and how long they have",
    "urgent": "the urgent route",
    "retention": "how long it is kept",
    "archive_after": "how long its channel stays open after the end",
    "follow_up": "when people are asked again after the end",
    "other_routes": "what has another route",
    "total": "how long the first stages may take together",
    "meetings": "how a meeting is held",
}


def move_button(challenge: Challenge) -> ButtonElement:
    return button("Move to the procedure as it is now", MOVE, challenge.id)


def move_view(challenge: Challenge, there: Ahead, page: int) -> View:
    """`page` is where in the list of open challenges it was opened from."""
    return modal(
        MOVED,
        "Move the procedure",
        "Move it",
        [
            says(_from_where(challenge, there)),
            says(f"{_where(challenge, there)}\n{_date(challenge)}"),
            *_changes(there),
            small("Nothing else changes now. What is set from now on follows the new version."),
            question(
                NOTE,
                "Why is it moved?",
                hint="Both sides are told and read this. Please write nothing about the case.",
            ),
        ],
        carries=f"{challenge.id}:{there.mark} {page}",
    )


def read_move(view: Payload) -> dict[str, Any]:
    return {"note": answer(view, NOTE), "seen": seen_in(carried(view)).partition(" ")[0]}


def page_of(view: Payload) -> int:
    page = seen_in(carried(view)).partition(" ")[2]
    return int(page) if page.isascii() and page.isdigit() else 0


def was_moved(o: Occasion) -> Message:
    c = o.challenge
    text = (
        f"{o.actor}, a coordinator, moved {c.reference} to the procedure "
        f"{safe(c.procedure.version)}. The date that stands is kept. Now: {here(c, o.directory)}"
    )
    return privately(o, text) if o.to else Message(text, [says(text), *written(o)])


def _from_where(challenge: Challenge, there: Ahead) -> str:
    now, then = safe(challenge.procedure.version), safe(there.procedure.version)
    if now == then:
        return f"*{challenge.reference}* follows {now} as it was. It would follow it as it is now."
    return f"*{challenge.reference}* follows {now}. It would follow {then}."


def _where(challenge: Challenge, there: Ahead) -> str:
    now, then = _named(challenge.current), _named(there.stage)
    return f"It stays at {then}." if now == then else f"It is at {now}. That would be {then}."


def _date(challenge: Challenge) -> str:
    due = spoken(challenge.due, challenge.procedure.calendar)
    return f"The date that stands is kept: {due}. So is every day off that is known."


def _changes(there: Ahead) -> Iterator[Block]:
    if there.stages:
        yield says("*What would change*")
        yield from (says(_stage_change(each)) for each in there.stages[:MOST_STAGES])
    left = len(there.stages) - MOST_STAGES
    if left > 0:
        yield small(f"And {left} more stages.")
    if there.others:
        lines = "\n".join(f"• {OTHERS[each]}" for each in there.others)
        yield says(f"*Also other than before*\n{lines}")


def _stage_change(change: StageChange) -> str:
    before, after = change.before, change.after
    if after is None:
        return f"*{_named(before)}*\n• it would be gone" if before else ""
    if before is None:
        used = "" if after.confirmed else "\n• it is passed over until it is confirmed"
        return f"*{_named(after)}*\n• it is new\n• {after.answer_within} to answer{used}"
    lines = "\n".join(f"• {line}" for line in _differences(before, after))
    return f"*{_named(before)}*\n{lines}"


def _differences(before: Stage, after: Stage) -> Iterator[str]:
    if before.title != after.title:
        yield f"it would be called {safe(after.title)}"
    if before.number != after.number:
        yield f"it would be stage {after.number}"
    if before.confirmed != after.confirmed:
        yield "it would be used" if after.confirmed else "it would be passed over"
    if (before.raising, before.receiving) != (after.raising, after.receiving):
        roles = dict.fromkeys((*after.raising, *after.receiving))
        yield f"it would ask: {safe(', '.join(roles))}"
    yield from _clocks(before, after)
    if before.review != after.review:
        yield "a manager would review it" if after.review else "no manager would review it"
    if before.meeting != after.meeting:
        yield "there would be a meeting" if after.meeting else "there would be no meeting"
    if before.notify != after.notify:
        yield f"told of it: {safe(', '.join(after.notify)) or 'nobody'}"


def _clocks(before: Stage, after: Stage) -> Iterator[str]:
    if before.accept_within != after.accept_within:
        yield f"{after.accept_within} to accept, not {before.accept_within}"
    if before.answer_within != after.answer_within:
        yield f"{after.answer_within} to answer, not {before.answer_within}"
    if before.longest != after.longest:
        yield f"{after.longest} at most, not {before.longest}"
    if before.remind != after.remind:
        yield "reminders would come at other times"


def _named(stage: Stage) -> str:
    return f"stage {stage.number}, {safe(stage.title)}"
