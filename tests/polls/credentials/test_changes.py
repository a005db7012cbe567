"""A lost code is replaced, a proxy given, a vote on paper let in: by two, in public, and never after a vote."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from authority_machine import Machine
from typed_command import typed

from stembus.clock import SetClock
from stembus_ballots.protocol.credential_list import CredentialList
from stembus_ballots.protocol.credentials import read_public_credentials
from stembus_ballots.protocol.typed_credential import shown


def published(machine: Machine) -> CredentialList:
    """Return the list that everybody can download, as an auditor reads it."""
    weights = read_public_credentials(machine.made.public.credentials.encode(), machine.election.group, weighted=False)
    return CredentialList.read(machine.listed.read_bytes(), machine.election, weights)


@pytest.fixture
def ready(machine: Machine) -> Machine:
    """A machine that took over what the server publishes."""
    told = machine.update()
    assert told.code == 0, told.err
    assert told.out == "0 entries; 6 active for a roll of 6, 5 wait.\n"
    return machine


def test_e7_a_lost_code_is_void_and_a_new_one_counts(ready: Machine, tmp_path: Path) -> None:
    old, out = ready.given("102"), tmp_path / "entries.jsonl"
    told = ready.type("reissue", "102", *ready.signed_by(0, 1), "--out", out)
    assert told.code == 0, told.err
    ready.enter(out)
    now, new = published(ready), ready.given("102")
    assert old.key in now.void
    assert new.key in now.active
    assert new.credential != old.credential
    assert (len(now.active), now.roll) == (6, 6)
    assert shown(new.credential) not in told.out


def test_e7_a_code_that_was_voted_with_is_never_replaced(ready: Machine, tmp_path: Path) -> None:
    ready.vote("102")
    assert ready.update().code == 0
    sealed = (ready.folder / "credentials.sealed").read_bytes()
    told = ready.type("reissue", "102", *ready.signed_by(0, 1), "--out", tmp_path / "out")
    assert told.code == 1
    assert "the first vote is final" in told.err
    assert not (tmp_path / "out").exists()
    assert (ready.folder / "credentials.sealed").read_bytes() == sealed


def test_the_second_officer_signs_on_a_machine_of_their_own(
    ready: Machine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pending, line = tmp_path / "pending", tmp_path / "line"
    told = ready.type("void", "103", "--ground", "struck", *ready.signed_by(0), "--out", pending)
    assert told.code == 0, told.err
    assert "for the second officer" in told.out
    words = (
        "credentials", "countersign", pending, "--archive", ready.archive, "--list", ready.listed,
        *ready.signed_by(1), "--out", line,
    )  # fmt: skip
    monkeypatch.setattr("click.termui.visible_prompt_func", lambda _prompt: "y")
    done = ready.run(*words)
    assert done.code == 0, done.err
    assert "becomes void (struck)" in done.out
    ready.enter(line)
    assert ready.given("103").key in published(ready).void
    assert published(ready).roll == 5


def test_one_officer_alone_changes_nothing(ready: Machine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pending = tmp_path / "pending"
    ready.type("void", "103", "--ground", "struck", *ready.signed_by(0), "--out", pending)
    monkeypatch.setattr("click.termui.visible_prompt_func", lambda _prompt: "y")
    told = ready.run(
        "credentials", "countersign", pending, "--archive", ready.archive, "--list", ready.listed,
        *ready.signed_by(0), "--out", tmp_path / "line",
    )  # fmt: skip
    assert told.code == 1
    assert "only one signature" in told.err
    assert not (tmp_path / "line").exists()


def test_a_proxy_votes_with_a_code_of_its_own_once_the_givers_is_void(ready: Machine, tmp_path: Path) -> None:
    early = ready.type(
        "activate", "101", "--proxy-of", "104", "--ground", "proxy", "--replaces", 1, *ready.signed_by(0, 1),
        "--out", tmp_path / "early",
    )  # fmt: skip
    assert early.code == 1
    assert "takes the place of entry 1, which leaves none for it" in early.err
    voided = ready.type("void", "104", "--ground", "proxy", *ready.signed_by(0, 1), "--out", tmp_path / "void")
    assert voided.code == 0, voided.err
    given = ready.type(
        "activate", "101", "--proxy-of", "104", "--ground", "proxy", "--replaces", 1, *ready.signed_by(0, 1),
        "--out", tmp_path / "active",
    )  # fmt: skip
    assert given.code == 0, given.err
    ready.enter(tmp_path / "void")
    ready.enter(tmp_path / "active")
    now = published(ready)
    assert ready.given("104").key in now.void
    assert {ready.given("101").key, ready.given("101", proxy_of="104").key} <= now.active
    assert len(now.active) == now.roll


def test_a_vote_on_paper_counts_once_the_code_of_its_voter_is_void(ready: Machine, tmp_path: Path) -> None:
    words = ("credentials", "activate-paper", "--folder", ready.folder, *ready.signed_by(0, 1))
    early = ready.run(*words, "--out", tmp_path / "early")
    assert early.code == 1
    assert "more votes on paper than voters struck off" in early.err
    assert ready.type("void", "105", "--ground", "paper", *ready.signed_by(0, 1), "--out", tmp_path / "v").code == 0
    assert ready.run(*words, "--out", tmp_path / "a").code == 0
    ready.enter(tmp_path / "v")
    ready.enter(tmp_path / "a")
    assert len(published(ready).active) == 6


def test_the_key_of_a_stranger_signs_nothing(ready: Machine, tmp_path: Path) -> None:
    stranger = tmp_path / "stranger.key"
    ready.run("credentials", "key", stranger, "--name", "X", "--passphrase-file", ready.passphrase)
    told = ready.type(
        "void", "101", "--ground", "struck", "--key", stranger, "--key-passphrase-file", ready.passphrase,
        "--out", tmp_path / "out",
    )  # fmt: skip
    assert told.code == 1
    assert "not one of those that sign" in told.err


def test_spares_run_out_and_nothing_changes(ready: Machine, tmp_path: Path) -> None:
    for number in ("101", "102", "103"):
        assert ready.type("reissue", number, *ready.signed_by(0, 1), "--out", tmp_path / number).code == 0
    told = ready.type("reissue", "104", *ready.signed_by(0, 1), "--out", tmp_path / "out")
    assert told.code == 1
    assert "no spare code left" in told.err
    assert len(ready.kept.given) == 9


def test_before_anything_was_taken_over_it_says_what_to_do(machine: Machine, tmp_path: Path) -> None:
    told = machine.type("void", "101", "--ground", "lost", *machine.signed_by(0), "--out", tmp_path / "out")
    assert told.code == 2
    assert "stembus credentials update" in told.err


def test_a_list_that_lost_an_entry_is_not_taken_over(ready: Machine, tmp_path: Path) -> None:
    before = ready.listed.read_bytes()
    ready.type("reissue", "101", *ready.signed_by(0, 1), "--out", tmp_path / "out")
    ready.enter(tmp_path / "out")
    assert ready.update().code == 0
    ready.listed.write_bytes(before)
    told = ready.update()
    assert told.code == 1
    assert "does not continue the one that is kept here" in told.err


def test_an_archive_of_another_poll_is_not_taken_over(machine: Machine) -> None:
    machine.archive.write_bytes(machine.archive.read_bytes()[:-512])
    assert "is no archive of a poll" in machine.update().err
    machine.archive.unlink()
    assert "cannot be read" in machine.update().err


def test_all_who_voted_on_paper_lose_their_codes_at_once_and_as_many_papers_count(
    ready: Machine, tmp_path: Path
) -> None:
    numbers, out = tmp_path / "numbers.txt", tmp_path / "entries.jsonl"
    numbers.write_text("102\n103\n\n", encoding="utf-8")
    told = ready.type("papers", numbers, "--not-in-box", 1, *ready.signed_by(0, 1), "--out", out)
    assert told.code == 0, told.err
    assert "2 codes void, 1 papers let in" in told.out
    ready.enter(out)
    now = published(ready)
    assert now.grounds == {"void: paper": 2, "active: paper": 1}
    assert {ready.given("102").key, ready.given("103").key} == now.void
    assert ready.type("papers", numbers, *ready.signed_by(0), "--out", tmp_path / "alone").code == 2
    too_many = ready.type("papers", numbers, "--not-in-box", 3, *ready.signed_by(0, 1), "--out", tmp_path / "x")
    assert (too_many.code, too_many.err) == (2, "3 papers were carried off, of 2.\n")


def test_the_list_is_closed_with_what_sealed_the_box_and_not_before(ready: Machine, tmp_path: Path) -> None:
    out = tmp_path / "closing.jsonl"
    early = ready.type("close", ready.archive, *ready.signed_by(0, 1), "--out", out)
    assert (early.code, "not sealed yet" in early.err) == (2, True)
    assert ready.type("close", ready.listed, *ready.signed_by(0, 1), "--out", out).code == 2
    ready.writer.append("EndBallots")
    ready.publish()
    assert ready.type("close", ready.archive, *ready.signed_by(0), "--out", out).code == 2
    told = ready.type("close", ready.archive, *ready.signed_by(0, 1), "--out", out)
    assert told.code == 0, told.err
    ready.enter(out)
    assert published(ready).closed


@pytest.mark.parametrize(
    ("at", "is_kept"),
    [
        (datetime(2026, 3, 9, 16, tzinfo=UTC), True),
        (datetime(2026, 6, 30, 21, 59, tzinfo=UTC), True),
        (datetime(2026, 6, 30, 22, tzinfo=UTC), False),
    ],
    ids=["the vote closes", "the last minute of the last day here", "the day after"],
)
def test_the_list_is_kept_until_nobody_can_annul_the_result(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: datetime, is_kept: bool
) -> None:
    machine = Machine(tmp_path, typed(capsys), keep_until=date(2026, 6, 30))
    monkeypatch.setattr("stembus_polls.commands.credentials_change.SystemClock", lambda: SetClock(at))
    statement = tmp_path / "destroyed.json"
    alone = machine.type("destroy", *machine.signed_by(0), "--out", statement)
    assert alone.code == 1
    told = machine.type("destroy", *machine.signed_by(0, 1), "--out", statement)
    if is_kept:
        assert "kept until 2026-06-30" in told.err.replace("\n", " ")
    else:
        assert "two officers" in alone.err
        assert "Gone: credentials.sealed" in told.out
    assert (machine.folder / "credentials.sealed").exists() == is_kept
    assert statement.exists() != is_kept
