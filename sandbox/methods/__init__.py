"""What each Web API method does; one module for each family of methods."""

from collections.abc import Callable

from sandbox.arguments import Arguments
from sandbox.methods import apps, chat, conversations, files, marks, people, views
from sandbox.wire import JSON
from sandbox.world import World

ANSWERS: dict[str, Callable[[World, Arguments], JSON]] = {
    **apps.ANSWERS,
    **chat.ANSWERS,
    **conversations.ANSWERS,
    **files.ANSWERS,
    **marks.ANSWERS,
    **people.ANSWERS,
    **views.ANSWERS,
}
