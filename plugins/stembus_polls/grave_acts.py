"""The acts of a poll that one person proposes and another one confirms."""

from stembus.access.grave_acts import GraveAct
from stembus_polls.grave.box import BOX_GRAVE_ACTS
from stembus_polls.grave.counting import COUNTING_GRAVE_ACTS
from stembus_polls.grave.others import OTHER_GRAVE_ACTS
from stembus_polls.grave.papers import PAPER_GRAVE_ACTS
from stembus_polls.grave.roll import ROLL_GRAVE_ACTS

GRAVE_ACTS: tuple[GraveAct, ...] = (
    *ROLL_GRAVE_ACTS,
    *OTHER_GRAVE_ACTS,
    *PAPER_GRAVE_ACTS,
    *BOX_GRAVE_ACTS,
    *COUNTING_GRAVE_ACTS,
)
