"""The situations that a challenge comes to, who stands where in them, and each act by its rule."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import cache

from challenge import (
    aftercare,
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
    space,
    support,
    version,
    voice,
)
from challenge.directory import Agency, Away, Directory
from challenge.model import (
    AgreedAction,
    Challenge,
    Change,
    Heard,
    Involved,
    Outcome,
    PersonId,
    Reminded,
    Safety,
    Side,
    Went,
)
from challenge.rights import Act, refuse_unless_may
from tests.makers import (
    CSC,
    FRIDAY_TEN,
    NHS,
    OAK,
    U_CHALLENGED,
    U_COORDINATOR,
    U_GUEST,
    U_OTHER_MANAGER,
    U_OTHER_PRACTITIONER,
    U_RAISER,
    U_RAISING_COLLEAGUE,
    U_RAISING_DEPUTY,
    U_RAISING_SAFEGUARDER,
    U_RAISING_SENIOR,
    U_RECEIVING_COLLEAGUE,
    U_RECEIVING_DEPUTY,
    U_RECEIVING_MANAGER,
    U_RECEIVING_SAFEGUARDER,
    U_RECEIVING_SENIOR,
    U_SCRUTINEER,
    U_UNIT,
    a_challenge,
    a_directory,
    a_moment,
    a_person,
    a_procedure,
    the_person,
)

U_DECLINER = PersonId("UDECLINER")
U_AWAY = PersonId("UAWAY")
U_CONFLICTED = PersonId("UCONFLICTED")
U_ATTENDEE = PersonId("UATTENDEE")
U_TOLD = PersonId("UTOLD")

# The raiser's own manager is asked first and declines; their deputy is away, so the safeguarding
# lead is asked. Whom social care names for its safeguarding lead has a conflict of interest.
DIRECTORY = a_directory(
    a_person(U_RAISER, line_manager=U_DECLINER),
    a_person(U_DECLINER, role="line manager", deputy=U_AWAY),
    a_person(U_AWAY, role="assistant head", away=(Away(date(2026, 3, 2), date(2026, 3, 13)),)),
    a_person(U_CONFLICTED, CSC, role="head of service"),
    a_person(U_ATTENDEE, NHS),
    the_person(U_RAISING_SAFEGUARDER, deputy=U_RAISING_DEPUTY),
    the_person(U_RECEIVING_MANAGER, away=(Away(date(2026, 4, 13), date(2026, 4, 17)),)),
    agencies=(
        Agency(OAK, "Oak School"),
        Agency(CSC, "Children's Social Care", (("safeguarding lead", U_CONFLICTED),)),
        Agency(NHS, "Health Trust"),
    ),
    business_unit=(U_UNIT, U_TOLD),
)

# Everybody, by what they come to be on the way from stage one to the top.
PEOPLE: dict[str, PersonId] = {
    "raiser": U_RAISER,
    "challenged": U_CHALLENGED,
    "raising manager": U_RAISING_SAFEGUARDER,
    "receiving manager": U_RECEIVING_MANAGER,
    "raising deputy": U_RAISING_DEPUTY,
    "receiving deputy": U_RECEIVING_DEPUTY,
    "manager who declined": U_DECLINER,
    "deputy who is away": U_AWAY,
    "raising senior": U_RAISING_SENIOR,
    "receiving senior": U_RECEIVING_SENIOR,
    "lead with a conflict": U_CONFLICTED,
    "receiving safeguarding lead": U_RECEIVING_SAFEGUARDER,
    "asked to the meeting": U_ATTENDEE,
    "supporter": U_OTHER_PRACTITIONER,
    "business unit": U_UNIT,
    "business unit, told": U_TOLD,
    "coordinator": U_COORDINATOR,
    "scrutineer": U_SCRUTINEER,
    "raising colleague": U_RAISING_COLLEAGUE,
    "receiving colleague": U_RECEIVING_COLLEAGUE,
    "third agency's manager": U_OTHER_MANAGER,
    "guest": U_GUEST,
    "raiser, gone": U_RAISER,
    "challenged, gone": U_CHALLENGED,
    "raising manager, gone": U_RAISING_SAFEGUARDER,
    "receiving deputy, gone": U_RECEIVING_DEPUTY,
    "scrutineer, gone": U_SCRUTINEER,
    "supporter, gone": U_OTHER_PRACTITIONER,
    "coordinator, gone": U_COORDINATOR,
    "raising colleague, gone": U_RAISING_COLLEAGUE,
    "challenged, not in directory": U_CHALLENGED,
}

NEXT = a_procedure(version="test-2026-06")
TIMES = (a_moment("2026-03-10 14:00").now, a_moment("2026-03-11 10:00").now)

Try = Callable[[Challenge, Directory, PersonId], Change | None]


def confides(challenge: Challenge, directory: Directory, by: PersonId) -> None:
    to = aftercare.listener(challenge, directory) or U_UNIT
    aftercare.confide(challenge, FRIDAY_TEN, directory, by=by, to=to, difficulty=False, words="")


def settles_conflict(
    challenge: Challenge, directory: Directory, by: PersonId, *, upheld: bool
) -> Change:
    flagged = challenge.conflicts
    return conflict.settle_conflict(
        challenge,
        FRIDAY_TEN,
        directory,
        by=by,
        number=flagged[0].number if flagged else 1,
        upheld=upheld,
        because="We asked both.",
    )


# Each act by its rule, filled in so well that only the person can be wrong.
RULES: dict[Act, tuple[Try, ...]] = {
    Act.SEE: (lambda c, d, by: refuse_unless_may(Act.SEE, c, d, by),),
    Act.PROPOSE_DATE: (
        lambda c, d, by: agreement.propose_date(
            c,
            FRIDAY_TEN,
            d,
            by=by,
            day=date(2026, 3, 10),
            because="They are away.",
            safety=Safety(danger=False),
        ),
    ),
    Act.ACCEPT_DATE: (lambda c, d, by: agreement.accept_date(c, FRIDAY_TEN, d, by=by),),
    Act.MARK_SEEN: (
        lambda c, d, by: response.mark_seen(c, FRIDAY_TEN, d, by=by),
        lambda c, d, by: response.take_back_seen(c, FRIDAY_TEN, d, by=by),
    ),
    Act.ASK_SUPPORT: (lambda c, d, by: response.ask_support(c, FRIDAY_TEN, d, by=by),),
    Act.DECLARE_RISK: (
        lambda c, d, by: response.declare_risk(c, FRIDAY_TEN, d, by=by, because="He is outside."),
    ),
    Act.ESCALATE: (
        lambda c, d, by: escalation.escalate(c, FRIDAY_TEN, d, by=by, because="No answer."),
    ),
    Act.ACCEPT: (lambda c, d, by: escalation.accept(c, FRIDAY_TEN, d, by=by, line="Today."),),
    Act.DECLINE: (
        lambda c, d, by: escalation.decline(c, FRIDAY_TEN, d, by=by, because="On leave."),
    ),
    Act.PROPOSE_SETTLEMENT: (
        lambda c, d, by: resolution.propose_settlement(
            c, FRIDAY_TEN, d, by=by, outcome=Outcome.CHANGED, how="It is open again."
        ),
    ),
    Act.CONFIRM_SETTLEMENT: (
        lambda c, d, by: resolution.confirm_settlement(c, FRIDAY_TEN, d, by=by),
    ),
    Act.DECLINE_SETTLEMENT: (
        lambda c, d, by: resolution.decline_settlement(c, FRIDAY_TEN, d, by=by, because="Not yet."),
    ),
    Act.TICK_OFF: (
        lambda c, d, by: follow_up.tick_off(
            c, FRIDAY_TEN, d, by=by, number=1, evidence="Seen on Monday."
        ),
    ),
    Act.MOVE_ACTION: (
        lambda c, d, by: follow_up.propose_new_day(
            c, FRIDAY_TEN, d, by=by, number=1, day=date(2026, 3, 30), because="They are away."
        ),
    ),
    Act.AGREE_NEW_DAY: (
        lambda c, d, by: follow_up.agree_new_day(c, FRIDAY_TEN, d, by=by, number=1),
    ),
    Act.FOLLOW_THROUGH: (
        lambda c, d, by: follow_up.follow_through(
            c, FRIDAY_TEN, d, by=by, went=Went.NO, line="Nobody came."
        ),
    ),
    Act.SIGN: (lambda c, d, by: follow_up.sign(c, FRIDAY_TEN, d, by=by),),
    Act.REOPEN: (
        lambda c, d, by: follow_up.reopen(c, FRIDAY_TEN, d, by=by, because="A new report."),
    ),
    Act.CONFIDE: (lambda c, d, by: confides(c, d, by),),
    Act.WITHDRAW: (
        lambda c, d, by: resolution.withdraw(c, FRIDAY_TEN, d, by=by, because="It is open again."),
    ),
    Act.BRING_SUPPORTER: (
        lambda c, d, by: support.bring_supporter(
            c, FRIDAY_TEN, d, by=by, supporter=U_OTHER_MANAGER
        ),
    ),
    Act.ADD_EXCERPT: (
        lambda c, d, by: excerpt.add(
            c, FRIDAY_TEN, d, by=by, text="Seen.", author=None, written=None, altered=False
        ),
    ),
    Act.PUT_POSITION: (
        lambda c, d, by: position.put(
            c, FRIDAY_TEN, d, by=by, decision="Closed.", why="One mark.", mind="Two.", ask="Look."
        ),
    ),
    Act.CHANGE_DECISION: (lambda c, d, by: position.change_decision(c, FRIDAY_TEN, d, by=by),),
    Act.SET_MEANWHILE: (
        lambda c, d, by: meanwhile.set_meanwhile(
            c, FRIDAY_TEN, d, by=by, what="Seen.", who="School", until=date(2026, 3, 9)
        ),
    ),
    Act.ADD_VOICE: (lambda c, d, by: voice.add(c, FRIDAY_TEN, d, by=by, answer=Heard.NOT_KNOWN),),
    Act.PROPOSE_ATTENDEES: (
        lambda c, d, by: meeting.propose_attendees(c, FRIDAY_TEN, d, by=by, people=(U_GUEST,)),
    ),
    Act.AGREE_ATTENDEES: (lambda c, d, by: meeting.agree_attendees(c, FRIDAY_TEN, d, by=by),),
    Act.OFFER_TIMES: (
        lambda c, d, by: meeting.offer_times(
            c, FRIDAY_TEN, d, by=by, times=TIMES, place="Town Hall"
        ),
    ),
    Act.ANSWER_TIMES: (
        lambda c, d, by: meeting.answer_times(c, FRIDAY_TEN, d, by=by, times=TIMES),
    ),
    Act.FIX_TIME: (lambda c, d, by: meeting.fix_time(c, FRIDAY_TEN, d, by=by, at=TIMES[0]),),
    Act.RECORD_MINUTES: (
        lambda c, d, by: meeting.record_minutes(
            c,
            FRIDAY_TEN,
            d,
            by=by,
            discussion="We met.",
            agreed="",
            outstanding="",
            next_steps="Visit.",
        ),
    ),
    Act.DOUBT_MEETING: (
        lambda c, d, by: meeting.doubt(c, FRIDAY_TEN, d, by=by, because="Agreed."),
    ),
    Act.SECOND_OPINION: (
        lambda c, d, by: meeting.call_meeting_needed(c, FRIDAY_TEN, d, by=by, because="Yes."),
        lambda c, d, by: meeting.agree_no_meeting(c, FRIDAY_TEN, d, by=by, because="Yes."),
    ),
    Act.READ_PACK: (lambda c, d, by: scrutiny.refuse_unless_readable(c, d, by),),
    Act.GIVE_OPINION: (lambda c, d, by: gives_opinion(c, d, by),),
    Act.ACKNOWLEDGE: (lambda c, d, by: scrutiny.acknowledge(c, FRIDAY_TEN, d, by=by),),
    Act.GO_PAST_LINE: (lambda c, d, by: outside.go_past_line(c, FRIDAY_TEN, d, by=by),),
    Act.REVIEW: (
        lambda c, d, by: review.record_review(
            c, FRIDAY_TEN, d, by=by, justified=True, because="It is."
        ),
    ),
    Act.ASK_REVIEW_AGAIN: (lambda c, d, by: review.ask_review_again(c, FRIDAY_TEN, d, by=by),),
    Act.REVIEW_AGAIN: (
        lambda c, d, by: review.review_again(
            c, FRIDAY_TEN, d, by=by, justified=True, because="It is."
        ),
    ),
    Act.FLAG_CONFLICT: (
        lambda c, d, by: conflict.flag_conflict(
            c, FRIDAY_TEN, d, by=by, about=somebody_on_it(c), because="A cousin."
        ),
    ),
    Act.MOVE_PROCEDURE: (
        lambda c, d, by: version.move(c, FRIDAY_TEN, d, by=by, to=NEXT, note="The board met."),
    ),
    Act.SETTLE_CONFLICT: (
        lambda c, d, by: settles_conflict(c, d, by, upheld=False),
        lambda c, d, by: settles_conflict(c, d, by, upheld=True),
    ),
}


def with_proposals(challenge: Challenge) -> Challenge:
    """The raiser proposes another date, unless a stage is offered, and how it is settled."""
    proposed = challenge
    if challenge.offered is None:
        proposed = agreement.propose_date(
            challenge, FRIDAY_TEN, DIRECTORY, by=U_RAISER, day=date(2026, 3, 9)
        ).challenge
    return resolution.propose_settlement(
        proposed,
        FRIDAY_TEN,
        DIRECTORY,
        by=U_RAISER,
        outcome=Outcome.EXPLAINED,
        how="We spoke.",
        actions=(
            AgreedAction("Visit them.", U_OTHER_MANAGER, date(2026, 3, 20)),
            AgreedAction("Ring them.", U_CHALLENGED, date(2026, 3, 20)),
        ),
    ).challenge


def somebody_on_it(challenge: Challenge) -> PersonId:
    """Whoever could have a conflict of interest, and in whom none was flagged yet."""
    flagged = {one.about for one in challenge.conflicts}
    people = [who for who in conflict.may_be_flagged(challenge) if who not in flagged]
    return people[0] if people else U_GUEST


def gives_opinion(challenge: Challenge, directory: Directory, by: PersonId) -> Change:
    return scrutiny.give_opinion(
        challenge,
        FRIDAY_TEN,
        directory,
        by=by,
        opinion="Look again.",
        reasons="Two saw it.",
        actions=(AgreedAction("Visit", U_CHALLENGED, date(2026, 3, 13)),),
    )


def with_meeting(challenge: Challenge) -> Challenge:
    """One more attends; the raiser offers times and names a guest; both can make the times; the
    raising lead doubts it, and the challenged person has written minutes of a first talk."""
    arranged = challenge
    for whom in (U_ATTENDEE, U_GUEST):
        arranged = meeting.propose_attendees(
            arranged, FRIDAY_TEN, DIRECTORY, by=U_RAISER, people=(whom,)
        ).challenge
        if whom == U_ATTENDEE:
            arranged = meeting.agree_attendees(
                arranged, FRIDAY_TEN, DIRECTORY, by=U_CHALLENGED
            ).challenge
    arranged = meeting.record_minutes(
        arranged,
        FRIDAY_TEN,
        DIRECTORY,
        by=U_CHALLENGED,
        discussion="We spoke on the telephone.",
        agreed="",
        outstanding="",
        next_steps="To meet.",
    ).challenge
    arranged = meeting.offer_times(
        arranged, FRIDAY_TEN, DIRECTORY, by=U_RAISER, times=TIMES, place="Town Hall"
    ).challenge
    for who in (U_RAISER, U_CHALLENGED):
        arranged = meeting.answer_times(
            arranged, FRIDAY_TEN, DIRECTORY, by=who, times=TIMES
        ).challenge
    return meeting.doubt(
        arranged, FRIDAY_TEN, DIRECTORY, by=U_RAISING_SENIOR, because="They agree."
    ).challenge


def with_review(challenge: Challenge) -> Challenge:
    """Found not justified, so a second opinion is asked for; and a conflict of interest flagged."""
    reviewed = review.record_review(
        challenge,
        FRIDAY_TEN,
        DIRECTORY,
        by=U_RAISING_SAFEGUARDER,
        justified=False,
        because="I see it otherwise.",
    ).challenge
    return conflict.flag_conflict(
        reviewed, FRIDAY_TEN, DIRECTORY, by=U_RAISER, about=U_RECEIVING_MANAGER, because="Cousins."
    ).challenge


def offered_from(challenge: Challenge) -> Challenge:
    return escalation.lapse(challenge, FRIDAY_TEN, DIRECTORY).challenge


def taken_by(challenge: Challenge, *people: PersonId) -> Challenge:
    for who in people:
        challenge = escalation.accept(
            challenge, FRIDAY_TEN, DIRECTORY, by=who, line="I will call both."
        ).challenge
    return challenge


def begun() -> Challenge:
    """The raiser's supporter could not be invited; the person challenged has seen it, been
    reminded, and put their side's position, what keeps the person safe, and their voice."""
    beside = (Involved(U_OTHER_PRACTITIONER, Side.RAISING),)
    one = a_challenge(involved=beside, supporters=beside, told=(U_TOLD,))
    one = space.not_reached(
        one, FRIDAY_TEN, DIRECTORY, person=U_OTHER_PRACTITIONER, why="they are a guest"
    ).challenge
    for act in (Act.MARK_SEEN, Act.PUT_POSITION, Act.SET_MEANWHILE, Act.ADD_VOICE):
        done = RULES[act][0](one, DIRECTORY, U_CHALLENGED)
        assert done
        one = done.challenge
    reminded = (Reminded(U_CHALLENGED, FRIDAY_TEN.today),)
    return replace(one, reminded=reminded)


def without_deputy(challenge: Challenge) -> Challenge:
    """The receiving manager's deputy, as they still were, is not the right person."""
    return escalation.decline(
        challenge, FRIDAY_TEN, DIRECTORY, by=U_RECEIVING_DEPUTY, because="I was there."
    ).challenge


def offered_on(challenge: Challenge) -> Challenge:
    """Stage three is offered; whoever is asked first for the receiving side has a conflict."""
    asked = conflict.flag_conflict(
        offered_from(challenge),
        FRIDAY_TEN,
        DIRECTORY,
        by=U_RAISER,
        about=U_CONFLICTED,
        because="A cousin.",
    ).challenge
    return conflict.settle_conflict(
        asked,
        FRIDAY_TEN,
        DIRECTORY,
        by=U_UNIT,
        number=asked.conflicts[0].number,
        upheld=True,
        because="They are.",
    ).challenge


def followed_up(challenge: Challenge) -> Challenge:
    """Another day is asked for the first action, the second is done; the raiser has said what came
    of it, the person challenged is still asked and has signed."""
    after = follow_up.propose_new_day(
        challenge,
        FRIDAY_TEN,
        DIRECTORY,
        by=U_RAISER,
        number=1,
        day=date(2026, 3, 27),
        because="They are away.",
    ).challenge
    after = follow_up.tick_off(
        after, FRIDAY_TEN, DIRECTORY, by=U_CHALLENGED, number=2, evidence="Rang on Friday."
    ).challenge
    after = replace(after, to_follow=(U_RAISER, U_CHALLENGED))
    after = follow_up.follow_through(
        after, FRIDAY_TEN, DIRECTORY, by=U_RAISER, went=Went.PARTLY, line="They rang."
    ).challenge
    return follow_up.sign(after, FRIDAY_TEN, DIRECTORY, by=U_CHALLENGED).challenge


def acknowledged(challenge: Challenge) -> Challenge:
    """The scrutineer's opinion, and the receiving side's yes to it."""
    given = gives_opinion(challenge, DIRECTORY, U_SCRUTINEER).challenge
    return scrutiny.acknowledge(given, FRIDAY_TEN, DIRECTORY, by=U_CHALLENGED).challenge


@cache
def situations() -> dict[str, Challenge]:
    """Every situation of the table, each reached by the rules themselves."""
    one = begun()
    offered = escalation.decline(
        offered_from(one), FRIDAY_TEN, DIRECTORY, by=U_DECLINER, because="I am new."
    ).challenge
    half = taken_by(offered, U_RECEIVING_MANAGER)
    two = taken_by(half, U_RAISING_SAFEGUARDER)
    three = taken_by(offered_on(two), U_RAISING_SENIOR, U_RECEIVING_SENIOR)
    top_offered = offered_from(three)
    top = taken_by(top_offered, U_SCRUTINEER)
    settled = resolution.confirm_settlement(
        with_proposals(offered), FRIDAY_TEN, DIRECTORY, by=U_CHALLENGED
    ).challenge
    withdrawn = resolution.withdraw(
        with_proposals(top), FRIDAY_TEN, DIRECTORY, by=U_RAISER, because="Done."
    ).challenge
    again = follow_up.reopen(
        followed_up(settled), FRIDAY_TEN, DIRECTORY, by=U_RAISER, because="A new report."
    ).challenge
    return {
        "stage one": with_proposals(one),
        "stage two is offered": with_proposals(offered),
        AS_DEPUTY: with_proposals(without_deputy(offered)),
        "stage two is offered, and the receiving manager has accepted": with_proposals(half),
        "stage two": with_review(with_proposals(two)),
        "stage three, and a meeting is being arranged": with_meeting(with_proposals(three)),
        "the top is offered": with_proposals(top_offered),
        "the top": acknowledged(with_proposals(top)),
        "settled while stage two was offered": followed_up(settled),
        "withdrawn at the top": withdrawn,
        "opened again at stage one": with_proposals(again),
    }


AS_DEPUTY = "stage two is offered, and the challenged person is the receiving manager's deputy"


def directory_for(situation: str, kind: str) -> Directory:
    directory = DIRECTORY
    if situation == AS_DEPUTY:
        directory = changed(directory, U_RECEIVING_MANAGER, deputy=U_CHALLENGED)
    if kind.endswith(", gone"):
        directory = changed(directory, PEOPLE[kind], active=False)
    if kind.endswith(", not in directory"):
        rest = tuple(p for p in directory.people if p.id != PEOPLE[kind])
        directory = replace(directory, people=rest)
    return directory


def changed(directory: Directory, who: PersonId, **facts: object) -> Directory:
    known = directory.person(who) or a_person(who)
    rest = (p for p in directory.people if p.id != who)
    return replace(directory, people=(*rest, replace(known, **facts)))  # type: ignore[arg-type]
