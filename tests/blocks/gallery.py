"""A gallery: every card, modal and tab that the bot can draw, in every state, with any words."""

import pickle
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from functools import cache
from itertools import product
from typing import Any, NamedTuple

from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from blocks import (
    aftercare,
    agreed_action,
    agreement,
    card,
    conflict,
    day_book,
    escalation,
    excerpt,
    follow_up,
    forms,
    home,
    meanwhile,
    meeting,
    notices,
    other_routes,
    position,
    raising,
    record,
    resolution,
    response,
    review,
    roll,
    scrutiny,
    support,
    version,
    voice,
)
from blocks import directory as entries
from blocks.layout import Message
from blocks.occasion import Occasion
from challenge.aftercare import Confidence
from challenge.casework import Undelivered
from challenge.directory import NOBODY, Agency, Away, Directory
from challenge.model import (
    AgencyKey,
    AgreedAction,
    AttendeesProposed,
    CanMake,
    Challenge,
    Conflict,
    DateProposal,
    Entry,
    FollowedThrough,
    Happened,
    Heard,
    Involved,
    Meanwhile,
    Meeting,
    Minutes,
    NewDay,
    NotAppropriate,
    Opinion,
    Outcome,
    PersonId,
    Position,
    Prompt,
    Recorded,
    Review,
    Safety,
    SecondLook,
    Settlement,
    Side,
    Signature,
    Space,
    Status,
    Told,
    Unreached,
    Voice,
    Went,
)
from challenge.people import NEW_MANAGER, Line, Noted, Written
from challenge.procedure import Procedure
from challenge.rights import Act, meeting_now
from challenge.roll import DOUBTFUL, EVERYBODY, OF_AGENCY, turned_to
from challenge.scrutiny import pack as pack_of
from challenge.version import ahead
from tests.makers import (
    CSC,
    FRIDAY_TEN,
    NHS,
    OAK,
    PROCEDURE,
    TOP,
    U_CHALLENGED,
    U_COORDINATOR,
    U_GUEST,
    U_RAISER,
    U_RAISING_COLLEAGUE,
    U_RAISING_MANAGER,
    U_RECEIVING_MANAGER,
    a_challenge,
    a_challenge_at,
    a_concern,
    a_directory,
    a_person,
    a_procedure,
    an_offered_challenge,
    later,
    the_person,
)


class Drawn(NamedTuple):
    """What is posted, as Slack gets it."""

    name: str
    text: str
    blocks: list[dict[str, Any]]


CANARY = "Zebrafinch"
MENTIONS = ("<!channel>", "<!here>", "<!everyone>", "<@UHOSTILE>", "<#CHOSTILE>", "<https://evil")

WORDS = {
    "a canary": f"{CANARY} was here.",
    "mentions": f"{CANARY} {' '.join(MENTIONS)}|click> @channel",
    "formatting": f"{CANARY} *bold* _slant_ ~gone~ `code` ```block``` :sos: <b>&amp;</b>\n> quoted",
    "control characters": f"{CANARY}\x00\x07\x1b[31m\x7f\u200b\u2028\ud83d",
    "three thousand characters": (f"{CANARY} " * 300)[:3000],
    "three thousand of four bytes": f"{CANARY} " + "🦓" * 1490,
    "right to left": f"{CANARY} \u202e שלום مرحبا \u202c",
    "one character": "x",
}

HOSTILE_TITLE = "<!channel> *Managers* & <@UHOSTILE>"
HOSTILE_NAME = "<!here> *Bobby* & <@UHOSTILE>"
UNFILLED = "Ring <@UHOSTILE>. Number to be filled in."

# To whom each kind of notice goes; written by hand, for a direct message must carry no words.
PRIVATE = {
    Told.MINUTES,
    Told.SETTLEMENT_PROPOSED,
    Told.ASKED_TO_MEETING,
    Told.MEETING_SOON,
    Told.MEETING_ON_DAY_OFF,
    Told.SECOND_OPINION_ASKED,
    Told.OPINION_WAITS,
    Told.BROUGHT_IN,
    Told.NOT_REACHED,
    Told.SUPPORT_ASKED,
    Told.SUPPORTING,
    Told.PROMPT_PRIVATELY,
    Told.STAGE_REACHED,
    Told.NOBODY_FOUND,
    Told.GONE,
    Told.STANDS_IN,
    Told.NOBODY_ACCEPTED,
    Told.RISK_PRIVATELY,
    Told.PASSED_OVER,
    Told.FIND_MANAGERS,
    Told.NO_LONGER_ASKED,
    Told.GONE_PAST,
    Told.SET_ASIDE,
    Told.STAYS_IN,
    Told.REVIEWED_PRIVATELY,
    Told.REVIEW_AGAIN,
    Told.CONFLICT_TO_SETTLE,
    Told.TOP_LAPSED,
    Told.CLOSED_PRIVATELY,
    Told.ENDED,
    Told.UNDELIVERED,
    Told.ACTION_AGREED,
    Told.ACTION_DUE,
    Told.ACTION_OVERDUE,
    Told.ACTION_DONE,
    Told.NEW_DAY_PROPOSED,
    Told.NEW_DAY_AGREED,
    Told.FOLLOW_UP,
    Told.FOLLOWED_THROUGH,
    Told.SIGN,
    Told.DISSENTED,
    Told.REOPENED_PRIVATELY,
    Told.AFTERCARE,
    Told.CONFIDED,
    Told.CONFIDED_BACK,
    Told.RECKONED_ANEW,
    Told.PROCEDURE_MOVED,
}
IN_THE_CHANNEL = {
    Told.ATTENDEES_PROPOSED,
    Told.ATTENDEES_AGREED,
    Told.TIMES_OFFERED,
    Told.MEETING_FIXED,
    Told.MEETING_CALLED_OFF,
    Told.MEETING_ON_DAY_OFF,
    Told.MEETING_SOON,
    Told.MEETING_DOUBTED,
    Told.MEETING_NEEDED,
    Told.MEETING_NOT_HELD,
    Told.MINUTES,
    Told.OPINION_GIVEN,
    Told.OPINION_ACKNOWLEDGED,
    Told.DATE_PROPOSED,
    Told.DATE_AGREED,
    Told.POSITION_PUT,
    Told.MEANWHILE_SET,
    Told.MEANWHILE_PASSED,
    Told.VOICE_ADDED,
    Told.REMINDER,
    Told.OFFER_ACT,
    Told.SUPPORTED,
    Told.COPIED,
    Told.RISK_DECLARED,
    Told.ESCALATION,
    Told.PROMPT,
    Told.ACCEPTED,
    Told.REACHED_WITH_ONE,
    Told.REVIEWED,
    Told.CONFLICT_FLAGGED,
    Told.CONFLICT_SETTLED,
    Told.DECLINED,
    Told.TOP_LAPSED,
    Told.SETTLEMENT_PROPOSED,
    Told.SETTLEMENT_DECLINED,
    Told.CLOSED,
    Told.REOPENED,
    Told.RECKONED_ANEW,
    Told.PROCEDURE_MOVED,
}
DEEDS = {
    *(Told.OPEN_SPACE, Told.INVITE, Told.TAKE_OUT, Told.ARCHIVE_SPACE),
    *(Told.MEETING_FILE, Told.CARD, Told.DEALT_WITH),
}


@cache
def hostile_directory() -> Directory:
    """Names that try to come alive; one person is in nobody's directory."""
    named = (the_person(p, name=HOSTILE_NAME) for p in (U_CHALLENGED, U_RECEIVING_MANAGER))
    agencies = (Agency(OAK, "Oak <!here>"), Agency(CSC, "Children & <b>Care</b>"), Agency(NHS, "N"))
    return a_directory(*named, agencies=agencies)


@cache
def hostile_procedure() -> Procedure:
    stages = [dict(each) for each in PROCEDURE["stage"]]
    stages[1]["title"] = HOSTILE_TITLE
    text = "Call 999. <!channel> & do not wait. " + "Now! " * 380
    contacts = [{"name": "Police <!here>", "phone": "101 & <@UHOSTILE>"}] * 9
    return a_procedure(
        stage=stages,
        emergency={"text": text, "contacts": contacts},
        urgent={"start_at": HOSTILE_TITLE, "answer_within": "4 hours"},
        other_route=[
            {"name": f"{HOSTILE_NAME} {n}", "when": "<!here> " * 25, "contact": contact}
            for n, contact in enumerate([*["Ring <@UHOSTILE>"] * 8, "To be filled in.", UNFILLED])
        ],
    )


@cache
def another_procedure() -> Procedure:
    """All that may be other in another version."""
    first, second, third, fourth = (dict(each) for each in PROCEDURE["stage"])
    first.update(answer_within="2 working days", longest="9 working days", remind=["25%"])
    second.update(title=HOSTILE_TITLE, raising=[HOSTILE_NAME], review=False, accept_within="1 hour")
    third.update(meeting=False, notify=["coordinators", HOSTILE_NAME])
    fourth.update(confirmed=True)
    fresh = [{**second, "title": f"{HOSTILE_TITLE} {n}", "confirmed": n < 1} for n in range(25)]
    return a_procedure(
        version=HOSTILE_NAME,
        stage=[first, fourth, third, second, *fresh],
        single_agency=False,
        calendar={"working_hours": "08:00-16:00"},
        emergency={"text": "Call 999."},
        top={"role": HOSTILE_NAME},
        urgent=None,
        retention={"closed_for": "6 years"},
        archive_after="9 working days",
        follow_up={"ask_again": "9 working days"},
        total={"stages": 3, "within": "9 working days"},
        meeting={"pledge": "We listen."},
    )


@cache
def challenges(words: str) -> dict[str, Challenge]:
    """Every state a challenge can be drawn in, with these words wherever people write."""
    facts: dict[str, Any] = {
        "procedure": hostile_procedure(),
        "concern": a_concern(
            reference=words[:150], decision=words, why=words, meanwhile=words, ask=words, mind=words
        ),
        "space": Space("C042", "challenge-pc-2026-0042"),
    }
    one = a_challenge(**facts)
    offered = an_offered_challenge(**facts)
    full = a_full(one, words)
    return {
        "stage one": one,
        "stage one, no channel yet": replace(one, space=None),
        "stage one, with everything": full,
        "stage one, urgent": replace(one, urgent=True, safety=Safety(danger=True, done=words)),
        "stage two is offered, urgent": replace(offered, urgent=True),
        "stage one, and nobody is safe meanwhile": a_wanting(one),
        "stage one, and what kept them safe is over": replace(
            full, meanwhiles=(replace(full.meanwhiles[0], passed=True),)
        ),
        "stage one, and it is not said until when": replace(
            full, meanwhiles=(replace(full.meanwhiles[0], until=None),)
        ),
        "stage two is offered": offered,
        "stage two is offered, with everything": a_full(offered, words),
        "stage two is offered, one side has accepted": replace(
            offered,
            prompts=offered.prompts[:1],
            accepted=(Involved(U_RECEIVING_MANAGER, Side.RECEIVING),),
        ),
        "stage two is offered to nobody": replace(
            offered, prompts=tuple(replace(p, person=None) for p in offered.prompts)
        ),
        "stage two": a_challenge_at(2, **facts),
        "stage two, reviewed": replace(
            a_challenge_at(2, **facts),
            reviews=(Review(2, U_RAISING_MANAGER, False, words),),
            second_look=SecondLook(9, U_GUEST, later(FRIDAY_TEN, hours=4).now),
            conflicts=(Conflict(8, U_RECEIVING_MANAGER, U_RAISER, (U_GUEST,), words),),
        ),
        "stage two, settled for the raiser": a_challenge_at(
            2,
            settlement=Settlement(Outcome.AGREED_PLAN, U_RAISING_MANAGER, Side.RAISING, words),
            **facts,
        ),
        "stage two, one side still asked": replace(
            a_challenge_at(2, **facts), prompts=offered.prompts[:1]
        ),
        "stage three": a_challenge_at(3, **facts),
        "the top is offered": replace(
            a_challenge_at(3, **facts),
            status=Status.OFFERED,
            offered=TOP,
            prompts=(a_prompt(TOP, Side.PARTNERSHIP),),
        ),
        "stage three, a meeting arranged": a_met(a_challenge_at(3, **facts), words),
        "stage three, a meeting on a day off": a_met_on_day_off(a_challenge_at(3, **facts), words),
        "the top is offered, a meeting on a day off": a_met_on_day_off(
            replace(
                a_challenge_at(3, **facts),
                status=Status.OFFERED,
                offered=TOP,
                prompts=(a_prompt(TOP, Side.PARTNERSHIP),),
            ),
            words,
        ),
        "stage three, a meeting called off": a_called_off(a_challenge_at(3, **facts), words),
        "stage three, a meeting doubted": a_doubted(a_challenge_at(3, **facts), words),
        "the top": a_challenge_at(TOP, **facts),
        "the top, and whoever held it has left": replace(
            a_challenge_at(TOP, **facts), holders=(), prompts=(a_prompt(TOP, Side.PARTNERSHIP),)
        ),
        "the top, with an opinion": an_advised(a_challenge_at(TOP, **facts), words),
        "settled": replace(
            full,
            status=Status.SETTLED,
            closed_at=FRIDAY_TEN.now,
            prompts=(),
            to_follow=(U_RAISER, U_CHALLENGED),
        ),
        "settled, followed up and put away": a_followed_up(full, words),
        "opened again, its channel still to come": a_reopened(full, words),
        "withdrawn": replace(full, status=Status.WITHDRAWN, closed_at=FRIDAY_TEN.now, prompts=()),
    }


def a_wanting(challenge: Challenge) -> Challenge:
    """Nothing keeps the person safe, and nobody knows what they say."""
    voiceless = Voice(Side.RECEIVING, U_CHALLENGED, FRIDAY_TEN.now, Heard.NOT_SAFE)
    concern = replace(challenge.concern, meanwhile="")
    return replace(challenge, concern=concern, voices=(voiceless,))


def a_prompt(stage: int, side: Side) -> Prompt:
    return Prompt(side, stage, 1, U_RAISING_MANAGER, FRIDAY_TEN.now, later(FRIDAY_TEN, hours=4).now)


def a_met(challenge: Challenge, words: str) -> Challenge:
    """A time fixed and others offered, people proposed, minutes recorded."""
    times = tuple(later(FRIDAY_TEN, days=n).now for n in (3, 4, 5))
    crowd = tuple(PersonId(f"UCROWD{n}") for n in range(12))
    held = Meeting(
        challenge.stage,
        people=crowd,
        proposed=AttendeesProposed(U_RAISER, Side.RAISING, (U_CHALLENGED, *crowd[1:])),
        organiser=U_RAISER,
        place=words[:150],
        place_offered=words[:150],
        times=times,
        answers=(CanMake(U_RAISER, times), CanMake(U_CHALLENGED, ())),
        fixed=times[0],
        fixings=1,
        minutes=Minutes(U_RAISER, words, words, words, words),
    )
    return replace(challenge, meeting=held)


def a_met_on_day_off(challenge: Challenge, words: str) -> Challenge:
    met = a_met(challenge, words)
    assert met.meeting is not None
    return replace(
        met,
        meeting=replace(met.meeting, minutes=None, proposed=None, times=()),
        days_off=(date(2026, 3, 9),),
    )


def a_called_off(challenge: Challenge, words: str) -> Challenge:
    off = Meeting(challenge.stage, place=words[:150], called_off=FRIDAY_TEN.now, fixings=2)
    return replace(challenge, meeting=off)


def a_doubted(challenge: Challenge, words: str) -> Challenge:
    doubt = NotAppropriate(U_CHALLENGED, words, (U_RECEIVING_MANAGER, U_COORDINATOR))
    return replace(challenge, meeting=Meeting(challenge.stage, doubt=doubt))


def an_advised(challenge: Challenge, words: str) -> Challenge:
    actions = (AgreedAction(words, U_CHALLENGED, date(2026, 3, 20)),) * agreed_action.MOST
    heard = (Involved(U_RAISER, Side.RAISING),)
    return replace(challenge, opinion=Opinion(U_COORDINATOR, words, words, actions, heard))


def a_full(challenge: Challenge, words: str) -> Challenge:
    """Everything at once: a date and a settlement proposed, people unreached, people at work."""
    actions = tuple(AgreedAction(words, U_CHALLENGED, date(2026, 3, 20)) for _ in range(12))
    crowd = (U_CHALLENGED, U_RAISING_MANAGER, U_COORDINATOR, U_GUEST, U_RAISING_COLLEAGUE)
    return replace(
        challenge,
        date_proposal=DateProposal(
            U_CHALLENGED, Side.RECEIVING, later(FRIDAY_TEN, days=3).now, extends=True
        ),
        extended=(challenge.stage,),
        positions=tuple(
            Position(side, who, FRIDAY_TEN.now, words, words, words, words)
            for side, who in ((Side.RAISING, U_RAISER), (Side.RECEIVING, U_CHALLENGED))
            for _ in range(2)
        ),
        meanwhiles=(
            Meanwhile(
                Side.RAISING, U_RAISER, FRIDAY_TEN.now, words, words[:150], date(2026, 3, 20)
            ),
        ),
        voices=(Voice(Side.RAISING, U_RAISER, FRIDAY_TEN.now, Heard.SAID, words, words[:150]),),
        settlement=Settlement(Outcome.BOTH_CHANGED, U_RAISER, Side.RAISING, words, actions),
        unreached=tuple(Unreached(who, "their Slack account is closed") for who in crowd * 4),
        seen_by=crowd,
        supporters=(Involved(U_RECEIVING_MANAGER, Side.RECEIVING),),
    )


def a_followed_up(challenge: Challenge, words: str) -> Challenge:
    """One action done, one with another day proposed; signed with dissent; both have answered."""
    done = AgreedAction(words, U_CHALLENGED, date(2026, 3, 20), done_by=U_CHALLENGED)
    asked = NewDay(U_CHALLENGED, Side.RECEIVING, date(2026, 4, 1))
    late = AgreedAction(words, U_RAISER, date(2026, 3, 20), new_day=asked)
    return replace(
        challenge,
        status=Status.SETTLED,
        closed_at=FRIDAY_TEN.now,
        prompts=(),
        settlement=Settlement(Outcome.CHANGED, U_RAISER, Side.RAISING, words, (done, late)),
        signed=(Signature(U_CHALLENGED, Side.RECEIVING, dissents=True),),
        followed=(FollowedThrough(U_RAISER, Went.PARTLY), FollowedThrough(U_GUEST, Went.YES)),
        space=Space("C042", "challenge-pc-2026-0042", archived=True),
    )


def a_reopened(challenge: Challenge, words: str) -> Challenge:
    settled = a_followed_up(challenge, words).settlement
    assert settled is not None
    away = Space("C042", "challenge-pc-2026-0042", archived=True)
    return replace(challenge, settlement=None, earlier=(settled,), space=away)


def confidences(words: str) -> list[Confidence]:
    given = ((U_RAISER, True, words), (U_CHALLENGED, False, ""), (U_GUEST, True, words))
    return [Confidence(by, U_COORDINATOR, FRIDAY_TEN.now, hard, said) for by, hard, said in given]


def occasions(kind: Told, words: str) -> Iterator[tuple[str, Occasion]]:
    """One kind of notice in every state, to everybody it may go to, with every mark it may have."""
    entry = Entry(
        Happened.RISK_DECLARED, U_RAISER, words, {f"Question {n}": words for n in range(14)}
    )
    for state, challenge in challenges(words).items():
        for to in recipients(kind):
            for mark, about in product(marks(kind, challenge), actors(kind, challenge)):
                for told_of in (entry, None):
                    yield (
                        f"{state}, to {to}, mark {mark}, about {about}",
                        Occasion(
                            challenge, hostile_directory(), to, about, mark, told_of, FRIDAY_TEN
                        ),
                    )


def actors(kind: Told, challenge: Challenge) -> list[PersonId]:
    """Somebody; and whoever proposed what the message tells of, or has it still to do."""
    dated, settled, held = challenge.date_proposal, challenge.settlement, challenge.meeting
    whose = {
        Told.DATE_PROPOSED: dated.by if dated else None,
        Told.SETTLEMENT_PROPOSED: settled.proposed_by if settled else None,
        Told.ATTENDEES_PROPOSED: held.proposed.by if held and held.proposed else None,
        Told.ACTION_OVERDUE: U_CHALLENGED,
    }
    proposed = whose.get(kind)
    return [U_RECEIVING_MANAGER, *([proposed] if proposed else [])]


def recipients(kind: Told) -> list[PersonId | None]:
    people: list[PersonId | None] = []
    if kind in PRIVATE:
        people = [U_RAISER, U_RECEIVING_MANAGER, U_GUEST]
    if kind is Told.OFFER_ACT:
        people = [U_RAISER]
    elif kind in IN_THE_CHANNEL:
        people = [*people, None]
    return people


def marks(kind: Told, challenge: Challenge) -> list[str]:
    if kind is Told.OFFER_ACT:
        return [Act.PROPOSE_SETTLEMENT.name, Act.PROPOSE_DATE.name, Act.ESCALATE.name]
    if kind is Told.REMINDER:
        return [U_CHALLENGED, f"{U_RAISING_MANAGER} {U_RECEIVING_MANAGER} {U_GUEST}"]
    if kind is Told.CONFIDED_BACK:
        return ["", U_COORDINATOR]
    if kind is Told.DECLINED:
        return ["", U_RECEIVING_MANAGER]
    if kind in {Told.PROMPT, Told.PROMPT_PRIVATELY}:
        return [*(str(p.number) for p in challenge.prompts), "99"]
    return [""]


@cache
def posted(words: str) -> list[Drawn]:
    """Everything that is posted: each notice, the card itself, and what commands answer."""
    messages = [
        (f"{kind}: {state}", notices.draw(kind, occasion))
        for kind in notices.CARDS
        for state, occasion in occasions(kind, words)
    ]
    for state, challenge in challenges(words).items():
        messages.append((f"card: {state}", card.draw(challenge, hostile_directory())))
    messages += answers_to_commands(words)
    # Most states look like another: what is the same to the last part is looked at once.
    different = {(m.text, pickle.dumps(m.blocks)): (name, m) for name, m in reversed(messages)}
    return [
        Drawn(name, message.text, plain(message.blocks))
        for name, message in reversed(different.values())
    ]


@cache
def views(words: str) -> list[tuple[str, dict[str, Any]]]:
    """Every modal and tab, as Slack gets it."""
    return [(name, view.to_dict()) for name, view in [*modals(words), *tabs(words)]]


def _directory_forms(procedure: Procedure) -> Iterator[tuple[str, View]]:
    directory, today = hostile_directory(), date(2026, 3, 6)
    me = directory.people[0]
    yield "register", entries.register_view(directory, procedure, "d1")
    yield "own entry", entries.own_view(directory, procedure, me)
    for named in (U_CHALLENGED, NOBODY):
        waits = replace(me, new_manager=named)
        yield f"own entry, waiting, {named}", entries.own_view(directory, procedure, waits)
        yield f"line manager waits, {named}", entries.manager_waits_view(directory, waits)
    away = replace(me, away=(Away(date(2026, 3, 9), date(2026, 3, 13)),))
    yield "away", entries.away_view(away, today)
    yield "somebody's leave", entries.leave_view(today)
    yield "whose entry", entries.pick_view()
    for who in (me.id, U_GUEST):
        yield f"entry of {who}", entries.person_view(directory, procedure, who, HOSTILE_NAME)
    yield "agencies", entries.agency_view(directory)
    yield "who acts for which agency", entries.acts_for_view(directory)
    for acting in (directory, an_acted_for(directory)):
        shown = entries.acts_for_role_view(acting, procedure, OAK)
        yield f"who acts for it, {acting is directory}", shown
    crowd = a_crowd(directory)
    for part in (EVERYBODY, DOUBTFUL, f"{OF_AGENCY}{OAK}", f"{OF_AGENCY}gone"):
        for at in (0, 1):
            page = turned_to(crowd, part, at, today)
            yield f"roll: {part}, {at}", roll.view(crowd, page, today)
    written = [Written(line, FRIDAY_TEN.now) for line in day_book_lines()]
    for skipped, lines in ((0, []), (0, written), (15, written[:16]), (30, written[:1])):
        shown = day_book.view(lines, skipped, directory, procedure.calendar)
        yield f"day book, {skipped}, {len(lines)}", shown
    yield "the partnership's people", entries.partnership_view(directory)


def an_acted_for(directory: Directory) -> Directory:
    """The first agency, for which one of another agency acts, and one in nobody's directory."""
    acting = (("line manager", U_CHALLENGED), (HOSTILE_TITLE, U_GUEST))
    first, *rest = directory.agencies
    return replace(directory, agencies=(replace(first, equivalents=acting), *rest))


def a_crowd(directory: Directory) -> Directory:
    """Hundreds of people and agencies, with everything that may be wrong with an entry."""
    agencies = (Agency(AgencyKey(f"a{n}"), f"Agency {n} <!here>") for n in range(150))
    people = (
        a_person(
            PersonId(f"U{n:03}"),
            name=f"{HOSTILE_NAME} {n}",
            line_manager=U_GUEST if n % 2 else None,
            deputy=U_GUEST if n % 3 else None,
            provisional=n % 5 == 0,
            new_manager=U_GUEST if n % 6 == 0 else None,
            active=n % 7 != 0,
            away=(Away(date(2026, 3, 9), date(2026, 3, 13)),),
            last_confirmed=date(2026, 3, 1) if n % 4 else None,
        )
        for n in range(30)
    )
    return replace(
        directory,
        agencies=(*directory.agencies, *agencies),
        people=(*directory.people, *people),
    )


def day_book_lines() -> list[Line]:
    """Every kind of line, by somebody and by Slack, about people and agencies with odd names."""
    detail = {
        "name": f"{HOSTILE_NAME} → {HOSTILE_NAME}",
        "agency": f"none → {OAK}",
        "acts for it": f"none → <@{U_GUEST}>",
        "line manager": f"none → <@{U_GUEST}>",
        NEW_MANAGER: f"<@{U_GUEST}> → none",
        "coordinators": f"<@{U_COORDINATOR}>, <@{U_CHALLENGED}> → nobody",
        "away": "2026-03-09 to 2026-03-13",
    }
    people = ((U_COORDINATOR, U_CHALLENGED), (None, U_GUEST), (U_CHALLENGED, U_CHALLENGED))
    return [Line(kind, by, about, detail) for kind in Noted for by, about in people]


def modals(words: str) -> Iterator[tuple[str, View]]:
    """Every modal, fresh and with what was typed into it before."""
    procedure = hostile_procedure()
    kept = {
        "subject": "BOTH",
        "area": "OTHER",
        "challenged": U_CHALLENGED,
        "reference": words[:150],
        "decision": words,
        "why": words,
        "meanwhile": words,
        "ask": words,
        "mind": words,
        "who": words[:150],
        "until": "2026-03-20",
        "heard": "SAID",
        "said": words,
        "asked_by": words[:150],
    }
    yield from _directory_forms(procedure)
    yield "safety", raising.safety_view(procedure, "d1")
    yield "safety, no", raising.safety_view(procedure, "d1", danger=raising.NO)
    for danger in ("", other_routes.YES):
        yield f"another route {danger}", other_routes.ask_view(procedure, "d1", danger=danger)
    for route in procedure.other_routes[-1:]:
        routed = raising.safety_view(procedure, "d1", danger=raising.YES, done=words, route=route)
        yield "safety, and another route", routed
    crowd = [replace(a_challenge(), id=number) for number in range(150)]
    yield "add to a record", excerpt.add_view(crowd, "d1", words)
    yield "support first", support.first_view(procedure, HOSTILE_NAME)
    yield "support first, opened", support.opened(HOSTILE_NAME)
    yield "safety, yes", raising.safety_view(procedure, "d1", danger=raising.YES, done=words)
    for filled, answers in (("fresh", {}), ("filled in", kept)):
        yield f"about, {filled}", raising.about_view("d1", answers)
        yield f"asking, {filled}", raising.asking_view("d1", answers, date(2026, 3, 9))
        yield f"asking, urgent, {filled}", raising.asking_view("d1", answers, None)
        yield f"the person first, {filled}", raising.person_view("d1", answers)
    yield "first action", resolution.action_view("7:d1", 1)
    yield "tenth action", resolution.action_view("7:d1", 10)
    yield "first action of an opinion", scrutiny.action_view("7:d1", 1)
    yield "second action of an opinion", scrutiny.action_view("7:d1", 2)
    yield "a notice", forms.notice("Sorry", "This was not done.")
    for state, challenge in challenges(words).items():
        for extends in (False, True):
            shown = agreement.propose_view(challenge, extends=extends)
            yield f"propose date, {extends}: {state}", shown
        yield f"accept more time: {state}", agreement.accept_extension_view(challenge)
        for side in (Side.RAISING, Side.RECEIVING):
            yield f"position, {side}: {state}", position.put_view(challenge, side)
        yield f"meanwhile: {state}", meanwhile.set_view(challenge)
        yield f"voice: {state}", voice.add_view(challenge)
        yield f"escalate: {state}", escalation.ask_view(challenge)
        yield f"accept: {state}", escalation.accept_view(challenge)
        yield f"decline: {state}", escalation.decline_view(challenge)
        yield f"record the review: {state}", review.record_view(challenge)
        yield f"second opinion: {state}", review.again_view(challenge)
        yield f"flag a conflict: {state}", conflict.flag_view(challenge)
        flagged = Conflict(9, U_RECEIVING_MANAGER, U_RAISER, (U_COORDINATOR,), words)
        yield f"settle a conflict: {state}", conflict.settle_view(challenge, flagged)
        yield f"whom to call: {state}", response.contacts_view(challenge)
        yield f"propose settlement: {state}", resolution.propose_view(challenge, "d1")
        yield f"decline settlement: {state}", resolution.decline_view(challenge)
        yield f"withdraw: {state}", resolution.withdraw_view(challenge)
        yield f"opinion: {state}", scrutiny.opinion_view(challenge, "d1")
        yield from packs(challenge, state, words)
        if meeting_now(challenge):
            yield from meetings(challenge, state)
        if challenge.status is Status.OPEN:
            yield from moves(challenge, state)
        actions = [*enumerate(challenge.settlement.actions if challenge.settlement else (), 1)]
        yield f"tick off: {state}", follow_up.tick_view(challenge, actions)
        yield f"another day: {state}", follow_up.move_view(challenge, actions)
        yield f"agree to the day: {state}", follow_up.agree_view(challenge)
        yield f"what came of it: {state}", follow_up.answer_view(challenge)
        yield f"sign: {state}", follow_up.sign_view(challenge)
        yield f"open again: {state}", follow_up.reopen_view(challenge)
        yield (
            f"after-care: {state}",
            aftercare.ask_view(challenge, U_COORDINATOR, hostile_directory(), words),
        )
        yield (
            f"in confidence: {state}",
            aftercare.confided_view(challenge, hostile_directory(), confidences(words) * 20),
        )
        yield f"risk: {state}", response.risk_view(challenge)
        yield f"bring a supporter: {state}", support.bring_view(challenge)


def moves(challenge: Challenge, state: str) -> Iterator[tuple[str, View]]:
    """To a version that differs in everything, and to one that is called another name only."""
    for to in (another_procedure(), replace(hostile_procedure(), version=HOSTILE_NAME)):
        there = ahead(challenge, hostile_directory(), to, by=U_COORDINATOR)
        yield f"move to {to.version}: {state}", version.move_view(challenge, there, 20)


def meetings(challenge: Challenge, state: str) -> Iterator[tuple[str, View]]:
    yield f"the meeting: {state}", meeting.arrange_view(challenge, hostile_directory())
    yield f"who attends: {state}", meeting.people_view(challenge)
    yield f"offer times: {state}", meeting.offer_view(challenge)
    yield f"answer times: {state}", meeting.answer_view(challenge)
    yield f"fix the time: {state}", meeting.fix_view(challenge)
    yield f"minutes: {state}", meeting.minutes_view(challenge)
    yield f"no meeting: {state}", meeting.doubt_view(challenge)
    yield f"needed: {state}", meeting.needed_view(challenge)
    yield f"agree to none: {state}", meeting.not_held_view(challenge)


def packs(challenge: Challenge, state: str, words: str) -> Iterator[tuple[str, View]]:
    """The first and the last page of a long story."""
    kinds = (Happened.SAID, Happened.ACCEPTED, Happened.SETTLEMENT_DECLINED)
    entries = [Entry(kind, U_RAISER, words, {"Why": words}) for kind in kinds] * 20
    told = [Recorded(n, n, FRIDAY_TEN.now, entry) for n, entry in enumerate(entries)]
    pack = pack_of(challenge, told)
    for page in (0, 999):
        view = scrutiny.pack_view(challenge, hostile_directory(), pack, page)
        yield f"pack, page {page}: {state}", view


def tabs(words: str) -> Iterator[tuple[str, View]]:
    """The App Home with nothing on it, with everything once, and with far too much."""
    directory, procedure = hostile_directory(), hostile_procedure()
    some = list(challenges(words).values())
    for count, mine in (("nothing", []), ("one of each", some), ("far too many", some * 9)):
        for me in (U_CHALLENGED, U_RAISING_MANAGER, U_GUEST):
            yield f"home: {count}, {me}", home.tab(mine, directory, procedure, me)
    busy = replace(
        an_acted_for(directory),
        people=tuple(
            replace(
                p,
                provisional=n % 2 == 0,
                active=p.id != U_RAISING_MANAGER,
                new_manager=U_CHALLENGED if n % 3 else None,
            )
            for n, p in enumerate(directory.people)
        ),
    )
    undelivered = [
        Undelivered("PC-2026-0042", Told.PROMPT, to, FRIDAY_TEN.now, "no_such_thing")
        for to in (U_CHALLENGED, None)
    ]
    yield "home of a coordinator", home.tab([], directory, procedure, U_COORDINATOR)
    quiet = home.Partnership([], 0, 0, [])
    yield "partnership: nothing", home.partnership(quiet, directory, procedure)
    much = home.Partnership((some * 9)[: home.A_PAGE], 20, 200, undelivered * 5)
    yield "partnership: much", home.partnership(much, busy, procedure)
    yield "partnership: moved on", home.partnership(much, busy, another_procedure())


def answers_to_commands(words: str) -> Iterator[tuple[str, Message]]:
    some = list(challenges(words).values())
    yield "help", home.help_message()
    yield "help, and an unknown word", home.help_message(home.unknown(words))
    yield "help, and no reference", home.help_message(home.which_one("show"))
    yield "help, and no report", home.help_message(home.NO_REPORT)
    yield "record", record.how_to_get(some[0], hostile_directory())
    for state, challenge in challenges(words).items():
        for who in (U_CHALLENGED, U_GUEST):
            yield f"own actions, {who}: {state}", follow_up.own_actions(challenge, who)
        yield f"after-care answered: {state}", aftercare.answered(challenge)
    yield "support first", support.introduced(HOSTILE_NAME, HOSTILE_NAME)
    yield "entry changed", entries.changed(hostile_directory(), U_CHALLENGED)
    for who in (U_CHALLENGED, U_GUEST):
        asked = entries.asked_for(hostile_directory(), hostile_procedure(), who, date(2026, 3, 6))
        yield f"directory, {who}", asked
        yield f"still right, {who}", entries.quarterly(hostile_directory(), who)
        yield (
            f"added themself, {who}",
            entries.added_themself(hostile_directory(), who, roll.open_button()),
        )
        yield (
            f"changed themself, {who}",
            entries.changed_themself(hostile_directory(), who, roll.open_button()),
        )
    for number in (1, 3):
        yield f"to check, {number}", entries.to_check(number, roll.open_button())
    yield "list, nothing", home.listing([], hostile_directory(), U_CHALLENGED)
    yield "list, everything", home.listing(some * 9, hostile_directory(), U_CHALLENGED)


def plain(blocks: list[Block]) -> list[dict[str, Any]]:
    return [block.to_dict() for block in blocks]


def texts(drawn: Any) -> Iterator[tuple[str, str]]:
    """Every text object in what was drawn: its type, and what it says."""
    if isinstance(drawn, dict):
        if drawn.get("type") in {"mrkdwn", "plain_text"} and isinstance(drawn.get("text"), str):
            yield drawn["type"], drawn["text"]
        drawn = list(drawn.values())
    if isinstance(drawn, list):
        for each in drawn:
            yield from texts(each)


def elements(drawn: Any) -> Iterator[dict[str, Any]]:
    """Everything with an action id: buttons and inputs."""
    if isinstance(drawn, dict):
        if "action_id" in drawn:
            yield drawn
        drawn = list(drawn.values())
    if isinstance(drawn, list):
        for each in drawn:
            yield from elements(each)
