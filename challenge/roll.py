"""The roll: everybody in the directory, a page at a time, for whoever keeps it right."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from challenge.directory import Directory, Person
from challenge.doubts import doubts
from challenge.model import AgencyKey

A_PAGE = 20
EVERYBODY, DOUBTFUL = "everybody", "doubtful"
OF_AGENCY = "agency:"
"""What part of the roll is shown: everybody, those with a doubt, or `agency:` and its key."""


@dataclass(frozen=True)
class Page:
    """`at` counts from 0; `of` is how many people that part of the roll has in all."""

    part: str
    people: tuple[Person, ...]
    at: int
    pages: int
    of: int


def turned_to(directory: Directory, part: str, at: int, today: date) -> Page:
    """The last page when the roll has become shorter meanwhile."""
    people = _part(directory, part, today)
    pages = max(-(-len(people) // A_PAGE), 1)
    at = min(max(at, 0), pages - 1)
    return Page(part, tuple(people[at * A_PAGE : (at + 1) * A_PAGE]), at, pages, len(people))


def _part(directory: Directory, part: str, today: date) -> Sequence[Person]:
    if part == DOUBTFUL:
        return [each for each in directory.by_name if doubts(directory, each, today)]
    if part.startswith(OF_AGENCY):
        return directory.people_of(AgencyKey(part.removeprefix(OF_AGENCY)))
    return directory.by_name
