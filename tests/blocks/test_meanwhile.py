"""The standing line in words: what is said, and what is still missing of it."""

from datetime import date

import pytest

from blocks import meanwhile
from challenge.model import Meanwhile, Side
from tests.makers import FRIDAY_TEN, U_RAISER, a_challenge

DAY = date(2026, 3, 20)


def wanting(what: str, who: str, until: date | None) -> str:
    line = Meanwhile(Side.RAISING, U_RAISER, FRIDAY_TEN.now, what, who, until)
    return meanwhile.wanting(a_challenge(meanwhiles=(line,)))


@pytest.mark.parametrize(
    ("line", "missing"),
    [
        (("", "The school", DAY), "what keeps the person safe meanwhile."),
        (("", "The school", None), "what keeps the person safe meanwhile, and until when."),
        (("", "", DAY), "what keeps the person safe meanwhile, and who does it."),
        (("Visits", "", DAY), "who keeps the person safe meanwhile."),
        (("Visits", "", None), "who keeps the person safe meanwhile, and until when."),
        (("Visits", "The school", None), "until when the person is kept safe."),
    ],
)
def test_amber_names_what_is_missing_and_only_that(line, missing):
    assert wanting(*line) == f"Amber: it is not said yet {missing}"
