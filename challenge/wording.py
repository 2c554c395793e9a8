"""A second look at one's own words before they are sent: a few plain questions, and no verdict.

It goes by words alone and understands nothing, so it only ever asks; whoever wrote them decides.
"""

import re
from collections.abc import Mapping
from enum import StrEnum


class Question(StrEnum):
    """What a colleague might ask. The sentence is what people read."""

    PERSON = (
        "Is it about the decision, and not about the person? A few words read as if it were about "
        "someone. “This decision worries me because …” says the same, and is heard."
    )
    REASON = "Is there a reason? Say what you saw, heard or read that makes you think so."
    ASKING = "Is there a question? Asking how the decision was made often settles the most."
    REQUEST = "Is there a request? Say the one thing that you would like to happen."


def questions(texts: Mapping[str, str]) -> tuple[Question, ...]:
    """What is worth another look, in what was typed under `decision`, `why`, `ask` and the like.

    The same words always bring the same questions. Nothing is kept and nothing is passed on.
    """
    said = {name: text.casefold().replace("’", "'") for name, text in texts.items()}
    every, why, ask = " ".join(said.values()), said.get("why", ""), said.get("ask", "")
    found = {
        Question.PERSON: bool(_BLAMES.search(every)),
        Question.REASON: not _GIVES_A_REASON.search(why),
        Question.ASKING: not _ASKS.search(every),
        Question.REQUEST: not _REQUESTS.search(ask),
    }
    return tuple(question for question in Question if found[question])


def _any_of(*phrases: str) -> re.Pattern[str]:
    """Whole words only. Fixed words, so that hostile text costs no more than long text."""
    return re.compile(rf"(?<!\w)(?:{'|'.join(phrases)})(?!\w)")


_BLAMES = _any_of(
    *("you always", "you never", "you people", "you lot", "your fault", "as usual", "typical"),
    *("lazy", "useless", "stupid", "idiots?", "incompetent", "incompetence", "unprofessional"),
    *("clueless", "arrogant", "liars?", "disgraceful", "ridiculous", "a joke", "not bothered"),
    *("(?:do not|don't|doesn't|does not|didn't|did not) care", "(?:can't|couldn't) be bothered"),
)
_GIVES_A_REASON = _any_of(
    *("because", "since", "so that", "reasons?", "evidence", "facts?", "[0-9]+", "risks?"),
    *("saw", "seen", "sees?", "heard", "hears?", "told", "tells?", "said", "says?", "read"),
    *("found", "noticed", "observed", "reported", "recorded", "disclosed", "shows?", "showed"),
    *(
        "worry",
        "worries",
        "worried",
        "afraid",
        "scared",
        "concerns?",
        "concerned",
        "injur(?:y|ies)",
    ),
    *("bruis(?:e|es|ed|ing)", "missed", "visited", "assessment", "rang", "called", "wrote"),
    *("(?:mon|tues|wednes|thurs|fri|satur|sun)day",),
)
_ASKS = re.compile(
    r"\?|(?<!\w)(?:(?:could|can|would|will) (?:you|we)|explain|tell (?:me|us)|help (?:me|us) to? ?"
    r"understand|(?:like|want|need) to (?:know|understand|hear)|wonder|ask(?:ing)? "
    r"(?:how|why|what|whether|if))(?!\w)"
)
_REQUESTS = _any_of(
    *("please", "(?:could|can|would|will) (?:you|we)", "asks?", "asking", "requests?", "let us"),
    *("let's", "(?:i|we)'d like", "would like", "wants?", "needs?", "suggests?", "proposes?"),
    *("should", "must", "look again", "reconsider", "review", "agree"),
)
