"""Whatever one changes in a log, the judgement finds it: logs made in memory, changed at random."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stembus.ledger.acts import Act
from stembus.ledger.checkpoint import Checkpoint
from stembus.ledger.judge import judge
from stembus.ledger.merkle import Edge, leaf_hash
from stembus.ledger.note import Signer
from stembus.ledger.record import Leaf, canonical, commitment
from stembus.ledger.verdict import Entry, Frame, StoredBody, StoredCheckpoint, StoredKey

SIGNER = Signer.make("voorbeeldpartij.example/ledger")
AT = "2026-03-01T12:00:00.000000+00:00"


def entry(number: int) -> Entry:
    act = Act(kind="test.done", by=(), ground=f"decision {number}", subject={"n": str(number)})
    body, salt = canonical.encode(act), bytes([number]) * 32
    leaf = canonical.encode(
        Leaf(id=f"a{number}", kind=act.kind, at=AT, commitment=commitment(salt, body), public={}, destroys=())
    )
    return Entry(number, f"a{number}", AT, leaf, leaf_hash(leaf), StoredBody(act.kind, salt, body), act.subject)


def log(sizes: list[int]) -> tuple[list[Entry], Frame]:
    """Return a log with a checkpoint after each of these numbers of acts."""
    entries: list[Entry] = []
    checkpoints, edge = [], Edge()
    for size in sizes:
        previous = edge.size
        for _ in range(size):
            entries.append(entry(edge.size))
            edge.append(entries[-1].hash or b"")
        note = Checkpoint(SIGNER.name, edge.size, edge.root()).signed([SIGNER])
        checkpoints.append(StoredCheckpoint(edge.size, previous, note))
    keys = [StoredKey(1, str(SIGNER.verifier), None)]
    return entries, Frame(checkpoints, keys, (edge.size, edge.pack()), [])


def flipped(raw: bytes, at: int) -> bytes:
    at %= len(raw)
    return raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :]


def change_body(e: Entry, at: int) -> Entry:
    body = e.body or StoredBody("", b"", b"")
    return e._replace(body=body._replace(body=flipped(body.body, at)))


def change_salt(e: Entry, at: int) -> Entry:
    body = e.body or StoredBody("", b"", b"")
    return e._replace(body=body._replace(salt=flipped(body.salt, at)))


CHANGES: dict[str, Callable[[Entry, int], Entry]] = {
    "its body": change_body,
    "its salt": change_salt,
    "its leaf": lambda e, at: e._replace(leaf=flipped(e.leaf or b"", at)),
    "its hash": lambda e, at: e._replace(hash=flipped(e.hash or b"", at)),
    "leaf and hash alike": lambda e, at: e._replace(
        leaf=flipped(e.leaf or b"", at), hash=leaf_hash(flipped(e.leaf or b"", at))
    ),
    "its body away": lambda e, _: e._replace(body=None),
    "what it is about": lambda e, _: e._replace(subject={}),
    "its time": lambda e, _: e._replace(at="2026-03-01T13:00:00.000000+00:00"),
}
SIZES = st.lists(st.integers(1, 6), min_size=1, max_size=5)


@given(sizes=SIZES)
def test_a_log_that_nobody_touched_fits(sizes: list[int]) -> None:
    entries, frame = log(sizes)
    assert judge(entries, frame).faults == ()


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
@given(sizes=SIZES, which=st.integers(0, 1000), at=st.integers(0, 1000))
def test_one_changed_act_is_found_between_its_checkpoints(
    change: Callable[[Entry, int], Entry], sizes: list[int], which: int, at: int
) -> None:
    entries, frame = log(sizes)
    position = which % len(entries)
    entries[position] = change(entries[position], at)
    faults = judge(entries, frame).faults
    start = max((c.size for c in frame.checkpoints if c.size <= position), default=0)
    assert faults
    assert start <= faults[0].position <= position


@given(sizes=SIZES, which=st.integers(0, 1000), kind=st.sampled_from(["drop", "drop and close up", "double", "swap"]))
def test_acts_deleted_doubled_or_reordered_are_found(sizes: list[int], which: int, kind: str) -> None:
    entries, frame = log([*sizes, 2])
    position = which % (len(entries) - 1)
    if kind == "swap":
        one, two = entries[position : position + 2]
        entries[position : position + 2] = [two._replace(position=position), one._replace(position=position + 1)]
    elif kind == "double":
        entries.insert(position, entries[position])
    else:
        del entries[position]
        if kind == "drop and close up":
            entries = [e._replace(position=number) for number, e in enumerate(entries)]
    assert judge(entries, frame).faults


@given(sizes=SIZES, which=st.integers(0, 1000), at=st.integers(0, 1000))
def test_a_changed_checkpoint_is_found(sizes: list[int], which: int, at: int) -> None:
    entries, frame = log(sizes)
    number = which % len(frame.checkpoints)
    stored = frame.checkpoints[number]
    signed = stored.note.rpartition("\n\n")[0]
    changed = flipped(signed.encode(), at).decode(errors="replace") + stored.note[len(signed) :]
    frame.checkpoints[number] = stored._replace(note=changed)
    assert judge(entries, frame).faults
    del frame.checkpoints[number]
    assert judge(entries, frame).faults


@given(sizes=SIZES, cut=st.integers(1, 30))
def test_a_log_that_was_cut_off_is_found_by_whoever_kept_a_checkpoint(sizes: list[int], cut: int) -> None:
    _, whole = log(sizes)
    kept = Checkpoint.parse(whole.checkpoints[-1].note.partition("\n\n")[0] + "\n")
    shorter = max(kept.size - cut, 0)
    entries, frame = log([shorter]) if shorter else ([], Frame([], whole.keys, (0, b""), []))
    assert judge(entries, frame).faults == ()
    assert "rolled back" in judge(entries, frame._replace(against=kept)).faults[0].what
