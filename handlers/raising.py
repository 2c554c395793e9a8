"""Raising a challenge, from the first question to the submitted form."""

from datetime import date, datetime
from typing import Any
from uuid import uuid4

from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.models.views import View
from slack_sdk.web.async_client import AsyncWebClient

from blocks import forms, other_routes, raising
from blocks.directory import register_view
from challenge.casework import Casework
from challenge.model import PersonId
from challenge.people import may_register
from challenge.raising import (
    end_of,
    latest_answer,
    raised_before,
    refuse_unless_known,
    refuse_unless_right_person,
    refuse_unless_written,
)
from handlers.doorway import pointed_out
from handlers.payloads import Payload, person


async def opens(ack: AsyncAck, body: Payload, client: AsyncWebClient, casework: Casework) -> None:
    """Opens at once, before any look at the database: a trigger lives three seconds."""
    view = raising.safety_view(casework.procedure, draft=uuid4().hex)
    await client.views_open(trigger_id=body["trigger_id"], view=view)
    await ack()


async def danger_answered(
    ack: AsyncAck, body: Payload, client: AsyncWebClient, casework: Casework
) -> None:
    """Whom to call appears the moment that somebody says yes."""
    await ack()
    view = body["view"]
    again = _safety_view(view, casework)
    await client.views_update(view_id=view["id"], hash=view["hash"], view=again)


async def safety_answered(ack: AsyncAck, body: Payload, view: Payload, casework: Casework) -> None:
    directory, by = await casework.directory(), person(body)
    safety = raising.read_safety(view)
    # In danger nobody has to say first where they work.
    stranger = may_register(directory, by) and not safety.danger
    if not stranger:
        refuse_unless_known(directory, casework.procedure, by, danger=safety.danger)
    if safety.danger and not raising.shows_whom_to_call(view):
        # Next was pressed before the numbers had come; nobody goes on without having seen them.
        await ack(response_action="update", view=_safety_view(view, casework))
        return
    if await pointed_out(ack, view, casework):
        return
    kept = await _keep(body, view, casework, {"danger": safety.danger, "done": safety.done})
    if stranger:
        asked = register_view(directory, casework.procedure, forms.carried(view))
        await ack(response_action="update", view=asked)
        return
    about = raising.about_view(forms.carried(view), kept)
    await ack(response_action="push", view=forms.on_top(about))


async def about_answered(ack: AsyncAck, body: Payload, view: Payload, casework: Casework) -> None:
    about = raising.read_about(view)
    refuse_unless_written(about)
    directory, by = await casework.directory(), person(body)
    challenged = PersonId(about["challenged"])
    refuse_unless_right_person(directory, casework.procedure, by=by, challenged=challenged)
    if await pointed_out(ack, view, casework):
        return
    if await _pointed_out_before(ack, body, view, casework, about):
        return
    kept = await _keep(body, view, casework, about)
    limit = _limit(casework)
    begins = (await casework.todays_procedure()).stage(1).confirmed and not kept["danger"]
    latest = casework.moment().calendar.local(limit).date() if begins else None
    asked = raising.asking_view(forms.carried(view), kept, latest)
    await ack(response_action="push", view=forms.on_top(asked))


async def asking_answered(ack: AsyncAck, body: Payload, view: Payload, casework: Casework) -> None:
    """What is wrong with the day is said here, beside the day."""
    asked = raising.read_asking(view)
    refuse_unless_written({name: asked[name] for name in ("why", "ask")})
    if asked["due"]:
        end_of(date.fromisoformat(asked["due"]), casework.moment(), latest=_limit(casework))
    if await pointed_out(ack, view, casework):
        return
    kept = await _keep(body, view, casework, asked)
    # In the place of this view, for Slack stacks three at most.
    about_them = raising.person_view(forms.carried(view), kept)
    await ack(response_action="update", view=forms.on_top(about_them))


async def person_answered(ack: AsyncAck, body: Payload, view: Payload, casework: Casework) -> None:
    if await pointed_out(ack, view, casework):
        return
    answers = await _keep(body, view, casework, raising.read_person(view))
    await casework.raise_challenge(forms.carried(view), by=person(body), **raising.facts(answers))
    await ack(response_action="clear")


async def _pointed_out_before(
    ack: AsyncAck, body: Payload, view: Payload, casework: Casework, about: dict[str, str]
) -> bool:
    """True when an earlier challenge about the same was pointed out; pressed again, it goes on."""
    by, challenged = person(body), PersonId(about["challenged"])
    agency = (await casework.directory()).agency_of(challenged)
    mine = await casework.challenges_of(by)
    same = raised_before(mine, by=by, about=about["reference"], agency=agency, with_=challenged)
    if same is None or raising.shows(view, same):
        return False
    await ack(response_action="update", view=raising.with_earlier_one(view, same))
    return True


def _safety_view(view: Payload, casework: Casework) -> View:
    """The first view with what was answered so far, and whom to call if somebody is in danger."""
    safety = raising.read_safety(view)
    return raising.safety_view(
        casework.procedure,
        forms.carried(view),
        danger=raising.YES if safety.danger else raising.NO,
        done=safety.done,
        route=other_routes.shown_in(view, casework.procedure),
    )


def _limit(casework: Casework) -> datetime:
    return latest_answer(casework.procedure, casework.moment())


async def _keep(
    body: Payload, view: Payload, casework: Casework, answers: dict[str, Any]
) -> dict[str, Any]:
    """What was answered so far, with this view's answers on top, put by in case of a mishap."""
    return await casework.add_to_draft(forms.carried(view), person(body), answers)


def register(app: AsyncApp) -> None:
    app.shortcut(raising.SHORTCUT)(opens)
    app.action(raising.DANGER)(danger_answered)
    app.view(raising.SAFETY)(safety_answered)
    app.view(raising.ABOUT)(about_answered)
    app.view(raising.ASKING)(asking_answered)
    app.view(raising.PERSON)(person_answered)
