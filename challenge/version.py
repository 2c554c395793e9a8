"""Which version of the procedure a challenge follows: a coordinator may move an open one.

A changed file moves no open challenge by itself.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, replace
from datetime import date

from challenge.directory import Directory
from challenge.invitation import called_off, what_was_called_off
from challenge.model import Challenge, Change, Entry, Happened, Notice, PersonId, Told, privately
from challenge.moment import Moment
from challenge.procedure import Procedure, Stage
from challenge.reckoning import with_closures
from challenge.refusals import ChangedSinceShown, FollowsItAlready, NoSuchStage, SayWhy
from challenge.rights import Act, refuse_unless_may
from challenge.shown import mark_of

GONE = 0
"""The number of a stage that the version moved to does not have."""
TOLD_APART = frozenset({"version", "title", "stages", "plain"})


@dataclass(frozen=True)
class StageChange:
    """A stage as it is followed now, and as it would be; None where there is no such stage."""

    before: Stage | None
    after: Stage | None


@dataclass(frozen=True)
class Ahead:
    """What a challenge would follow from now on: at which stage, and what would be other.

    `others` are the fields of Procedure, apart from its stages, in which the two differ. `mark`
    stands for all that a coordinator was shown.
    """

    procedure: Procedure
    stage: Stage
    stages: tuple[StageChange, ...]
    others: tuple[str, ...]
    mark: str


def move(
    challenge: Challenge,
    moment: Moment,
    directory: Directory,
    *,
    by: PersonId,
    to: Procedure,
    note: str,
    seen: str = "",
) -> Change:
    """A coordinator moves an open challenge to another version, and says why.

    The date that stands is kept, and so is every day off that it is reckoned with; whatever is set
    from now on follows the new version. A meeting to come is called off where the stage has none by
    then. `seen` is the mark of what was shown.
    """
    there = ahead(challenge, directory, to, by=by)
    if seen and seen != there.mark:
        raise ChangedSinceShown
    if not note.strip():
        raise SayWhy
    followed = _moved(challenge, there)
    stays = there.stage.meeting
    moved, cancelled = (followed, ()) if stays else called_off(followed, moment)
    off = what_was_called_off(challenge, moved)
    entry = Entry(
        Happened.PROCEDURE_MOVED,
        by,
        f"<@{by}> moved it {_from_where(challenge, to)}. It is at stage {moved.stage} "
        f"({moved.current.title}); the date that stands is kept.{off}",
        {"Note": note},
    )
    both = privately(Told.PROCEDURE_MOVED, (challenge.raised_by, challenge.challenged), about=by)
    said = Notice(Told.PROCEDURE_MOVED, about=by)
    return Change(moved, (entry,), (said, *cancelled, *both, Notice(Told.CARD)))


def ahead(challenge: Challenge, directory: Directory, to: Procedure, *, by: PersonId) -> Ahead:
    """Raises what `refuse_unless_may` does, FollowsItAlready or NoSuchStage."""
    refuse_unless_may(Act.MOVE_PROCEDURE, challenge, directory, by)
    if follows(challenge, to):
        raise FollowsItAlready(version=to.version)
    stage = _same_stage(challenge, to)
    before, after = _days_off_aside(challenge.procedure), _days_off_aside(to)
    return Ahead(
        procedure=with_closures(to, _days_off_known(challenge)),
        stage=stage,
        stages=tuple(_changes(challenge, to, stage)),
        others=tuple(
            each.name
            for each in fields(Procedure)
            if each.name not in TOLD_APART
            and getattr(before, each.name) != getattr(after, each.name)
        ),
        mark=mark_of([challenge.stage, challenge.due, to.plain]),
    )


def follows(challenge: Challenge, procedure: Procedure) -> bool:
    """Whether it follows all that this one says; days off are facts and no part of it."""
    return _days_off_aside(challenge.procedure) == _days_off_aside(procedure)


def _days_off_aside(procedure: Procedure) -> Procedure:
    return replace(procedure, calendar=replace(procedure.calendar, closed=frozenset()))


def _days_off_known(challenge: Challenge) -> tuple[date, ...]:
    """Those that its clocks were reckoned with: they stay days off whatever version it follows."""
    return tuple(sorted({*challenge.procedure.calendar.closed, *challenge.days_off}))


def _moved(challenge: Challenge, there: Ahead) -> Challenge:
    """Whatever belongs to a stage goes with it to the number that it has from now on."""
    number = _renumbering(challenge, there)
    meeting = challenge.meeting
    return replace(
        challenge,
        procedure=there.procedure,
        stage=there.stage.number,
        prompts=tuple(replace(each, stage=there.stage.number) for each in challenge.prompts),
        reviews=tuple(replace(each, stage=number(each.stage)) for each in challenge.reviews),
        extended=tuple(number(stage) for stage in challenge.extended),
        meeting=replace(meeting, stage=number(meeting.stage)) if meeting else None,
        turn=challenge.turn + 1,
    )


def _renumbering(challenge: Challenge, there: Ahead) -> Callable[[int], int]:
    titles = {stage.title: stage.number for stage in there.procedure.stages}

    def number(stage: int) -> int:
        if stage == challenge.stage:
            return there.stage.number
        known = challenge.procedure.stages[stage - 1 : stage]
        return titles.get(known[0].title, GONE) if known else GONE

    return number


def _same_stage(challenge: Challenge, to: Procedure) -> Stage:
    """The one of that title, else of that number. Raises NoSuchStage when there is none."""
    if challenge.at_top:
        return to.stage(len(to.stages) + 1)
    titles = {stage.title: stage for stage in to.stages}
    numbers = {stage.number: stage for stage in to.stages}
    stage = titles.get(challenge.current.title) or numbers.get(challenge.stage)
    if stage is None or not stage.confirmed:
        raise NoSuchStage(title=challenge.current.title, version=to.version)
    return stage


def _changes(challenge: Challenge, to: Procedure, now: Stage) -> Iterator[StageChange]:
    """Each stage beside the one of its title, and the one it is at beside where it would be."""
    left = {stage.title: stage for stage in to.stages if stage != now}
    for before in challenge.procedure.stages:
        here = before.number == challenge.stage
        after = now if here else left.pop(before.title, None)
        if before != after:
            yield StageChange(before, after)
    yield from (StageChange(None, fresh) for fresh in left.values())


def _from_where(challenge: Challenge, to: Procedure) -> str:
    version = challenge.procedure.version
    if version == to.version:
        return f"to procedure {version} as it is now"
    return f"from procedure {version} to {to.version}"
