"""The App Home: what awaits me first, and never a challenge that is not mine to press."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from blocks import home
from challenge.casework import Undelivered
from challenge.model import (
    AgreedAction,
    AttendeesProposed,
    CanMake,
    Challenge,
    Conflict,
    DateProposal,
    Involved,
    Meeting,
    NewDay,
    NotAppropriate,
    Opinion,
    Outcome,
    PersonId,
    SecondLook,
    Settlement,
    Side,
    Signature,
    Status,
    Told,
)
from tests.blocks import gallery
from tests.makers import (
    FRIDAY_TEN,
    TOP,
    U_CHALLENGED,
    U_COORDINATOR,
    U_RAISER,
    U_RAISING_COLLEAGUE,
    U_RAISING_DEPUTY,
    U_RAISING_MANAGER,
    U_RAISING_SAFEGUARDER,
    U_RECEIVING_MANAGER,
    U_SCRUTINEER,
    U_UNIT,
    a_challenge,
    a_challenge_at,
    a_directory,
    a_procedure,
    an_offered_challenge,
    the_person,
)

DIRECTORY = a_directory()
BY_RAISER = Settlement(Outcome.CHANGED, U_RAISER, Side.RAISING, "It is open again.")


def awaits(challenge: Challenge, me: PersonId) -> bool:
    return home.awaits(challenge, DIRECTORY, me)


def tab(challenges: list[Challenge], me: PersonId) -> list[dict[str, Any]]:
    return list(home.tab(challenges, DIRECTORY, a_procedure(), me).to_dict()["blocks"])


def buttons_of(blocks: list[dict[str, Any]]) -> list[str]:
    return [element["text"]["text"] for element in gallery.elements(blocks)]


def test_at_stage_one_it_awaits_the_person_challenged():
    assert awaits(a_challenge(), U_CHALLENGED)
    assert not awaits(a_challenge(), U_RAISER)
    assert not awaits(a_challenge(), U_COORDINATOR)


def test_at_a_later_stage_it_awaits_the_leads():
    second = a_challenge_at(2, date_agreed=True)

    assert awaits(second, U_RAISING_MANAGER)
    assert awaits(second, U_RECEIVING_MANAGER)
    assert not awaits(second, U_RAISER)


def test_an_offer_awaits_whoever_was_asked_and_their_deputy():
    assert awaits(an_offered_challenge(), U_RAISING_MANAGER)
    assert awaits(an_offered_challenge(), U_RAISING_DEPUTY)
    assert not awaits(an_offered_challenge(), U_RAISER)
    assert not awaits(an_offered_challenge(), U_CHALLENGED)


@pytest.mark.parametrize("challenge", [a_challenge(), an_offered_challenge()])
def test_a_proposed_settlement_awaits_the_other_side(challenge):
    proposed = replace(challenge, settlement=BY_RAISER)

    assert awaits(proposed, U_CHALLENGED)
    assert not awaits(proposed, U_RAISER)


def test_nothing_awaits_anybody_once_it_is_withdrawn():
    closed = a_challenge(status=Status.WITHDRAWN, closed_at=FRIDAY_TEN.now)

    assert not awaits(closed, U_CHALLENGED)


def test_whoever_was_asked_can_accept_from_home_and_everybody_can_say_someone_is_at_risk():
    assert buttons_of(tab([an_offered_challenge()], U_RAISING_MANAGER)) == [
        "Raise a challenge",
        "I would like support first",
        "Set my leave",
        "Accept escalation",
        "I am not the right person",
        "Someone may be at risk",
    ]
    assert buttons_of(tab([an_offered_challenge()], U_RAISER)) == [
        "Raise a challenge",
        "I would like support first",
        "Set my leave",
        "Someone may be at risk",
    ]


def test_the_emergency_sentence_stands_first_and_every_part_says_when_it_is_empty():
    blocks = tab([], U_RAISER)
    shown = [text for _, text in gallery.texts(blocks)]

    assert "call 999" in shown[0]
    assert "Nothing awaits you just now." in shown
    assert shown.count("None.") == 2


def test_each_challenge_stands_in_one_part_only():
    closed = a_challenge(
        status=Status.WITHDRAWN, closed_at=FRIDAY_TEN.now, reference="PC-2026-0003"
    )
    mine = [
        a_challenge(reference="PC-2026-0001"),
        replace(a_challenge_at(2, reference="PC-2026-0002"), date_agreed=True),
        closed,
    ]

    shown = "\n".join(text for _, text in gallery.texts(tab(mine, U_CHALLENGED)))

    first, second, third = (shown.index(f"PC-2026-000{n}") for n in (1, 2, 3))
    assert shown.index("What awaits me") < first < shown.index("My other open challenges")
    assert shown.index("My other open challenges") < second < shown.index("Closed lately") < third
    assert shown.count("PC-2026-0001") == 1


def test_more_than_fit_are_counted():
    many = [a_challenge(reference=f"PC-2026-{n:04}") for n in range(1, 21)]

    shown = "\n".join(text for _, text in gallery.texts(tab(many, U_CHALLENGED)))

    assert "And 5 more: type /challenge list." in shown


def test_a_list_has_one_line_each_and_says_when_there_is_none():
    assert "not on any challenge" in home.listing([], DIRECTORY, U_RAISER).text
    assert (
        home.listing([a_challenge(), a_challenge()], DIRECTORY, U_RAISER).text.count("PC-2026-0042")
        == 2
    )
    assert "*" not in home.help_message().text


def test_a_word_that_means_nothing_is_said_back_first_and_stays_plain():
    message = home.help_message(home.unknown("<!here>nonsense"))
    blocks = gallery.plain(message.blocks)
    kind, first = next(gallery.texts(blocks))

    assert (kind, first[:46]) == ("plain_text", "I do not know the word “<!here>nonsense”. This")
    assert "&lt;!here&gt;nonsense" in message.text


def test_what_i_agreed_to_do_is_named_in_its_own_words_to_me_alone():
    mine = AgreedAction(f"Visit the family <!here>. {'a ' * 80}", U_CHALLENGED, date(2026, 3, 20))
    agreed = replace(BY_RAISER, actions=(mine,))
    settled = a_challenge(status=Status.SETTLED, closed_at=FRIDAY_TEN.now, settlement=agreed)

    shown = "\n".join(text for _, text in gallery.texts(tab([settled], U_CHALLENGED)))

    assert "*PC-2026-0042, by Friday 20 March 2026: " in shown
    [words] = [each for each in gallery.texts(tab([settled], U_CHALLENGED)) if "Visit" in each[1]]
    assert words[0] == "plain_text"
    assert words[1].startswith("Visit the family <!here>. a a")
    assert words[1].endswith("a …")
    other = "\n".join(text for _, text in gallery.texts(tab([settled], U_RAISER)))
    assert "What I agreed to do\nNothing just now." in other
    assert "Visit the family" not in other


# For coordinators


def of_partnership(seen: home.Partnership, directory=DIRECTORY) -> list[dict[str, Any]]:
    return list(home.partnership(seen, directory, a_procedure()).to_dict()["blocks"])


def test_only_a_coordinator_finds_the_way_to_the_partnership():
    assert "The partnership" in buttons_of(tab([], U_COORDINATOR))
    assert "The partnership" not in buttons_of(tab([], U_RAISER))


def test_a_coordinator_sees_reference_stage_clock_and_holder_and_no_words():
    seen = home.Partnership([a_challenge()], 0, 1, [])

    shown = "\n".join(text for _, text in gallery.texts(of_partnership(seen)))

    assert "PC-2026-0042: stage 1, Practitioner to practitioner. Uchallenged" in shown
    assert "to answer by Monday 9 March 2026 at 17:00" in shown
    assert "bruises" not in shown
    assert "referral" not in shown
    assert "Everything has arrived." in shown


def test_the_open_challenges_are_turned_page_by_page():
    page = [a_challenge(reference=f"PC-2026-{n:04}") for n in range(20)]

    assert "Later" in buttons_of(of_partnership(home.Partnership(page, 0, 45, [])))
    assert "Earlier" not in buttons_of(of_partnership(home.Partnership(page, 0, 45, [])))
    between = of_partnership(home.Partnership(page, 20, 45, []))
    assert {"Earlier", "Later"} <= set(buttons_of(between))
    values = {e["text"]["text"]: e["value"] for e in gallery.elements(between)}
    assert (values["Earlier"], values["Later"]) == ("0", "40")
    assert "Later" not in buttons_of(of_partnership(home.Partnership(page[:5], 40, 45, [])))


def test_a_coordinator_sees_what_was_not_delivered_and_who_left_and_who_waits():
    lost = Undelivered("PC-2026-0007", Told.PROMPT, U_RAISER, FRIDAY_TEN.now, "user_disabled")
    lost_channel = replace(lost, to=None)
    directory = a_directory(
        the_person(U_RAISING_MANAGER, active=False), the_person(U_CHALLENGED, provisional=True)
    )

    blocks = of_partnership(home.Partnership([], 0, 0, [lost, lost_channel]), directory)
    shown = "\n".join(text for _, text in gallery.texts(blocks))

    assert "PC-2026-0007, Friday 6 March 2026 at 10:00: a word (prompt) for Uraiser" in shown
    assert "for its channel; Slack says user_disabled" in shown
    assert "Left, but still named as a manager, deputy or part of this: Uraisingmanager" in shown
    assert "A coordinator has still to check this." in shown
    assert {"Confirm", "Change", "Confirm this stage"} <= set(buttons_of(blocks))
    assert "Stage 4, Senior managers* is not confirmed" in shown


def test_how_to_challenge_is_our_own_and_says_both_sides_of_it():
    shown = "\n".join(text for _, text in gallery.texts(tab([], U_RAISER)))

    assert "*How to challenge well.*" in shown
    assert "*How to be challenged well.*" in shown
    assert "*Who can see what.*" in shown


def test_a_second_opinion_and_a_conflict_await_whoever_was_asked():
    two = a_challenge_at(2)
    asked = replace(
        two,
        involved=(*two.involved, Involved(U_RAISING_SAFEGUARDER, Side.RAISING)),
        second_look=SecondLook(9, U_RAISING_SAFEGUARDER, FRIDAY_TEN.now),
        conflicts=(Conflict(8, U_RECEIVING_MANAGER, U_RAISER, (U_UNIT,), "Cousins."),),
        told=(U_UNIT,),
    )

    for who, label in (
        (U_RAISING_SAFEGUARDER, "Give a second opinion"),
        (U_UNIT, "Settle the conflict of interest"),
    ):
        assert awaits(asked, who)
        assert label in buttons_of(tab([asked], who))
    assert "Settle the conflict of interest" not in buttons_of(tab([asked], U_RAISER))


def test_at_a_later_stage_no_date_awaits_anybody_until_one_is_proposed():
    second = a_challenge_at(2)
    proposed = DateProposal(U_RAISER, Side.RAISING, FRIDAY_TEN.now)

    assert not awaits(second, U_CHALLENGED)
    assert awaits(replace(second, date_proposal=proposed), U_CHALLENGED)


def test_the_meeting_awaits_whoever_is_to_agree_answer_or_give_a_second_opinion():
    third = a_challenge_at(3)
    people = AttendeesProposed(U_RAISER, Side.RAISING, (U_RAISING_COLLEAGUE,))
    times = (FRIDAY_TEN.now,)
    doubt = NotAppropriate(U_RAISING_SAFEGUARDER, "They met.", (U_UNIT,))

    assert not awaits(third, U_CHALLENGED)
    assert awaits(replace(third, meeting=Meeting(3, proposed=people)), U_CHALLENGED)
    assert not awaits(replace(third, meeting=Meeting(3, proposed=people)), U_RAISER)
    assert awaits(replace(third, meeting=Meeting(3, times=times)), U_RAISER)
    answered = Meeting(3, times=times, answers=(CanMake(U_RAISER, times),))
    assert not awaits(replace(third, meeting=answered), U_RAISER)
    assert awaits(replace(third, meeting=Meeting(3, doubt=doubt)), U_UNIT)


def test_an_opinion_awaits_each_side_until_it_has_acknowledged_it():
    opinion = Opinion(U_SCRUTINEER, "Look again.", "Bruises.", ())
    given = a_challenge_at(TOP, opinion=None)
    known = replace(opinion, acknowledged=(Involved(U_RAISER, Side.RAISING),))

    assert not awaits(given, U_CHALLENGED)
    assert awaits(replace(given, opinion=opinion), U_RAISER)
    assert awaits(replace(given, opinion=known), U_CHALLENGED)
    assert not awaits(replace(given, opinion=known), U_RAISER)


def test_after_the_end_a_signature_an_answer_and_a_new_day_await_people():
    moved = NewDay(U_CHALLENGED, Side.RECEIVING, date(2026, 4, 1))
    action = AgreedAction("Visit.", U_CHALLENGED, date(2026, 3, 20), new_day=moved)
    signed = tuple(
        Signature(who, side)
        for who, side in ((U_RAISER, Side.RAISING), (U_CHALLENGED, Side.RECEIVING))
    )
    settled = a_challenge(
        status=Status.SETTLED, closed_at=FRIDAY_TEN.now, settlement=BY_RAISER, signed=signed
    )
    asked = replace(settled, to_follow=(U_CHALLENGED,))

    assert not awaits(settled, U_RAISER)
    assert awaits(replace(settled, signed=()), U_RAISER)
    assert awaits(replace(settled, settlement=replace(BY_RAISER, actions=(action,))), U_RAISER)
    assert awaits(asked, U_CHALLENGED)
    assert not awaits(asked, U_RAISER)
    assert "Say what came of it" in buttons_of(tab([asked], U_CHALLENGED))
