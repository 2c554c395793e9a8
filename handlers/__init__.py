"""What Slack says, and what we do about it. `register` is the index of everything listened to."""

from slack_bolt.async_app import AsyncApp

from challenge.casework import Casework
from handlers import (
    aftercare,
    agreement,
    command,
    directory,
    errors,
    escalation,
    follow_up,
    home,
    meanwhile,
    meeting,
    messages,
    other_routes,
    payloads,
    position,
    raising,
    reactions,
    resolution,
    response,
    scrutiny,
    support,
    voice,
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
    directory.register(app)
    raising.register(app)
    other_routes.register(app)
    support.register(app)
    wording.register(app)
    agreement.register(app)
    position.register(app)
    meanwhile.register(app)
    voice.register(app)
    escalation.register(app)
    meeting.register(app)
    scrutiny.register(app)
    resolution.register(app)
    follow_up.register(app)
    aftercare.register(app)
    response.register(app)
