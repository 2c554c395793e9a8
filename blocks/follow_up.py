"""After the end: agreed actions, what came of it, signing, and opening it again."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from slack_sdk.models.blocks import Block, ButtonElement
from slack_sdk.models.views import View

from blocks.forms import (
    answer,
    answered_day,
    answered_safety,
    choice,
    danger_now,
    day,
    modal,
    question,
    radio,
    read_because,
)
from blocks.layout import Message, button, buttons, emergency, named, quoted, says, small
from blocks.occasion import Occasion, afterwards, privately, written
from blocks.standing import here
from challenge.directory import Directory
from challenge.follow_up import agreeable, movable, open_actions, owed_by, tickable, unsigned
from challenge.model import AgreedAction, Challenge, PersonId, Status, Went

TICK, TICKED = "action.tick", "action.ticked"
MOVE, MOVED = "action.move", "action.moved"
AGREE, AGREED = "action.agree", "action.agreed"
ANSWER, ANSWERED = "follow_up.answer", "follow_up.answered"
SIGN, SIGNED = "record.sign", "record.signed"
REOPEN, REOPENED = "challenge.reopen", "challenge.reopened"

MOST_NAMED = 75
AGREES, DISSENTS = "AGREES", "DISSENTS"

Payload = Mapping[str, Any]
Numbered = Iterable[tuple[int, AgreedAction]]


def acts(challenge: Challenge) -> list[ButtonElement]:
    """What is left to do once it is closed."""
    if challenge.status is not Status.SETTLED:
        return [reopen_button(challenge)]
    actions = action_buttons(challenge) if open_actions(challenge) else []
    sign = [sign_button(challenge)] if unsigned(challenge) else []
    return [*actions, *sign, reopen_button(challenge)]


def action_buttons(challenge: Challenge) -> list[ButtonElement]:
    """For whoever owns an action, or asks after one."""
    agree = [agree_button(challenge)] if _proposed(challenge) else []
    return [tick_button(challenge), move_button(challenge), *agree]


def own_buttons(challenge: Challenge, directory: Directory, who: PersonId) -> list[ButtonElement]:
    """Those of them that this person may press."""
    may = {
        TICK: tickable(challenge, directory, who),
        MOVE: movable(challenge, who),
        AGREE: agreeable(challenge, who),
    }
    return [each for each in action_buttons(challenge) if may.get(str(each.action_id))]


def tick_button(challenge: Challenge) -> ButtonElement:
    return button("Tick an action off", TICK, challenge.id)


def move_button(challenge: Challenge) -> ButtonElement:
    return button("Propose another day", MOVE, challenge.id)


def agree_button(challenge: Challenge) -> ButtonElement:
    return button("Agree to the new day", AGREE, challenge.id)


def answer_button(challenge: Challenge) -> ButtonElement:
    return button("Say what came of it", ANSWER, challenge.id)


def sign_button(challenge: Challenge) -> ButtonElement:
    return button("Sign the record", SIGN, challenge.id)


def reopen_button(challenge: Challenge) -> ButtonElement:
    return button("Open it again", REOPEN, challenge.id)


def tick_view(challenge: Challenge, actions: Numbered) -> View:
    return modal(
        TICKED,
        "Tick an action off",
        "It is done",
        [
            *_which(actions),
            question(
                "evidence",
                "What shows that it is done?",
                hint="A few words. For example: visited on Tuesday, noted in our system.",
            ),
        ],
        carries=challenge.id,
    )


def move_view(challenge: Challenge, actions: Numbered) -> View:
    return modal(
        MOVED,
        "Another day",
        "Propose",
        [
            says("The day agreed so far stands until the other side agrees to the new one."),
            *_which(actions),
            day("day", "Which day instead?"),
            question("because", "Why does it need more time?"),
        ],
        carries=challenge.id,
    )


def agree_view(challenge: Challenge) -> View:
    proposed = _proposed(challenge)
    days = [
        f"*Action {number}*: {a.by:%A %-d %B %Y} becomes {a.new_day.day:%A %-d %B %Y}"
        for number, a in proposed
        if a.new_day
    ]
    return modal(
        AGREED,
        "Agree to the new day",
        "Agree",
        [says("\n".join(days[:20]) or "No other day is proposed any more."), *_which(proposed)],
        carries=challenge.id,
    )


def answer_view(challenge: Challenge) -> View:
    return modal(
        ANSWERED,
        "What came of it",
        "Answer",
        [
            says(
                f"Did what was agreed for {challenge.reference} happen for the child or adult? "
                "“No” opens it again where it ended, with a new clock, and "
                "so does danger."
            ),
            radio("went", "Did it happen?", [(went.name, went.value) for went in Went]),
            question("line", "In a line: what happened for them?"),
            danger_now(),
        ],
        carries=challenge.id,
    )


def sign_view(challenge: Challenge) -> View:
    return modal(
        SIGNED,
        "Sign the record",
        "Sign",
        [
            says(
                f"The record of {challenge.reference} is complete when both sides have signed. To "
                "sign with dissent is as good: your words stand beside it."
            ),
            radio(
                "agrees",
                "Is the record right?",
                [(AGREES, "Yes, I sign it"), (DISSENTS, "I sign it, and see something otherwise")],
            ),
            question("dissent", "What do you see otherwise?", optional=True),
        ],
        carries=challenge.id,
    )


def reopen_view(challenge: Challenge) -> View:
    return modal(
        REOPENED,
        "Open it again",
        "Open it again",
        [
            says(
                f"{challenge.reference} goes on where it ended, at stage {challenge.stage}, with a "
                "new clock. Everything on record stays with it, and both sides are told."
            ),
            danger_now(),
            question("because", "What is new, and why open it again?"),
        ],
        carries=challenge.id,
    )


def read_tick(view: Payload) -> dict[str, Any]:
    return {"number": _number(view), "evidence": answer(view, "evidence")}


def read_move(view: Payload, today: date) -> dict[str, Any]:
    """Without a day, today: which is refused beside the field."""
    chosen = answered_day(view, "day") or today
    return {"number": _number(view), "day": chosen, "because": answer(view, "because")}


def read_agree(view: Payload) -> dict[str, Any]:
    return {"number": _number(view)}


def read_answer(view: Payload) -> dict[str, Any]:
    went, line = Went[answer(view, "went")], answer(view, "line")
    return {"went": went, "line": line, "safety": answered_safety(view)}


def read_reopening(view: Payload) -> dict[str, Any]:
    return {**read_because(view), "safety": answered_safety(view)}


def read_signature(view: Payload) -> dict[str, Any]:
    """None for dissent means that there is none; what is empty is asked for."""
    words = answer(view, "dissent")
    agrees = answer(view, "agrees") == AGREES and not words
    return {"dissent": None if agrees else words}


def standing(challenge: Challenge, directory: Directory) -> list[Block]:
    """How it stands after the end: who signed, what came of it, and whether it was open before."""
    return [small(line) for line in _lines(challenge, directory)[:8]]


def action_state(action: AgreedAction, directory: Directory) -> str:
    """Who does it by when, and whether it is done."""
    who = f"{named(directory, action.who)}, by {action.by:%A %-d %B %Y}"
    return f"{who}: done" if action.done_by else who


def own_actions(challenge: Challenge, me: PersonId) -> Message:
    """For an owner who is not on the challenge: what they have to do, and nothing else of it."""
    mine = owed_by(challenge, me)
    text = f"{challenge.reference} is settled. "
    text += "This is yours to do:" if mine else "You have done what was yours to do."
    words = [block for a in mine[:10] for block in quoted(f"By {a.by:%A %-d %B %Y}", a.what)]
    acts = buttons(action_buttons(challenge)) if mine else []
    return Message(text, [says(text), *words, *acts], lasting=bool(acts))


def action_agreed(o: Occasion) -> Message:
    """At once, to everybody who has something to do; what it is stands in the form."""
    mine = owed_by(o.challenge, o.to) if o.to else ()
    if not mine:
        text = f"Something agreed after {o.challenge.reference} was yours to do."
        return afterwards(o, text, [], "It is dealt with.")
    c, next_day = o.challenge, min(action.by for action in mine)
    agreed = "that was agreed is" if len(mine) == 1 else "that were agreed are"
    text = (
        f"{c.reference} is settled. {_counted(len(mine)).capitalize()} {agreed} yours to do, the "
        f"next by {next_day:%A %-d %B %Y}. To see what, type /challenge show {c.reference}."
    )
    return afterwards(o, text, action_buttons(o.challenge))


def action_due(o: Occasion) -> Message:
    """One message a day, whatever is owed; which actions they are stands in the form."""
    mine = owed_by(o.challenge, o.to) if o.to else ()
    if not mine:
        text = f"You agreed to do something after {o.challenge.reference}."
        return afterwards(o, text, [], "It is dealt with. Thank you.")
    next_day = min(action.by for action in mine)
    text = (
        f"A reminder: after {o.challenge.reference} you agreed to do {_counted(len(mine))}, the "
        f"next by {next_day:%A %-d %B %Y}. Tick it off when it is done, or ask for another day."
    )
    return afterwards(o, text, action_buttons(o.challenge))


def action_overdue(o: Occasion) -> Message:
    whose = "you" if o.to == o.about else o.actor
    text = (
        f"Something agreed after {o.challenge.reference}, to be done by {whose}, is not ticked off "
        "and its day has passed. Please see that it is done, or agree on another day. It is asked "
        "after until then."
    )
    owed = o.about and owed_by(o.challenge, o.about)
    acts = own_buttons(o.challenge, o.directory, o.to) if owed and o.to else []
    if owed and not acts:
        # The business unit, say, can read it and ask; the action is for those who agreed it.
        return privately(o, f"{text} It is in {o.where}.")
    return afterwards(o, text, acts, "It is dealt with.")


def action_done(o: Occasion) -> Message:
    text = f"{o.actor} ticked off an agreed action of {o.challenge.reference}:"
    return privately(o, f"{text} {o.where}.")


def new_day_proposed(o: Occasion) -> Message:
    text = (
        f"{o.actor} asks for another day for an agreed action of {o.challenge.reference}. Until "
        "somebody of the other side agrees, the old day stands."
    )
    acts = [agree_button(o.challenge)] if _proposed(o.challenge) else []
    return afterwards(o, text, acts, "This is answered.")


def new_day_agreed(o: Occasion) -> Message:
    text = f"{o.actor} agreed to the new day for an agreed action of {o.challenge.reference}."
    return privately(o, text)


def what_came_of_it(o: Occasion) -> Message:
    text = (
        f"{o.challenge.reference} was settled a while ago. Did what was agreed happen for the "
        "child or adult? “No” opens it again where it ended."
    )
    waits = o.to in o.challenge.to_follow
    return afterwards(o, text, [answer_button(o.challenge)] if waits else [], _ANSWERED)


def followed_through(o: Occasion) -> Message:
    """Whoever has said it already is told how to go on, and asked for nothing."""
    c = o.challenge
    text = f"{o.actor} said what came of {c.reference}."
    again = f"If more is needed, open it again: /challenge show {c.reference}"
    if any(each.person == o.to for each in c.followed):
        return afterwards(o, f"{text} {again}", [], _ANSWERED if o.said else "")
    text += " Please say it too. If more is needed, open it again."
    return afterwards(o, text, [answer_button(c), reopen_button(c)])


def to_sign(o: Occasion) -> Message:
    text = (
        f"Your side has not signed the record of {o.challenge.reference} yet. Please sign it, or "
        "say where you see it otherwise. You are reminded of this once."
    )
    return signing(o, text)


def signing(o: Occasion, text: str) -> Message:
    """Until this person has signed, or somebody of each side has."""
    c = o.challenge
    mine = any(signature.person == o.to for signature in c.signed)
    acts = [sign_button(c)] if unsigned(c) and not mine else []
    return afterwards(o, text, acts, "You have signed it." if mine else "Both sides have signed.")


def dissented(o: Occasion) -> Message:
    return privately(
        o,
        f"{o.actor} signed the record of {o.challenge.reference} and sees something otherwise. "
        f"Their words stand beside it: {o.where}.",
    )


def reopened(o: Occasion) -> Message:
    c = o.challenge
    text = (
        f"{o.actor} opened {c.reference} again. Now: {here(c, o.directory)} Everything that "
        f"was said and agreed before is in its record: /challenge show {c.reference}"
    )
    return Message(text, [says(text), *written(o), *_settled_before(o), emergency(c)])


def reopened_privately(o: Occasion) -> Message:
    who = "You" if o.to == o.about else o.actor
    return privately(
        o,
        f"{who} opened {o.challenge.reference} again. It goes on where it ended, with a new clock, "
        f"in {o.where}.",
    )


_ANSWERED = "You have answered. Thank you."


def _counted(actions: int) -> str:
    return "one thing" if actions == 1 else f"{actions} things"


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
                for line in quoted(action_state(action, o.directory), action.what)
            ),
        )
    ]


def _lines(challenge: Challenge, directory: Directory) -> list[str]:
    again = [
        f"It was settled before ({each.outcome.value}) and opened again. The record has it all."
        for each in challenge.earlier[-1:]
    ]
    if challenge.status is not Status.SETTLED:
        return again
    return [*again, _signatures(challenge, directory), *_came_of_it(challenge, directory)]


def _signatures(challenge: Challenge, directory: Directory) -> str:
    signed = [
        f"{named(directory, each.person)}{' (with dissent)' if each.dissents else ''}"
        for each in challenge.signed
    ]
    missing = [f"the {side} side" for side in unsigned(challenge)]
    who = f"Signed by {', '.join(signed)}." if signed else "Nobody has signed the record yet."
    return f"{who} Not signed yet: {' and '.join(missing)}." if missing and signed else who


def _came_of_it(challenge: Challenge, directory: Directory) -> list[str]:
    said = ", ".join(f"{named(directory, f.person)}: {f.went.value}" for f in challenge.followed)
    return [f"Did what was agreed happen? {said}."] if said else []


def _proposed(challenge: Challenge) -> list[tuple[int, AgreedAction]]:
    return [(number, a) for number, a in open_actions(challenge) if a.new_day is not None]


def _which(actions: Numbered) -> list[Block]:
    options = [(str(number), f"{number}. {one_line(action)}") for number, action in actions]
    value = options[0][0] if len(options) == 1 else ""
    return [choice("number", "Which action?", options[:100], value=value)] if options else []


def one_line(action: AgreedAction) -> str:
    """As plain text, so that no word in it comes alive; one line that Slack takes."""
    words = " ".join(action.what.split()) or "(no words)"
    return words if len(words) <= MOST_NAMED - 6 else words[: MOST_NAMED - 8].rstrip() + " …"


def _number(view: Payload) -> int:
    given = answer(view, "number")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 4 else 0
