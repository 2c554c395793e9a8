"""An excerpt: a message from elsewhere in the record, with its author, its time and its words."""

from datetime import UTC, datetime

import pytest

from challenge import excerpt
from challenge.model import Happened, Involved, Notice, Side, Status, Told
from challenge.refusals import Closed, MissingWords, NothingHere, NotYours
from tests.makers import (
    FRIDAY_TEN,
    U_COORDINATOR,
    U_GUEST,
    U_OTHER_PRACTITIONER,
    U_RAISER,
    a_challenge,
    a_directory,
)

WRITTEN = datetime(2026, 3, 4, 14, 5, tzinfo=UTC)


def add(challenge=None, **changes):
    facts = {
        "by": U_RAISER,
        "text": "She came in late again.",
        "author": U_OTHER_PRACTITIONER,
        "written": WRITTEN,
        "altered": False,
    }
    return excerpt.add(
        challenge or a_challenge(), FRIDAY_TEN, a_directory(), **{**facts, **changes}
    )


def test_the_record_says_who_wrote_it_when_and_who_copied_it_and_the_channel_sees_it():
    change = add()

    [entry] = change.entries
    assert entry.kind is Happened.COPIED
    assert entry.by == U_RAISER
    assert f"written by <@{U_OTHER_PRACTITIONER}> on Wednesday 4 March 2026" in entry.summary
    assert entry.words == {"Message": "She came in late again."}
    assert "changed its words" not in entry.summary
    assert change.notices == (Notice(Told.COPIED, about=U_RAISER),)
    assert change.challenge == a_challenge()


def test_words_that_were_changed_on_the_way_are_said_to_be():
    assert "changed its words" in add(altered=True).entries[0].summary


def test_what_an_app_wrote_at_no_known_time_is_copied_too():
    assert "written by an app." in add(author=None, written=None).entries[0].summary


def test_a_message_without_words_is_refused_beside_its_field():
    with pytest.raises(MissingWords) as no:
        add(text="  ")

    assert no.value.field == "text"


def test_a_supporter_may_and_somebody_who_only_reads_or_is_outside_may_not():
    beside = (Involved(U_OTHER_PRACTITIONER, Side.RAISING),)

    assert add(a_challenge(involved=beside, supporters=beside), by=U_OTHER_PRACTITIONER)
    with pytest.raises(NotYours):
        add(a_challenge(involved=beside), by=U_OTHER_PRACTITIONER)
    with pytest.raises(NotYours):
        add(a_challenge(told=(U_COORDINATOR,)), by=U_COORDINATOR)
    with pytest.raises(NothingHere):
        add(by=U_GUEST)


def test_what_is_closed_takes_nothing_more():
    with pytest.raises(Closed):
        add(a_challenge(status=Status.SETTLED))
