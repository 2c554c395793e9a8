"""The top: the pack, the independent opinion, and both sides' acknowledgement."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from challenge import escalation, meeting, position, resolution, scrutiny
from challenge.model import (
    AgreedAction,
    Challenge,
    Entry,
    Happened,
    Minutes,
    Outcome,
    PersonId,
    Recorded,
    Settlement,
    Side,
    Status,
    Told,
)
from challenge.refusals import (
    ActionUnclear,
    AlreadyAcknowledged,
    Closed,
    MissingWords,
    NotAtTop,
    NothingHere,
    NothingProposed,
    NotYours,
    YourOwnProposal,
)
from tests.makers import (
    FRIDAY_TEN,
    TOP,
    U_CHALLENGED,
    U_OTHER_MANAGER,
    U_RAISER,
    U_RAISING_MANAGER,
    U_RAISING_SAFEGUARDER,
    U_RECEIVING_SAFEGUARDER,
    U_SCRUTINEER,
    U_UNIT,
    a_challenge,
    a_challenge_at,
    a_directory,
)

DIRECTORY = a_directory()
OPINION: dict[str, Any] = {
    "opinion": "The referral should be opened again.",
    "reasons": "New bruises were seen by two people.",
    "actions": (
        AgreedAction("Visit the family", U_CHALLENGED, date(2026, 3, 13)),
        AgreedAction("Ring the school", U_RAISER, date(2026, 3, 10)),
    ),
}


def at_the_top() -> Challenge:
    return a_challenge_at(TOP)


def gives(challenge: Challenge, by: PersonId = U_SCRUTINEER, **changes):
    return scrutiny.give_opinion(challenge, FRIDAY_TEN, DIRECTORY, by=by, **{**OPINION, **changes})


def acknowledges(challenge: Challenge, by: PersonId):
    return scrutiny.acknowledge(challenge, FRIDAY_TEN, DIRECTORY, by=by)


def with_opinion() -> Challenge:
    challenge: Challenge = gives(at_the_top()).challenge
    return challenge


# The opinion


def test_the_opinion_goes_to_the_channel_and_both_lines_are_asked_to_acknowledge_it():
    change = gives(at_the_top())

    waiting = {n.to for n in change.notices if n.kind is Told.OPINION_WAITS}
    assert waiting == {U_RAISER, U_CHALLENGED, U_RAISING_SAFEGUARDER, U_RECEIVING_SAFEGUARDER}
    [entry] = change.entries
    assert entry.kind is Happened.OPINION_GIVEN
    assert entry.words["Reasons"] == OPINION["reasons"]
    assert list(entry.words.items())[2:] == [
        ("What should happen 1", "Visit the family (<@UCHALLENGED>, by Friday 13 March 2026)"),
        ("What should happen 2", "Ring the school (<@URAISER>, by Tuesday 10 March 2026)"),
    ]
    assert not change.challenge.is_closed


@pytest.mark.parametrize("by", [U_RAISER, U_CHALLENGED, U_RAISING_SAFEGUARDER, U_UNIT])
def test_only_whoever_holds_the_last_stage_gives_an_opinion(by):
    with pytest.raises(NotYours):
        gives(at_the_top(), by=by)


def test_at_an_earlier_stage_nobody_gives_one():
    with pytest.raises(NotYours):
        gives(a_challenge_at(3), by=U_RAISING_SAFEGUARDER)


@pytest.mark.parametrize("name", ["opinion", "reasons"])
def test_an_opinion_has_words_and_reasons(name):
    with pytest.raises(MissingWords) as no:
        gives(at_the_top(), by=U_SCRUTINEER, **{name: " "})

    assert no.value.field == name


@pytest.mark.parametrize(
    "actions",
    [
        (),
        (AgreedAction(" ", U_CHALLENGED, date(2026, 3, 13)),),
        (AgreedAction("Visit", PersonId(""), date(2026, 3, 13)),),
        (*OPINION["actions"], AgreedAction("Visit", U_CHALLENGED, date(2026, 3, 5))),
    ],
    ids=["none", "no words", "nobody", "yesterday"],
)
def test_an_opinion_says_what_should_happen_and_who_does_it_today_or_later(actions):
    with pytest.raises(ActionUnclear):
        gives(at_the_top(), actions=actions)


def test_a_newer_opinion_is_acknowledged_anew():
    heard = acknowledges(with_opinion(), U_RAISER).challenge

    again = gives(heard, opinion="On reflection, both should visit.").challenge

    assert again.opinion.acknowledged == ()
    assert again.opinion.opinion == "On reflection, both should visit."


# Acknowledging it


def test_one_side_does_not_close_it_and_the_second_does():
    first = acknowledges(with_opinion(), U_RAISER)
    assert first.challenge.status is Status.OPEN
    assert [n.kind for n in first.notices] == [Told.OPINION_ACKNOWLEDGED, Told.CARD]

    second = acknowledges(first.challenge, U_CHALLENGED)

    settlement = second.challenge.settlement
    assert second.challenge.status is Status.SETTLED
    assert settlement.outcome is Outcome.OPINION
    assert settlement.actions == OPINION["actions"]
    assert [e.kind for e in second.entries] == [Happened.OPINION_ACKNOWLEDGED, Happened.SETTLED]


def test_the_leads_of_the_stage_before_speak_for_their_sides():
    first = acknowledges(with_opinion(), U_RECEIVING_SAFEGUARDER).challenge
    assert [heard.side for heard in first.opinion.acknowledged] == [Side.RECEIVING]

    assert acknowledges(first, U_RAISING_SAFEGUARDER).challenge.status is Status.SETTLED


def test_a_side_acknowledges_once_whoever_presses():
    first = acknowledges(with_opinion(), U_RAISER).challenge

    for who in (U_RAISER, U_RAISING_SAFEGUARDER):
        with pytest.raises(AlreadyAcknowledged):
            acknowledges(first, who)


@pytest.mark.parametrize("by", [U_SCRUTINEER, U_UNIT, U_RAISING_MANAGER])
def test_nobody_but_the_two_lines_acknowledges_it(by):
    with pytest.raises(NotYours):
        acknowledges(with_opinion(), by)


def test_there_is_nothing_to_acknowledge_before_there_is_an_opinion():
    with pytest.raises(NothingProposed):
        acknowledges(at_the_top(), U_RAISER)


def test_what_is_closed_is_not_acknowledged_again():
    both = acknowledges(acknowledges(with_opinion(), U_RAISER).challenge, U_CHALLENGED).challenge

    with pytest.raises(Closed):
        acknowledges(both, U_CHALLENGED)


# Nobody settles it alone


def proposed(by: PersonId) -> Challenge:
    return resolution.propose_settlement(
        at_the_top(),
        FRIDAY_TEN,
        DIRECTORY,
        by=by,
        outcome=Outcome.AGREED_PLAN,
        how="We visit together.",
        actions=(AgreedAction("Visit", U_CHALLENGED, date(2026, 3, 20)),),
    ).challenge


def test_whoever_holds_the_last_stage_neither_proposes_nor_confirms_for_the_sides():
    with pytest.raises(NotYours):
        proposed(U_SCRUTINEER)
    with pytest.raises(NotYours):
        resolution.confirm_settlement(proposed(U_RAISER), FRIDAY_TEN, DIRECTORY, by=U_SCRUTINEER)
    with pytest.raises(NotYours):
        resolution.decline_settlement(
            proposed(U_RAISER), FRIDAY_TEN, DIRECTORY, by=U_SCRUTINEER, because="No."
        )


def test_the_two_sides_still_settle_it_between_them_at_the_top():
    with pytest.raises(YourOwnProposal):
        resolution.confirm_settlement(proposed(U_RAISER), FRIDAY_TEN, DIRECTORY, by=U_RAISER)

    settled = resolution.confirm_settlement(
        proposed(U_RAISER), FRIDAY_TEN, DIRECTORY, by=U_CHALLENGED
    ).challenge
    assert settled.status is Status.SETTLED


# The pack


def recorded(*entries: Entry) -> list[Recorded]:
    return [Recorded(n, n, FRIDAY_TEN.now, entry) for n, entry in enumerate(entries, start=1)]


CHRONOLOGY = recorded(
    Entry(Happened.RAISED, U_RAISER, "<@URAISER> raised it.", {"Why": "Bruises."}),
    Entry(Happened.SAID, U_CHALLENGED, "", {"Message": "I will look."}, message="1.2"),
    Entry(Happened.ACCEPTED, U_RAISING_MANAGER, "Accepted stage 2.", {"What I will do": "Ring."}),
    Entry(Happened.SETTLEMENT_DECLINED, U_RAISER, "Not settled yet.", {"Why": "No visit yet."}),
)


def test_the_pack_holds_positions_the_person_decisions_questions_and_everything_else():
    found = scrutiny.pack(at_the_top(), CHRONOLOGY)

    raising, receiving = found.positions
    assert "The bruises were seen again on Wednesday." in raising.words.values()
    assert receiving.words == {}
    safe, voice = found.person
    assert "The school sees the child every morning." in safe.words.values()
    assert voice.words == {}
    assert [p.says for p in found.decisions] == ["Accepted stage 2.", "Not settled yet."]
    assert [list(p.words.values()) for p in found.questions] == [
        ["Please look at the referral again."],
        ["No visit yet."],
    ]
    assert len(found.chronology) == len(CHRONOLOGY)
    assert found.chronology[1].says == "2. Friday 6 March 2026, 10:00. <@UCHALLENGED>: message."
    assert found.chronology[1].words == {"Message": "I will look."}


def test_both_sides_stand_in_the_pack_in_the_order_in_which_the_challenge_names_them():
    put = position.put(
        at_the_top(),
        FRIDAY_TEN,
        DIRECTORY,
        by=U_CHALLENGED,
        **dict.fromkeys(position.QUESTIONS, "Please visit with us."),
    ).challenge
    second = replace(put, id=8)

    asked = "Please look at the referral again."
    for challenge, first in ((put, asked), (second, "Please visit with us.")):
        found = scrutiny.pack(challenge, [])
        assert first in found.positions[0].words.values()
        assert len(found.questions) == 2
        assert first in found.questions[0].words.values()


@pytest.mark.parametrize(
    "kind",
    [
        Happened.EXTENSION_REFUSED,
        Happened.MOVED_ABOVE,
        Happened.SETTLED,
        Happened.WITHDRAWN,
        Happened.REOPENED,
    ],
)
def test_whatever_ended_a_stage_or_began_it_again_is_among_the_decisions(kind):
    happened = recorded(Entry(kind, None, "It went on.", {"Why": "It did."}))

    [decided] = scrutiny.pack(at_the_top(), happened).decisions
    assert decided.words == {"Why": "It did."}


def test_what_was_agreed_before_and_not_done_is_an_open_question():
    action = AgreedAction("Visit the family.", U_CHALLENGED, date(2026, 3, 20))
    before = Settlement(Outcome.AGREED_PLAN, U_RAISER, Side.RAISING, "We agreed.", (action,))

    found = scrutiny.pack(replace(at_the_top(), earlier=(before,)), [])

    assert any("Visit the family." in w for q in found.questions for w in q.words.values())


def test_what_the_meeting_left_open_is_an_open_question():
    notes = Minutes(U_RAISER, "We talked.", "", "Who rings the school?", "Visit.")
    at_three = meeting.record_minutes(
        a_challenge_at(3),
        FRIDAY_TEN,
        DIRECTORY,
        by=U_RAISER,
        discussion=notes.discussion,
        agreed="",
        outstanding=notes.outstanding,
        next_steps=notes.next_steps,
    ).challenge
    top = replace(at_the_top(), meeting=at_three.meeting)

    found = scrutiny.pack(top, [])

    assert "Who rings the school?" in [w for q in found.questions for w in q.words.values()]


def test_a_pack_says_so_when_nobody_wrote_what_keeps_the_person_safe():
    silent = replace(at_the_top(), concern=replace(at_the_top().concern, meanwhile=""))

    assert scrutiny.pack(silent, []).person[0].says.startswith("Nobody has said yet")


@pytest.mark.parametrize(
    "who",
    [U_RAISER, U_CHALLENGED, U_SCRUTINEER, U_RAISING_SAFEGUARDER, U_RECEIVING_SAFEGUARDER],
)
def test_the_pack_is_read_by_the_parties_and_whoever_holds_the_last_stage(who):
    scrutiny.refuse_unless_readable(at_the_top(), DIRECTORY, who)


@pytest.mark.parametrize(
    ("who", "refusal"),
    [(U_UNIT, NotYours), (U_RAISING_MANAGER, NotYours), (U_OTHER_MANAGER, NothingHere)],
)
def test_the_pack_is_read_by_nobody_else(who, refusal):
    with pytest.raises(refusal):
        scrutiny.refuse_unless_readable(at_the_top(), DIRECTORY, who)


def test_there_is_no_pack_before_the_last_stage_is_offered():
    three = a_challenge_at(3)
    with pytest.raises(NotAtTop):
        scrutiny.refuse_unless_readable(three, DIRECTORY, U_RAISER)

    asked = escalation.lapse(three, FRIDAY_TEN, DIRECTORY).challenge
    scrutiny.refuse_unless_readable(asked, DIRECTORY, U_SCRUTINEER)


def test_the_pack_can_be_read_after_the_end():
    both = acknowledges(acknowledges(with_opinion(), U_RAISER).challenge, U_CHALLENGED).challenge

    scrutiny.refuse_unless_readable(both, DIRECTORY, U_RAISER)


def test_before_the_top_a_closed_challenge_has_no_pack():
    assert not scrutiny.has_pack(a_challenge())
