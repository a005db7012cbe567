"""Every hook of the contract does what its page says, and docs/plugins.md says it with the exact signature."""

import inspect
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

import click
import msgspec
import pytest
from litestar.di import NamedDependency
from litestar.handlers import HTTPRouteHandler
from litestar.types import ASGIApp
from policy_texts import a_procedure
from sqlmodel import Field, Session, SQLModel

from stembus import cli, hooks
from stembus.access.grave_acts import Arguments, GraveAct, with_power
from stembus.access.identity import IdentityProvider
from stembus.access.proposals import grave_acts
from stembus.act_kinds import all_act_kinds
from stembus.conduct.policies import installed_kinds, known_policies, sentences
from stembus.conduct.running import Running
from stembus.contributions import Chore
from stembus.errors import Refused
from stembus.hooks import hookimpl
from stembus.instance import Instance
from stembus.ledger.acts import Act, ActKind
from stembus.migrate import histories
from stembus.notices.groups import RecipientGroup
from stembus.notices.kinds import MailKind, kind_named
from stembus.notices.unsendable import Unsendable, check_sendable
from stembus.organisation.core_powers import all_powers
from stembus.organisation.powers import Power
from stembus.plugins import Plugins
from stembus.tending import tend
from stembus.vault.classes import all_classes, all_tables
from stembus.vault.retention import RetentionClass, about_nobody
from stembus.web import Answer, Card, DeskItem, NavItem, Site, Visit, anyone, page
from stembus.web.app import create_app
from stembus.web.sites import addresses_of_sites
from stembus.web.words import LANGUAGES, environment, speech
from stembus_procedures import Window
from stembus_procedures.events import Block
from stembus_procedures.language.values import Words
from stembus_procedures.sentence import Sentence

if TYPE_CHECKING:
    from stembus.instance import Transaction

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "tests" / "example_plugin"
PAGE = (ROOT / "docs" / "plugins.md").read_text(encoding="utf-8")
HOOKS = [name for name, value in vars(hooks).items() if hasattr(value, "stembus_spec")]


class Thing(SQLModel, table=True):
    __tablename__ = "sample_thing"
    __table_args__ = about_nobody()
    day: date = Field(primary_key=True)


class Survey(Window, frozen=True, kw_only=True, tag="sample_survey"):
    pass


def with_plugin(function: Callable[..., object]) -> Plugins:
    module = ModuleType("sample")
    setattr(module, function.__name__, function)
    plugins = Plugins({"sample": module})
    assert plugins.failures == []
    return plugins


@pytest.mark.parametrize("name", HOOKS)
def test_every_hook_has_a_section_with_its_exact_signature(name: str) -> None:
    source = inspect.getsource(getattr(hooks, name))
    [definition] = [line for line in source.splitlines() if line.startswith("def ")]
    assert f"\n### `{definition.removeprefix('def ').removesuffix(':')}`\n" in PAGE


@pytest.mark.parametrize("name", HOOKS)
def test_every_hook_has_a_test(name: str) -> None:
    assert f"test_hook_{name}" in globals()


@pytest.mark.parametrize(
    "file",
    [
        "pyproject.toml",
        "stembus_dates/__init__.py",
        "stembus_dates/days.py",
        "stembus_dates/pages.py",
        "stembus_dates/calling_off.py",
        "stembus_dates/templates/days.html",
        "stembus_dates/templates/card.html",
        "stembus_dates/templates/own_card.html",
        "stembus_dates/templates/call_off.html",
        "stembus_dates/templates/mails/called_off.txt",
        "stembus_dates/locale/nl/LC_MESSAGES/stembus_dates.po",
        "stembus_dates/locale/nl@simple/LC_MESSAGES/stembus_dates.po",
        "stembus_dates/sentences/36-date-survey.toml",
        "stembus_dates/migrations/dates_0001_the_first_table.py",
    ],
)
def test_the_plugin_in_the_documentation_is_the_one_that_is_tested(file: str) -> None:
    language = {"py": "python", "html": "jinja", "txt": "jinja"}.get(file.rpartition(".")[2], file.rpartition(".")[2])
    assert f"\n`{file}`:\n\n```{language}\n{(EXAMPLE / file).read_text(encoding='utf-8')}```\n" in PAGE


def test_hook_register_tables() -> None:
    @hookimpl
    def register_tables() -> Iterable[type[SQLModel]]:
        return [Thing]

    assert [table.name for table in all_tables(with_plugin(register_tables))["sample"]] == ["sample_thing"]


def test_hook_register_migrations() -> None:
    @hookimpl
    def register_migrations() -> Iterable[Traversable]:
        return [files("stembus") / "migrations"]

    assert [history.name for history in histories(with_plugin(register_migrations))] == ["core", "sample"]


def test_hook_register_stage_kinds() -> None:
    @hookimpl
    def register_stage_kinds() -> Iterable[type[msgspec.Struct]]:
        return [Survey]

    assert installed_kinds(with_plugin(register_stage_kinds)) == (Survey,)


def test_hook_register_policies(tmp_path: Path) -> None:
    (tmp_path / "branch-outing.toml").write_text("")

    @hookimpl
    def register_policies() -> Iterable[Traversable]:
        return [tmp_path / "branch-outing.toml"]

    assert "branch-outing" in known_policies(with_plugin(register_policies))


def test_hook_register_policy_sentences(tmp_path: Path) -> None:
    file = tmp_path / "67-survey.toml"
    file.write_text('[stage]\nsample_survey = { nl = "de peiling", en = "the survey" }', encoding="utf-8")

    @hookimpl
    def register_policy_sentences() -> Iterable[Traversable]:
        return [file]

    said = sentences(with_plugin(register_policy_sentences))
    assert said.values.stage["sample_survey"].en == "the survey"
    names = [article.name for article in said.articles]
    assert names[names.index("67-survey") - 1] == "66-proxies"


def test_hook_register_powers() -> None:
    @hookimpl
    def register_powers() -> Iterable[Power]:
        return [Power(name="sample.act", nl="handelen", en="act")]

    assert "sample.act" in all_powers(with_plugin(register_powers).powers())


def test_hook_register_act_kinds() -> None:
    @hookimpl
    def register_act_kinds() -> Iterable[ActKind]:
        return [ActKind(name="sample.done", nl="Gedaan.", en="Done.")]

    assert all_act_kinds(with_plugin(register_act_kinds))["sample.done"].en == "Done."


def test_hook_register_retention_classes() -> None:
    @hookimpl
    def register_retention_classes() -> Iterable[RetentionClass]:
        return [RetentionClass(name="sample", holds="h", purpose="p", ground="g", keep="a week")]

    assert all_classes(with_plugin(register_retention_classes))["sample"].keep == "a week"


def test_hook_register_commands() -> None:
    @hookimpl
    def register_commands() -> Iterable[click.Command]:
        return [click.Command("raffle")]

    assert "raffle" in cli.build(with_plugin(register_commands)).commands


def test_hook_register_pages(instance: Instance) -> None:
    @page("/raffle", who=anyone)
    def raffle_page(visit: NamedDependency[Visit]) -> Answer:
        return visit.go("/")

    @hookimpl
    def register_pages() -> Iterable[HTTPRouteHandler]:
        return [raffle_page]

    instance.plugins = with_plugin(register_pages)
    assert "/raffle" in [route.path for route in create_app(instance).routes]


def test_hook_register_templates(tmp_path: Path) -> None:
    (tmp_path / "prize.html").write_text("<p>{{ prize }}</p>")

    @hookimpl
    def register_templates() -> Iterable[Traversable]:
        return [tmp_path]

    template = environment("en", with_plugin(register_templates)).get_template("sample/prize.html")
    assert template.render(prize="a <b>book</b>") == "<p>a &lt;b&gt;book&lt;/b&gt;</p>"


def test_hook_register_translations(tmp_path: Path) -> None:
    folder = tmp_path / "nl" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "sample.po").write_text('msgid "You won a raffle"\nmsgstr "U won een loterij"\n', encoding="utf-8")

    @hookimpl
    def register_translations() -> Iterable[Traversable]:
        return [tmp_path]

    plugins = with_plugin(register_translations)
    assert [speech(lang, plugins).say("You won a raffle") for lang in LANGUAGES] == [
        "U won een loterij",
        "U won een loterij",
        "You won a raffle",
    ]


def test_hook_register_navigation() -> None:
    place = NavItem(title="Raffle", path="/raffle", who=anyone)

    @hookimpl
    def register_navigation() -> Iterable[NavItem]:
        return [place]

    assert with_plugin(register_navigation).navigation() == (place,)


def test_hook_find_desk_items() -> None:
    now = datetime(2027, 5, 9, 12, tzinfo=UTC)

    @hookimpl
    def find_desk_items(session: Session, now: datetime) -> Sequence[DeskItem]:
        return [DeskItem(title="Draw the prize", path="/raffle", powers=("sample.draw",), due=now)]

    [item] = with_plugin(find_desk_items).desk_items(Session(), now)
    assert (item.title, item.due) == ("Draw the prize", now)


def test_hook_find_cards() -> None:
    @hookimpl
    def find_cards(session: Session, now: datetime, running: Running, member_id: str | None) -> Sequence[Card]:
        late = Card(template="sample/late.html", order=90)
        return [late, Card(template="sample/own.html", order=10, own=True)] if member_id else [late]

    plugins, now = with_plugin(find_cards), datetime(2027, 5, 9, 12, tzinfo=UTC)
    assert [card.template for card in plugins.cards(Session(), now, a_procedure("p-1"), None)] == ["sample/late.html"]
    assert [card.own for card in plugins.cards(Session(), now, a_procedure("p-1"), "m-1")] == [True, False]


def test_hook_register_grave_acts(instance: Instance) -> None:
    class Nothing(Arguments, frozen=True):
        pass

    act = GraveAct(
        name="sample.raffle",
        title="hold a raffle",
        arguments=Nothing,
        sentences=lambda _transaction, _arguments: (Sentence("A raffle is held."),),
        who=lambda transaction, _arguments: with_power(transaction, "seats.appoint"),
        carry_out=lambda _transaction, _arguments, _first, _second: None,
        subject=lambda _arguments: {},
    )

    @hookimpl
    def register_grave_acts() -> Iterable[GraveAct]:
        return [act]

    assert grave_acts(with_plugin(register_grave_acts))["sample.raffle"] is act


def test_hook_register_mails(instance: Instance) -> None:
    @hookimpl
    def register_mails() -> Iterable[MailKind]:
        return [MailKind(name="sample.won", nl="prijs", en="prize", template="sample/won.txt", purpose="service")]

    assert kind_named(with_plugin(register_mails), "sample.won").en == "prize"


def test_hook_register_unsendable() -> None:
    @hookimpl
    def register_unsendable() -> Iterable[Unsendable]:
        return [Unsendable(what=Words(nl="een geheim", en="a secret"), is_in=lambda text: "geheim" in text)]

    plugins = with_plugin(register_unsendable)
    check_sendable(plugins, "hallo")
    with pytest.raises(Refused, match="looks like"):
        check_sendable(plugins, "hallo", "het geheim is 7")


def test_hook_register_chores(instance: Instance) -> None:
    done: list[str] = []

    def failing(_instance: Instance) -> None:
        raise Refused("The bells are not there.")

    @hookimpl
    def register_chores() -> Iterable[Chore]:
        return [
            Chore(name="sample.bells", tend=failing),
            Chore(name="sample.clock", tend=lambda of: done.append(of.settings.organisation)),
        ]

    instance.plugins = with_plugin(register_chores)
    assert tend(instance) == {"sample.bells": "The bells are not there."}
    assert done == ["Voorbeeldpartij"], "one that fails keeps no other from being done"


def test_hook_register_identity_providers() -> None:
    account = IdentityProvider(
        name="sample.account",
        nl="Account",
        en="Account",
        begin=lambda _instance, asked: f"https://account.example/?state={asked.state}",
        finish=lambda _instance, _asked, sent: sent["sub"],
    )

    @hookimpl
    def register_identity_providers() -> Iterable[IdentityProvider]:
        return [account]

    assert with_plugin(register_identity_providers).identity_providers() == (account,)


def test_hook_register_sites(instance: Instance) -> None:
    def make(_instance: Instance) -> ASGIApp:
        raise NotImplementedError

    @hookimpl
    def register_sites() -> Iterable[Site]:
        return [Site(name="raffle", make=make)]

    instance.plugins = with_plugin(register_sites)
    assert addresses_of_sites(instance) == {"raffle": "http://localhost:8001"}
    instance.settings = msgspec.structs.replace(instance.settings, sites={"raffle": "https://raffle.example"})
    assert addresses_of_sites(instance) == {"raffle": "https://raffle.example"}
    instance.settings = msgspec.structs.replace(instance.settings, address="https://party.example", sites={})
    assert addresses_of_sites(instance) == {}


def test_hook_find_recipients(instance: Instance) -> None:
    @hookimpl
    def find_recipients(session: Session, procedure_id: str) -> Sequence[RecipientGroup]:
        return [RecipientGroup(name=f"winners of {procedure_id}", nl="winnaars", en="winners", member_ids=("m-1",))]

    with instance.read() as session:
        [group] = with_plugin(find_recipients).recipients(session, "p-1")
    assert (group.name, group.member_ids) == ("winners of p-1", ("m-1",))


def test_hook_act_recorded(instance: Instance) -> None:
    seen = []

    @hookimpl
    def act_recorded(transaction: "Transaction", act: Act, act_id: str) -> None:
        seen.append((transaction.now, act.kind, act_id))

    instance.plugins = with_plugin(act_recorded)
    with instance.write() as transaction:
        act_id = transaction.record(Act(kind="test.done", by=(), ground=""))
    assert seen == [(transaction.now, "test.done", act_id)]


def test_hook_find_blocks() -> None:
    block = Block(stage="vote", rule="no_hall", reason=Words(nl="er is geen zaal", en="there is no hall"))

    @hookimpl
    def find_blocks(session: Session, running: Running) -> Sequence[Block]:
        return [block] if running.procedure.id == "p-1" else []

    plugins = with_plugin(find_blocks)
    assert plugins.blocks(Session(), a_procedure("p-1")) == (block,)
    assert plugins.blocks(Session(), a_procedure("p-2")) == ()


def test_hook_count_candidates() -> None:
    @hookimpl
    def count_candidates(session: Session, running: Running) -> int | None:
        return 17 if running.procedure.id == "p-1" else None

    plugins = with_plugin(count_candidates)
    assert plugins.candidates(Session(), a_procedure("p-1")) == 17
    assert plugins.candidates(Session(), a_procedure("p-2")) is None
