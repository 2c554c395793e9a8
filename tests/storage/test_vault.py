"""The vault opens what it sealed, where it was sealed, and nothing else."""

import traceback

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.vault import (
    BadKey,
    KeyMissing,
    SealBroken,
    Vault,
    WrappedKey,
    new_master_key,
)

OLD, NEW = new_master_key(), new_master_key()
HERE, ELSEWHERE = "entry|1|text", "entry|2|text"
VAULT = Vault(OLD)
CASE = VAULT.unwrap(VAULT.new_case_key())


@given(text=st.text(st.characters(codec="utf-8")), place=st.text(st.characters(codec="utf-8")))
def test_what_was_sealed_opens_again_in_its_place(text: str, place: str):
    assert CASE.open(CASE.seal(text, place), place) == text.encode()
    assert VAULT.open(VAULT.seal(text, place), place) == text.encode()


@given(where=st.integers(0, 40), bit=st.integers(0, 7))
def test_one_bit_changed_anywhere_breaks_the_seal(where: int, bit: int):
    sealed = bytearray(CASE.seal("twelve bytes", HERE))
    sealed[where] ^= 1 << bit

    with pytest.raises(SealBroken):
        CASE.open(bytes(sealed), HERE)


@given(where=st.integers(0, 44), bit=st.integers(0, 7))
def test_a_changed_draft_opens_under_no_key(where: int, bit: int):
    sealed = bytearray(VAULT.seal("twelve bytes", HERE))
    sealed[where] ^= 1 << bit

    with pytest.raises((SealBroken, KeyMissing)):
        VAULT.open(bytes(sealed), HERE)


@pytest.mark.parametrize("length", range(45))
def test_a_text_cut_short_breaks_the_seal(length: int):
    with pytest.raises(SealBroken):
        CASE.open(CASE.seal("twelve bytes", HERE)[: min(length, 40)], HERE)
    with pytest.raises(SealBroken):
        VAULT.open(VAULT.seal("twelve bytes", HERE)[:length], HERE)


def test_a_text_moved_to_another_row_breaks_the_seal():
    with pytest.raises(SealBroken):
        CASE.open(CASE.seal("moved", HERE), ELSEWHERE)
    with pytest.raises(SealBroken):
        VAULT.open(VAULT.seal("moved", HERE), ELSEWHERE)


def test_another_challenges_key_does_not_open_it():
    stranger = VAULT.unwrap(VAULT.new_case_key())

    with pytest.raises(SealBroken):
        stranger.open(CASE.seal("private", HERE), HERE)


def test_the_same_words_are_never_sealed_the_same_way_twice():
    assert len({CASE.seal("again", HERE) for _ in range(1000)}) == 1000


def test_a_sealed_text_is_29_bytes_longer_and_shows_no_word_of_it():
    sealed = CASE.seal("bruising" * 10, HERE)

    assert len(sealed) == 80 + 29
    assert b"bruising" not in sealed


def test_a_wrapped_key_opens_with_the_master_key_it_names():
    key = VAULT.new_case_key()

    assert VAULT.unwrap(key).open(VAULT.unwrap(key).seal("both", HERE), HERE) == b"both"


def test_after_rotation_the_text_opens_with_the_new_master_key_alone():
    key = VAULT.new_case_key()
    sealed = VAULT.unwrap(key).seal("kept", HERE)

    rotated = Vault(f"{NEW}, {OLD}").rewrap(key)

    assert rotated.key_id == Vault(NEW).newest != key.key_id
    assert Vault(NEW).unwrap(rotated).open(sealed, HERE) == b"kept"


def test_the_newest_master_key_seals_and_the_older_still_open():
    both = Vault(f"{NEW},{OLD}")

    assert both.open(VAULT.seal("draft", HERE), HERE) == b"draft"
    assert Vault(NEW).open(both.seal("draft", HERE), HERE) == b"draft"
    assert both.newest == Vault(NEW).newest


def test_a_master_key_that_is_not_there_is_named_in_the_sentence():
    with pytest.raises(KeyMissing, match=VAULT.newest):
        Vault(NEW).unwrap(VAULT.new_case_key())
    with pytest.raises(KeyMissing, match="put that key back"):
        Vault(NEW).open(VAULT.seal("draft", HERE), HERE)


def test_an_altered_wrapped_key_breaks_the_seal():
    key = VAULT.new_case_key()
    altered = [key.wrapped[:-1] + bytes([key.wrapped[-1] ^ 1]), key.wrapped[:-8], b"", b"short"]

    for wrapped in altered:
        with pytest.raises(SealBroken):
            VAULT.unwrap(WrappedKey(key.key_id, wrapped))


def test_a_wrong_key_is_refused_by_the_canary_at_the_start():
    canary = VAULT.canary()

    VAULT.check(canary)
    Vault(f"{NEW},{OLD}").check(canary)
    with pytest.raises(KeyMissing):
        Vault(NEW).check(canary)
    with pytest.raises(SealBroken):
        VAULT.check(VAULT.seal("another bird", "canary"))


@pytest.mark.parametrize(
    "keys",
    [
        "",
        "  ",
        ",",
        "changeme",
        OLD[:-5],
        OLD + "AAAA",
        f"{OLD},",
        f"{OLD},nonsense",
        "é" * 43,
        "\ud800",
        "A" * 43 + "=",
        OLD.replace(OLD[3], "!"),
    ],
    ids=[
        "nothing", "blanks", "a comma", "a word", "cut short", "too long", "one and a comma",
        "one and a word", "accents", "half a pair", "one bit too many", "a mark within",
    ],
)  # fmt: skip
def test_a_malformed_key_is_refused_with_what_to_type_and_is_never_shown(keys: str):
    with pytest.raises(BadKey, match="python -m bot key new") as refused:
        Vault(keys)

    told = "".join(traceback.format_exception(refused.value)) + str(refused.value)
    assert "CHALLENGE_KEY" in told
    assert not any(part and part in str(refused.value) for part in keys.split(",") if part.strip())


def test_a_key_copied_without_its_equals_sign_still_works():
    Vault(f" {OLD.rstrip('=')} ").check(VAULT.canary())


def test_no_key_shows_in_what_is_printed():
    key = VAULT.new_case_key()
    shown = f"{VAULT!r} {CASE!r} {key!r} {VAULT} {CASE} {key}"

    assert OLD not in shown
    assert repr(key.wrapped) not in shown
    assert "CaseKey(hidden)" in shown
    assert VAULT.newest in shown


def test_every_master_key_is_new():
    assert len({new_master_key() for _ in range(100)}) == 100
