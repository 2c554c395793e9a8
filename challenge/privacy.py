"""Privacy: what would identify a person in something people typed, and text made safe to keep."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Kind(StrEnum):
    """Reads after "this looks like"."""

    NHS_NUMBER = "an NHS number"
    UPN = "a UPN"
    DATE_OF_BIRTH = "a date of birth"
    POSTCODE = "a postcode"
    PHONE_NUMBER = "a phone number"
    EMAIL = "an e-mail address"
    NATIONAL_INSURANCE_NUMBER = "a National Insurance number"


@dataclass(frozen=True)
class Identifier:
    """Where it stands in the text, and `shown`: enough to find it by, masked for logs and cards."""

    kind: Kind
    shown: str
    start: int
    end: int


def identifiers(text: str, today: date) -> tuple[Identifier, ...]:
    """In the order they stand, none overlapping. Text should have been through `clean`.

    A hint for people, not a guarantee: names and addresses cannot be told from other words.
    """
    dates = list(_dates(text))
    found: list[Identifier] = []
    for kind, start, end in (*_numbers(text, dates), *_births(text, dates, today)):
        if not any(start < other.end and other.start < end for other in found[-_NEAR:]):
            found.append(Identifier(kind, _masked(text[start:end]), start, end))
    return tuple(sorted(found, key=lambda one: one.start))


def clean(text: str) -> str:
    """The same words without what cannot be seen: control and zero-width characters, marks that
    turn the reading direction, halves of broken characters. Line ends become newlines; NFC."""
    seen = _UNSEEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    # Normalising takes time with the square of a run of accents, so a hostile run stays as it is.
    return seen if _smothered(seen) else unicodedata.normalize("NFC", seen)
