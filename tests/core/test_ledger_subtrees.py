"""Proofs of a large log are made of the hashes of whole subtrees that are kept, and those are checked as well."""

from itertools import pairwise

import pytest
from sqlalchemy import event, text
from sqlmodel import col, insert, select

from stembus.errors import CheckFailed
from stembus.instance import Instance
from stembus.ledger.acts import Act
from stembus.ledger.keys import verifiers
from stembus.ledger.merkle import Subtree, inclusion_ranges, root_of, root_of_subtrees
from stembus.ledger.proofs import check_proof, prove_growth, prove_inclusion
from stembus.ledger.record import canonical, prepare
from stembus.ledger.seal import seal
from stembus.ledger.subtrees import subtrees_between
from stembus.ledger.tables import LedgerBody, LedgerCheckpoint, LedgerHash, LedgerLeaf, LedgerSubtree
from stembus.ledger.verify import verify

SIZES = (100, 256, 700, 1025)


@pytest.fixture
def log(instance: Instance) -> Instance:
    """1,025 acts, sealed under checkpoints of these sizes."""
    for before, size in pairwise((0, *SIZES)):
        with instance.write() as transaction:
            acts = [Act(kind="test.done", by=(), ground=f"{n}") for n in range(before, size)]
            rows = [prepare(transaction.now, act) for act in acts]
            for row_class, part in ((LedgerLeaf, 0), (LedgerBody, 1)):
                transaction.session.execute(
                    insert(row_class), [row[part].model_dump(exclude_none=True) for row in rows]
                )
        seal(instance)
    return instance


def hashes(instance: Instance) -> list[bytes]:
    with instance.read() as session:
        return list(session.exec(select(LedgerHash.hash).order_by(col(LedgerHash.position))))


def test_each_subtree_of_256_acts_is_kept_when_it_is_complete(log: Instance) -> None:
    leaves = hashes(log)
    with log.read() as session:
        kept = session.exec(select(LedgerSubtree).order_by(col(LedgerSubtree.place))).all()
    assert [(one.height, one.place, one.hash) for one in kept] == [
        (8, place, root_of(leaves[place * 256 : place * 256 + 256])) for place in range(4)
    ]
    assert verify(log).faults == ()


def test_a_range_of_a_proof_has_the_root_of_its_leaves(log: Instance) -> None:
    leaves = hashes(log)
    with log.read() as session:
        for position in (0, 255, 256, 699, 1023, 1024):
            for start, end in inclusion_ranges(1025, position):
                assert root_of_subtrees(subtrees_between(session, start, end)) == root_of(leaves[start:end])


def test_proofs_of_acts_and_of_growth_hold(log: Instance) -> None:
    with log.read() as session:
        keys = verifiers(session)
        notes = session.exec(select(LedgerCheckpoint.note).order_by(col(LedgerCheckpoint.size))).all()
        acts = [
            session.exec(select(LedgerLeaf.act_id).where(LedgerLeaf.position == position)).one()
            for position in (0, 300, 1024)
        ]
    for act_id in acts:
        check_proof(canonical.encode(prove_inclusion(log, act_id)), keys)
    for older in notes:
        for newer in notes[notes.index(older) :]:
            check_proof(canonical.encode(prove_growth(log, older, newer)), keys)


def test_a_proof_reads_less_than_the_log(log: Instance) -> None:
    asked: list[str] = []
    rows = 0
    with log.read() as session:
        event.listen(log.database.engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
        for start, end in inclusion_ranges(1024, 0):
            rows += len(list(subtrees_between(session, start, end)))
    assert rows == 255 + 3, "its own 256 leaves, and the subtrees beside them"
    assert len([one for one in asked if one.startswith("SELECT")]) == 10, "one question for each step"


@pytest.mark.parametrize(
    ("attack", "fault"),
    [
        ("UPDATE ledger_subtree SET hash = (SELECT hash FROM ledger_hash WHERE position = 1)", "was changed"),
        ("DELETE FROM ledger_subtree", "is missing"),
    ],
)
def test_l1_a_changed_subtree_is_named_and_makes_no_proof_that_holds(log: Instance, attack: str, fault: str) -> None:
    with log.database.connection() as connection:
        connection.execute(text(f"{attack} WHERE place = 2"))
    [found] = verify(log).faults
    assert found.what == f"the hash over the acts at positions 512 to 767 {fault}; the acts themselves fit"
    with log.read() as session:
        keys = verifiers(session)
        first = session.exec(select(LedgerLeaf.act_id).where(LedgerLeaf.position == 0)).one()
    with pytest.raises(CheckFailed):
        check_proof(canonical.encode(prove_inclusion(log, first)), keys)


def test_a_subtree_joins_those_beside_it() -> None:
    leaves = [bytes([n]) * 32 for n in range(7)]
    assert root_of_subtrees(Subtree(0, n, one) for n, one in enumerate(leaves)) == root_of(leaves)
    pair = Subtree(1, 0, root_of(leaves[:2]))
    assert root_of_subtrees([pair, Subtree(0, 2, leaves[2])]) == root_of(leaves[:3])
