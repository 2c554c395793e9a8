"""The pieces that every card is made of, and the words they share.

What people wrote is always drawn as plain text: no mention, link or formatting in it comes alive.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    ButtonElement,
    ConfirmObject,
    ContextBlock,
    DividerBlock,
    HeaderBlock,
    MarkdownTextObject,
    PlainTextObject,
    SectionBlock,
)

from challenge.directory import ROLES_SHOWN, Directory
from challenge.model import Challenge, PersonId
from challenge.procedure import Emergency
from challenge.shown import mark_of
from challenge.working_time import WorkingCalendar

_MENTION = re.compile(r"<@([A-Z0-9]{1,30})>")
NUMBERS = "• Police or ambulance: *999*\n• Your safeguarding lead: they know every other number"
"""Where a procedure names no number."""
MOST_SHOWN = 1200
"""Characters of one answer on a card; the rest is in the record."""


@dataclass(frozen=True)
class Message:
    """What is posted: `text` says everything needed, for phones and screen readers.

    With buttons, it is one of two. What it `asks`, in our own words, is kept until it is dealt
    with, and then its buttons are taken away. Or they are `lasting`: they open what can be had
    again and again, or the message goes by itself, for it only answers a command.
    """

    text: str
    blocks: list[Block]
    asks: str = ""
    lasting: bool = False


def spoken(at: datetime, calendar: WorkingCalendar) -> str:
    """The weekday, date and time of day where the partnership is."""
    return f"{calendar.local(at):%A %-d %B %Y at %H:%M}"


def safe(text: str) -> str:
    """Text that is not ours, made harmless inside mrkdwn."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def with_names(text: str, directory: Directory) -> str:
    """Mentions turned into names, for places where Slack shows text as it is."""

    def name(found: re.Match[str]) -> str:
        who = PersonId(found[1])
        return f"{directory.name(who)}{_unlisted(directory, who)}"

    return _MENTION.sub(name, text)


def shortened(text: str, most: int = MOST_SHOWN) -> str:
    if len(text) <= most:
        return text
    return text[: most - 40].rstrip() + " … (the rest is in the record)"


def header(text: str) -> Block:
    return HeaderBlock(text=PlainTextObject(text=text[:150]))


def says(text: str) -> Block:
    """Our own sentence; may hold mentions and emphasis."""
    return SectionBlock(text=MarkdownTextObject(text=text[:3000], verbatim=True))


def says_beside(text: str, act: ButtonElement | None) -> Block:
    """Our own sentence, with one button beside it."""
    return SectionBlock(text=MarkdownTextObject(text=text[:3000], verbatim=True), accessory=act)


def plainly(text: str) -> Block:
    """Somebody's words, to the letter."""
    return SectionBlock(text=PlainTextObject(text=shortened(text), emoji=False))


def side_by_side(label: str, texts: Sequence[str], act: ButtonElement | None = None) -> Block:
    """A label of ours, and under it people's words in two columns, each to the letter."""
    columns = [PlainTextObject(text=shortened(text), emoji=False) for text in texts]
    text = MarkdownTextObject(text=f"*{label}*", verbatim=True)
    return SectionBlock(text=text, fields=columns, accessory=act)


def named(directory: Directory, who: PersonId) -> str:
    """Name and agency, side by side; rank is not shown. Slack knows whom nobody has listed."""
    agency = directory.agency_of(who)
    beside = f" ({safe(directory.agency_name(agency))})" if agency else _unlisted(directory, who)
    return f"{called(directory, who)}{beside}"


def called(directory: Directory, who: PersonId) -> str:
    """The name alone; a mention, which Slack shows as a name, for whom nobody has listed."""
    person = directory.person(who)
    return safe(person.name) if person else f"<@{who}>"


def introduced(directory: Directory, who: PersonId) -> str:
    """Where somebody is first named: what they do beside their agency, and still not their rank."""
    person = directory.person(who)
    if person is None or person.role not in ROLES_SHOWN:
        return named(directory, who)
    return safe(f"{person.name} ({directory.agency_name(person.agency)}, {person.role})")


def plainly_named(directory: Directory, who: PersonId) -> str:
    """Name and agency where Slack shows text as it is, so that no mention can stand there."""
    agency = directory.agency_of(who)
    beside = f" ({directory.agency_name(agency)})" if agency else _unlisted(directory, who)
    return f"{directory.name(who)}{beside}"


def _unlisted(directory: Directory, who: PersonId) -> str:
    if directory.person(who):
        return ""
    return " (of the partnership)" if who in directory.partnership else " (not in the directory)"


def quoted(label: str, text: str) -> list[Block]:
    """A label of ours above somebody's words, to the letter."""
    words = shortened(text) or "Nothing was written."
    return [says(f"*{label}*"), SectionBlock(text=PlainTextObject(text=words, emoji=False))]


def facts(pairs: Sequence[tuple[str, str]]) -> Block:
    """Two columns of label and value; the values are ours."""
    return SectionBlock(
        fields=[
            MarkdownTextObject(text=f"*{label}*\n{value}"[:2000], verbatim=True)
            for label, value in pairs
        ]
    )


def small(text: str) -> Block:
    return ContextBlock(elements=[MarkdownTextObject(text=text[:2000], verbatim=True)])


def rule() -> Block:
    return DividerBlock()


def button(
    label: str,
    act: str,
    challenge_id: int,
    *,
    seen: object = None,
    style: str | None = None,
    confirm: ConfirmObject | None = None,
) -> ButtonElement:
    """`act` is the action id that a listener waits for; the value carries an id, and the mark of
    what a yes would be to."""
    value = f"{challenge_id}:{mark_of(seen)}" if seen else str(challenge_id)
    return ButtonElement(text=label, action_id=act, value=value, style=style, confirm=confirm)


def buttons(elements: Iterable[ButtonElement]) -> list[Block]:
    """Rows of at most five, so that a phone shows whole labels; nothing for no buttons."""
    row = list(elements)
    return [ActionsBlock(elements=row[i : i + 5]) for i in range(0, len(row), 5)]


def asking(title: str, text: str, yes: str) -> ConfirmObject:
    return ConfirmObject(
        title=PlainTextObject(text=title),
        text=PlainTextObject(text=text),
        confirm=PlainTextObject(text=yes),
        deny=PlainTextObject(text="Not yet"),
    )


def emergency(challenge: Challenge) -> Block:
    """Stands on every card that raises or escalates: the procedure must not delay action."""
    return small(f":warning: *{safe(challenge.procedure.emergency.text)}*")


def numbers(whom_to_call: Emergency) -> str:
    """Whom to call, a line each; never nobody."""
    lines = [f"• {safe(c.name)}: *{safe(c.phone)}*" for c in whom_to_call.contacts]
    return "\n".join(lines) or NUMBERS


def where(challenge: Challenge, to: PersonId | None) -> str:
    """The way in for this reader: into the private channel for whoever was invited there. Others
    may read the card, and so may everybody once the channel is put away."""
    if to is None or not challenge.is_invited(to) or _is_put_away(challenge):
        return f"its record: /challenge show {challenge.reference}"
    if challenge.space is None or challenge.awaits_space:
        return "its own channel, open soon"
    return f"<#{challenge.space.channel}>"


def _is_put_away(challenge: Challenge) -> bool:
    return challenge.space is not None and challenge.space.archived and not challenge.awaits_space
