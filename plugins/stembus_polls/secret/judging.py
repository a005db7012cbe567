"""Which verdict on the archive of a poll lets its result be counted, where two programs can have judged it. Pure."""

from typing import Literal

from stembus.words import N_
from stembus_procedures.sentence import Sentence

Program = Literal["stembus", "belenios_tool"]

NAMES: dict[Program, str] = {"stembus": "Stembus", "belenios_tool": "belenios-tool"}


def why_not_counted(decides: Program, holds: dict[Program, bool]) -> Sentence | None:
    """Return why the result may not be counted, or None. `holds` has what each program that was run found.

    Where both were run and differ, the policy names which decides. One alone decides by itself.
    """
    if not holds:
        return Sentence(N_("nobody has verified its archive yet"))
    decisive = decides if decides in holds else next(iter(holds))
    if holds[decisive]:
        return None
    return Sentence(N_("{program} does not accept its archive"), program=NAMES[decisive])
