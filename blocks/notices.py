"""One card for each kind of notice, drawn from fresh state at the moment it is sent.

A card in the challenge's own channel may hold what people wrote. A direct message never does:
its preview lights up on a locked phone, so it carries the reference and a link.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from slack_sdk.models.blocks import Block, ButtonElement

from blocks import (
    aftercare,
    agreement,
    conflict,
    escalation,
    meanwhile,
    meeting,
    position,
    resolution,
    response,
    review,
    scrutiny,
    support,
)
from blocks import follow_up as after
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
from challenge import follow_up
from challenge import position as positions
from challenge.directory import Directory
from challenge.escalation import following
from challenge.meanwhile import is_wanting
from challenge.model import Challenge, Entry, PersonId, Side, Status, Told
from challenge.moment import Moment
from challenge.rights import Act, attendees, meeting_now, second_opinions

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
    text = f"{c.reference}. {meanwhile.wanting(c)}"
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
    return f"First of all: {meanwhile.wanting(challenge)} " if is_wanting(challenge) else ""


def _otherwise(challenge: Challenge) -> str:
    if challenge.at_top:
        return "If it is not settled by then, the partnership is told and the clock starts again."
    to = following(challenge, challenge.due)
    title = safe(challenge.procedure.stage(to).title)
    stands = position.unsettled(challenge)
    then = f"If it is not settled by then, it is offered to stage {to}, {title}."
    return f"{stands} {then}".strip()


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


def _copied(o: Occasion) -> Message:
    text = (
        f"{o.actor} copied a message from elsewhere into the record of {o.challenge.reference}. "
        "The record says who wrote it and when."
    )
    return Message(text, [says(text), *_words(o)])


def _risk_declared(o: Occasion) -> Message:
    c = o.challenge
    text = (
        f"{o.actor} says that someone may be at risk ({c.reference}). Act first: "
        f"{safe(c.procedure.emergency.text)} The urgent route applies from now."
    )
    words = _words(o)
    return Message(text, [says(f":sos: {text}"), says(response.contacts(c)), *words])


def _risk_privately(o: Occasion) -> Message:
    return _private(
        o,
        f"Someone may be at risk: {o.actor} said so about {o.challenge.reference}. Act first; the "
        f"urgent route applies from now. It is in {where(o.challenge)}.",
    )


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


def _passed_over(o: Occasion) -> Message:
    return _private(
        o,
        f"{o.actor} could not be asked about {o.challenge.reference}: away, no longer active, or "
        "not in the directory. The next person was asked; please put the directory right.",
    )


def _find_managers(o: Occasion) -> Message:
    return _private(
        o,
        f"{o.actor} has a part in {o.challenge.reference} and is not in the directory. It has "
        "begun all the same. Please find their managers today and list them, so that they are "
        "asked.",
    )


def _no_longer_asked(o: Occasion) -> Message:
    text = (
        f"You are no longer asked about the professional challenge {o.challenge.reference}. "
        "Nothing is needed from you."
    )
    return _said(o, text)


def _reviewed(o: Occasion) -> Message:
    c = o.challenge
    text = f"{c.reference}: {review.standing(c) or 'a review is on record.'} It goes on."
    return Message(text, [says(text), says(f"Recorded by {o.actor}."), *_words(o)])


def _reviewed_privately(o: Occasion) -> Message:
    again = " Somebody else was asked for a second opinion." if o.challenge.second_look else ""
    return _private(
        o,
        f"A review of your challenge {o.challenge.reference} is on record, with its reasons: "
        f"{where(o.challenge)}.{again} You may ask for the next stage whatever it says.",
    )


def _review_again(o: Occasion) -> Message:
    c, look = o.challenge, o.challenge.second_look
    if look is None or look.person != o.to:
        return _private(o, f"A second opinion on {c.reference} was asked of you; it is dealt with.")
    by = spoken(look.due, c.procedure.calendar)
    text = (
        f"The professional challenge {c.reference} needs a second opinion from you by {by}; "
        f"otherwise the next person is asked. It is in {where(c)}."
    )
    return Message(text, [says(text), *buttons([review.again_button(c)]), emergency(c)])


def _conflict_flagged(o: Occasion) -> Message:
    text = (
        f"{o.challenge.reference}: the business unit is asked whether {o.actor} has a conflict of "
        "interest. That says nothing against them. Nothing waits: the clocks run on."
    )
    return _said(o, text)


def _conflict_to_settle(o: Occasion) -> Message:
    c = o.challenge
    text = (
        f"A conflict of interest was flagged in {c.reference}, of {o.actor}. Please say today "
        "whether there is one; the clocks run on."
    )
    waiting = [one for one in c.conflicts if o.to in one.asked]
    return Message(
        text,
        [says(text), *buttons([conflict.settle_button(c)] if waiting else []), emergency(c)],
    )


def _conflict_settled(o: Occasion) -> Message:
    text = (
        f"{o.challenge.reference}: the question of a conflict of interest of {o.actor} is settled. "
        f"{standing(o.challenge, o.directory)}"
    )
    return Message(text, [says(text), *_words(o)])


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


def _attendees_proposed(o: Occasion) -> Message:
    c = o.challenge
    proposed = c.meeting.proposed if c.meeting else None
    names = ", ".join(o.named(who) for who in proposed.people) if proposed else "other people"
    text = (
        f"{o.actor} would like {names} to attend the meeting about {c.reference}. The other side "
        "agrees, or names others."
    )
    answers = [meeting.agree_people_button(c), meeting.name_people_button(c)] if proposed else []
    return Message(text, [says(text), *buttons(answers)])


def _attendees_agreed(o: Occasion) -> Message:
    c = o.challenge
    names = ", ".join(o.named(who) for who in attendees(c))
    return _said(o, f"It is agreed who attends the meeting about {c.reference}: {names}.")


def _asked_to_meeting(o: Occasion) -> Message:
    return _private(
        o,
        f"Both sides of the professional challenge {o.challenge.reference} would like you at "
        f"their meeting. Please see {where(o.challenge)}: times are offered there.",
    )


def _times_offered(o: Occasion) -> Message:
    c = o.challenge
    held = meeting_now(c)
    if held is None or not held.times:
        return _said(o, f"{o.actor} offered times for the meeting about {c.reference}.")
    calendar = c.procedure.calendar
    times = "\n".join(f"• {spoken(at, calendar)}" for at in held.times)
    who = " ".join(f"<@{person}>" for person in attendees(c))
    text = f"{o.actor} offers times for the meeting about {c.reference}.\n{times}"
    return Message(
        text,
        [
            says(f"{text}\n{who}"),
            *quoted("Where, or the link", held.place),
            *buttons([meeting.answer_button(c), meeting.arrange_button(c)]),
        ],
    )


def _meeting_fixed(o: Occasion) -> Message:
    c = o.challenge
    held = meeting_now(c)
    if held is None or held.fixed is None:
        return _said(o, f"A time for the meeting about {c.reference} was fixed.")
    who = " ".join(f"<@{person}>" for person in attendees(c))
    text = f"The meeting about {c.reference} is on {spoken(held.fixed, c.procedure.calendar)}."
    file = "A file for your calendar follows."
    place = quoted("Where, or the link", held.place)
    return Message(text, [says(f"{text} {file}\n{who}"), *place])


def _meeting_soon(o: Occasion) -> Message:
    c = o.challenge
    held = meeting_now(c)
    at = f": {spoken(held.fixed, c.procedure.calendar)}" if held and held.fixed else " soon"
    text = f"The meeting about {c.reference} begins{at}."
    if o.to:
        return _private(o, f"{text} Where, and all else, is in {where(c)}.")
    pledge = quoted("To open the meeting, read aloud", c.procedure.meetings.pledge)
    place = quoted("Where, or the link", held.place) if held else []
    return Message(text, [says(text), *place, *pledge])


def _meeting_doubted(o: Occasion) -> Message:
    c = o.challenge
    text = (
        f"{o.actor} thinks that a meeting about {c.reference} is not appropriate. A second opinion "
        f"is asked for; the clock runs on until {_due(o)}."
    )
    answers = meeting.second_opinion_buttons(c) if second_opinions(c) else []
    return Message(text, [says(text), *_words(o), *buttons(answers)])


def _second_opinion_asked(o: Occasion) -> Message:
    c = o.challenge
    answers = meeting.second_opinion_buttons(c) if second_opinions(c) else []
    drawn = _private(
        o,
        f"You are asked for a second opinion: should there be a meeting about {c.reference}? The "
        f"reasons are in {where(c)}.",
    )
    return Message(drawn.text, [*drawn.blocks, *buttons(answers)])


def _meeting_needed(o: Occasion) -> Message:
    text = f"Second opinion: the meeting about {o.challenge.reference} is needed. It goes on."
    arrange = meeting.arrange_button(o.challenge)
    return Message(text, [says(text), *_words(o), *buttons([arrange])])


def _meeting_not_held(o: Occasion) -> Message:
    text = (
        f"Second opinion: {o.actor} agrees that there should be no meeting about "
        f"{o.challenge.reference}. The next stage is offered."
    )
    return Message(text, [says(text), *_words(o), emergency(o.challenge)])


def _minutes(o: Occasion) -> Message:
    c = o.challenge
    text = f"{o.actor} recorded the minutes of the meeting about {c.reference}."
    settle = [] if c.is_closed or c.settlement else [resolution.propose_button(c)]
    return Message(text, [says(text), *_words(o), *buttons(settle)])


def _opinion_given(o: Occasion) -> Message:
    c = o.challenge
    text = f"{o.actor} gave an independent opinion on {c.reference}. Each side acknowledges it."
    return Message(text, [says(text), *_words(o), *buttons(scrutiny.acknowledge_buttons(c))])


def _opinion_waits(o: Occasion) -> Message:
    c = o.challenge
    drawn = _private(
        o,
        f"There is an independent opinion on {c.reference}, in {where(c)}. Please read it, and "
        "acknowledge it for your side.",
    )
    return Message(drawn.text, [*drawn.blocks, *buttons(scrutiny.acknowledge_buttons(c))])


def _opinion_acknowledged(o: Occasion) -> Message:
    c = o.challenge
    waits = " ".join(scrutiny.on_the_card(c, o.directory))
    return _said(o, f"{o.actor} acknowledged the opinion on {c.reference}. {waits}".strip())


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
    text = f"{o.challenge.reference} is {how}. Its record is closed and kept."
    if not follow_up.unsigned(o.challenge):
        return _private(o, text)
    text += " Please sign it, or say where you see it otherwise."
    return Message(text, [says(text), *buttons([after.sign_button(o.challenge)])])


def _undelivered(o: Occasion) -> Message:
    return _private(
        o,
        f"A word about {o.challenge.reference} could not be delivered. Its record says which and "
        "why. Please make sure that the people concerned know.",
    )


def _action_due(o: Occasion) -> Message:
    """One message a day, whatever is owed; which actions they are stands in the form."""
    mine = follow_up.owed_by(o.challenge, o.to) if o.to else ()
    if not mine:
        return _private(o, f"What you agreed to do after {o.challenge.reference} is dealt with.")
    next_day = min(action.by for action in mine)
    text = (
        f"A reminder: after {o.challenge.reference} you agreed to do {_counted(len(mine))}, the "
        f"next by {next_day:%A %-d %B %Y}. Tick it off when it is done, or ask for another day."
    )
    return _after(o, text, after.action_buttons(o.challenge))


def _action_overdue(o: Occasion) -> Message:
    whose = "you" if o.to == o.about else o.actor
    text = (
        f"Something agreed after {o.challenge.reference}, to be done by {whose}, is not ticked off "
        "and its day has passed. Please see that it is done, or agree on another day. It is asked "
        "after until then."
    )
    return _after(o, text, after.action_buttons(o.challenge))


def _counted(actions: int) -> str:
    return "one thing" if actions == 1 else f"{actions} things"


def _action_done(o: Occasion) -> Message:
    text = f"{o.actor} ticked off an agreed action of {o.challenge.reference}:"
    return _private(o, f"{text} {where(o.challenge)}.")


def _new_day_proposed(o: Occasion) -> Message:
    text = (
        f"{o.actor} asks for another day for an agreed action of {o.challenge.reference}. Until "
        "somebody of the other side agrees, the old day stands."
    )
    return _after(o, text, [after.agree_button(o.challenge)])


def _new_day_agreed(o: Occasion) -> Message:
    text = f"{o.actor} agreed to the new day for an agreed action of {o.challenge.reference}."
    return _private(o, text)


def _follow_up(o: Occasion) -> Message:
    text = (
        f"{o.challenge.reference} was settled a while ago. Did what was agreed happen for the "
        "child or adult? “No” opens it again where it ended."
    )
    return _after(o, text, [after.answer_button(o.challenge)])


def _followed_through(o: Occasion) -> Message:
    text = (
        f"{o.actor} said what came of {o.challenge.reference}. Please say it too, if you have not. "
        "If more is needed, open it again."
    )
    return _after(o, text, [after.answer_button(o.challenge), after.reopen_button(o.challenge)])


def _sign(o: Occasion) -> Message:
    text = (
        f"Your side has not signed the record of {o.challenge.reference} yet. Please sign it, or "
        "say where you see it otherwise. You are reminded of this once."
    )
    return _after(o, text, [after.sign_button(o.challenge)])


def _dissented(o: Occasion) -> Message:
    return _private(
        o,
        f"{o.actor} signed the record of {o.challenge.reference} and sees something otherwise. "
        f"Their words stand beside it: {where(o.challenge)}.",
    )


def _after(o: Occasion, text: str, acts: Sequence[ButtonElement]) -> Message:
    """A private word after the end; once it is open again there is nothing to press."""
    return Message(text, [says(text), *buttons(acts if o.challenge.is_closed else [])])


def _reopened(o: Occasion) -> Message:
    c = o.challenge
    text = (
        f"{o.actor} opened {c.reference} again. {standing(c, o.directory)} Everything that was "
        f"said and agreed before is in its record: /challenge show {c.reference}"
    )
    return Message(text, [says(text), *_words(o), *_settled_before(o), emergency(c)])


def _settled_before(o: Occasion) -> list[Block]:
    """The earlier record, in short: how it was settled, and what was agreed and not done."""
    return [
        block
        for settled in o.challenge.earlier[-1:]
        for block in (
            *quoted(f"Settled before: {settled.outcome.value}", settled.how),
            *(
                line
                for action in settled.actions[:10]
                for line in quoted(after.action_state(action, o.directory), action.what)
            ),
        )
    ]


def _reopened_privately(o: Occasion) -> Message:
    who = "You" if o.to == o.about else o.actor
    return _private(
        o,
        f"{who} opened {o.challenge.reference} again. It goes on where it ended, with a new clock, "
        f"in {where(o.challenge)}.",
    )


def _aftercare(o: Occasion) -> Message:
    text = (
        f"{o.challenge.reference} ended two weeks or so ago. Has there been any difficulty since, "
        "for example being treated differently? Your answer is not in its record and goes to one "
        "person outside both lines, whom the form names."
    )
    return _after(o, text, [aftercare.ask_button(o.challenge)])


def _confided(o: Occasion) -> Message:
    text = (
        f"Somebody has told you in confidence how it went after {o.challenge.reference}. Only you "
        "can read it; it is in no record that others see."
    )
    return Message(text, [says(text), *buttons([aftercare.read_button(o.challenge)])])


def _reckoned_anew(o: Occasion) -> Message:
    c = o.challenge
    text = (
        f"A day off became known, so the clock of {c.reference} was reckoned anew. "
        f"{standing(c, o.directory)}"
    )
    return _private(o, text) if o.to else _said(o, text)


def _procedure_moved(o: Occasion) -> Message:
    c = o.challenge
    text = (
        f"{o.actor}, a coordinator, moved {c.reference} to the procedure "
        f"{safe(c.procedure.version)}. The date that stands is kept. {standing(c, o.directory)}"
    )
    return _private(o, text) if o.to else Message(text, [says(text), *_words(o)])


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
    Told.COPIED: _copied,
    Told.RISK_DECLARED: _risk_declared,
    Told.RISK_PRIVATELY: _risk_privately,
    Told.ESCALATION: _escalation,
    Told.PROMPT: _prompt,
    Told.PROMPT_PRIVATELY: _prompt_privately,
    Told.ACCEPTED: _accepted,
    Told.DECLINED: _declined,
    Told.STAGE_REACHED: _stage_reached,
    Told.REACHED_WITH_ONE: _reached_with_one,
    Told.NOBODY_ACCEPTED: _nobody_accepted,
    Told.PASSED_OVER: _passed_over,
    Told.FIND_MANAGERS: _find_managers,
    Told.NO_LONGER_ASKED: _no_longer_asked,
    Told.REVIEWED: _reviewed,
    Told.REVIEWED_PRIVATELY: _reviewed_privately,
    Told.REVIEW_AGAIN: _review_again,
    Told.CONFLICT_FLAGGED: _conflict_flagged,
    Told.CONFLICT_TO_SETTLE: _conflict_to_settle,
    Told.CONFLICT_SETTLED: _conflict_settled,
    Told.NOBODY_FOUND: _nobody_found,
    Told.GONE: _gone,
    Told.TOP_LAPSED: _top_lapsed,
    Told.SETTLEMENT_PROPOSED: _settlement_proposed,
    Told.SETTLEMENT_DECLINED: _settlement_declined,
    Told.ATTENDEES_PROPOSED: _attendees_proposed,
    Told.ATTENDEES_AGREED: _attendees_agreed,
    Told.ASKED_TO_MEETING: _asked_to_meeting,
    Told.TIMES_OFFERED: _times_offered,
    Told.MEETING_FIXED: _meeting_fixed,
    Told.MEETING_SOON: _meeting_soon,
    Told.MEETING_DOUBTED: _meeting_doubted,
    Told.SECOND_OPINION_ASKED: _second_opinion_asked,
    Told.MEETING_NEEDED: _meeting_needed,
    Told.MEETING_NOT_HELD: _meeting_not_held,
    Told.MINUTES: _minutes,
    Told.OPINION_GIVEN: _opinion_given,
    Told.OPINION_WAITS: _opinion_waits,
    Told.OPINION_ACKNOWLEDGED: _opinion_acknowledged,
    Told.CLOSED: _closed,
    Told.CLOSED_PRIVATELY: _closed_privately,
    Told.ACTION_DUE: _action_due,
    Told.ACTION_OVERDUE: _action_overdue,
    Told.ACTION_DONE: _action_done,
    Told.NEW_DAY_PROPOSED: _new_day_proposed,
    Told.NEW_DAY_AGREED: _new_day_agreed,
    Told.FOLLOW_UP: _follow_up,
    Told.FOLLOWED_THROUGH: _followed_through,
    Told.SIGN: _sign,
    Told.DISSENTED: _dissented,
    Told.REOPENED: _reopened,
    Told.REOPENED_PRIVATELY: _reopened_privately,
    Told.AFTERCARE: _aftercare,
    Told.CONFIDED: _confided,
    Told.RECKONED_ANEW: _reckoned_anew,
    Told.PROCEDURE_MOVED: _procedure_moved,
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
