"""The person's voice: what the child or adult has said or shown, or that nobody knows."""

from dataclasses import replace

from challenge.directory import Directory
from challenge.model import (
    Challenge,
    Change,
    Entry,
    Happened,
    Heard,
    Notice,
    PersonId,
    Side,
    Told,
    Voice,
)
from challenge.moment import Moment
from challenge.refusals import SayWhatTheyShowed
from challenge.rights import Act, refuse_unless_may


def add(
    challenge: Challenge,
    moment: Moment,
    directory: Directory,
    *,
    by: PersonId,
    answer: Heard,
    said: str = "",
    asked_by: str = "",
) -> Change:
    """Either side adds what it knows of the person's voice; what was added before is kept."""
    refuse_unless_may(Act.ADD_VOICE, challenge, directory, by)
    refuse_unless_told(answer, said)
    side = challenge.side_of(by) or Side.PARTNERSHIP
    voice = Voice(side, by, moment.now, answer, said, asked_by)
    entry = Entry(
        Happened.VOICE_ADDED, by, f"<@{by}> added the person's voice.", voice_words(voice)
    )
    grown = replace(challenge, voices=(*challenge.voices, voice))
    return Change(grown, (entry,), (Notice(Told.VOICE_ADDED, about=by), Notice(Told.CARD)))


def standing(challenge: Challenge) -> Voice | None:
    """What they said or showed last, else the last answer; None while nobody has answered.

    That one person does not know never hides what another heard.
    """
    told = [voice for voice in challenge.voices if voice.heard is Heard.SAID]
    return next(reversed(told or list(challenge.voices)), None)


def refuse_unless_told(answer: Heard, said: str) -> None:
    """Raises SayWhatTheyShowed when they have said something and it was not written down."""
    if answer is Heard.SAID and not said.strip():
        raise SayWhatTheyShowed


def voice_words(voice: Voice) -> dict[str, str]:
    """What was answered, by question; only what was answered."""
    words = {
        "The person's voice": voice.heard.value,
        "What they have said or shown": voice.said,
        "Who asked them": voice.asked_by,
    }
    return {question: answer for question, answer in words.items() if answer}
