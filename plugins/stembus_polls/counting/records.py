"""Every kind of record that a count can leave, and what the rest of the product asks of one, whatever its kind.

Each kind has `method`, `title`, `candidates`, `seats`, `withdrawn`, `elected`, `valid`, `blank` and `invalid`. No two
kinds share a `method`: by that a kept record is read back.
"""

from collections.abc import Mapping
from typing import get_args, get_type_hints

import msgspec
from msgspec import Struct

from stembus_ballots.approval import ApprovalRecord
from stembus_ballots.meek import MeekRecord
from stembus_ballots.pairwise import PairwiseRecord
from stembus_ballots.per_person import PerPersonRecord
from stembus_ballots.ranked_rounds import RankedRoundsRecord
from stembus_ballots.record import StvRecord
from stembus_ballots.whole import WholeRecord

RankedRecord = StvRecord | MeekRecord
"""Records of counts by stages, from rankings that were read one by one."""
FromRankings = RankedRecord | PairwiseRecord | RankedRoundsRecord
"""Records of all counts from rankings that were read one by one."""
Record = FromRankings | WholeRecord | ApprovalRecord | PerPersonRecord

OF_METHOD: Mapping[str, type[Record]] = {
    method: kind for kind in get_args(Record) for method in get_args(get_type_hints(kind)["method"])
}


def read_record(text: str) -> Record:
    """Return the record in its JSON. Raises msgspec.ValidationError, with the key, where it is not one."""
    return msgspec.json.decode(text, type=OF_METHOD[msgspec.json.decode(text, type=_Method).method])


def ballots_in(record: Record) -> int:
    """Return how many ballots a record speaks of, whatever they were worth."""
    return record.valid + record.blank + record.invalid + emptied_in(record)


def emptied_in(record: Record) -> int:
    """Return how many ballots ranked only candidates who withdrew; only rankings that are read one by one can."""
    return record.emptied if isinstance(record, FromRankings) else 0


def was_counted(record: Record) -> bool:
    """Whether ballots decided who is elected: not where there was nothing to choose."""
    if isinstance(record, WholeRecord):
        return record.vote is not None
    return not (isinstance(record, FromRankings) and record.uncontested)


def elected_in_stage(record: Record, candidate: int) -> int:
    """Return the stage (from 1) in which a candidate was elected; 0 where there were none, or not by this count."""
    if not isinstance(record, RankedRecord) or candidate not in record.elected:
        return 0
    return record.elected_stage[record.elected.index(candidate)]


class _Method(Struct):
    method: str
