"""The buttons on the card, by whose they are.

One message looks alike to everybody, so a line above each row says whom it is for.
"""

from collections.abc import Iterable, Iterator

from slack_sdk.models.blocks import ButtonElement

from blocks import (
    agreement,
    conflict,
    escalation,
    follow_up,
    meeting,
    outside,
    position,
    resolution,
    response,
    review,
    scrutiny,
    support,
)
from blocks.layout import called
from blocks.standing import for_side
from challenge.agreement import may_answer_date
from challenge.directory import Directory
from challenge.model import Challenge, PersonId, Side, Status
from challenge.rights import meeting_now
from challenge.scrutiny import has_pack

Row = tuple[str, list[ButtonElement]]


def acts(challenge: Challenge, directory: Directory) -> list[ButtonElement]:
    """The acts open now; each rule checks again who may."""
    return [act for _, row in rows(challenge, directory) for act in row]


def rows(challenge: Challenge, directory: Directory) -> list[Row]:
    """The acts open now, each with whose it is; what is asked of somebody comes first."""
    if challenge.is_closed:
        minutes = meeting.minutes_buttons(challenge)
        return [(_of_the_end(challenge), [*follow_up.acts(challenge), *minutes])]
    found = [
        *_asked(challenge, directory),
        *(_of_side(challenge, directory, side) for side in _both(challenge)),
        ("*For either side*", _of_either(challenge)),
        (_raiser(challenge, directory), _of_raiser(challenge)),
        (
            f"*For {_practitioners(challenge, directory)} themselves*",
            outside.past_buttons(challenge),
        ),
        ("*For everybody here*, at any time", [response.risk_button(challenge)]),
    ]
    return [(whose, row) for whose, row in found if row]


def _asked(challenge: Challenge, directory: Directory) -> Iterator[Row]:
    prompted = [prompt.person for prompt in challenge.prompts if prompt.person]
    if prompted:
        names = _names(directory, prompted)
        are = "is" if len({*prompted}) == 1 else "are"
        yield f"*For {names}*, who {are} asked to take it on", escalation.prompt_buttons(challenge)
    look = challenge.second_look
    if look and look.person:
        whose = f"*For {called(directory, look.person)}*, who is asked for a second opinion"
        yield whose, review.again_buttons(challenge)
    reviewer = challenge.lead(Side.RAISING)
    if reviewer:
        yield f"*For {called(directory, reviewer)}*, to review", review.record_buttons(challenge)
    yield "*For everybody who attends*", _meeting(challenge)
    if has_pack(challenge):
        yield "*For both sides and the last stage*, to read", [scrutiny.pack_button(challenge)]
    last = challenge.lead(Side.PARTNERSHIP)
    if last and challenge.at_top:
        yield f"*For {called(directory, last)}*, who has it now", [scrutiny.give_button(challenge)]


def _meeting(challenge: Challenge) -> list[ButtonElement]:
    """While it can be arranged; afterwards its minutes can still be written."""
    here = meeting_now(challenge)
    return [meeting.arrange_button(challenge)] if here else meeting.minutes_buttons(challenge)


def _of_side(challenge: Challenge, directory: Directory, side: Side) -> Row:
    """What waits for one side's answer, and what only that side can say."""
    settled = challenge.settlement
    dated = challenge.status is Status.OPEN and may_answer_date(challenge, side)
    changes = settled is None and side is Side.RECEIVING
    row = [
        *(resolution.answer_buttons(challenge) if settled and settled.side is not side else []),
        *([agreement.accept_button(challenge)] if dated else []),
        *(scrutiny.acknowledge_buttons(challenge) if _awaited(challenge, side) else []),
        *([position.changed_button(challenge)] if changes else []),
    ]
    why = "whose decision it is" if changes else "to answer"
    return f"{for_side(challenge, directory, side)}, {why}", row


def _awaited(challenge: Challenge, side: Side) -> bool:
    return challenge.opinion is None or side in challenge.opinion.waits_for


def _of_either(challenge: Challenge) -> list[ButtonElement]:
    running = challenge.status is Status.OPEN
    higher = running and not challenge.at_top
    return [
        *([] if challenge.settlement else [resolution.propose_button(challenge)]),
        *([agreement.propose_button(challenge)] if running else []),
        *([escalation.ask_button(challenge)] if higher else []),
        *support.bring_buttons(challenge),
        *conflict.flag_buttons(challenge),
    ]


def _of_raiser(challenge: Challenge) -> list[ButtonElement]:
    return [
        *resolution.object_buttons(challenge),
        *review.ask_buttons(challenge),
        resolution.withdraw_button(challenge),
    ]


def _raiser(challenge: Challenge, directory: Directory) -> str:
    return f"*For {called(directory, challenge.raised_by)}*, who raised it"


def _of_the_end(challenge: Challenge) -> str:
    agreed = challenge.settlement.actions if challenge.settlement else ()
    return "*For either side*" + (", and whoever agreed to do something" if agreed else "")


def _practitioners(challenge: Challenge, directory: Directory) -> str:
    return _names(directory, (challenge.practitioner(side) for side in _both(challenge)))


def _both(challenge: Challenge) -> list[Side]:
    return [side for side in challenge.order if side is not Side.PARTNERSHIP]


def _names(directory: Directory, people: Iterable[PersonId]) -> str:
    return " and ".join(called(directory, who) for who in dict.fromkeys(people))
