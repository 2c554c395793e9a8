"""Who may do what: every act by every kind of person in every situation, against a table by hand.

The table is not worked out from the code. Each letter is what happens when that person tries:

    y  it is done                     o  refused: a stage is already offered
    .  refused: nothing here          w  refused: it is their own side's proposal
    n  refused: not theirs to do      t  refused: there is nowhere higher
    x  refused: no longer active      p  refused: the prompt has passed to somebody else
    c  refused: it is closed          a  refused: somebody has accepted it already
    s  refused: their side has a supporter already
    e  refused: it has not ended
    m  refused: this stage has no meeting      d  refused: a second opinion is asked for already
    h  refused: it is not at the last stage    u  refused: there is nothing to answer
    v  refused: this stage has no review       k  refused: that was asked for already
    b  refused: nobody there could have a conflict of interest
    z  refused: it is for the coordinators

In every open situation the raiser has proposed how it is settled and, unless a stage is offered,
another date; the raising side has a supporter. At stage three the raiser has offered times and
named a guest for the meeting, both practitioners can make the times, and the raising lead thinks
that no meeting is needed. At the top there is an opinion; the leads of the stage before still speak
for their sides, and a coordinator who only heard of it sees nothing. At stage two the manager's
review asked the business unit for a second opinion, and the raiser sees a conflict of interest in
the receiving manager. Somebody "gone" has been deactivated after all that. A deputy who knows of a
prompt and answers it after somebody took it on is told so; they see nothing of the challenge any
more. The third agency's manager owns the agreed action; once it is settled the raiser has asked for
another day for it. Letters stand in fives, in the order named above the table.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import cache, partial

import pytest

from challenge import (
    aftercare,
    agreement,
    conflict,
    escalation,
    excerpt,
    follow_up,
    meanwhile,
    meeting,
    outside,
    position,
    resolution,
    response,
    review,
    scrutiny,
    support,
    version,
    voice,
)
from challenge.directory import Directory
from challenge.model import (
    AgreedAction,
    Challenge,
    Change,
    Heard,
    Involved,
    Outcome,
    PersonId,
    Side,
    Status,
    Went,
)
from challenge.refusals import (
    AlreadyAccepted,
    AlreadyOffered,
    AskedAlready,
    Closed,
    MeetingIsNeeded,
    NobodyWithThat,
    NoMeetingHere,
    NoReviewHere,
    NotActive,
    NotAtTop,
    NotCoordinator,
    NothingHere,
    NothingProposed,
    NotYours,
    NowhereHigher,
    OfferedNow,
    PromptPassedOn,
    Refusal,
    StillOpen,
    SupportedAlready,
    YourOwnProposal,
)
from challenge.rights import KEEPERS, Act, Part, parts, refuse_unless_may
from tests.makers import (
    FRIDAY_TEN,
    REFERENCE,
    U_CHALLENGED,
    U_COORDINATOR,
    U_GUEST,
    U_OTHER_MANAGER,
    U_OTHER_PRACTITIONER,
    U_RAISER,
    U_RAISING_COLLEAGUE,
    U_RAISING_DEPUTY,
    U_RAISING_SAFEGUARDER,
    U_RAISING_SENIOR,
    U_RECEIVING_COLLEAGUE,
    U_RECEIVING_DEPUTY,
    U_RECEIVING_MANAGER,
    U_RECEIVING_SAFEGUARDER,
    U_SCRUTINEER,
    U_UNIT,
    a_challenge,
    a_directory,
    a_moment,
    a_person,
    a_procedure,
    the_person,
)

U_DECLINER = PersonId("UDECLINER")
U_TOLD = PersonId("UTOLD")

# The raiser's own manager is asked first and declines; then the safeguarding lead is asked.
DIRECTORY = a_directory(
    a_person(U_RAISER, line_manager=U_DECLINER),
    a_person(U_DECLINER, role="line manager"),
    the_person(U_RAISING_SAFEGUARDER, deputy=U_RAISING_DEPUTY),
    business_unit=(U_UNIT, U_TOLD),
)

# Everybody, by what they come to be on the way from stage one to the top.
PEOPLE: dict[str, PersonId] = {
    "raiser": U_RAISER,
    "challenged": U_CHALLENGED,
    "raising manager": U_RAISING_SAFEGUARDER,
    "receiving manager": U_RECEIVING_MANAGER,
    "raising deputy": U_RAISING_DEPUTY,
    "receiving deputy": U_RECEIVING_DEPUTY,
    "manager who declined": U_DECLINER,
    "raising senior": U_RAISING_SENIOR,
    "receiving senior": U_RECEIVING_SAFEGUARDER,
    "supporter": U_OTHER_PRACTITIONER,
    "business unit": U_UNIT,
    "business unit, told": U_TOLD,
    "coordinator": U_COORDINATOR,
    "scrutineer": U_SCRUTINEER,
    "raising colleague": U_RAISING_COLLEAGUE,
    "receiving colleague": U_RECEIVING_COLLEAGUE,
    "third agency's manager": U_OTHER_MANAGER,
    "guest": U_GUEST,
    "raiser, gone": U_RAISER,
    "challenged, gone": U_CHALLENGED,
    "raising manager, gone": U_RAISING_SAFEGUARDER,
    "receiving deputy, gone": U_RECEIVING_DEPUTY,
    "scrutineer, gone": U_SCRUTINEER,
    "raising colleague, gone": U_RAISING_COLLEAGUE,
    "challenged, not in directory": U_CHALLENGED,
}

# see, propose date, accept date, mark seen, support, risk, escalate, accept, decline,
# propose settlement, confirm settlement, decline settlement, withdraw, supporter, excerpt,
# put position, change decision, set meanwhile, add voice, tick off, move an action, agree to its
# day, say what came of it, sign, open again, confide
# propose attendees, agree attendees, offer times, answer times, fix the time, minutes,
# doubt the meeting, second opinion, read the pack, give an opinion, acknowledge it,
# past the line, review, ask for a second opinion on it, give that, flag a conflict, settle it,
# move it to another version of the procedure
TABLE = """
stage one
    raiser                        yywyy yynny wwysy ynyye eeeee emmmn mnmnh nuyvv nbnz
    challenged                    yyyyy yynny yynyy yyyye eeeee emmmn mnmnh nuynn nbnz
    raising manager               ..... ..... ..... ..... ..... ..... ..... ..... ...z
    receiving manager             ..... ..... ..... ..... ..... ..... ..... ..... ...z
    raising deputy                ..... ..... ..... ..... ..... ..... ..... ..... ...z
    receiving deputy              ..... ..... ..... ..... ..... ..... ..... ..... ...z
    manager who declined          ..... ..... ..... ..... ..... ..... ..... ..... ...z
    raising senior                ..... ..... ..... ..... ..... ..... ..... ..... ...z
    receiving senior              ..... ..... ..... ..... ..... ..... ..... ..... ...z
    supporter                     ynnnn ynnnn nnnny nnnnn nnnnn nnnnn nnnnn nnnnn nnnz
    business unit                 ..... ..... ..... ..... ..... ..... ..... ..... ...z
    business unit, told           ynnnn ynnnn nnnnn nnnnn nnnnn nnnnn nnnnn nnnnn nnnz
    coordinator                   ..... ..... ..... ..... ..... ..... ..... ..... ...y
    scrutineer                    ..... ..... ..... ..... ..... ..... ..... ..... ...z
    raising colleague             ..... ..... ..... ..... ..... ..... ..... ..... ...z
    receiving colleague           ..... ..... ..... ..... ..... ..... ..... ..... ...z
    third agency's manager        ..... ..... ..... ..... ..... ..... ..... ..... ...z
    guest                         ..... ..... ..... ..... ..... ..... ..... ..... ...z
    raiser, gone                  xxxxx xxxxx xxxxx xxxxx xxxxx xxxxx xxxxx xxxxx xxxz
    challenged, gone              xxxxx xxxxx xxxxx xxxxx xxxxx xxxxx xxxxx xxxxx xxxz
    raising manager, gone         ..... ..... ..... ..... ..... ..... ..... ..... ...z
    receiving deputy, gone        ..... ..... ..... ..... ..... ..... ..... ..... ...z
    scrutineer, gone              ..... ..... ..... ..... ..... ..... ..... ..... ...z
    raising colleague, gone       ..... ..... ..... ..... ..... ..... ..... ..... ...z
    challenged, not in directory  yyyyy yynny yynyy yyyye eeeee emmmn mnmnh nuynn nbnz

stage two is offered
    raiser                        yooyy yonny wwysy ynyye eeeee eooon ononh noyoo nynz
    challenged                    yooyy yonny yynyy yyyye eeeee eooon ononh noynn nynz
    raising manager               ynnnn ynyyn nnnnn nnnnn nnnnn nnnnn nnnnh nnnnn nnnz
    receiving manager             ynnnn ynyyn nnnnn nnnnn nnnnn nnnnn nnnnh nnnnn nnnz
    raising deputy                ynnnn ynyyn nnnnn nnnnn nnnnn nnnnn nnnnh nnnnn nnnz
    receiving deputy              ynnnn ynyyn nnnnn nnnnn nnnnn nnnnn nnnnh nnnnn nnnz
    manager who declined          ynnnn ynppn nnnnn nnnnn nnnnn nnnnn nnnnn nnnnn nnnz
    raising senior                ..... ..... ..... ..... ..... ..... ..... ..... ...z
    receiving senior              ..... ..... ..... ..... ..... ..... ..... ..... ...z
    supporter                     ynnnn ynnnn nnnny nnnnn nnnnn nnnnn nnnnn nnnnn nnnz
    business unit                 ..... ..... ..... ..... ..... ..... ..... ..... ...z
    business unit, told           ynnnn ynnnn nnnnn nnnnn nnnnn nnnnn nnnnn nnnnn nnnz
    coordinator                   ..... ..... ..... ..... ..... ..... ..... ..... ...o
    scrutineer                    ..... ..... ..... ..... ..... ..... ..... ..... ...z
    raising colleague             ..... ..... ..... ..... ..... ..... ..... ..... ...z
    receiving colleague           ..... ..... ..... ..... ..... ..... ..... ..... ...z
    third agency's manager        ..... ..... ..... ..... ..... ..... ..... ..... ...z
    guest                         ..... ..... ..... ..... ..... ..... ..... ..... ...z
    raiser, gone                  xxxxx xxxxx xxxxx xxxxx xxxxx xxxxx xxxxx xxxxx xxxz
    challenged, gone              xxxxx xxxxx xxxxx xxxxx xxxxx xxxxx xxxxx xxxxx xxxz
    raising manager, gone         xxxxx xxxxx xxxxx xxxxx xxxxx xxxxx xxxxx xxxxx xxxz
    receiving deputy, gone        xxxxx xxxxx xxxxx xxxxx xxxxx xxxxx xxxxx xxxxx xxxz
    scrutineer, gone              ..... ..... ..... ..... ..... ..... ..... ..... ...z
    raising colleague, gone       ..... ..... ..... ..... ..... ..... ..... ..... ...z
    challenged, not in directory  yooyy yonny yynyy yyyye eeeee eooon ononh noynn nynz

stage two is offered, and the challenged person is the receiving manager's deputy
    raiser                        yooyy yonny wwysy ynyye eeeee eooon ononh noyoo nynz
    challenged                    yooyy yonny yynyy yyyye eeeee eooon ononh noynn nynz
    raising manager               ynnnn ynyyn nnnnn nnnnn nnnnn nnnnn nnnnh nnnnn nnnz
    receiving manager             ynnnn ynyyn nnnnn nnnnn nnnnn nnnnn nnnnh nnnnn nnnz
    raising deputy                ynnnn ynyyn nnnnn nnnnn nnnnn nnnnn nnnnh nnnnn nnnz
    receiving deputy              ..... ..... ..... ..... ..... ..... ..... ..... ...z
    manager who declined          ynnnn ynppn nnnnn nnnnn nnnnn nnnnn nnnnn nnnnn nnnz
    raising senior                ..... ..... ..... ..... ..... ..... ..... ..... ...z
    receiving senior              ..... ..... ..... ..... ..... ..... ..... ..... ...z
    supporter                     ynnnn ynnnn nnnny nnnnn nnnnn nnnnn nnnnn nnnnn nnnz
    business unit                 ..... ..... ..... ..... ..... ..... ..... ..... ...z
    business unit, told           ynnnn ynnnn nnnnn nnnnn nnnnn nnnnn nnnnn nnnnn nnnz
    coordinator                   ..... ..... ..... ..... ..... ..... ..... ..... ...o
    scrutineer                    ..... ..... ..... ..... ..... ..... ..... ..... ...z
    raising colleague             ..... ..... ..... ..... ..... ..... ..... ..... ...z
    receiving colleague           ..... ..... ..... ..... ..... ..... ..... ..... ...z
    third agency's manager        ..... ..... ..... ..... ..... ..... ..... ..... ...z
    guest                         ..... ..... ..... ..... ..... ..... ..... ..... ...z
    raiser, gone                  xxxxx xxxxx xxxxx xxxxx xxxxx xxxxx xxxxx xxxxx xxxz
    challenged, gone              xxxxx xxxxx xxxxx xxxxx xxxxx xxxxx xxxxx xxxxx xxxz
    raising manager, gone         xxxxx xxxxx xxxxx xxxxx xxxxx xxxxx xxxxx xxxxx xxxz
    receiving deputy, gone        ..... ..... ..... ..... ..... ..... ..... ..... ...z
    scrutineer, gone              ..... ..... ..... ..... ..... ..... ..... ..... ...z
    raising colleague, gone       ..... ..... ..... ..... ..... ..... ..... ..... ...z
    challenged, not in directory  yooyy yonny yynyy yyyye eeeee eooon ononh noynn nynz

stage two is offered, and the receiving manager has accepted
    raiser                        yooyy yonny wwysy ynyye eeeee eooon ononh noyoo nynz
    challenged                    yooyy yonny yynyy yyyye eeeee eooon ononh noynn nynz
    raising manager               ynnnn ynyyn nnnnn nnnnn nnnnn nnnnn nnnnh nnnnn nnnz
    receiving manager             yooyy yoaay yynny yyyye eeeee nooon ononh nnnnn nynz
    raising deputy                ynnnn ynyyn nnnnn nnnnn nnnnn nnnnn nnnnh nnnnn nnnz
    receiving deputy              ..... ..aa. ..... ..... ..... ..... ..... ..... ...z
    manager who declined          ynnnn ynppn nnnnn nnnnn nnnnn nnnnn nnnnn nnnnn nnnz
    raising senior                ..... ..... ..... ..... ..... ..... ..... ..... ...z
    receiving senior              ..... ..... ..... ..... ..... ..... ..... ..... ...z
    supporter                     ynnnn ynnnn nnnny nnnnn nnnnn nnnnn nnnnn nnnnn nnnz
    business unit                 ..... ..... ..... ..... ..... ..... ..... ..... ...z
    business unit, told           ynnnn ynnnn nnnnn nnnnn nnnnn nnnnn nnnnn nnnnn nnnz
    coordinator                   ..... ..... ..... ..... ..... ..... ..... ..... ...o
    scrutineer                    ..... ..... ..... ..... ..... ..... ..... ..... ...z
    raising colleague             ..... ..... ..... ..... ..... ..... ..... ..... ...z
    receiving colleague           ..... ..... ..... ..... ..... ..... ..... ..... ...z
    third agency's manager        ..... ..... ..... ..... ..... ..... ..... ..... ...z
    guest                         ..... ..... ..... ..... ..... ..... ..... ..... ...z
    raiser, gone                  xxxxx xxxxx xxxxx xxxxx xxxxx xxxxx xxxxx xxxxx xxxz
    challenged, gone              xxxxx xxxxx xxxxx xxxxx xxxxx xxxxx xxxxx xxxxx xxxz
    raising manager, gone         xxxxx xxxxx xxxxx xxxxx xxxxx xxxxx xxxxx xxxxx xxxz
    receiving deputy, gone        ..... ..... ..... ..... ..... ..... ..... ..... ...z
    scrutineer, gone              ..... ..... ..... ..... ..... ..... ..... ..... ...z
    raising colleague, gone       ..... ..... ..... ..... ..... ..... ..... ..... ...z
    challenged, not in directory  yooyy yonny yynyy yyyye eeeee eooon ononh noynn nynz

stage two
    raiser                        yywyy yynny wwysy ynyyn eeeee emmmn mnnnh nuynk nynz
    challenged                    yyyyy yynny yynyy yyyyn eeeee emmmn mnnnh nuynn nynz
    raising manager               yywyy yyaay wwnny ynyye eeeee nmmmn mnmnh nnnyn nynz
    receiving manager             yyyyy yyaay yynny yyyye eeeee nmmmn mnmnh nnnnn nynz
    raising deputy                ..... ..aa. ..... ..... ..... ..... ..... ..... ...z
    receiving deputy              ..... ..aa. ..... ..... ..... ..... ..... ..... ...z
    manager who declined          ynnnn ynaan nnnnn nnnnn nnnnn nnnnn nnnnn nnnnn nnnz
    raising senior                ..... ..... ..... ..... ..... ..... ..... ..... ...z
    receiving senior              ..... ..... ..... ..... ..... ..... ..... ..... ...z
    supporter                     ynnnn ynnnn nnnny nnnnn nnnnn nnnnn nnnnn nnnnn nnnz
    business unit                 ynnnn ynnnn nnnnn nnnnn nnnnn nnnnn nnnnn nnnnn ynyz
    business unit, told           ynnnn ynnnn nnnnn nnnnn nnnnn nnnnn nnnnn nnnnn nnyz
    coordinator                   ..... ..... ..... ..... ..... ..... ..... ..... ...y
    scrutineer                    ..... ..... ..... ..... ..... ..... ..... ..... ...z
    raising colleague             ..... ..... ..... ..... ..... ..... ..... ..... ...z
    receiving colleague           ..... ..... ..... ..... ..... ..... ..... ..... ...z
    third agency's manager        ..... ..... ..... ..... ..... ..... ..... ..... ...z
    guest                         ..... ..... ..... ..... ..... ..... ..... ..... ...z
    raiser, gone                  xxxxx xxxxx xxxxx xxxxx xxxxx xxxxx xxxxx xxxxx xxxz
    challenged, gone              xxxxx xxxxx xxxxx xxxxx xxxxx xxxxx xxxxx xxxxx xxxz
    raising manager, gone         xxxxx xxxxx xxxxx xxxxx xxxxx xxxxx xxxxx xxxxx xxxz
    receiving deputy, gone        ..... ..... ..... ..... ..... ..... ..... ..... ...z
    scrutineer, gone              ..... ..... ..... ..... ..... ..... ..... ..... ...z
    raising colleague, gone       ..... ..... ..... ..... ..... ..... ..... ..... ...z
    challenged, not in directory  yyyyy yynny yynyy yyyyn eeeee emmmn mnnnh nuynn nynz

stage three, and a meeting is being arranged
    raiser                        yywyy yynny wwysy ynyyn eeeee eywyy yynnh nuynv nynz
    challenged                    yyyyy yynny yynyy yyyyn eeeee eyyyy yynnh nuynn nynz
    raising manager               ynnnn ynnnn nnnnn nnnnn nnnnn nnnnn nnnnn nnnnn nnnz
    receiving manager             ynnnn ynnnn nnnnn nnnnn nnnnn nnnnn nnnnn nnnnn nnnz
    raising deputy                ..... ..... ..... ..... ..... ..... ..... ..... ...z
    receiving deputy              ..... ..... ..... ..... ..... ..... ..... ..... ...z
    manager who declined          ynnnn ynnnn nnnnn nnnnn nnnnn nnnnn nnnnn nnnnn nnnz
    raising senior                yywyy yyaay wwnny ynyye eeeee nywyy yywnh nnnvn nynz
    receiving senior              yyyyy yyaay yynny yyyye eeeee nyyyy yydyh nnnnn nynz
    supporter                     ynnnn ynnnn nnnny nnnnn nnnnn nnnnn nnnnn nnnnn nnnz
    business unit                 ynnnn ynnnn nnnnn nnnnn nnnnn nnnnn nnnyn nnnnn nnnz
    business unit, told           ynnnn ynnnn nnnnn nnnnn nnnnn nnnnn nnnyn nnnnn nnnz
    coordinator                   ..... ..... ..... ..... ..... ..... ..... ..... ...y
    scrutineer                    ..... ..... ..... ..... ..... ..... ..... ..... ...z
    raising colleague             ..... ..... ..... ..... ..... ..... ..... ..... ...z
    receiving colleague           ..... ..... ..... ..... ..... ..... ..... ..... ...z
    third agency's manager        ..... ..... ..... ..... ..... ..... ..... ..... ...z
    guest                         ..... ..... ..... ..... ..... ..... ..... ..... ...z
    raiser, gone                  xxxxx xxxxx xxxxx xxxxx xxxxx xxxxx xxxxx xxxxx xxxz
    challenged, gone              xxxxx xxxxx xxxxx xxxxx xxxxx xxxxx xxxxx xxxxx xxxz
    raising manager, gone         xxxxx xxxxx xxxxx xxxxx xxxxx xxxxx xxxxx xxxxx xxxz
    receiving deputy, gone        ..... ..... ..... ..... ..... ..... ..... ..... ...z
    scrutineer, gone              ..... ..... ..... ..... ..... ..... ..... ..... ...z
    raising colleague, gone       ..... ..... ..... ..... ..... ..... ..... ..... ...z
    challenged, not in directory  yyyyy yynny yynyy yyyyn eeeee eyyyy yynnh nuynn nynz

the top is offered
    raiser                        yooyy yonny wwysy ynyyn eeeee eoooo oynny noyno nynz
    challenged                    yooyy yonny yynyy yyyyn eeeee eoooo oynny noynn nynz
    raising manager               ynnnn ynnnn nnnnn nnnnn nnnnn nnnnn nnnnn nnnnn nnnz
    receiving manager             ynnnn ynnnn nnnnn nnnnn nnnnn nnnnn nnnnn nnnnn nnnz
    raising deputy                ..... ..... ..... ..... ..... ..... ..... ..... ...z
    receiving deputy              ..... ..... ..... ..... ..... ..... ..... ..... ...z
    manager who declined          ynnnn ynnnn nnnnn nnnnn nnnnn nnnnn nnnnn nnnnn nnnz
    raising senior                yooyy yonny wwnny ynyye eeeee noooo oyony nnnon nynz
    receiving senior              yooyy yonny yynny yyyye eeeee noooo oyony nnnnn nynz
    supporter                     ynnnn ynnnn nnnny nnnnn nnnnn nnnnn nnnnn nnnnn nnnz
    business unit                 ynnnn ynnnn nnnnn nnnnn nnnnn nnnnn nnnnn nnnnn nnnz
    business unit, told           ynnnn ynnnn nnnnn nnnnn nnnnn nnnnn nnnnn nnnnn nnnz
    coordinator                   ..... ..... ..... ..... ..... ..... ..... ..... ...o
    scrutineer                    ynnnn ynyyn nnnnn nnnnn nnnnn nnnnn nnnny nnnnn nnnz
    raising colleague             ..... ..... ..... ..... ..... ..... ..... ..... ...z
    receiving colleague           ..... ..... ..... ..... ..... ..... ..... ..... ...z
    third agency's manager        ..... ..... ..... ..... ..... ..... ..... ..... ...z
    guest                         ..... ..... ..... ..... ..... ..... ..... ..... ...z
    raiser, gone                  xxxxx xxxxx xxxxx xxxxx xxxxx xxxxx xxxxx xxxxx xxxz
    challenged, gone              xxxxx xxxxx xxxxx xxxxx xxxxx xxxxx xxxxx xxxxx xxxz
    raising manager, gone         xxxxx xxxxx xxxxx xxxxx xxxxx xxxxx xxxxx xxxxx xxxz
    receiving deputy, gone        ..... ..... ..... ..... ..... ..... ..... ..... ...z
    scrutineer, gone              xxxxx xxxxx xxxxx xxxxx xxxxx xxxxx xxxxx xxxxx xxxz
    raising colleague, gone       ..... ..... ..... ..... ..... ..... ..... ..... ...z
    challenged, not in directory  yooyy yonny yynyy yyyyn eeeee eoooo oynny noynn nynz

the top
    raiser                        yywyy ytnny wwysy ynyyn eeeee emmmn mnnny nyynv nynz
    challenged                    yyyyy ytnny yynyy yyyyn eeeee emmmn mnnny nyynn nynz
    raising manager               ynnnn ynnnn nnnnn nnnnn nnnnn nnnnn nnnnn nnnnn nnnz
    receiving manager             ynnnn ynnnn nnnnn nnnnn nnnnn nnnnn nnnnn nnnnn nnnz
    raising deputy                ..... ..... ..... ..... ..... ..... ..... ..... ...z
    receiving deputy              ..... ..... ..... ..... ..... ..... ..... ..... ...z
    manager who declined          ynnnn ynnnn nnnnn nnnnn nnnnn nnnnn nnnnn nnnnn nnnz
    raising senior                ynnnn ynnny wwnnn nnnnn nnnen nnnnn nnnny nynnn nnnz
    receiving senior              ynnnn ynnny yynnn nnnnn nnnen nnnnn nnnny nynnn nnnz
    supporter                     ynnnn ynnnn nnnny nnnnn nnnnn nnnnn nnnnn nnnnn nnnz
    business unit                 ynnnn ynnnn nnnnn nnnnn nnnnn nnnnn nnnnn nnnnn nnnz
    business unit, told           ynnnn ynnnn nnnnn nnnnn nnnnn nnnnn nnnnn nnnnn nnnz
    coordinator                   ..... ..... ..... ..... ..... ..... ..... ..... ...y
    scrutineer                    yyuyy ytaan nnnny nnyye eeeee nmmmn mnmny ynnnn nynz
    raising colleague             ..... ..... ..... ..... ..... ..... ..... ..... ...z
    receiving colleague           ..... ..... ..... ..... ..... ..... ..... ..... ...z
    third agency's manager        ..... ..... ..... ..... ..... ..... ..... ..... ...z
    guest                         ..... ..... ..... ..... ..... ..... ..... ..... ...z
    raiser, gone                  xxxxx xxxxx xxxxx xxxxx xxxxx xxxxx xxxxx xxxxx xxxz
    challenged, gone              xxxxx xxxxx xxxxx xxxxx xxxxx xxxxx xxxxx xxxxx xxxz
    raising manager, gone         xxxxx xxxxx xxxxx xxxxx xxxxx xxxxx xxxxx xxxxx xxxz
    receiving deputy, gone        ..... ..... ..... ..... ..... ..... ..... ..... ...z
    scrutineer, gone              xxxxx xxxxx xxxxx xxxxx xxxxx xxxxx xxxxx xxxxx xxxz
    raising colleague, gone       ..... ..... ..... ..... ..... ..... ..... ..... ...z
    challenged, not in directory  yyyyy ytnny yynyy yyyyn eeeee emmmn mnnny nyynn nynz

settled while stage two was offered
    raiser                        ycccc ccccc ccccc ccccy ywyyy ycccc cncch ccccc cccz
    challenged                    ycccc ccccc ccccc ccccy yyyyy ycccc cncch ccccc cccz
    raising manager               ycccc ccccc ccccc ccccn nnnnn ncccc cnccn ccccc cccz
    receiving manager             ycccc ccccc ccccc ccccn nnnnn ncccc cnccn ccccc cccz
    raising deputy                ..... ..... ..... ..... ..... ..... ..... ..... ...z
    receiving deputy              ..... ..... ..... ..... ..... ..... ..... ..... ...z
    manager who declined          ycccc ccccc ccccc ccccn nnnnn ncccc cnccn ccccc cccz
    raising senior                ..... ..... ..... ..... ..... ..... ..... ..... ...z
    receiving senior              ..... ..... ..... ..... ..... ..... ..... ..... ...z
    supporter                     ycccc ccccc ccccc ccccn nnnnn ncccc cnccn ccccc cccz
    business unit                 ..... ..... ..... ..... ..... ..... ..... ..... ...z
    business unit, told           ycccc ccccc ccccc ccccn nnnnn ncccc cnccn ccccc cccz
    coordinator                   ..... ..... ..... ..... ..... ..... ..... ..... ...c
    scrutineer                    ..... ..... ..... ..... ..... ..... ..... ..... ...z
    raising colleague             ..... ..... ..... ..... ..... ..... ..... ..... ...z
    receiving colleague           ..... ..... ..... ..... ..... ..... ..... ..... ...z
    third agency's manager        ncccc ccccc ccccc ccccy ynnnn ncccc cnccn ccccc cccz
    guest                         ..... ..... ..... ..... ..... ..... ..... ..... ...z
    raiser, gone                  xxxxx xxxxx xxxxx xxxxx xxxxx xxxxx xxxxx xxxxx xxxz
    challenged, gone              xxxxx xxxxx xxxxx xxxxx xxxxx xxxxx xxxxx xxxxx xxxz
    raising manager, gone         xxxxx xxxxx xxxxx xxxxx xxxxx xxxxx xxxxx xxxxx xxxz
    receiving deputy, gone        ..... ..... ..... ..... ..... ..... ..... ..... ...z
    scrutineer, gone              ..... ..... ..... ..... ..... ..... ..... ..... ...z
    raising colleague, gone       ..... ..... ..... ..... ..... ..... ..... ..... ...z
    challenged, not in directory  ycccc ccccc ccccc ccccy yyyyy ycccc cncch ccccc cccz

withdrawn at the top
    raiser                        ycccc ccccc ccccc ccccc ccccy ycccc cnccy ccccc cccz
    challenged                    ycccc ccccc ccccc ccccc ccccy ycccc cnccy ccccc cccz
    raising manager               ycccc ccccc ccccc ccccc ccccn ncccc cnccn ccccc cccz
    receiving manager             ycccc ccccc ccccc ccccc ccccn ncccc cnccn ccccc cccz
    raising deputy                ..... ..... ..... ..... ..... ..... ..... ..... ...z
    receiving deputy              ..... ..... ..... ..... ..... ..... ..... ..... ...z
    manager who declined          ycccc ccccc ccccc ccccc ccccn ncccc cnccn ccccc cccz
    raising senior                ycccc ccccc ccccc ccccc ccccn ncccc cnccy ccccc cccz
    receiving senior              ycccc ccccc ccccc ccccc ccccn ncccc cnccy ccccc cccz
    supporter                     ycccc ccccc ccccc ccccc ccccn ncccc cnccn ccccc cccz
    business unit                 ycccc ccccc ccccc ccccc ccccn ncccc cnccn ccccc cccz
    business unit, told           ycccc ccccc ccccc ccccc ccccn ncccc cnccn ccccc cccz
    coordinator                   ..... ..... ..... ..... ..... ..... ..... ..... ...c
    scrutineer                    ycccc ccccc ccccc ccccc ccccy ncccc cnccy ccccc cccz
    raising colleague             ..... ..... ..... ..... ..... ..... ..... ..... ...z
    receiving colleague           ..... ..... ..... ..... ..... ..... ..... ..... ...z
    third agency's manager        ..... ..... ..... ..... ..... ..... ..... ..... ...z
    guest                         ..... ..... ..... ..... ..... ..... ..... ..... ...z
    raiser, gone                  xxxxx xxxxx xxxxx xxxxx xxxxx xxxxx xxxxx xxxxx xxxz
    challenged, gone              xxxxx xxxxx xxxxx xxxxx xxxxx xxxxx xxxxx xxxxx xxxz
    raising manager, gone         xxxxx xxxxx xxxxx xxxxx xxxxx xxxxx xxxxx xxxxx xxxz
    receiving deputy, gone        ..... ..... ..... ..... ..... ..... ..... ..... ...z
    scrutineer, gone              xxxxx xxxxx xxxxx xxxxx xxxxx xxxxx xxxxx xxxxx xxxz
    raising colleague, gone       ..... ..... ..... ..... ..... ..... ..... ..... ...z
    challenged, not in directory  ycccc ccccc ccccc ccccc ccccy ycccc cnccy ccccc cccz
"""

ACTS = (
    Act.SEE,
    Act.PROPOSE_DATE,
    Act.ACCEPT_DATE,
    Act.MARK_SEEN,
    Act.ASK_SUPPORT,
    Act.DECLARE_RISK,
    Act.ESCALATE,
    Act.ACCEPT,
    Act.DECLINE,
    Act.PROPOSE_SETTLEMENT,
    Act.CONFIRM_SETTLEMENT,
    Act.DECLINE_SETTLEMENT,
    Act.WITHDRAW,
    Act.BRING_SUPPORTER,
    Act.ADD_EXCERPT,
    Act.PUT_POSITION,
    Act.CHANGE_DECISION,
    Act.SET_MEANWHILE,
    Act.ADD_VOICE,
    Act.TICK_OFF,
    Act.MOVE_ACTION,
    Act.AGREE_NEW_DAY,
    Act.FOLLOW_THROUGH,
    Act.SIGN,
    Act.REOPEN,
    Act.CONFIDE,
    Act.PROPOSE_ATTENDEES,
    Act.AGREE_ATTENDEES,
    Act.OFFER_TIMES,
    Act.ANSWER_TIMES,
    Act.FIX_TIME,
    Act.RECORD_MINUTES,
    Act.DOUBT_MEETING,
    Act.SECOND_OPINION,
    Act.READ_PACK,
    Act.GIVE_OPINION,
    Act.ACKNOWLEDGE,
    Act.GO_PAST_LINE,
    Act.REVIEW,
    Act.ASK_REVIEW_AGAIN,
    Act.REVIEW_AGAIN,
    Act.FLAG_CONFLICT,
    Act.SETTLE_CONFLICT,
    Act.MOVE_PROCEDURE,
)

LETTERS: dict[type[Refusal], str] = {
    NothingHere: ".",
    NotYours: "n",
    NotActive: "x",
    Closed: "c",
    AlreadyOffered: "o",
    YourOwnProposal: "w",
    NowhereHigher: "t",
    PromptPassedOn: "p",
    StillOpen: "e",
    AlreadyAccepted: "a",
    SupportedAlready: "s",
    NoMeetingHere: "m",
    MeetingIsNeeded: "d",
    NotAtTop: "h",
    NothingProposed: "u",
    NoReviewHere: "v",
    AskedAlready: "k",
    NobodyWithThat: "b",
    NotCoordinator: "z",
    OfferedNow: "o",
}
OUT_OF_REACH = {NothingHere, NotYours, NotActive, Closed, AlreadyOffered, StillOpen}

NEXT = a_procedure(version="test-2026-06")
TIMES = (a_moment("2026-03-10 14:00").now, a_moment("2026-03-11 10:00").now)

Try = Callable[[Challenge, Directory, PersonId], Change | None]


def confides(challenge: Challenge, directory: Directory, by: PersonId) -> None:
    to = aftercare.listener(challenge, directory) or U_UNIT
    aftercare.confide(challenge, FRIDAY_TEN, directory, by=by, to=to, difficulty=False, words="")


# Each act by its rule, filled in so well that only the person can be wrong.
RULES: dict[Act, tuple[Try, ...]] = {
    Act.SEE: (lambda c, d, by: refuse_unless_may(Act.SEE, c, d, by),),
    Act.PROPOSE_DATE: (
        lambda c, d, by: agreement.propose_date(c, FRIDAY_TEN, d, by=by, day=date(2026, 3, 9)),
    ),
    Act.ACCEPT_DATE: (lambda c, d, by: agreement.accept_date(c, FRIDAY_TEN, d, by=by),),
    Act.MARK_SEEN: (
        lambda c, d, by: response.mark_seen(c, FRIDAY_TEN, d, by=by),
        lambda c, d, by: response.take_back_seen(c, FRIDAY_TEN, d, by=by),
    ),
    Act.ASK_SUPPORT: (lambda c, d, by: response.ask_support(c, FRIDAY_TEN, d, by=by),),
    Act.DECLARE_RISK: (
        lambda c, d, by: response.declare_risk(c, FRIDAY_TEN, d, by=by, because="He is outside."),
    ),
    Act.ESCALATE: (
        lambda c, d, by: escalation.escalate(c, FRIDAY_TEN, d, by=by, because="No answer."),
    ),
    Act.ACCEPT: (lambda c, d, by: escalation.accept(c, FRIDAY_TEN, d, by=by, line="Today."),),
    Act.DECLINE: (
        lambda c, d, by: escalation.decline(c, FRIDAY_TEN, d, by=by, because="On leave."),
    ),
    Act.PROPOSE_SETTLEMENT: (
        lambda c, d, by: resolution.propose_settlement(
            c, FRIDAY_TEN, d, by=by, outcome=Outcome.CHANGED, how="It is open again."
        ),
    ),
    Act.CONFIRM_SETTLEMENT: (
        lambda c, d, by: resolution.confirm_settlement(c, FRIDAY_TEN, d, by=by),
    ),
    Act.DECLINE_SETTLEMENT: (
        lambda c, d, by: resolution.decline_settlement(c, FRIDAY_TEN, d, by=by, because="Not yet."),
    ),
    Act.TICK_OFF: (
        lambda c, d, by: follow_up.tick_off(
            c, FRIDAY_TEN, d, by=by, number=1, evidence="Seen on Monday."
        ),
    ),
    Act.MOVE_ACTION: (
        lambda c, d, by: follow_up.propose_new_day(
            c, FRIDAY_TEN, d, by=by, number=1, day=date(2026, 3, 30), because="They are away."
        ),
    ),
    Act.AGREE_NEW_DAY: (
        lambda c, d, by: follow_up.agree_new_day(c, FRIDAY_TEN, d, by=by, number=1),
    ),
    Act.FOLLOW_THROUGH: (
        lambda c, d, by: follow_up.follow_through(
            c, FRIDAY_TEN, d, by=by, went=Went.NO, line="Nobody came."
        ),
    ),
    Act.SIGN: (lambda c, d, by: follow_up.sign(c, FRIDAY_TEN, d, by=by),),
    Act.REOPEN: (
        lambda c, d, by: follow_up.reopen(c, FRIDAY_TEN, d, by=by, because="A new report."),
    ),
    Act.CONFIDE: (lambda c, d, by: confides(c, d, by),),
    Act.WITHDRAW: (
        lambda c, d, by: resolution.withdraw(c, FRIDAY_TEN, d, by=by, because="It is open again."),
    ),
    Act.BRING_SUPPORTER: (
        lambda c, d, by: support.bring_supporter(
            c, FRIDAY_TEN, d, by=by, supporter=U_OTHER_MANAGER
        ),
    ),
    Act.ADD_EXCERPT: (
        lambda c, d, by: excerpt.add(
            c, FRIDAY_TEN, d, by=by, text="Seen.", author=None, written=None, altered=False
        ),
    ),
    Act.PUT_POSITION: (
        lambda c, d, by: position.put(
            c, FRIDAY_TEN, d, by=by, decision="Closed.", why="One mark.", mind="Two.", ask="Look."
        ),
    ),
    Act.CHANGE_DECISION: (lambda c, d, by: position.change_decision(c, FRIDAY_TEN, d, by=by),),
    Act.SET_MEANWHILE: (
        lambda c, d, by: meanwhile.set_meanwhile(
            c, FRIDAY_TEN, d, by=by, what="Seen.", who="School", until=date(2026, 3, 9)
        ),
    ),
    Act.ADD_VOICE: (lambda c, d, by: voice.add(c, FRIDAY_TEN, d, by=by, answer=Heard.NOT_KNOWN),),
    Act.PROPOSE_ATTENDEES: (
        lambda c, d, by: meeting.propose_attendees(c, FRIDAY_TEN, d, by=by, people=(U_GUEST,)),
    ),
    Act.AGREE_ATTENDEES: (lambda c, d, by: meeting.agree_attendees(c, FRIDAY_TEN, d, by=by),),
    Act.OFFER_TIMES: (
        lambda c, d, by: meeting.offer_times(
            c, FRIDAY_TEN, d, by=by, times=TIMES, place="Town Hall"
        ),
    ),
    Act.ANSWER_TIMES: (
        lambda c, d, by: meeting.answer_times(c, FRIDAY_TEN, d, by=by, times=TIMES),
    ),
    Act.FIX_TIME: (lambda c, d, by: meeting.fix_time(c, FRIDAY_TEN, d, by=by, at=TIMES[0]),),
    Act.RECORD_MINUTES: (
        lambda c, d, by: meeting.record_minutes(
            c,
            FRIDAY_TEN,
            d,
            by=by,
            discussion="We met.",
            agreed="",
            outstanding="",
            next_steps="Visit.",
        ),
    ),
    Act.DOUBT_MEETING: (
        lambda c, d, by: meeting.doubt(c, FRIDAY_TEN, d, by=by, because="Agreed."),
    ),
    Act.SECOND_OPINION: (
        lambda c, d, by: meeting.call_meeting_needed(c, FRIDAY_TEN, d, by=by, because="Yes."),
        lambda c, d, by: meeting.agree_no_meeting(c, FRIDAY_TEN, d, by=by, because="Yes."),
    ),
    Act.READ_PACK: (lambda c, d, by: scrutiny.refuse_unless_readable(c, d, by),),
    Act.GIVE_OPINION: (lambda c, d, by: gives_opinion(c, d, by),),
    Act.ACKNOWLEDGE: (lambda c, d, by: scrutiny.acknowledge(c, FRIDAY_TEN, d, by=by),),
    Act.GO_PAST_LINE: (lambda c, d, by: outside.go_past_line(c, FRIDAY_TEN, d, by=by),),
    Act.REVIEW: (
        lambda c, d, by: review.record_review(
            c, FRIDAY_TEN, d, by=by, justified=True, because="It is."
        ),
    ),
    Act.ASK_REVIEW_AGAIN: (lambda c, d, by: review.ask_review_again(c, FRIDAY_TEN, d, by=by),),
    Act.REVIEW_AGAIN: (
        lambda c, d, by: review.review_again(
            c, FRIDAY_TEN, d, by=by, justified=True, because="It is."
        ),
    ),
    Act.FLAG_CONFLICT: (
        lambda c, d, by: conflict.flag_conflict(
            c, FRIDAY_TEN, d, by=by, about=somebody_on_it(c), because="A cousin."
        ),
    ),
    Act.MOVE_PROCEDURE: (
        lambda c, d, by: version.move(c, FRIDAY_TEN, d, by=by, to=NEXT, note="The board met."),
    ),
    Act.SETTLE_CONFLICT: (
        lambda c, d, by: conflict.settle_conflict(
            c,
            FRIDAY_TEN,
            d,
            by=by,
            number=c.conflicts[0].number if c.conflicts else 1,
            upheld=False,
            because="No cousin.",
        ),
    ),
}


def read_table() -> dict[str, dict[str, str]]:
    """Letters without their spaces, by situation and kind of person."""
    table: dict[str, dict[str, str]] = {}
    for part in TABLE.strip().split("\n\n"):
        situation, *rows = part.splitlines()
        cells = (row.strip().partition("  ") for row in rows)
        table[situation] = {kind: letters.replace(" ", "") for kind, _, letters in cells}
    return table


EXPECTED = read_table()


def with_proposals(challenge: Challenge) -> Challenge:
    """The raiser proposes another date, unless a stage is offered, and how it is settled."""
    proposed = challenge
    if challenge.offered is None:
        proposed = agreement.propose_date(
            challenge, FRIDAY_TEN, DIRECTORY, by=U_RAISER, day=date(2026, 3, 9)
        ).challenge
    return resolution.propose_settlement(
        proposed,
        FRIDAY_TEN,
        DIRECTORY,
        by=U_RAISER,
        outcome=Outcome.EXPLAINED,
        how="We spoke.",
        actions=(AgreedAction("Visit them.", U_OTHER_MANAGER, date(2026, 3, 20)),),
    ).challenge


def somebody_on_it(challenge: Challenge) -> PersonId:
    """Whoever could have a conflict of interest, and in whom none was flagged yet."""
    flagged = {one.about for one in challenge.conflicts}
    people = [who for who in conflict.may_be_flagged(challenge) if who not in flagged]
    return people[0] if people else U_GUEST


def gives_opinion(challenge: Challenge, directory: Directory, by: PersonId) -> Change:
    return scrutiny.give_opinion(
        challenge,
        FRIDAY_TEN,
        directory,
        by=by,
        opinion="Look again.",
        reasons="Two saw it.",
        actions=(AgreedAction("Visit", U_CHALLENGED, date(2026, 3, 13)),),
    )


def with_meeting(challenge: Challenge) -> Challenge:
    """The raiser offers times and names a guest; both can make them; the raising lead doubts it."""
    arranged = meeting.propose_attendees(
        challenge, FRIDAY_TEN, DIRECTORY, by=U_RAISER, people=(U_GUEST,)
    ).challenge
    arranged = meeting.offer_times(
        arranged, FRIDAY_TEN, DIRECTORY, by=U_RAISER, times=TIMES, place="Town Hall"
    ).challenge
    for who in (U_RAISER, U_CHALLENGED):
        arranged = meeting.answer_times(
            arranged, FRIDAY_TEN, DIRECTORY, by=who, times=TIMES
        ).challenge
    return meeting.doubt(
        arranged, FRIDAY_TEN, DIRECTORY, by=U_RAISING_SENIOR, because="They agree."
    ).challenge


def with_review(challenge: Challenge) -> Challenge:
    """Found not justified, so a second opinion is asked for; and a conflict of interest flagged."""
    reviewed = review.record_review(
        challenge,
        FRIDAY_TEN,
        DIRECTORY,
        by=U_RAISING_SAFEGUARDER,
        justified=False,
        because="I see it otherwise.",
    ).challenge
    return conflict.flag_conflict(
        reviewed, FRIDAY_TEN, DIRECTORY, by=U_RAISER, about=U_RECEIVING_MANAGER, because="Cousins."
    ).challenge


def offered_from(challenge: Challenge) -> Challenge:
    return escalation.lapse(challenge, FRIDAY_TEN, DIRECTORY).challenge


def taken_by(challenge: Challenge, *people: PersonId) -> Challenge:
    for who in people:
        challenge = escalation.accept(
            challenge, FRIDAY_TEN, DIRECTORY, by=who, line="I will call both."
        ).challenge
    return challenge


@cache
def situations() -> dict[str, Challenge]:
    """Every situation of the table, each reached by the rules themselves."""
    beside = (Involved(U_OTHER_PRACTITIONER, Side.RAISING),)
    one = a_challenge(involved=beside, supporters=beside, told=(U_TOLD,))
    offered = escalation.decline(
        offered_from(one), FRIDAY_TEN, DIRECTORY, by=U_DECLINER, because="I am new."
    ).challenge
    half = taken_by(offered, U_RECEIVING_MANAGER)
    two = taken_by(half, U_RAISING_SAFEGUARDER)
    three = taken_by(offered_from(two), U_RAISING_SENIOR, U_RECEIVING_SAFEGUARDER)
    top_offered = offered_from(three)
    top = taken_by(top_offered, U_SCRUTINEER)
    settled = resolution.confirm_settlement(
        with_proposals(offered), FRIDAY_TEN, DIRECTORY, by=U_CHALLENGED
    ).challenge
    settled = follow_up.propose_new_day(
        settled,
        FRIDAY_TEN,
        DIRECTORY,
        by=U_RAISER,
        number=1,
        day=date(2026, 3, 27),
        because="They are away.",
    ).challenge
    withdrawn = resolution.withdraw(
        with_proposals(top), FRIDAY_TEN, DIRECTORY, by=U_RAISER, because="Done."
    ).challenge
    return {
        "stage one": with_proposals(one),
        "stage two is offered": with_proposals(offered),
        AS_DEPUTY: with_proposals(offered),
        "stage two is offered, and the receiving manager has accepted": with_proposals(half),
        "stage two": with_review(with_proposals(two)),
        "stage three, and a meeting is being arranged": with_meeting(with_proposals(three)),
        "the top is offered": with_proposals(top_offered),
        "the top": gives_opinion(with_proposals(top), DIRECTORY, U_SCRUTINEER).challenge,
        "settled while stage two was offered": settled,
        "withdrawn at the top": withdrawn,
    }


AS_DEPUTY = "stage two is offered, and the challenged person is the receiving manager's deputy"


def directory_for(situation: str, kind: str) -> Directory:
    directory = DIRECTORY
    if situation == AS_DEPUTY:
        directory = changed(directory, U_RECEIVING_MANAGER, deputy=U_CHALLENGED)
    if kind.endswith(", gone"):
        directory = changed(directory, PEOPLE[kind], active=False)
    if kind.endswith(", not in directory"):
        rest = tuple(p for p in directory.people if p.id != PEOPLE[kind])
        directory = replace(directory, people=rest)
    return directory


def changed(directory: Directory, who: PersonId, **facts: object) -> Directory:
    known = directory.person(who) or a_person(who)
    rest = (p for p in directory.people if p.id != who)
    return replace(directory, people=(*rest, replace(known, **facts)))  # type: ignore[arg-type]


def tried(rule: Try, situation: str, kind: str) -> Refusal | None:
    """The refusal, or None when it was done."""
    challenge, directory = situations()[situation], directory_for(situation, kind)
    try:
        rule(challenge, directory, PEOPLE[kind])
    except Refusal as no:
        return no
    return None


def letter(no: Refusal | None) -> str:
    return LETTERS[type(no)] if no else "y"


CELLS = [(situation, kind) for situation, rows in EXPECTED.items() for kind in rows]


@pytest.mark.parametrize(("situation", "kind"), CELLS)
def test_everybody_may_do_what_the_table_says_and_nothing_else(situation, kind):
    found = ""
    for act in ACTS:
        letters = {letter(tried(rule, situation, kind)) for rule in RULES[act]}
        assert len(letters) == 1, f"{act}: its rules disagree, {letters}"
        found += letters.pop()

    assert found == EXPECTED[situation][kind]


@pytest.mark.parametrize(("situation", "kind"), CELLS)
def test_no_refusal_tells_the_reference_and_an_outsider_learns_nothing_at_all(situation, kind):
    nothing = NothingHere().sentence
    for act in ACTS:
        for rule in RULES[act]:
            no = tried(rule, situation, kind)
            assert no is None or REFERENCE not in no.sentence
            assert not isinstance(no, NothingHere) or no.sentence == nothing


@pytest.mark.parametrize(("situation", "kind"), CELLS)
def test_a_private_button_is_offered_only_for_an_act_within_reach(situation, kind):
    seeing = tried(RULES[Act.SEE][0], situation, kind)
    # It is offered to whoever reacts in the channel; what coordinators do is done elsewhere.
    for act in set(ACTS) - {Act.MOVE_PROCEDURE}:
        wanted = tried(RULES[act][0], situation, kind)
        given = tried(partial(offer, act), situation, kind)

        # The owner of an agreed action has that action without seeing the challenge.
        if isinstance(seeing, NothingHere | NotActive):
            assert type(given) is type(seeing)
        elif type(wanted) in OUT_OF_REACH:
            assert type(given) is type(wanted)
        elif act not in {Act.ACCEPT, Act.DECLINE}:
            assert given is None


def offer(act: Act, challenge: Challenge, directory: Directory, by: PersonId) -> Change:
    return response.offer_act(challenge, FRIDAY_TEN, directory, by=by, act=act)


# Nothing is left out


def test_every_act_is_a_column_with_a_rule_of_its_own():
    assert set(ACTS) == set(RULES) == set(Act)
    assert len(ACTS) == len(set(ACTS))
    assert {len(row) for rows in EXPECTED.values() for row in rows.values()} == {len(ACTS)}


def test_every_kind_of_person_is_a_row_in_every_situation():
    assert set(EXPECTED) == set(situations())
    assert all(list(rows) == list(PEOPLE) for rows in EXPECTED.values())


def test_every_part_and_every_status_is_met_somewhere():
    met = {
        part
        for situation, kind in CELLS
        for part in parts(situations()[situation], directory_for(situation, kind), PEOPLE[kind])
    }

    # A coordinator need not be on the challenge.
    assert met == set(Part) - KEEPERS
    assert {c.status for c in situations().values()} == set(Status)


def test_every_letter_is_met_somewhere():
    used = {each for rows in EXPECTED.values() for row in rows.values() for each in row}

    assert used == {"y", *LETTERS.values()}
