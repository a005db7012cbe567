"""What a newcomer gets wrong costs one clear line and the right exit code, and loses nothing."""

import errno
import io
import sys
from pathlib import Path

import pytest
from typed_command import Ran, Run, typed

from stembus.plugins import Plugins

FOUNDERS = ("--founder", "1001 Noor Bakker", "--founder", "1002 Sam de Wit")
TWO = ("--by", "1001", "--with", "1002")


@pytest.fixture
def stembus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs the command as a person would, in an empty folder."""
    monkeypatch.chdir(tmp_path)
    for name in ("STEMBUS_INSTANCE", "STEMBUS_DATABASE_URL", "STEMBUS_TIMEZONE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("STEMBUS_CLOCK", "2026-03-01T12:00:00+01:00")
    monkeypatch.setattr(Plugins, "discover", classmethod(lambda cls, disabled=(): cls({})))
    return typed(capsys)


@pytest.fixture
def office(stembus: Run) -> Run:
    """Runs the command in an instance that was just made."""
    assert init(stembus).code == 0
    return stembus


def init(stembus: Run, *options: str, folder: str = ".", organisation: str = "Voorbeeldpartij") -> Ran:
    return stembus("init", folder, "--organisation", organisation, "--practice", *FOUNDERS, *options)


def test_help_is_shown_for_a_command_without_more_words(stembus: Run) -> None:
    code, out, err = stembus("ledger")
    assert (code, out) == (2, "")
    assert err.startswith("Usage: stembus ledger")
    assert "Try" not in err


def test_a_wrong_option_names_the_help_of_its_own_command(stembus: Run) -> None:
    assert stembus("members", "import", "--nix") == (
        2,
        "",
        "No such option '--nix'. Try `stembus members import --help`.\n",
    )


@pytest.mark.parametrize(
    ("options", "organisation", "said"),
    [
        ([], "", "No name for the ledger follows from ''"),
        ([], "日本", "give one, as in --origin party.example/ledger"),
        ([], "Twee\nregels", "give it in one line"),
        (["--origin", "with space"], "Voorbeeldpartij", "cannot be the origin of a ledger"),
        (["--timezone", "Mars/Olympus"], "Voorbeeldpartij", "timezone 'Mars/Olympus' is unknown"),
        (["--database", "sqlite://"], "Voorbeeldpartij", "nothing would be kept: write sqlite:///FILE"),
        (["--database", "sqlite:///:memory:"], "Voorbeeldpartij", "nothing would be kept"),
        (["--database", "sqlite:///no/such/folder.db"], "Voorbeeldpartij", "unable to open database file"),
        (["--database", "postgresql://me:secret@host:port/x"], "Voorbeeldpartij", "address cannot be read"),
        (["--database", "postgresql://me:secret@127.0.0.1:1/x"], "Voorbeeldpartij", "cannot be used"),
    ],
)
def test_an_init_that_fails_leaves_nothing_and_can_be_repeated(
    stembus: Run, tmp_path: Path, options: list[str], organisation: str, said: str
) -> None:
    code, out, err = init(stembus, *options, organisation=organisation)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert said in err
    assert "secret" not in err
    assert list(tmp_path.iterdir()) == []
    assert init(stembus).code == 0


def test_an_init_stopped_before_its_founding_act_leaves_nothing(
    stembus: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("stembus.create.bootstrap", stopped)
        code, _, err = init(stembus)
    assert code == 1
    assert "Stopped." in err
    assert list(tmp_path.iterdir()) == []
    assert init(stembus).code == 0
    assert "1 sealed act" in stembus("ledger", "verify").out


def test_a_second_init_touches_neither_the_instance_nor_a_key_that_stayed_behind(office: Run, tmp_path: Path) -> None:
    key = (tmp_path / "ledger.key").read_bytes()
    assert "already holds an instance (stembus.toml)" in init(office).err
    (tmp_path / "stembus.toml").unlink()
    assert init(office, "--database", "sqlite:///other.sqlite3") == (
        2,
        "",
        ". already holds an instance (ledger.key): choose another folder. Nothing was changed.\n",
    )
    assert (tmp_path / "ledger.key").read_bytes() == key


def test_a_database_of_another_instance_is_left_as_it_is(office: Run, tmp_path: Path) -> None:
    code, _, err = init(office, "--database", f"sqlite:///{tmp_path}/stembus.sqlite3", folder="other")
    assert code == 2
    assert "already holds a ledger" in err
    assert list((tmp_path / "other").iterdir()) == []
    assert office("ledger", "verify").code == 0


def test_an_sqlite_file_that_is_gone_is_not_replaced_by_an_empty_one(office: Run, tmp_path: Path) -> None:
    file = tmp_path / "stembus.sqlite3"
    file.rename(tmp_path / "away")
    for command in (("ledger", "verify"), ("migrate",), ("members", "list")):
        code, out, err = office(*command)
        assert (code, out) == (2, "")
        assert err.startswith("The database stembus.sqlite3 is missing: put it back")
    assert not file.exists()
    (tmp_path / "away").rename(file)
    assert office("ledger", "verify").code == 0


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"", "run `stembus migrate`"), (b"these are the minutes of the board" * 99, "file is not a database")],
)
def test_another_file_in_the_place_of_the_database_is_named(
    office: Run, tmp_path: Path, content: bytes, said: str
) -> None:
    (tmp_path / "stembus.sqlite3").write_bytes(content)
    code, _, err = office("ledger", "show")
    assert (code, err.count("\n")) == (2, 1)
    assert said in err


def test_migrate_makes_no_tables_in_a_database_that_holds_no_instance(office: Run, tmp_path: Path) -> None:
    (tmp_path / "stembus.sqlite3").write_bytes(b"")
    code, _, err = office("migrate")
    assert code == 2
    assert "holds no instance: name the right one" in err


@pytest.mark.parametrize("content", [b"", b"garbage\n", b"\xff\xfe\xff"])
def test_a_key_file_that_cannot_be_read_is_one_line(office: Run, tmp_path: Path, content: bytes) -> None:
    office("members", "undo-import", *TWO[:2], "--ground", "there is none")
    (tmp_path / "definition.toml").write_text(office("bodies", "example").out)
    (tmp_path / "ledger.key").write_bytes(content)
    code, out, err = office("bodies", "define", "definition.toml", *TWO, "--ground", "ALV 1-3-2026")
    assert "adopted as version 1" in out
    assert (code, err) == (2, "The signing key cannot be read: put the key file back from its own safe copy.\n")


def test_whoever_acts_says_on_what_ground(office: Run, tmp_path: Path) -> None:
    (tmp_path / "definition.toml").write_text(office("bodies", "example").out)
    code, _, err = office("bodies", "define", "definition.toml", *TWO, "--ground", " ")
    assert (code, err) == (2, "A ground is missing: say which decision, article or reason this rests on.\n")
    assert "No body is defined yet" in office("bodies", "list").out


@pytest.mark.parametrize(
    "command",
    [
        ("bodies", "define", "{file}", *TWO, "--ground", "g"),
        ("seats", "appoint", "--file", "{file}", *TWO, "--ground", "g"),
        ("ledger", "verify", "--against", "{file}"),
        ("ledger", "prove-growth", "{file}", "{file}"),
        ("ledger", "check-proof", "{file}", "--key", "k"),
        ("policy", "check", "{file}"),
        ("policy", "check", "partijraad", "--norms", "{file}"),
        ("members", "import", "leden.csv", "--mapping", "{file}"),
    ],
    ids=lambda words: " ".join(words[:2]),
)
@pytest.mark.parametrize(
    ("name", "said"),
    [("none.json", "none.json"), ("binary.json", "binary.json is not text in UTF-8"), ("empty.json", "")],
)
def test_a_file_that_is_not_there_or_not_text_or_empty_is_named(
    office: Run, tmp_path: Path, command: tuple[str, ...], name: str, said: str
) -> None:
    (tmp_path / "binary.json").write_bytes(bytes(range(256)))
    (tmp_path / "empty.json").write_bytes(b"")
    (tmp_path / "leden.csv").write_text("Lidnummer;Achternaam\n1001;Bakker\n")
    code, out, err = office(*(word.format(file=name) for word in command))
    assert code in (1, 2)
    assert out == ""
    assert said in err
    assert "fault in Stembus" not in err
    assert all(line.endswith((".", "`", "?")) for line in err.splitlines())


def test_files_of_editors_that_mark_utf_8_and_of_dutch_spreadsheets_are_read(office: Run, tmp_path: Path) -> None:
    text = office("bodies", "example").out
    (tmp_path / "definition.toml").write_text(text, encoding="utf-8-sig")
    assert office("bodies", "define", "definition.toml", *TWO, "--ground", "ALV").code == 0
    (tmp_path / "seats.csv").write_text("body;office;number\nelectoral-committee;nobody;1001\n", encoding="utf-8-sig")
    assert "has no office 'nobody'" in office("seats", "appoint", "--file", "seats.csv", *TWO, "--ground", "ALV").err


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--delimiter", "xx"], "--delimiter 'xx': give one character, or the word tab.\n"),
        (["--delimiter", ""], "--delimiter '': give one character, or the word tab.\n"),
        (["--show", "-5"], "Invalid value for '--show': -5 is not in the range x>=0."),
        (["--mapping", "nix"], "There is no saved mapping 'nix'"),
    ],
)
def test_options_of_an_import_that_cannot_be_meant(office: Run, tmp_path: Path, options: list[str], said: str) -> None:
    (tmp_path / "leden.csv").write_text("Lidnummer;Achternaam\n1001;Bakker\n")
    code, out, err = office("members", "import", "leden.csv", *options)
    assert (code, out) == (2, "")
    assert err.startswith(said)


@pytest.fixture
def procedure(office: Run) -> Run:
    """Runs the command where a procedure called pr was begun."""
    assert office("policy", "adopt", "partijraad", "--decision", "ALV 1-2-2026, besluit 3", *TWO).code == 0
    start = ("procedure", "start", "--policy", "partijraad", "--anchor", "meeting=2026-09-05", *TWO)
    assert office(*start, "").err == ("A procedure cannot be called '': name it in one line, such as council-2027.\n")
    assert office(*start, "pr").code == 0
    return office


def test_a_cancelled_procedure_can_still_be_looked_at(procedure: Run) -> None:
    assert procedure("procedure", "cancel", "pr", *TWO, "--ground", "besluit 5").code == 0
    for command in (("list",), ("status", "pr"), ("status", "pr", "--json"), ("calendar", "pr")):
        code, out, err = procedure("procedure", *command)
        assert (code, err) == (0, "")
        assert out


def test_closing_early_what_nobody_may_close_early_says_so(procedure: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STEMBUS_CLOCK", "2026-06-20T12:00:00+02:00")
    code, _, err = procedure("procedure", "close-early", "pr", "call", *TWO, "--ground", "g")
    assert (code, err) == (
        1,
        "pr: `call` cannot be closed early: the policy names nobody who may. Nothing was changed.\n",
    )


def test_the_end_of_a_day_is_written_as_in_the_policy(procedure: Run) -> None:
    assert "2026-06-12 24:00" in procedure("procedure", "status", "pr").out


@pytest.mark.parametrize("day", ["9999-12-31", "0001-01-01"])
def test_a_calendar_for_a_day_that_no_calendar_reaches(stembus: Run, day: str) -> None:
    code, out, err = stembus("policy", "timeline", "partijraad", "--on", day)
    assert (code, out) == (2, "")
    assert err == f"partijraad: `meeting`: no calendar is made for {day}; choose a date from 1900 to 2999.\n"


def test_a_moment_that_no_calendar_reaches(procedure: Run) -> None:
    code, _, err = procedure("procedure", "extend", "pr", "call", "--until", "0001-01-01", *TWO, "--ground", "g")
    assert (code, err) == (2, "'0001-01-01' is too far away: write a moment from 1900 to 2999.\n")


def test_a_letter_that_the_terminal_lacks_stops_nothing(stembus: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = io.BytesIO()
    with monkeypatch.context() as patched:
        patched.setattr(sys, "stdout", io.TextIOWrapper(shown, encoding="latin-1", write_through=True))
        assert init(stembus, organisation="Groep Žofín", folder="office").code == 0
        assert shown.getvalue().decode("latin-1").startswith("The instance of Groep \\u017dofín is in ")


def test_a_letter_that_did_not_arrive_whole_is_one_line(stembus: Run, tmp_path: Path) -> None:
    code, _, err = stembus(
        "init", ".", "--practice", "--organisation", "V", "--founder", "1 Zo\udcc3 A", "--founder", "2 B C"
    )
    assert (code, err) == (2, "A letter in this command did not arrive as UTF-8: set LC_ALL=C.UTF-8 and try again.\n")
    assert list(tmp_path.iterdir()) == []


class Full(io.StringIO):
    """A disk with no room left."""

    def write(self, text: str) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")


def test_a_full_disk_under_the_output_is_one_line(stembus: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", Full())
    assert stembus("privacy", "register") == (2, "", "What was to be written cannot be: No space left on device.\n")


def test_stopping_while_the_program_loads_is_one_line(stembus: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def stopped(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Plugins, "discover", stopped)
    assert stembus("plugins") == (1, "", "Stopped. What was finished is kept.\n")
