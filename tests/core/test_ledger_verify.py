"""Whoever changes, deletes or puts in any row of the ledger is found out, and the act is named."""

from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from sqlalchemy import text
from sqlmodel import Session, select

from stembus.clock import SetClock
from stembus.create import create_instance
from stembus.errors import CheckFailed, UnusableInput
from stembus.instance import Instance
from stembus.ledger.acts import Act, Actor
from stembus.ledger.checkpoint import Checkpoint, open_checkpoint
from stembus.ledger.keys import KEY_FILE, NEXT_KEY_FILE, current_signer, replace_key, verifiers
from stembus.ledger.merkle import leaf_hash, root_of
from stembus.ledger.note import Signer
from stembus.ledger.record import canonical, commitment
from stembus.ledger.seal import seal
from stembus.ledger.tables import LedgerBody, LedgerCheckpoint, LedgerHash, LedgerLeaf
from stembus.ledger.verdict import Verdict
from stembus.ledger.verify import verify, verify_as_seen
from stembus.plugins import Plugins

OFFICE = Actor(member_id="m-1", seat_id="s-1", capacity="board.secretary")


def record(instance: Instance, *numbers: int) -> list[str]:
    with instance.write() as transaction:
        return [
            transaction.record(
                Act(kind="test.done", by=(OFFICE,), ground=f"decision {n}", subject={"thing": str(n)}, public={"n": n})
            )
            for n in numbers
        ]


def keys_of(instance: Instance) -> list:  # type: ignore[type-arg]
    with instance.read() as session:
        return verifiers(session)


@pytest.fixture
def acts(instance: Instance, clock: SetClock) -> list[str]:
    """Nine sealed acts under three checkpoints, of 2, 5 and 9 acts; the ids in the order of their positions."""
    for batch in ((0, 1), (2, 3, 4), (5, 6, 7, 8)):
        record(instance, *batch)
        clock.set(clock.now() + timedelta(minutes=1))
        seal(instance)
    with instance.read() as session:
        return list(session.exec(select(LedgerLeaf.act_id).order_by(LedgerLeaf.position)))  # type: ignore[arg-type]


def attack(instance: Instance, *statements: str, **values: object) -> None:
    """Change rows as somebody who has the database, and not the key."""
    with instance.database.connection() as connection:
        for statement in statements:
            connection.execute(text(statement), values)


def first_fault(instance: Instance, against: Checkpoint | None = None) -> tuple[int, str | None, str]:
    verdict = verify(instance, against)
    assert verdict.faults, "the attack was not found"
    return verdict.faults[0]


def test_a_ledger_that_nobody_touched_fits(instance: Instance, acts: list[str]) -> None:
    assert verify(instance) == Verdict(size=9, unsealed=0, destroyed=0, checkpoints=3, faults=())


def test_an_empty_ledger_fits(instance: Instance) -> None:
    assert verify(instance) == Verdict(size=0, unsealed=0, destroyed=0, checkpoints=0, faults=())
    assert seal(instance) is None


def test_acts_that_wait_for_their_place_are_counted(instance: Instance, acts: list[str]) -> None:
    record(instance, 9, 10)
    assert verify(instance) == Verdict(size=9, unsealed=2, destroyed=0, checkpoints=3, faults=())


INSERT = (
    "INSERT INTO ledger_leaf (act_id, at, leaf, position) "
    "SELECT 'x', at, leaf, {place} FROM ledger_leaf WHERE position = 3"
)
ATTACKS = {
    "change a body": (
        3,
        "its body was changed",
        ["UPDATE ledger_body SET body = :blob WHERE act_id = :act3"],
    ),
    "change a salt": (
        3,
        "its body was changed",
        ["UPDATE ledger_body SET salt = :blob WHERE act_id = :act3"],
    ),
    "list a body under another kind": (
        3,
        "its body is listed as test.other",
        ["UPDATE ledger_body SET kind = 'test.other' WHERE act_id = :act3"],
    ),
    "delete a body": (
        3,
        "its body is missing and no act destroyed it",
        [
            "DELETE FROM ledger_subject WHERE act_id = :act3",
            "DELETE FROM ledger_actor WHERE act_id = :act3",
            "DELETE FROM ledger_body WHERE act_id = :act3",
        ],
    ),
    "delete a body and leave what it was about": (
        3,
        "what it was about is still listed",
        ["DELETE FROM ledger_body WHERE act_id = :act3"],
    ),
    "swap two bodies": (
        3,
        "its body was changed",
        [
            "UPDATE ledger_body SET salt = (SELECT salt FROM ledger_body WHERE act_id = :act4) WHERE act_id = :act3",
            "UPDATE ledger_body SET body = (SELECT body FROM ledger_body WHERE act_id = :act4) WHERE act_id = :act3",
        ],
    ),
    "change a subject": (
        3,
        "what it is about is listed otherwise",
        ["UPDATE ledger_subject SET value = 'another' WHERE act_id = :act3"],
    ),
    "delete a subject": (
        3,
        "what it is about is listed otherwise",
        ["DELETE FROM ledger_subject WHERE act_id = :act3"],
    ),
    "change who did it": (
        3,
        "who did it is listed otherwise",
        ["UPDATE ledger_actor SET member_id = 'm-7' WHERE act_id = :act3"],
    ),
    "delete who did it": (
        3,
        "who did it is listed otherwise",
        ["DELETE FROM ledger_actor WHERE act_id = :act3"],
    ),
    "put in who did it": (
        3,
        "who did it is listed otherwise",
        ["INSERT INTO ledger_actor (act_id, number, member_id, capacity) VALUES (:act3, 1, 'm-7', 'board.chair')"],
    ),
    "delete a body and leave who did it": (
        3,
        "who did it is still listed",
        [
            "DELETE FROM ledger_subject WHERE act_id = :act3",
            "DELETE FROM ledger_body WHERE act_id = :act3",
        ],
    ),
    "put in a hash over acts that are not there": (
        9,
        "over acts that are not there",
        ["INSERT INTO ledger_subtree (height, place, hash) VALUES (8, 0, :blob)"],
    ),
    "put in a subject": (
        3,
        "what it is about is listed otherwise",
        ["INSERT INTO ledger_subject (act_id, name, value) VALUES (:act3, 'member', 'm-7')"],
    ),
    "change a leaf into nonsense": (
        3,
        "its leaf was changed",
        ["UPDATE ledger_leaf SET leaf = :blob WHERE act_id = :act3"],
    ),
    "change the time of a row": (
        3,
        "its leaf at",
        ["UPDATE ledger_leaf SET at = '2026-02-01 00:00:00+00:00' WHERE act_id = :act3"],
    ),
    "delete an act": (
        3,
        "what was sealed here was deleted",
        [
            "DELETE FROM ledger_subject WHERE act_id = :act3",
            "DELETE FROM ledger_actor WHERE act_id = :act3",
            "DELETE FROM ledger_body WHERE act_id = :act3",
            "DELETE FROM ledger_leaf WHERE act_id = :act3",
        ],
    ),
    "delete an act and its hash": (
        3,
        "what stood at position 3 was deleted",
        [
            "DELETE FROM ledger_subject WHERE act_id = :act3",
            "DELETE FROM ledger_actor WHERE act_id = :act3",
            "DELETE FROM ledger_body WHERE act_id = :act3",
            "DELETE FROM ledger_leaf WHERE act_id = :act3",
            "DELETE FROM ledger_hash WHERE position = 3",
        ],
    ),
    "take an act out of its place": (
        3,
        "what was sealed here was deleted",
        ["UPDATE ledger_leaf SET position = NULL WHERE act_id = :act3"],
    ),
    "swap two acts": (
        3,
        "what was sealed here now stands at position 7",
        [
            "UPDATE ledger_leaf SET position = NULL WHERE act_id = :act3",
            "UPDATE ledger_leaf SET position = 3 WHERE act_id = :act7",
            "UPDATE ledger_leaf SET position = 7 WHERE act_id = :act3",
        ],
    ),
    "swap two acts and their hashes": (
        2,
        "one or more of the acts at positions 2 to 4 were changed, put in or reordered",
        [
            "UPDATE ledger_leaf SET position = NULL WHERE act_id = :act3",
            "UPDATE ledger_leaf SET position = 3 WHERE act_id = :act7",
            "UPDATE ledger_leaf SET position = 7 WHERE act_id = :act3",
            "UPDATE ledger_hash SET position = 99 WHERE position = 3",
            "UPDATE ledger_hash SET position = 3 WHERE position = 7",
            "UPDATE ledger_hash SET position = 7 WHERE position = 99",
        ],
    ),
    "put an act before the first": (
        -1,
        "it was put in at a place that does not exist",
        [INSERT.format(place=-1)],
    ),
    "put an act at the end": (
        9,
        "its row is listed as x",
        [INSERT.format(place=9)],
    ),
    "change a hash": (
        3,
        "the hash stored beside it was changed; the act itself fits",
        ["UPDATE ledger_hash SET hash = :blob WHERE position = 3"],
    ),
    "put in a hash": (9, "a place that no checkpoint covers", ["INSERT INTO ledger_hash VALUES (9, :blob)"]),
    "change a checkpoint": (
        4,
        "the note was changed or forged",
        ["UPDATE ledger_checkpoint SET note = replace(note, '\n5\n', '\n6\n') WHERE size = 5"],
    ),
    "list a checkpoint under another size": (
        3,
        "it is listed as one of 4 acts, and states 5",
        ["UPDATE ledger_checkpoint SET size = 4 WHERE size = 5"],
    ),
    "delete a checkpoint": (
        8,
        "the checkpoint of 5 acts before it was deleted",
        ["DELETE FROM ledger_checkpoint WHERE size = 5"],
    ),
    "delete the last checkpoint": (
        5,
        "a place that no checkpoint covers",
        ["DELETE FROM ledger_checkpoint WHERE size = 9"],
    ),
    "change the chain of checkpoints": (
        4,
        "the checkpoint of 1 acts before it was deleted",
        ["UPDATE ledger_checkpoint SET previous = 1 WHERE size = 5"],
    ),
    "cut off the end": (
        5,
        "the sequencer counts 9 sealed acts, the last checkpoint 5",
        [
            "DELETE FROM ledger_subject WHERE act_id IN (:act5, :act6, :act7, :act8)",
            "DELETE FROM ledger_actor WHERE act_id IN (:act5, :act6, :act7, :act8)",
            "DELETE FROM ledger_body WHERE act_id IN (:act5, :act6, :act7, :act8)",
            "DELETE FROM ledger_leaf WHERE act_id IN (:act5, :act6, :act7, :act8)",
            "DELETE FROM ledger_hash WHERE position > 4",
            "DELETE FROM ledger_checkpoint WHERE size = 9",
        ],
    ),
    "cut off the last acts under a checkpoint": (
        7,
        "what was sealed here was deleted",
        [
            "DELETE FROM ledger_subject WHERE act_id IN (:act7, :act8)",
            "DELETE FROM ledger_actor WHERE act_id IN (:act7, :act8)",
            "DELETE FROM ledger_body WHERE act_id IN (:act7, :act8)",
            "DELETE FROM ledger_leaf WHERE act_id IN (:act7, :act8)",
        ],
    ),
    "change the sequencer": (8, "the sequencer's right edge was changed", ["UPDATE ledger_sequencer SET edge = :blob"]),
    "set the sequencer back": (5, "the sequencer counts 5 sealed acts", ["UPDATE ledger_sequencer SET size = 5"]),
    "delete the sequencer": (8, "the sequencer's row was deleted", ["DELETE FROM ledger_sequencer"]),
    "put in a key": (
        0,
        "cannot be read: expected name+hash+key",
        ["INSERT INTO ledger_key (number, verifier) VALUES (2, 'mine')"],
    ),
    "delete the key": (0, "the ledger has lost its public key", ["DELETE FROM ledger_key"]),
}


def test_l1_rows_changed_by_sql_are_named(instance: Instance, acts: list[str]) -> None:
    values = {f"act{n}": act_id for n, act_id in enumerate(acts)} | {"blob": b"\x00" * 32}
    wrong = {}
    for name, (position, said, statements) in ATTACKS.items():
        with Session(instance.database.engine) as session:
            for statement in statements:
                used = {key: value for key, value in values.items() if f":{key}" in statement}
                session.execute(text(statement), used)
            faults = verify_as_seen(session).faults
        at_first = [fault for fault in faults if fault.position == faults[0].position]
        named = {fault.act_id for fault in at_first} <= {acts[3], acts[7], None} or position != 3
        if not (named and faults and faults[0].position == position and any(said in f.what for f in at_first)):
            wrong[name] = faults
    assert wrong == {}
    assert verify(instance).faults == ()


def test_l1_a_leaf_that_was_rewritten_with_its_body_is_named(instance: Instance, acts: list[str]) -> None:
    rewrite(instance, acts[6])
    assert first_fault(instance) == (6, acts[6], "its leaf was changed, or another act was put in its place")


def test_l1_a_leaf_that_was_rewritten_with_body_and_hash_is_narrowed_down_to_its_checkpoint(
    instance: Instance, acts: list[str]
) -> None:
    attack(
        instance, "UPDATE ledger_hash SET hash = :hash WHERE position = 6", hash=leaf_hash(rewrite(instance, acts[6]))
    )
    position, _, said = first_fault(instance)
    assert position == 5
    assert said.startswith("one or more of the acts at positions 5 to 8 were changed")


def test_l1_an_act_put_between_others_is_named(instance: Instance, acts: list[str]) -> None:
    attack(
        instance,
        "UPDATE ledger_leaf SET position = position + 100 WHERE position >= 6",
        "UPDATE ledger_leaf SET position = position - 99 WHERE position >= 100",
        INSERT.format(place=6),
    )
    faults = [fault for fault in verify(instance).faults if fault.position == 6]
    assert any("what was sealed here now stands at position 7" in fault.what for fault in faults)


def test_l1_a_body_of_no_act_is_named(instance: Instance, acts: list[str]) -> None:
    stray = "INSERT INTO ledger_subject VALUES ('stray', 'thing', '1')"
    connection = instance.database.engine.raw_connection()
    cursor = connection.cursor()
    cursor.execute(
        "PRAGMA foreign_keys=OFF" if instance.database.is_sqlite else "SET session_replication_role = replica"
    )
    cursor.execute(stray)
    connection.commit()
    connection.invalidate()
    assert first_fault(instance) == (-1, "stray", "a body of no act was put in")


def rewrite(instance: Instance, act_id: str) -> bytes:
    """Change an act thoroughly: body and leaf agree with each other afterwards. Returns the new leaf."""
    salt = b"\x01" * 32
    with instance.read() as session:
        old, old_body = session.get(LedgerLeaf, act_id), session.get(LedgerBody, act_id)
        assert old is not None
        assert old_body is not None
        act = msgspec.json.decode(old_body.body, type=Act)
        body = canonical.encode(msgspec.structs.replace(act, ground="forged"))
        start = old.leaf.index(b'"commitment":"') + len(b'"commitment":"')
        leaf = old.leaf[:start] + commitment(salt, body).encode() + old.leaf[start + 64 :]
    attack(
        instance,
        "UPDATE ledger_leaf SET leaf = :leaf WHERE act_id = :act",
        act=act_id,
        leaf=leaf,
    )
    attack(
        instance,
        "UPDATE ledger_body SET body = :body, salt = :salt WHERE act_id = :act",
        act=act_id,
        body=body,
        salt=salt,
    )
    return leaf


def test_l3_a_checkpoint_signed_by_another_key_is_not_believed(instance: Instance, acts: list[str]) -> None:
    with instance.read() as session:
        root = root_of(list(session.exec(select(LedgerHash.hash).order_by(LedgerHash.position))))  # type: ignore[arg-type]
    forged = Checkpoint("voorbeeldpartij.example/ledger", 9, root).signed(
        [Signer.make("voorbeeldpartij.example/ledger")]
    )
    attack(instance, "UPDATE ledger_checkpoint SET note = :note WHERE size = 9", note=forged)
    assert "No known key signed this note" in first_fault(instance)[2]


def test_l3_a_replaced_key_still_speaks_for_its_own_time(instance: Instance, acts: list[str]) -> None:
    old = keys_of(instance)[0]
    new = replace_key(instance, lambda _: (OFFICE,), "the laptop with the key was lost for a day")
    record(instance, 9)
    seal(instance)
    assert verify(instance).faults == ()
    with instance.read() as session:
        notes = {row.size: row.note for row in session.exec(select(LedgerCheckpoint))}
    assert open_checkpoint(notes[9], [old, new]).signed_by == (old,)
    assert open_checkpoint(notes[10], [old, new]).signed_by == (old, new)
    assert open_checkpoint(notes[11], [old, new]).signed_by == (new,)


def test_l3_a_checkpoint_signed_by_the_old_key_after_its_replacement_is_not_believed(
    instance: Instance, acts: list[str]
) -> None:
    with instance.read() as session:
        old = current_signer(session, instance.folder)
    replace_key(instance, lambda _: (OFFICE,), "a year has passed")
    record(instance, 9)
    seal(instance)
    with instance.read() as session:
        row = session.get(LedgerCheckpoint, 11)
        assert row is not None
        stated = Checkpoint.parse(row.note.partition("\n\n")[0] + "\n")
    attack(instance, "UPDATE ledger_checkpoint SET note = :note WHERE size = 11", note=stated.signed([old]))
    assert "No known key signed this note" in first_fault(instance)[2]


def test_l3_a_key_cannot_be_put_in_without_the_old_one(instance: Instance, acts: list[str]) -> None:
    own = Signer.make("voorbeeldpartij.example/ledger")
    with instance.write() as transaction:
        act_id = transaction.record(
            Act(kind="ledger.key_replaced", by=(), ground="", public={"number": 2, "verifier": str(own.verifier)})
        )
    attack(
        instance,
        "INSERT INTO ledger_key (number, verifier, act_id) VALUES (2, :key, :act)",
        key=str(own.verifier),
        act=act_id,
    )
    (instance.folder / KEY_FILE).write_text(own.file_text())
    seal(instance)
    assert "the key that was replaced did not sign it as well" in first_fault(instance)[2]


def test_a_replacement_that_was_interrupted_after_its_commit_is_finished(instance: Instance, acts: list[str]) -> None:
    before = (instance.folder / KEY_FILE).read_text()
    replace_key(instance, lambda _: (OFFICE,), "a year has passed")
    (instance.folder / KEY_FILE).replace(instance.folder / NEXT_KEY_FILE)
    (instance.folder / KEY_FILE).write_text(before)
    record(instance, 9)
    seal(instance)
    assert verify(instance).faults == ()
    assert not (instance.folder / NEXT_KEY_FILE).exists()


def test_without_its_key_the_log_is_not_sealed_and_nothing_is_lost(instance: Instance, acts: list[str]) -> None:
    record(instance, 9)
    (instance.folder / KEY_FILE).rename(instance.folder / "elsewhere")
    with pytest.raises(CheckFailed, match="put that file back from its safe copy"):
        seal(instance)
    assert verify(instance).unsealed == 1
    (instance.folder / "elsewhere").rename(instance.folder / KEY_FILE)
    seal(instance)
    assert verify(instance).size == 10


def test_the_key_is_readable_by_its_owner_only_and_not_in_the_database(instance: Instance) -> None:
    file = instance.folder / KEY_FILE
    assert file.stat().st_mode & 0o777 == 0o600
    secret = file.read_text().strip().split("+", 4)[4]  # base64, which may itself hold a plus
    assert len(secret) > 40
    with Session(instance.database.engine) as session:
        assert secret not in str(session.execute(text("SELECT * FROM ledger_key")).all())


def newest(instance: Instance) -> Checkpoint:
    note = seal(instance)
    assert note is not None
    return open_checkpoint(note, keys_of(instance)).checkpoint


def test_the_log_grew_from_a_checkpoint_that_somebody_kept(instance: Instance, acts: list[str]) -> None:
    held = newest(instance)
    record(instance, 9, 10)
    seal(instance)
    assert verify(instance, held).faults == ()


def test_l4_an_administrator_with_the_key_who_rebuilds_the_log_is_found_by_an_older_checkpoint(
    instance: Instance, acts: list[str]
) -> None:
    held = newest(instance)
    attack(
        instance,
        "DELETE FROM ledger_subject WHERE act_id = :act3",
        "DELETE FROM ledger_actor WHERE act_id = :act3",
        act3=acts[3],
    )
    attack(instance, "DELETE FROM ledger_body WHERE act_id = :act3", act3=acts[3])
    attack(
        instance,
        "DELETE FROM ledger_hash",
        "DELETE FROM ledger_checkpoint",
        "UPDATE ledger_sequencer SET size = 0, edge = ''",
        "UPDATE ledger_leaf SET position = NULL",
    )
    attack(instance, "DELETE FROM ledger_leaf WHERE act_id = :act3", act3=acts[3])
    record(instance, 9, 10)
    seal(instance)
    assert verify(instance).faults == ()
    assert first_fault(instance, held)[2] == (
        "the log was rewritten: its first 9 acts are not those of the older checkpoint"
    )


def test_a_log_that_was_rolled_back_is_found_by_a_checkpoint_that_was_published(
    instance: Instance, acts: list[str]
) -> None:
    published = Checkpoint(newest(instance).origin, 12, bytes(32))
    assert first_fault(instance, published) == (
        9,
        None,
        "the log was rolled back: it holds 9 acts, the older checkpoint 12",
    )


def test_l7_a_leaf_holds_no_personal_data(instance: Instance, acts: list[str]) -> None:
    with instance.read() as session:
        leaves: bytes = b"".join(row.leaf for row in session.exec(select(LedgerLeaf)))
    for personal in (b"m-1", b"s-1", b"board.secretary", b"decision", b"thing"):
        assert personal not in leaves


def test_an_act_that_could_not_be_read_back_is_not_recorded(instance: Instance) -> None:
    with pytest.raises(msgspec.ValidationError), instance.write() as transaction:
        transaction.record(Act(kind="test.done", by=(), ground="", subject={"thing": 1}))  # type: ignore[dict-item]
    assert verify(instance).unsealed == 0


class RefusingPlugins(Plugins):
    def act_recorded(self, *_: object) -> None:
        raise OSError("the disk is full")


def test_l8_an_act_that_cannot_be_written_undoes_its_change(instance: Instance, acts: list[str]) -> None:
    instance.plugins = RefusingPlugins({})
    with pytest.raises(OSError, match="the disk is full"):
        record(instance, 9)
    assert verify(instance) == Verdict(size=9, unsealed=0, destroyed=0, checkpoints=3, faults=())


def test_a_database_that_holds_a_ledger_gets_no_second_one(
    instance: Instance, tmp_path: Path, database_url: str
) -> None:
    with pytest.raises(UnusableInput, match="already holds a ledger"):
        create_instance(tmp_path / "second", organisation="Anders", origin="anders.example", database_url=database_url)
    assert not (tmp_path / "second" / KEY_FILE).exists()
