"""Any story at all: whoever does whatever, whenever, and however late the bot wakes up.

Hypothesis makes the stories up. After each step everything that must hold of every challenge is
looked at again; what the rules say is never taken as the measure of what they do.
"""

import re
import sys
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from typing_extensions import override

from challenge import (
    absence,
    aftercare,
    agreement,
    deadlines,
    escalation,
    follow_up,
    meanwhile,
    people,
    reckoning,
    space,
    support,
    version,
)
from challenge.deadlines import clocks, fall_due
from challenge.directory import Away, Directory
from challenge.model import (
    Challenge,
    Change,
    Clock,
    Happened,
    PersonId,
    Prompt,
    Safety,
    Side,
    Status,
    Told,
)
from challenge.moment import Moment
from challenge.people import Rearranged
from challenge.procedure import Procedure
from challenge.reckoning import DayOff
from challenge.refusals import AlreadyHeard, Refusal
from challenge.rights import MAY, MOVES, Act, actions_of, meeting_now, parts, speakers
from tests.challenge import played
from tests.challenge.played import (
    ACTS,
    ANSWERS,
    EVERYBODY,
    NOT_PLAYED,
    PLAYED,
    accept,
    confirm_settlement,
    escalate,
    propose_settlement,
)
from tests.challenge.rules_found import acts, called_in, happenings
from tests.house.tour import FILES
from tests.makers import (
    CSC,
    FRIDAY_TEN,
    NHS,
    OAK,
    PEOPLE,
    PROCEDURE,
    U_CHALLENGED,
    U_COORDINATOR,
    U_GUEST,
    U_RAISER,
    U_RAISING_COLLEAGUE,
    U_RAISING_MANAGER,
    U_RAISING_SENIOR,
    U_SCRUTINEER,
    U_UNIT,
    a_directory,
    a_procedure,
    a_raised_challenge,
)

PARTNERSHIP = (U_UNIT, U_COORDINATOR, U_SCRUTINEER, U_RAISING_SENIOR, U_CHALLENGED)
ROLES = ("line manager", "safeguarding lead", "senior manager", "senior liaison officer")
HIGHER = ("head of service", "director", "designated professional", "assistant head")
# First and last day of leave, from today.
Leave = tuple[tuple[int, int], ...]
LEAVES: tuple[Leave, ...] = ((), (), ((0, 3),), ((0, 30),), ((1, 20),), ((3, 3),))
KEPT = ("practitioner", "line manager", "safeguarding lead", "senior manager")
A_FORTNIGHT = (Away(date(2026, 3, 6), date(2026, 3, 20)),)


def whole(procedure: Procedure) -> Procedure:
    """As when a coordinator has confirmed every stage of it."""
    return procedure.with_confirmed([procedure.fingerprint(s) for s in procedure.stages])


def in_total(**total: object) -> Procedure:
    """Both of its first stages in so much time together."""
    return a_procedure(total={"stages": 2, **total})


# The four partnerships' own, as they are read and as they will be once everything is confirmed;
# and some that nobody has, for the odd thing about each.
PROCEDURES = (
    a_procedure(),
    *FILES,
    *map(whole, FILES),
    a_procedure(urgent=None),
    a_procedure(urgent={"start_at": "Inter-agency meeting", "answer_within": "90 minutes"}),
    a_procedure(stage=[{**each, "answer_within": "20 hours"} for each in PROCEDURE["stage"][:2]]),
    a_procedure(stage=[PROCEDURE["stage"][0], PROCEDURE["stage"][2]], urgent=None),
    in_total(within="3 working days"),
    in_total(within="30 hours"),
)

pick = st.integers(0, 999)
words = st.sampled_from(["", "Because it matters.", "Because it matters."])
ahead = st.lists(st.integers(-1, 15), min_size=1, max_size=3)


@st.composite
def directories(draw: st.DrawFn) -> Directory:
    """Deputies who stand in across every line, people on leave, people gone, a thin partnership."""
    people = tuple(
        replace(
            person,
            deputy=draw(st.none() | st.sampled_from(EVERYBODY)),
            role=person.role if person.role in KEPT else draw(st.sampled_from(HIGHER)),
            away=draw(st.sampled_from([(), (), (), A_FORTNIGHT])),
            active=person.id == U_RAISER or draw(st.sampled_from([True, True, True, False])),
        )
        for person in PEOPLE
    )
    some = st.lists(st.sampled_from(PARTNERSHIP), unique=True, max_size=3).map(tuple)
    return a_directory(
        people=people, business_unit=draw(some), coordinators=draw(some), scrutineer=draw(some)
    )


class Story(RuleBasedStateMachine):
    """One challenge, a moment that only moves on, and everything seen so far."""

    challenge: Challenge
    moment: Moment
    directory: Directory
    _able: tuple[Challenge, Directory, Mapping[Act, list[PersonId]]] | None = None

    @initialize(
        directory=directories(),
        procedure=st.sampled_from(PROCEDURES),
        challenged=st.sampled_from(
            [U_CHALLENGED, U_CHALLENGED, U_RAISING_COLLEAGUE, U_RAISING_MANAGER, U_GUEST]
        ),
        danger=st.sampled_from([False, False, True]),
        hours=st.integers(0, 200),
        days=st.none() | st.integers(0, 6),
        steps=st.integers(0, 5),
    )
    def somebody_raises_it(
        self,
        directory: Directory,
        procedure: Procedure,
        challenged: PersonId,
        danger: bool,
        hours: int,
        days: int | None,
        steps: int,
    ) -> None:
        now = FRIDAY_TEN.now + timedelta(hours=hours)
        self.moment = Moment(now, procedure.calendar)
        self.directory = directory
        self.challenge = self._raised(procedure, challenged, danger, days)
        self.acted_on: set[str] = set()
        self.held: list[tuple[int, set[PersonId]]] = [(1, set(self.challenge.leads))]
        self.reminded: Counter[tuple[PersonId, date]] = Counter()
        self.readers = {*self.challenge.everyone}
        self.invited = {U_RAISER, self.challenge.challenged, *_asked(self.challenge)}
        self.began = self.moment.now
        self.kept: datetime | None = None
        self.known_off: dict[date, datetime] = {}
        for _ in range(steps):
            self._climbs()

    def _raised(
        self, procedure: Procedure, challenged: PersonId, danger: bool, days: int | None
    ) -> Challenge:
        facts: dict[str, Any] = {"procedure": procedure, "safety": Safety(danger=danger)}
        day = None if days is None else self.moment.today + timedelta(days=days)
        with suppress(Refusal):
            return a_raised_challenge(
                self.moment, self.directory, challenged=challenged, answer_by=day, **facts
            )
        # Such a day is out of reach, or the procedure is for two agencies only.
        return a_raised_challenge(self.moment, self.directory, challenged=U_CHALLENGED, **facts)

    # What people do

    @rule(by=st.sampled_from(EVERYBODY), act=st.sampled_from(ACTS), days=pick, words=words)
    def anybody_tries_anything(self, by: PersonId, act: Any, days: int, words: str) -> None:
        self.tries(by, act, days % 12 - 1, words)

    def able(self) -> Mapping[Act, list[PersonId]]:
        """Every act of the table that is open now, and those on the challenge whose act it is."""
        challenge, directory = self.challenge, self.directory
        if self._able is None or self._able[0] is not challenge or self._able[1] is not directory:
            on_it = {who: parts(challenge, directory, who) for who in sorted(self._on_it())}
            found = {a: [w for w, part in on_it.items() if part & MAY[a]] for a in PLAYED}
            open_now = MOVES[challenge.status]
            able = {act: people for act, people in found.items() if people and act in open_now}
            self._able = (challenge, directory, able)
        return self._able[2]

    @precondition(lambda self: bool(_asked(self.challenge)))
    @rule(who=pick, as_deputy=st.booleans(), act=st.sampled_from(ANSWERS))
    def somebody_who_was_asked_answers(self, who: int, as_deputy: bool, act: Any) -> None:
        people = sorted(_asked(self.challenge))
        by = people[who % len(people)]
        by = (self.directory.deputy_of(by) or by) if as_deputy else by
        self.tries(by, act, 0, "I will call both today.")

    def _climbs(self) -> None:
        """One stage up, as when everybody does at once what they are asked."""
        for lead in self.challenge.leads[:1] if self.challenge.status is Status.OPEN else ():
            self.tries(lead, escalate, 0, "It cannot wait.")
        for who in sorted(_asked(self.challenge)):
            self.tries(who, accept, 0, "I will call both today.")

    @precondition(lambda self: not self.challenge.is_closed)
    @rule(days=pick)
    def the_two_sides_settle_it(self, days: int) -> None:
        self.tries(U_RAISER, propose_settlement, days % 12, "We agreed what to do.")
        proposed = self.challenge.settlement
        if proposed and proposed.proposed_by == U_RAISER:
            self.tries(self.challenge.challenged, confirm_settlement, 0, "Yes.")

    @precondition(lambda self: self.challenge.is_closed)
    @rule(by=st.sampled_from(EVERYBODY), words=words)
    def somebody_confides_how_it_went_since(self, by: PersonId, words: str) -> None:
        c, m, d = self.challenge, self.moment, self.directory
        to = aftercare.listener(c, d)
        with suppress(Refusal):
            aftercare.confide(c, m, d, by=by, to=to or by, difficulty=True, words=words)
            assert by in {U_RAISER, c.challenged}
            assert to not in {*c.everyone, *c.leads}

    @rule(person=st.sampled_from(EVERYBODY), away=st.sampled_from(LEAVES), active=st.booleans())
    def the_directory_changes(self, person: PersonId, away: Leave, active: bool) -> None:
        self._changes_for(person, away, active)

    @rule(who=pick, away=st.sampled_from(LEAVES), active=st.booleans())
    def somebody_on_it_goes_or_comes(self, who: int, away: Leave, active: bool) -> None:
        on_it = sorted({*self.challenge.leads, *_asked(self.challenge), self.challenge.challenged})
        self._changes_for(on_it[who % len(on_it)], away, active)

    def _changes_for(self, person: PersonId, away: Leave, active: bool) -> None:
        today, before = self.moment.today, self.directory
        leave = tuple(Away(today + timedelta(days=n), today + timedelta(days=m)) for n, m in away)
        changed = tuple(
            replace(p, away=leave, active=active) if p.id == person else p for p in before.people
        )
        self._rearranged(replace(before, people=changed))

    @rule(
        person=st.sampled_from(EVERYBODY),
        agency=st.sampled_from([OAK, OAK, CSC, CSC, NHS]),
        role=st.sampled_from(("practitioner", *ROLES, *HIGHER)),
        manager=st.none() | st.sampled_from(EVERYBODY),
        deputy=st.none() | st.sampled_from(EVERYBODY),
        how=st.sampled_from([people.change_person, people.change_own, people.register]),
    )
    def an_entry_of_the_directory_is_rewritten(
        self, person: PersonId, how: Any, deputy: PersonId | None, manager: Any, **facts: str
    ) -> None:
        given: dict[str, Any] = {**facts, "line_manager": manager}
        if how is not people.change_own:
            given["name"] = str(person)
        if how is not people.register:
            given["deputy"] = deputy
        if how is people.change_person:
            given["person"] = person
        self._rewrites(how, by=U_COORDINATOR if "person" in given else person, **given)

    @rule(some=st.lists(st.sampled_from(EVERYBODY), unique=True, min_size=1, max_size=4))
    def the_partnership_names_other_people(self, some: list[PersonId]) -> None:
        named = {"business_unit": some[1:2], "coordinators": some[:1], "scrutineer": some[2:]}
        by = next(iter(self.directory.coordinators), U_COORDINATOR)
        self._rewrites(people.change_partnership, by=by, **named)

    def _rewrites(self, how: Callable[..., Rearranged], **facts: Any) -> None:
        with suppress(Refusal):
            self._rearranged(how(self.directory, self.moment, **facts).directory)

    def _rearranged(self, after: Directory) -> None:
        """As the door does it: whatever somebody who left or is away held is handed on at once."""
        before, self.directory = self.directory, after
        for person in people.became_inactive(before, after):
            self._absent(absence.gone, person)
        for person in people.leave_changed(before, after):
            self._absent(absence.leave_set, person)

    def _absent(self, rule: Callable[..., Change | None], person: PersonId) -> None:
        change = rule(self.challenge, self.moment, self.directory, person=person)
        if change:
            self._happened(change)

    # What Slack answers

    @rule(person=st.sampled_from(EVERYBODY), came=st.booleans())
    def slack_opens_the_channel_or_turns_somebody_away(self, person: PersonId, came: bool) -> None:
        c, m, d = self.challenge, self.moment, self.directory
        if c.space is None:
            self._happened(space.opened(c, m, d, channel="C1", name="challenge-pc-2026-0042"))
        elif came:
            with suppress(AlreadyHeard):
                self._happened(space.reached(c, m, d, person=person))
        else:
            self._happened(space.not_reached(c, m, d, person=person, why="they are a guest"))
            self._happened(space.undelivered(self.challenge, m, d, what="a card", why="is_bot"))

    @precondition(lambda self: bool(self.challenge.out))
    @rule(who=pick, left=st.booleans())
    def slack_takes_somebody_out_or_leaves_them_in(self, who: int, left: bool) -> None:
        c, m, d = self.challenge, self.moment, self.directory
        person = c.out[who % len(c.out)]
        if left:
            self._happened(space.taken_out(c, m, d, person=person))
        else:
            self._happened(space.stays_in(c, m, d, person=person, why="it is not allowed"))

    # What the partnership changes

    @precondition(lambda self: not self.challenge.is_closed)
    @rule(by=st.sampled_from((U_COORDINATOR, *EVERYBODY)), to=pick, words=words)
    def somebody_moves_it_to_another_procedure(self, by: PersonId, to: int, words: str) -> None:
        before, procedure = self.challenge, PROCEDURES[to % len(PROCEDURES)]
        with suppress(Refusal):
            change = version.move(
                before, self.moment, self.directory, by=by, to=procedure, note=words
            )
            assert by in self.directory.coordinators
            assert change.challenge.due == before.due
            self._happened(change)

    @rule(minutes=st.integers(0, 4000), days=ahead)
    def the_bot_starts_again_and_knows_of_days_off(self, minutes: int, days: list[int]) -> None:
        """A bank holiday announced late, or a closure: before anything falls due."""
        now = self.moment.now + timedelta(minutes=minutes)
        self.moment = replace(self.moment, now=now)
        some = sorted({self.moment.today + timedelta(days=n) for n in days})
        self._reckons([self._learnt(day) for day in some if day.weekday() < reckoning.WEEK])
        self._ring_what_was_missed()

    def _learnt(self, day: date) -> DayOff:
        """The bank holidays of the year were known before anything was raised."""
        always = not PROCEDURES[0].calendar.is_working_day(day)
        known = self.known_off.setdefault(day, FRIDAY_TEN.now if always else self.moment.now)
        return DayOff(day, known)

    def _reckons(self, off: Sequence[DayOff]) -> None:
        before = self.challenge
        change = self._anew(off)
        if change is None:
            return
        assert [entry.by for entry in change.entries] == [None]
        assert {*before.days_off} < {*change.challenge.days_off} <= {*self.known_off}
        self._happened(change)
        assert self._anew(off) is None
        self._check_that_no_date_is_earlier_and_both_sides_hear(before, change)

    def _anew(self, off: Sequence[DayOff]) -> Change | None:
        return reckoning.reckoned_anew(self.challenge, self.moment, self.directory, days=tuple(off))

    def _check_that_no_date_is_earlier_and_both_sides_hear(
        self, before: Challenge, change: Change
    ) -> None:
        after = change.challenge
        assert after == replace(
            before,
            procedure=after.procedure,
            days_off=after.days_off,
            due=after.due,
            prompts=after.prompts,
            date_proposal=after.date_proposal,
            second_look=after.second_look,
        )
        then, now = (sorted(c.due for c in _deciding(one)) for one in (before, after))
        assert all(one >= other for one, other in zip(now, then, strict=True))
        told = {n.to for n in change.notices if n.kind is Told.RECKONED_ANEW}
        parties = {U_RAISER, after.challenged, None}
        assert after.is_closed or told == (parties if now != then else set())

    # What the clock does

    @rule(minutes=st.integers(1, 3000))
    def time_passes_and_the_bot_is_punctual(self, minutes: int) -> None:
        until = self.moment.now + timedelta(minutes=minutes)
        while waiting := [c for c in self._waiting() if c.due <= until]:
            clock = min(waiting, key=lambda c: c.due)
            self.moment = replace(self.moment, now=max(self.moment.now, clock.due))
            self._rings(clock)
        self.moment = replace(self.moment, now=until)

    @rule(minutes=st.integers(1, 20_000))
    def the_bot_was_down_and_does_late_what_it_missed(self, minutes: int) -> None:
        self.moment = replace(self.moment, now=self.moment.now + timedelta(minutes=minutes))
        self._ring_what_was_missed()

    def _ring_what_was_missed(self) -> None:
        while missed := [c for c in self._waiting() if c.due <= self.moment.now]:
            for clock in sorted(missed, key=lambda c: c.due):
                self._rings(clock)

    @override
    def teardown(self) -> None:
        if hasattr(self, "challenge") and not self.challenge.is_closed:
            self._check_that_silence_moves_it_to_the_top_and_the_partnership_knows()

    def _check_that_silence_moves_it_to_the_top_and_the_partnership_knows(self) -> None:
        """However the story ends, and though nobody ever answers again."""
        challenge, acted_on, at = self.challenge, set(self.acted_on), self.moment
        known = False
        for _ in range(200):
            clock = min(
                (c for c in clocks(challenge) if c.key not in acted_on), key=lambda c: c.due
            )
            acted_on.add(clock.key)
            at = replace(at, now=max(at.now, clock.due))
            change = fall_due(challenge, at, self.directory, key=clock.key)
            if change is None:
                continue
            self._check_that_silence_moved_it(challenge, change, at)
            challenge = change.challenge
            known = known or self._is_with_the_partnership(challenge, change)
            if known and challenge.procedure.is_top(challenge.offered or challenge.stage):
                return
        raise AssertionError("Two hundred clocks rang, and it never came to the top.")

    def _check_that_silence_moved_it(self, before: Challenge, change: Change, at: Moment) -> None:
        after, kind = change.challenge, change.entries[0].kind
        if kind is Happened.LAPSED:
            assert after.status is Status.OFFERED
            assert after.offered is not None
            assert after.offered > max(before.stage, before.offered or 0)
            assert not escalation.total_is_over(after, after.offered, at.now)
        elif kind is Happened.MOVED_ABOVE:
            assert before.offered is not None
            assert after.offered is not None
            assert after.offered > before.offered
            assert not before.accepted
        elif kind in (Happened.PROMPTED_NEXT, Happened.REACHED_WITH_ONE):
            [gone] = set(before.prompts) - set(after.prompts)
            [new] = set(after.prompts) - set(before.prompts)
            assert new.side is gone.side
            assert new.due > at.now
            if new.person == gone.person:
                assert self._others_of_the_partnership(after, new, at) == set()

    def _others_of_the_partnership(
        self, challenge: Challenge, prompt: Prompt, at: Moment
    ) -> set[PersonId]:
        """Who else could have been asked, besides whoever was."""
        taken = {one.person for one in challenge.answering}
        held = {*taken, *(challenge.held_before if challenge.offered is None else ())}
        busy = {U_RAISER, challenge.challenged, *held, *_asked(challenge)}
        able = {w for w in self.directory.partnership if self.directory.can_be_asked(w, at.today)}
        set_aside = {one.person for one in challenge.aside if one.side is prompt.side}
        return able - busy - set_aside - {prompt.person}

    def _is_with_the_partnership(self, challenge: Challenge, change: Change) -> bool:
        asked = {p.person for p in challenge.prompts}
        told = {n.kind for n in change.notices} & {Told.TOP_LAPSED, Told.NOBODY_FOUND}
        return bool(told or None in asked or asked & {*self.directory.partnership})

    # What must hold after every step

    @invariant()
    def an_open_challenge_has_a_clock_that_still_waits(self) -> None:
        deciding = [c for c in self._waiting() if meanwhile.MEANWHILE not in c.key]
        assert self.challenge.is_closed or deciding

    @invariant()
    def no_stage_is_extended_more_than_twice(self) -> None:
        assert max(Counter(self.challenge.extended).values(), default=0) <= agreement.EXTENSIONS

    @invariant()
    def what_keeps_the_person_safe_is_amber_or_has_its_day_still_to_come(self) -> None:
        if not (self.challenge.is_closed or meanwhile.is_wanting(self.challenge)):
            assert any(meanwhile.MEANWHILE in c.key for c in self._waiting())

    @invariant()
    def what_was_agreed_and_is_not_done_is_asked_after(self) -> None:
        owed = {str(number) for number, _ in follow_up.open_actions(self.challenge)}
        asked = [c.key.split(":") for c in self._waiting() if follow_up.OVERDUE in c.key]
        assert {key[2] for key in asked} == owed

    @invariant()
    def while_a_stage_is_offered_every_side_of_it_has_accepted_or_is_asked(self) -> None:
        challenge = self.challenge
        if challenge.status is Status.OFFERED:
            assert challenge.offered is not None
            top = challenge.procedure.is_top(challenge.offered)
            sides = [Side.PARTNERSHIP] if top else [Side.RAISING, Side.RECEIVING]
            answered = [one.side for one in challenge.accepted]
            assert sorted([*(p.side for p in challenge.prompts), *answered]) == sorted(sides)
            assert {p.stage for p in challenge.prompts} == {challenge.offered}
            assert challenge.offered > challenge.stage
            assert not answered or {p.side for p in challenge.prompts} - {*challenge.overdue}
        else:
            assert challenge.offered is None
            assert challenge.accepted == () or challenge.is_closed
            assert {p.stage for p in challenge.prompts} <= {challenge.stage}
            assert {p.side for p in challenge.prompts}.isdisjoint(h.side for h in challenge.holders)

    @invariant()
    def a_meeting_that_stands_in_calendars_is_the_stages_own(self) -> None:
        challenge, known = self.challenge, self.challenge.meeting
        if known and known.fixed and known.fixed > self.moment.now:
            held = None if challenge.is_closed else meeting_now(challenge)
            assert held == known

    @invariant()
    def nobody_answers_twice_over(self) -> None:
        holders = [one.person for one in self.challenge.answering]
        asked = [p.person for p in self.challenge.prompts if p.person]
        assert len(set(holders)) == len(holders)
        assert len(set(asked)) == len(asked)
        assert set(holders).isdisjoint(asked)

    @invariant()
    def nobody_is_waited_for_who_has_left(self) -> None:
        challenge = self.challenge
        if not challenge.is_closed:
            look = challenge.second_look
            waited_for = {*_asked(challenge), *(one.person for one in challenge.accepted)}
            waited_for |= {look.person} if look and look.person else set()
            running = challenge.status is Status.OPEN and challenge.stage > 1
            waited_for |= {*challenge.leads} if running else set()
            assert [who for who in waited_for if self.directory.has_left(who)] == []

    @invariant()
    def every_side_of_a_running_stage_has_somebody_or_somebody_is_asked(self) -> None:
        challenge = self.challenge
        if challenge.status is Status.OPEN:
            taken = {holder.side for holder in challenge.holders}
            asked = {prompt.side for prompt in challenge.prompts}
            assert {*escalation.sides(challenge, challenge.current)} <= taken | asked

    @invariant()
    def no_supporter_answers_for_the_other_side(self) -> None:
        answering = {(one.person, one.side) for one in self.challenge.answering}
        for supporter in self.challenge.supporters:
            other = support.OPPOSITE[supporter.side]
            assert (supporter.person, other) not in answering

    @invariant()
    def nobody_answers_who_was_set_aside_for_that_side(self) -> None:
        for one in self.challenge.aside:
            assert all(p.person != one.person for p in self.challenge.prompts if p.side is one.side)

    @invariant()
    def whoever_was_put_out_reads_no_more_and_is_asked_for_nothing(self) -> None:
        c = self.challenge
        out = {*c.out}
        assert out.isdisjoint({c.raised_by, c.challenged, *(s.person for s in c.supporters)})
        assert out.isdisjoint({*c.everyone, *c.told, *c.leads, *_asked(c)})
        owners = {action.who for action in actions_of(c)}
        deputies = {self.directory.deputy_of(who) for who in _asked(c)}
        for who in out - owners - deputies:
            assert not parts(c, self.directory, who)

    @invariant()
    def nobody_holds_two_successive_stages(self) -> None:
        for (_, before), (_, after) in zip(self.held, self.held[1:], strict=False):
            assert before.isdisjoint(after)

    @invariant()
    def neither_party_holds_a_later_stage(self) -> None:
        parties = {U_RAISER, self.challenge.challenged}
        assert all(parties.isdisjoint(people) for _, people in self.held[1:])

    @invariant()
    def an_unconfirmed_stage_is_never_reached(self) -> None:
        stages = self.challenge.procedure.stages
        confirmed = {stage.number for stage in stages if stage.confirmed} | {len(stages) + 1}
        assert self.challenge.stage in confirmed
        assert self.challenge.offered in {None, *confirmed}

    @invariant()
    def the_deadline_is_never_beyond_the_ceiling(self) -> None:
        assert self.challenge.due <= max(self._ceiling(), self.kept or self.challenge.raised_at)

    @invariant()
    def the_first_stages_take_no_longer_than_they_may_together(self) -> None:
        challenge, procedure = self.challenge, self.challenge.procedure
        ends = self._total_ends()
        if ends is None or challenge.is_closed or self.kept:
            return
        if challenge.status is Status.OPEN and procedure.is_in_total(challenge.stage):
            assert challenge.due <= ends or challenge.clock_set >= ends
        for prompt in challenge.prompts:
            within = prompt.due <= ends or prompt.since >= ends
            assert within or not procedure.is_in_total(prompt.stage)

    @invariant()
    def no_clock_of_working_days_ends_on_a_day_off(self) -> None:
        challenge = self.challenge
        if challenge.status is Status.OPEN and not self.kept:
            length = escalation.time_to_answer(challenge, challenge.current)
            ends = self.moment.calendar.local(challenge.due).date()
            at_once = length.by_the_clock or challenge.due == self._total_ends()
            assert at_once or self.moment.calendar.is_working_day(ends)

    @invariant()
    def whoever_could_read_it_still_can_and_whoever_answers_was_invited(self) -> None:
        for reader in self.readers:
            assert parts(self.challenge, self.directory, reader)
        assert {*self.challenge.leads, *_asked(self.challenge)} <= self.invited

    # How a step is taken

    def tries(self, by: PersonId, act: Any, days: int, words: str) -> None:
        before = self.challenge
        facts = {"days": days, "words": words}
        try:
            change = act(before, self.moment, self.directory, by, facts)
        except Refusal:
            return  # values are frozen: what was refused has changed nothing
        assert by in self._on_it()
        assert change.entries[0].by == by
        self._happened(change)

    def _on_it(self) -> set[PersonId]:
        """Whoever may act at all."""
        asked = _asked(self.challenge)
        deputies = {d for who in asked if (d := self.directory.deputy_of(who))}
        owners = {action.who for action in actions_of(self.challenge)}
        return self.readers | asked | deputies | owners

    def _rings(self, clock: Clock) -> None:
        self.acted_on.add(clock.key)
        change = fall_due(self.challenge, self.moment, self.directory, key=clock.key)
        if change:
            assert change.entries[0].by is None
            self._happened(change)

    def _happened(self, change: Change) -> None:
        before, after = self.challenge, change.challenge
        assert change.entries
        self._check_that_whoever_is_put_out_hears_it(before, change)
        opened_again = change.entries[-1].kind is Happened.REOPENED
        assert not before.is_closed or after.status is before.status or opened_again
        assert not opened_again or after.stage == before.stage
        assert not opened_again or after.status is Status.OPEN or after.urgent
        assert after.turn >= before.turn
        assert after.prompted >= before.prompted
        self._check_that_nothing_put_was_altered(before, change)
        kinds = [entry.kind for entry in change.entries]
        assert after.stage == before.stage or kinds in (
            [Happened.ACCEPTED],
            [Happened.REACHED_WITH_ONE],
            [Happened.PROCEDURE_MOVED],
        )
        self._check_that_the_record_explains_it(before, change)
        assert after.is_closed == before.is_closed or kinds in (
            [Happened.SETTLED],
            [Happened.WITHDRAWN],
            [Happened.REOPENED],
            [Happened.OPINION_ACKNOWLEDGED, Happened.SETTLED],
            [Happened.FOLLOWED_THROUGH, Happened.REOPENED],
        )
        self.challenge = after
        self._keep_account(change, kinds)

    def _check_that_whoever_is_put_out_hears_it(self, before: Challenge, change: Change) -> None:
        """They leave the channel and are told, each once; whoever is not on it hears nothing."""
        left = [n.about for n in change.notices if n.kind is Told.TAKE_OUT]
        out = {*change.challenge.out} - {*before.out}
        assert sorted(map(str, left)) == sorted(out & {*before.everyone})
        words = [n.to for n in change.notices if n.kind in (Told.SET_ASIDE, Told.GONE_PAST)]
        assert sorted(map(str, words)) == sorted(out & {*before.everyone, *before.told})

    def _check_that_nothing_put_was_altered(self, before: Challenge, change: Change) -> None:
        """Positions and voices are only added to, each by somebody of its own side."""
        after, by = change.challenge, change.entries[0].by
        assert after.positions[: len(before.positions)] == before.positions
        assert after.voices[: len(before.voices)] == before.voices
        assert len(after.meanwhiles) >= len(before.meanwhiles)
        for put in after.positions[len(before.positions) :]:
            assert (put.by, put.side) == (by, before.side_of(put.by))

    def _check_that_the_record_explains_it(self, before: Challenge, change: Change) -> None:
        """Whoever reads the entry learns which stage has it or is offered, by which procedure."""
        after, said = change.challenge, " ".join(entry.summary for entry in change.entries)
        moved = change.entries[0].kind is Happened.PROCEDURE_MOVED
        assert moved or after.stage >= before.stage
        if (after.stage, after.offered) != (before.stage, before.offered) and not after.is_closed:
            assert re.search(rf"tage {after.offered or after.stage}\b", said)
        if after.procedure.version != before.procedure.version:
            assert moved
            assert after.procedure.version in said
        if after.urgent and not before.urgent:
            assert "urgent route" in said

    def _keep_account(self, change: Change, kinds: list[Happened]) -> None:
        after = self.challenge
        self.moment = replace(self.moment, calendar=after.procedure.calendar)
        if Happened.PROCEDURE_MOVED in kinds:
            self.held = [(0, people) for _, people in self.held[:-1]] + [
                (after.stage, self.held[-1][1])
            ]
            self.kept = after.due
        elif self.held[-1][0] != after.stage:
            self.held.append((after.stage, set()))
            self.began, self.kept = self.moment.now, None
        if {Happened.TOP_LAPSED, Happened.REOPENED} & {*kinds}:
            self.began, self.kept = self.moment.now, None
        if self.kept and Happened.RECKONED_ANEW in kinds:
            self.kept = after.due
        self.held[-1][1].update(after.leads)
        self.readers |= {*after.everyone, *after.told, *after.leads}
        self.readers -= {*after.out}
        self.invited -= {*after.out}
        self.invited |= {n.about for n in change.notices if n.kind is Told.INVITE and n.about}
        if {Happened.GONE, Happened.TOP_LAPSED} & {*kinds}:
            self._check_that_each_side_is_heard()
        if Happened.REMINDED in kinds:
            self._check_reminder(change)

    def _check_that_each_side_is_heard(self) -> None:
        """At the top, where no side has a lead, whoever has left leaves somebody behind: their own
        line manager at the least, who is there today and has no other part in it."""
        challenge = self.challenge
        sides = (Side.RAISING, Side.RECEIVING) if challenge.at_top else ()
        others = {*challenge.held_before, *(one.person for one in challenge.aside)}
        others |= {*challenge.everyone, *challenge.out, *challenge.leads}
        for side in sides:
            person = self.directory.person(challenge.practitioner(side))
            boss = person.line_manager if person else None
            there = boss and self.directory.can_be_asked(boss, self.moment.today)
            left = [self.directory.has_left(who) for who in speakers(challenge, side)]
            assert not all(left) or not there or boss in others

    def _check_reminder(self, change: Change) -> None:
        [mark] = [n.mark for n in change.notices if n.kind is Told.REMINDER]
        assert self.moment.is_open or self.challenge.urgent
        assert self.moment.now < self.challenge.due
        for person in mark.split():
            self.reminded[PersonId(person), self.moment.today] += 1
        assert max(self.reminded.values()) == 1

    def _ceiling(self) -> datetime:
        """The most that the procedure gives this stage, whatever was agreed."""
        return self.moment.calendar.after(self.began, self.challenge.current.longest)

    def _total_ends(self) -> datetime | None:
        return self.challenge.procedure.total_ends(self.challenge.raised_at)

    def _waiting(self) -> list[Clock]:
        return [c for c in clocks(self.challenge) if c.key not in self.acted_on]


def _deciding(challenge: Challenge) -> list[Clock]:
    """Those that move it on; reminders and what follows the end are not among them."""
    kinds = {"accept", "lapse", "second"}
    return [clock for clock in clocks(challenge) if clock.key.split(":")[1] in kinds]


def _asked(challenge: Challenge) -> set[PersonId]:
    return {prompt.person for prompt in challenge.prompts if prompt.person}


def _step(act: Act) -> Callable[..., None]:
    """A step of its own for each act, so that every story is rich in some of them."""

    @precondition(lambda story: act in story.able())
    @rule(who=pick, how=pick, days=pick, words=words)
    def tries(story: Story, who: int, how: int, days: int, words: str) -> None:
        people, rules = story.able()[act], PLAYED[act]
        story.tries(people[who % len(people)], rules[how % len(rules)], days % 12 - 1, words)

    return tries


for act in PLAYED:
    setattr(Story, f"somebody_may_{act.name.lower()}", _step(act))

Story.TestCase.settings = settings(max_examples=80, stateful_step_count=50, deadline=None)
TestAnyStory = Story.TestCase


def test_every_rule_is_played_by_somebody_or_happens_in_some_story():
    told = called_in(played, sys.modules[__name__])

    assert acts() - told == set()
    assert happenings() - told - called_in(deadlines) - BY_A_CLOCK == set()


# A reminder is a clock of the same file's; every end is brought about by an act.
BY_A_CLOCK = {"deadlines.remind", "resolution.closed"}


def test_every_act_of_the_table_of_rights_is_played_or_it_is_said_why_not():
    assert {*PLAYED}.isdisjoint(NOT_PLAYED)
    assert {*PLAYED, *NOT_PLAYED} == set(Act)
