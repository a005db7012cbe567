"""The acts of two of the core, side by side."""

from stembus.access.grave_acts import GraveAct
from stembus.access.recovery import LET_IN
from stembus.conduct.grave_acts import CONDUCT_GRAVE_ACTS
from stembus.documents.grave_acts import ADOPT_DOCUMENT
from stembus.organisation.grave_acts import ORGANISATION_GRAVE_ACTS
from stembus.vault.grave_acts import DESTROY

CORE_GRAVE_ACTS: tuple[GraveAct, ...] = (
    *CONDUCT_GRAVE_ACTS,
    *ORGANISATION_GRAVE_ACTS,
    ADOPT_DOCUMENT,
    DESTROY,
    LET_IN,
)
