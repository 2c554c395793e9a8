"""Asking for the next stage, accepting it, and passing a prompt on."""

from slack_bolt.async_app import AsyncApp

from blocks import escalation as form
from blocks.forms import read_because
from challenge import escalation
from challenge.rights import Act
from handlers.doorway import opening, submitting


def register(app: AsyncApp) -> None:
    app.action(form.ASK)(opening(Act.ESCALATE, form.ask_view))
    app.view(form.ASKED)(submitting(escalation.escalate, form.read_asked))
    app.action(form.ACCEPT)(opening(Act.ACCEPT, form.accept_view))
    app.view(form.ACCEPTED)(submitting(escalation.accept, form.read_accepted))
    app.action(form.DECLINE)(opening(Act.DECLINE, form.decline_view))
    app.view(form.DECLINED)(submitting(escalation.decline, read_because))
