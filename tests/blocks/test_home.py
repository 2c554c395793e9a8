"""The App Home: what awaits me first, and never a challenge that is not mine to press."""

import re
from dataclasses import replace
from datetime import date
from typing import Any

from blocks import home
from challenge.awaiting import Awaited, awaited
from challenge.casework import Undelivered
from challenge.model import (
    AgreedAction,
    Challenge,
    Conflict,
    Involved,
    Meanwhile,
    Outcome,
    PersonId,
    SecondLook,
    Settlement,
    Side,
    Status,
    Told,
)
from tests.blocks import gallery
from tests.makers import (
    FRIDAY_TEN,
    U_CHALLENGED,
    U_COORDINATOR,
    U_GUEST,
    U_RAISER,
    U_RAISING_DEPUTY,
    U_RAISING_MANAGER,
    U_RAISING_SAFEGUARDER,
    U_RAISING_SENIOR,
    U_RECEIVING_MANAGER,
    U_UNIT,
    a_challenge,
    a_challenge_at,
    a_directory,
    a_procedure,
    an_offered_challenge,
    later,
    the_person,
)

DIRECTORY = a_directory()
BY_RAISER = Settlement(Outcome.CHANGED, U_RAISER, Side.RAISING, "It is open again.")


def tab(challenges: list[Challenge], me: PersonId) -> list[dict[str, Any]]:
    return list(home.tab(challenges, DIRECTORY, a_procedure(), me).to_dict()["blocks"])


def buttons_of(blocks: list[dict[str, Any]]) -> list[str]:
    return [element["text"]["text"] for element in gallery.elements(blocks)]


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
    assert "*Uraisingmanager (Oak School)* has left, and is still named by: Uraiser." in shown
    assert "A coordinator has still to check this." in shown
    assert {"Confirm", "Change", "Confirm this stage"} <= set(buttons_of(blocks))
    assert "Stage 4, Senior managers* is not confirmed" in shown


def test_everybody_who_left_and_is_still_named_has_a_button_of_their_own():
    gone = [
        the_person(who, active=False)
        for who in (U_RAISING_MANAGER, U_RECEIVING_MANAGER, U_RAISING_DEPUTY)
    ]
    directory = a_directory(*gone, coordinators=(U_COORDINATOR, U_RAISING_DEPUTY))

    blocks = of_partnership(home.Partnership([], 0, 0, []), directory)

    beside = {b["accessory"]["value"]: b["text"]["text"] for b in blocks if b.get("accessory")}
    assert {U_RAISING_MANAGER, U_RECEIVING_MANAGER, U_RAISING_DEPUTY} <= set(beside)
    assert beside[U_RAISING_DEPUTY].endswith("still named by: the partnership.")


def test_whom_the_directory_does_not_know_is_shown_as_a_mention_and_never_by_a_bare_id():
    lost = Undelivered("PC-2026-0007", Told.PROMPT, U_UNIT, FRIDAY_TEN.now, "user_disabled")
    asked = an_offered_challenge(raised_by=U_GUEST)

    drawn = [
        *of_partnership(home.Partnership([asked], 0, 1, [lost])),
        *tab([asked], U_RAISING_MANAGER),
    ]
    shown = "\n".join(text for _, text in gallery.texts(drawn))

    assert f"<@{U_UNIT}>" in shown
    assert not re.search(r"(?<!<@)\bU(?:UNIT|GUEST|SCRUTINEER|COORDINATOR)\b", shown)


def test_what_is_asked_of_me_is_said_and_the_earliest_stands_first():
    late = a_challenge(reference="PC-2026-0001", due=later(FRIDAY_TEN, days=9).now)
    soon = an_offered_challenge(reference="PC-2026-0002", challenged=U_RAISING_SENIOR)
    asked = replace(soon, settlement=BY_RAISER)

    shown = "\n".join(text for _, text in gallery.texts(tab([late], U_CHALLENGED)))
    assert "*For you to do:* agree to the date, or propose another; answer it." in shown
    both = [replace(late, challenged=U_RAISING_SENIOR), asked]
    shown = "\n".join(text for _, text in gallery.texts(tab(both, U_RAISING_SENIOR)))
    assert "*For you to do:* say yes or no to how it is settled." in shown
    assert shown.index("PC-2026-0002") < shown.index("PC-2026-0001")
    urgent = [replace(both[0], urgent=True), asked]
    shown = "\n".join(text for _, text in gallery.texts(tab(urgent, U_RAISING_SENIOR)))
    assert shown.index("PC-2026-0001") < shown.index("PC-2026-0002")


def test_a_coordinator_is_told_in_their_own_home_how_many_wait_for_their_yes():
    waiting = a_directory(the_person(U_CHALLENGED, provisional=True))

    def said(me: PersonId) -> str:
        view = home.tab([], waiting, a_procedure(), me).to_dict()
        return "\n".join(text for _, text in gallery.texts(view["blocks"]))

    assert "1 person waits for your yes in the directory" in said(U_COORDINATOR)
    assert "your yes" not in said(U_RAISER)


def test_what_i_agreed_to_do_can_be_ticked_off_and_a_settled_record_signed_from_home():
    mine = AgreedAction("Visit the family at home.", U_CHALLENGED, date(2026, 3, 20))
    agreed = replace(BY_RAISER, actions=(mine,))
    settled = a_challenge(status=Status.SETTLED, closed_at=FRIDAY_TEN.now, settlement=agreed)
    buttons = buttons_of(tab([settled], U_CHALLENGED))

    assert {"Tick an action off", "Sign the record"} <= set(buttons)
    assert "Tick an action off" not in buttons_of(tab([settled], U_RAISER))


def test_how_to_challenge_is_our_own_and_says_both_sides_of_it():
    shown = "\n".join(text for _, text in gallery.texts(tab([], U_RAISER)))

    assert "*How to challenge well.*" in shown
    assert "*How to be challenged well.*" in shown
    assert "*Who can see what.*" in shown


def test_it_is_said_where_nobody_knows_what_keeps_the_person_safe():
    until = date(2026, 4, 1)
    line = Meanwhile(Side.RAISING, U_RAISER, FRIDAY_TEN.now, "Rings daily.", "Ada", until)
    amber = "\n".join(text for _, text in gallery.texts(tab([a_challenge()], U_RAISER)))
    safe = a_challenge(meanwhiles=(line,))

    assert "Amber: it is not said yet who keeps the person safe" in amber
    assert "Amber" not in "\n".join(text for _, text in gallery.texts(tab([safe], U_RAISER)))


def test_an_action_whose_day_has_passed_says_so_and_its_tier_can_propose_another():
    late = AgreedAction("Visit.", U_CHALLENGED, date(2026, 3, 20), asked_at=FRIDAY_TEN.now)
    agreed = replace(BY_RAISER, actions=(late,))
    settled = a_challenge(status=Status.SETTLED, closed_at=FRIDAY_TEN.now, settlement=agreed)

    shown = "\n".join(text for _, text in gallery.texts(tab([settled], U_CHALLENGED)))
    assert "its day has passed: Friday 20 March 2026" in shown
    assert "Propose another day" in buttons_of(tab([settled], U_RAISER))
    assert "Propose another day" not in buttons_of(tab([settled], U_RAISING_MANAGER))


def test_the_raising_sides_manager_records_the_review_from_home():
    second = a_challenge_at(2)

    assert "Record the review" in buttons_of(tab([second], U_RAISING_MANAGER))
    assert "Record the review" not in buttons_of(tab([second], U_RECEIVING_MANAGER))


def test_a_second_opinion_and_a_conflict_await_whoever_was_asked():
    two = a_challenge_at(2)
    asked = replace(
        two,
        involved=(*two.involved, Involved(U_RAISING_SAFEGUARDER, Side.RAISING)),
        second_look=SecondLook(9, U_RAISING_SAFEGUARDER, FRIDAY_TEN.now),
        conflicts=(Conflict(8, U_RECEIVING_MANAGER, U_RAISER, (U_UNIT,), "Cousins."),),
        told=(U_UNIT,),
    )

    for who, label, what in (
        (U_RAISING_SAFEGUARDER, "Give a second opinion", Awaited.REVIEW),
        (U_UNIT, "Settle the conflict of interest", Awaited.CONFLICT),
    ):
        assert awaited(asked, DIRECTORY, who) == (what,)
        assert label in buttons_of(tab([asked], who))
    assert "Settle the conflict of interest" not in buttons_of(tab([asked], U_RAISER))
