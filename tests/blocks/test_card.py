"""The card: how it stands, who answers, by when, and only the acts that are open."""

from dataclasses import replace

import pytest

from blocks import acts, card
from blocks.layout import called, named, shortened, with_names
from blocks.standing import in_short
from challenge import position
from challenge.model import (
    Challenge,
    Conflict,
    DateProposal,
    Involved,
    Outcome,
    Review,
    SecondLook,
    Settlement,
    Side,
    Status,
    Unreached,
)
from tests.blocks import gallery
from tests.makers import (
    FRIDAY_TEN,
    TOP,
    U_CHALLENGED,
    U_COORDINATOR,
    U_GUEST,
    U_RAISER,
    U_RAISING_MANAGER,
    U_RAISING_SAFEGUARDER,
    U_RECEIVING_MANAGER,
    a_challenge,
    a_challenge_at,
    a_concern,
    a_directory,
    an_offered_challenge,
    later,
)

DIRECTORY = a_directory()
SETTLEMENT = Settlement(Outcome.CHANGED, U_RAISER, Side.RAISING, "It is open again.")


def labels(challenge: Challenge) -> list[str]:
    return [str(act.text.text) for act in acts.acts(challenge, DIRECTORY) if act.text]


def whose(challenge: Challenge) -> dict[str, list[str]]:
    """Each line above a row of buttons, and the labels under it."""
    return {
        line: [str(act.text.text) for act in row if act.text]
        for line, row in acts.rows(challenge, DIRECTORY)
    }


def said(challenge: Challenge) -> str:
    blocks = gallery.plain(card.draw(challenge, DIRECTORY).blocks)
    return "\n".join(text for _, text in gallery.texts(blocks))


def test_while_it_is_open_everything_may_be_done():
    assert whose(a_challenge()) == {
        "*For Uchallenged*, whose decision it is": [
            "Accept the date",
            "I have changed the decision",
        ],
        "*For either side*": [
            "Propose how it is settled",
            "Propose another date",
            "Ask for the next stage",
            "Bring in a supporter",
        ],
        "*For Uraiser*, who raised it": ["Withdraw this challenge"],
        "*For Uraiser and Uchallenged themselves*": ["Ask outside my line"],
        "*For everybody here*, at any time": ["Someone may be at risk"],
    }


def test_an_agreed_date_is_not_accepted_twice():
    assert "Accept the date" not in labels(a_challenge(date_agreed=True))
    assert "Propose another date" in labels(a_challenge(date_agreed=True))


def test_while_a_stage_is_offered_it_can_be_accepted_settled_or_withdrawn():
    assert whose(an_offered_challenge()) == {
        "*For Uraisingmanager and Ureceivingmanager*, who are asked to take it on": [
            "Accept escalation",
            "I am not the right person",
        ],
        "*For Uchallenged*, whose decision it is": ["I have changed the decision"],
        "*For either side*": [
            "Propose how it is settled",
            "Bring in a supporter",
            "Flag a conflict of interest",
        ],
        "*For Uraiser*, who raised it": ["Withdraw this challenge"],
        "*For Uraiser and Uchallenged themselves*": ["Ask outside my line"],
        "*For everybody here*, at any time": ["Someone may be at risk"],
    }


def test_an_answer_is_asked_of_the_other_side_by_name():
    proposed = DateProposal(U_RAISER, Side.RAISING, later(FRIDAY_TEN, days=2).now)
    two = a_challenge_at(2, settlement=SETTLEMENT)
    theirs = replace(proposed, by=U_CHALLENGED, side=Side.RECEIVING)
    back = replace(a_challenge_at(2), date_proposal=theirs)

    assert whose(two)["*For Uchallenged’s side*, to answer"][0] == "Confirm it is settled"
    assert "Accept the date" in whose(back)["*For Uraiser’s side*, to answer"]
    assert whose(a_challenge(date_proposal=proposed))["*For Uchallenged*, whose decision it is"]


def test_at_the_top_the_rows_name_who_has_it_and_who_has_still_to_acknowledge():
    advised = gallery.an_advised(a_challenge_at(TOP), "Visit.")
    shown = whose(advised)

    assert "Give an opinion" in shown["*For <@USCRUTINEER>*, who has it now"]
    assert "Acknowledge the opinion" in shown["*For Uchallenged’s side*, whose decision it is"]
    assert all(
        "Acknowledge the opinion" not in row for line, row in shown.items() if "Uraiser’s" in line
    )


def test_whoever_has_accepted_and_whoever_is_awaited_stand_on_the_card():
    half = replace(
        an_offered_challenge(),
        accepted=(Involved(U_RECEIVING_MANAGER, Side.RECEIVING),),
        prompts=an_offered_challenge().prompts[:1],
    )

    assert (
        "Ureceivingmanager (Children's Social Care) has accepted; still asked: Uraisingmanager "
        "(Oak School) to accept by Friday 6 March 2026 at 14:00. If that time passes, the next "
        "person is asked, and the stage begins meanwhile."
    ) in in_short(half, DIRECTORY)


def test_a_review_can_be_recorded_once_and_a_second_opinion_asked_for():
    two = a_challenge_at(2)
    assert {"Record the review", "Ask for a second opinion"} <= {*labels(two)}

    again = replace(
        two,
        reviews=(Review(2, U_RAISING_MANAGER, False, "It is not."),),
        second_look=SecondLook(9, U_RAISING_SAFEGUARDER, FRIDAY_TEN.now),
        conflicts=(Conflict(8, U_RECEIVING_MANAGER, U_RAISER, (), "Cousins."),),
    )
    assert "Record the review" not in labels(again)
    line = "*For Uraisingsafeguarder*, who is asked for a second opinion"
    assert whose(again)[line] == ["Give a second opinion"]
    words = said(replace(again, second_look=SecondLook(9, None, FRIDAY_TEN.now)))
    assert "review: not justified" in words
    assert "A second opinion is asked of nobody yet" in words
    assert "The business unit is asked whether Ureceivingmanager" in words


def test_a_proposed_settlement_is_answered():
    shown = labels(a_challenge(settlement=SETTLEMENT))

    assert shown[:2] == ["Confirm it is settled", "Not settled yet"]
    assert "Propose how it is settled" not in shown


def test_whoever_raised_it_can_say_no_on_the_card_to_their_own_managers_proposal():
    by_manager = replace(SETTLEMENT, proposed_by=U_RAISING_MANAGER)
    theirs = replace(SETTLEMENT, proposed_by=U_RECEIVING_MANAGER, side=Side.RECEIVING)
    own = "For me it is not settled"

    assert own in whose(a_challenge_at(2, settlement=by_manager))["*For Uraiser*, who raised it"]
    assert own not in labels(a_challenge_at(2, settlement=SETTLEMENT))
    assert own not in labels(a_challenge_at(2, settlement=theirs))


def test_at_the_top_there_is_no_next_stage():
    assert "Ask for the next stage" not in labels(a_challenge_at(TOP))


@pytest.mark.parametrize("status", [Status.SETTLED, Status.WITHDRAWN])
def test_a_closed_challenge_has_only_what_follows_the_end(status):
    closed = a_challenge(status=status, closed_at=FRIDAY_TEN.now, settlement=SETTLEMENT)

    after = {
        Status.SETTLED: ["Sign the record", "Open it again"],
        Status.WITHDRAWN: ["Open it again"],
    }
    assert labels(closed) == after[status]
    assert in_short(closed, DIRECTORY) == (
        f"PC-2026-0042: {status.value}. Closed on Friday 6 March 2026 at 10:00."
    )


def test_one_line_says_stage_who_and_by_when():
    assert in_short(a_challenge(), DIRECTORY) == (
        "PC-2026-0042: stage 1, Practitioner to practitioner. Uchallenged (Children's Social "
        "Care) to answer by Monday 9 March 2026 at 17:00 (date not agreed yet)."
    )
    assert "(agreed)" in in_short(a_challenge(date_agreed=True), DIRECTORY)


def test_while_a_stage_is_offered_the_line_says_who_is_asked():
    assert in_short(an_offered_challenge(), DIRECTORY) == (
        "PC-2026-0042: stage 1, Practitioner to practitioner. Stage 2, Managers and safeguarding "
        "leads, is offered: Uraisingmanager (Oak School) to accept by Friday 6 March 2026 at "
        "14:00; Ureceivingmanager (Children's Social Care) to accept by Friday 6 March 2026 at "
        "14:00."
    )


def test_when_nobody_can_be_found_the_line_says_so():
    offered = an_offered_challenge()
    nobody = replace(offered, prompts=tuple(replace(p, person=None) for p in offered.prompts))

    assert "nobody could be found yet" in in_short(nobody, DIRECTORY)


def test_at_a_later_stage_the_leads_answer():
    standing = in_short(a_challenge_at(2, urgent=True), DIRECTORY)

    assert "urgent route" in standing
    assert "Uraisingmanager (Oak School) and Ureceivingmanager" in standing


def test_the_card_holds_what_was_written_and_the_emergency_sentence():
    shown = said(a_challenge())

    for words in (a_concern().ask, a_concern().meanwhile, a_concern().decision, a_concern().why):
        assert words in shown
    assert a_concern().reference in shown
    assert "call 999" in shown


def test_the_card_says_who_could_not_be_brought_in_and_that_the_clock_runs_on():
    shown = said(a_challenge(unreached=(Unreached(U_GUEST, "they are a guest"),)))

    assert (
        "<@UGUEST> (not in the directory) could not be brought into this channel: they are a guest"
        in shown
    )
    assert "The clock runs on" in shown


def test_the_card_shows_marks_proposals_and_who_is_still_asked():
    full = gallery.a_full(a_challenge(), "We agreed.")
    half = replace(a_challenge_at(2), prompts=an_offered_challenge().prompts[:1])

    assert "Seen and being worked on: Uchallenged" in said(replace(full, unreached=()))
    assert "proposes Monday 9 March 2026 at 10:00" in said(full)
    assert "Proposed: how it is settled (Both of us changed our view; Uraiser" in said(full)
    assert "Uraisingmanager (Oak School) is asked to join for the raising side" in said(half)


def test_a_settled_card_keeps_how_and_a_withdrawn_one_does_not():
    closed = a_challenge(closed_at=FRIDAY_TEN.now, settlement=SETTLEMENT)

    assert "It is open again." in said(replace(closed, status=Status.SETTLED))
    assert "It is open again." not in said(replace(closed, status=Status.WITHDRAWN))


def test_a_long_answer_is_shortened_and_says_where_the_rest_is():
    long = "word " * 400

    assert len(shortened(long)) <= 1200
    assert shortened(long).endswith("(the rest is in the record)")
    assert shortened("short") == "short"


def test_where_slack_shows_text_as_it_is_mentions_become_names():
    shown = with_names("<@URAISER> and <@UGUEST>", DIRECTORY)

    assert shown == "Uraiser and UGUEST (not in the directory)"


def test_somebody_outside_the_directory_is_a_mention_and_never_a_bare_id():
    unit = replace(DIRECTORY, coordinators=(U_COORDINATOR,), people=DIRECTORY.people[:1])

    assert named(DIRECTORY, U_GUEST) == "<@UGUEST> (not in the directory)"
    assert named(unit, U_COORDINATOR) == f"<@{U_COORDINATOR}> (of the partnership)"
    assert called(DIRECTORY, U_GUEST) == "<@UGUEST>"
    assert named(DIRECTORY, U_CHALLENGED) == "Uchallenged (Children's Social Care)"


def test_once_both_have_put_their_position_it_says_what_is_still_missing():
    one = a_challenge()
    words = {"decision": "No.", "why": "So.", "mind": "A second opinion.", "ask": "Wait."}
    answered = position.put(one, FRIDAY_TEN, DIRECTORY, by=U_CHALLENGED, **words).challenge

    assert "It is not settled yet" not in said(one)
    assert "It is not settled yet: propose how, or another date." in said(answered)
