"""The directory: registering, leave, one's own entry, and a coordinator's ways of changing it."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from slack_sdk.models.blocks import Block, ButtonElement
from slack_sdk.models.views import View

from blocks.forms import (
    Payload,
    answer,
    answered_day,
    answered_several,
    carried,
    choice,
    day,
    modal,
    notice,
    question,
    radio,
    several_people,
    someone,
)
from blocks.layout import Message, buttons, called, named, safe, says, small
from challenge.directory import Directory, Person, ladder_of
from challenge.model import AgencyKey, PersonId
from challenge.people import PRACTITIONER, equivalents_of, roles_known, told
from challenge.procedure import Procedure, Stage
from challenge.shown import mark_of

REGISTERED = "directory.registered"
AWAY = "directory.away"
AWAY_SET = "directory.away_set"
RIGHT = "directory.right"
OWN = "directory.own"
OWN_CHANGED = "directory.own_changed"
CONFIRM = "directory.confirm"
PICK = "directory.pick"
PICKED = "directory.picked"
PERSON = "directory.person"
LEAVE = "directory.leave"
LEAVE_SET = "directory.leave_set"
AGENCY = "directory.agency"
AGENCY_CHANGED = "directory.agency_changed"
ACTS_FOR = "directory.acts_for"
ACTS_FOR_AGENCY = "directory.acts_for_agency"
ACTS_FOR_SET = "directory.acts_for_set"
PARTNERSHIP = "directory.partnership"
PARTNERSHIP_CHANGED = "directory.partnership_changed"

ACTS_FOR_TITLE = "Who acts for an agency"
ONE_BY_ONE = "One role at a time."
NEW = "new"
HERE, GONE = "here", "gone"
LONGEST_TEXT = 3900
THANKS = "Thank you. Your entry is noted as right from today."


def register_view(directory: Directory, procedure: Procedure, draft: str) -> View:
    """For somebody unknown who wishes to raise a challenge; what they began goes on after it."""
    return modal(
        REGISTERED,
        "Who are you?",
        "Go on",
        [
            says(
                "You are not in the partnership's directory yet. Tell us where you work, and you "
                "can go on at once. A coordinator will check it later."
            ),
            small(f":warning: *{safe(procedure.emergency.text)}*"),
            _agency(directory, ""),
            _role(directory, procedure, PRACTITIONER),
            someone(
                "line_manager",
                "Who is your line manager?",
                hint="They are asked to help if your challenge needs the next stage.",
                optional=True,
            ),
        ],
        carries=draft,
    )


def own_view(directory: Directory, procedure: Procedure, me: Person, place: str = "") -> View:
    """It carries where the question stands to which it is an answer, if it is one."""
    words = (
        "If your agency, your role or your line manager is another one now, a coordinator will "
        "check it. Until then, the line manager who is listed now is asked."
    )
    manager = me.line_manager if me.new_manager is None else me.new_manager
    return modal(
        OWN_CHANGED,
        "Your entry",
        "Save",
        [
            says(words),
            _agency(directory, me.agency),
            _role(directory, procedure, me.role),
            _manager(manager),
            _deputy(me.deputy),
        ],
        carries=place,
    )


def manager_waits_view(directory: Directory, me: Person) -> View:
    """Once it is saved: what does not count yet, said plainly."""
    now, new = _name(directory, me.line_manager), _name(directory, me.new_manager)
    return notice(
        "Saved",
        f"A coordinator will look at your new line manager: {new}. If a challenge needs somebody "
        f"before that, the bot goes by the entry as it was: {now}. This is so for everybody, and "
        "it says nothing about you.",
    )


def away_view(me: Person, today: date) -> View:
    return modal(
        AWAY_SET,
        "When you are away",
        "Save",
        [says("While you are away, the next person is asked in your place."), *_leave(me, today)],
        carries="own",
    )


def leave_view(today: date) -> View:
    """For a coordinator, about anybody."""
    return modal(
        LEAVE_SET,
        "Somebody is away",
        "Save",
        [someone("person", "Who is away?"), *_leave(None, today)],
        carries="leave",
    )


def pick_view() -> View:
    return modal(
        PICKED,
        "Add or change a person",
        "Go on",
        [someone("person", "Who?", hint="Somebody new is added, everybody else is changed.")],
        carries="person",
    )


def person_view(
    directory: Directory, procedure: Procedure, who: PersonId, name: str, place: str = ""
) -> View:
    """Their name is Slack's, so nobody has to type it. `place` is where it was opened from."""
    known = directory.person(who) or Person(who, name, directory.agencies[0].key, PRACTITIONER)
    return modal(
        PERSON,
        "A person's entry",
        "Save",
        [
            says(f"*{safe(known.name or who)}*"),
            _agency(directory, known.agency),
            _role(directory, procedure, known.role),
            _manager(known.line_manager),
            _deputy(known.deputy),
            radio(
                "active",
                "Do they still work here?",
                [(HERE, "Yes"), (GONE, "No, they have left")],
                hint="What somebody who has left was asked to do goes to the next person at once.",
                value=HERE if known.active else GONE,
            ),
        ],
        carries=f"{who} {place}".strip(),
    )


def agency_view(directory: Directory) -> View:
    known = [(str(agency.key), agency.name[:70]) for agency in directory.agencies]
    return modal(
        AGENCY_CHANGED,
        "Agencies",
        "Save",
        [
            choice("agency", "Which agency?", [(NEW, "A new one"), *known], value=NEW),
            question("name", "What is it called?", lines=False),
        ],
        carries="agency",
    )


def acts_for_view(directory: Directory) -> View:
    """Of which agency it is to be said who acts for it."""
    words = (
        "A GP practice, a small provider or a school may have nobody in a role that a stage asks "
        "for. Name somebody who acts for it: one of its own people, or somebody of another agency."
    )
    blocks = [says(words), _agency(directory, "")]
    return modal(ACTS_FOR_AGENCY, ACTS_FOR_TITLE, "Go on", blocks, carries="agency")


def acts_for_role_view(directory: Directory, procedure: Procedure, agency: AgencyKey) -> View:
    """Who acts for it now, and one role to change."""
    acting = equivalents_of(directory, agency)
    lines = [f"• {safe(role)}: {named(directory, who)}" for role, who in acting.items()]
    now = "\n".join(lines) or "Nobody is named yet."
    return modal(
        ACTS_FOR_SET,
        ACTS_FOR_TITLE,
        "Save",
        [
            says(f"*{safe(directory.agency_name(agency))}*\n{now}"),
            choice("role", "In which role?", _lacked(directory, procedure), hint=ONE_BY_ONE),
            someone(
                "person",
                "Who acts in this role?",
                hint="They are asked first. Leave it empty to end it.",
                optional=True,
            ),
        ],
        carries=agency,
    )


def partnership_view(directory: Directory) -> View:
    hint = "In this order they are asked when nobody else is left."
    return modal(
        PARTNERSHIP_CHANGED,
        "The partnership",
        "Save",
        [
            several_people(
                "business_unit",
                "Business unit",
                hint=hint,
                value=directory.business_unit,
                optional=True,
            ),
            several_people(
                "coordinators",
                "Coordinators",
                hint="They keep this directory. There has to be one at least.",
                value=directory.coordinators,
            ),
            several_people(
                "scrutineer",
                "Who decides at the very top",
                value=directory.scrutineer,
                optional=True,
            ),
            several_people(
                "aftercare",
                "Who hears how it went afterwards",
                hint="Somebody outside both sides' lines.",
                value=directory.aftercare,
                optional=True,
            ),
        ],
        carries="partnership",
    )


def quarterly(directory: Directory, who: PersonId) -> Message:
    """The question of every quarter, in a direct message."""
    text = (
        "Is your entry in the challenge directory still right? If a challenge needs somebody, "
        "the bot asks the people listed there."
    )
    return Message(text, [says(text), says(entry(directory, who)), *_answers()], asks=text)


def changed(directory: Directory, who: PersonId) -> Message:
    """In the place of that question."""
    text = "Thank you. This is your entry now."
    return Message(text, [says(text), says(entry(directory, who))])


def added_themself(directory: Directory, who: PersonId, look: ButtonElement) -> Message:
    """To a coordinator, in a direct message."""
    text = (
        f"{named(directory, who)} has added themself to the challenge directory. Please look at "
        "their entry: open my Home, press *The partnership*, and confirm it or change it."
    )
    shown = [says(text), says(entry(directory, who)), *buttons([look])]
    return Message(text.replace("*", ""), shown, lasting=True)


def changed_themself(directory: Directory, who: PersonId, look: ButtonElement) -> Message:
    """To a coordinator, in a direct message."""
    text = (
        f"{named(directory, who)} has changed their own entry in the challenge directory, and "
        "something in it waits for your yes. Please look at it: open my Home, press *The "
        "partnership*, and confirm it or change it."
    )
    shown = [says(text), says(entry(directory, who)), *buttons([look])]
    return Message(text.replace("*", ""), shown, lasting=True)


def to_check(number: int, look: ButtonElement) -> Message:
    """For a coordinator, in a direct message: who added themself, or moved, waits for a yes."""
    people = "1 person has" if number == 1 else f"{number} people have"
    text = (
        f"{people} a new or changed entry in the challenge directory. Nobody is asked to help "
        "because of it until you have looked at it. Open the App Home and press *The "
        "partnership*."
    )
    return Message(text.replace("*", ""), [says(text), *buttons([look])], lasting=True)


def entry(directory: Directory, who: PersonId) -> str:
    """Somebody's entry in words."""
    person = directory.person(who)
    if person is None:
        return "You are not in the directory."
    manager = _name(directory, person.line_manager)
    deputy = _name(directory, directory.deputy_of(who))
    away = "; ".join(f"{leave.first:%-d %B %Y} to {leave.last:%-d %B %Y}" for leave in person.away)
    lines = [
        f"*{named(directory, who)}*, {safe(person.role)}",
        f"Line manager: {manager}. Deputy: {deputy}.",
        *([f"Away: {away}."] if away else []),
        *_to_be_checked(directory, person),
    ]
    return "\n".join(lines)


def _to_be_checked(directory: Directory, person: Person) -> list[str]:
    named_now = _name(directory, person.new_manager)
    manager = [f"New line manager, if a coordinator says yes: {named_now}."]
    return [
        *(["A coordinator has still to check this."] if person.provisional else []),
        *(manager if person.new_manager is not None else []),
    ]


def asked_for(directory: Directory, procedure: Procedure, me: PersonId, today: date) -> Message:
    """For /challenge directory: whom the bot would ask on this person's side, stage by stage."""
    person = directory.person(me)
    if person is None:
        text = "You are not in the directory yet. Type /challenge, and you can add yourself."
        return Message(text, [says(text)])
    lines = [
        f"*{stage.number}. {safe(stage.title)}*: "
        + _first_of(directory, _asked_at(directory, stage, person), today)
        for stage in procedure.stages
        if stage.confirmed
    ]
    top = _first_of(directory, directory.scrutineer, today)
    text = "\n".join([entry(directory, me), *lines, f"*{safe(procedure.top.role)}*: {top}"])
    shown = says(f"If you raise a challenge, these are asked in turn on your side.\n{text}")
    wrong = small("Is something wrong? Press Change, or tell a coordinator.")
    text = text.replace("*", "")[:LONGEST_TEXT]
    return Message(text, [shown, wrong, *_answers()], lasting=True)


def read_person(view: Payload) -> dict[str, Any]:
    """What a coordinator, or the person themself, wrote of an entry."""
    return {
        "agency": answer(view, "agency"),
        "role": answer(view, "role"),
        "line_manager": _chosen(view, "line_manager"),
        "deputy": _chosen(view, "deputy"),
    }


def read_register(view: Payload) -> dict[str, Any]:
    given = read_person(view)
    return {key: given[key] for key in ("agency", "role", "line_manager")}


def read_whole_person(view: Payload) -> dict[str, Any]:
    return {**read_person(view), "active": answer(view, "active") != GONE}


def read_leave(view: Payload) -> dict[str, Any]:
    return {
        "first": answered_day(view, "first"),
        "last": answered_day(view, "last"),
        "deputy": _chosen(view, "deputy"),
    }


def read_agency(view: Payload) -> dict[str, str]:
    key = answer(view, "agency")
    return {"key": "" if key == NEW else key, "name": answer(view, "name")}


def read_acts_for(view: Payload) -> dict[str, Any]:
    return {
        "agency": carried(view),
        "role": answer(view, "role"),
        "person": _chosen(view, "person"),
    }


def read_partnership(view: Payload) -> dict[str, tuple[PersonId, ...]]:
    names = ("business_unit", "coordinators", "scrutineer", "aftercare")
    return {name: tuple(PersonId(who) for who in answered_several(view, name)) for name in names}


def people_buttons() -> list[ButtonElement]:
    return [
        ButtonElement(text="Add or change a person", action_id=PICK, value="home"),
        ButtonElement(text="Set somebody's leave", action_id=LEAVE, value="home"),
    ]


def other_buttons() -> list[ButtonElement]:
    return [
        ButtonElement(text="Agencies", action_id=AGENCY, value="home"),
        ButtonElement(text=ACTS_FOR_TITLE, action_id=ACTS_FOR, value="home"),
        ButtonElement(text="The partnership", action_id=PARTNERSHIP, value="home"),
    ]


def away_button() -> ButtonElement:
    return ButtonElement(text="Set my leave", action_id=AWAY, value="home")


def confirm_button(person: Person) -> ButtonElement:
    """A yes to the entry as it is shown."""
    value = f"{person.id}:{mark_of(told(person))}"
    return ButtonElement(text="Confirm", action_id=CONFIRM, value=value)


def change_button(who: PersonId) -> ButtonElement:
    """The value is whom it is about; the form opens with their entry."""
    return ButtonElement(text="Change", action_id=PICK, value=who)


def _answers() -> list[Block]:
    return buttons(
        [
            ButtonElement(text="Yes, it is right", action_id=RIGHT, value="home", style="primary"),
            ButtonElement(text="Change", action_id=OWN, value="home"),
        ]
    )


def _agency(directory: Directory, value: str) -> Block:
    options = [(str(agency.key), agency.name[:70]) for agency in directory.agencies]
    return choice("agency", "Which agency?", options, value=value)


def _role(directory: Directory, procedure: Procedure, value: str) -> Block:
    options = [(role[:70], role[:70].capitalize()) for role in roles_known(directory, procedure)]
    hint = "The role says at which stage somebody may be asked."
    return choice("role", "Which role?", options, hint=hint, value=value)


def _lacked(directory: Directory, procedure: Procedure) -> list[tuple[str, str]]:
    """The roles in which somebody may act for an agency; its practitioners are its own."""
    roles = (role for role in roles_known(directory, procedure) if role != PRACTITIONER)
    return [(role[:70], role[:70].capitalize()) for role in roles]


def _manager(value: PersonId | None) -> Block:
    return someone("line_manager", "Line manager", value=value or "", optional=True)


def _deputy(value: PersonId | None) -> Block:
    hint = "May accept in their place, and is told when they are asked."
    return someone("deputy", "Deputy", hint=hint, value=value or "", optional=True)


def _leave(person: Person | None, today: date) -> Sequence[Block]:
    away = sorted(person.away, key=lambda leave: leave.first) if person else []
    coming = [leave for leave in away if leave.last >= today]
    first, last = (coming[0].first, coming[0].last) if coming else (None, None)
    return [
        day("first", "First day away", value=first, optional=True),
        day("last", "Last day away", hint="Leave both empty to end it.", value=last, optional=True),
        _deputy(person.deputy if person else None),
    ]


def _chosen(view: Payload, name: str) -> PersonId | None:
    given = answer(view, name)
    return PersonId(given) if given else None


def _name(directory: Directory, who: PersonId | None) -> str:
    return called(directory, who) if who else "nobody"


def _asked_at(directory: Directory, stage: Stage, person: Person) -> Iterable[PersonId]:
    """Between the two practitioners nobody is asked in their stead."""
    if PRACTITIONER in stage.raising:
        return (person.id,)
    return ladder_of(directory, person.id, person.agency, stage.raising)


def _first_of(directory: Directory, people: Iterable[PersonId], today: date) -> str:
    """The first three who are there, in the order in which they would be asked."""
    there = [w for w in dict.fromkeys(people) if directory.can_be_asked(w, today)][:3]
    return ", then ".join(named(directory, who) for who in there) or "the partnership"
