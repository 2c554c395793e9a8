"""What Slack says, and what we do about it. `register` is the index of everything listened to."""

from slack_bolt.async_app import AsyncApp

from challenge.casework import Casework
from handlers import (
    aftercare,
    agreement,
    command,
    conflict,
    day_book,
    directory,
    errors,
    escalation,
    excerpt,
    follow_up,
    home,
    meanwhile,
    meeting,
    messages,
    other_routes,
    outside,
    payloads,
    position,
    raising,
    reactions,
    resolution,
    response,
    review,
    roll,
    scrutiny,
    support,
    version,
    voice,
    wording,
)

# Bolt tries its listeners one by one, so what comes most often stands first.
IN_ORDER = (
    errors,
    messages,
    reactions,
    command,
    home,
    directory,
    raising,
    other_routes,
    support,
    wording,
    excerpt,
    agreement,
    position,
    meanwhile,
    voice,
    escalation,
    review,
    roll,
    outside,
    conflict,
    day_book,
    meeting,
    scrutiny,
    resolution,
    follow_up,
    aftercare,
    version,
    response,
)


def register(app: AsyncApp, casework: Casework) -> None:
    payloads.register(app, casework)
    for room in IN_ORDER:
        room.register(app)
