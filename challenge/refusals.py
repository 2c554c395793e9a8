"""The procedure saying no, kindly: each refusal's docstring is the sentence that the person reads.

Refusal
├── NothingHere          anyone who is not on the challenge, whether it exists or not
├── PutOut               whoever was set aside from it
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


class PutOut(Refusal):
    """Somebody else takes this on now, and nothing more is needed from you. If you know that
    someone may be at risk, do not wait: tell your safeguarding lead, or call 999."""


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


class NotCoordinator(Refusal):
    """Only the partnership's coordinators can do this. Ask one of them; it takes a minute."""


class NotListed(Refusal):
    """The directory does not hold this person yet. Ask a coordinator to add them."""


class EntryChanged(Refusal):
    """This entry was changed after it was shown to you, so your yes was not counted. Please read
    it as it is now, and say yes to that."""


class NothingToConfirm(Refusal):
    """This stage was confirmed already, or the procedure was changed meanwhile. Open the App Home
    again to see how it stands."""


class Closed(Refusal):
    """This challenge is closed. Its record is kept; if something new has come up, open it again
    from its card (/challenge show), or raise a new one with /challenge."""


class StillOpen(Refusal):
    """This challenge is open at the moment, and this is for when it has ended. Open the card in
    its channel to see how it stands."""


class MovedOn(Refusal):
    """The challenge has moved on since this was shown: {now}. Open the card in the channel to see
    how it stands."""


class ShownBefore(Refusal):
    """Something else has been proposed since this was shown, so your yes was not counted. Open the
    card in the channel, read what is proposed now, and answer that."""


class AlreadyAccepted(MovedOn):
    """{who} already accepted this. You can write in the channel; your words are on the record."""


class PromptPassedOn(MovedOn):
    """This prompt has passed to {who}. Ask them in the channel if you would like to help."""


class AlreadyOffered(MovedOn):
    """This has already been offered to stage {stage}; {who} was asked to accept it. Nothing more
    is needed from you."""


class OfferedNow(AlreadyOffered):
    """Stage {stage} is offered just now, and it waits for {who}. Move the challenge once somebody
    has taken that stage on; until then it follows the version that it has."""


class ChangedSinceShown(MovedOn):
    """The challenge or the procedure has changed since this was shown, so nothing was moved. Open
    the form again: it says what would change now."""


class FollowsItAlready(MovedOn):
    """This challenge follows the newest version already, {version}. There is nothing to move."""


class NowhereHigher(Refusal):
    """This challenge is already with the {role}, the last to decide in this procedure. Write to
    them in the channel."""


class ActionDone(MovedOn):
    """That action is ticked off already. Nothing more is needed. Thank you."""


class AlreadySigned(MovedOn):
    """You have signed this record already. If you have more to say, open the challenge again or
    tell your coordinator."""


class ListenerChanged(MovedOn):
    """Somebody else would read your answer now than the form says, so it was not sent. Please open
    the form again: it names who."""


class NobodyToConfideIn(Refusal):
    """Nobody outside both lines can read your answer just now. Please tell somebody you trust: a
    friend at work, your union or your supervisor. You need not be alone with it."""


class NoSuchStage(Refusal):
    """The procedure {version} has no confirmed stage like the one this challenge is at ({title}),
    so it was not moved. Confirm that stage in the file, or move the challenge later."""


class NoReviewHere(Refusal):
    """This stage has no review to record: the procedure asks for one at another stage. Open the
    card in the channel to see what can be done now."""


class AskedAlready(MovedOn):
    """That has been asked for already. The card in the channel says who has it, and until when."""


class NothingProposed(MovedOn):
    """There is nothing to answer here any more: {now}. Open the card in the channel to see how
    things stand."""


class DateHasPassed(Refusal):
    """The proposed date has passed, so it cannot be accepted any more. Propose another date."""


class NoMeetingHere(Refusal):
    """This stage has no inter-agency meeting, or it is over. Open the card in the channel to see
    how things stand."""


class MeetingIsNeeded(Refusal):
    """This has been asked already: a second opinion was asked for, or said that the meeting is
    needed. Talk it through in the channel, or ask for the next stage."""


class NotAtTop(Refusal):
    """This belongs to the last stage, and the challenge is not there. Open the card in the channel
    to see how things stand."""


class AlreadyAcknowledged(MovedOn):
    """Your side has acknowledged the opinion already. Nothing more is needed from you."""


class YourOwnProposal(Refusal):
    """Your side made this proposal, so the other side answers it. Until they do, the deadline
    stands."""


class Incomplete(Refusal):
    """Something is missing."""

    field = ""


class UnknownAgency(Incomplete):
    """That agency is not in the directory any more. Choose another one, or ask a coordinator."""

    field = "agency"


class NobodyToAct(Incomplete):
    """The directory does not hold this person, or they have left. Add them first: press Add or
    change a person. Or choose somebody else."""

    field = "person"


class LeaveUnclear(Incomplete):
    """Give both days, the first one first, and a last day that is still to come. Leave both empty
    to end the leave."""

    field = "last"


class LastCoordinator(Incomplete):
    """There has to be one coordinator at least, so that somebody can put the directory right."""

    field = "coordinators"


class OwnStandIn(Incomplete):
    """Nobody can be their own line manager or deputy. Choose another person, or leave it empty."""

    def __init__(self, field: str) -> None:
        super().__init__()
        self.field = field


class NobodyWithThat(Incomplete):
    """Please choose somebody who has been asked to take this on, or has it now. For the two people
    whose disagreement it is, write in the channel instead."""

    field = "about"


class SayWhy(Incomplete):
    """Please say why, in a sentence or two. It helps the next person, and it goes on the record."""

    field = "because"


class SayWhatKeepsThemSafe(Incomplete):
    """Please say what keeps the person safe, who does it, and until which day, today or later. If
    nothing does yet, say so, and who will see to it."""

    def __init__(self, field: str = "what", **facts: object) -> None:
        super().__init__(**facts)
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


class NameSomebody(Incomplete):
    """Choose at least one more person. The two practitioners and the leads of this stage always
    come."""

    field = "people"


class ChooseTimes(Incomplete):
    """Offer two or three different times, so that people can choose."""

    field = "first"


class TimeOutOfReach(Incomplete):
    """Each time must be still to come, and no later than {latest}, when this stage ends. You can
    agree a later date first."""

    field = "first"


class TimeNotOffered(Incomplete):
    """That time is not offered any more. Close this and look at the meeting again."""

    field = "times"


class NotOnBothSides(Incomplete):
    """Somebody of each side must have said that they can make it. Choose another time, ask them in
    the channel, or offer other times."""

    field = "times"


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


class SupportedAlready(Refusal):
    """{who} is here already to support your side, and each side may bring one. Talk with them in
    the channel; others come in when the challenge goes to its next stage."""


class NobodyToTalkTo(Refusal):
    """Nobody in the directory could be found for you to talk with today. Ask your supervisor, or
    {coordinators}. If someone may be at risk, do not wait for this: {emergency}"""


class WasSetAside(Incomplete):
    """Whoever was set aside from a challenge does not come in again. Please choose somebody
    else."""

    def __init__(self, field: str = "people", **facts: object) -> None:
        super().__init__(**facts)
        self.field = field


class OnItAlready(Incomplete):
    """They are on this challenge already and can write in its channel. Ask them there, or choose
    somebody else."""

    field = "supporter"


class TheOtherSides(Incomplete):
    """They belong to the other side. Choose somebody from your own agency or from one that has no
    part in this, such as your supervisor or your safeguarding lead."""

    field = "supporter"


class PartnershipsOwn(Incomplete):
    """The partnership's own people stay beside both sides. Choose your supervisor, your named
    nurse or your safeguarding lead."""

    field = "supporter"


class SupporterUnknown(Incomplete):
    """The directory does not hold them, or says that they have left. Choose somebody else, or ask
    a coordinator to add them."""

    field = "supporter"


class TooLate(Incomplete):
    """The procedure allows until {latest} at the most. Choose that day or a sooner one."""

    field = "due"


class TooSoon(Incomplete):
    """That time has passed already. Choose today or a later day, up to {latest}."""

    field = "due"


class NobodyWorksThen(Incomplete):
    """{day} is not a working day, so nobody may be there to answer. Choose a working day."""

    field = "due"


class SayEvidence(Incomplete):
    """Please say in a few words what shows that it is done: what happened, and when."""

    field = "evidence"


class SayWhatCameOfIt(Incomplete):
    """Please say in a line what happened for the child or adult, so that the record explains it."""

    field = "line"


class SayWhereYouDiffer(Incomplete):
    """Please say in your own words where you see it otherwise. It stands beside the record."""

    field = "dissent"


class SayWhatWasHard(Incomplete):
    """Please say in a line what has been difficult, so that help can begin."""

    field = "words"


class DayTooSoon(Incomplete):
    """Choose a day after today; until the other side agrees, the old one stands."""

    field = "day"


class MissingWords(Incomplete):
    """Please fill this in, in your own words. One or two sentences are enough."""

    def __init__(self, field: str) -> None:
        super().__init__()
        self.field = field
