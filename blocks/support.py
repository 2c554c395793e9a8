"""Support: a supporter for one side, and somebody to talk with before anything is raised."""

from collections.abc import Mapping
from typing import Any

from slack_sdk.models.blocks import ButtonElement
from slack_sdk.models.views import View

from blocks.forms import answer, modal, notice, someone
from blocks.layout import Message, button, safe, says, small
from blocks.occasion import Occasion, privately, said
from challenge.model import Challenge, PersonId, Side
from challenge.procedure import Procedure
from challenge.support import OPPOSITE, supporter_of

BRING = "support.bring"
BROUGHT = "support.brought"
FIRST = "support.first"
TALK = "support.talk"

Payload = Mapping[str, Any]


def bring_buttons(challenge: Challenge) -> list[ButtonElement]:
    """While one of the two sides is without a supporter; the rule knows whose press it is."""
    if all(supporter_of(challenge, side) for side in OPPOSITE):
        return []
    return [button("Bring in a supporter", BRING, challenge.id)]


def bring_view(challenge: Challenge) -> View:
    return modal(
        BROUGHT,
        "Bring in a supporter",
        "Bring them in",
        [
            says(
                "One person for your side: your supervisor, your named nurse or your safeguarding "
                "lead. They can read everything, write in the channel and say that someone is at "
                "risk. They decide nothing. The other side is told who came."
            ),
            someone("supporter", "Who will support you?"),
        ],
        carries=challenge.id,
    )


def read_bring(view: Payload) -> PersonId:
    return PersonId(answer(view, "supporter"))


def side_of(challenge: Challenge, supporter: PersonId | None) -> Side | None:
    return next((s.side for s in challenge.supporters if s.person == supporter), None)


# Before anything is raised


def first_button() -> ButtonElement:
    return ButtonElement(text="I would like support first", action_id=FIRST, value="form")


def first_view(procedure: Procedure, who: str) -> View:
    """Asked before the conversation is opened, for a press may be a slip."""
    return modal(
        TALK,
        "Support first",
        "Open the conversation",
        [
            says(f":warning: *{safe(procedure.emergency.text)}*"),
            says(
                f"*{safe(who)}* can talk it through with you. This opens a conversation for the "
                "two of you. Nobody else is told, nothing is raised, and nothing is kept."
            ),
            small("You can raise your challenge at any time. You need not ask anybody first."),
        ],
        carries="support",
    )


def introduced(asking: str, lead: str) -> Message:
    """The bot's only word in that conversation; it says nothing of what it is about."""
    text = (
        f"{safe(asking)} would like to talk with you, {safe(lead)}, about how to raise something "
        "at work. Please answer today. This is between the two of you: the bot does not read or "
        "keep what you write here, and nothing has been raised."
    )
    return Message(text, [says(text)])


def opened(lead: str) -> View:
    return notice(
        "Support first",
        f"Your conversation with {safe(lead)} is open: look among your direct messages. Nobody "
        "else was told.",
    )


def supported(o: Occasion) -> Message:
    c = o.challenge
    side = side_of(c, o.about)
    whose = f"the {side} side" if side else "one side"
    text = (
        f"{o.actor} comes in to support {whose} in {c.reference}, at the wish of "
        f"{o.named(PersonId(o.mark))}. They can read, write and say that someone is at risk; they "
        "decide nothing. The other side may bring one supporter too."
    )
    return said(o, text)


def supporting(o: Occasion) -> Message:
    return privately(
        o,
        f"{o.actor} would like you beside them as their supporter in the professional challenge "
        f"{o.challenge.reference}: {o.where}. You can read and write there, and say "
        "that someone is at risk. You decide nothing, and what you write is on the record.",
    )
