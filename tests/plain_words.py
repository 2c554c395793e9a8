"""What plain, British and kind means here, for every text that people read."""

import re

FIELD = (
    r"professional challenges?|professionals?|challeng(e|es|ed|er|ing)|safeguarding leads?"
    r"|safeguarding|designated|coordinators?|practitioners?|partnership's|partnerships?"
    r"|procedures?|escalations?|escalated?|settlements?|agency|agencies|directory"
    r"|independent scrutineer|scrutineer|front door|emergency|immediate|managers?|deputy"
    r"|supporters?|colleagues?|meanwhile|decisions?|confirmed|Slack|withdrawn|business unit"
    r"|agreed outcomes and actions|outstanding issues"
)
"""Words that the field itself uses, and that no other word could stand for."""

LONG = 10
# What an independent opinion asks of each side, what a meeting leaves behind or why there is none,
# and what a challenge may be about: the procedures say it so.
OF_PROCEDURES = """
    acknowledge acknowledged acknowledges independent discussion appropriate
    responsibilities communication information assessment timeliness disagreement supervisor
"""
EVERYDAY = """
    everything somebody's themselves afterwards understand conversation confidence withdrawing
"""
LONG_WORDS = frozenset([*OF_PROCEDURES.split(), *EVERYDAY.split()])
"""Long words that may stand in a text. Another one is to be said more simply, or to join them."""

AMERICAN = re.compile(
    r"\b\w*(?:ization|izing|ized|izes?|ize)\b|\b(?:color|favor|behavior|honor|labor|center|theater"
    r"|defense|offense|license[ds]?|canceled|canceling|traveled|labeled|modeled|fulfill|enroll"
    r"|gray|program|check mark|judgment|acknowledgment|analyze[ds]?|catalog|dialog|organization"
    r"|gotten|percent|math|vacation|attorney|zip code|cell phone)s?\b",
    re.IGNORECASE,
)
NOT_AMERICAN = {"size", "sized", "sizes", "prize", "prizes", "seize", "seized"}

BLAME = re.compile(
    r"(?<!nobody is )(?<!no one is )\b(?:fault|blame[ds]?|guilty|failed to|failures?|negligent"
    r"|neglected to|careless|incompetent|unprofessional|wrongdoing|accus(?:e|es|ed|ation)"
    r"|offender|culprit|disobey"
    r"|violat\w+|punish\w*|shame|disciplin\w+|lazy|ignored|refused to|should have)\b",
    re.IGNORECASE,
)


def american(text: str) -> list[str]:
    return [word for word in AMERICAN.findall(text) if word.lower() not in NOT_AMERICAN]


def blaming(text: str) -> list[str]:
    return BLAME.findall(text)


def long_words(text: str) -> set[str]:
    """Those that nobody has weighed yet."""
    words = re.findall(r"[a-z]+(?:'[a-z]+)?", text.lower())
    return {word for word in words if len(word) >= LONG} - LONG_WORDS
