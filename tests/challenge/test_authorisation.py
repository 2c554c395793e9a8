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
    q  refused: their side has acknowledged it already
    g  refused: they have signed already
    r  refused: somebody else takes it on now, for they were set aside
    z  refused: it is for the coordinators

In every open situation the raiser has proposed how it is settled and, unless a stage is offered,
another date; the raising side has a supporter. Whoever was asked first for the raising side has
declined, and their deputy was away. At stage three somebody was asked who has a conflict of
interest and left, so another leads; the raiser has offered times and named a guest for the meeting,
one more attends it, both practitioners can make the times, and the raising lead thinks that no
meeting is needed. At the top there is an opinion, which the receiving side has acknowledged; the
leads of the stage before still speak for their sides, and a coordinator who only heard of it sees
nothing. At stage two the manager's review asked the business unit for a second opinion, and the
raiser sees a conflict of interest in the receiving manager. Somebody "gone" has been deactivated
after all that. A deputy who knows of a prompt and answers it after somebody took it on is told so;
they see nothing of the challenge any more. The third agency's manager owns the first agreed action;
once it is settled the raiser has asked for another day for it, and the person challenged has
signed. Letters stand in fives, in the order named above the table.
"""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from functools import partial
from typing import get_args, get_type_hints

import pytest

from challenge import response
from challenge.directory import Directory
from challenge.model import (
    Challenge,
    Change,
    PersonId,
    Status,
)
from challenge.procedure import Procedure
from challenge.refusals import (
    AlreadyAccepted,
    AlreadyAcknowledged,
    AlreadyOffered,
    AlreadySigned,
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
    PutOut,
    Refusal,
    StillOpen,
    SupportedAlready,
    YourOwnProposal,
)
from challenge.rights import KEEPERS, Act, Part, parts
from tests.challenge import situations as situations_of
from tests.challenge.rules_found import acts, called_in
from tests.challenge.situations import (
    PEOPLE,
    RULES,
    Try,
    directory_for,
    situations,
)
from tests.makers import (
    FRIDAY_TEN,
    REFERENCE,
)

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
    deputy who is away            ..... ..... ..... ..... ..... ..... ..... ..... ...z
    raising senior                ..... ..... ..... ..... ..... ..... ..... ..... ...z
    receiving senior              ..... ..... ..... ..... ..... ..... ..... ..... ...z
    lead with a conflict          ..... ..... ..... ..... ..... ..... ..... ..... ...z
    receiving safeguarding lead   ..... ..... ..... ..... ..... ..... ..... ..... ...z
    asked to the meeting          ..... ..... ..... ..... ..... ..... ..... ..... ...z
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
    supporter, gone               xxxxx xxxxx xxxxx xxxxx xxxxx xxxxx xxxxx xxxxx xxxz
    coordinator, gone             ..... ..... ..... ..... ..... ..... ..... ..... ...z
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
    deputy who is away            ..... ..pp. ..... ..... ..... ..... ..... ..... ...z
    raising senior                ..... ..... ..... ..... ..... ..... ..... ..... ...z
    receiving senior              ..... ..... ..... ..... ..... ..... ..... ..... ...z
    lead with a conflict          ..... ..... ..... ..... ..... ..... ..... ..... ...z
    receiving safeguarding lead   ..... ..... ..... ..... ..... ..... ..... ..... ...z
    asked to the meeting          ..... ..... ..... ..... ..... ..... ..... ..... ...z
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
    supporter, gone               xxxxx xxxxx xxxxx xxxxx xxxxx xxxxx xxxxx xxxxx xxxz
    coordinator, gone             ..... ..... ..... ..... ..... ..... ..... ..... ...z
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
    deputy who is away            ..... ..pp. ..... ..... ..... ..... ..... ..... ...z
    raising senior                ..... ..... ..... ..... ..... ..... ..... ..... ...z
    receiving senior              ..... ..... ..... ..... ..... ..... ..... ..... ...z
    lead with a conflict          ..... ..... ..... ..... ..... ..... ..... ..... ...z
    receiving safeguarding lead   ..... ..... ..... ..... ..... ..... ..... ..... ...z
    asked to the meeting          ..... ..... ..... ..... ..... ..... ..... ..... ...z
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
    supporter, gone               xxxxx xxxxx xxxxx xxxxx xxxxx xxxxx xxxxx xxxxx xxxz
    coordinator, gone             ..... ..... ..... ..... ..... ..... ..... ..... ...z
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
    deputy who is away            ..... ..pp. ..... ..... ..... ..... ..... ..... ...z
    raising senior                ..... ..... ..... ..... ..... ..... ..... ..... ...z
    receiving senior              ..... ..... ..... ..... ..... ..... ..... ..... ...z
    lead with a conflict          ..... ..... ..... ..... ..... ..... ..... ..... ...z
    receiving safeguarding lead   ..... ..... ..... ..... ..... ..... ..... ..... ...z
    asked to the meeting          ..... ..... ..... ..... ..... ..... ..... ..... ...z
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
    supporter, gone               xxxxx xxxxx xxxxx xxxxx xxxxx xxxxx xxxxx xxxxx xxxz
    coordinator, gone             ..... ..... ..... ..... ..... ..... ..... ..... ...z
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
    deputy who is away            ..... ..aa. ..... ..... ..... ..... ..... ..... ...z
    raising senior                ..... ..... ..... ..... ..... ..... ..... ..... ...z
    receiving senior              ..... ..... ..... ..... ..... ..... ..... ..... ...z
    lead with a conflict          ..... ..... ..... ..... ..... ..... ..... ..... ...z
    receiving safeguarding lead   ..... ..... ..... ..... ..... ..... ..... ..... ...z
    asked to the meeting          ..... ..... ..... ..... ..... ..... ..... ..... ...z
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
    supporter, gone               xxxxx xxxxx xxxxx xxxxx xxxxx xxxxx xxxxx xxxxx xxxz
    coordinator, gone             ..... ..... ..... ..... ..... ..... ..... ..... ...z
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
    deputy who is away            ..... ..... ..... ..... ..... ..... ..... ..... ...z
    raising senior                yywyy yyaay wwnny ynyye eeeee nywyy yywnh nnnvn nynz
    receiving senior              yyyyy yyaay yynny yyyye eeeee nyyyy yydyh nnnnn nynz
    lead with a conflict          rrrrr rrrrr rrrrr rrrrr rrrrr rrrrr rrrrr rrrrr rrrz
    receiving safeguarding lead   ynnnn ynnnn nnnnn nnnnn nnnnn nnnnn nnnyn nnnnn nnnz
    asked to the meeting          ynnnn ynnnn nnnnn nnnnn nnnnn nnnny nynnn nnnnn nnnz
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
    supporter, gone               xxxxx xxxxx xxxxx xxxxx xxxxx xxxxx xxxxx xxxxx xxxz
    coordinator, gone             ..... ..... ..... ..... ..... ..... ..... ..... ...z
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
    deputy who is away            ..... ..... ..... ..... ..... ..... ..... ..... ...z
    raising senior                yooyy yonny wwnny ynyye eeeee noooo oyony nnnon nynz
    receiving senior              yooyy yonny yynny yyyye eeeee noooo oyony nnnnn nynz
    lead with a conflict          rrrrr rrrrr rrrrr rrrrr rrrrr rrrrr rrrrr rrrrr rrrz
    receiving safeguarding lead   ..... ..... ..... ..... ..... ..... ..... ..... ...z
    asked to the meeting          ..... ..... ..... ..... ..... ..... ..... ..... ...z
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
    supporter, gone               xxxxx xxxxx xxxxx xxxxx xxxxx xxxxx xxxxx xxxxx xxxz
    coordinator, gone             ..... ..... ..... ..... ..... ..... ..... ..... ...z
    raising colleague, gone       ..... ..... ..... ..... ..... ..... ..... ..... ...z
    challenged, not in directory  yooyy yonny yynyy yyyyn eeeee eoooo oynny noynn nynz

the top
    raiser                        yywyy ytnny wwysy ynyyn eeeee emmmn mnnny nyynv nynz
    challenged                    yyyyy ytnny yynyy yyyyn eeeee emmmn mnnny nqynn nynz
    raising manager               ynnnn ynnnn nnnnn nnnnn nnnnn nnnnn nnnnn nnnnn nnnz
    receiving manager             ynnnn ynnnn nnnnn nnnnn nnnnn nnnnn nnnnn nnnnn nnnz
    raising deputy                ..... ..... ..... ..... ..... ..... ..... ..... ...z
    receiving deputy              ..... ..... ..... ..... ..... ..... ..... ..... ...z
    manager who declined          ynnnn ynnnn nnnnn nnnnn nnnnn nnnnn nnnnn nnnnn nnnz
    deputy who is away            ..... ..... ..... ..... ..... ..... ..... ..... ...z
    raising senior                ynnnn ynnny wwnnn nnnnn nnnen nnnnn nnnny nynnn nnnz
    receiving senior              ynnnn ynnny yynnn nnnnn nnnen nnnnn nnnny nqnnn nnnz
    lead with a conflict          rrrrr rrrrr rrrrr rrrrr rrrrr rrrrr rrrrr rrrrr rrrz
    receiving safeguarding lead   ..... ..... ..... ..... ..... ..... ..... ..... ...z
    asked to the meeting          ..... ..... ..... ..... ..... ..... ..... ..... ...z
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
    supporter, gone               xxxxx xxxxx xxxxx xxxxx xxxxx xxxxx xxxxx xxxxx xxxz
    coordinator, gone             ..... ..... ..... ..... ..... ..... ..... ..... ...z
    raising colleague, gone       ..... ..... ..... ..... ..... ..... ..... ..... ...z
    challenged, not in directory  yyyyy ytnny yynyy yyyyn eeeee emmmn mnnny nqynn nynz

settled while stage two was offered
    raiser                        ycccc ccccc ccccc ccccy ywyyy ycccc cncch ccccc cccz
    challenged                    ycccc ccccc ccccc ccccy yyygy ycccc cncch ccccc cccz
    raising manager               ycccc ccccc ccccc ccccn nnnnn ncccc cnccn ccccc cccz
    receiving manager             ycccc ccccc ccccc ccccn nnnnn ncccc cnccn ccccc cccz
    raising deputy                ..... ..... ..... ..... ..... ..... ..... ..... ...z
    receiving deputy              ..... ..... ..... ..... ..... ..... ..... ..... ...z
    manager who declined          ycccc ccccc ccccc ccccn nnnnn ncccc cnccn ccccc cccz
    deputy who is away            ..... ..... ..... ..... ..... ..... ..... ..... ...z
    raising senior                ..... ..... ..... ..... ..... ..... ..... ..... ...z
    receiving senior              ..... ..... ..... ..... ..... ..... ..... ..... ...z
    lead with a conflict          ..... ..... ..... ..... ..... ..... ..... ..... ...z
    receiving safeguarding lead   ..... ..... ..... ..... ..... ..... ..... ..... ...z
    asked to the meeting          ..... ..... ..... ..... ..... ..... ..... ..... ...z
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
    supporter, gone               xxxxx xxxxx xxxxx xxxxx xxxxx xxxxx xxxxx xxxxx xxxz
    coordinator, gone             ..... ..... ..... ..... ..... ..... ..... ..... ...z
    raising colleague, gone       ..... ..... ..... ..... ..... ..... ..... ..... ...z
    challenged, not in directory  ycccc ccccc ccccc ccccy yyygy ycccc cncch ccccc cccz

withdrawn at the top
    raiser                        ycccc ccccc ccccc ccccc ccccy ycccc cnccy ccccc cccz
    challenged                    ycccc ccccc ccccc ccccc ccccy ycccc cnccy ccccc cccz
    raising manager               ycccc ccccc ccccc ccccc ccccn ncccc cnccn ccccc cccz
    receiving manager             ycccc ccccc ccccc ccccc ccccn ncccc cnccn ccccc cccz
    raising deputy                ..... ..... ..... ..... ..... ..... ..... ..... ...z
    receiving deputy              ..... ..... ..... ..... ..... ..... ..... ..... ...z
    manager who declined          ycccc ccccc ccccc ccccc ccccn ncccc cnccn ccccc cccz
    deputy who is away            ..... ..... ..... ..... ..... ..... ..... ..... ...z
    raising senior                ycccc ccccc ccccc ccccc ccccn ncccc cnccy ccccc cccz
    receiving senior              ycccc ccccc ccccc ccccc ccccn ncccc cnccy ccccc cccz
    lead with a conflict          rrrrr rrrrr rrrrr rrrrr rrrrr rrrrr rrrrr rrrrr rrrz
    receiving safeguarding lead   ..... ..... ..... ..... ..... ..... ..... ..... ...z
    asked to the meeting          ..... ..... ..... ..... ..... ..... ..... ..... ...z
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
    supporter, gone               xxxxx xxxxx xxxxx xxxxx xxxxx xxxxx xxxxx xxxxx xxxz
    coordinator, gone             ..... ..... ..... ..... ..... ..... ..... ..... ...z
    raising colleague, gone       ..... ..... ..... ..... ..... ..... ..... ..... ...z
    challenged, not in directory  ycccc ccccc ccccc ccccc ccccy ycccc cnccy ccccc cccz

opened again at stage one
    raiser                        yywyy yynny wwysy ynyye eeeee emmmn mnmnh nuyvv nbnz
    challenged                    yyyyy yynny yynyy yyyye eeeee emmmn mnmnh nuynn nbnz
    raising manager               ynnnn ynnnn nnnnn nnnnn nnnnn nnnnn nnnnn nnnnn nnnz
    receiving manager             ynnnn ynnnn nnnnn nnnnn nnnnn nnnnn nnnnn nnnnn nnnz
    raising deputy                ..... ..... ..... ..... ..... ..... ..... ..... ...z
    receiving deputy              ..... ..... ..... ..... ..... ..... ..... ..... ...z
    manager who declined          ynnnn ynnnn nnnnn nnnnn nnnnn nnnnn nnnnn nnnnn nnnz
    deputy who is away            ..... ..... ..... ..... ..... ..... ..... ..... ...z
    raising senior                ..... ..... ..... ..... ..... ..... ..... ..... ...z
    receiving senior              ..... ..... ..... ..... ..... ..... ..... ..... ...z
    lead with a conflict          ..... ..... ..... ..... ..... ..... ..... ..... ...z
    receiving safeguarding lead   ..... ..... ..... ..... ..... ..... ..... ..... ...z
    asked to the meeting          ..... ..... ..... ..... ..... ..... ..... ..... ...z
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
    raising manager, gone         xxxxx xxxxx xxxxx xxxxx xxxxx xxxxx xxxxx xxxxx xxxz
    receiving deputy, gone        ..... ..... ..... ..... ..... ..... ..... ..... ...z
    scrutineer, gone              ..... ..... ..... ..... ..... ..... ..... ..... ...z
    supporter, gone               xxxxx xxxxx xxxxx xxxxx xxxxx xxxxx xxxxx xxxxx xxxz
    coordinator, gone             ..... ..... ..... ..... ..... ..... ..... ..... ...z
    raising colleague, gone       ..... ..... ..... ..... ..... ..... ..... ..... ...z
    challenged, not in directory  yyyyy yynny yynyy yyyye eeeee emmmn mnmnh nuynn nbnz
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
    PutOut: "r",
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
    AlreadyAcknowledged: "q",
    AlreadySigned: "g",
    NotCoordinator: "z",
    OfferedNow: "o",
}
OUT_OF_REACH = {NothingHere, PutOut, NotYours, NotActive, Closed, AlreadyOffered, StillOpen}


def read_table() -> dict[str, dict[str, str]]:
    """Letters without their spaces, by situation and kind of person."""
    table: dict[str, dict[str, str]] = {}
    for part in TABLE.strip().split("\n\n"):
        situation, *rows = part.splitlines()
        cells = (row.strip().partition("  ") for row in rows)
        table[situation] = {kind: letters.replace(" ", "") for kind, _, letters in cells}
    return table


EXPECTED = read_table()


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
        if isinstance(seeing, NothingHere | PutOut | NotActive):
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


def test_every_rule_that_somebody_carries_out_stands_in_a_column():
    assert acts() - OTHERWISE - called_in(situations_of) == set()
    assert len(acts()) > len(Act) - 5


# A button that is shown in private does nothing itself; the third test above tries it for each act.
OTHERWISE = {"response.offer_act"}


def test_every_kind_of_person_is_a_row_in_every_situation():
    assert set(EXPECTED) == set(situations())
    assert all(list(rows) == list(PEOPLE) for rows in EXPECTED.values())


def test_every_way_in_which_a_challenge_names_somebody_is_met_somewhere():
    """A field that comes to name people asks for somebody in it, and so for a row of theirs."""
    people = {*PEOPLE.values()}
    met = {at for c in situations().values() for at, who in named(c) if who in people}

    assert {*fields_naming(Challenge)} - ONLY_ONCE_SETTLED == met


# What should happen is done, and moved, once both sides have acknowledged the opinion: by then it
# stands in the settlement, which is met.
ONLY_ONCE_SETTLED = {"opinion.actions.done_by", "opinion.actions.new_day.by"}


def fields_naming(kind: object, at: str = "") -> Iterator[str]:
    """The path of every field of that kind, and of what stands in it, that holds a person."""
    if kind is PersonId:
        yield at
    elif isinstance(kind, type) and is_dataclass(kind) and kind is not Procedure:
        for name, inner in get_type_hints(kind).items():
            yield from fields_naming(inner, f"{at}.{name}".lstrip("."))
    for inner in get_args(kind):
        yield from fields_naming(inner, at)


def named(value: object, at: str = "") -> Iterator[tuple[str, str]]:
    """Whatever could be a person in there, and where it stands."""
    if isinstance(value, tuple):
        for each in value:
            yield from named(each, at)
    elif is_dataclass(value) and not isinstance(value, type | Procedure):
        for field in fields(value):
            yield from named(getattr(value, field.name), f"{at}.{field.name}".lstrip("."))
    elif isinstance(value, str) and at in {*fields_naming(Challenge)}:
        yield at, value


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
