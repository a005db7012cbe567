"""A plugin that does not keep to the contract is named with the reason, and does not take the rest down."""

import os
import subprocess
import sys
import typing
from collections.abc import Callable, Iterable, Sequence
from importlib.metadata import EntryPoint
from importlib.resources.abc import Traversable
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

import click
import pytest
from click.testing import CliRunner
from policy_texts import PARTIJRAAD, a_procedure
from sqlmodel import Field, Session, SQLModel, select

from stembus import cli, plugins
from stembus.commands.plugins import plugins_command
from stembus.conduct.running import Running
from stembus.errors import PluginFailed, Refused
from stembus.hooks import hookimpl
from stembus.instance import Instance
from stembus.ledger.acts import Act
from stembus.ledger.tables import LedgerLeaf
from stembus.organisation.powers import Power
from stembus.plugins import Failure, Plugins
from stembus.vault.retention import about_nobody, kept_as
from stembus_procedures.events import Block

if TYPE_CHECKING:
    from stembus.instance import Transaction

EXAMPLE = Path(__file__).parents[1] / "example_plugin"


def plugin(*functions: Callable[..., object], **renamed: Callable[..., object]) -> ModuleType:
    module = ModuleType("sample")
    for function in functions:
        setattr(module, function.__name__, function)
    vars(module).update(renamed)
    return module


@hookimpl
def register_powers() -> Iterable[Power]:
    return [Power(name="sample.act", nl="handelen", en="act")]


def the_problem_of(module: object) -> str:
    loaded = Plugins({"good": plugin(register_powers), "strange": module})
    assert loaded.names == ["good"], "the good plugin has to stay"
    [failure] = loaded.failures
    assert failure.plugin == "strange"
    return failure.reason


def test_a_plugin_that_keeps_to_the_contract_is_in_use() -> None:
    loaded = Plugins({"good": plugin(register_powers)})
    assert (loaded.names, loaded.failures) == (["good"], [])


def test_a_hook_that_is_not_in_the_contract_is_named() -> None:
    @hookimpl
    def register_weather() -> None: ...

    assert the_problem_of(plugin(register_weather)) == "it implements register_weather, which is not a hook"


def test_a_hook_with_other_parameters_is_named_with_what_it_should_take() -> None:
    @hookimpl
    def find_blocks(session: Session) -> Sequence[Block]:
        return []

    problem = the_problem_of(plugin(find_blocks))
    assert problem.startswith("its find_blocks takes (session); the contract says find_blocks(session")


def test_a_hook_of_another_type_is_named() -> None:
    @hookimpl
    def find_blocks(session: Session, running: int) -> Sequence[Block]:
        return []

    assert "its find_blocks has another type for running (<class 'int'>)" in the_problem_of(plugin(find_blocks))


def test_a_hook_that_returns_something_else_is_named() -> None:
    @hookimpl
    def register_commands() -> int:
        return 1

    assert "its register_commands has another type for return" in the_problem_of(plugin(register_commands))


def test_a_hook_that_does_not_say_its_types_is_named() -> None:
    @hookimpl
    def register_commands():  # type: ignore[no-untyped-def]
        return []

    assert "does not say the type of return" in the_problem_of(plugin(register_commands))


def test_an_annotation_that_means_nothing_is_named() -> None:
    @hookimpl
    def register_commands() -> "Iterable[Kommando]":  # type: ignore[name-defined]  # noqa: F821
        return []

    assert "an annotation of its register_commands cannot be understood" in the_problem_of(plugin(register_commands))


def test_a_hook_that_wraps_those_of_others_is_named() -> None:
    @hookimpl(wrapper=True)
    def register_commands() -> Iterable[click.Command]:
        yield  # type: ignore[misc]

    assert "wraps the hooks of others" in the_problem_of(plugin(register_commands))


def test_a_hook_under_another_name_is_held_against_the_contract_too() -> None:
    @hookimpl(specname="register_commands")
    def my_commands() -> int:
        return 1

    assert "its register_commands has another type" in the_problem_of(plugin(my_commands))


def test_annotations_may_be_quoted_come_from_typing_or_be_imported_for_the_checker_only() -> None:
    @hookimpl
    def register_commands() -> "Iterable[click.Command]":
        return []

    @hookimpl
    def find_blocks(session: Session, running: "Running") -> typing.Sequence[Block]:
        return []

    @hookimpl
    def act_recorded(transaction: "Transaction", act: "Act", act_id: "str") -> None: ...

    loaded = Plugins({"quoted": plugin(register_commands, find_blocks, act_recorded)})
    assert loaded.failures == []


def test_a_plugin_may_be_an_object() -> None:
    class Sample:
        @hookimpl
        def register_powers(self) -> Iterable[Power]:
            return [Power(name="sample.act", nl="handelen", en="act")]

    assert [power.name for power in Plugins({"sample": Sample()}).powers()] == ["sample.act"]


def test_a_register_hook_that_raises_is_named() -> None:
    @hookimpl
    def register_commands() -> Iterable[click.Command]:
        raise KeyError("settings")

    assert the_problem_of(plugin(register_commands)) == "its register_commands failed: KeyError: 'settings'"


def test_two_plugins_cannot_name_the_same_power() -> None:
    assert the_problem_of(plugin(register_powers)) == (
        "its register_powers names sample.act, which is already that of good"
    )


def test_a_command_whose_name_is_taken_is_left_out_and_the_rest_works() -> None:
    @hookimpl
    def register_commands() -> Iterable[click.Command]:
        return [click.Command("ledger"), click.Command("raffle")]

    loaded = Plugins({"a": plugin(register_commands), "b": plugin(register_commands)})
    group = cli.build(loaded)
    assert "raffle" in group.commands
    assert group.commands["ledger"].help is not None
    assert loaded.failures == [
        Failure("a", "its command ledger is left out, since the core has one of that name"),
        Failure("b", "its command ledger is left out, since the core has one of that name"),
        Failure("b", "its command raffle is left out, since a has one of that name"),
    ]


class Unprefixed(SQLModel, table=True):
    __tablename__ = "unprefixed"
    __table_args__ = about_nobody()
    id: int = Field(primary_key=True)


class Unclassed(SQLModel, table=True):
    __tablename__ = "strange_unclassed"
    id: int = Field(primary_key=True)


class Unregistered(SQLModel, table=True):
    __tablename__ = "strange_unregistered"
    __table_args__ = kept_as("gossip")
    id: int = Field(primary_key=True)


class Unpersoned(SQLModel, table=True):
    __tablename__ = "strange_unpersoned"
    __table_args__ = kept_as("members", person="member_id")
    id: int = Field(primary_key=True)


@pytest.mark.parametrize(
    ("row_class", "said"),
    [
        (Unprefixed, "its table unprefixed does not begin with strange_"),
        (Unclassed, "its table strange_unclassed names no retention class"),
        (Unregistered, "names the retention class gossip, which nobody registers"),
        (Unpersoned, "has no column member_id that could name the person"),
        (str, "which is not a row class"),
    ],
)
def test_a_table_that_does_not_keep_to_the_contract_is_named(row_class: Any, said: str) -> None:
    @hookimpl
    def register_tables() -> Iterable[type[SQLModel]]:
        return [row_class]

    assert said in the_problem_of(plugin(register_tables))


def offered(monkeypatch: pytest.MonkeyPatch, *points: EntryPoint) -> Plugins:
    monkeypatch.setattr(plugins, "entry_points", lambda group: list(points))
    return Plugins.discover()


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("67-survey.toml", "heading = ", "its 67-survey.toml cannot be read: Invalid value"),
        ("67-survey.toml", "[[sentence]]\nof = 'X'\nnl = 'a'\nen = 'b'", "missing required field `nl_simple`"),
        ("67-survey.toml", "[[sentence]]\nof = 'X'\nnl = '{a}'\nnl_simple = '{a}'\nen = 'b'", "names other keys in en"),
        ("35-call.toml", "", "its 35-call.toml has the name of a file that ships"),
    ],
)
def test_sentences_that_a_text_cannot_be_made_of_are_named(tmp_path: Path, name: str, text: str, reason: str) -> None:
    (tmp_path / name).write_text(text)

    @hookimpl
    def register_policy_sentences() -> Iterable[Traversable]:
        return [tmp_path / name]

    assert reason in the_problem_of(plugin(register_policy_sentences))


GOOD = EntryPoint("polls", "stembus_polls.plugin", "stembus")


def test_a_module_that_cannot_be_imported_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    loaded = offered(monkeypatch, EntryPoint("broken", "no_such_module", "stembus"), GOOD)
    assert loaded.names == ["polls"]
    assert loaded.failures == [
        Failure("broken", "it cannot be loaded: ModuleNotFoundError: No module named 'no_such_module'")
    ]


def test_a_name_that_two_distributions_offer_belongs_to_neither(monkeypatch: pytest.MonkeyPatch) -> None:
    loaded = offered(monkeypatch, EntryPoint("polls", "a_stranger", "stembus"), GOOD)
    assert loaded.names == []
    assert "a_stranger and stembus_polls.plugin both offer it; uninstall one" in loaded.failures[0].reason


def test_a_plugin_that_is_disabled_is_not_even_imported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plugins, "entry_points", lambda group: [EntryPoint("broken", "no_such_module", "stembus")])
    assert Plugins.discover(disabled=["broken"]).failures == []


def test_the_command_plugins_shows_why_one_is_not_in_use(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plugins, "entry_points", lambda group: [GOOD, EntryPoint("broken", "no_such", "stembus")])
    result = CliRunner().invoke(plugins_command, terminal_width=200)
    assert result.exit_code == 1
    assert "broken" in result.output
    assert "polls" in result.output


def test_a_plugin_that_fails_to_react_undoes_the_act_and_is_named(instance: Instance) -> None:
    @hookimpl
    def act_recorded(transaction: "Transaction", act: Act, act_id: str) -> None:
        raise RuntimeError("no more room")

    instance.plugins = Plugins({"strange": plugin(act_recorded)})
    with (
        pytest.raises(PluginFailed, match=r"The plugin strange failed in act_recorded \(RuntimeError: no more room\)"),
        instance.write() as transaction,
    ):
        transaction.record(Act(kind="test.done", by=(), ground=""))
    with instance.read() as session:
        assert session.exec(select(LedgerLeaf)).all() == []


def test_a_plugin_may_refuse_an_act_with_its_own_reason(instance: Instance) -> None:
    @hookimpl
    def act_recorded(transaction: "Transaction", act: Act, act_id: str) -> None:
        raise Refused("The hall is taken on that day.")

    instance.plugins = Plugins({"strange": plugin(act_recorded)})
    with pytest.raises(Refused, match=r"^The hall is taken on that day\.$"), instance.write() as transaction:
        transaction.record(Act(kind="test.done", by=(), ground=""))


def test_a_plugin_that_cannot_say_what_blocks_stops_the_procedure() -> None:
    @hookimpl
    def find_blocks(session: Session, running: Running) -> Sequence[Block]:
        raise RuntimeError("lost")

    loaded = Plugins({"strange": plugin(find_blocks)})
    with pytest.raises(PluginFailed, match="The plugin strange failed in find_blocks"):
        loaded.blocks(Session(), a_procedure("p-1"))


@pytest.fixture(scope="session")
def strangers_plugin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The stranger's distribution, installed by pip in a folder of its own."""
    folder = tmp_path_factory.mktemp("installed")
    alone = ["--quiet", "--disable-pip-version-check", "--no-deps", "--no-build-isolation", "--no-index"]
    pip = [sys.executable, "-m", "pip", "install", *alone]
    subprocess.run([*pip, "--target", str(folder), str(EXAMPLE)], check=True)
    return folder


SURVEY = """
[[stages]]
kind = "date_survey"
id = "survey"
owner = "bestuur"
opens = { anchor = "meeting", days = -90, at = "09:00" }
closes = { anchor = "meeting", days = -85, at = "17:00" }
minimum_answers = 5
"""


def test_a_strangers_plugin_works_as_ours_do(strangers_plugin: Path, tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(strangers_plugin), "STEMBUS_INSTANCE": str(tmp_path / "party")}

    def stembus(*arguments: str) -> str:
        command = [str(Path(sys.executable).with_name("stembus")), *arguments]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    founders = ["--founder", "1001 Noor Voorbeeld", "--founder", "1002 Sam de Proef"]
    stembus("init", str(tmp_path / "party"), "--organisation", "Voorbeeldpartij", "--practice", *founders)
    stembus("propose-day", "2027-05-09", "--by", "1001")
    shown = stembus("ledger", "show", "--subject", "day=2027-05-09")
    assert "Noor Voorbeeld" in shown
    assert "9 mei 2027 is voorgesteld." in shown
    assert "Everything fits" in stembus("ledger", "verify")
    assert "dates" in stembus("plugins")
    policy = tmp_path / "party-council.toml"
    policy.write_text(PARTIJRAAD + SURVEY, encoding="utf-8")
    text = stembus("policy", "show", str(policy), "--lang", "en")
    assert "Choosing a day" in text
    assert "The board chooses the day once there are five answers." in " ".join(text.split())


def test_the_strangers_plugin_is_under_sixty_lines() -> None:
    lines = (EXAMPLE / "stembus_dates" / "__init__.py").read_text().splitlines()
    assert len([line for line in lines if line.strip()]) < 60
