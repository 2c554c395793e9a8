"""A second look at one's own words: it asks, it never forbids, and it minds no words whatever."""

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from challenge.wording import Question, questions

GOOD = {
    "decision": "The referral of Monday was closed with no further action.",
    "why": "I am worried because the bruises were seen again on Wednesday.",
    "ask": "Could you please look at the referral again?",
}


def test_a_decision_a_reason_a_question_and_a_request_leave_nothing_to_ask():
    assert questions(GOOD) == ()


@pytest.mark.parametrize(
    "words",
    [
        "You always close them.",
        "You people do not read.",
        "The social worker is lazy.",
        "This is YOUR FAULT.",
        "They don’t care about him.",
        "You couldn't be bothered to ring.",
    ],
)
@pytest.mark.parametrize("field", GOOD)
def test_words_about_a_person_are_asked_about_wherever_they_stand(words, field):
    assert questions(GOOD | {field: f"{GOOD[field]} {words}"}) == (Question.PERSON,)


@pytest.mark.parametrize(
    "words",
    [
        "Everyone was typically kind.",
        "Mother always opens the door, and never on a Friday.",
        "He is careful and does not mind.",
    ],
)
def test_words_that_only_look_a_little_like_it_are_left_alone(words):
    assert questions(GOOD | {"why": f"{GOOD['why']} {words}"}) == ()


@pytest.mark.parametrize("why", ["", "   ", "It is wrong.", "I do not agree."])
def test_an_opinion_without_a_reason_is_asked_for_one(why):
    assert questions(GOOD | {"why": why}) == (Question.REASON,)


@pytest.mark.parametrize("why", ["He missed three visits.", "It was 2 degrees.", "Mum told us."])
def test_what_somebody_saw_heard_or_counted_is_a_reason(why):
    assert questions(GOOD | {"why": why}) == ()


def test_a_demand_without_a_question_is_asked_for_one():
    assert questions(GOOD | {"ask": "Please open it again."}) == (Question.ASKING,)


@pytest.mark.parametrize(
    "ask", ["I would like to know the reasons.", "Please explain how it was decided."]
)
def test_a_question_needs_no_question_mark(ask):
    assert questions(GOOD | {"ask": ask}) == ()


@pytest.mark.parametrize("ask", ["", "This is not safe?", "Nobody rang. Why?"])
def test_where_nothing_is_asked_for_a_request_is_missed(ask):
    assert Question.REQUEST in questions(GOOD | {"ask": ask})


def test_the_challenged_persons_answer_is_asked_the_same():
    answer = {
        "decision": "We closed it.",
        "why": "The visit showed no risk.",
        "mind": "New facts.",
        "ask": "Could you send us what the school saw?",
    }

    assert questions(answer) == ()
    assert questions(answer | {"why": "It was right."}) == (Question.REASON,)


def test_no_words_at_all_are_no_trouble():
    assert questions({}) == (Question.REASON, Question.ASKING, Question.REQUEST)


HOSTILE = st.text(max_size=400) | st.lists(
    st.sampled_from(
        ["you always ", "could you ", "?", "\u202e", "\x00", "<!channel>", "'", "’", "Ａ"]
    )
).map("".join)


@given(texts=st.dictionaries(st.sampled_from(["decision", "why", "ask", "mind", "x"]), HOSTILE))
def test_any_words_bring_the_same_few_questions_and_are_never_repeated_back(texts):
    asked = questions(texts)

    assert questions(texts) == asked
    assert len(asked) == len(set(asked)) <= len(Question)
    assert all(question in set(Question) for question in asked)


@given(words=HOSTILE)
def test_more_words_after_good_ones_only_ever_bring_the_question_about_people(words):
    assert set(questions(GOOD | {"more": words})) <= {Question.PERSON}


@pytest.mark.parametrize(
    "piece", ["you ", "don't ", "could", "1", " ", "ask if ask i", "help me to "]
)
def test_long_hostile_words_take_no_longer_than_their_length(piece):
    def spent(times: int) -> float:
        words, began = {"why": piece * times, "ask": piece * times}, process_time()
        questions(words)
        return process_time() - began

    # Ten times the length; with its square it would be a hundred times the work.
    assert spent(40_000) < 60 * max(spent(4_000), 0.005)
