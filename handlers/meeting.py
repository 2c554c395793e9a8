"""The inter-agency meeting: who attends, when, its minutes, or why it is not held."""

from collections.abc import Callable
from typing import Any

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.models.views import View
from slack_sdk.web.async_client import AsyncWebClient

from blocks import meeting as form
from blocks.forms import read_because, seen_in
from challenge import meeting
from challenge.casework import Casework, Hearing, Rule
from challenge.model import Challenge
from challenge.refusals import NoMeetingHere
from challenge.rights import Act, meeting_now, refuse_unless_may
from handlers.doorway import Listener, opening, show, submitting
from handlers.payloads import Payload, challenge_id, part, person


async def arrange(
    ack: AsyncAck, action: Payload, body: Payload, client: AsyncWebClient, casework: Casework
) -> None:
    challenge, directory = await casework.look_up(challenge_id(action.get("value")))
    refuse_unless_may(Act.SEE, challenge, directory, person(body))
    _refuse_unless_meeting(challenge)
    await show(client, body, form.arrange_view(challenge, directory))
    await ack()


async def agree_people(
    ack: AsyncAck,
    action: Payload,
    body: Payload,
    client: AsyncWebClient,
    casework: Casework,
    hearing: Hearing,
) -> None:
    """From the window or from the message; in the window, what it shows is brought up to date."""
    value = action.get("value")
    agreed = await hearing.carry_out(
        meeting.agree_attendees, challenge_id(value), by=person(body), seen=seen_in(value)
    )
    if part(body, "view").get("type") == "modal":
        again = form.arrange_view(agreed, await casework.directory())
        await client.views_update(view_id=body["view"]["id"], view=again)
    await ack()


def _opening(act: Act, draw: Callable[[Challenge], View]) -> Listener:
    """The listener that opens a form for whoever may act, at a stage that has a meeting."""

    def drawn(challenge: Challenge) -> View:
        _refuse_unless_meeting(challenge)
        return draw(challenge)

    return opening(act, drawn)


def _saying(rule: Rule, read: Callable[[Payload], dict[str, Any]]) -> Listener:
    """The listener for a form that goes with the window behind it, for that shows what was."""
    return submitting(rule, read, goes="clear")


def _refuse_unless_meeting(challenge: Challenge) -> None:
    if meeting_now(challenge) is None:
        raise NoMeetingHere


def register(app: AsyncApp) -> None:
    app.action(form.ARRANGE)(arrange)
    app.action(form.NAME_PEOPLE)(_opening(Act.PROPOSE_ATTENDEES, form.people_view))
    app.view(form.NAMED)(_saying(meeting.propose_attendees, form.read_named))
    app.action(form.AGREE_PEOPLE)(agree_people)
    app.action(form.OFFER)(_opening(Act.OFFER_TIMES, form.offer_view))
    app.view(form.OFFERED)(_saying(meeting.offer_times, form.read_offered))
    app.action(form.ANSWER)(_opening(Act.ANSWER_TIMES, form.answer_view))
    app.view(form.ANSWERED)(_saying(meeting.answer_times, form.read_answered))
    app.action(form.FIX)(_opening(Act.FIX_TIME, form.fix_view))
    app.view(form.FIXED)(_saying(meeting.fix_time, form.read_fixed))
    app.action(form.MINUTES)(opening(Act.RECORD_MINUTES, form.minutes_view))
    app.view(form.MINUTED)(_saying(meeting.record_minutes, form.read_minutes))
    app.action(form.DOUBT)(_opening(Act.DOUBT_MEETING, form.doubt_view))
    app.view(form.DOUBTED)(_saying(meeting.doubt, read_because))
    app.action(form.NEEDED)(_opening(Act.SECOND_OPINION, form.needed_view))
    app.view(form.SAID_NEEDED)(_saying(meeting.call_meeting_needed, read_because))
    app.action(form.NOT_HELD)(_opening(Act.SECOND_OPINION, form.not_held_view))
    app.view(form.SAID_NOT_HELD)(_saying(meeting.agree_no_meeting, form.read_not_held))
