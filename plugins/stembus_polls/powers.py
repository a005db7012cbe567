"""The powers that holding a poll asks for. The adopted definition of a body grants them to its seats."""

from stembus.organisation.powers import Power

PAPER_PRINT = "polls.paper_print"
PAPER_HAND_OUT = "polls.paper_hand_out"
PAPER_ACCOUNT = "polls.paper_account"
PAPER_TYPE = "polls.paper_type"
PAPER_RULE = "polls.paper_rule"
COUNT = "polls.count"
DECLARE = "polls.declare"
PUBLISH = "polls.publish"
NOTE = "polls.note"
ENTER = "polls.enter"
MEETING_RECORD = "polls.meeting_record"

BOX_PREPARE = "polls.box_prepare"
BOX_SEAL = "polls.box_seal"

PAPER_POWERS: tuple[Power, ...] = (
    Power(
        name=PAPER_PRINT,
        nl="stembiljetten laten drukken en per post versturen",
        en="have ballot papers printed and sent by post",
        in_branch=True,
    ),
    Power(
        name=PAPER_HAND_OUT,
        nl="stembiljetten uitreiken en leden afstrepen",
        en="hand out ballot papers and strike members off",
        in_branch=True,
    ),
    Power(
        name=PAPER_ACCOUNT,
        nl="de stembiljetten verantwoorden en nummeren",
        en="account for the ballot papers and number them",
        grave=True,
        in_branch=True,
    ),
    Power(name=PAPER_TYPE, nl="stembiljetten overtypen", en="type over ballot papers", in_branch=True),
    Power(
        name=PAPER_RULE,
        nl="over een twijfelachtig stembiljet oordelen",
        en="rule on a doubtful ballot paper",
        grave=True,
        in_branch=True,
    ),
    Power(
        name=COUNT,
        nl="tellen, hertellen en een loting invoeren",
        en="count, recount and enter a lot",
        grave=True,
        in_branch=True,
    ),
    Power(name=DECLARE, nl="de uitslag vaststellen", en="declare the result", grave=True, in_branch=True),
    Power(name=PUBLISH, nl="de uitslag bekendmaken", en="make the result public", grave=True, in_branch=True),
    Power(
        name=NOTE,
        nl="voorvallen, klachten en een afwijkende mening vastleggen",
        en="record incidents, complaints and a dissent",
        in_branch=True,
    ),
)

OFFICE_POWERS: tuple[Power, ...] = (
    Power(
        name=ENTER,
        nl="invoeren wat leden inleveren: kandidaatstellingen, bezwaren, verklaringen",
        en="enter what members hand in: candidacies, objections, declarations",
        in_branch=True,
    ),
    Power(
        name=MEETING_RECORD,
        nl="het verslag van de vergadering invoeren",
        en="enter the record of the meeting",
        grave=True,
        in_branch=True,
    ),
)

BOX_POWERS: tuple[Power, ...] = (
    Power(
        name=BOX_PREPARE,
        nl="een geheime elektronische stemming voorbereiden en inrichten",
        en="prepare and set up a secret electronic vote",
        grave=True,
        in_branch=True,
    ),
    Power(
        name=BOX_SEAL,
        nl="de elektronische stembus verzegelen",
        en="seal the electronic ballot box",
        grave=True,
        in_branch=True,
    ),
)

POWERS: tuple[Power, ...] = (*PAPER_POWERS, *OFFICE_POWERS, *BOX_POWERS)
