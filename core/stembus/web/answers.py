"""What the read-only JSON API answers with."""

from datetime import date, datetime

import msgspec

from stembus_procedures.language.values import Words


class Moment(msgspec.Struct, frozen=True, kw_only=True):
    """A moment of a procedure; `at` in UTC, `day` and `clock` as people in the party's zone write it."""

    what: Words
    at: datetime
    day: date
    clock: str


class ProcedureShown(msgspec.Struct, frozen=True, kw_only=True):
    """A procedure in short. `fingerprint` is that of the policy that it runs under, `phase` where it stands."""

    id: str
    name: str
    policy: str
    version: str
    fingerprint: str
    phase: str
    held_by: str | None
    next_moment: Moment | None


class StageShown(msgspec.Struct, frozen=True, kw_only=True):
    """A stage of a procedure: what it is called, where it stands, which body has to act, and when it ends."""

    id: str
    kind: str
    name: Words
    phase: str
    owner: str
    ends: datetime | None


class ProcedureFull(ProcedureShown, frozen=True, kw_only=True):
    """A procedure with its stages and its calendar."""

    stages: tuple[StageShown, ...]
    calendar: tuple[Moment, ...]


class PolicyShown(msgspec.Struct, frozen=True, kw_only=True):
    """An adopted policy: its title, the decision that adopted it, and the hash of each of its texts by language."""

    id: str
    version: str
    fingerprint: str
    title: Words
    adopted_at: datetime
    decision: str
    texts: dict[str, str]


class CheckpointShown(msgspec.Struct, frozen=True, kw_only=True):
    """The newest checkpoint of the ledger: how many acts it holds, and the signed note (C2SP tlog-checkpoint)."""

    size: int
    note: str


class LeafShown(msgspec.Struct, frozen=True, kw_only=True):
    """One act as the log holds it: its place, the bytes that are hashed (as text), and nothing about anybody."""

    position: int
    leaf: str


class Wrong(msgspec.Struct, frozen=True, kw_only=True):
    """Why a question has no answer (RFC 9457): `status` is that of the answer, `detail` says what to do."""

    title: str
    status: int
    detail: str
    type: str = "about:blank"
