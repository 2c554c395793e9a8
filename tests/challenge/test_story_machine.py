"""Any story at all: whoever does whatever, whenever, and however late the bot wakes up.

Hypothesis makes the stories up. After each step everything that must hold of every challenge is
looked at again; what the rules say is never taken as the measure of what they do.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from challenge import (
    absence,
    aftercare,
    agreement,
    conflict,
    escalation,
    excerpt,
    follow_up,
    meanwhile,
    meeting,
    outside,
    people,
    position,
    resolution,
    response,
    review,
    scrutiny,
    space,
    support,
    voice,
)
from challenge.deadlines import clocks, fall_due
from challenge.directory import Away, Directory
from challenge.model import (
    AgreedAction,
    Challenge,
    Change,
    Clock,
    Happened,
    Heard,
    Outcome,
    PersonId,
    Prompt,
    Safety,
    Side,
    Status,
    Told,
    Went,
)
from challenge.moment import Moment
from challenge.procedure import Procedure
from challenge.refusals import AlreadyHeard, Refusal
from challenge.rights import Act, actions_of, parts, speakers
from tests.makers import (
    FRIDAY_TEN,
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

EVERYBODY = (*(p.id for p in PEOPLE), U_UNIT, U_COORDINATOR, U_SCRUTINEER, U_GUEST)
PARTNERSHIP = (U_UNIT, U_COORDINATOR, U_SCRUTINEER, U_RAISING_SENIOR, U_CHALLENGED)
# First and last day of leave, from today.
Leave = tuple[tuple[int, int], ...]
LEAVES: tuple[Leave, ...] = ((), (), ((0, 3),), ((0, 30),), ((1, 20),), ((3, 3),))
A_FORTNIGHT = (Away(date(2026, 3, 6), date(2026, 3, 20)),)
PROCEDURES = (
    a_procedure(),
    a_procedure(urgent=None),
    a_procedure(urgent={"start_at": "Inter-agency meeting", "answer_within": "90 minutes"}),
    a_procedure(stage=[{**each, "answer_within": "20 hours"} for each in PROCEDURE["stage"][:2]]),
)

pick = st.integers(0, 999)
words = st.sampled_from(["", "Because it matters.", "Because it matters."])

Facts = Mapping[str, Any]
Rule = Callable[[Challenge, Moment, Directory, PersonId, Facts], Change]


@st.composite
def directories(draw: st.DrawFn) -> Directory:
    """Deputies who stand in across every line, people on leave, people gone, a thin partnership."""
    people = tuple(
        replace(
            person,
            deputy=draw(st.none() | st.sampled_from(EVERYBODY)),
            away=draw(st.sampled_from([(), (), (), A_FORTNIGHT])),
            active=person.id == U_RAISER or draw(st.sampled_from([True, True, True, False])),
        )
        for person in PEOPLE
    )
    some = st.lists(st.sampled_from(PARTNERSHIP), unique=True, max_size=3).map(tuple)
    return a_directory(
        people=people, business_unit=draw(some), coordinators=draw(some), scrutineer=draw(some)
    )


def propose_settlement(c: Challenge, m: Moment, d: Directory, by: PersonId, f: Facts) -> Change:
    action = AgreedAction(f["words"], by, m.today + timedelta(days=f["days"]))
    return resolution.propose_settlement(
        c, m, d, by=by, outcome=Outcome.CHANGED, how=f["words"], actions=(action,) * (f["days"] % 3)
    )


def confirm_settlement(c: Challenge, m: Moment, d: Directory, by: PersonId, f: Facts) -> Change:
    return resolution.confirm_settlement(c, m, d, by=by)


def propose_date(c: Challenge, m: Moment, d: Directory, by: PersonId, f: Facts) -> Change:
    day = m.today + timedelta(days=f["days"])
    facts = {"because": f["words"], "safety": Safety(danger=f["days"] == 7)}
    return agreement.propose_date(c, m, d, by=by, day=day, **facts)


def accept_date(c: Challenge, m: Moment, d: Directory, by: PersonId, f: Facts) -> Change:
    return agreement.accept_date(c, m, d, by=by, safety=Safety(danger=f["days"] == 7))


def put_position(c: Challenge, m: Moment, d: Directory, by: PersonId, f: Facts) -> Change:
    words = dict.fromkeys(position.QUESTIONS, str(f["words"]))
    return position.put(c, m, d, by=by, **words)


def set_meanwhile(c: Challenge, m: Moment, d: Directory, by: PersonId, f: Facts) -> Change:
    until = m.today + timedelta(days=f["days"])
    return meanwhile.set_meanwhile(c, m, d, by=by, what=f["words"], who="The school", until=until)


def add_voice(c: Challenge, m: Moment, d: Directory, by: PersonId, f: Facts) -> Change:
    return voice.add(c, m, d, by=by, answer=list(Heard)[f["days"] % 3], said=f["words"])


def bring_supporter(c: Challenge, m: Moment, d: Directory, by: PersonId, f: Facts) -> Change:
    supporter = EVERYBODY[5 * f["days"] % len(EVERYBODY)]
    return support.bring_supporter(c, m, d, by=by, supporter=supporter)


def add_excerpt(c: Challenge, m: Moment, d: Directory, by: PersonId, f: Facts) -> Change:
    return excerpt.add(c, m, d, by=by, text=f["words"], author=by, written=m.now, altered=False)


def propose_attendees(c: Challenge, m: Moment, d: Directory, by: PersonId, f: Facts) -> Change:
    whom = (EVERYBODY[7 * f["days"] % len(EVERYBODY)],)
    return meeting.propose_attendees(c, m, d, by=by, people=whom)


def fix_time(c: Challenge, m: Moment, d: Directory, by: PersonId, f: Facts) -> Change:
    times = c.meeting.times if c.meeting and c.meeting.times else (m.now,)
    return meeting.fix_time(c, m, d, by=by, at=times[f["days"] % len(times)])


def record_minutes(c: Challenge, m: Moment, d: Directory, by: PersonId, f: Facts) -> Change:
    said = {"discussion": f["words"], "agreed": "", "outstanding": "", "next_steps": "Visit."}
    return meeting.record_minutes(c, m, d, by=by, **said)


def offer_times(c: Challenge, m: Moment, d: Directory, by: PersonId, f: Facts) -> Change:
    times = tuple(m.now + timedelta(hours=f["days"] * n) for n in (1, 2))
    return meeting.offer_times(c, m, d, by=by, times=times, place=f["words"])


def give_opinion(c: Challenge, m: Moment, d: Directory, by: PersonId, f: Facts) -> Change:
    return scrutiny.give_opinion(
        c,
        m,
        d,
        by=by,
        opinion=f["words"],
        reasons="Because.",
        actions=(AgreedAction("Visit.", by, m.today + timedelta(days=f["days"])),),
    )


def escalate(c: Challenge, m: Moment, d: Directory, by: PersonId, f: Facts) -> Change:
    return escalation.escalate(c, m, d, by=by, because=f["words"])


def accept(c: Challenge, m: Moment, d: Directory, by: PersonId, f: Facts) -> Change:
    return escalation.accept(c, m, d, by=by, line=f["words"])


def decline(c: Challenge, m: Moment, d: Directory, by: PersonId, f: Facts) -> Change:
    return escalation.decline(c, m, d, by=by, because=f["words"])


def withdraw(c: Challenge, m: Moment, d: Directory, by: PersonId, f: Facts) -> Change:
    return resolution.withdraw(c, m, d, by=by, because=f["words"])


def tick_off(c: Challenge, m: Moment, d: Directory, by: PersonId, f: Facts) -> Change:
    return follow_up.tick_off(c, m, d, by=by, number=f["days"] % 3, evidence=f["words"])


def propose_new_day(c: Challenge, m: Moment, d: Directory, by: PersonId, f: Facts) -> Change:
    day, number = m.today + timedelta(days=f["days"]), f["days"] % 3
    return follow_up.propose_new_day(c, m, d, by=by, number=number, day=day, because=f["words"])


def agree_new_day(c: Challenge, m: Moment, d: Directory, by: PersonId, f: Facts) -> Change:
    return follow_up.agree_new_day(c, m, d, by=by, number=f["days"] % 3)


def follow_through(c: Challenge, m: Moment, d: Directory, by: PersonId, f: Facts) -> Change:
    went = list(Went)[f["days"] % 3]
    return follow_up.follow_through(c, m, d, by=by, went=went, line=f["words"])


def sign(c: Challenge, m: Moment, d: Directory, by: PersonId, f: Facts) -> Change:
    return follow_up.sign(c, m, d, by=by, dissent=f["words"] if f["days"] % 2 else None)


def reopen(c: Challenge, m: Moment, d: Directory, by: PersonId, f: Facts) -> Change:
    return follow_up.reopen(c, m, d, by=by, because=f["words"])


def escalate_in_danger(c: Challenge, m: Moment, d: Directory, by: PersonId, f: Facts) -> Change:
    safety = Safety(danger=f["days"] % 2 == 0)
    return escalation.escalate(c, m, d, by=by, because=f["words"], safety=safety)


def accept_in_danger(c: Challenge, m: Moment, d: Directory, by: PersonId, f: Facts) -> Change:
    safety = Safety(danger=f["days"] % 2 == 0)
    return escalation.accept(c, m, d, by=by, line=f["words"], safety=safety)


def record_review(c: Challenge, m: Moment, d: Directory, by: PersonId, f: Facts) -> Change:
    justified = f["days"] % 2 == 0
    return review.record_review(c, m, d, by=by, justified=justified, because=f["words"])


def review_again(c: Challenge, m: Moment, d: Directory, by: PersonId, f: Facts) -> Change:
    justified = f["days"] % 2 == 0
    return review.review_again(c, m, d, by=by, justified=justified, because=f["words"])


def flag_conflict(c: Challenge, m: Moment, d: Directory, by: PersonId, f: Facts) -> Change:
    people = conflict.may_be_flagged(c) or (by,)
    about = people[f["days"] % len(people)]
    return conflict.flag_conflict(c, m, d, by=by, about=about, because=f["words"])


def settle_conflict(c: Challenge, m: Moment, d: Directory, by: PersonId, f: Facts) -> Change:
    number = c.conflicts[0].number if c.conflicts else 1
    upheld = f["days"] % 3 > 0
    return conflict.settle_conflict(
        c, m, d, by=by, number=number, upheld=upheld, because=f["words"]
    )


ANSWERS = (accept, decline, accept_in_danger)
AFTERWARDS = (tick_off, propose_new_day, agree_new_day, follow_through, sign, reopen)

# What people do, each by its rule.
PLAYED: Mapping[Act, tuple[Rule, ...]] = {
    Act.PROPOSE_DATE: (propose_date,),
    Act.ACCEPT_DATE: (accept_date,),
    Act.PUT_POSITION: (put_position,),
    Act.CHANGE_DECISION: (lambda c, m, d, by, f: position.change_decision(c, m, d, by=by),),
    Act.SET_MEANWHILE: (set_meanwhile,),
    Act.ADD_VOICE: (add_voice,),
    Act.MARK_SEEN: (
        lambda c, m, d, by, f: response.mark_seen(c, m, d, by=by),
        lambda c, m, d, by, f: response.take_back_seen(c, m, d, by=by),
        lambda c, m, d, by, f: response.offer_act(c, m, d, by=by, act=Act.ESCALATE),
    ),
    Act.ASK_SUPPORT: (lambda c, m, d, by, f: response.ask_support(c, m, d, by=by),),
    Act.BRING_SUPPORTER: (bring_supporter,),
    Act.ADD_EXCERPT: (add_excerpt,),
    Act.DECLARE_RISK: (
        lambda c, m, d, by, f: response.declare_risk(c, m, d, by=by, because=f["words"]),
    ),
    Act.ESCALATE: (escalate, escalate_in_danger),
    Act.ACCEPT: (accept, accept_in_danger),
    Act.DECLINE: (decline,),
    Act.GO_PAST_LINE: (lambda c, m, d, by, f: outside.go_past_line(c, m, d, by=by),),
    Act.REVIEW: (record_review,),
    Act.ASK_REVIEW_AGAIN: (lambda c, m, d, by, f: review.ask_review_again(c, m, d, by=by),),
    Act.REVIEW_AGAIN: (review_again,),
    Act.FLAG_CONFLICT: (flag_conflict,),
    Act.SETTLE_CONFLICT: (settle_conflict,),
    Act.PROPOSE_SETTLEMENT: (propose_settlement,),
    Act.CONFIRM_SETTLEMENT: (confirm_settlement,),
    Act.DECLINE_SETTLEMENT: (
        lambda c, m, d, by, f: resolution.decline_settlement(c, m, d, by=by, because=f["words"]),
    ),
    Act.PROPOSE_ATTENDEES: (propose_attendees,),
    Act.AGREE_ATTENDEES: (lambda c, m, d, by, f: meeting.agree_attendees(c, m, d, by=by),),
    Act.OFFER_TIMES: (offer_times,),
    Act.ANSWER_TIMES: (
        lambda c, m, d, by, f: meeting.answer_times(
            c, m, d, by=by, times=c.meeting.times if c.meeting else ()
        ),
    ),
    Act.FIX_TIME: (fix_time,),
    Act.RECORD_MINUTES: (record_minutes,),
    Act.DOUBT_MEETING: (lambda c, m, d, by, f: meeting.doubt(c, m, d, by=by, because=f["words"]),),
    Act.SECOND_OPINION: (
        lambda c, m, d, by, f: meeting.agree_no_meeting(c, m, d, by=by, because=f["words"]),
        lambda c, m, d, by, f: meeting.call_meeting_needed(c, m, d, by=by, because=f["words"]),
    ),
    Act.GIVE_OPINION: (give_opinion,),
    Act.ACKNOWLEDGE: (lambda c, m, d, by, f: scrutiny.acknowledge(c, m, d, by=by),),
}
ACTS = tuple(rule for rules in PLAYED.values() for rule in rules)
# Played by a step of their own, for they need a challenge that has ended, or a later stage.
APART = {
    Act.WITHDRAW,
    Act.TICK_OFF,
    Act.MOVE_ACTION,
    Act.AGREE_NEW_DAY,
    Act.FOLLOW_THROUGH,
    Act.SIGN,
    Act.REOPEN,
    Act.CONFIDE,
}
READING = {Act.SEE, Act.READ_PACK}


class Story(RuleBasedStateMachine):
    """One challenge, a moment that only moves on, and everything seen so far."""

    challenge: Challenge
    moment: Moment
    directory: Directory

    @initialize(
        directory=directories(),
        procedure=st.sampled_from(PROCEDURES),
        challenged=st.sampled_from(
            [U_CHALLENGED, U_CHALLENGED, U_RAISING_COLLEAGUE, U_RAISING_MANAGER, U_GUEST]
        ),
        danger=st.sampled_from([False, False, True]),
        hours=st.integers(0, 200),
    )
    def somebody_raises_it(
        self,
        directory: Directory,
        procedure: Procedure,
        challenged: PersonId,
        danger: bool,
        hours: int,
    ) -> None:
        now = FRIDAY_TEN.now + timedelta(hours=hours)
        self.moment = Moment(now, procedure.calendar)
        self.directory = directory
        self.challenge = a_raised_challenge(
            self.moment,
            directory,
            procedure=procedure,
            challenged=challenged,
            safety=Safety(danger=danger),
        )
        self.acted_on: set[str] = set()
        self.held: list[tuple[int, set[PersonId]]] = [(1, set(self.challenge.leads))]
        self.reminded: Counter[tuple[PersonId, date]] = Counter()
        self.readers = {*self.challenge.everyone}
        self.invited = {U_RAISER, challenged, *_asked(self.challenge)}
        self.ceiling = self._ceiling()

    # What people do

    @rule(by=st.sampled_from(EVERYBODY), act=st.sampled_from(ACTS), days=pick, words=words)
    def anybody_tries_anything(self, by: PersonId, act: Any, days: int, words: str) -> None:
        self._tries(by, act, days % 12 - 1, words)

    @rule(who=pick, act=st.sampled_from(ACTS), days=pick, words=words)
    def somebody_on_it_tries_anything(self, who: int, act: Any, days: int, words: str) -> None:
        people = sorted({*self.challenge.everyone, *self.challenge.told})
        self._tries(people[who % len(people)], act, days % 12 - 1, words)

    @precondition(lambda self: bool(_asked(self.challenge)))
    @rule(who=pick, as_deputy=st.booleans(), act=st.sampled_from(ANSWERS))
    def somebody_who_was_asked_answers(self, who: int, as_deputy: bool, act: Any) -> None:
        people = sorted(_asked(self.challenge))
        by = people[who % len(people)]
        by = (self.directory.deputy_of(by) or by) if as_deputy else by
        self._tries(by, act, 0, "I will call both today.")

    @precondition(lambda self: self.challenge.status is Status.OPEN and self.challenge.stage < 3)
    @rule(who=pick)
    def a_lead_asks_for_the_next_stage(self, who: int) -> None:
        people = self.challenge.leads
        self._tries(people[who % len(people)], escalate, 0, "It cannot wait.")

    @precondition(lambda self: not self.challenge.is_closed)
    @rule(days=pick)
    def the_two_sides_settle_it(self, days: int) -> None:
        self._tries(U_RAISER, propose_settlement, days % 12, "We agreed what to do.")
        proposed = self.challenge.settlement
        if proposed and proposed.proposed_by == U_RAISER:
            self._tries(self.challenge.challenged, confirm_settlement, 0, "Yes.")

    @precondition(lambda self: self.challenge.is_closed)
    @rule(who=pick, act=st.sampled_from(AFTERWARDS), days=pick, words=words)
    def somebody_follows_it_up(self, who: int, act: Any, days: int, words: str) -> None:
        owners = {action.who for action in actions_of(self.challenge)}
        people = sorted({U_RAISER, self.challenge.challenged, *self.challenge.leads, *owners})
        self._tries(people[who % len(people)], act, days % 12, words)

    @precondition(lambda self: self.challenge.stage > 1)
    @rule(words=words)
    def the_raiser_withdraws(self, words: str) -> None:
        self._tries(U_RAISER, withdraw, 0, words)

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
        self.directory = replace(before, people=changed)
        gone = people.became_inactive(before, self.directory)
        self._absent(absence.gone if gone else absence.leave_set, person)

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
        while missed := [c for c in self._waiting() if c.due <= self.moment.now]:
            for clock in sorted(missed, key=lambda c: c.due):
                self._rings(clock)

    @precondition(lambda self: not self.challenge.is_closed)
    @rule()
    def if_nobody_ever_answers_it_moves_up_to_the_top_and_the_partnership_knows(self) -> None:
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
            assert after.offered > before.stage
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
        return able - busy - {prompt.person}

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
    def nobody_holds_two_successive_stages(self) -> None:
        for (stage, before), (later, after) in zip(self.held, self.held[1:], strict=False):
            assert stage < later
            assert before.isdisjoint(after)

    @invariant()
    def neither_party_holds_a_later_stage(self) -> None:
        parties = {U_RAISER, self.challenge.challenged}
        assert all(parties.isdisjoint(people) for stage, people in self.held if stage > 1)

    @invariant()
    def an_unconfirmed_stage_is_never_reached(self) -> None:
        stages = self.challenge.procedure.stages
        confirmed = {stage.number for stage in stages if stage.confirmed} | {len(stages) + 1}
        assert self.challenge.stage in confirmed
        assert self.challenge.offered in {None, *confirmed}

    @invariant()
    def the_deadline_is_never_beyond_the_ceiling(self) -> None:
        assert self.challenge.due <= self.ceiling

    @invariant()
    def whoever_could_read_it_still_can_and_whoever_answers_was_invited(self) -> None:
        for reader in self.readers:
            assert parts(self.challenge, self.directory, reader)
        assert {*self.challenge.leads, *_asked(self.challenge)} <= self.invited

    # How a step is taken

    def _tries(self, by: PersonId, act: Any, days: int, words: str) -> None:
        before = self.challenge
        facts = {"days": days, "words": words}
        try:
            change = act(before, self.moment, self.directory, by, facts)
        except Refusal:
            return  # values are frozen: what was refused has changed nothing
        assert by in self._who_may_act_at_all(before)
        assert change.entries[0].by == by
        self._happened(change)

    def _who_may_act_at_all(self, challenge: Challenge) -> set[PersonId]:
        asked = _asked(challenge)
        deputies = {d for who in asked if (d := self.directory.deputy_of(who))}
        owners = {action.who for action in actions_of(challenge)}
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
        opened_again = change.entries[-1].kind is Happened.REOPENED
        assert not before.is_closed or after.status is before.status or opened_again
        assert not opened_again or (after.status, after.stage) == (Status.OPEN, before.stage)
        assert after.turn >= before.turn
        assert after.prompted >= before.prompted
        assert after.stage >= before.stage
        self._check_that_nothing_put_was_altered(before, change)
        kinds = [entry.kind for entry in change.entries]
        assert after.stage == before.stage or kinds in (
            [Happened.ACCEPTED],
            [Happened.REACHED_WITH_ONE],
        )
        assert after.is_closed == before.is_closed or kinds in (
            [Happened.SETTLED],
            [Happened.WITHDRAWN],
            [Happened.REOPENED],
            [Happened.FOLLOWED_THROUGH, Happened.REOPENED],
        )
        self.challenge = after
        self._keep_account(change, kinds)

    def _check_that_nothing_put_was_altered(self, before: Challenge, change: Change) -> None:
        """Positions and voices are only added to, each by somebody of its own side."""
        after, by = change.challenge, change.entries[0].by
        assert after.positions[: len(before.positions)] == before.positions
        assert after.voices[: len(before.voices)] == before.voices
        assert len(after.meanwhiles) >= len(before.meanwhiles)
        for put in after.positions[len(before.positions) :]:
            assert (put.by, put.side) == (by, before.side_of(put.by))

    def _keep_account(self, change: Change, kinds: list[Happened]) -> None:
        after = self.challenge
        if self.held[-1][0] != after.stage:
            self.held.append((after.stage, set()))
            self.ceiling = self._ceiling()
        if {Happened.TOP_LAPSED, Happened.REOPENED} & {*kinds}:
            self.ceiling = self._ceiling()
        self.held[-1][1].update(after.leads)
        self.readers |= {*after.everyone, *after.told, *after.leads}
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
        others |= {*challenge.everyone, *challenge.leads}
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
        """From now, the most that the procedure gives this stage, whatever was agreed."""
        stage = self.challenge.current
        return self.moment.deadline(stage.longest)

    def _waiting(self) -> list[Clock]:
        return [c for c in clocks(self.challenge) if c.key not in self.acted_on]


def _asked(challenge: Challenge) -> set[PersonId]:
    return {prompt.person for prompt in challenge.prompts if prompt.person}


Story.TestCase.settings = settings(max_examples=100, stateful_step_count=50, deadline=None)
TestAnyStory = Story.TestCase


def test_every_act_is_played_in_some_story():
    assert {*PLAYED, *APART, *READING} == set(Act)
