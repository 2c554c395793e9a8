"""The life of a challenge, by what the rules really do: each of them is tried in each situation."""

from collections.abc import Iterator
from dataclasses import replace

from challenge import absence
from challenge.deadlines import clocks, fall_due
from challenge.model import Challenge, Change, PersonId, Safety, Status
from challenge.refusals import Refusal
from challenge.rights import Act
from tests.challenge.situations import DIRECTORY, PEOPLE, RULES, Try, changed, situations
from tests.makers import FRIDAY_TEN, U_RAISER, a_raised_challenge

BEGINNING = "[*]"
RINGS = 12
"""So many clocks in a row show what silence comes to: everybody asked, the stage above, the top."""

Arrow = tuple[str, str]
Step = tuple[Challenge, Change, str]


def arrows() -> dict[Arrow, list[str]]:
    """What leads from one status to the next, in words: acts as the table of rights names them,
    and what happens by itself as the chronology does. An arrow to itself asks other people."""
    found: dict[Arrow, dict[str, None]] = {(BEGINNING, _name(c)): {why: None} for c, why in BEGUN}
    for before, change, why in steps():
        after = change.challenge
        if before.status is not after.status or _asked(before) != _asked(after):
            found.setdefault((_name(before), _name(after)), {})[why] = None
    order = [BEGINNING, *(status.name.lower() for status in Status)]
    sorted_arrows = sorted(found, key=lambda arrow: [order.index(end) for end in arrow])
    return {arrow: [*found[arrow]] for arrow in sorted_arrows}


BEGUN = (
    (a_raised_challenge(), "raised"),
    (a_raised_challenge(safety=Safety(danger=True)), "raised, someone in danger"),
)


def steps() -> Iterator[Step]:
    """Everything that was done, or came about, in every situation: from where, what, and why."""
    yield from (*_acts(), *_silence(), *_leaving())


def _met() -> tuple[Challenge, ...]:
    """Those of the table, and two that are rare: time asked for once more than a stage has, and a
    conflict of interest in somebody who is asked."""
    known = situations()
    once_more = replace(known["stage one"], extended=(1, 1), date_agreed=True)
    asked = RULES[Act.FLAG_CONFLICT][0](known["stage two is offered"], DIRECTORY, U_RAISER)
    assert asked
    return (*known.values(), once_more, asked.challenge)


def _acts() -> Iterator[Step]:
    for act in Act:
        for challenge in _met():
            for who in dict.fromkeys(PEOPLE.values()):
                for rule in RULES[act]:
                    change = _tried(rule, challenge, who)
                    if change:
                        yield challenge, change, act.value


def _tried(rule: Try, challenge: Challenge, who: PersonId) -> Change | None:
    try:
        return rule(challenge, DIRECTORY, who)
    except Refusal:
        return None


def _silence() -> Iterator[Step]:
    """Nobody does anything: one clock after the other falls due."""
    for challenge in (*_met(), *(begun for begun, _ in BEGUN)):
        before, at, rung = challenge, FRIDAY_TEN, set[str]()
        for _ in range(RINGS):
            waiting = [clock for clock in clocks(before) if clock.key not in rung]
            if not waiting:
                break
            clock = min(waiting, key=lambda one: one.due)
            rung.add(clock.key)
            at = replace(at, now=max(at.now, clock.due))
            change = fall_due(before, at, DIRECTORY, key=clock.key)
            if change:
                yield before, change, change.entries[0].kind.value
                before = change.challenge


def _leaving() -> Iterator[Step]:
    for challenge in _met():
        for who in dict.fromkeys(PEOPLE.values()):
            directory = changed(DIRECTORY, who, active=False)
            change = absence.gone(challenge, FRIDAY_TEN, directory, person=who)
            if change:
                yield challenge, change, change.entries[0].kind.value


def _asked(challenge: Challenge) -> frozenset[PersonId | None]:
    """Who is asked to take the stage on, for as long as it is offered."""
    return frozenset(p.person for p in challenge.prompts if challenge.status is Status.OFFERED)


def _name(challenge: Challenge) -> str:
    return challenge.status.name.lower()
