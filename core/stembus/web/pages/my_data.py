"""Everything that is kept about the member who asks: what, why, how long and who can see it, with a file to keep."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any, NamedTuple

import msgspec
from litestar.di import NamedDependency
from sqlalchemy import RowMapping, Table
from sqlalchemy import select as select_columns
from sqlmodel import Session

from stembus.act_kinds import all_act_kinds
from stembus.conduct.called import called
from stembus.ledger.sentences import Called, Language, contest_named, sentence
from stembus.organisation.authority import current_definitions, today
from stembus.organisation.core_powers import MEMBERS_VIEW, MEMBERS_VIEW_BRANCH
from stembus.organisation.facts import facts_on
from stembus.vault.classes import all_classes
from stembus.vault.core_classes import ACTS
from stembus.vault.export import ExportedAct, export_acts_about, export_person
from stembus.vault.people import rows_about
from stembus.vault.retention import RetentionClass
from stembus.web import Answer, Visit, page, signed_in
from stembus.web.pages.my_data_words import COLUMNS, TABLES

SHOWN = 20
"""How many rows of a table, and how many acts, stand on the page; all of them are in the file."""

HIDDEN = ("_id", "_hash", "_sha256", "salt", "token", "html", "user_handle", "lease_until", "claimed_at")
"""How the names of columns end that hold keys and digests."""


class Kept(NamedTuple):
    """What one table holds: what its rows are (of the core), some rows as names and values, and how many more."""

    what: str
    rows: list[list[tuple[str, Any]]]
    more: int


class ClassShown(NamedTuple):
    """One retention class with what it holds about the member."""

    about: RetentionClass
    tables: list[Kept]


@page("/my-data", who=signed_in)
def my_data_page(visit: NamedDependency[Visit]) -> Answer:
    """The member's own data in words, by why and how long they are kept."""
    kinds = all_act_kinds(visit.instance.plugins)
    language: Language = "en" if visit.lang == "en" else "nl"
    with visit.read() as session:
        named = called(session, language)
        classes = _classes(visit, session, named)
        acts = export_acts_about(session, visit.member.member_id)
        seen_by = _seen_by(session, visit.member.member_id, today(visit.instance, visit.now), language)
    said = [(datetime.fromisoformat(one.at), sentence(one.act, kinds, language, named)) for one in _latest(acts)]
    return visit.page(
        "home/my_data.html",
        classes=classes,
        acts=said,
        more_acts=len(acts) - len(said),
        about_acts=all_classes(visit.instance.plugins)[ACTS.name],
        seen_by=seen_by,
    )


@page("/my-data/file", who=signed_in)
def my_data_file(visit: NamedDependency[Visit]) -> Answer:
    """All of it as JSON, also what the member did in a seat."""
    data = export_person(visit.instance, visit.member.member_id)
    return visit.file(msgspec.json.format(msgspec.json.encode(data)) + b"\n", "my-data.json", "application/json")


def _latest(acts: list[ExportedAct]) -> list[ExportedAct]:
    return sorted(acts, key=lambda one: one.at, reverse=True)[:SHOWN]


def _classes(visit: Visit, session: Session, named: Called) -> list[ClassShown]:
    plugins = visit.instance.plugins
    tables: dict[str, list[Kept]] = {}
    for table, where in rows_about(plugins, visit.member.member_id):
        rows = session.execute(select_columns(table).where(where)).mappings().all()
        if rows:
            shown = [list(_told(table, row, named)) for row in rows[:SHOWN]]
            kept = Kept(TABLES.get(table.name, ""), shown, len(rows) - len(shown))
            _put(kept, tables.setdefault(table.info["retention"], []))
    classes = all_classes(plugins)
    return [ClassShown(one, tables[name]) for name, one in classes.items() if name in tables]


def _put(kept: Kept, shown: list[Kept]) -> None:
    # Tables without words of their own stand together: the same heading twice would tell nobody which is which.
    for place, one in enumerate(shown):
        if one.what == kept.what:
            shown[place] = Kept(one.what, one.rows + kept.rows, one.more + kept.more)
            return
    shown.append(kept)


def _told(table: Table, row: RowMapping, named: Called) -> Iterator[tuple[str, Any]]:
    """Give the values of a row that say something to people, each with its name; keys and digests are in the file."""
    for column in table.columns:
        value = row[column.name]
        is_key = column.name == "id" or bool(column.foreign_keys) or column.name.endswith(HIDDEN)
        if value not in (None, "", "[]", "{}") and not isinstance(value, bytes) and not is_key:
            if column.name == "contests":
                value = ", ".join(contest_named(one, row["procedure_id"], named) for one in value.split())
            yield COLUMNS.get(column.name, column.name.replace("_", " ")), value


def _seen_by(session: Session, member_id: str, day: date, language: Language) -> list[str]:
    """Return the offices that may look this member up, as people name them: of branches only the member's own."""
    branch = facts_on(session, [member_id], day)[member_id].facts.branch
    found = []
    for definition in current_definitions(session).values():
        if definition.is_branch and definition.branch != branch:
            continue
        for office in definition.offices:
            if {MEMBERS_VIEW, MEMBERS_VIEW_BRANCH} & set(office.powers):
                found.append(f"{getattr(definition, language)}: {getattr(office, language)}")
    return found


PAGES = (my_data_page, my_data_file)
