"""Escalation: a stage is offered to the next people of both sides, and they take it on.

Silence moves up. A lapse only offers: the challenge changes stage when both sides have accepted,
or one has and the other's time is over. Whoever does not accept in time is passed over; once
everybody was asked in vain the stage above is offered, on and on, never to a dead end.
"""

from datetime import datetime, timedelta

from challenge.altering import replace
from challenge.directory import (
    PRACTITIONER,
    Directory,
    barred_from,
    ladder_of,
    next_to_ask,
    not_asked_yet,
    passed_over,
    stand_in,
)
from challenge.invitation import called_off, what_was_called_off
from challenge.model import (
    Challenge,
    Change,
    Entry,
    Happened,
    Involved,
    Leave,
    Notice,
    PersonId,
    Prompt,
    Safety,
    Side,
    Status,
    Told,
    privately,
)
from challenge.moment import Moment
from challenge.procedure import Stage
from challenge.refusals import NowhereHigher, SayWhatYouWillDo, SayWhy
from challenge.rights import (
    Act,
    asked,
    prompt_as_deputy,
    refuse_late_comer,
    refuse_late_deputy,
    refuse_unless_may,
    refuse_unless_on_it,
    speakers,
)
from challenge.working_time import Duration

Offer = tuple[Challenge, tuple[Notice, ...]]


def escalate(
    challenge: Challenge,
    moment: Moment,
    directory: Directory,
    *,
    by: PersonId,
    because: str,
    safety: Safety | None = None,
) -> Change:
    """Either side asks for the next stage now, with a reason and a fresh look at safety."""
    refuse_unless_may(Act.ESCALATE, challenge, directory, by)
    if challenge.at_top:
        raise NowhereHigher(role=challenge.procedure.top.role)
    if not because.strip():
        raise SayWhy
    if in_danger(safety):
        offered, notices = hurried(challenge, moment, directory, by=by)
    else:
        to = following(challenge, moment.now)
        offered, notices = offer(challenge, moment, directory, to)
    entry = Entry(
        Happened.ESCALATED,
        by,
        f"<@{by}> asked for the next stage.{route(safety)} {offered_to(offered)}",
        {"Why": because, **safety_words(safety)},
    )
    return Change(offered, (entry,), (Notice(Told.ESCALATION, about=by), *notices))


def accept(
    challenge: Challenge,
    moment: Moment,
    directory: Directory,
    *,
    by: PersonId,
    line: str,
    safety: Safety | None = None,
) -> Change:
    """The person asked, or their deputy, takes the stage on for their side.

    It begins when every side has, or when the other side's time to accept has run out. Should
    they say that somebody is in danger now, it goes on by the urgent route.
    """
    prompt = prompt_to_answer(Act.ACCEPT, challenge, directory, by)
    if not line.strip():
        raise SayWhatYouWillDo
    urgent = challenge.urgent or in_danger(safety)
    taken = _take_on(replace(challenge, urgent=urgent), prompt, by)
    taken = with_leave(taken, moment, directory, by)
    after, begun = _begun(taken, moment, directory) if _may_begin(taken) else (taken, ())
    words = _accepted(prompt, by, after) + _what_that_brings(challenge, after, moment)
    words += what_was_called_off(challenge, after)
    stands = after.offered
    if in_danger(safety):
        after, more = hurried_from_here(after, moment, directory, by=by)
        begun = (*begun, *more)
    entry = Entry(
        Happened.ACCEPTED,
        by,
        words + route(safety) + newly_offered(after, stands),
        {"What I will do, by when": line, **safety_words(safety)},
    )
    joins = (Notice(Told.INVITE, about=by),) if by != prompt.person else ()
    begun = tuple(notice for notice in begun if notice.to != by)
    notices = (*joins, Notice(Told.ACCEPTED, about=by), Notice(Told.CARD), *begun)
    return Change(after, (entry,), notices)


def decline(
    challenge: Challenge, moment: Moment, directory: Directory, *, by: PersonId, because: str
) -> Change:
    """ "I am not the right person", with a reason: the next is asked at once.

    A deputy says it for themself alone: whoever they stand in for stays asked, if they are there.
    """
    prompt = prompt_to_answer(Act.DECLINE, challenge, directory, by)
    if not because.strip():
        raise SayWhy
    # A deputy who says so is not asked next in their own name.
    heard = replace(challenge, tried=_tried(challenge, by))
    asked = prompt.person
    if asked and asked != by and directory.can_be_asked(asked, moment.today):
        return _without_deputy(heard, prompt, asked, by, because)
    passed, notices = _pass_on(heard, moment, directory, prompt)
    entry = Entry(
        Happened.DECLINED,
        by,
        f"<@{by}> is not the right person for stage {prompt.stage}. "
        f"{what_followed(passed, prompt.side, prompt.stage)}",
        {"Why": because},
    )
    return Change(passed, (entry,), (Notice(Told.DECLINED, about=by), *notices, Notice(Told.CARD)))


def _without_deputy(
    challenge: Challenge, prompt: Prompt, person: PersonId, by: PersonId, because: str
) -> Change:
    """The prompt stays as it is, with its clock; the one who was asked hears that it is theirs."""
    theirs = replace(prompt, deputy=None, not_for=(*prompt.not_for, by))
    prompts = tuple(theirs if p == prompt else p for p in challenge.prompts)
    entry = Entry(
        Happened.DECLINED,
        by,
        f"<@{by}> is not the right person to stand in for <@{person}> at stage {prompt.stage}. "
        f"<@{person}> is still asked.",
        {"Why": because},
    )
    mark = str(prompt.number)
    notices = (
        Notice(Told.DECLINED, about=by, mark=person),
        Notice(Told.PROMPT_PRIVATELY, to=person, about=person, mark=mark),
        Notice(Told.CARD),
    )
    return Change(replace(challenge, prompts=prompts), (entry,), notices)


def no_acceptance(
    challenge: Challenge, moment: Moment, directory: Directory, prompt: Prompt
) -> Change:
    """The time to accept ran out: deputy, next role, business unit, the stage above, on and on.

    If the other side has accepted already, the stage begins with them alone.
    """
    if total_is_over(challenge, prompt.stage, moment.now):
        return _total_over(challenge, moment, directory)
    overdue = tuple(dict.fromkeys((*challenge.overdue, prompt.side)))
    passed, notices = _pass_on(replace(challenge, overdue=overdue), moment, directory, prompt)
    who = f"<@{prompt.person}> did not" if prompt.person else "Nobody could be asked to"
    silent = f"{who} accept stage {prompt.stage} in the time allowed{late(prompt.due, moment)}."
    kind = Happened.PROMPTED_NEXT if passed.offered == challenge.offered else Happened.MOVED_ABOVE
    entry = Entry(kind, None, f"{silent} {what_followed(passed, prompt.side, prompt.stage)}")
    if not _may_begin(passed):
        return Change(passed, (entry,), (*notices, Notice(Told.CARD)))
    after, begun = _begun(passed, moment, directory)
    words = entry.summary + _what_that_brings(passed, after, moment)
    words += what_was_called_off(passed, after)
    entry = replace(entry, kind=Happened.REACHED_WITH_ONE, summary=words)
    told = (Notice(Told.REACHED_WITH_ONE), *notices, Notice(Told.CARD), *begun)
    return Change(after, (entry,), told)


def lapse(challenge: Challenge, moment: Moment, directory: Directory) -> Change:
    """The stage's time passed without a settlement: the next stage is offered. Silence moves up."""
    if challenge.at_top:
        return _top_lapsed(challenge, moment, directory)
    if total_is_over(challenge, challenge.stage, moment.now):
        return _total_over(challenge, moment, directory)
    offered, notices = offer(challenge, moment, directory, following(challenge, moment.now))
    entry = Entry(
        Happened.LAPSED,
        None,
        f"The time allowed for stage {challenge.stage} passed without a settlement"
        f"{late(challenge.due, moment)}. {offered_to(offered)}",
    )
    return Change(offered, (entry,), (Notice(Told.ESCALATION), *notices))


def replaced(challenge: Challenge, moment: Moment, directory: Directory, who: PersonId) -> Offer:
    """Somebody does not take it on after all: whatever they were asked, or had, the next is asked.

    They must be barred by now, or they would be asked again.
    """
    after = challenge
    notices: tuple[Notice, ...] = ()
    for prompt in [p for p in challenge.prompts if p.person == who]:
        after, notices = _pass_on(after, moment, directory, prompt)
    mine = [one for one in challenge.answering if one.person == who]
    after = replace(
        after,
        holders=tuple(one for one in after.holders if one not in mine),
        accepted=tuple(one for one in after.accepted if one not in mine),
    )
    for one in mine:
        has_it = one in challenge.accepted or challenge.status is Status.OPEN
        if has_it and all(p.side is not one.side for p in after.prompts):
            after, notices = ask_next(after, moment, directory, one.side, _newest(after))
    return after, notices


def unreachable(
    challenge: Challenge, moment: Moment, directory: Directory, who: PersonId
) -> tuple[Challenge, tuple[Notice, ...], str]:
    """Slack would not let somebody in who was asked: the next is asked now, and the unit told.

    Unless nobody is left who was not asked yet: then the clock decides, or it would never rest.
    """
    for prompt in [p for p in challenge.prompts if p.person == who]:
        stage = challenge.procedure.stage(prompt.stage)
        if not_asked_yet(challenge, directory, prompt.side, stage, moment.today):
            passed, notices = _pass_on(challenge, moment, directory, prompt)
            unit = directory.business_unit or directory.partnership
            told = privately(Told.PASSED_OVER, unit, about=who)
            return passed, (*told, *notices), f" {what_followed(passed, prompt.side, prompt.stage)}"
    return challenge, (), ""


def hurried(challenge: Challenge, moment: Moment, directory: Directory, *, by: PersonId) -> Offer:
    """The urgent route from here on: the next people of both sides are asked, or asked again.

    Whoever has it already is told at once; at the top the clock is shortened.
    """
    urgent = replace(challenge, urgent=True)
    told = _told_of_risk(challenge, directory, by)
    if challenge.at_top:
        return _sooner(urgent, moment), told
    to = urgent_stage(challenge)
    if challenge.offered is None or challenge.offered < to:
        offered, notices = offer(urgent, moment, directory, to)
        return offered, (*told, *notices)
    again = _sooner_prompts(urgent, moment)
    return again, (*told, *_asked_again(again))


def urgent_stage(challenge: Challenge) -> int:
    """Where the urgent route goes from here: its own start, or the next stage beyond it."""
    procedure = challenge.procedure
    beyond = procedure.following(challenge.stage) or len(procedure.stages) + 1
    return max(procedure.urgent.start_at, beyond) if procedure.urgent else beyond


def in_danger(safety: Safety | None) -> bool:
    """Whether whoever acts has just said that somebody is in danger."""
    return safety is not None and safety.danger


def route(safety: Safety | None) -> str:
    return " Someone may be in danger: the urgent route applies." if in_danger(safety) else ""


def safety_words(safety: Safety | None) -> dict[str, str]:
    """The fresh answer to the safety question; nothing where it was not asked."""
    if safety is None:
        return {}
    return {"Is anyone in immediate danger now?": "Yes, or not sure" if safety.danger else "No"}


def offer(challenge: Challenge, moment: Moment, directory: Directory, to: int) -> Offer:
    """The challenge offered to a stage: the first eligible person of each of its sides is asked."""
    stage = challenge.procedure.stage(to)
    offered = replace(
        challenge,
        status=Status.OFFERED,
        offered=to,
        accepted=(),
        gone_round=(),
        overdue=(),
        second_look=None,
        prompts=(),
        tried=(),
        date_proposal=None,
        turn=challenge.turn + 1,
    )
    notices: tuple[Notice, ...] = ()
    for side in sides(challenge, stage):
        offered, more = ask_next(offered, moment, directory, side, stage)
        notices = (*notices, *more)
    return offered, (*notices, Notice(Told.CARD))


def ask_next(
    challenge: Challenge, moment: Moment, directory: Directory, side: Side, stage: Stage
) -> Offer:
    """The next eligible person of a side, asked; or, when there is nobody, a time to look again."""
    who = next_to_ask(challenge, directory, side, stage, moment.today)
    number = challenge.prompted + 1
    due = cut(challenge, stage, moment, moment.deadline(time_to_accept(challenge, stage)))
    deputy = _standing_in(challenge, directory, side, who)
    over = passed_over(challenge, directory, side, stage, moment.today)
    prompt = Prompt(side, stage.number, number, who, moment.now, due, deputy, over)
    unit = directory.business_unit or directory.partnership
    fresh = [one for one in over if one not in challenge.absent]
    told = tuple(n for one in fresh for n in privately(Told.PASSED_OVER, unit, about=one))
    asked = replace(
        challenge,
        prompts=(*challenge.prompts, prompt),
        prompted=number,
        absent=(*challenge.absent, *fresh),
    )
    if who is None:
        return asked, (*told, *privately(Told.NOBODY_FOUND, directory.partnership))
    known = with_leave(brought_in(asked, who, side), moment, directory, who)
    return known, (*_prompting(who, number, deputy), *told)


def brought_in(challenge: Challenge, who: PersonId, side: Side) -> Challenge:
    """The same challenge with one more person on it, who has now been asked."""
    involved = Involved(who, side)
    known = challenge.involved
    return replace(
        challenge,
        involved=known if involved in known else (*known, involved),
        out=tuple(one for one in challenge.out if one != who),
        tried=_tried(challenge, who),
    )


def with_leave(
    challenge: Challenge, moment: Moment, directory: Directory, who: PersonId
) -> Challenge:
    """Knows when their next leave begins, so that what waits for them passes on that morning."""
    person = directory.person(who)
    ahead = [leave.first for leave in person.away if leave.first > moment.today] if person else []
    calendar = moment.calendar
    begins = (calendar.next_opening(calendar.opening(first)) for first in sorted(ahead)[:1])
    others = (leave for leave in challenge.leaves if leave.person != who)
    leaves = (*others, *(Leave(who, at) for at in begins))
    return challenge if leaves == challenge.leaves else replace(challenge, leaves=leaves)


def spoken_for(challenge: Challenge, moment: Moment, directory: Directory) -> Offer:
    """At the top, a side of which everybody has left is given somebody who speaks for it.

    Otherwise it could be neither settled nor acknowledged, and would stay open for ever.
    """
    after = challenge
    notices: tuple[Notice, ...] = ()
    for side in (Side.RAISING, Side.RECEIVING) if challenge.at_top else ():
        gone = all(directory.has_left(who) for who in speakers(after, side))
        who = stand_in(after, directory, side, moment.today) if gone else None
        if who:
            joined = brought_in(after, who, side)
            after = replace(joined, tried=after.tried, held_before=(*after.held_before, who))
            mine = challenge.practitioner(side)
            told = (Notice(Told.INVITE, about=who), *privately(Told.STANDS_IN, (who,), about=mine))
            notices = (*notices, *told)
    return after, notices


def following(challenge: Challenge, at: datetime) -> int:
    """The next confirmed stage's number, or the top's, as of that time.

    Unconfirmed stages are passed over, and so are those whose time together has run out.
    """
    procedure, stage = challenge.procedure, challenge.stage
    if procedure.total and total_is_over(challenge, stage, at):
        stage = procedure.total.stages
    return procedure.following(stage) or len(procedure.stages) + 1


def total_is_over(challenge: Challenge, stage: int, at: datetime) -> bool:
    """Whether that stage is one of those that had so long together, and that time has passed."""
    ends = challenge.procedure.total_ends(challenge.raised_at)
    return ends is not None and challenge.procedure.is_in_total(stage) and at >= ends


def cut(challenge: Challenge, stage: Stage, moment: Moment, due: datetime) -> datetime:
    """No later than the end of the time that the first stages have together."""
    ends = challenge.procedure.total_ends(challenge.raised_at)
    counts = challenge.procedure.is_in_total(stage.number)
    return min(due, ends) if ends and counts and ends > moment.now else due


def sides(challenge: Challenge, stage: Stage) -> tuple[Side, ...]:
    """The sides whose people a stage asks: both, one, or the partnership's alone at the top."""
    if challenge.procedure.is_top(stage.number):
        return (Side.PARTNERSHIP,)
    roles = {Side.RAISING: stage.raising, Side.RECEIVING: stage.receiving}
    return tuple(side for side, names in roles.items() if names)


def time_to_accept(challenge: Challenge, stage: Stage) -> Duration:
    urgent = challenge.procedure.urgent
    return urgent.accept_within if challenge.urgent and urgent else stage.accept_within


def time_to_answer(challenge: Challenge, stage: Stage) -> Duration:
    urgent = challenge.procedure.urgent
    return urgent.answer_within if challenge.urgent and urgent else stage.answer_within


def offered_to(challenge: Challenge) -> str:
    """Which stage was offered and to whom, in a sentence; with what was passed over and why."""
    to = challenge.offered or challenge.stage
    stage = challenge.procedure.stage(to)
    # Where nobody can begin at the first stage, it was passed over too.
    begin = challenge.stage if challenge.stage > 1 else 0
    between = challenge.procedure.stages[begin : to - 1]
    skipped = "".join(
        f" Stage {s.number} ({s.title}) was passed over: the partnership has not confirmed it yet."
        for s in between
        if not s.confirmed
    )
    absent = "".join(_absent(prompt) for prompt in challenge.prompts)
    return f"Stage {to} ({stage.title}) was offered to {asked(challenge)}.{skipped}{absent}"


def newly_offered(challenge: Challenge, before: int | None) -> str:
    """The same, to go after another sentence; empty when that stage was offered before."""
    return f" {offered_to(challenge)}" if challenge.offered not in (None, before) else ""


def _absent(prompt: Prompt) -> str:
    """Who was passed over, in a sentence; nothing when nobody was."""
    names = " and ".join(f"<@{who}>" for who in prompt.passed_over)
    return f" {names} could not be asked, and the business unit was told." if names else ""


def late(due: datetime, moment: Moment) -> str:
    """Says by how much, when a deadline was acted on long after it fell due; nothing otherwise."""
    over = moment.now - due
    if over < timedelta(minutes=5):
        return ""
    hours, minutes = divmod(int(over.total_seconds()) // 60, 60)
    length = f"{hours} h {minutes} min" if hours else f"{minutes} min"
    return f" (acted on {length} late)"


def _total_over(challenge: Challenge, moment: Moment, directory: Directory) -> Change:
    """The first stages have had their time together: whatever comes after them is offered."""
    beyond = following(challenge, moment.now)
    offered, notices = offer(challenge, moment, directory, beyond)
    over = challenge.procedure.total_ends(challenge.raised_at) or challenge.due
    entry = Entry(
        Happened.LAPSED,
        None,
        "The time that the first stages have together passed without a settlement"
        f"{late(over, moment)}. {offered_to(offered)}",
    )
    return Change(offered, (entry,), (Notice(Told.ESCALATION), *notices))


def _top_lapsed(challenge: Challenge, moment: Moment, directory: Directory) -> Change:
    """There is nowhere higher: the clock starts again, and the partnership is told each time."""
    restarted = clock_restarted(challenge, moment, challenge.current)
    again, standing_in = spoken_for(restarted, moment, directory)
    entry = Entry(
        Happened.TOP_LAPSED,
        None,
        f"The time allowed for the {challenge.current.title} passed without a settlement"
        f"{late(challenge.due, moment)}. There is no higher stage, so the clock starts again.",
    )
    told = privately(Told.TOP_LAPSED, directory.partnership)
    notices = (Notice(Told.TOP_LAPSED), *told, *standing_in, Notice(Told.CARD))
    return Change(again, (entry,), notices)


def clock_restarted(challenge: Challenge, moment: Moment, stage: Stage) -> Challenge:
    """The stage's own clock, from now; the urgent route's only where that is sooner."""
    own, urgent = stage.answer_within, time_to_answer(challenge, stage)
    due = min(moment.deadline(own), moment.deadline(urgent))
    return replace(
        challenge,
        clock_set=moment.now,
        due=cut(challenge, stage, moment, due),
        date_proposal=None,
        date_agreed=False,
        seen_by=(),
        turn=challenge.turn + 1,
    )


def _take_on(challenge: Challenge, prompt: Prompt, by: PersonId) -> Challenge:
    """Whoever joins a stage that has begun holds it; before that they wait for the other side."""
    rest = tuple(p for p in challenge.prompts if p != prompt)
    one = Involved(by, prompt.side)
    if challenge.status is Status.OFFERED:
        taken = replace(challenge, prompts=rest, accepted=(*challenge.accepted, one))
    else:
        taken = replace(challenge, prompts=rest, holders=(*challenge.holders, one))
    return brought_in(taken, by, prompt.side)


def _may_begin(challenge: Challenge) -> bool:
    """Somebody has accepted, and every other side has too or has let its time pass."""
    waited_for = {p.side for p in challenge.prompts} - {*challenge.overdue}
    return bool(challenge.accepted) and not waited_for


def _begun(challenge: Challenge, moment: Moment, directory: Directory) -> Offer:
    """The stage that was offered, held by those who accepted; both sides and the unit are told."""
    number = challenge.offered or challenge.stage
    over, cancelled = called_off(challenge, moment)
    moved = replace(
        over,
        status=Status.OPEN,
        stage=number,
        stage_began=moment.now,
        offered=None,
        holders=challenge.accepted,
        accepted=(),
        held_before=challenge.leads,
    )
    begun = clock_restarted(moved, moment, challenge.procedure.stage(number))
    heard, standing_in = spoken_for(begun, moment, directory)
    both = (challenge.raised_by, challenge.challenged, *begun.leads)
    told, unit = _tell_the_unit(heard, directory)
    both_told = privately(Told.STAGE_REACHED, both)
    return told, (*cancelled, *both_told, *unit, *standing_in)


def _accepted(prompt: Prompt, by: PersonId, after: Challenge) -> str:
    title = after.procedure.stage(prompt.stage).title
    side = "" if prompt.side is Side.PARTNERSHIP else f" for the {prompt.side} side"
    stands_in = f", for <@{prompt.person}>" if by != prompt.person else ""
    return f"<@{by}> accepted stage {prompt.stage} ({title}){side}{stands_in}."


def _what_that_brings(before: Challenge, after: Challenge, moment: Moment) -> str:
    """Why the stage begins now, or on whom it waits; nothing where only one side is asked."""
    if before.status is not Status.OFFERED or len(sides(after, _newest(after))) == 1:
        return ""
    if after.status is Status.OPEN and not after.prompts:
        return " Both sides have accepted, so the stage begins."
    if after.status is Status.OPEN:
        held = " and ".join(f"<@{who}>" for who in after.leads)
        return (
            f" The {after.prompts[0].side} side's time to accept has run out, so the stage begins "
            f"with {held}; the other side is asked on."
        )
    due = max(prompt.due for prompt in after.prompts)
    at = f"{moment.calendar.local(due):%A %-d %B %Y, %H:%M}"
    return f" It begins when {asked(after)} accepts too, or when their time runs out: {at}."


def hurried_from_here(
    challenge: Challenge, moment: Moment, directory: Directory, *, by: PersonId
) -> Offer:
    """The urgent route for a stage that was accepted just now: it stays with whoever took it on.

    Unless the urgent route starts higher: then the next people are asked there.
    """
    urgent = challenge.procedure.urgent
    if urgent and (challenge.offered or challenge.stage) < urgent.start_at:
        after, notices = hurried(challenge, moment, directory, by=by)
    elif challenge.status is Status.OFFERED:
        after = _sooner_prompts(challenge, moment)
        notices = (*_told_of_risk(challenge, directory, by), *_asked_again(after))
    else:
        after = _sooner(challenge, moment)
        notices = _told_of_risk(challenge, directory, by)
    return after, (Notice(Told.RISK_DECLARED, about=by), *notices)


def _sooner(challenge: Challenge, moment: Moment) -> Challenge:
    again = clock_restarted(challenge, moment, challenge.current)
    return replace(again, due=min(again.due, challenge.due))


def _sooner_prompts(challenge: Challenge, moment: Moment) -> Challenge:
    stages = challenge.procedure.stage
    prompts = tuple(
        replace(p, due=min(p.due, moment.deadline(time_to_accept(challenge, stages(p.stage)))))
        for p in challenge.prompts
    )
    return replace(challenge, prompts=prompts, turn=challenge.turn + 1)


def _told_of_risk(challenge: Challenge, directory: Directory, by: PersonId) -> tuple[Notice, ...]:
    """Both sides at once, whoever holds it, and at the top the partnership: a reference only."""
    people = [
        challenge.raised_by,
        challenge.challenged,
        *(one.person for one in challenge.answering),
        *(directory.partnership if challenge.at_top else ()),
    ]
    return privately(Told.RISK_PRIVATELY, (who for who in people if who != by), about=by)


def _asked_again(challenge: Challenge) -> tuple[Notice, ...]:
    """To everybody who is asked already: the time to accept is shorter now."""
    return tuple(
        Notice(Told.PROMPT_PRIVATELY, to=who, about=p.person, mark=str(p.number))
        for p in challenge.prompts
        for who in (p.person, p.deputy)
        if who
    )


def _newest(challenge: Challenge) -> Stage:
    return challenge.procedure.stage(challenge.offered or challenge.stage)


def _tell_the_unit(challenge: Challenge, directory: Directory) -> Offer:
    """Notify points, and at the top the partnership: a reference, and the right to read it."""
    named = directory.partnership if challenge.at_top else ()
    points = [notified(challenge, directory, role) for role in challenge.current.notify]
    once = dict.fromkeys(who for group in (named, *points) for who in group)
    people = tuple(who for who in once if who not in (*challenge.leads, *challenge.out))
    # A coordinator looks after the bot: they hear of it, and read it only where they are named.
    named_so = {who for point in points for who in point}
    apart = named_so | {*directory.business_unit, *directory.scrutineer}
    told = tuple(dict.fromkeys((*challenge.told, *(who for who in people if who in apart))))
    return replace(challenge, told=told), privately(Told.STAGE_REACHED, people)


def notified(challenge: Challenge, directory: Directory, role: str) -> tuple[PersonId, ...]:
    """Whom a notify point means: the partnership's people, or one of each side in that role.

    Of several in a role, the first who is there: no more people know than need to.
    """
    partnership = {
        "business unit": directory.business_unit,
        "coordinators": directory.coordinators,
        "scrutineer": directory.scrutineer,
        challenge.procedure.top.role: directory.scrutineer,
    }
    if role in partnership:
        return partnership[role]
    both = (Side.RAISING, Side.RECEIVING)
    found = (_first_in(challenge, directory, side, role) for side in both)
    return tuple(who for who in found if who)


def _first_in(challenge: Challenge, directory: Directory, side: Side, role: str) -> PersonId | None:
    mine = challenge.practitioner(side)
    if role == PRACTITIONER:
        return mine
    out = frozenset(challenge.out)
    people = ladder_of(directory, mine, challenge.agency(side), [role], out)
    there = (who for who in people if directory.is_active(who))
    return next((who for who in there if who not in out), None)


def _pass_on(challenge: Challenge, moment: Moment, directory: Directory, prompt: Prompt) -> Offer:
    rest = replace(
        challenge,
        prompts=tuple(p for p in challenge.prompts if p != prompt),
        tried=_tried(challenge, prompt.person) if prompt.person else challenge.tried,
    )
    stage = challenge.procedure.stage(prompt.stage)
    if not_asked_yet(rest, directory, prompt.side, stage, moment.today):
        return ask_next(rest, moment, directory, prompt.side, stage)
    return _everyone_asked(rest, moment, directory, prompt.side, stage)


def _everyone_asked(
    challenge: Challenge, moment: Moment, directory: Directory, side: Side, stage: Stage
) -> Offer:
    """A round has gone in vain: once on both sides, the stage above is offered. Silence climbs.

    Above the top there is nothing, so the round begins again and the partnership is told.
    """
    round_over = replace(challenge, gone_round=tuple(dict.fromkeys((*challenge.gone_round, side))))
    told = privately(Told.NOBODY_ACCEPTED, directory.partnership)
    offered = challenge.status is Status.OFFERED
    waiting = {*sides(challenge, stage)} - {*round_over.gone_round}
    if offered and not challenge.accepted and not waiting and not _is_top(challenge, stage):
        above, notices = offer(round_over, moment, directory, _above(challenge, stage))
        return above, (Notice(Told.ESCALATION), *notices, *told)
    again, notices = ask_next(round_over, moment, directory, side, stage)
    first = offered and _is_top(challenge, stage) and side not in challenge.gone_round
    return again, (*notices, *(told if first else ()))


def _is_top(challenge: Challenge, stage: Stage) -> bool:
    return challenge.procedure.is_top(stage.number)


def _above(challenge: Challenge, stage: Stage) -> int:
    procedure = challenge.procedure
    return procedure.following(stage.number) or len(procedure.stages) + 1


def _standing_in(
    challenge: Challenge, directory: Directory, side: Side, who: PersonId | None
) -> PersonId | None:
    """The deputy of the person asked, unless barred: in the dispute themself, say."""
    deputy = directory.deputy_of(who) if who else None
    return None if deputy in barred_from(challenge, side) else deputy


def _prompting(who: PersonId, number: int, deputy: PersonId | None) -> tuple[Notice, ...]:
    mark = str(number)
    # The deputy may accept too, so they are told; they join the channel when they do.
    also = (Notice(Told.PROMPT_PRIVATELY, to=deputy, about=who, mark=mark),) if deputy else ()
    return (
        Notice(Told.INVITE, about=who),
        Notice(Told.PROMPT, about=who, mark=mark),
        Notice(Told.PROMPT_PRIVATELY, to=who, about=who, mark=mark),
        *also,
    )


def prompt_to_answer(act: Act, challenge: Challenge, directory: Directory, by: PersonId) -> Prompt:
    """The prompt this person may answer. Raises a refusal that says who can, or who already did."""
    refuse_late_deputy(challenge, directory, by)
    refuse_unless_on_it(challenge, directory, by)
    mine = [p for p in challenge.prompts if p.person == by]
    standing_in = prompt_as_deputy(challenge, directory, by)
    answerable = [*mine, *([standing_in] if standing_in else [])]
    if not answerable and by in challenge.tried:
        refuse_late_comer(challenge, by, instead_of=by)
    refuse_unless_may(act, challenge, directory, by)
    return answerable[0]


def _tried(challenge: Challenge, who: PersonId) -> tuple[PersonId, ...]:
    """Everyone who was asked to accept this stage, whoever was asked last at the end."""
    return (*(one for one in challenge.tried if one != who), who)


def what_followed(challenge: Challenge, side: Side, stage: int) -> str:
    """Who was asked instead, or that nobody was left and the stage above was offered."""
    if challenge.offered and challenge.offered > stage:
        return (
            f"Everybody who could accept stage {stage} has been asked, and nobody has. "
            + offered_to(challenge)
        )
    who = next((p.person for p in reversed(challenge.prompts) if p.side is side), None)
    over = "".join(_absent(p) for p in challenge.prompts if p.side is side)
    if who is None:
        none = "Nobody else could be found; the partnership was told, and the bot looks again."
        return none + over
    return f"<@{who}> was asked next.{over}"
