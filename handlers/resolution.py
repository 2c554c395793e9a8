"""Proposing how it is settled, the other side's answer, and withdrawing."""

from slack_bolt.async_app import AsyncApp

from blocks import resolution as form
from blocks.forms import read_because
from challenge import resolution
from challenge.rights import Act
from handlers.agreed_action import Answers, beginning, drafted, gathering
from handlers.doorway import agreeing, opening, submitting


def _check(proposal: Answers) -> None:
    resolution.refuse_unless_said(proposal["how"])


def register(app: AsyncApp) -> None:
    app.action(form.PROPOSE)(opening(Act.PROPOSE_SETTLEMENT, drafted(form.propose_view)))
    app.view(form.PROPOSED)(beginning(form.read_proposal, _check, form.action_view))
    app.view(form.ACTION)(gathering(resolution.propose_settlement, form.facts, form.action_view))
    app.action(form.CONFIRM)(agreeing(resolution.confirm_settlement))
    app.action(form.DECLINE)(opening(Act.DECLINE_SETTLEMENT, form.decline_view))
    app.view(form.DECLINED)(submitting(resolution.decline_settlement, read_because))
    app.action(form.WITHDRAW)(opening(Act.WITHDRAW, form.withdraw_view))
    app.view(form.WITHDRAWN)(submitting(resolution.withdraw, read_because))
