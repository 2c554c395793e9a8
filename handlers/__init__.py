"""What Slack says, and what we do about it. `register` is the index of everything listened to."""

from slack_bolt.async_app import AsyncApp

from challenge.casework import Casework
from handlers import (
    agreement,
    command,
    errors,
    escalation,
    home,
    messages,
    other_routes,
    payloads,
    raising,
    reactions,
    resolution,
    response,
    support,
    wording,
)


def register(app: AsyncApp, casework: Casework) -> None:
    """Bolt tries its listeners one by one, so what comes most often stands first."""
    payloads.register(app, casework)
    errors.register(app)
    messages.register(app)
    reactions.register(app)
    command.register(app)
    home.register(app)
    raising.register(app)
    other_routes.register(app)
    support.register(app)
    wording.register(app)
    agreement.register(app)
    escalation.register(app)
    resolution.register(app)
    response.register(app)
