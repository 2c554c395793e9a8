"""Makers: everything that a test is not about. Each takes what the test is about by name."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from challenge import escalation, raising
from challenge.directory import Agency, Directory, Person
from challenge.model import (
    AgencyKey,
    Area,
    Challenge,
    Concern,
    Involved,
    PersonId,
    Safety,
    Side,
    Status,
    Subject,
)
from challenge.moment import Moment
from challenge.procedure import Procedure

LONDON = ZoneInfo("Europe/London")
REFERENCE = "PC-2026-0042"

OAK = AgencyKey("oak")
CSC = AgencyKey("csc")
NHS = AgencyKey("nhs")

# A school raises, social care is challenged; the health trust has no part in it.
U_RAISER = PersonId("URAISER")
U_CHALLENGED = PersonId("UCHALLENGED")
U_RAISING_MANAGER = PersonId("URAISINGMANAGER")
U_RAISING_DEPUTY = PersonId("URAISINGDEPUTY")
U_RAISING_SAFEGUARDER = PersonId("URAISINGSAFEGUARDER")
U_RAISING_SENIOR = PersonId("URAISINGSENIOR")
U_RAISING_COLLEAGUE = PersonId("URAISINGCOLLEAGUE")
U_RECEIVING_MANAGER = PersonId("URECEIVINGMANAGER")
U_RECEIVING_DEPUTY = PersonId("URECEIVINGDEPUTY")
U_RECEIVING_SAFEGUARDER = PersonId("URECEIVINGSAFEGUARDER")
U_RECEIVING_SENIOR = PersonId("URECEIVINGSENIOR")
U_RECEIVING_COLLEAGUE = PersonId("URECEIVINGCOLLEAGUE")
U_OTHER_PRACTITIONER = PersonId("UOTHERPRACTITIONER")
U_OTHER_MANAGER = PersonId("UOTHERMANAGER")
# The partnership's own people need no entry in the directory.
U_UNIT = PersonId("UUNIT")
U_COORDINATOR = PersonId("UCOORDINATOR")
U_SCRUTINEER = PersonId("USCRUTINEER")
# In the workspace, but in nobody's directory.
U_GUEST = PersonId("UGUEST")

PROCEDURE: Mapping[str, Any] = {
    "version": "test-2026-01",
    "title": "A Test Partnership: Professional Challenge",
    "emergency": {
        "text": "If anyone is in immediate danger call 999. Do not wait for this procedure.",
        "contacts": [
            {"name": "Police", "phone": "101"},
            {"name": "Children's front door", "phone": "see your page"},
        ],
    },
    "stage": [
        {
            "title": "Practitioner to practitioner",
            "raising": ["practitioner"],
            "receiving": ["practitioner"],
            "answer_within": "1 working day",
            "longest": "3 working days",
        },
        {
            "title": "Managers and safeguarding leads",
            "raising": ["line manager", "safeguarding lead"],
            "receiving": ["line manager", "safeguarding lead"],
            "accept_within": "4 working hours",
            "answer_within": "3 working days",
            "review": True,
        },
        {
            "title": "Inter-agency meeting",
            "raising": ["safeguarding lead", "senior manager"],
            "receiving": ["safeguarding lead", "senior manager"],
            "answer_within": "5 working days",
            "meeting": True,
            "notify": ["business unit"],
        },
        {
            "title": "Senior managers",
            "raising": ["senior manager"],
            "receiving": ["senior manager"],
            "answer_within": "3 working days",
            "confirmed": False,
        },
    ],
    "top": {"role": "Independent Scrutineer"},
    "urgent": {
        "start_at": "Managers and safeguarding leads",
        "accept_within": "30 minutes",
        "answer_within": "4 hours",
    },
}
TOP = 5
"""The number that the top has in PROCEDURE."""


def a_procedure(**changes: Any) -> Procedure:
    """Changes are settings of the file, such as `single_agency=False`; None leaves one out."""
    plain = {**PROCEDURE, **changes}
    return Procedure.read({key: value for key, value in plain.items() if value is not None})


def a_moment(at: str = "2026-03-06 10:00", procedure: Procedure | None = None) -> Moment:
    """A time of day in London: `a_moment("2026-04-02 17:30")`."""
    now = datetime.fromisoformat(at).replace(tzinfo=LONDON)
    return Moment(now, (procedure or a_procedure()).calendar)


FRIDAY_TEN = a_moment()


def later(moment: Moment, **length: float) -> Moment:
    """So much later by the clock: `later(FRIDAY_TEN, hours=4)`."""
    return replace(moment, now=moment.now + timedelta(**length))


def a_person(who: PersonId, agency: AgencyKey = OAK, **changes: Any) -> Person:
    facts: dict[str, Any] = {"name": str(who).title(), "role": "practitioner"}
    return Person(id=who, agency=agency, **{**facts, **changes})


PEOPLE = (
    a_person(U_RAISER, line_manager=U_RAISING_MANAGER),
    a_person(U_RAISING_MANAGER, role="line manager", deputy=U_RAISING_DEPUTY),
    a_person(U_RAISING_DEPUTY, role="assistant head"),
    a_person(U_RAISING_SAFEGUARDER, role="safeguarding lead"),
    a_person(U_RAISING_SENIOR, role="senior manager"),
    a_person(U_RAISING_COLLEAGUE),
    a_person(U_CHALLENGED, CSC, line_manager=U_RECEIVING_MANAGER),
    a_person(U_RECEIVING_MANAGER, CSC, role="line manager", deputy=U_RECEIVING_DEPUTY),
    a_person(U_RECEIVING_DEPUTY, CSC, role="assistant manager"),
    a_person(U_RECEIVING_SAFEGUARDER, CSC, role="safeguarding lead"),
    a_person(U_RECEIVING_SENIOR, CSC, role="senior manager"),
    a_person(U_RECEIVING_COLLEAGUE, CSC),
    a_person(U_OTHER_PRACTITIONER, NHS, line_manager=U_OTHER_MANAGER),
    a_person(U_OTHER_MANAGER, NHS, role="line manager"),
)


def a_directory(*changed: Person, **changes: Any) -> Directory:
    """`changed` people take the place of those with the same id, or join at the end."""
    known = {person.id: person for person in (*PEOPLE, *changed)}
    facts: dict[str, Any] = {
        "agencies": (
            Agency(OAK, "Oak School"),
            Agency(CSC, "Children's Social Care"),
            Agency(NHS, "Health Trust"),
        ),
        "people": tuple(known.values()),
        "business_unit": (U_UNIT,),
        "coordinators": (U_COORDINATOR,),
        "scrutineer": (U_SCRUTINEER,),
    }
    return Directory(**{**facts, **changes})


def the_person(who: PersonId, **changes: Any) -> Person:
    """Somebody of PEOPLE, altered: `a_directory(the_person(U_RAISER, active=False))`."""
    return replace(next(person for person in PEOPLE if person.id == who), **changes)


def a_concern(**changes: Any) -> Concern:
    facts: dict[str, Any] = {
        "subject": Subject.CHILD,
        "area": Area.REFERRAL,
        "reference": "CSC-77",
        "decision": "The referral of Monday was closed with no further action.",
        "why": "The bruises were seen again on Wednesday.",
        "meanwhile": "The school sees the child every morning.",
        "ask": "Please look at the referral again.",
    }
    return Concern(**{**facts, **changes})


def a_challenge(**changes: Any) -> Challenge:
    """Raised on Friday 6 March 2026 at ten, due on Monday at five, unless the test says."""
    facts: dict[str, Any] = {
        "id": 7,
        "reference": REFERENCE,
        "procedure": a_procedure(),
        "concern": a_concern(),
        "safety": Safety(danger=False),
        "raised_by": U_RAISER,
        "raising_agency": OAK,
        "challenged": U_CHALLENGED,
        "receiving_agency": CSC,
        "raised_at": FRIDAY_TEN.now,
        "status": Status.OPEN,
        "stage": 1,
        "stage_began": FRIDAY_TEN.now,
        "clock_set": FRIDAY_TEN.now,
        "due": a_moment("2026-03-09 17:00").now,
        "holders": (Involved(U_RAISER, Side.RAISING), Involved(U_CHALLENGED, Side.RECEIVING)),
    }
    return Challenge(**{**facts, **changes})


def a_raised_challenge(
    moment: Moment = FRIDAY_TEN, directory: Directory | None = None, **facts: Any
) -> Challenge:
    """As the rule raises it; facts such as `safety=Safety(danger=True)` go to the rule."""
    given: dict[str, Any] = {
        "procedure": a_procedure(),
        "by": U_RAISER,
        "challenged": U_CHALLENGED,
        "concern": a_concern(),
        "safety": Safety(danger=False),
    }
    change = raising.raise_challenge(
        REFERENCE, moment, directory or a_directory(), **{**given, **facts}
    )
    return replace(change.challenge, id=7)


def an_offered_challenge(
    moment: Moment = FRIDAY_TEN, directory: Directory | None = None, **changes: Any
) -> Challenge:
    """Stage 2 was asked for: the two line managers are asked to accept it."""
    given = a_challenge(**changes)
    return escalation.escalate(
        given, moment, directory or a_directory(), by=given.raised_by, because="No answer yet."
    ).challenge


def a_challenge_at(
    stage: int, moment: Moment = FRIDAY_TEN, directory: Directory | None = None, **changes: Any
) -> Challenge:
    """Taken on by everyone who was asked, stage after stage, up to this one."""
    people = directory or a_directory()
    challenge = a_challenge(**changes)
    while challenge.stage < stage:
        challenge = escalation.lapse(challenge, moment, people).challenge
        for prompt in challenge.prompts:
            assert prompt.person is not None
            challenge = escalation.accept(
                challenge, moment, people, by=prompt.person, line="I will see to it today."
            ).challenge
    return challenge
