"""The procedure saying no, kindly: each refusal's docstring is the sentence that the person reads.

Refusal
├── NothingHere          anyone who is not on the challenge, whether it exists or not
├── AlreadyHeard         Slack said the same thing twice; nobody needs to be told again
├── NotYours             on the challenge, but the act is another person's
├── Closed               settled or withdrawn
├── MovedOn              somebody else acted first
└── Incomplete           something is missing or cannot be so; says which field
"""

from inspect import cleandoc


class Refusal(Exception):
    """This cannot be done just now. Ask your partnership's coordinator what to do next."""

    def __init__(self, **facts: object) -> None:
        words = " ".join(cleandoc(type(self).__doc__ or "").split())
        self.sentence = words.format(**facts)
        super().__init__(self.sentence)


class NothingHere(Refusal):
    """There is nothing here that you can open. If you should be on a challenge, ask the person who
    raised it or your safeguarding lead to bring you in."""


class AlreadyHeard(Refusal):
    """That has been recorded already; there is nothing more to do."""


class NotYours(Refusal):
    """This is not yours to do: it is for {whose}. You can write in the challenge's channel, where
    everything you say is on the record."""


class NotInDirectory(Refusal):
    """You are not in the partnership's directory yet, so nobody would know whom to escalate to.
    Ask {coordinators} to add you; it takes a minute. If someone may be at risk, do not wait for
    this: {emergency}"""


class NotActive(Refusal):
    """Your account is marked as no longer active, so this was not done. Ask your coordinator to
    put it right in the directory."""


class Closed(Refusal):
    """This challenge is closed. Its record is kept; if something new has come up, raise a new
    challenge with /challenge."""


class MovedOn(Refusal):
    """The challenge has moved on since this was shown: {now}. Open the card in the channel to see
    how it stands."""


class AlreadyAccepted(MovedOn):
    """{who} already accepted this. You can write in the channel; your words are on the record."""


class PromptPassedOn(MovedOn):
    """This prompt has passed to {who}. Ask them in the channel if you would like to help."""


class AlreadyOffered(MovedOn):
    """This has already been offered to stage {stage}; {who} was asked to accept it. Nothing more
    is needed from you."""


class NowhereHigher(Refusal):
    """This challenge is already with the {role}, the last to decide in this procedure. Write to
    them in the channel."""


class NothingProposed(MovedOn):
    """There is nothing to answer here any more: {now}. Open the card in the channel to see how
    things stand."""


class YourOwnProposal(Refusal):
    """You made this proposal, so the other side answers it. Until they do, the deadline stands."""


class Incomplete(Refusal):
    """Something is missing."""

    field = ""


class SayWhy(Incomplete):
    """Please say why, in a sentence or two. It helps the next person, and it goes on the record."""

    field = "because"


class SayWhatKeepsThemSafe(Incomplete):
    """Please say what keeps the person safe, who does it, and until which day, today or later. If
    nothing does yet, say so, and who will see to it."""

    def __init__(self, field: str) -> None:
        super().__init__()
        self.field = field


class SayWhatTheyShowed(Incomplete):
    """Please say what they have said or shown, in their own words where you can. If nobody knows,
    choose that instead; it is an answer too."""

    field = "said"


class AnswerSafetyFirst(Incomplete):
    """More time needs a fresh look at safety. Please answer whether anyone is in immediate danger
    now."""

    field = "danger"


class SayWhatYouWillDo(Incomplete):
    """Please say in one line what you will do, and by when."""

    field = "line"


class SayHow(Incomplete):
    """Please say in a sentence or two how it was settled, so that the record explains itself."""

    field = "how"


class ActionUnclear(Incomplete):
    """An agreed action needs what will be done, who will do it, and by when, today or later."""

    field = "what"


class ChallengesThemself(Incomplete):
    """You cannot challenge yourself. Choose the person who made the decision."""

    field = "challenged"


class SingleAgencyElsewhere(Incomplete):
    """This partnership's procedure covers challenges between agencies. For a challenge inside your
    own agency, use its own procedure, or ask your safeguarding lead."""

    field = "challenged"


class TooLate(Incomplete):
    """The procedure allows until {latest} at the most. Choose that day or a sooner one."""

    field = "due"


class TooSoon(Incomplete):
    """That time has passed already. Choose today or a later day, up to {latest}."""

    field = "due"


class MissingWords(Incomplete):
    """Please fill this in, in your own words. One or two sentences are enough."""

    def __init__(self, field: str) -> None:
        super().__init__()
        self.field = field
