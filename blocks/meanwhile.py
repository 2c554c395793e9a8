"""The standing line on the card, amber while it is wanting, and the form that sets or renews it."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from slack_sdk.models.blocks import Block, ButtonElement
from slack_sdk.models.views import View

from blocks.forms import answer, answered_day, day, modal, question
from blocks.layout import Message, button, emergency, plainly, says, says_beside
from blocks.occasion import Occasion, asks, since, written
from challenge.meanwhile import is_wanting, standing
from challenge.model import Challenge, Meanwhile, Side

SET = "meanwhile.set"
GIVEN = "meanwhile.given"

CALL = "If nothing does yet, say so, and ring your safeguarding lead now. In danger, call 999."
TITLE = "What keeps the person safe meanwhile"


def draw(challenge: Challenge) -> list[Block]:
    """For the card: the line, and the button that sets or renews it."""
    act = None if challenge.is_closed else set_button(challenge)
    return [says_beside(_title(challenge), act), *_quoted(challenge)]


def told(challenge: Challenge) -> list[Block]:
    """For whoever is asked to take it on: the line alone."""
    return [says(_title(challenge)), *_quoted(challenge)]


def wanting(challenge: Challenge) -> str:
    """What is wanting, in words, for those who do not see the colour."""
    line = standing(challenge)
    if line is None:
        return "Amber: nobody has said yet what keeps the person safe meanwhile."
    if line.passed:
        return "Amber: the day until which this keeps the person safe is over. Please renew it."
    return f"Amber: it is not said yet {', and '.join(_missing(line))}."


def ask_first(challenge: Challenge) -> list[Block]:
    """For the head of a reminder: safety is asked for before anything else."""
    if not is_wanting(challenge):
        return []
    text = f":large_orange_circle: *First of all:* {wanting(challenge).removeprefix('Amber: ')}"
    return [says_beside(text, set_button(challenge))]


def set_button(challenge: Challenge) -> ButtonElement:
    again = standing(challenge) is not None
    return button("Renew or change it" if again else "Say what keeps them safe", SET, challenge.id)


def set_view(challenge: Challenge) -> View:
    line = standing(challenge)
    return modal(
        GIVEN,
        "Safe meanwhile",
        "Put it on the card",
        [
            says(
                "The person comes first, whoever turns out to be right. Either side may set this."
            ),
            question(
                "what",
                "What keeps the person safe while you disagree?",
                hint=CALL,
                value=line.what if line else "",
            ),
            question(
                "who",
                "Who does it?",
                hint="A role or an agency, such as the school's safeguarding lead.",
                lines=False,
                value=line.who if line else "",
            ),
            day(
                "until",
                "Until which day?",
                hint="On that day both sides are asked again.",
                value=line.until if line and not line.passed else None,
            ),
        ],
        carries=challenge.id,
    )


def read_set(view: Mapping[str, Any]) -> dict[str, str | date | None]:
    return {
        "what": answer(view, "what"),
        "who": answer(view, "who"),
        "until": answered_day(view, "until"),
    }


def was_set(o: Occasion) -> Message:
    text = f"{o.actor} said what keeps the person safe meanwhile ({o.challenge.reference})."
    return Message(text, [says(text), *written(o)])


def has_passed(o: Occasion) -> Message:
    c = o.challenge
    shown = [*_quoted(c), emergency(c)]
    if not is_wanting(c):
        text = f"{c.reference}. The day until which this kept the person safe is over."
        return asks(o, text, [], since(o, "It was renewed."), shown)
    calls = o.calling(Side.RAISING, Side.RECEIVING)
    return asks(o, f"{c.reference}. {wanting(c)}", [set_button(c)], "", shown, calls)


def _missing(line: Meanwhile) -> list[str]:
    """What the line does not say, the first in full and the next in short."""
    parts = {
        "what keeps the person safe meanwhile": ("", line.what),
        "who keeps the person safe meanwhile": ("who does it", line.who),
        "until when the person is kept safe": ("until when", line.until),
    }
    wanting = [(full, short) for full, (short, said) in parts.items() if not said]
    return [*(full for full, _ in wanting[:1]), *(short for _, short in wanting[1:])]


def _title(challenge: Challenge) -> str:
    if is_wanting(challenge):
        return f":large_orange_circle: *{wanting(challenge)}*"
    return f"*{TITLE}*" if standing(challenge) else f"*{TITLE}*: nothing was written."


def _quoted(challenge: Challenge) -> list[Block]:
    line = standing(challenge)
    return [plainly(_words(line))] if line else []


def _words(line: Meanwhile) -> str:
    lines = [
        line.what,
        f"Who does it: {line.who}" if line.who else "",
        f"Until: {line.until:%A %-d %B %Y}" if line.until else "",
    ]
    return "\n".join(one for one in lines if one) or "Nothing was written."
