"""Escalation: asking for the next stage, accepting it, and not being the right person."""

from typing import Any

from slack_sdk.models.blocks import ButtonElement
from slack_sdk.models.views import View

from blocks import danger, meanwhile, position
from blocks.forms import Payload, answer, answered_safety, danger_now, modal, question
from blocks.layout import Message, button, emergency, quoted, safe, says, spoken
from blocks.occasion import Occasion, asks, due, privately, said, since, written
from blocks.standing import for_you, here, otherwise, waits_for
from challenge.model import Challenge, PersonId, Prompt, Status

ASK = "escalation.ask"
ASKED = "escalation.asked"
ACCEPT = "escalation.accept"
ACCEPTED = "escalation.accepted"
DECLINE = "escalation.decline"
DECLINED = "escalation.declined"


def prompt_buttons(challenge: Challenge) -> list[ButtonElement]:
    return [
        button("Accept escalation", ACCEPT, challenge.id, style="primary"),
        button("I am not the right person", DECLINE, challenge.id),
    ]


def ask_button(challenge: Challenge) -> ButtonElement:
    return button("Ask for the next stage", ASK, challenge.id)


def ask_view(challenge: Challenge) -> View:
    words = "The next people on both sides are asked at once. It is not a complaint about anyone."
    asked = question("because", "Why is the next stage needed now?")
    blocks = [says(words), danger_now(), asked, emergency(challenge)]
    return modal(ASKED, "Ask for the next stage", "Ask", blocks, carries=challenge.id)


def read_asked(view: Payload) -> dict[str, Any]:
    return {"because": answer(view, "because"), "safety": answered_safety(view)}


def accept_view(challenge: Challenge) -> View:
    to = challenge.offered or challenge.stage
    title = safe(challenge.procedure.stage(to).title)
    return modal(
        ACCEPTED,
        "Accept escalation",
        "Accept",
        [
            says(f"You take {challenge.reference} on at *stage {to}, {title}*."),
            danger_now(),
            question(
                "line",
                "What will you do, and by when?",
                hint="One line. For example: I will speak to both today and say by noon tomorrow.",
            ),
            emergency(challenge),
        ],
        carries=challenge.id,
    )


def read_accepted(view: Payload) -> dict[str, Any]:
    return {"line": answer(view, "line"), "safety": answered_safety(view)}


def decline_view(challenge: Challenge) -> View:
    return modal(
        DECLINED,
        "Not the right person",
        "Pass it on",
        [
            says(
                "The next person is asked at once, so nothing waits. If you stand in for "
                "somebody, they stay asked."
            ),
            question("because", "Why are you not the right person, and who might be?"),
        ],
        carries=challenge.id,
    )


def moves_up(o: Occasion) -> Message:
    text = f"{o.challenge.reference} moves up. {waits_for(o.challenge, o.directory)}"
    asked_by = [says(f"{o.actor} asked for the next stage.")] if o.about else []
    return Message(text, [says(text), *asked_by, *written(o), emergency(o.challenge)])


def prompted(o: Occasion) -> Message:
    c = o.challenge
    prompt = _prompt(o)
    asked = [
        *danger.what_was_done(c),
        *quoted("What is asked", position.ask_now(c)),
        *meanwhile.told(c),
        emergency(c),
    ]
    if prompt is None:
        text = f"{o.actor} was asked to accept a stage of {c.reference}."
        return asks(o, text, [], _became_of_it(o), asked)
    title = safe(c.procedure.stage(prompt.stage).title)
    by = spoken(prompt.due, c.procedure.calendar)
    text = (
        f"{danger.first(c)}{c.reference} needs {o.actor} at stage {prompt.stage}, {title}. Please "
        f"accept by {by}. {otherwise(c)}"
    )
    return asks(o, text, prompt_buttons(c), "", asked, calls=f"<@{o.about}>")


def prompted_privately(o: Occasion) -> Message:
    c = o.challenge
    prompt = _prompt(o)
    if prompt is None:
        text = f"You were asked to accept a stage of {c.reference}."
        return asks(o, text, [], _became_of_it(o))
    by = spoken(prompt.due, c.procedure.calendar)
    whose = "you" if o.to == o.about else f"{o.actor}, whose deputy you are,"
    text = (
        f"{danger.first(c)}The professional challenge {c.reference} needs {whose} at stage "
        f"{prompt.stage}. Please read it in {o.where}, and accept by {by}. {otherwise(c)}"
    )
    return asks(o, text, prompt_buttons(c), "", [emergency(c)])


def accepted(o: Occasion) -> Message:
    now = here(o.challenge, o.directory)
    text = f"{o.actor} accepted the escalation of {o.challenge.reference}. Now: {now}"
    return Message(text, [says(text), *written(o), emergency(o.challenge)])


def declined(o: Occasion) -> Message:
    """The mark names the person whom a deputy does not stand in for, and who stays asked."""
    ref = o.challenge.reference
    text = f"{o.actor} is not the right person for {ref}; the next one is asked."
    if o.mark:
        asked = o.named(PersonId(o.mark))
        text = f"{o.actor} is not the right person to stand in for {asked} in {ref}; they stay "
        text += "asked."
    return Message(text, [says(text), *written(o)])


def stage_reached(o: Occasion) -> Message:
    c = o.challenge
    return privately(
        o,
        f"{danger.first(c)}{c.reference} is now at stage {c.stage}, {safe(c.current.title)}: "
        f"{o.where}. {waits_for(c, o.directory)} {for_you(c, o.directory, o.to)}".rstrip(),
    )


def reached_with_one(o: Occasion) -> Message:
    text = (
        f"The other side's time to accept has run out, so {o.challenge.reference} goes on "
        f"without waiting. Now: {here(o.challenge, o.directory)}"
    )
    return Message(text, [says(text), emergency(o.challenge)])


def nobody_accepted(o: Occasion) -> Message:
    c = o.challenge
    return privately(
        o,
        f"{danger.first(c)}Everybody who could accept {c.reference} has been asked, and nobody "
        "has. Please find somebody who can, today. The bot goes on asking, and goes up where it "
        "can.",
    )


def nobody_found(o: Occasion) -> Message:
    c = o.challenge
    return privately(
        o,
        f"{danger.first(c)}Nobody in the directory could be asked to accept {c.reference}. Please "
        "find somebody and put the directory right; the bot looks again by itself.",
    )


def passed_over(o: Occasion) -> Message:
    return privately(
        o,
        f"{o.actor} could not be asked about {o.challenge.reference}: away, no longer active, or "
        "not in the directory. The next person was asked; please put the directory right.",
    )


def top_lapsed(o: Occasion) -> Message:
    c = o.challenge
    text = (
        f"The time allowed for {c.reference} at its last stage, {safe(c.current.title)}, has "
        f"passed without a settlement. The clock starts again: {due(o)}."
    )
    return privately(o, text) if o.to else said(o, text)


def _prompt(o: Occasion) -> Prompt | None:
    """The prompt that this notice tells of, while it waits for an answer of this reader's."""
    mine = (p for p in o.challenge.prompts if o.to not in p.not_for)
    return next((p for p in mine if str(p.number) == o.mark), None)


def _became_of_it(o: Occasion) -> str:
    """Of a prompt that waits no more: who accepted, as far as today's state knows."""
    c = o.challenge
    if o.to in c.out:
        return "This is dealt with. Nothing more is needed from you."
    took = {one.person for one in (c.accepted if c.status is Status.OFFERED else c.holders)}
    deputy = o.directory.deputy_of(o.about) if o.about else None
    if o.about in took:
        return f"{o.actor} has accepted."
    if deputy in took:
        return f"{o.named(deputy)} has accepted for {o.actor}."
    return since(o, "This is dealt with: the card says who is asked now.")
