"""Privacy: what would identify a person in words people typed, and those words safe to keep."""

import re
import unicodedata
from collections.abc import Callable, Iterator
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
    """Where it stands in the text; `shown` is masked, but enough for its author to find it by."""

    kind: Kind
    shown: str
    start: int
    end: int


def identifiers(text: str, today: date) -> tuple[Identifier, ...]:
    """In the order they stand, none overlapping, in text that `clean` has been over.

    A hint and no guarantee: a name cannot be told from any other word.
    """
    dates = tuple(_dates(text, today))
    found = [
        *_numbers(_without_dates(text, dates)),
        *((Kind.EMAIL, *match.span()) for match in _EMAIL.finditer(text)),
        *((Kind.DATE_OF_BIRTH, d.start, d.end) for d in dates if _is_of_birth(d, today)),
    ]
    apart: list[Identifier] = []
    for kind, start, end in sorted(found, key=lambda one: (one[1], -one[2])):
        if not apart or start >= apart[-1].end:
            apart.append(Identifier(kind, _masked(text[start:end]), start, end))
    return tuple(apart)


def clean(text: str) -> str:
    """The same words, in NFC, less what cannot be seen and can deceive.

    Gone are control and zero-width characters, marks that turn the direction of reading, and
    halves of broken characters. Every line end becomes a newline.
    """
    seen = _UNSEEN.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    # Normalising takes the square of a run of accents in time, so a hostile run stays as it is.
    return seen if _smothered(seen) else unicodedata.normalize("NFC", seen)


# How an identifier is found. Every pattern reads a bounded number of characters from any one
# place, or starts only where a run of its characters starts: hostile text costs no more than long.

_GAP = r"[ .\-\u00a0\u2009\u2010-\u2013]{0,3}"
_PHONE_GAP = r"[ .()\-\u00a0\u2009\u2010-\u2013]{0,3}"
_BEFORE = r"(?<![0-9A-Z_+])(?<![0-9][-.,/])"
_AFTER = r"(?![0-9A-Z_])(?![-.,/][0-9])"
_UPN_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"
_AREA_LIST = (
    "AB AL B BA BB BD BH BL BN BR BS BT CA CB CF CH CM CO CR CT CV CW DA DD DE DG DH DL DN DT DY "
    "E EC EH EN EX FK FY G GL GU GY HA HD HG HP HR HS HU HX IG IM IP IV JE KA KT KW KY L LA LD LE "
    "LL LN LS LU M ME MK ML N NE NG NN NP NR NW OL OX PA PE PH PL PO PR RG RH RM S SA SE SG SK SL "
    "SM SN SO SP SR SS ST SW SY TA TD TF TN TQ TR TS TW UB W WA WC WD WF WN WR WS WV YO ZE"
)
_AREAS = frozenset(_AREA_LIST.split())
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    "(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|"
    "sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text, re.ASCII | re.IGNORECASE)


_NHS = _pattern(
    rf"(?:{_BEFORE}|(?<=nhs)|(?<=chi)|(?<=no))[0-9]{{3}}{_GAP}[0-9]{{3}}{_GAP}[0-9]{{4}}{_AFTER}"
)
_UPN = _pattern(
    rf"{_BEFORE}[{_UPN_LETTERS}][ -]?[0-9]{{3}}[ -]?[0-9]{{4}}[ -]?[0-9]{{2}}[ -]?"
    rf"[0-9]{{2}}[0-9{_UPN_LETTERS}]{_AFTER}"
)
_NI = _pattern(
    rf"{_BEFORE}(?!BG|GB|NK|KN|TN|NT|ZZ)(?:QQ|[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z])"
    rf"(?:[ -]?[0-9]{{2}}){{3}}[ -]?[A-D]{_AFTER}"
)
_PHONE = _pattern(
    rf"{_BEFORE}(?:(?:\+|00)44{_PHONE_GAP}(?:0{_PHONE_GAP})?|\(?0)"
    rf"([1-35789](?:{_PHONE_GAP}[0-9]){{8,9}}){_AFTER}"
)
_POSTCODE = _pattern(
    r"(?<![0-9A-Z_])([A-Z]{1,2})[0-9][0-9A-Z]?([ \u00a0]{0,2})([0-9][ABD-HJLNP-UW-Z]{2})"
    r"(?![0-9A-Z_])"
)
_EMAIL = re.compile(
    r"(?<![\w.%+'-])[\w.%+'-]+@[\w-]+(?:\.[\w-]+)*\.[^\W\d_]{2,}",
)
_NUMERIC = _pattern(
    r"(?<![0-9])(?<![0-9][-/.])([0-9]{1,2})( ?[-/.] ?| )([0-9]{1,2})\2((?:[0-9]{2}){1,2})"
    r"(?![0-9:])(?![-/.][0-9])"
)
_RUN_TOGETHER = _pattern(r"(?<![0-9A-Z_-])([0-9]{2})()([0-9]{2})([0-9]{4})(?![0-9A-Z_-])")
_YEAR_FIRST = _pattern(
    r"(?<![0-9])(?<![0-9][-/.])([0-9]{4})([-/.])([0-9]{1,2})\2([0-9]{1,2})(?![0-9])(?![-/.][0-9])"
)
_WORDED = _pattern(
    rf"(?<![0-9])([0-9]{{1,2}})(?:st|nd|rd|th)?([ ,.-]{{0,2}})(?:of )?{_MONTH}[ ,.'-]{{0,2}}"
    r"((?:[0-9]{2}){1,2})(?![0-9:])"
)
_MONTH_FIRST = _pattern(
    rf"(?<![A-Z]){_MONTH}[ .]{{1,2}}([0-9]{{1,2}})(?:st|nd|rd|th)?[ ,]{{1,2}}([0-9]{{4}})(?![0-9])"
)
_OF_BIRTH = _pattern(r"\b(?:born|birth|birthday|d\.?o\.?b|aged)\b")
_OF_A_TEXT = _pattern(r"(?:\b(?:section|para|paragraph|part|clause|version|appendix|s|v)|§)\.? ?$")
_UNSEEN = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064"
    r"\u2066-\u206f\ufeff\ud800-\udfff]"
)
_MOST_ACCENTS = 64
# These three count as letters, but come apart into accents when text is normalised.
_ACCENTS_IN_DISGUISE = "\u0f73\u0f75\u0f81"


@dataclass(frozen=True)
class _Date:
    """`sure` unless what was written could as well be something other than a date."""

    day: date
    start: int
    end: int
    sure: bool
    born: bool


def _numbers(text: str) -> Iterator[tuple[Kind, int, int]]:
    for kind, pattern, is_one in _NUMBERS:
        for match in pattern.finditer(text):
            if is_one(match):
                yield kind, *match.span()


def _is_nhs_number(match: re.Match[str]) -> bool:
    """Modulus 11; ten times the same digit passes it too, and is nobody's."""
    digits = [int(digit) for digit in _alphanumeric(match[0])]
    check = -sum(digit * weight for digit, weight in zip(digits, range(10, 1, -1), strict=False))
    return check % 11 == digits[9] and len(set(digits)) > 1


def _is_upn(match: re.Match[str]) -> bool:
    """Modulus 23; a temporary UPN ends in a letter, which counts by its place in the alphabet."""
    upn = _alphanumeric(match[0]).upper()
    values = (int(one) if one.isdigit() else _UPN_LETTERS.index(one) for one in upn[1:])
    total = sum(value * weight for weight, value in enumerate(values, start=2))
    return upn[0] == _UPN_LETTERS[total % 23]


def _is_phone_number(match: re.Match[str]) -> bool:
    """A few landlines and freephone numbers are a digit short; one of those needs a gap."""
    if len(_alphanumeric(match[1])) == 10:
        return True
    return match[1][0] in "18" and not match[1].isdigit()


def _is_postcode(match: re.Match[str]) -> bool:
    area, gap, inward = match.groups()
    if inward[1:] in ("st", "nd", "rd", "th"):  # "KS1 2nd draft"
        return False
    return area.upper() in _AREAS and (bool(gap) or match[0].isupper() or len(match[0]) > 5)


def _always(match: re.Match[str]) -> bool:
    return True


_NUMBERS: tuple[tuple[Kind, re.Pattern[str], Callable[[re.Match[str]], bool]], ...] = (
    (Kind.NHS_NUMBER, _NHS, _is_nhs_number),
    (Kind.UPN, _UPN, _is_upn),
    (Kind.NATIONAL_INSURANCE_NUMBER, _NI, _always),
    (Kind.PHONE_NUMBER, _PHONE, _is_phone_number),
    (Kind.POSTCODE, _POSTCODE, _is_postcode),
)


def _without_dates(text: str, dates: tuple[_Date, ...]) -> str:
    """As long as it was: "01.02.2026 10" would otherwise do for the digits of a phone number."""
    pieces, at = [], 0
    for found in sorted((d for d in dates if d.sure), key=lambda d: d.start):
        pieces += [text[at : found.start], "#" * (found.end - max(at, found.start))]
        at = max(at, found.end)
    return "".join(pieces) + text[at:]


def _is_of_birth(found: _Date, today: date) -> bool:
    """A past date that is said to be one, or any that is a year old: nearly all such are."""
    day = found.day
    if day > today or today.year - day.year > 110:
        return False
    a_year_on = (day.year + 1, day.month, day.day)
    return found.born or (found.sure and a_year_on <= (today.year, today.month, today.day))


def _dates(text: str, today: date) -> Iterator[_Date]:
    for pattern, order in _WRITTEN:
        for match in pattern.finditer(text):
            before = text[max(0, match.start() - 30) : match.start()]
            after = text[match.end() : match.end() + 15]
            born = bool(_OF_BIRTH.search(before) or _OF_BIRTH.search(after))
            day = _day(match, order, today, born)
            if day:
                sure = _is_sure(match, pattern) and not _OF_A_TEXT.search(before)
                yield _Date(day, *match.span(), sure=sure, born=born)


# Which group of each pattern holds the year, the month and the day.
_WRITTEN = (
    (_NUMERIC, (4, 3, 1)),
    (_RUN_TOGETHER, (4, 3, 1)),
    (_YEAR_FIRST, (1, 3, 4)),
    (_WORDED, (4, 3, 1)),
    (_MONTH_FIRST, (3, 1, 2)),
)


def _is_sure(match: re.Match[str], pattern: re.Pattern[str]) -> bool:
    """ "1.4.12" may be a paragraph, "3 May 12" the start of "12 people", "04 03 2019" anything."""
    if pattern in (_YEAR_FIRST, _MONTH_FIRST):
        return True
    day, gap, month, year = match.groups()
    if not month.isdigit():
        return len(year) == 4 or "-" in gap
    if gap.strip() == "." and len(year) == 2:
        return len(day) == len(month) == 2
    return bool(gap.strip())


def _day(match: re.Match[str], order: tuple[int, int, int], today: date, born: bool) -> date | None:
    year, month, day = (match[group] for group in order)
    number = int(month) if month.isdigit() else _MONTHS.index(month[:3].lower()) + 1
    full = int(year) if len(year) == 4 else 2000 + int(year)
    found = _valid(full, number, int(day)) or _valid(full, int(day), number)
    if found and len(year) == 2 and found > _latest(today, born):
        return _valid(found.year - 100, found.month, found.day)
    return found


def _latest(today: date, born: bool) -> date:
    """Nobody is born in the future, but meetings are held there, so "30" is then 2030."""
    return today if born else date(today.year + 10, 12, 31)


def _valid(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _masked(found: str) -> str:
    """A third of it at most, and never more than three characters, as in "943 *** ****"."""
    left = min(3, len(_alphanumeric(found)) // 3)
    shown = []
    for one in found:
        shown.append("*" if one.isalnum() and left <= 0 else one)
        left -= one.isalnum()
    return "".join(shown)


def _alphanumeric(text: str) -> str:
    return "".join(one for one in text if one.isalnum())


def _smothered(text: str) -> bool:
    run = 0
    for one in "" if text.isascii() else text:
        is_accent = unicodedata.combining(one) or one in _ACCENTS_IN_DISGUISE
        run = run + 1 if is_accent else 0
        if run > _MOST_ACCENTS:
            return True
    return False
