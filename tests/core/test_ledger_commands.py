"""`stembus ledger`: what the office, a member and an auditor type, and what they read."""

from pathlib import Path

import pytest
from sqlalchemy import text
from typed_command import Run, typed

from stembus.instance import Instance
from stembus.ledger.acts import Act, ActKind, Actor
from stembus.ledger.seal import seal
from stembus.ledger.sentences import plain, seat_named, sentence
from stembus.organisation.bootstrap import bootstrap
from stembus_procedures.language.values import Words

OFFICE = Actor(member_id="m-1", seat_id="s-1", capacity="board.secretary")


@pytest.fixture
def stembus(instance: Instance, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs the command as a person would, in the instance."""
    monkeypatch.setenv("STEMBUS_INSTANCE", str(instance.folder))
    monkeypatch.setenv("STEMBUS_DATABASE_URL", instance.settings.database_url)
    monkeypatch.setenv("STEMBUS_CLOCK", instance.clock.now().isoformat())
    return typed(capsys)


@pytest.fixture
def acts(instance: Instance) -> list[str]:
    """Three sealed acts, the first one the founding by members 1001 and 1002."""
    with instance.write() as transaction:
        founding = bootstrap(transaction, [("1001", "Noor Voorbeeld"), ("1002", "Sam de Proef")])
    seal(instance)
    ids = [founding]
    for number in (1, 2):
        with instance.write() as transaction:
            ids.append(transaction.record(Act(kind="test.done", by=(OFFICE,), ground="g", subject={"n": str(number)})))
        seal(instance)
    return ids


def key_of(stembus: Run) -> str:
    return stembus("ledger", "key").out.strip()


def test_verify_says_that_all_fits(stembus: Run, acts: list[str]) -> None:
    ran = stembus("ledger", "verify", "--key", key_of(stembus))
    assert (ran.code, ran.out) == (0, "Everything fits: 3 sealed acts under 3 checkpoints.\n")


def test_verify_names_the_first_act_that_does_not_fit(stembus: Run, instance: Instance, acts: list[str]) -> None:
    with instance.database.connection() as connection:
        connection.execute(text("UPDATE ledger_body SET kind = 'other' WHERE act_id <> :first"), {"first": acts[0]})
    ran = stembus("ledger", "verify")
    assert ran.code == 1
    how = "its body is listed as other, but it is test.done"
    assert ran.err == f"The ledger does not fit. First: at position 1, act {acts[1]}: {how}.\n"
    assert ran.out == f"Also: at position 2, act {acts[2]}: {how}.\n"


def test_verify_refuses_a_ledger_that_begins_with_another_key(stembus: Run, acts: list[str]) -> None:
    stranger = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
    ran = stembus("ledger", "verify", "--key", stranger)
    assert ran.code == 1
    assert "it is another ledger, or a rebuilt one" in ran.err


def test_verify_against_a_checkpoint_that_somebody_kept(
    stembus: Run, instance: Instance, acts: list[str], tmp_path: Path
) -> None:
    kept = tmp_path / "kept.txt"
    assert stembus("ledger", "checkpoint", "--out", kept).out == f"Written to {kept}.\n"
    with instance.write() as transaction:
        transaction.record(Act(kind="test.done", by=(), ground=""))
    ran = stembus("ledger", "verify", "--against", kept)
    assert ran.code == 0
    assert f"The log grew from the checkpoint in {kept} (3 acts): nothing was rewritten." in ran.out
    assert "Not sealed yet: 1 act." in ran.out


def test_verify_against_something_else_says_so(stembus: Run, acts: list[str], tmp_path: Path) -> None:
    other = tmp_path / "other.txt"
    other.write_text("hello\n")
    ran = stembus("ledger", "verify", "--against", other)
    assert (ran.code, ran.out) == (1, "")
    assert "is not a checkpoint of this ledger: This is not a signed note" in ran.err
    other.write_bytes(b"\xff\xfe")
    assert stembus("ledger", "verify", "--against", other).code == 2
    assert stembus("ledger", "verify", "--against", tmp_path / "none.txt").code == 2


def test_an_empty_log_has_no_checkpoint(stembus: Run) -> None:
    ran = stembus("ledger", "checkpoint")
    assert (ran.code, ran.err) == (1, "The log is empty: there is nothing to sign yet.\n")


def test_a_proof_is_checked_with_the_key_alone(stembus: Run, acts: list[str], tmp_path: Path) -> None:
    key, proof = key_of(stembus), tmp_path / "proof.json"
    assert stembus("ledger", "prove", acts[1], "--out", proof).code == 0
    assert "m-1" not in proof.read_text()
    ran = stembus("--instance", tmp_path / "nowhere", "ledger", "check-proof", proof, "--key", key)
    assert ran.code == 0
    assert ran.out.startswith(f"The proof holds: act {acts[1]} (test.done, 2026-03-01T12:00:00.000000+00:00)")


def test_a_proof_with_its_body_shows_what_the_act_said(stembus: Run, acts: list[str], tmp_path: Path) -> None:
    key, proof = key_of(stembus), tmp_path / "proof.json"
    stembus("ledger", "prove", acts[1], "--body", "--out", proof)
    assert "m-1" in proof.read_text()
    assert "also shows what it says" in stembus("ledger", "check-proof", proof, "--key", key).out
    proof.write_text(proof.read_text().replace("board.secretary", "board.treasurer"))
    ran = stembus("ledger", "check-proof", proof, "--key", key)
    assert (ran.code, ran.err) == (1, "The body in the proof is not the one that the act commits to.\n")


def test_a_proof_is_checked_by_hand_as_the_documentation_says(
    stembus: Run, acts: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    page = (Path(__file__).parents[2] / "docs" / "ledger.md").read_text(encoding="utf-8")
    program = page.partition("```python\n")[2].partition("```\n")[0]
    monkeypatch.chdir(tmp_path)
    proof = tmp_path / "proof.json"
    for act in acts:
        stembus("ledger", "prove", act, "--out", proof)
        exec(program, {})  # noqa: S102 - the program in the documentation is what is tested
        assert capsys.readouterr().out == "in the log\n"
    proof.write_text(proof.read_text().replace("test.done", "test.gone"))
    exec(program, {})  # noqa: S102 - the program in the documentation is what is tested
    assert capsys.readouterr().out == "NOT in the log\n"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("test.done", "test.gone"), "does not lead to the root of the checkpoint"),
        (('"position": 1', '"position": 2'), "The proof"),
        (('"position": 1', '"position": -1'), "no such position"),
        (("example/ledger\\n3", "example/ledger\\n4"), "the note was changed or forged"),
        (("stembus.inclusion/1", "stembus.inclusion/9"), "This is not a proof of a Stembus ledger"),
    ],
)
def test_a_changed_proof_does_not_hold(
    stembus: Run, acts: list[str], tmp_path: Path, change: tuple[str, str], said: str
) -> None:
    key, proof = key_of(stembus), tmp_path / "proof.json"
    stembus("ledger", "prove", acts[1], "--out", proof)
    assert change[0] in proof.read_text()
    proof.write_text(proof.read_text().replace(*change))
    ran = stembus("ledger", "check-proof", proof, "--key", key)
    assert ran.code in (1, 2)
    assert said in ran.err


def test_an_act_that_is_not_there_cannot_be_proven(stembus: Run, acts: list[str]) -> None:
    ran = stembus("ledger", "prove", "019a")
    assert (ran.code, ran.err) == (2, "The ledger holds no act '019a': `stembus ledger show` lists them.\n")


def test_growth_between_two_checkpoints_is_proven(
    stembus: Run, instance: Instance, acts: list[str], tmp_path: Path
) -> None:
    key, older, newer, proof = key_of(stembus), tmp_path / "a.txt", tmp_path / "b.txt", tmp_path / "growth.json"
    stembus("ledger", "checkpoint", "--out", older)
    with instance.write() as transaction:
        transaction.record(Act(kind="test.done", by=(), ground=""))
    stembus("ledger", "checkpoint", "--out", newer)
    assert stembus("ledger", "prove-growth", older, newer, "--out", proof).code == 0
    ran = stembus("ledger", "check-proof", proof, "--key", key)
    assert (ran.code, ran.out) == (0, "The proof holds: the newer log only added to the older.\n")
    assert stembus("ledger", "prove-growth", newer, older).code == 1


def test_show_prints_who_did_what_in_which_seat_on_what_ground(stembus: Run, acts: list[str]) -> None:
    ran = stembus("ledger", "show", "--lang", "en", "--limit", 1)
    assert ran.out == f"2  2026-03-01 13:00  m-1 (board.secretary): test.done: n 2 Ground: g.  [{acts[2]}]\n"
    ran = stembus("ledger", "show", "--lang", "nl", "--subject", "n=1")
    assert ran.out == f"1  2026-03-01 13:00  m-1 (board.secretary): test.done: n 1 Grond: g.  [{acts[1]}]\n"
    assert "Noor Voorbeeld" in stembus("ledger", "show").out


def test_a_subject_is_asked_for_as_name_and_value(stembus: Run, acts: list[str]) -> None:
    assert stembus("ledger", "show", "--subject", "member").code == 2


def test_replacing_the_key_takes_two_people(stembus: Run, acts: list[str]) -> None:
    decided = ["ledger", "replace-key", "--ground", "a year has passed", "--by", "1001", "--with"]
    assert stembus(*decided, "1001").code == 1
    assert stembus(*decided, "1002").code == 0
    assert len(stembus("ledger", "key").out.splitlines()) == 2
    assert stembus("ledger", "verify").code == 0


KIND = ActKind(name="test.said", nl="{who} zei {what}.", en="{who} said {what}.")


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("line\r\nline", "line\\u{d}\\u{a}line"),
        ("\x1b[31mred\x1b[0m", "\\u{1b}[31mred\\u{1b}[0m"),
        ("admin\u202etxt", "admin\\u{202e}txt"),
        ("\u2028", "\\u{2028}"),
        ("\x00\x9b", "\\u{0}\\u{9b}"),
        ("{what}", "{what}"),
        ('"}, {"forged": 1', '"}, {"forged": 1'),
        ("Zoë van 't Hof – 東京", "Zoë van 't Hof – 東京"),
    ],
)
def test_l6_what_people_typed_cannot_act_on_the_terminal_or_the_line(typed: str, shown: str) -> None:
    act = Act(kind="test.said", by=(), ground="", details={"who": typed, "what": "{who}"})
    assert sentence(act, {KIND.name: KIND}, "en") == f"{shown} said {{who}}."
    assert plain(typed) == shown


def test_a_value_that_is_not_there_is_left_open() -> None:
    assert sentence(Act(kind="test.said", by=(), ground=""), {KIND.name: KIND}, "nl") == "… zei …."


def test_a_sentence_names_the_body_and_the_office_as_people_do() -> None:
    given = ActKind(name="test.given", nl="Een zetel in {body} ({office}).", en="A seat in {body} ({office}).")
    about = Act(kind=given.name, by=(), ground="", subject={"body": "partijraad"}, details={"office": "member"})
    called = {"partijraad": "Partijraad", "partijraad.member": "lid", "bestuur.member": "bestuurslid"}
    assert sentence(about, {given.name: given}, "nl", called) == "Een zetel in Partijraad (lid)."
    gone = sentence(about, {given.name: given}, "nl", {"bestuur": "Bestuur"})
    assert gone == "Een zetel in partijraad (member).", "a body that no definition has any more keeps its name"
    hidden = sentence(about, {given.name: given}, "nl", {"partijraad": "Raad\u202e"})
    assert hidden == "Een zetel in Raad\\u{202e} (member)."


def test_a_sentence_has_words_for_codes_names_for_stages_and_days_as_people_write_them() -> None:
    done = ActKind(
        name="test.done",
        nl="{stage}: {outcome}, tot {until}; {anchors}.",
        en="{stage}: {outcome}, until {until}; {anchors}.",
        words={"outcome": {"invalid": Words(nl="ongeldig", en="invalid")}},
    )
    details = {
        "outcome": "invalid",
        "until": "2026-07-07 24:00",
        "anchors": {"meeting": "2026-09-05", "x": "2026-13-40"},
    }
    subject = {"procedure": "p1", "stage": "count"}
    called = {"p1:count": "telling", "p2:count": "andere telling", "p1@meeting": "de dag van de vergadering"}
    said = sentence(
        Act(kind=done.name, by=(), ground="", subject=subject, details=details), {done.name: done}, "nl", called
    )
    dates = "de dag van de vergadering 5 september 2026, x 2026-13-40"
    assert said == f"telling: ongeldig, tot 7 juli 2026, om 24.00 uur; {dates}."


NAMED = {"board": "Bestuur", "board.chair": "voorzitter", "p1": "Partijraad 2026", "p1.north": "Noord\u202e"}


@pytest.mark.parametrize(
    ("capacity", "shown"),
    [
        ("board.chair", "voorzitter, Bestuur"),
        ("board.chair (deputy)", "voorzitter, Bestuur (plaatsvervanger)"),
        ("board.member", "board.member"),
        ("gone.chair (deputy)", "gone.chair (plaatsvervanger)"),
        ("", ""),
    ],
)
def test_a_seat_is_named_as_people_do_or_as_the_act_has_it(capacity: str, shown: str) -> None:
    assert seat_named(capacity, NAMED, "nl") == shown


@pytest.mark.parametrize(
    ("contest", "procedure", "shown"),
    [
        ("at_large", "p1", "Partijraad 2026"),
        ("north", "p1", "Noord\\u{202e}"),
        ("north", "p2", "north"),
    ],
)
def test_a_sentence_names_what_is_elected_as_people_do(contest: str, procedure: str, shown: str) -> None:
    placed = ActKind(name="test.placed", nl="Plaats 1 van {contest}.", en="Place 1 of {contest}.")
    subject, details = {"procedure": procedure}, {"contest": contest}
    about = Act(kind=placed.name, by=(), ground="", subject=subject, details=details)
    assert sentence(about, {placed.name: placed}, "nl", NAMED) == f"Plaats 1 van {shown}."
