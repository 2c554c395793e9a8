"""Every act by its rule, filled in from few facts, for stories that nobody has thought of."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from challenge import (
    agreement,
    conflict,
    escalation,
    excerpt,
    follow_up,
    meanwhile,
    meeting,
    outside,
    position,
    resolution,
    response,
    review,
    scrutiny,
    support,
    voice,
)
from challenge.directory import Directory
from challenge.model import (
    AgreedAction,
    Challenge,
    Change,
    Heard,
    Outcome,
    PersonId,
    Safety,
    Went,
)
from challenge.moment import Moment
from challenge.rights import Act
from tests.makers import PEOPLE, U_COORDINATOR, U_GUEST, U_SCRUTINEER, U_UNIT

EVERYBODY = (*(p.id for p in PEOPLE), U_UNIT, U_COORDINATOR, U_SCRUTINEER, U_GUEST)

Facts = Mapping[str, Any]
Rule = Callable[[Challenge, Moment, Directory, PersonId, Facts], Change]


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


def agree_no_meeting(c: Challenge, m: Moment, d: Directory, by: PersonId, f: Facts) -> Change:
    safety = Safety(danger=f["days"] == 7)
    return meeting.agree_no_meeting(c, m, d, by=by, because=f["words"], safety=safety)


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


def offer_act(c: Challenge, m: Moment, d: Directory, by: PersonId, f: Facts) -> Change:
    return response.offer_act(c, m, d, by=by, act=list(Act)[f["days"] * 4 % len(Act)])


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
    went, safety = list(Went)[f["days"] % 3], Safety(danger=f["days"] == 7)
    return follow_up.follow_through(c, m, d, by=by, went=went, line=f["words"], safety=safety)


def sign(c: Challenge, m: Moment, d: Directory, by: PersonId, f: Facts) -> Change:
    return follow_up.sign(c, m, d, by=by, dissent=f["words"] if f["days"] % 2 else None)


def reopen(c: Challenge, m: Moment, d: Directory, by: PersonId, f: Facts) -> Change:
    safety = Safety(danger=f["days"] == 7)
    return follow_up.reopen(c, m, d, by=by, because=f["words"], safety=safety)


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
        offer_act,
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
        agree_no_meeting,
        lambda c, m, d, by, f: meeting.call_meeting_needed(c, m, d, by=by, because=f["words"]),
    ),
    Act.GIVE_OPINION: (give_opinion,),
    Act.ACKNOWLEDGE: (lambda c, m, d, by, f: scrutiny.acknowledge(c, m, d, by=by),),
    Act.WITHDRAW: (withdraw,),
    Act.TICK_OFF: (tick_off,),
    Act.MOVE_ACTION: (propose_new_day,),
    Act.AGREE_NEW_DAY: (agree_new_day,),
    Act.FOLLOW_THROUGH: (follow_through,),
    Act.SIGN: (sign,),
    Act.REOPEN: (reopen,),
}
ACTS = tuple(rule for rules in PLAYED.values() for rule in rules)
NOT_PLAYED = {
    Act.SEE: "reading changes nothing",
    Act.READ_PACK: "reading changes nothing",
    Act.MOVE_PROCEDURE: "a coordinator need not be on it; a step of its own plays it",
    Act.CONFIDE: "what is confided is no part of the challenge; a step of its own plays it",
}
