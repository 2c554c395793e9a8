"""The only place that catches: a refusal becomes a kind sentence, a surprise an honest apology.

The person who acted reads it where they are: beside the field, under the message, or in a small
window. Nothing that they typed is lost, and nobody else sees it.
"""

import json
import logging
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

from aiohttp import ClientError
from slack_bolt.async_app import AsyncApp, AsyncRespond
from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.response import BoltResponse
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from blocks import forms, layout
from challenge.casework import Casework
from challenge.refusals import AlreadyHeard, Incomplete, Refusal
from handlers.payloads import Payload, part

log = logging.getLogger("challenge.handlers")

APOLOGY = (
    "Sorry, something went wrong on our side and this was not done. Please try again in a minute. "
    "If it stays so, quote {reference} to your coordinator. If someone may be at risk, do not "
    "wait: act now and ring."
)
TOO_SLOW = "Slack took too long to open this. Please press it once more."

Body = dict[str, Any]


def register(app: AsyncApp) -> None:
    app.error(answer)


async def answer(
    error: Exception,
    body: Body,
    client: AsyncWebClient,
    respond: AsyncRespond,
    context: AsyncBoltContext,
) -> BoltResponse:
    """Events are said again by Slack unless answered 200; people's acts are answered in words."""
    if "event" in body:
        return _answer_event(error)
    if _is_stale(error):
        return _acknowledged(None)
    if isinstance(error, AlreadyHeard):
        return _acknowledged({"response_action": "clear"} if _is_submission(body) else None)
    sentence = _sentence(error)
    if _is_submission(body):
        plain = await _with_names(sentence, context.get("casework"))
        return _acknowledged(_beside_a_field(error, part(body, "view"), plain))
    if "command" in body:
        return _acknowledged({"response_type": "ephemeral", "text": sentence})
    await _tell(sentence, body, client, respond)
    return _acknowledged(None)


def _answer_event(error: Exception) -> BoltResponse:
    if isinstance(error, Refusal):
        log.info("refused", extra={"type": type(error).__name__})
        return _acknowledged(None)
    _log_surprise(error, _reference())
    if isinstance(error, SlackApiError):
        # Slack's own no; to be told the event again would not change it.
        return _acknowledged(None)
    return BoltResponse(status=500, body="")


def _sentence(error: Exception) -> str:
    if isinstance(error, Refusal):
        log.info("refused", extra={"type": type(error).__name__})
        return error.sentence
    if "trigger" in _slack_word(error):
        return TOO_SLOW
    reference = _reference()
    _log_surprise(error, reference)
    return APOLOGY.format(reference=reference)


async def _with_names(sentence: str, casework: Casework | None) -> str:
    """Under a field Slack shows text as it is, so mentions become names."""
    if casework is None or "<@" not in sentence:
        return sentence
    return layout.with_names(sentence, await casework.directory())


def _log_surprise(error: Exception, reference: str) -> None:
    log.error("surprise", exc_info=error, extra={"reference": reference})


def _reference() -> str:
    return uuid4().hex[:8].upper()


def _is_stale(error: Exception) -> bool:
    """The person was quicker than we: a newer view is open already, so there is nothing to say."""
    return _slack_word(error) == "hash_conflict"


def _slack_word(error: Exception) -> str:
    """Slack's word for what was wrong; empty when Slack did not even answer properly."""
    data = getattr(getattr(error, "response", None), "data", None)
    return str(data.get("error")) if isinstance(data, dict) else ""


def _is_submission(body: Body) -> bool:
    return body.get("type") == "view_submission"


def _beside_a_field(error: Exception, view: Payload, sentence: str) -> Body:
    """Errors keep the modal and its text; they stand under the field concerned, or the first."""
    inputs = list(_inputs(view))
    field = error.field if isinstance(error, Incomplete) else ""
    if not inputs:
        return {"response_action": "update", "view": forms.notice("Sorry", sentence).to_dict()}
    return {
        "response_action": "errors",
        "errors": {field if field in inputs else inputs[0]: sentence},
    }


def _inputs(view: Payload) -> Iterator[str]:
    blocks = view.get("blocks")
    for block in blocks if isinstance(blocks, list) else ():
        if isinstance(block, dict) and block.get("type") == "input":
            yield str(block.get("block_id"))


async def _tell(sentence: str, body: Body, client: AsyncWebClient, respond: AsyncRespond) -> None:
    trigger = str(body.get("trigger_id"))
    try:
        if body.get("response_url"):
            await respond(text=sentence, response_type="ephemeral", replace_original=False)
        elif part(body, "view").get("type") == "modal":
            await client.views_push(trigger_id=trigger, view=_window(sentence))
        else:
            await client.views_open(trigger_id=trigger, view=_window(sentence))
    except (SlackApiError, ClientError, OSError, TimeoutError, TypeError, ValueError) as problem:
        # The act was refused and stays refused; only the explanation could not be shown.
        log.warning("not told", extra={"type": type(problem).__name__})


def _window(sentence: str) -> Body:
    return dict(forms.notice("Not done", sentence).to_dict())


def _acknowledged(answer: Body | None) -> BoltResponse:
    if answer is None:
        return BoltResponse(status=200, body="")
    return BoltResponse(
        status=200,
        body=json.dumps(answer),
        headers={"content-type": ["application/json;charset=utf-8"]},
    )
