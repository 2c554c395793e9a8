"""Follow-up: what was agreed gets done, both sides sign, and a "No" opens the challenge again.

The channel is put away soon after the end, so all of this goes to each person privately. What
they answer stands in the one chronology that the challenge has, however often it is opened again.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime

from challenge.absence import relieved
from challenge.directory import Directory
from challenge.escalation import (
    clock_restarted,
    hurried_from_here,
    in_danger,
    late,
    newly_offered,
    route,
    safety_words,
)
from challenge.invitation import begun_afresh
from challenge.model import (
    AgreedAction,
    Challenge,
    Change,
    Clock,
    Entry,
    FollowedThrough,
    Happened,
    NewDay,
    Notice,
    PersonId,
    Reminded,
    Safety,
    Side,
    Signature,
    Status,
    Told,
    Went,
    privately,
)
from challenge.moment import Moment
from challenge.procedure import reminder_times
from challenge.refusals import (
    ActionDone,
    AlreadySigned,
    DayTooSoon,
    NothingHere,
    NothingProposed,
    NotYours,
    SayEvidence,
    SayWhatCameOfIt,
    SayWhereYouDiffer,
    SayWhy,
    YourOwnProposal,
)
from challenge.rights import WHOSE, Act, actions_of, refuse_unless_may, speaks_for
from challenge.working_time import Duration, Unit, WorkingCalendar

ACTION, OVERDUE, ASK, UNSIGNED = "action", "overdue", "ask", "unsigned"
KINDS = frozenset({ACTION, OVERDUE, ASK, UNSIGNED})
BOTH = (Side.RAISING, Side.RECEIVING)


def tick_off(
    challenge: Challenge,
    moment: Moment,
    directory: Directory,
    *,
    by: PersonId,
    number: int,
    evidence: str,
) -> Change:
    """An agreed action is done: its owner, or their side's lead, says what shows it."""
    refuse_unless_may(Act.TICK_OFF, challenge, directory, by)
    action = _still_to_do(challenge, number)
    if by not in _may_tick(challenge, directory, action):
        raise NotYours(whose=WHOSE[Act.TICK_OFF])
    if not evidence.strip():
        raise SayEvidence
    entry = Entry(
        Happened.ACTION_DONE,
        by,
        f"<@{by}> ticked off agreed action {number}.",
        {"The action": action.what, "What shows that it is done": evidence},
    )
    done = _with_action(challenge, number, replace(action, done_by=by, new_day=None))
    told = [who for who in _practitioners(challenge) if who != by]
    return Change(done, (entry,), (*privately(Told.ACTION_DONE, told, about=by), *_card(done)))


def propose_new_day(
    challenge: Challenge,
    moment: Moment,
    directory: Directory,
    *,
    by: PersonId,
    number: int,
    day: date,
    because: str,
) -> Change:
    """Another day for an agreed action, with a reason. Until the other side agrees, the old one
    stands, and it is asked after."""
    refuse_unless_may(Act.MOVE_ACTION, challenge, directory, by)
    action = _still_to_do(challenge, number)
    if (number, action) not in movable(challenge, by):
        raise NotYours(whose=WHOSE[Act.MOVE_ACTION])
    if not because.strip():
        raise SayWhy
    if day <= moment.today:
        raise DayTooSoon
    side = side_for(challenge, directory, by)
    entry = Entry(
        Happened.NEW_DAY_PROPOSED,
        by,
        f"<@{by}> proposed {_spoken(day)} for agreed action {number}. Until the other side agrees, "
        f"{_spoken(action.by)} stands.",
        {"The action": action.what, "Why": because},
    )
    asked = _with_action(challenge, number, replace(action, new_day=NewDay(by, side, day)))
    others = [who for who in _both_tiers(challenge) if _may_agree(challenge, by, side, who)]
    return Change(
        asked, (entry,), (*privately(Told.NEW_DAY_PROPOSED, others, about=by), *_card(asked))
    )


def agree_new_day(
    challenge: Challenge, moment: Moment, directory: Directory, *, by: PersonId, number: int
) -> Change:
    """The other side's yes: the action has its new day, and is reminded of afresh."""
    refuse_unless_may(Act.AGREE_NEW_DAY, challenge, directory, by)
    action = _still_to_do(challenge, number)
    proposal = action.new_day
    if proposal is None:
        raise NothingProposed(now="no other day is proposed for that action")
    if not _may_agree(challenge, proposal.by, proposal.side, by):
        raise YourOwnProposal
    moved = replace(action, by=proposal.day, since=moment.now, asked_at=None, new_day=None)
    entry = Entry(
        Happened.NEW_DAY_AGREED,
        by,
        f"<@{by}> agreed to {_spoken(proposal.day)} for agreed action {number}.",
        {"The action": action.what},
    )
    agreed = _with_action(challenge, number, moved)
    told = privately(Told.NEW_DAY_AGREED, (action.who, proposal.by), about=by)
    return Change(agreed, (entry,), (*told, *_card(agreed)))


def follow_through(
    challenge: Challenge,
    moment: Moment,
    directory: Directory,
    *,
    by: PersonId,
    went: Went,
    line: str,
    safety: Safety | None = None,
) -> Change:
    """Did what was agreed happen for the child or adult? "No" opens it again at the same tier, and
    so does anybody's being in danger."""
    refuse_unless_may(Act.FOLLOW_THROUGH, challenge, directory, by)
    if not line.strip():
        raise SayWhatCameOfIt
    others = tuple(each for each in challenge.followed if each.person != by)
    answered = replace(
        challenge,
        followed=(*others, FollowedThrough(by, went)),
        to_follow=tuple(w for w in challenge.to_follow if not _same_side(challenge, w, by)),
    )
    entry = Entry(
        Happened.FOLLOWED_THROUGH,
        by,
        f"<@{by}> was asked whether what was agreed happened for the child or adult: {went.value}.",
        {"What came of it": line, **safety_words(safety)},
    )
    if went is Went.NO or in_danger(safety):
        again = Entry(Happened.REOPENED, by, _opened_again(challenge, by) + route(safety))
        return _reopened(answered, moment, directory, by, safety, (entry, again))
    told = [who for who in _practitioners(challenge) if who != by]
    return Change(
        answered,
        (entry,),
        (*privately(Told.FOLLOWED_THROUGH, told, about=by), *_card(answered)),
    )


def sign(
    challenge: Challenge,
    moment: Moment,
    directory: Directory,
    *,
    by: PersonId,
    dissent: str | None = None,
) -> Change:
    """A name under the final record; with `dissent`, what this person sees otherwise beside it."""
    refuse_unless_may(Act.SIGN, challenge, directory, by)
    if any(signature.person == by for signature in challenge.signed):
        raise AlreadySigned
    if dissent is not None and not dissent.strip():
        raise SayWhereYouDiffer
    side = speaks_for(challenge, by) or Side.PARTNERSHIP
    signature = Signature(by, side, dissents=dissent is not None)
    signed = replace(challenge, signed=(*challenge.signed, signature))
    if dissent is None:
        entry = Entry(Happened.SIGNED, by, f"<@{by}> signed the final record.")
        return Change(signed, (entry,), _card(signed))
    entry = Entry(
        Happened.DISSENTED,
        by,
        f"<@{by}> signed the final record, with dissent.",
        {"Seen otherwise": dissent},
    )
    told = [who for who in _practitioners(challenge) if who != by]
    return Change(signed, (entry,), (*privately(Told.DISSENTED, told, about=by), *_card(signed)))


def reopen(
    challenge: Challenge,
    moment: Moment,
    directory: Directory,
    *,
    by: PersonId,
    because: str,
    safety: Safety | None = None,
) -> Change:
    """Something new has come up: either side opens it again where it ended, with its record."""
    refuse_unless_may(Act.REOPEN, challenge, directory, by)
    if not because.strip():
        raise SayWhy
    entry = Entry(
        Happened.REOPENED,
        by,
        _opened_again(challenge, by) + route(safety),
        {"What is new, and why": because, **safety_words(safety)},
    )
    return _reopened(challenge, moment, directory, by, safety, (entry,))


def owed_by(challenge: Challenge, person: PersonId) -> tuple[AgreedAction, ...]:
    """The agreed actions that this person still has to do."""
    return tuple(a for a in actions_of(challenge) if a.who == person and a.done_by is None)


def unsigned(challenge: Challenge) -> tuple[Side, ...]:
    """The sides that have not signed the final record yet."""
    signed = {signature.side for signature in challenge.signed}
    settled = challenge.status is Status.SETTLED
    return tuple(side for side in BOTH if side not in signed) if settled else ()


def open_actions(challenge: Challenge) -> tuple[tuple[int, AgreedAction], ...]:
    """The agreed actions that are still to be done, by number from 1."""
    numbered = enumerate(actions_of(challenge), start=1)
    return tuple((number, action) for number, action in numbered if action.done_by is None)


def overdue(challenge: Challenge) -> tuple[AgreedAction, ...]:
    """The agreed actions whose day passed, so that they were asked after."""
    return tuple(a for _, a in open_actions(challenge) if a.asked_at is not None)


def left_from_before(challenge: Challenge) -> tuple[AgreedAction, ...]:
    """What was agreed and not done when it was opened again; nobody asks after it any more."""
    before = challenge.earlier[-1].actions if challenge.earlier else ()
    return tuple(action for action in before if action.done_by is None)


def tickable(
    challenge: Challenge, directory: Directory, by: PersonId
) -> tuple[tuple[int, AgreedAction], ...]:
    """The open actions that this person may tick off."""
    return tuple(
        (number, action)
        for number, action in open_actions(challenge)
        if by in _may_tick(challenge, directory, action)
    )


def movable(challenge: Challenge, by: PersonId) -> tuple[tuple[int, AgreedAction], ...]:
    """The open actions whose day this person may put in question: a side every one, an owner
    their own."""
    everything = challenge.side_of(by) is not None
    return tuple(
        (number, action)
        for number, action in open_actions(challenge)
        if everything or action.who == by
    )


def agreeable(challenge: Challenge, by: PersonId) -> tuple[tuple[int, AgreedAction], ...]:
    """The open actions of which another day waits for this person's yes."""
    return tuple(
        (number, action)
        for number, action in open_actions(challenge)
        if action.new_day
        and by in _both_tiers(challenge)
        and _may_agree(challenge, action.new_day.by, action.new_day.side, by)
    )


def side_for(challenge: Challenge, directory: Directory, who: PersonId) -> Side | None:
    """Whose person an owner is: on the challenge, or by their agency; None where it is neither."""
    brought_in = (each.side for each in challenge.involved if each.person == who)
    known = challenge.side_of(who) or next(brought_in, None)
    agency = directory.agency_of(who)
    theirs = [side for side in BOTH if agency and challenge.agency(side) == agency]
    return known or (theirs[0] if len(theirs) == 1 else None)


# The clocks


def clocks(challenge: Challenge) -> tuple[Clock, ...]:
    """Every clock that runs after settling; none unless it is settled."""
    if challenge.status is not Status.SETTLED or challenge.closed_at is None:
        return ()
    return (*_action_clocks(challenge), *_asking(challenge), *_signing(challenge))


def fall_due(
    challenge: Challenge, moment: Moment, directory: Directory, clock: Clock
) -> Change | None:
    """What one of those clocks brings about."""
    _, kind, number, *_ = *clock.key.split(":"), ""
    if kind == ACTION:
        return _remind(challenge, moment, clock, int(number))
    if kind == OVERDUE:
        return _ask_after(challenge, moment, directory, clock, int(number))
    if kind == ASK:
        return _ask_what_came(challenge, moment, directory, clock)
    return _ask_to_sign(challenge, moment, directory, clock)


def opening_after(calendar: WorkingCalendar, start: datetime, length: Duration) -> datetime:
    """The first moment of that working day, so that people are asked in the morning."""
    end = calendar.after(start, length)
    if length.unit is Unit.WORKING_DAY:
        return calendar.opening(calendar.local(end).date())
    return calendar.next_opening(end)


def action_due(challenge: Challenge, action: AgreedAction) -> datetime:
    """The close of its day."""
    return challenge.procedure.calendar.closing(action.by)


def _action_clocks(challenge: Challenge) -> Iterator[Clock]:
    calendar = challenge.procedure.calendar
    for number, action in open_actions(challenge):
        key = f"{number}:{action.by.isoformat()}"
        since = action.since or challenge.closed_at or challenge.clock_set
        due = action_due(challenge, action)
        times = reminder_times(since, due, challenge.current.remind, calendar, by_the_clock=False)
        for count, at in enumerate(times, start=1):
            yield Clock(f"{challenge.turn}:{ACTION}:{key}:{count}", at)
        asked = int(action.asked_at.timestamp()) if action.asked_at else 0
        yield Clock(f"{challenge.turn}:{OVERDUE}:{key}:{asked}", _asked_next(challenge, action))


def _asked_next(challenge: Challenge, action: AgreedAction) -> datetime:
    """The morning after its day; and then again and again."""
    calendar = challenge.procedure.calendar
    if action.asked_at is None:
        return calendar.next_opening(action_due(challenge, action))
    return opening_after(calendar, action.asked_at, challenge.procedure.follow_up.ask_again)


def _asking(challenge: Challenge) -> tuple[Clock, ...]:
    procedure, closed = challenge.procedure, challenge.closed_at or challenge.clock_set
    return tuple(
        Clock(f"{challenge.turn}:{ASK}:{number}", opening_after(procedure.calendar, closed, length))
        for number, length in enumerate(procedure.follow_up.ask_after, start=1)
    )


def _signing(challenge: Challenge) -> tuple[Clock, ...]:
    if not unsigned(challenge):
        return ()
    procedure, closed = challenge.procedure, challenge.closed_at or challenge.clock_set
    at = opening_after(procedure.calendar, closed, procedure.follow_up.sign_within)
    return (Clock(f"{challenge.turn}:{UNSIGNED}", at),)


# What the clocks bring about


def _remind(challenge: Challenge, moment: Moment, clock: Clock, number: int) -> Change | None:
    """In working hours, before its day is over, and one a day as with every reminder."""
    action = actions_of(challenge)[number - 1]
    if moment.now >= action_due(challenge, action) or not moment.is_open:
        entry = Entry(
            Happened.REMINDER_MISSED,
            None,
            f"A reminder of agreed action {number} was not sent: it would have come too late"
            f"{late(clock.due, moment)}.",
        )
        return Change(challenge, (entry,))
    today = Reminded(action.who, moment.today)
    if today in challenge.reminded:
        return None
    entry = Entry(
        Happened.ACTION_REMINDED,
        None,
        f"<@{action.who}> was reminded of agreed action {number}, due by {_spoken(action.by)}"
        f"{late(clock.due, moment)}.",
    )
    kept = (r for r in challenge.reminded if r.on == moment.today)
    reminded = replace(challenge, reminded=(*kept, today))
    return Change(reminded, (entry,), privately(Told.ACTION_DUE, (action.who,)))


def _ask_after(
    challenge: Challenge, moment: Moment, directory: Directory, clock: Clock, number: int
) -> Change:
    """Overdue: the tier that agreed it hears, and from the second time the business unit too."""
    action = actions_of(challenge)[number - 1]
    again = action.asked_at is not None
    entry = Entry(
        Happened.ACTION_OVERDUE,
        None,
        f"Agreed action {number} of <@{action.who}> was due by {_spoken(action.by)} and is not "
        f"ticked off{late(clock.due, moment)}. Its owner and those who agreed it were asked"
        f"{' again, and the business unit was told' if again else ''}.",
    )
    asked = _with_action(challenge, number, replace(action, asked_at=moment.now))
    unit = directory.business_unit or directory.coordinators
    unit = tuple(who for who in unit if who not in challenge.out)
    told = tuple(dict.fromkeys((*challenge.told, *unit))) if again else challenge.told
    people = (action.who, *challenge.leads, *(unit if again else ()))
    return Change(
        replace(asked, told=told), (entry,), privately(Told.ACTION_OVERDUE, people, action.who)
    )


def _ask_what_came(
    challenge: Challenge, moment: Moment, directory: Directory, clock: Clock
) -> Change:
    people = tuple(dict.fromkeys(w for s in BOTH for w in _who_can_say(challenge, directory, s)))
    silent = [s for s in BOTH if not _who_can_say(challenge, directory, s)]
    names = " and ".join(f"<@{who}>" for who in people) or "Nobody"
    nobody = "".join(
        f" Nobody of the {side} side is left; the coordinators know." for side in silent
    )
    entry = Entry(
        Happened.FOLLOW_UP_ASKED,
        None,
        f"{names} {'was' if len(people) < 2 else 'were'} asked whether what was agreed happened "
        f"for the child or adult{late(clock.due, moment)}.{nobody}",
    )
    told = privately(Told.UNDELIVERED, directory.coordinators if silent else ())
    return Change(
        replace(challenge, to_follow=people),
        (entry,),
        (*privately(Told.FOLLOW_UP, people), *told),
    )


def _who_can_say(challenge: Challenge, directory: Directory, side: Side) -> tuple[PersonId, ...]:
    """The practitioner; where they have left, or were asked before and have not said, whoever led
    that side at the end too."""
    practitioner = challenge.practitioner(side)
    here = () if directory.has_left(practitioner) else (practitioner,)
    if here and practitioner not in challenge.to_follow:
        return here
    leads = (one.person for one in challenge.answering if one.side is side)
    return tuple(dict.fromkeys((*here, *(w for w in leads if not directory.has_left(w)))))


def _ask_to_sign(
    challenge: Challenge, moment: Moment, directory: Directory, clock: Clock
) -> Change:
    """Once, and whoever has not signed yet."""
    here = [who for who in _both_tiers(challenge) if not directory.has_left(who)]
    people = [who for who in here if challenge.side_of(who) in unsigned(challenge)]
    names = " and ".join(f"<@{who}>" for who in people) or "Nobody"
    entry = Entry(
        Happened.SIGNATURE_ASKED,
        None,
        f"{names} were reminded to sign the final record{late(clock.due, moment)}.",
    )
    return Change(challenge, (entry,), privately(Told.SIGN, people))


# Opening it again


def _reopened(
    challenge: Challenge,
    moment: Moment,
    directory: Directory,
    by: PersonId,
    safety: Safety | None,
    entries: tuple[Entry, ...],
) -> Change:
    """Open at the stage where it ended, on a fresh clock; in a new channel if the old is away.

    How urgent it is now is asked afresh, whatever it was when it ended.
    """
    earlier = challenge.earlier
    settled = replace(
        challenge,
        status=Status.OPEN,
        urgent=in_danger(safety),
        closed_at=None,
        stage_began=moment.now,
        accepted=(),
        overdue=(),
        gone_round=(),
        tried=(),
        unreached=() if challenge.space and challenge.space.archived else challenge.unreached,
        settlement=None,
        earlier=(*earlier, challenge.settlement) if challenge.settlement else earlier,
        signed=(),
        followed=(),
        to_follow=(),
        meeting=begun_afresh(challenge.meeting),
        opinion=None,
        extended=(),
    )
    running = clock_restarted(settled, moment, challenge.current)
    again, asked = relieved(running, moment, directory)
    told = privately(Told.REOPENED_PRIVATELY, _both_tiers(challenge), about=by)
    said = (*_way_in(running, directory), Notice(Told.REOPENED, about=by), Notice(Told.CARD))
    if in_danger(safety):
        again, hurry = hurried_from_here(again, moment, directory, by=by)
        asked = (*asked, *hurry)
    *first, last = entries
    last = replace(last, summary=last.summary + newly_offered(again, None))
    return Change(again, (*first, last), (*said, *told, *asked))


def _way_in(challenge: Challenge, directory: Directory) -> tuple[Notice, ...]:
    """A bot cannot bring an archived channel back, so everyone is invited to a new one."""
    if not challenge.awaits_space:
        return ()
    there = (
        who for who in challenge.everyone if directory.is_active(who) or _is_party(challenge, who)
    )
    invited = tuple(Notice(Told.INVITE, about=who) for who in there)
    return (Notice(Told.OPEN_SPACE), *invited)


def _is_party(challenge: Challenge, who: PersonId) -> bool:
    return who in _practitioners(challenge)


def _opened_again(challenge: Challenge, by: PersonId) -> str:
    return (
        f"<@{by}> opened it again at stage {challenge.stage} ({challenge.current.title}). Its "
        "clock starts afresh, and everything on record before stays with it."
    )


# Small things


def _still_to_do(challenge: Challenge, number: int) -> AgreedAction:
    actions = actions_of(challenge)
    if not 1 <= number <= len(actions):
        raise NothingHere
    if actions[number - 1].done_by is not None:
        raise ActionDone
    return actions[number - 1]


def _with_action(challenge: Challenge, number: int, action: AgreedAction) -> Challenge:
    if challenge.settlement is None:
        raise NothingHere
    before = challenge.settlement.actions
    actions = (*before[: number - 1], action, *before[number:])
    return replace(challenge, settlement=replace(challenge.settlement, actions=actions))


def _may_tick(
    challenge: Challenge, directory: Directory, action: AgreedAction
) -> set[PersonId | None]:
    """Its owner, the lead of their side, and the partnership's; every lead for an outsider's."""
    side = side_for(challenge, directory, action.who)
    if side is None:
        return {action.who, *challenge.leads}
    return {action.who, challenge.lead(side), challenge.lead(Side.PARTNERSHIP)}


def _may_agree(challenge: Challenge, by: PersonId, side: Side | None, who: PersonId) -> bool:
    return who != by and (side is None or challenge.side_of(who) is not side)


def _same_side(challenge: Challenge, one: PersonId, other: PersonId) -> bool:
    side = challenge.side_of(one)
    return one == other or (side is not None and side is challenge.side_of(other))


def _practitioners(challenge: Challenge) -> tuple[PersonId, PersonId]:
    return challenge.raised_by, challenge.challenged


def _both_tiers(challenge: Challenge) -> tuple[PersonId, ...]:
    """The two practitioners, and whoever led the stage at which it ended."""
    return tuple(dict.fromkeys((*_practitioners(challenge), *challenge.leads)))


def _card(challenge: Challenge) -> tuple[Notice, ...]:
    """The card is brought up to date, unless its channel was put away."""
    away = challenge.space is not None and challenge.space.archived
    return () if away else (Notice(Told.CARD),)


def _spoken(day: date) -> str:
    return f"{day:%A %-d %B %Y}"
