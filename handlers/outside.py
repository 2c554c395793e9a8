"""Asking for somebody outside the line: one press."""

from slack_bolt.async_app import AsyncApp

from blocks import outside as form
from challenge import outside
from handlers.doorway import pressing


def register(app: AsyncApp) -> None:
    app.action(form.PAST)(pressing(outside.go_past_line))
