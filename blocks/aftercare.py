"""After-care: one private question, and what the listener alone is shown."""

from collections.abc import Mapping, Sequence
from typing import Any

from slack_sdk.models.blocks import Block, ButtonElement
from slack_sdk.models.views import View

from blocks.forms import answer, carried, modal, question, radio
from blocks.layout import Message, button, buttons, named, quoted, says
from blocks.occasion import Occasion, afterwards
from challenge.aftercare import Confidence
from challenge.directory import Directory
from challenge.model import Challenge, PersonId

ASK, CONFIDED = "aftercare.answer", "aftercare.confided"
READ = "aftercare.read"
NO, YES = "NO", "YES"
MOST_SHOWN = 30

Payload = Mapping[str, Any]


def ask_button(challenge: Challenge) -> ButtonElement:
    return button("Answer privately", ASK, challenge.id)


def read_button(challenge: Challenge) -> ButtonElement:
    return button("Read it", READ, challenge.id)


def ask_view(
    challenge: Challenge, to: PersonId, directory: Directory, words: str = "", place: str = ""
) -> View:
    """It carries whom it names, so that the answer goes to nobody else; and the message's place."""
    return modal(
        CONFIDED,
        "How has it been since?",
        "Send privately",
        [
            says(
                f"Your answer goes to *{named(directory, to)}*, who is outside both lines. It is "
                "not in the challenge's record; neither the other side nor any manager sees it."
            ),
            radio(
                "difficulty",
                "Has anything been hard since? For example, does anyone treat you in another way?",
                [(NO, "No"), (YES, "Yes")],
                value=YES if words else "",
            ),
            question(
                "words",
                "What has been hard, and what would help?",
                value=words,
                optional=True,
            ),
        ],
        carries=f"{challenge.id}:{to}:{place}",
    )


def read_answer(view: Payload) -> dict[str, Any]:
    _, to, *_ = (*carried(view).split(":"), "")
    words = answer(view, "words")
    # Whoever writes of a difficulty has one, whatever they ticked.
    difficulty = answer(view, "difficulty") == YES or bool(words)
    return {"to": PersonId(to), "difficulty": difficulty, "words": words}


def read_place(view: Payload) -> str:
    """Where the message stands whose button opened the form."""
    return ":".join(carried(view).split(":")[2:])


def confided_view(
    challenge: Challenge, directory: Directory, confidences: Sequence[Confidence]
) -> View:
    """For the one person who may: opened for them, and posted nowhere."""
    shown = [block for each in confidences[-MOST_SHOWN:] for block in _one(each, directory)]
    return View(
        type="modal",
        title="In confidence",
        close="Close",
        blocks=[says(f"After {challenge.reference}. Only you can open this."), *shown],
    )


def how_it_has_been(o: Occasion) -> Message:
    text = (
        f"{o.challenge.reference} ended two weeks or so ago. Has anything been hard since? For "
        "example, does anyone treat you in another way? Your answer is not in its record and goes "
        "to one person outside both lines, whom the form names."
    )
    return afterwards(o, text, [ask_button(o.challenge)])


def answered(challenge: Challenge) -> Message:
    """In the place of the question; alike whatever the answer was."""
    text = (
        f"Thank you for your answer about the time since {challenge.reference} ended. Only the "
        "person whom the form named can read it. Should anything happen later, please write again."
    )
    again = button("Write again", ASK, challenge.id)
    return Message(text, [says(text), *buttons([again])], lasting=True)


def confided(o: Occasion) -> Message:
    text = (
        f"Somebody has told you in confidence how it went after {o.challenge.reference}. Only you "
        "can read it; it is in no record that others see."
    )
    return Message(text, [says(text), *buttons([read_button(o.challenge)])], lasting=True)


def did_not_arrive(o: Occasion) -> Message:
    """To whoever confided it; `mark` is who would hear it instead, if anybody would."""
    text = (
        f"What you wrote in confidence after {o.challenge.reference} did not reach {o.actor}, for "
        "Slack would not deliver it. Nobody has read it, and nobody else was told. "
    )
    if not o.mark:
        text += "Please tell somebody you trust: your union, your supervisor, or a friend at work."
        return afterwards(o, text, [])
    text += f"You can send it to {o.named(PersonId(o.mark))} instead; your words are in the form."
    return afterwards(o, text, [ask_button(o.challenge)])


def _one(confidence: Confidence, directory: Directory) -> list[Block]:
    when = f"{confidence.at:%A %-d %B %Y}"
    words = confidence.words if confidence.difficulty else "Nothing has been hard."
    return quoted(f"{named(directory, confidence.by)}, {when}", words)
