"""What would identify a person is found, little else is, and hostile text is read at once."""

import unicodedata
from datetime import date
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from challenge.privacy import Identifier, Kind, clean, identifiers

TODAY = date(2026, 3, 6)


def kinds(text: str, today: date = TODAY) -> list[Kind]:
    return [found.kind for found in identifiers(text, today)]


def found_in(text: str) -> list[str]:
    return [text[found.start : found.end] for found in identifiers(text, TODAY)]


def nhs_number(nine: str) -> str:
    """With its check digit, or "" where the scheme has none; by the published recipe."""
    remainder = sum(int(digit) * (10 - at) for at, digit in enumerate(nine)) % 11
    check = 11 - remainder
    return {10: "", 11: nine + "0"}.get(check, f"{nine}{check}")


def upn(twelve: str) -> str:
    """With its check letter, as the schools' census has it."""
    letters = "ABCDEFGHJKLMNPQRTUVWXYZ"
    values = [letters.index(one) if one.isalpha() else int(one) for one in twelve]
    return letters[sum(value * (at + 2) for at, value in enumerate(values)) % 23] + twelve


# NHS numbers


@pytest.mark.parametrize(
    "text",
    [
        "943 476 5919",
        "9434765919",
        "943-476-5919",
        "943.476.5919",
        "943 - 476 - 5919",
        "943\u00a0476\u00a05919",
        "943\u2011476\u20115919",
        "NHS9434765919",
        "NHS no.9434765919",
        "(943 476 5919)",
        "943 476 5919.",
    ],
)
def test_an_nhs_number_is_found_however_it_is_spaced(text: str):
    assert kinds(text) == [Kind.NHS_NUMBER]


@pytest.mark.parametrize(
    "text", ["943 476 5918", "94347659190", "111 111 1111", "X9434765919", "9434765919.25"]
)
def test_ten_digits_that_are_no_nhs_number_are_left_alone(text: str):
    assert kinds(text) == []


@given(st.from_regex("[1-9][0-9]{8}", fullmatch=True))
def test_every_nhs_number_is_found_and_no_number_beside_it(nine: str):
    whole = nhs_number(nine)
    if len(set(whole)) < 2:
        return
    wrong = nine + str((int(whole[-1]) + 1) % 10)

    assert Kind.NHS_NUMBER in kinds(whole)
    assert Kind.NHS_NUMBER not in kinds(wrong)


# UPNs


@given(st.from_regex("[0-9]{11}[0-9A-HJ-NP-RT-Z]", fullmatch=True))
def test_every_upn_is_found_a_temporary_one_too_and_none_with_another_letter(twelve: str):
    whole = upn(twelve)
    wrong = ("B" if whole[0] == "A" else "A") + twelve

    assert kinds(whole) == [Kind.UPN]
    assert kinds(whole.lower()) == [Kind.UPN]
    assert Kind.UPN not in kinds(wrong)


def test_a_upn_is_found_in_groups():
    whole = upn("841200115001")

    assert kinds(f"{whole[0]} {whole[1:4]} {whole[4:8]} {whole[8:10]} {whole[10:]}") == [Kind.UPN]


# Dates of birth


@pytest.mark.parametrize(
    "text",
    [
        "3/3/2019",
        "03-03-2019",
        "03.03.2019",
        "03 / 03 / 2019",
        "3/3/19",
        "03.03.19",
        "3-Mar-19",
        "3 March 2019",
        "3rd of March, 2019",
        "3rd March 2019",
        "3 Sept. 2019",
        "March 3, 2019",
        "2019-03-03",
        "2019/3/3",
        "2019-03-03T10:00",
        "25/12/1931",
        "12/25/2019",
        "6 March 2025",
        "born 5 March 2026",
        "DOB: 5/3/26",
        "d.o.b. 5.3.26",
        "5/3/2026 (date of birth)",
        "aged 1, 5 March 2026",
        "DOB 03032019",
        "dob 03 03 2019",
        "born 3 March 19",
        "born 12/12/26",
    ],
)
def test_a_date_of_birth_is_found_however_it_is_written(text: str):
    assert kinds(text) == [Kind.DATE_OF_BIRTH]


@pytest.mark.parametrize(
    "text",
    [
        "seen on 3 March 2026",
        "7 March 2025",
        "meeting on 12/12/26",
        "by 31/12/2029",
        "by 31/12/29",
        "born 7 March 2026",
        "3/3/1915",
        "31/2/2019",
        "29/02/1900 and 40/13/2019",
        "section 1.4.12",
        "para 10.11.12",
        "version 2.10.2019",
        "1.4.12",
        "10.11.12.13",
        "1.2.2019.4",
        "03032019",
        "04 03 2019",
        "on 3 May 12 people came",
        "3 May 10:30",
        "2019",
        "may 2019",
    ],
)
def test_another_date_or_number_is_left_alone(text: str):
    assert kinds(text) == []


def test_a_leap_day_of_a_year_that_had_none_a_century_before_is_no_date_of_birth():
    assert kinds("born 29/2/00", today=date(2000, 2, 1)) == []


@given(st.dates(date(1920, 1, 1), date(2025, 3, 6)), st.sampled_from(["%d/%m/%Y", "%Y-%m-%d"]))
def test_any_date_a_year_ago_or_more_is_taken_for_one_of_birth(day: date, written: str):
    assert kinds(f"on {day.strftime(written)}, then") == [Kind.DATE_OF_BIRTH]


@given(st.dates(date(2025, 3, 7), date(2099, 12, 31)), st.sampled_from(["%d/%m/%Y", "%Y-%m-%d"]))
def test_no_recent_or_coming_date_is(day: date, written: str):
    # Where day and month could be either, a date is read as the British write it.
    assert kinds(f"on {day.strftime(written)}, then") == []


# Postcodes


@pytest.mark.parametrize(
    "text", ["DL1 5QT", "dl1 5qt", "DL15QT", "dl15qt", "SW1A 1AA", "M1 1AE", "B33 8TH", "DL1  5QT"]
)
def test_a_postcode_is_found(text: str):
    assert kinds(f"lives at {text}.") == [Kind.POSTCODE]


@pytest.mark.parametrize(
    "text", ["KS1 2nd draft", "E1 3rd", "S1 4th", "Q1 2AB", "S1 9am", "m12ab", "XDL1 5QT", "DL1"]
)
def test_what_is_no_postcode_is_left_alone(text: str):
    assert kinds(text) == []


# Phone numbers


@pytest.mark.parametrize(
    "text",
    [
        "07700 900123",
        "07700900123",
        "07700-900-123",
        "07700.900.123",
        "+44 7700 900123",
        "+447700900123",
        "00447700900123",
        "+44 (0)191 498 0000",
        "(0191) 498 0000",
        "0191 498 0000",
        "020 7946 0000",
        "016977 2000",
        "0800 123456",
    ],
)
def test_a_phone_number_is_found(text: str):
    assert kinds(f"ring {text}, please") == [Kind.PHONE_NUMBER]


@pytest.mark.parametrize(
    "text",
    [
        "call 999 or 101 or 111",
        "0800 1111",
        "0697720001",
        "0397720001",
        "01.02.2026 10:30",
        "01-02-2026 1030",
        "077009001234",
        "1772188800.123456",
        "0412 345 6789",
    ],
)
def test_other_numbers_are_no_phone_numbers(text: str):
    assert kinds(text) == []


# E-mail addresses and National Insurance numbers


@pytest.mark.parametrize(
    "text", ["ann@school.sch.uk", "Ann.O'Neill+x@a-b.co.uk", "zoë@école.fr", "x.1-2-2019@x.org"]
)
def test_an_e_mail_address_is_found_whole(text: str):
    assert found_in(f"<mailto:{text}>, or") == [text]
    assert kinds(text) == [Kind.EMAIL]


@pytest.mark.parametrize("text", ["@here", "a@b", "meet @ 10.30", "ann@school"])
def test_an_at_sign_alone_is_no_address(text: str):
    assert kinds(text) == []


@pytest.mark.parametrize("text", ["AB123456C", "ab 12 34 56 c", "AB-12-34-56-C", "QQ 12 34 56 C"])
def test_a_national_insurance_number_is_found(text: str):
    assert kinds(text) == [Kind.NATIONAL_INSURANCE_NUMBER]


@pytest.mark.parametrize("text", ["AB123456", "GB123456C", "AB123456E", "DA123456C", "AB1234567C"])
def test_what_is_no_national_insurance_number_is_left_alone(text: str):
    assert kinds(text) == []


# All together


def test_words_about_a_challenge_are_left_alone():
    text = (
        "PC-2026-0042: we asked children's social care (LIQ-20394, ref 2026/1234) on 2 March 2026 "
        "at 10:30 and heard nothing in 2 working days. Section 47 and para 3.2.1 of Working "
        "Together 2023 apply; 3 siblings, £1,250.00, 50%, KS2, Year 6, page 12 of 40, 09:00-17:00."
    )

    assert identifiers(text, TODAY) == ()


def test_what_is_found_stands_in_order_and_is_shown_masked():
    text = "DOB 3/3/2019, NHS 943 476 5919, ann@school.sch.uk"

    assert identifiers(text, TODAY) == (
        Identifier(Kind.DATE_OF_BIRTH, "3/3/****", 4, 12),
        Identifier(Kind.NHS_NUMBER, "943 *** ****", 18, 30),
        Identifier(Kind.EMAIL, "ann@******.***.**", 32, 49),
    )


def test_of_two_things_in_one_place_the_longer_is_meant():
    assert kinds("07700900123@phone.co.uk") == [Kind.EMAIL]


def test_two_of_a_kind_are_two():
    assert found_in("DL1 5QT and DL3 7AA") == ["DL1 5QT", "DL3 7AA"]


@given(st.text(alphabet="0123456789 ./-+()@aAbD:\n", max_size=200))
def test_what_is_found_never_overlaps_and_its_mask_gives_little_away(text: str):
    end = 0
    for found in identifiers(text, TODAY):
        assert end <= found.start < found.end <= len(text)
        assert len(found.shown) == found.end - found.start
        shown = sum(one.isalnum() for one in found.shown)
        assert shown <= 3
        assert shown < sum(one.isalnum() for one in text[found.start : found.end])
        end = found.end


HOSTILE = [
    "0 ",
    "0  .",
    "1/",
    "1.1.19 ",
    "1.1.1919 07700900123 DL1 5QT ",
    "3 May ",
    "may 1 ",
    "a@",
    "a",
    "a.",
    "a-",
    "0",
    "A1",
    "A 1 ",
    "(0",
    "+44",
    "+44(0)",
    "dob ",
    "AA 11 ",
    "nhs943 476 591",
    "§ ",
    " ",
    "\u00a0",
    "é",
    "\u0316\u0300",
    "\u0f73",
    "a\u0316\u0300",
    "\u200b",
    "\r",
]


@pytest.mark.parametrize("piece", HOSTILE, ids=ascii)
@pytest.mark.parametrize("start", ["", "x@"])
def test_hostile_text_takes_no_longer_than_its_length(start: str, piece: str):
    def spent(length: int) -> float:
        text, began = (start + piece * length)[:length], process_time()
        identifiers(text, TODAY)
        clean(text)
        return process_time() - began

    # Ten times the length; with its square it would be a hundred times the work.
    assert spent(100_000) < 60 * max(spent(10_000), 0.005)


# Clean text


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("one\r\ntwo\rthree\n\tfour", "one\ntwo\nthree\n\tfour"),
        ("nul\x00 bell\x07 escape\x1b delete\x7f next\x85", "nul bell escape delete next"),
        ("\u202egnp.exe\u202c \u2066x\u2069 \u200f\u061c", "gnp.exe x "),
        ("zero\u200bwid\u200cth\u200d \u2060\ufeff", "zerowidth "),
        ("half \ud83d a face", "half  a face"),
        ("e\u0301", "é"),
    ],
)
def test_what_cannot_be_seen_and_can_deceive_is_gone(typed: str, kept: str):
    assert clean(typed) == kept


@pytest.mark.parametrize(
    "text",
    [
        "Zoë said: “Don’t — it’s £5”",
        "שלום",
        "ਸਤ ਸ੍ਰੀ ਅਕਾਲ",
        "😀 🏴󠁧󠁢󠁥󠁮󠁧󠁿",
        " spaces  stay \n\n",
        "<b>&amp;",
        "Ⅳ ﬁ",
    ],
)
def test_everything_else_is_kept_to_the_letter(text: str):
    assert clean(text) == text


def test_a_run_of_accents_too_long_to_be_writing_is_kept_as_it_is():
    smothered = "e" + "\u0301\u0316" * 50

    assert clean(smothered) == smothered


@given(st.text(st.characters(), max_size=300))
def test_cleaning_twice_changes_nothing_and_leaves_nothing_unseen(text: str):
    kept = clean(text)

    assert clean(kept) == kept
    kept.encode("utf-8")
    assert not any(unicodedata.category(one) == "Cc" and one not in "\n\t" for one in kept)
    assert not any(unicodedata.bidirectional(one) in BIDI for one in kept)


BIDI = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
