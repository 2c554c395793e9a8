"""Raising a challenge: safety first, then what is challenged, then why and what is asked for."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from slack_sdk.models.blocks import Block, ButtonElement
from slack_sdk.models.views import View

from blocks import other_routes, support, voice, wording
from blocks.escalation import ask_button
from blocks.follow_up import reopen_button
from blocks.forms import answer, answered_day, choice, day, modal, question, radio, someone
from blocks.identifiers import again, keeping_text
from blocks.layout import Message, buttons, numbers, safe, says, where
from blocks.meanwhile import CALL
from blocks.occasion import Occasion, privately
from challenge.model import (
    Area,
    Challenge,
    Concern,
    Heard,
    PersonFirst,
    PersonId,
    Safety,
    Status,
    Subject,
)
from challenge.procedure import OtherRoute, Procedure

SHORTCUT = "challenge.raise"
DANGER = "raising.danger"
SAFETY = "raising.safety"
ABOUT = "raising.about"
ASKING = "raising.asking"
PERSON = "raising.person"

YES, NO = "yes", "no"
_EARLIER = "raising.earlier."

Payload = Mapping[str, Any]
Answers = Mapping[str, Any]


def safety_view(
    procedure: Procedure,
    draft: str,
    *,
    danger: str = "",
    done: str = "",
    route: OtherRoute | None = None,
) -> View:
    """The first question. Answering yes shows whom to call at once, before anything else.

    `route` is what was chosen on the way, when it may not be a challenge at all.
    """
    asked = radio(
        "danger",
        "Is anyone in immediate danger now?",
        [(NO, "No"), (YES, "Yes, or I am not sure")],
        value=danger,
        dispatch=True,
        act=DANGER,
    )
    first = says(f":warning: *{safe(procedure.emergency.text)}*")
    urgent = _contacts(procedure, done) if danger == YES else []
    routed = [other_routes.block(procedure, route)] if route else []
    look = [other_routes.look_button()] if procedure.other_routes and not route else []
    ways = buttons([*look, support.first_button()])
    blocks = [first, asked, *urgent, *routed, *ways]
    return modal(SAFETY, "Raise a challenge", "Next", blocks, carries=draft)


def find_managers(o: Occasion) -> Message:
    return privately(
        o,
        f"{o.actor} has a part in {o.challenge.reference} and is not in the directory. It has "
        "begun all the same. Please find their managers today and list them, so that they are "
        "asked.",
    )


def _contacts(procedure: Procedure, done: str) -> list[Any]:
    return [
        says(f"*Please act now; this form can wait.*\n{numbers(procedure.emergency)}"),
        question(
            "done",
            "What has been done to keep them safe?",
            hint="For example: called 999 at 14:10. If nothing yet, say so and call one of these "
            "now. Your challenge starts on the urgent route.",
            value=done,
            optional=True,
        ),
    ]


def shows_whom_to_call(view: Payload) -> bool:
    return any(block.get("block_id") == "done" for block in view["blocks"])


def read_safety(view: Payload) -> Safety:
    return Safety(danger=answer(view, "danger") == YES, done=answer(view, "done"))


def about_view(draft: str, kept: Answers) -> View:
    """What is challenged, and with whom."""
    return modal(
        ABOUT,
        "What you challenge",
        "Next",
        [
            choice(
                "subject",
                "Who is it about?",
                [(s.name, s.value.capitalize()) for s in Subject],
                value=str(kept.get("subject", "")),
            ),
            question(
                "reference",
                "Your agency's reference",
                hint="The case number only. Never a name or a date of birth.",
                lines=False,
                value=str(kept.get("reference", "")),
            ),
            someone(
                "challenged",
                "Whose decision do you challenge?",
                hint="Whatever their rank: being challenged is part of the work. Their agency and "
                "managers come from the directory.",
                value=str(kept.get("challenged", "")),
            ),
            choice(
                "area",
                "What is it about?",
                [(a.name, a.value) for a in Area],
                value=str(kept.get("area", "")),
            ),
            question(
                "decision",
                "The decision, action or inaction",
                hint="Keep to facts: what was decided or not done, and when. For example: the "
                "referral of Monday was closed with no further action.",
                value=str(kept.get("decision", "")),
            ),
        ],
        carries=draft,
    )


def read_about(view: Payload) -> dict[str, str]:
    return {name: answer(view, name) for name in _ABOUT}


def with_earlier_one(view: Payload, challenge: Challenge) -> dict[str, Any]:
    """The same form, text and all, with the earlier challenge pointed out, and what may help more
    than a new one."""
    block = says(
        f"You have raised *{challenge.reference}* with the same agency about this reference. "
        f"{_what_helps(challenge)} If this is another matter, just go on."
    )
    block.block_id = _earlier_one(challenge)
    ways = buttons(_ways(challenge))
    for each in ways:
        each.block_id = f"{_EARLIER}next"
    before = (b for b in view["blocks"] if not str(b.get("block_id")).startswith(_EARLIER))
    kept = [keeping_text(view, dict(each)) for each in before]
    return again(view, [*kept, *(each.to_dict() for each in (block, *ways))])


def _what_helps(challenge: Challenge) -> str:
    if challenge.is_closed:
        return (
            f"It is {challenge.status.value}. Has something new come up? To open it again keeps "
            "all that was said with it."
        )
    return (
        f"It is open: {where(challenge, challenge.raised_by)}. Asking for its next stage may help "
        "more than a new one."
    )


def _ways(challenge: Challenge) -> list[ButtonElement]:
    if challenge.is_closed:
        return [reopen_button(challenge)]
    higher = challenge.status is Status.OPEN and not challenge.at_top
    return [ask_button(challenge)] if higher else []


def shows(view: Payload, challenge: Challenge) -> bool:
    return any(block.get("block_id") == _earlier_one(challenge) for block in view["blocks"])


def _earlier_one(challenge: Challenge) -> str:
    return f"{_EARLIER}{challenge.id}"


_ABOUT = ("subject", "reference", "challenged", "area", "decision")


def asking_view(draft: str, kept: Answers, latest: date | None) -> View:
    """Why, what would change it, what is asked, by when; no date on the urgent route."""
    by_when = day(
        "due",
        "By when do you ask for an answer?",
        hint="This is the procedure's limit. Choose a sooner day if the person's safety needs it.",
        value=latest,
    )
    return modal(
        ASKING,
        "Why, and what you ask",
        "Next",
        [
            question(
                "why",
                "Why? Your reasons and evidence",
                hint="Say what you saw or know, and how it bears on their safety. I am worried "
                "because … is a good start.",
                value=str(kept.get("why", "")),
            ),
            question(
                "mind",
                "What would change your mind?",
                hint="The other side is asked the same. You can leave it for later.",
                value=str(kept.get("mind", "")),
                optional=True,
            ),
            question(
                "ask",
                "What do you ask for?",
                hint="One clear request. Say what should be done, and by whom.",
                value=str(kept.get("ask", "")),
            ),
            *([by_when] if latest else []),
            voice.heard_question(str(kept.get("heard", "")), optional=True),
            wording.look_button(),
        ],
        carries=draft,
    )


def read_asking(view: Payload) -> dict[str, Any]:
    due = answered_day(view, "due")
    words = {name: answer(view, name) for name in ("why", "mind", "ask", "heard")}
    return {**words, "due": due.isoformat() if due else ""}


def person_view(draft: str, kept: Answers) -> View:
    """What keeps the person safe meanwhile, and their voice. All of it may wait."""
    words = "Leave empty what you do not know yet: either side can add it on the card."
    return modal(
        PERSON,
        "Safe meanwhile",
        "Raise the challenge",
        [
            says(words),
            question(
                "meanwhile",
                "What keeps the person safe meanwhile?",
                hint=f"What is done until this is settled. {CALL}",
                value=str(kept.get("meanwhile", "")),
                optional=True,
            ),
            question(
                "who",
                "Who keeps them safe?",
                hint="A role or an agency, such as the school's safeguarding lead.",
                lines=False,
                value=str(kept.get("who", "")),
                optional=True,
            ),
            day(
                "until",
                "Until which day?",
                hint="On that day both sides are asked again.",
                value=_day(kept, "until"),
                optional=True,
            ),
            *_voice(kept),
        ],
        carries=draft,
    )


def read_person(view: Payload) -> dict[str, Any]:
    until = answered_day(view, "until")
    words = {name: answer(view, name) for name in ("meanwhile", "who", "said", "asked_by")}
    return {**words, "until": until.isoformat() if until else ""}


def _voice(kept: Answers) -> list[Block]:
    if kept.get("heard") != Heard.SAID.name:
        return []
    return voice.said_questions(str(kept.get("said", "")), str(kept.get("asked_by", "")))


def _day(answers: Answers, name: str) -> date | None:
    return date.fromisoformat(answers[name]) if answers.get(name) else None


def facts(answers: Answers) -> dict[str, Any]:
    """Everything that the views gathered, as the rule wants it."""
    return {
        "concern": Concern(
            subject=Subject[answers["subject"]],
            area=Area[answers["area"]],
            reference=answers["reference"],
            decision=answers["decision"],
            why=answers["why"],
            meanwhile=answers["meanwhile"],
            ask=answers["ask"],
            mind=answers.get("mind", ""),
        ),
        "challenged": PersonId(answers["challenged"]),
        "safety": Safety(bool(answers["danger"]), str(answers.get("done", ""))),
        "answer_by": _day(answers, "due"),
        "person": PersonFirst(
            who=answers.get("who", ""),
            until=_day(answers, "until"),
            heard=Heard.__members__.get(answers.get("heard", "")),
            said=answers.get("said", ""),
            asked_by=answers.get("asked_by", ""),
        ),
    }
