"""The chain shows every way of altering the chronology that it can, and heads show the rest."""

from collections.abc import Sequence
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.chain import EMPTY, GENESIS, Head, Link, Walk, first_break, link

TEXT = st.text(max_size=8)
ENTRIES = st.lists(
    st.tuples(st.integers(1, 9), TEXT, TEXT, TEXT, st.binary(max_size=12)), min_size=3, max_size=10
)
FIELDS = ("seq", "challenge_id", "n", "at", "kind", "by", "sealed", "prev", "hash")


def a_chain(entries: Sequence[tuple[int, str, str, str, bytes]]) -> list[Link]:
    links: list[Link] = []
    for seq, (challenge, at, kind, by, sealed) in enumerate(entries, start=1):
        links.append(following(links, seq, challenge, at, kind, by, sealed))
    return links


def following(
    links: Sequence[Link], seq: int, challenge: int, at: str, kind: str, by: str, sealed: bytes
) -> Link:
    prev = links[-1].hash if links else GENESIS
    made = link(
        prev, seq=seq, challenge_id=challenge, n=seq, at=at, kind=kind, by=by, sealed=sealed
    )
    return Link(seq, challenge, seq, at, kind, by, sealed, prev, made)


def chained_again(links: Sequence[Link]) -> list[Link]:
    """What a careful forger does: every seq, prev and hash made to fit."""
    return a_chain([(e.challenge_id, e.at, e.kind, e.by, e.sealed) for e in links])


def head_of(links: Sequence[Link]) -> Head:
    return Head(links[-1].seq, links[-1].hash)


@given(ENTRIES)
def test_an_untouched_chronology_holds(entries):
    links = a_chain(entries)

    assert first_break(iter(links), head_of(links)) is None
    assert first_break(links, None) is None


def test_an_empty_chronology_holds_until_a_head_says_otherwise():
    assert first_break([], EMPTY) is None
    assert first_break([], None) is None
    assert first_break([], Head(1, GENESIS)) is not None


@given(ENTRIES, st.data())
def test_an_edited_entry_is_named(entries, data):
    links = a_chain(entries)
    place = data.draw(st.integers(0, len(links) - 1))
    field = data.draw(st.sampled_from(FIELDS))
    old = getattr(links[place], field)
    new = data.draw(st.from_type(type(old)).filter(lambda value: value != old))

    links[place] = links[place]._replace(**{field: new})

    broken = first_break(links, None)
    assert broken is not None
    assert broken.seq in {place + 1, new if field == "seq" else place + 1}


@given(ENTRIES, st.data())
def test_a_deleted_entry_is_named(entries, data):
    links = a_chain(entries)
    place = data.draw(st.integers(0, len(links) - 2))

    del links[place]

    broken = first_break(links, None)
    assert broken is not None
    assert broken.seq == place + 1
    assert "missing" in broken.sentence


@given(ENTRIES, st.data())
def test_two_entries_swapped_are_found(entries, data):
    links = a_chain(entries)
    one, other = sorted(data.draw(st.permutations(range(len(links))))[:2])

    links[one], links[other] = links[other], links[one]

    broken = first_break(links, None)
    assert broken is not None
    assert broken.seq == one + 1


@given(ENTRIES, st.data())
def test_swapped_with_their_numbers_put_right_they_are_still_found(entries, data):
    links = a_chain(entries)
    one, other = sorted(data.draw(st.permutations(range(len(links))))[:2])

    links[one], links[other] = (
        links[other]._replace(seq=one + 1),
        links[one]._replace(seq=other + 1),
    )

    broken = first_break(links, None)
    assert broken is not None
    assert broken.seq == one + 1


@given(ENTRIES, st.data())
def test_an_inserted_entry_is_found(entries, data):
    links = a_chain(entries)
    place = data.draw(st.integers(0, len(links)))
    forged = following(links[:place], place + 1, 1, "", "", "", b"forged")

    links.insert(place, forged)

    broken = first_break(links, head_of(a_chain(entries)))
    assert broken is not None
    assert broken.seq in {place + 1, place + 2}


@given(ENTRIES, st.data())
def test_a_cut_off_end_is_found_by_the_head(entries, data):
    links = a_chain(entries)
    left = data.draw(st.integers(0, len(links) - 1))

    broken = first_break(links[:left], head_of(links))

    assert broken is not None
    assert broken.seq == left + 1
    assert "cut off" in broken.sentence


@given(ENTRIES, st.data())
def test_a_careful_forger_is_found_by_the_head(entries, data):
    links = a_chain(entries)
    place = data.draw(st.integers(0, len(links) - 1))
    forged = chained_again(
        [*links[:place], links[place]._replace(sealed=b"never written"), *links[place + 1 :]]
    )

    assert first_break(forged, None) is None
    broken = first_break(forged, head_of(links))
    assert broken is not None
    assert broken.seq == len(links)


@given(ENTRIES, st.data())
def test_an_old_anchor_still_vouches_for_what_came_before_it(entries, data):
    links = a_chain(entries)
    anchor = head_of(links[: data.draw(st.integers(1, len(links)))])
    forged = chained_again([links[0]._replace(sealed=b"never written"), *links[1:]])

    assert first_break(links, head_of(links), anchors=[anchor]) is None
    broken = first_break(forged, head_of(forged), anchors=[anchor])
    assert broken is not None
    assert broken.seq == anchor.seq
    assert first_break(links[: anchor.seq - 1], None, anchors=[anchor]) is not None


@given(ENTRIES, st.integers(1, 7))
def test_a_long_chronology_is_verified_a_page_at_a_time(entries, page):
    links = a_chain(entries)
    walk = Walk()

    broken = [walk.along(links[start : start + page]) for start in range(0, len(links), page)]

    assert not any(broken)
    assert walk.end(head_of(links)) is None
    assert walk.reached == head_of(links)


@given(ENTRIES, st.data())
def test_a_page_break_does_not_hide_a_tampering(entries, data):
    links = a_chain(entries)
    place = data.draw(st.integers(1, len(links) - 1))
    walk = Walk()

    assert walk.along(links[:place]) is None
    broken = walk.along([links[place]._replace(prev=GENESIS)])

    assert broken is not None
    assert broken.seq == place + 1


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("value", [None, "text", b"bytes", -1, 2**64, 1.5, "\ud800"])
def test_a_value_of_another_kind_is_a_break_and_not_a_crash(field, value):
    links = a_chain([(1, "now", "note", "U1", b"sealed")] * 3)

    links[1] = links[1]._replace(**{field: value})

    broken = first_break(links, None)
    assert broken is not None
    assert broken.seq == 2


FACTS = st.tuples(TEXT, TEXT, TEXT, st.binary(max_size=8))


@given(FACTS, FACTS)
def test_two_different_entries_never_have_the_same_encoding(one, other):
    def fingerprint(at: str, kind: str, by: str, sealed: bytes) -> bytes:
        return link(GENESIS, seq=1, challenge_id=1, n=1, at=at, kind=kind, by=by, sealed=sealed)

    assert (fingerprint(*one) == fingerprint(*other)) == (one == other)


def test_text_moved_across_a_fields_border_changes_the_hash():
    def fingerprint(kind: str, by: str) -> bytes:
        return link(GENESIS, seq=1, challenge_id=1, n=1, at="now", kind=kind, by=by, sealed=b"")

    assert fingerprint("note", "U1") != fingerprint("noteU", "1")


def test_the_hash_is_the_same_in_every_release():
    made = link(
        GENESIS,
        seq=1,
        challenge_id=7,
        n=1,
        at="2026-03-06T10:00:00.000000Z",
        kind="raised",
        by="U0123",
        sealed=b"\x01sealed",
    )

    assert made.hex() == "2cfe169c9816924cb6f9bfb6662226075e63199fa0a377eeff36e4dcdfc12376"


def test_every_sentence_ends_in_a_full_stop():
    links = a_chain([(1, "now", "note", "U1", b"sealed")] * 3)
    breaks = [
        first_break(links[1:], None),
        first_break([links[0], links[0]], None),
        first_break([links[0]._replace(prev=b"")], None),
        first_break([links[0]._replace(by="U2")], None),
        first_break(links[:1], head_of(links)),
        first_break(links, head_of(links[:1])),
        first_break(links, Head(3, GENESIS)),
    ]

    assert all(broken is not None and broken.sentence.endswith(".") for broken in breaks)
    assert len({broken.sentence for broken in breaks if broken}) == 7


def test_a_hundred_thousand_entries_are_verified_in_a_moment():
    links = a_chain([(1, "2026-03-06T10:00:00.000000Z", "note", "U1", bytes(200))] * 100_000)
    began = process_time()

    broken = first_break(links, head_of(links))

    assert broken is None
    # 0.4 s as a rule; the room is for a busy machine and for measuring coverage.
    assert process_time() - began < 3
