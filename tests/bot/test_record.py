"""The record: every word and every version, in order, and nobody's words pass for ours."""

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot import record
from challenge.model import (
    Area,
    Entry,
    Happened,
    Heard,
    Involved,
    Meanwhile,
    Outcome,
    Position,
    Recorded,
    Settlement,
    Side,
    Status,
    Voice,
)
from storage.chain import Head
from tests.makers import (
    FRIDAY_TEN,
    NHS,
    TOP,
    U_CHALLENGED,
    U_GUEST,
    U_RAISER,
    U_RAISING_MANAGER,
    U_SCRUTINEER,
    a_challenge,
    a_concern,
    a_directory,
    a_person,
    the_person,
)

HEAD = Head(42, bytes(range(32)))
START = FRIDAY_TEN.now
DIRECTORY = a_directory(
    the_person(U_RAISER, name="Asha Patel"), the_person(U_CHALLENGED, name="Ben Osei")
)


def said(kind, message, minutes, by=U_RAISER, **words):
    at = START + timedelta(minutes=minutes)
    return Entry(kind, by, "", words, message=message, said=at)


def recorded(*entries, at=START + timedelta(minutes=30)):
    """Numbered as they come, all put on record at the same time."""
    return [
        Recorded(seq=10 + number, number=number, at=at, entry=entry)
        for number, entry in enumerate(entries, 1)
    ]


def text(*entries, challenge=None, directory=DIRECTORY):
    return record.as_text(challenge or a_challenge(), directory, recorded(*entries), HEAD)


def plain(*entries, challenge=None, directory=DIRECTORY):
    drawn = record.as_json(challenge or a_challenge(), directory, recorded(*entries), HEAD)
    return json.loads(drawn)


def unwrapped(drawn):
    return " ".join(drawn.split())


def lines_of_theirs(drawn):
    """What people wrote, in the chronology."""
    chronology = drawn.partition("\nChronology\n")[2]
    return [line.strip() for line in chronology.splitlines() if line.startswith(record.INDENT)]


RAISED = Entry(
    Happened.RAISED,
    U_RAISER,
    f"<@{U_RAISER}> raised a professional challenge with <@{U_CHALLENGED}>.",
    {"Why": "The bruises were seen again.", "Area": Area.REFERRAL.value},
    said=START,
)


def test_the_header_says_who_when_how_it_stands_and_by_which_procedure():
    drawn = text(RAISED)

    assert "Professional Challenge PC-2026-0042: the record" in drawn
    assert "Raised by: Asha Patel (Oak School)" in drawn
    assert "Challenged: Ben Osei (Children's Social Care)" in drawn
    assert "Raised: Friday 6 March 2026, 10:00:00 GMT" in drawn
    assert "Status: open" in drawn
    assert "Stage: 1, Practitioner to practitioner" in drawn
    assert "To be answered by: Monday 9 March 2026, 17:00:00 GMT" in drawn
    assert "Outcome: none yet" in drawn
    assert "version test-2026-01" in drawn


def test_a_settled_one_says_when_and_how():
    settled = a_challenge(
        status=Status.SETTLED,
        closed_at=START + timedelta(days=30),
        settlement=Settlement(Outcome.CHANGED, U_RAISER, Side.RAISING, "As we agreed."),
    )

    drawn = text(RAISED, challenge=settled)

    # British Summer Time has begun by then.
    assert "Closed: Sunday 5 April 2026, 11:00:00 BST" in drawn
    assert "Outcome: The decision was changed" in drawn
    assert "To be answered by" not in drawn


def test_everyone_brought_in_is_named_with_their_side():
    challenge = a_challenge(involved=(Involved(U_RAISING_MANAGER, Side.RAISING),))

    assert "Also on it, for the raising side: Uraisingmanager (Oak School)" in text(
        RAISED, challenge=challenge
    )


def test_agencies_are_those_of_the_day_it_was_raised_though_people_move():
    moved = a_directory(a_person(U_RAISER, name="Asha Patel", agency=NHS))

    assert "Raised by: Asha Patel (Oak School)" in text(RAISED, directory=moved)


def test_the_partnerships_own_people_and_strangers_are_named_as_such():
    drawn = text(
        said(Happened.SAID, "1.1", 1, by=U_SCRUTINEER, Message="I have read it."),
        said(Happened.SAID, "1.2", 2, by=U_GUEST, Message="Hello."),
    )

    assert f"{U_SCRUTINEER} (the partnership) wrote." in unwrapped(drawn)
    assert f"{U_GUEST} (an agency not in the directory) wrote." in unwrapped(drawn)


def test_what_people_wrote_stands_under_the_question_to_the_letter():
    drawn = text(RAISED)

    assert "Why:\n    The bruises were seen again." in drawn
    assert "Asha Patel raised a professional challenge with Ben Osei." in unwrapped(drawn)


def test_entries_stand_as_things_happened_and_keep_their_number_on_record():
    drawn = text(
        said(Happened.SAID, "1.2", 20, Message="second"),
        said(Happened.SAID, "1.1", 10, Message="first"),
    )

    assert drawn.index("Entry 2.") < drawn.index("Entry 1.")
    assert drawn.index("first") < drawn.index("second")


def test_what_was_put_on_record_late_says_when():
    drawn = text(said(Happened.SAID, "1.1", 1, Message="Hello"))

    assert "Entry 1. Friday 6 March 2026, 10:01:00 GMT." in drawn
    assert "Put on record later: Friday 6 March 2026, 10:30:00 GMT." in drawn


def test_every_version_of_a_message_is_there():
    drawn = text(
        said(Happened.SAID, "1.1", 1, Message="I saw it on Tuesday"),
        said(Happened.EDITED, "1.1", 2, Message="I saw it on Wednesday"),
        said(Happened.DELETED, "1.1", 3, Message="I saw it on Wednesday"),
    )

    assert lines_of_theirs(drawn) == [
        "I saw it on Tuesday",
        "I saw it on Wednesday",
        "I saw it on Wednesday",
    ]
    assert "Edited later: see entry 2." in drawn
    assert "Deleted later: see entry 3." in drawn
    assert "Asha Patel (Oak School) edited the message of entry 1." in unwrapped(drawn)
    assert "deleted the message of entry 1. The record keeps what it said." in unwrapped(drawn)


def test_a_deletion_that_came_without_its_text_shows_the_last_version():
    drawn = text(
        said(Happened.SAID, "1.1", 1, Message="first"),
        said(Happened.EDITED, "1.1", 2, Message="last"),
        said(Happened.DELETED, "1.1", 3, Message=""),
    )

    assert lines_of_theirs(drawn)[-1] == "last"


def test_an_edit_of_what_was_never_heard_is_still_told():
    drawn = text(said(Happened.EDITED, "9.9", 2, Message="now"))

    assert "edited an earlier message." in unwrapped(drawn)


def test_replies_files_and_reactions_say_what_they_belong_to():
    drawn = text(
        said(Happened.SAID, "1.1", 1, Message="A question"),
        said(Happened.SAID, "1.2", 2, by=U_CHALLENGED, Message="An answer", Thread="1.1"),
        said(
            Happened.SHARED, "1.3", 3, **{"Message": "", "File 1": "plan.pdf (application/pdf, F1)"}
        ),
        said(Happened.REACTED, "1.1", 4, by=U_CHALLENGED, Reaction="eyes", On="1.1"),
        said(Happened.UNREACTED, "0.1", 5, by=U_CHALLENGED, Reaction="eyes", On="0.1"),
    )

    flat = unwrapped(drawn)
    assert "wrote, in reply to entry 1." in flat
    assert "Asha Patel (Oak School) shared a file." in flat
    assert "File 1: plan.pdf (application/pdf, F1)" in flat
    assert "reacted with :eyes: to entry 1." in flat
    assert "took away the reaction :eyes: to a message of the bot's." in flat
    assert "(nothing)" not in flat


def test_slacks_spelling_of_a_message_is_undone():
    written = (
        f"<@{U_CHALLENGED}> see <https://example.org/a?b=1&amp;c=2|the plan>, "
        "<https://example.org>, <#C1|cases> &lt;b&gt; &amp;lt; <!channel>"
    )
    drawn = text(said(Happened.SAID, "1.1", 1, Message=written))

    assert unwrapped("\n".join(lines_of_theirs(drawn))) == (
        "Ben Osei see the plan (https://example.org/a?b=1&c=2), https://example.org, #cases <b> "
        "&lt; @channel"
    )


def test_an_answer_typed_in_a_form_was_never_spelt_so_and_is_left_alone():
    drawn = text(Entry(Happened.RAISED, U_RAISER, "", {"Why": "5 &lt; 6, see <https://a.b|c>"}))

    assert lines_of_theirs(drawn) == ["5 &lt; 6, see <https://a.b|c>"]


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("\x1b[2Jgone", "[U+001B][2Jgone"),
        ("a\x00b\x7fc\x9bd", "a[U+0000]b[U+007F]c[U+009B]d"),
        ("\u202eevil", "[U+202E]evil"),
        ("\ud83d", "[U+D83D]"),
        ("zero\u200bwidth", "zero[U+200B]width"),
        ("family \U0001f468\u200d\U0001f469", "family \U0001f468\u200d\U0001f469"),
        ("tab\there", "tab    here"),
        ("café “quoted” — naïve", "café “quoted” — naïve"),
    ],
)
def test_no_control_character_reaches_the_text(typed, shown):
    drawn = text(said(Happened.SAID, "1.1", 1, Message=typed))

    assert lines_of_theirs(drawn) == [shown]
    drawn.encode()


def test_nobodys_words_can_pass_for_the_records_own():
    forged = "Hello.\n\nEntry 7. Friday: Ben Osei (Children's Social Care) wrote.\rEnd\u2028of it"

    drawn = text(said(Happened.SAID, "1.1", 1, Message=forged))

    body = drawn.split("Message:\n")[1].split("\n\nEnd of the record")[0]
    assert all(line.startswith(record.INDENT) for line in body.splitlines() if line)
    assert drawn.count("\nEntry ") == 1


def test_nor_can_a_name_or_a_title():
    sly = a_directory(the_person(U_RAISER, name="Asha\nEntry 9. Ben agreed to everything"))

    drawn = text(RAISED, directory=sly)

    assert "\nEntry 9" not in drawn


def test_lines_are_short_enough_to_read_and_long_addresses_stay_whole():
    address = "https://example.org/" + "a" * 120
    drawn = text(said(Happened.SAID, "1.1", 1, Message="word " * 60 + address))

    assert all(len(line) <= record.WIDTH or address in line for line in drawn.splitlines())
    assert address in drawn


def test_line_breaks_stay_where_they_were_typed():
    drawn = text(said(Happened.SAID, "1.1", 1, Message="one\n\n  two   spaces"))

    assert "Message:\n    one\n\n      two   spaces\n" in drawn


def test_the_end_says_how_many_and_gives_the_head_of_the_chain():
    drawn = text(RAISED, said(Happened.SAID, "1.1", 1, Message="Hello"))

    assert "2 entries." in drawn
    assert drawn.endswith(f"\n42:{bytes(range(32)).hex()}\n")


def test_the_json_has_the_keys_that_programs_rely_on():
    drawn = plain(RAISED)

    assert drawn["format"] == "challenge-record/1"
    assert set(drawn) == {
        *("format", "reference", "status", "urgent", "stage", "outcome", "procedure", "timezone"),
        *("raised_at", "due", "closed_at", "raised_by", "challenged", "also_on_it"),
        *("entries", "people", "count", "head"),
        *("pack", "positions", "meanwhile", "voice", "reached_at"),
    }
    assert set(drawn["entries"][0]) == {
        *("number", "seq", "kind", "happened_at", "recorded_at", "by", "summary", "words"),
        *("message", "about_entry", "reply_to_entry"),
    }
    assert drawn["head"] == {"seq": 42, "hash": bytes(range(32)).hex()}
    assert drawn["count"] == 1


def test_the_json_keeps_every_text_exactly():
    typed = f"\x1b[2J <@{U_CHALLENGED}> &lt; \ud83d \u202e\n\tend"

    [entry] = plain(said(Happened.SAID, "1.1", 1, Message=typed))["entries"]

    assert entry["words"]["Message"] == typed


def test_the_json_itself_holds_nothing_that_a_terminal_obeys():
    drawn = record.as_json(
        a_challenge(),
        DIRECTORY,
        recorded(said(Happened.SAID, "1.1", 1, Message="\x1b\x9b\u202e\x7f")),
        HEAD,
    )

    assert drawn.isascii()
    assert drawn.replace("\n", "").isprintable()


def test_the_jsons_times_carry_their_offset():
    challenge = a_challenge(raised_at=START.replace(month=6))

    assert plain(RAISED, challenge=challenge)["raised_at"] == "2026-06-06T11:00:00+01:00"


def test_the_json_ties_versions_and_replies_to_their_entry():
    entries = plain(
        said(Happened.SAID, "1.1", 1, Message="first"),
        said(Happened.EDITED, "1.1", 2, Message="again"),
        said(Happened.SAID, "1.2", 3, Message="reply", Thread="1.1"),
    )["entries"]

    assert [entry["about_entry"] for entry in entries] == [None, 1, None]
    assert [entry["reply_to_entry"] for entry in entries] == [None, None, 1]


def test_the_json_names_everyone_it_mentions():
    people = plain(RAISED, said(Happened.SAID, "1.1", 1, Message=f"<@{U_RAISING_MANAGER}>?"))[
        "people"
    ]

    assert people[U_RAISER] == {"name": "Asha Patel", "agency": "Oak School"}
    assert people[U_RAISING_MANAGER]["name"] == "Uraisingmanager"


# The person first, and two positions


def with_both(**facts):
    theirs = Position(
        Side.RECEIVING, U_CHALLENGED, FRIDAY_TEN.now, "Closed.", "One mark.", "Two.", "Send it."
    )
    voice = Voice(Side.RAISING, U_RAISER, FRIDAY_TEN.now, Heard.SAID, "I hide.", "The nurse")
    line = Meanwhile(
        Side.RAISING, U_RAISER, FRIDAY_TEN.now, "Seen daily.", "The school", date(2026, 3, 20)
    )
    return a_challenge(
        positions=(theirs, replace(theirs, why="Two marks.")),
        voices=(voice,),
        meanwhiles=(line,),
        **facts,
    )


def test_both_positions_stand_side_by_side_under_each_question():
    drawn = text(RAISED, challenge=with_both())

    sides = drawn.partition("The two positions, side by side")[2].partition("Chronology")[0]
    reasons = sides.partition("Reasons and evidence.")[2].partition("What would change")[0]
    assert "Asha Patel (Oak School):\n    The bruises were seen again" in reasons
    assert "Ben Osei (Children's Social Care):\n    Two marks." in reasons
    assert "One mark." not in sides


def test_whose_name_stands_first_alternates_from_record_to_record():
    for number, first, second in ((7, "Raised by", "Challenged"), (8, "Challenged", "Raised by")):
        drawn = text(RAISED, challenge=with_both(id=number))
        assert drawn.index(f"{first}: ") < drawn.index(f"{second}: ")


def test_the_standing_line_and_the_voice_come_before_what_others_think():
    drawn = text(RAISED, challenge=with_both())

    assert drawn.index("Seen daily.") < drawn.index("I hide.") < drawn.index("The two positions")
    assert "Amber" not in drawn


def test_what_is_wanting_is_said_in_words():
    bare = text(RAISED, challenge=a_challenge(concern=a_concern(meanwhile="")))

    assert "Amber: it is wanting." in bare
    assert "Nobody has said:" in bare
    assert "The challenged person was reached: not yet" in bare


def test_for_programs_every_version_is_there_and_the_voice_can_be_counted():
    drawn = plain(RAISED, challenge=with_both(delivered_at=FRIDAY_TEN.now))
    bare = plain(RAISED)

    assert [p["why"] for p in drawn["positions"]["receiving"]] == ["One mark.", "Two marks."]
    assert drawn["positions"]["raising"][0]["ask"] == a_concern().ask
    assert drawn["voice"]["answer"] == Heard.SAID.value
    assert drawn["meanwhile"]["until"] == "2026-03-20"
    assert drawn["reached_at"] == "2026-03-06T10:00:00+00:00"
    assert (bare["voice"]["answer"], bare["meanwhile"]["wanting"]) == (None, True)


def test_at_the_last_stage_the_record_says_first_what_each_stage_decided_and_what_is_open():
    entries = [
        RAISED,
        Entry(Happened.ACCEPTED, U_RAISING_MANAGER, "Stage 2 accepted.", {"What": "I ring today."}),
        Entry(Happened.SETTLEMENT_DECLINED, U_RAISER, "Not settled.", {"Why": "No visit yet."}),
    ]
    top = replace(a_challenge(), stage=TOP)
    before, _, chronology = text(*entries, challenge=top).partition("\nChronology\n")

    assert (
        "What each stage decided, and why\n\nStage 2 accepted.\nWhat:\n    I ring today." in before
    )
    assert "Why:\n    No visit yet." in before.partition("What is still open")[2]
    assert "I ring today." in chronology
    assert "What each stage decided" not in text(*entries)
    titles = [section["title"] for section in plain(*entries, challenge=top)["pack"]]
    assert titles == ["What each stage decided, and why", "What is still open"]
    assert plain(*entries)["pack"] == []
