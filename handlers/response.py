"""Someone may be at risk: contacts first, then the urgent route."""

from slack_bolt.async_app import AsyncApp

from blocks import response as form
from challenge import response
from challenge.rights import Act
from handlers.doorway import opening, submitting


def register(app: AsyncApp) -> None:
    app.action(form.RISK)(opening(Act.DECLARE_RISK, form.risk_view))
    app.view(form.DECLARED)(submitting(response.declare_risk, form.read_declared))
