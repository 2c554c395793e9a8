"""The directory: registering, leave, one's own entry, what coordinators change, what Slack says."""

import contextlib
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond
from slack_sdk.models.views import View
from slack_sdk.web.async_client import AsyncWebClient

from blocks import directory as form
from blocks import raising
from blocks import roll as roll_form
from blocks.forms import answer, carried, seen_in
from blocks.layout import Message
from challenge import people
from challenge.casework import Casework
from challenge.directory import Directory
from challenge.model import AgencyKey, PersonId
from challenge.people import refuse_unless_coordinator, to_be_confirmed
from challenge.refusals import MissingWords, NotListed
from handlers import roll
from handlers.doorway import SLACK_WILL_NOT, alter, place_of, show
from handlers.home import show_partnership
from handlers.payloads import Payload, part, person, slack_id


async def registered(
    ack: AsyncAck, body: Payload, view: Payload, client: AsyncWebClient, casework: Casework
) -> None:
    """Whoever began a challenge goes on with it at once."""
    by = person(body)
    name = await _name(client, by) or str(part(body, "user").get("name") or by)
    read = form.read_register(view)
    directory = await casework.rearrange(people.register, by=by, name=name, **read)
    kept = await casework.draft(carried(view), by)
    await ack(response_action="update", view=raising.about_view(carried(view), kept))
    message = form.added_themself(directory, by, roll_form.open_button())
    await _tell_coordinators(directory, by, message, client, casework)


async def away(ack: AsyncAck, body: Payload, client: AsyncWebClient, casework: Casework) -> None:
    me = (await casework.directory()).person(person(body))
    if me is None:
        raise NotListed
    await show(client, body, form.away_view(me, casework.moment().today))
    await ack()


async def away_set(ack: AsyncAck, body: Payload, view: Payload, casework: Casework) -> None:
    by = person(body)
    await casework.rearrange(people.set_leave, by=by, person=by, **form.read_leave(view))
    await ack()


async def still_right(
    ack: AsyncAck, body: Payload, casework: Casework, respond: AsyncRespond
) -> None:
    await casework.rearrange(people.still_right, by=person(body))
    await ack()
    await respond(text=form.THANKS, response_type="ephemeral", replace_original=True)


async def own(ack: AsyncAck, body: Payload, client: AsyncWebClient, casework: Casework) -> None:
    directory = await casework.directory()
    me = directory.person(person(body))
    if me is None:
        raise NotListed
    await show(client, body, form.own_view(directory, casework.procedure, me, place_of(body)))
    await ack()


async def own_changed(
    ack: AsyncAck, body: Payload, view: Payload, client: AsyncWebClient, casework: Casework
) -> None:
    """What waits for a coordinator's yes is said at once, to both."""
    by = person(body)
    directory = await casework.rearrange(people.change_own, by=by, **form.read_person(view))
    await alter(client, carried(view), form.changed(directory, by))
    me = directory.person(by)
    if me and me.new_manager is not None:
        await ack(response_action="update", view=form.manager_waits_view(directory, me))
    else:
        await ack()
    if me and me.asked is None:
        message = form.changed_themself(directory, by, roll_form.open_button())
        await _tell_coordinators(directory, by, message, client, casework)


async def confirm(
    ack: AsyncAck, action: Payload, body: Payload, client: AsyncWebClient, casework: Casework
) -> None:
    value = str(action.get("value"))
    who, seen = PersonId(slack_id(value.partition(":")[0])), seen_in(value)
    await casework.rearrange(people.confirm_person, by=person(body), person=who, seen=seen)
    await show_partnership(person(body), client, casework)
    await ack()


async def pick(
    ack: AsyncAck, action: Payload, body: Payload, client: AsyncWebClient, casework: Casework
) -> None:
    """For somebody named on the button their entry; otherwise the question whose."""
    named = str(action.get("value"))
    # Pressed on the roll: its page is drawn anew once the entry is saved.
    place = roll_form.place(part(body, "view"))
    view = (
        form.pick_view()
        if named == "home"
        else await _entry(PersonId(slack_id(named)), body, client, casework, place)
    )
    await _for_coordinator(body, view, client, casework)
    await ack()


async def picked(
    ack: AsyncAck, body: Payload, view: Payload, client: AsyncWebClient, casework: Casework
) -> None:
    who = PersonId(slack_id(answer(view, "person")))
    await ack(response_action="update", view=await _entry(who, body, client, casework))


async def person_given(
    ack: AsyncAck, body: Payload, view: Payload, client: AsyncWebClient, casework: Casework
) -> None:
    by, (named, _, place) = person(body), carried(view).partition(" ")
    who = PersonId(slack_id(named))
    known = (await casework.directory()).person(who)
    name = known.name if known else await _name(client, who)
    given = {"name": name, **form.read_whole_person(view)}
    await casework.rearrange(people.change_person, by=by, person=who, **given)
    # It is saved: should Slack not draw anew what lies beneath, that is no mishap to tell of.
    with contextlib.suppress(*SLACK_WILL_NOT):
        await _drawn_anew(place, view, by, client, casework)
    await ack()


async def leave(ack: AsyncAck, body: Payload, client: AsyncWebClient, casework: Casework) -> None:
    await _for_coordinator(body, form.leave_view(casework.moment().today), client, casework)
    await ack()


async def leave_set(ack: AsyncAck, body: Payload, view: Payload, casework: Casework) -> None:
    who = PersonId(slack_id(answer(view, "person")))
    facts = form.read_leave(view)
    await casework.rearrange(people.set_leave, by=person(body), person=who, **facts)
    await ack()


async def agency(ack: AsyncAck, body: Payload, client: AsyncWebClient, casework: Casework) -> None:
    view = form.agency_view(await casework.directory())
    await _for_coordinator(body, view, client, casework)
    await ack()


async def agency_changed(ack: AsyncAck, body: Payload, view: Payload, casework: Casework) -> None:
    given = form.read_agency(view)
    if not given["name"]:
        raise MissingWords("name")
    await casework.rearrange(people.change_agency, by=person(body), **given)
    await ack()


async def acts_for(
    ack: AsyncAck, body: Payload, client: AsyncWebClient, casework: Casework
) -> None:
    view = form.acts_for_view(await casework.directory())
    await _for_coordinator(body, view, client, casework)
    await ack()


async def acts_for_agency(ack: AsyncAck, body: Payload, view: Payload, casework: Casework) -> None:
    directory, procedure = await casework.directory(), await casework.todays_procedure()
    refuse_unless_coordinator(directory, person(body))
    agency = AgencyKey(answer(view, "agency"))
    shown = form.acts_for_role_view(directory, procedure, agency)
    await ack(response_action="update", view=shown)


async def acts_for_set(ack: AsyncAck, body: Payload, view: Payload, casework: Casework) -> None:
    facts = form.read_acts_for(view)
    await casework.rearrange(people.name_equivalent, by=person(body), **facts)
    await ack()


async def partnership(
    ack: AsyncAck, body: Payload, client: AsyncWebClient, casework: Casework
) -> None:
    view = form.partnership_view(await casework.directory())
    await _for_coordinator(body, view, client, casework)
    await ack()


async def partnership_changed(
    ack: AsyncAck, body: Payload, view: Payload, casework: Casework
) -> None:
    facts = form.read_partnership(view)
    await casework.rearrange(people.change_partnership, by=person(body), **facts)
    await ack()


async def profile_changed(event: Payload, casework: Casework) -> None:
    """Another name, or an account that was closed; Slack tells every change of everybody."""
    user = part(event, "user")
    who = PersonId(slack_id(user.get("id")))
    facts: dict[str, Any] = {
        "person": who,
        "name": _real_name(user),
        "gone": user.get("deleted") is True,
    }
    # Looked at first: most of what Slack tells alters nothing, and needs no turn at writing.
    if people.followed(await casework.directory(), casework.moment(), **facts):
        await casework.rearrange(people.followed, **facts)


async def asked_for(body: Payload, casework: Casework) -> Message:
    """For /challenge directory."""
    directory, procedure = await casework.directory(), await casework.todays_procedure()
    return form.asked_for(directory, procedure, person(body), casework.moment().today)


async def _for_coordinator(
    body: Payload, view: View, client: AsyncWebClient, casework: Casework
) -> None:
    """Refuses before anything is typed for whoever is none."""
    refuse_unless_coordinator(await casework.directory(), person(body))
    await show(client, body, view)


async def _drawn_anew(
    place: str, view: Payload, by: PersonId, client: AsyncWebClient, casework: Casework
) -> None:
    """The page of the roll from which the entry was opened, or else the partnership's Home."""
    if shown := roll_form.read_place(place):
        beneath = await roll.page(casework, by, *shown)
        await client.views_update(view_id=str(view.get("previous_view_id")), view=beneath)
    else:
        await show_partnership(by, client, casework)


async def _entry(
    who: PersonId, body: Payload, client: AsyncWebClient, casework: Casework, place: str = ""
) -> View:
    directory = await casework.directory()
    refuse_unless_coordinator(directory, person(body))
    known = directory.person(who)
    name = known.name if known else await _name(client, who)
    return form.person_view(directory, casework.procedure, who, name, place)


async def _tell_coordinators(
    directory: Directory,
    who: PersonId,
    message: Message,
    client: AsyncWebClient,
    casework: Casework,
) -> None:
    """That somebody waits for their yes. Once one of them heard, the rounds need not say it."""
    if not any(person.id == who for person in to_be_confirmed(directory)):
        return
    heard = False
    for coordinator in directory.coordinators:
        with contextlib.suppress(*SLACK_WILL_NOT):
            await client.chat_postMessage(
                channel=coordinator, text=message.text, blocks=message.blocks
            )
            heard = True
    if heard:
        await casework.rearrange(people.asked_again, people=(who,))


async def _name(client: AsyncWebClient, who: PersonId) -> str:
    """As Slack has it; nothing when Slack does not say."""
    try:
        return _real_name((await client.users_info(user=who))["user"])
    except SLACK_WILL_NOT:
        return ""


def _real_name(user: Payload) -> str:
    return str(part(user, "profile").get("real_name") or user.get("real_name") or "")


def register(app: AsyncApp) -> None:
    app.view(form.REGISTERED)(registered)
    app.action(form.AWAY)(away)
    app.view(form.AWAY_SET)(away_set)
    app.action(form.RIGHT)(still_right)
    app.action(form.OWN)(own)
    app.view(form.OWN_CHANGED)(own_changed)
    app.action(form.CONFIRM)(confirm)
    app.action(form.PICK)(pick)
    app.view(form.PICKED)(picked)
    app.view(form.PERSON)(person_given)
    app.action(form.LEAVE)(leave)
    app.view(form.LEAVE_SET)(leave_set)
    app.action(form.AGENCY)(agency)
    app.view(form.AGENCY_CHANGED)(agency_changed)
    app.action(form.ACTS_FOR)(acts_for)
    app.view(form.ACTS_FOR_AGENCY)(acts_for_agency)
    app.view(form.ACTS_FOR_SET)(acts_for_set)
    app.action(form.PARTNERSHIP)(partnership)
    app.view(form.PARTNERSHIP_CHANGED)(partnership_changed)
    app.event("user_change")(profile_changed)
