"""Saying, or renewing, what keeps the person safe while people disagree."""

from slack_bolt.async_app import AsyncApp

from blocks import meanwhile as form
from challenge import meanwhile
from challenge.rights import Act
from handlers.doorway import opening, submitting


def register(app: AsyncApp) -> None:
    app.action(form.SET)(opening(Act.SET_MEANWHILE, form.set_view))
    app.view(form.GIVEN)(submitting(meanwhile.set_meanwhile, form.read_set))
