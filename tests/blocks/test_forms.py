"""Modals read back: what a person typed and chose arrives as the rules want it."""

from dataclasses import replace
from datetime import date

import pytest

from blocks import (
    agreed_action,
    agreement,
    escalation,
    forms,
    meanwhile,
    position,
    raising,
    resolution,
    response,
    scrutiny,
    voice,
)
from blocks.layout import numbers
from challenge.model import (
    AgreedAction,
    Area,
    Concern,
    Heard,
    Meanwhile,
    Outcome,
    PersonFirst,
    Safety,
    Settlement,
    Side,
    Subject,
)
from challenge.refusals import ActionUnclear
from tests.blocks import gallery
from tests.blocks.filling import Payload, filled
from tests.makers import (
    FRIDAY_TEN,
    U_CHALLENGED,
    U_RAISER,
    a_challenge,
    a_challenge_at,
    a_procedure,
)

CHALLENGE = a_challenge()
SAFE = Meanwhile(Side.RAISING, U_RAISER, FRIDAY_TEN.now, "Seen daily.", "School", date(2026, 3, 20))
VISIT = AgreedAction("Visit", U_RAISER, date(2026, 3, 10))


def inputs(payload: Payload) -> list[str]:
    return [b["block_id"] for b in payload["blocks"] if b["type"] == "input"]


# Reading one answer


def test_what_was_typed_is_cleaned_and_trimmed():
    view = filled(escalation.ask_view(CHALLENGE), because="  It is\u200b urgent.\r\n ")

    assert forms.answer(view, "because") == "It is urgent."


def test_a_field_left_empty_and_a_field_that_is_not_there_are_empty():
    view = filled(escalation.ask_view(CHALLENGE))

    assert forms.answer(view, "because") == ""
    assert forms.answer(view, "elsewhere") == ""
    assert forms.answered_day(view, "elsewhere") is None


@pytest.mark.parametrize("nonsense", ["yesterday", "2026-13-01", "2026-02-30", "0"])
def test_a_day_that_is_none_is_no_day(nonsense):
    values = {"due": {"answer": {"type": "datepicker", "selected_date": nonsense}}}

    assert forms.answered_day({"state": {"values": values}}, "due") is None


def test_a_modal_carries_an_id_and_a_modal_without_one_carries_nothing():
    assert forms.carried(filled(escalation.ask_view(CHALLENGE))) == "7"
    assert forms.carried({}) == ""


# Raising


def test_the_emergency_contacts_appear_once_somebody_says_yes():
    asked = filled(raising.safety_view(a_procedure(), "d1"))
    again = filled(raising.safety_view(a_procedure(), "d1", danger=raising.YES, done="Rang 999."))

    assert inputs(asked) == ["danger"]
    assert "Police" not in str(asked["blocks"])
    assert inputs(again) == ["danger", "done"]
    assert "Police: *101*" in str(again["blocks"])
    assert raising.read_safety(again) == Safety(danger=True, done="Rang 999.")


def test_unanswered_or_no_is_no_danger():
    view = raising.safety_view(a_procedure(), "d1")

    assert raising.read_safety(filled(view)) == Safety(danger=False)
    assert raising.read_safety(filled(view, danger="No")) == Safety(danger=False)
    assert raising.read_safety(filled(view, danger="Yes, or I am not sure")).danger


def test_the_views_together_make_the_facts_of_the_rule():
    about = filled(
        raising.about_view("d1", {}),
        subject="BOTH",
        reference="CSC-77",
        challenged=U_CHALLENGED,
        area="SHARING",
        decision="Closed without a visit.",
    )
    asking = filled(
        raising.asking_view("d1", {}, date(2026, 3, 9)),
        why="The bruises.",
        mind="A visit this week.",
        ask="Please visit.",
        due="2026-03-06",
        heard="SAID",
    )
    asked = raising.read_asking(asking)
    person = filled(
        raising.person_view("d1", asked),
        meanwhile="Seen each morning.",
        who="The school",
        until="2026-03-20",
        said="I do not want to go home.",
        asked_by="The class teacher",
    )
    answers = {"danger": False, **raising.read_about(about), **asked, **raising.read_person(person)}

    facts = raising.facts(answers)

    assert facts == {
        "concern": Concern(
            Subject.BOTH,
            Area.SHARING,
            "CSC-77",
            "Closed without a visit.",
            "The bruises.",
            "Seen each morning.",
            "Please visit.",
            "A visit this week.",
        ),
        "challenged": U_CHALLENGED,
        "safety": Safety(danger=False),
        "answer_by": date(2026, 3, 6),
        "person": PersonFirst(
            "The school",
            date(2026, 3, 20),
            Heard.SAID,
            "I do not want to go home.",
            "The class teacher",
        ),
    }


def test_the_procedures_limit_stands_in_the_date_until_another_is_chosen():
    view = filled(raising.asking_view("d1", {}, date(2026, 3, 9)))

    assert raising.read_asking(view)["due"] == "2026-03-09"


def test_on_the_urgent_route_no_date_is_asked_for():
    view = filled(raising.asking_view("d1", {}, None))

    assert "due" not in inputs(view)
    assert raising.read_asking(view)["due"] == ""


def test_what_was_kept_is_there_again_when_the_view_is_opened_again():
    kept = {"subject": "CHILD", "area": "OTHER", "reference": "CSC-77", "challenged": U_CHALLENGED}

    about = filled(raising.about_view("d1", {**kept, "decision": "Closed."}))
    asking = filled(
        raising.asking_view(
            "d1", {"why": "A", "mind": "B", "ask": "C", "heard": "SAID"}, date(2026, 3, 9)
        )
    )
    first = {
        "meanwhile": "D",
        "who": "E",
        "until": "2026-03-20",
        "said": "F",
        "asked_by": "G",
    }
    person = filled(raising.person_view("d1", {**first, "heard": "SAID"}))

    assert raising.read_about(about) == {**kept, "decision": "Closed."}
    assert raising.read_asking(asking) == {
        "why": "A",
        "mind": "B",
        "ask": "C",
        "heard": "SAID",
        "due": "2026-03-09",
    }
    assert raising.read_person(person) == first


def test_what_they_said_is_asked_only_when_they_have_said_something():
    assert "said" in inputs(filled(raising.person_view("d1", {"heard": "SAID"})))
    assert "said" not in inputs(filled(raising.person_view("d1", {"heard": "NOT_SAFE"})))
    assert "said" not in inputs(filled(raising.person_view("d1", {})))


# Dates, escalating, risk


def test_the_day_proposed_starts_at_the_ceiling():
    view = filled(agreement.propose_view(CHALLENGE, extends=False))

    assert agreement.read_propose(view) == {
        "day": date(2026, 3, 11),
        "because": "",
        "safety": None,
    }
    assert "Wednesday 11 March 2026 at 17:00 at the latest" in str(view["blocks"])


def test_for_an_extension_the_reason_and_safety_are_asked_and_what_is_left_is_said():
    view = agreement.propose_view(CHALLENGE, extends=True)
    given = filled(view, because="The nurse is back on Tuesday.", danger="No")
    last = agreement.propose_view(a_challenge(extended=(1, 1)), extends=True)

    assert agreement.read_propose(given)["because"] == "The nurse is back on Tuesday."
    assert agreement.read_propose(given)["safety"] == Safety(danger=False)
    assert "may have 2 more" in str(view.to_dict())
    assert "asks for the next stage instead" in str(last.to_dict())


def test_a_position_starts_from_what_the_side_put_last():
    raising_side = filled(position.put_view(CHALLENGE, Side.RAISING))
    receiving_side = filled(position.put_view(CHALLENGE, Side.RECEIVING))
    of_nobody = filled(position.put_view(CHALLENGE, None))

    assert position.read_put(raising_side)["why"] == CHALLENGE.concern.why
    assert set(position.read_put(receiving_side).values()) == {""}
    assert position.read_put(of_nobody) == position.read_put(receiving_side)


def test_the_standing_line_starts_from_what_stands_but_a_day_that_is_over_is_chosen_anew():
    line = Meanwhile(
        Side.RAISING, U_RAISER, CHALLENGE.raised_at, "Seen daily.", "The school", date(2026, 3, 20)
    )
    held = replace(CHALLENGE, meanwhiles=(line,))
    over = replace(CHALLENGE, meanwhiles=(replace(line, passed=True),))

    assert meanwhile.read_set(filled(meanwhile.set_view(held))) == {
        "what": "Seen daily.",
        "who": "The school",
        "until": date(2026, 3, 20),
    }
    assert meanwhile.read_set(filled(meanwhile.set_view(over)))["until"] is None


def test_the_voice_is_read_back_and_is_nothing_until_one_of_the_three_is_chosen():
    view = voice.add_view(CHALLENGE)

    assert voice.read_add(filled(view))["answer"] is None
    assert voice.read_add(filled(view, heard="NOT_KNOWN"))["answer"] is Heard.NOT_KNOWN
    assert voice.read_add(filled(view, heard="SAID", said="No.", asked_by="A nurse")) == {
        "answer": Heard.SAID,
        "said": "No.",
        "asked_by": "A nurse",
    }


def test_accepting_says_which_stage_is_taken_on():
    view = escalation.accept_view(a_challenge(offered=3)).to_dict()

    assert "stage 3, Inter-agency meeting" in str(view["blocks"])


def test_a_word_about_risk_may_be_sent_empty_and_shows_whom_to_ring():
    view = filled(response.risk_view(CHALLENGE))

    assert all(b["optional"] for b in view["blocks"] if b["type"] == "input")
    assert "call 999" in str(view["blocks"])


# Settling


def test_a_settlement_is_read_from_its_views():
    view = filled(resolution.propose_view(CHALLENGE, "d1"), outcome="CHANGED", how="We spoke.")
    first = filled(
        resolution.action_view("7:d1", 1), what__1="Visit", who__1=U_RAISER, by__1="2026-03-10"
    )

    facts = resolution.facts(
        {**resolution.read_proposal(view), "actions": [agreed_action.read_action(first)]}
    )

    assert facts == {
        "outcome": Outcome.CHANGED,
        "how": "We spoke.",
        "actions": (AgreedAction("Visit", U_RAISER, date(2026, 3, 10)),),
    }


def test_what_was_agreed_before_and_not_done_stands_in_the_form_to_be_named_again():
    view = resolution.propose_view(gallery.a_reopened(CHALLENGE, "Ring the school."), "d1")

    assert str(view.to_dict()["blocks"]).count("Ring the school.") == 1
    assert "Name it again" in str(view.to_dict()["blocks"])


def test_a_settlement_without_actions_has_none():
    assert resolution.facts({"outcome": "EXPLAINED", "how": "Explained."})["actions"] == ()


def test_an_action_left_empty_means_that_there_are_no_more():
    assert agreed_action.read_action(filled(resolution.action_view("7:d1", 2))) is None


def test_an_action_says_the_how_manieth_it_is():
    assert agreed_action.action_number(filled(resolution.action_view("7:d1", 3))) == 3
    assert agreed_action.action_number(filled(resolution.propose_view(CHALLENGE, "d1"))) == 1


@pytest.mark.parametrize(
    "half",
    [
        {"what__1": "Visit"},
        {"what__1": "Visit", "who__1": U_RAISER},
        {"by__1": "2026-03-10"},
        {"who__1": U_RAISER, "by__1": "2026-03-10"},
    ],
)
def test_an_action_half_filled_in_is_not_guessed_at(half):
    with pytest.raises(ActionUnclear):
        agreed_action.read_action(filled(resolution.action_view("7:d1", 1), **half))


def test_an_opinion_is_read_from_its_views_and_its_first_action_is_needed():
    view = filled(scrutiny.opinion_view(CHALLENGE, "d1"), opinion="Look again.", reasons="Bruises.")
    first, second = (scrutiny.action_view("7:d1", number) for number in (1, 2))
    action = filled(first, what__1="Visit", who__1=U_RAISER, by__1="2026-03-10")

    answers = {**scrutiny.read_opinion(view), "actions": [agreed_action.read_action(action)]}

    assert scrutiny.facts(answers) == {
        "opinion": "Look again.",
        "reasons": "Bruises.",
        "actions": (AgreedAction("Visit", U_RAISER, date(2026, 3, 10)),),
    }
    free = [sum(bool(b.to_dict().get("optional")) for b in view.blocks) for view in (first, second)]
    assert free == [0, 3]


def test_the_next_action_does_not_start_with_the_answers_of_the_one_before():
    """A bug, mended: Slack keeps what was typed where a field's id stays the same."""
    first = filled(
        resolution.action_view("7:d1", 1), what__1="Visit", who__1=U_RAISER, by__1="2026-03-10"
    )

    second = filled(resolution.action_view("7:d1", 2), earlier=first)

    assert agreed_action.read_action(second) is None


def test_more_than_a_hundred_choices_stand_in_groups_that_say_from_where_to_where():
    many = [(f"a{n}", f"Agency {n:03}") for n in range(150)]

    element = forms.choice("agency", "Which agency?", many, value="a149").to_dict()["element"]

    groups = element["option_groups"]
    assert [len(group["options"]) for group in groups] == [100, 50]
    assert groups[0]["label"]["text"] == "Agency 000 to Agency 099"
    assert element["initial_option"]["value"] == "a149"
    assert "options" not in element


# What an end would leave open


def test_before_it_is_settled_what_is_still_open_is_said_in_one_sentence():
    whole = replace(CHALLENGE, meanwhiles=(SAFE,))
    agreed = Settlement(Outcome.CHANGED, U_RAISER, Side.RAISING, "Open again.", (VISIT,))
    two = a_challenge_at(2)

    assert resolution.still_open(replace(whole, settlement=agreed)) == ""
    assert resolution.still_open(replace(two, settlement=replace(agreed, actions=()))) == (
        "Please note what is still open: it is not clear what keeps the person safe; the review is "
        "not done; no action is agreed."
    )
    [confirm, _] = resolution.answer_buttons(CHALLENGE)
    assert "what keeps the person safe" in confirm.to_dict()["confirm"]["text"]["text"]


def test_a_form_says_cancel_and_only_on_top_of_another_go_back():
    asked = escalation.ask_view(CHALLENGE)
    assert asked.to_dict()["close"]["text"] == "Cancel"
    assert forms.on_top(asked).to_dict()["close"]["text"] == "Go back"


def test_where_a_procedure_names_no_number_there_is_still_one_to_call():
    nobody = replace(a_procedure().emergency, contacts=())

    assert "999" in numbers(nobody)
