"""The review: the manager's view, the raiser's way past it, and the second opinion."""

from slack_sdk.models.blocks import ButtonElement
from slack_sdk.models.views import View

from blocks.forms import Payload, answer, modal, question, radio
from blocks.layout import Message, asking, button, emergency, safe, says, spoken
from blocks.occasion import Occasion, asks, privately, since, written
from challenge.model import Challenge, Status
from challenge.review import is_here, may_ask_again, of_this_stage, verdict

RECORD = "review.record"
RECORDED = "review.recorded"
ASK_AGAIN = "review.ask_again"
AGAIN = "review.again"
GIVEN_AGAIN = "review.given_again"
YES, NO = "yes", "no"


def record_buttons(challenge: Challenge) -> list[ButtonElement]:
    given = not _is_open(challenge) or of_this_stage(challenge)
    return [] if given else [button("Record the review", RECORD, challenge.id)]


def ask_buttons(challenge: Challenge) -> list[ButtonElement]:
    may = _is_open(challenge) and may_ask_again(challenge)
    return [_ask_button(challenge)] if may else []


def again_buttons(challenge: Challenge) -> list[ButtonElement]:
    asked = _is_open(challenge) and challenge.second_look
    return [again_button(challenge)] if asked else []


def again_button(challenge: Challenge) -> ButtonElement:
    return button("Give a second opinion", AGAIN, challenge.id)


def standing(challenge: Challenge) -> str:
    """What the reviews of this stage say, in one line without what was written."""
    words = [
        f"{'second opinion' if one.second else 'review'}: {verdict(one)}"
        for one in of_this_stage(challenge)
    ]
    return f"The {'; '.join(words)}." if words else ""


def record_view(challenge: Challenge) -> View:
    words = (
        f"Is the challenge {challenge.reference} justified? Whatever you say, it goes on: “not "
        "justified” asks somebody else on the same side for a second opinion."
    )
    return _view(challenge, RECORDED, "Record the review", words)


def again_view(challenge: Challenge) -> View:
    words = (
        f"You were asked for a second opinion on the review of {challenge.reference}. It goes on "
        "whatever you say; your reasons help both sides."
    )
    return _view(challenge, GIVEN_AGAIN, "Second opinion", words)


def read(view: Payload) -> dict[str, object]:
    justified = answer(view, "justified") == YES
    return {"justified": justified, "because": answer(view, "because")}


def reviewed(o: Occasion) -> Message:
    c = o.challenge
    text = f"{c.reference}: {standing(c) or 'a review is on record.'} It goes on."
    return Message(text, [says(text), says(f"Recorded by {o.actor}."), *written(o)])


def reviewed_privately(o: Occasion) -> Message:
    again = " Somebody else was asked for a second opinion." if o.challenge.second_look else ""
    return privately(
        o,
        f"A review of your challenge {o.challenge.reference} is on record, with its reasons: "
        f"{o.where}.{again} You may ask for the next stage whatever it says.",
    )


def asked_again(o: Occasion) -> Message:
    c, look = o.challenge, o.challenge.second_look
    if look is None or look.person != o.to:
        text = f"A second opinion on {c.reference} was asked of you."
        over = since(o, "It was given, or somebody else is asked for it now.")
        return asks(o, text, [], over)
    by = spoken(look.due, c.procedure.calendar)
    text = (
        f"The professional challenge {c.reference} needs a second opinion from you by {by}; "
        f"otherwise the next person is asked. It is in {o.where}."
    )
    return asks(o, text, [again_button(c)], "", [emergency(c)])


def _is_open(challenge: Challenge) -> bool:
    """Only where the procedure asks for a review, while the stage is held."""
    return challenge.status is Status.OPEN and is_here(challenge)


def _view(challenge: Challenge, callback: str, title: str, words: str) -> View:
    blocks = [
        says(safe(words)),
        radio("justified", "Is it justified?", [(YES, "Justified"), (NO, "Not justified")]),
        question("because", "Why do you see it so?"),
        emergency(challenge),
    ]
    return modal(callback, title, "Record", blocks, carries=challenge.id)


def _ask_button(challenge: Challenge) -> ButtonElement:
    sure = asking(
        "A second opinion?",
        "Your safeguarding lead is asked to look at it too. You need not say why.",
        "Ask",
    )
    return button("Ask for a second opinion", ASK_AGAIN, challenge.id, confirm=sure)
