"""All row classes of the polls."""

from sqlmodel import SQLModel

from stembus_polls.bureau.tables import BUREAU_TABLES
from stembus_polls.candidates.tables import CANDIDATE_TABLES
from stembus_polls.counting.tables import COUNTING_TABLES
from stembus_polls.lots.tables import LOT_TABLES
from stembus_polls.meeting.tables import MEETING_TABLES
from stembus_polls.paper.tables import PAPER_TABLES
from stembus_polls.publishing.tables import PUBLISHING_TABLES
from stembus_polls.roll.tables import ROLL_TABLES
from stembus_polls.secret.tables import SECRET_TABLES
from stembus_polls.secret.trustees.tables import TRUSTEE_TABLES

TABLES: tuple[type[SQLModel], ...] = (
    *PAPER_TABLES,
    *COUNTING_TABLES,
    *CANDIDATE_TABLES,
    *LOT_TABLES,
    *ROLL_TABLES,
    *BUREAU_TABLES,
    *MEETING_TABLES,
    *PUBLISHING_TABLES,
    *SECRET_TABLES,
    *TRUSTEE_TABLES,
)
