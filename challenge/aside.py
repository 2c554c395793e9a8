"""Setting aside: whoever is not to take it on any more leaves the channel, and reads no further.

The two whose disagreement it is are never put out, nor is a supporter: that one decides nothing,
and was chosen by the person they stand beside. Whoever declined stays, for nobody put them out.
"""

from collections.abc import Iterable
from dataclasses import replace

from challenge.directory import Directory
from challenge.escalation import spoken_for
from challenge.model import Challenge, Notice, PersonId, Told, privately
from challenge.moment import Moment
from challenge.refusals import WasSetAside
from challenge.review import pass_on

Left = tuple[Challenge, tuple[Notice, ...], str]


def put_out(
    challenge: Challenge,
    moment: Moment,
    directory: Directory,
    people: Iterable[PersonId],
    told: Told,
) -> Left:
    """They read it no longer, and are told why; what they were asked, or had, has passed on before.

    Somebody of them who had no part in it hears nothing, and is kept from it from now on.
    """
    out = tuple(who for who in dict.fromkeys(people) if who not in _staying(challenge))
    after = replace(
        challenge,
        out=tuple(dict.fromkeys((*challenge.out, *out))),
        told=tuple(who for who in challenge.told if who not in out),
    )
    after, asked, said = _second_opinion(after, moment, directory, out)
    after, standing_in = spoken_for(after, moment, directory)
    here = [who for who in out if who in challenge.everyone]
    readers = [*here, *(who for who in out if who in challenge.told)]
    leave = (Notice(Told.TAKE_OUT, about=who, mark=_channel(after)) for who in here)
    return after, (*asked, *standing_in, *leave, *privately(told, readers)), said


def refuse_put_out(challenge: Challenge, field: str, *people: PersonId) -> None:
    """Raises WasSetAside: neither side brings somebody back whom the other has seen go."""
    if any(who in challenge.out for who in people):
        raise WasSetAside(field)


def _staying(challenge: Challenge) -> set[PersonId]:
    """Whoever has another part in it still: asked, or answering, for the other side."""
    asked = {prompt.person for prompt in challenge.prompts if prompt.person}
    beside = {supporter.person for supporter in challenge.supporters}
    answering = {one.person for one in challenge.answering}
    return {challenge.raised_by, challenge.challenged, *asked, *answering, *beside}


def _second_opinion(
    challenge: Challenge, moment: Moment, directory: Directory, out: tuple[PersonId, ...]
) -> Left:
    """Asked of the next person, if it was asked of one of them."""
    look = challenge.second_look
    if look is None or look.person not in out:
        return challenge, (), ""
    after, notices, said = pass_on(challenge, moment, directory)
    return after, notices, f" {said}"


def _channel(challenge: Challenge) -> str:
    """The one that they are in; nothing while a channel is still on its way."""
    return challenge.space.channel if challenge.space and not challenge.awaits_space else ""
