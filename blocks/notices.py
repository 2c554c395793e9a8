"""One card for each kind of notice, drawn from fresh state at the moment it is sent.

A card in the challenge's own channel may hold what people wrote. A direct message never does:
its preview lights up on a locked phone, so it carries the reference and a link.
"""

from collections.abc import Callable
from dataclasses import dataclass

from slack_sdk.models.blocks import Block

from blocks import agreement, escalation, meanwhile, resolution, response, support
from blocks.card import standing
from blocks.layout import (
    Message,
    button,
    buttons,
    emergency,
    named,
    quoted,
    safe,
    says,
    small,
    spoken,
    where,
    with_names,
)
from challenge import position as positions
from challenge.directory import Directory
from challenge.escalation import following
from challenge.meanwhile import is_wanting
from challenge.model import Challenge, Entry, PersonId, Status, Told
from challenge.moment import Moment
from challenge.rights import Act

REACTIONS = (
    "React to this message: :white_check_mark: settled · :eyes: seen, working on it · "
    ":hourglass_flowing_sand: more time · :arrow_up: next stage · :sos: someone may be at risk · "
    ":raising_hand: support, please"
)


@dataclass(frozen=True)
class Occasion:
    """A notice about to be sent, and everything its card may need. `entry` is what happened."""

    challenge: Challenge
    directory: Directory
    to: PersonId | None
    about: PersonId | None
    mark: str
    entry: Entry | None
    moment: Moment

    def named(self, who: PersonId | None) -> str:
        return named(self.directory, who) if who else "somebody"

    @property
    def actor(self) -> str:
        return self.named(self.about)


def draw(kind: Told, occasion: Occasion) -> Message:
    return CARDS[kind](occasion)


def _brought_in(o: Occasion) -> Message:
    """The same words for both sides."""
    c = o.challenge
    both = [o.named(c.practitioner(side)) for side in c.order if side is not Side.PARTNERSHIP]
    return _private(
        o,
        f"{c.reference} is a professional challenge between {' and '.join(both)}. It is about a "
        f"decision, not about a person. {o.named(c.challenged)} is asked to answer by {_due(o)}. "
        f"Please talk it through in {where(c)}.",
    )


def _not_reached(o: Occasion) -> Message:
    why = next((u.why for u in o.challenge.unreached if u.person == o.about), "Slack refused")
    return _private(
        o,
        f"{o.actor} could not be brought into {o.challenge.reference}: {safe(why)}. The clock runs "
        "on. Please reach them another way, or put their entry in the directory right.",
    )


def _date_proposed(o: Occasion) -> Message:
    proposal = o.challenge.date_proposal
    if proposal is None:
        return _said(o, f"{o.actor} proposed another date for {o.challenge.reference}.")
    when = spoken(proposal.due, o.challenge.procedure.calendar)
    more = "more time, until " if proposal.extends else ""
    text = (
        f"{o.actor} proposes {more}{when} for {o.challenge.reference}. Until accepted, {_due(o)} "
        "stands."
    )
    return Message(text, [says(text), *_words(o), *buttons(agreement.buttons(o.challenge))])


def _date_agreed(o: Occasion) -> Message:
    return _said(o, f"The date for {o.challenge.reference} is agreed: {_due(o)}.")


def _position_put(o: Occasion) -> Message:
    text = f"{o.actor} put their side's position on {o.challenge.reference}. Both are on the card."
    return Message(text, [says(text), *_words(o)])


def _meanwhile_set(o: Occasion) -> Message:
    text = f"{o.actor} said what keeps the person safe meanwhile ({o.challenge.reference})."
    return Message(text, [says(text), *_words(o)])


def _meanwhile_passed(o: Occasion) -> Message:
    c = o.challenge
    if not is_wanting(c):
        return _said(o, f"What keeps the person safe meanwhile was renewed ({c.reference}).")
    text = f"{c.reference}. {wanting(c)}"
    return Message(text, [*meanwhile.draw(c), emergency(c)])


def _voice_added(o: Occasion) -> Message:
    text = f"{o.actor} added the person's voice ({o.challenge.reference})."
    return Message(text, [says(text), *_words(o)])


def _reminder(o: Occasion) -> Message:
    """Readable cold: which reference, what is asked, of whom, by when, what happens otherwise."""
    c = o.challenge
    who = " and ".join(f"<@{person}>" for person in o.mark.split())
    names = " and ".join(o.named(PersonId(person)) for person in o.mark.split())
    otherwise = _otherwise(c)
    text = (
        f"Reminder about {c.reference}, for {names}. {_safety_first(c)}What is asked: "
        f"{safe(_ask(c)[:600])} Please answer by {_due(o)}. {otherwise}"
    )
    return Message(
        text,
        [
            *meanwhile.ask_first(c),
            says(f"Reminder about *{c.reference}*, for {who}: please answer by *{_due(o)}*."),
            *quoted("What is asked", _ask(c)),
            says(otherwise),
            small(REACTIONS),
            emergency(c),
        ],
    )


def _ask(challenge: Challenge) -> str:
    """What the raising side asks for, as it stands now."""
    put = positions.standing(challenge, Side.RAISING)
    return put.ask if put else challenge.concern.ask


def _safety_first(challenge: Challenge) -> str:
    return f"First of all: {wanting(challenge)} " if is_wanting(challenge) else ""


def _otherwise(challenge: Challenge) -> str:
    if challenge.at_top:
        return "If it is not settled by then, the partnership is told and the clock starts again."
    to = following(challenge, challenge.due)
    title = safe(challenge.procedure.stage(to).title)
    return f"If it is not settled by then, it is offered to stage {to}, {title}."


OFFERS = {
    Act.PROPOSE_SETTLEMENT.name: ("Propose how it is settled", resolution.PROPOSE),
    Act.PROPOSE_DATE.name: ("Propose another date", agreement.PROPOSE),
    Act.ESCALATE.name: ("Ask for the next stage", escalation.ASK),
}


def _offer_act(o: Occasion) -> Message:
    label, act = OFFERS[o.mark]
    text = f"For {o.challenge.reference}, press “{label}” to go on. Only you can see this."
    return Message(text, [says(text), *buttons([button(label, act, o.challenge.id)])])


def _support_asked(o: Occasion) -> Message:
    if o.to == o.about:
        return _private(
            o,
            f"Your request for support with {o.challenge.reference} was passed on. You can also "
            "ring your safeguarding lead now, or press “Bring in a supporter” on the card.",
        )
    return _private(
        o,
        f"{o.actor} would like support with the professional challenge {o.challenge.reference}. "
        "Please speak with them today.",
    )


def _supported(o: Occasion) -> Message:
    c = o.challenge
    side = support.side_of(c, o.about)
    whose = f"the {side} side" if side else "one side"
    text = (
        f"{o.actor} comes in to support {whose} in {c.reference}, at the wish of "
        f"{o.named(PersonId(o.mark))}. They can read, write and say that someone is at risk; they "
        "decide nothing. The other side may bring one supporter too."
    )
    return _said(o, text)


def _supporting(o: Occasion) -> Message:
    return _private(
        o,
        f"{o.actor} would like you beside them as their supporter in the professional challenge "
        f"{o.challenge.reference}: {where(o.challenge)}. You can read and write there, and say "
        "that someone is at risk. You decide nothing, and what you write is on the record.",
    )


def _risk_declared(o: Occasion) -> Message:
    c = o.challenge
    text = (
        f"{o.actor} says that someone may be at risk ({c.reference}). Act first: "
        f"{safe(c.procedure.emergency.text)} The urgent route applies from now."
    )
    words = _words(o)
    return Message(text, [says(f":sos: {text}"), says(response.contacts(c)), *words])


def _escalation(o: Occasion) -> Message:
    text = f"{o.challenge.reference} moves up. {standing(o.challenge, o.directory)}"
    asked_by = [says(f"{o.actor} asked for the next stage.")] if o.about else []
    return Message(text, [says(text), *asked_by, *_words(o), emergency(o.challenge)])


def _prompt(o: Occasion) -> Message:
    c = o.challenge
    prompt = next((p for p in c.prompts if str(p.number) == o.mark), None)
    if prompt is None:
        text = f"{o.actor} was asked to accept a stage of {c.reference}; that has been dealt with."
        return _said(o, text)
    title = safe(c.procedure.stage(prompt.stage).title)
    by = spoken(prompt.due, c.procedure.calendar)
    text = (
        f"{c.reference} needs {o.actor} at stage {prompt.stage}, {title}. Please accept by {by}; "
        "otherwise the next person is asked."
    )
    return Message(
        text,
        [
            says(f"<@{o.about}>: {text}"),
            *quoted("What is asked", _ask(c)),
            *meanwhile.told(c),
            emergency(c),
            *buttons(escalation.prompt_buttons(c)),
        ],
    )


def _prompt_privately(o: Occasion) -> Message:
    c = o.challenge
    prompt = next((p for p in c.prompts if str(p.number) == o.mark), None)
    if prompt is None:
        return _private(o, f"You were asked to accept a stage of {c.reference}; it is dealt with.")
    by = spoken(prompt.due, c.procedure.calendar)
    whose = "you" if o.to == o.about else f"{o.actor}, whose deputy you are,"
    text = (
        f"The professional challenge {c.reference} needs {whose} at stage {prompt.stage}. Please "
        f"accept by {by}; otherwise the next person is asked. It is in {where(c)}."
    )
    return Message(text, [says(text), *buttons(escalation.prompt_buttons(c)), emergency(c)])


def _accepted(o: Occasion) -> Message:
    text = f"{o.actor} accepted the escalation of {o.challenge.reference}. " + standing(
        o.challenge, o.directory
    )
    return Message(text, [says(text), *_words(o), emergency(o.challenge)])


def _declined(o: Occasion) -> Message:
    text = f"{o.actor} is not the right person for {o.challenge.reference}; the next is asked."
    return Message(text, [says(text), *_words(o)])


def _stage_reached(o: Occasion) -> Message:
    c = o.challenge
    return _private(
        o, f"{c.reference} is now at stage {c.stage}, {safe(c.current.title)}: {where(c)}."
    )


def _reached_with_one(o: Occasion) -> Message:
    text = (
        f"The other side's time to accept has run out, so {o.challenge.reference} goes on "
        f"without waiting. {standing(o.challenge, o.directory)}"
    )
    return Message(text, [says(text), emergency(o.challenge)])


def _nobody_accepted(o: Occasion) -> Message:
    return _private(
        o,
        f"Everybody who could accept {o.challenge.reference} has been asked, and nobody has. "
        "Please find somebody who can, today. The bot goes on asking, and goes up where it can.",
    )


def _nobody_found(o: Occasion) -> Message:
    return _private(
        o,
        f"Nobody in the directory could be asked to accept {o.challenge.reference}. Please find "
        "somebody and put the directory right; the bot looks again by itself.",
    )


def _gone(o: Occasion) -> Message:
    return _private(
        o,
        f"{o.actor} has a part in {o.challenge.reference} and is no longer active. If they were "
        "asked to accept it, the next person has been asked. Please put the directory right, and "
        "see that somebody takes over what they held.",
    )


def _top_lapsed(o: Occasion) -> Message:
    c = o.challenge
    text = (
        f"The time allowed for {c.reference} at its last stage, {safe(c.current.title)}, has "
        f"passed without a settlement. The clock starts again: {_due(o)}."
    )
    return _private(o, text) if o.to else _said(o, text)


def _settlement_proposed(o: Occasion) -> Message:
    c = o.challenge
    text = (
        f"{o.actor} proposes that {c.reference} is settled. The other side confirms, or says why "
        "not."
    )
    answers = resolution.answer_buttons(c) if c.settlement and not c.is_closed else []
    return Message(text, [says(text), *_words(o), *buttons(answers)])


def _settlement_declined(o: Occasion) -> Message:
    text = f"{o.actor} does not see {o.challenge.reference} as settled yet. {_due(o)} stands."
    return Message(text, [says(text), *_words(o)])


def _closed(o: Occasion) -> Message:
    c = o.challenge
    how = "settled" if c.status is Status.SETTLED else "withdrawn"
    text = (
        f"{c.reference} is {how}. Thank you both: challenge done well keeps people safe. Reminders "
        "stop, the record is kept, and this channel will be archived."
    )
    return Message(text, [says(text), *_words(o)])


def _closed_privately(o: Occasion) -> Message:
    how = "settled" if o.challenge.status is Status.SETTLED else "withdrawn"
    return _private(o, f"{o.challenge.reference} is {how}. Its record is closed and kept.")


def _undelivered(o: Occasion) -> Message:
    return _private(
        o,
        f"A word about {o.challenge.reference} could not be delivered. Its record says which and "
        "why. Please make sure that the people concerned know.",
    )


CARDS: dict[Told, Callable[[Occasion], Message]] = {
    Told.BROUGHT_IN: _brought_in,
    Told.NOT_REACHED: _not_reached,
    Told.DATE_PROPOSED: _date_proposed,
    Told.DATE_AGREED: _date_agreed,
    Told.POSITION_PUT: _position_put,
    Told.MEANWHILE_SET: _meanwhile_set,
    Told.MEANWHILE_PASSED: _meanwhile_passed,
    Told.VOICE_ADDED: _voice_added,
    Told.REMINDER: _reminder,
    Told.OFFER_ACT: _offer_act,
    Told.SUPPORT_ASKED: _support_asked,
    Told.SUPPORTED: _supported,
    Told.SUPPORTING: _supporting,
    Told.RISK_DECLARED: _risk_declared,
    Told.ESCALATION: _escalation,
    Told.PROMPT: _prompt,
    Told.PROMPT_PRIVATELY: _prompt_privately,
    Told.ACCEPTED: _accepted,
    Told.DECLINED: _declined,
    Told.STAGE_REACHED: _stage_reached,
    Told.REACHED_WITH_ONE: _reached_with_one,
    Told.NOBODY_ACCEPTED: _nobody_accepted,
    Told.NOBODY_FOUND: _nobody_found,
    Told.GONE: _gone,
    Told.TOP_LAPSED: _top_lapsed,
    Told.SETTLEMENT_PROPOSED: _settlement_proposed,
    Told.SETTLEMENT_DECLINED: _settlement_declined,
    Told.CLOSED: _closed,
    Told.CLOSED_PRIVATELY: _closed_privately,
    Told.UNDELIVERED: _undelivered,
}


def _due(o: Occasion) -> str:
    return spoken(o.challenge.due, o.challenge.procedure.calendar)


def _said(o: Occasion, text: str) -> Message:
    return Message(text, [says(text)])


def _private(o: Occasion, text: str) -> Message:
    """For a direct message: the reference and where to go, never what anybody wrote."""
    return Message(
        text, [says(text)] if o.challenge.is_closed else [says(text), emergency(o.challenge)]
    )


def _words(o: Occasion) -> list[Block]:
    """What somebody wrote when it happened, under the question they answered."""
    if o.entry is None:
        return []
    pairs = [pair for pair in o.entry.words.items() if pair[1]][:12]
    return [
        block
        for label, text in pairs
        for block in quoted(safe(label), with_names(text, o.directory))
    ]
