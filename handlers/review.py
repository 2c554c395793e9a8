"""Recording the review, asking for a second opinion, giving it."""

from slack_bolt.async_app import AsyncApp

from blocks import review as form
from challenge import review
from challenge.rights import Act
from handlers.doorway import opening, pressing, submitting


def register(app: AsyncApp) -> None:
    app.action(form.RECORD)(opening(Act.REVIEW, form.record_view))
    app.view(form.RECORDED)(submitting(review.record_review, form.read))
    app.action(form.ASK_AGAIN)(pressing(review.ask_review_again))
    app.action(form.AGAIN)(opening(Act.REVIEW_AGAIN, form.again_view))
    app.view(form.GIVEN_AGAIN)(submitting(review.review_again, form.read))
