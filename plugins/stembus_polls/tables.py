"""All row classes of the polls."""

from sqlmodel import SQLModel

from stembus_polls.counting.tables import COUNTING_TABLES
from stembus_polls.paper.tables import PAPER_TABLES

TABLES: tuple[type[SQLModel], ...] = (*PAPER_TABLES, *COUNTING_TABLES)
