"""Policies as they were adopted: their text in full or in the easy version, and what changed since the one before."""

from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, FromQuery
from sqlmodel import Session, col, select

from stembus.conduct.policies import adopted_policies, frozen_of, policy_of, sentences
from stembus.conduct.tables import AdoptedPolicy, Procedure
from stembus.documents.markdown import Rendered, rendered
from stembus.web import Answer, Visit, anyone, page
from stembus_procedures.diff import differences
from stembus_procedures.text import FrozenText


@page("/policies", who=anyone)
def policies_page(visit: NamedDependency[Visit]) -> Answer:
    """The policy in force for each kind of procedure, and the versions before it."""
    with visit.read() as session:
        rows = adopted_policies(session)
    plugins = visit.instance.plugins
    versions: dict[str, list[AdoptedPolicy]] = {}
    for row in rows:
        versions.setdefault(row.policy_id, []).append(row)
    shown = [(policy_of(these[0], plugins).title, these[0], these[1:]) for _, these in sorted(versions.items())]
    return visit.page("policies/list.html", policies=shown)


@page("/policies/{fingerprint:str}", who=anyone)
def policy_page(visit: NamedDependency[Visit], fingerprint: FromPath[str], text: FromQuery[str] = "") -> Answer:
    """The text of one adopted policy, word for word as it was adopted."""
    with visit.read() as session:
        row = _row(session, fingerprint)
        rows = [one for one in adopted_policies(session) if one.policy_id == row.policy_id]
        named = select(Procedure.name).where(Procedure.fingerprint == fingerprint).order_by(col(Procedure.begun_at))
        procedures = list(session.exec(named))
    policy = policy_of(row, visit.instance.plugins)
    frozen = frozen_of(row)
    read = text_in(frozen.texts, text or visit.lang)
    return visit.page(
        "policies/policy.html",
        row=row,
        rows=rows,
        policy=policy,
        frozen=frozen,
        text=read,
        content=content_of(read),
        changes=_changes(visit, row, rows),
        procedures=procedures,
    )


@page("/policies/{fingerprint:str}/file", who=anyone)
def policy_file(visit: NamedDependency[Visit], fingerprint: FromPath[str], text: FromQuery[str] = "") -> Answer:
    """The definition that the software runs, or a text of it, as a file to keep and to hash."""
    with visit.read() as session:
        row = _row(session, fingerprint)
    name = f"{row.policy_id}-{row.fingerprint[:12]}"
    if not text:
        return visit.file(row.source.encode(), f"{name}.toml", "text/plain; charset=utf-8")
    read = text_in(frozen_of(row).texts, text)
    return visit.file(read.markdown.encode(), f"{name}-{read.lang}.md", "text/markdown; charset=utf-8")


def _row(session: Session, fingerprint: str) -> AdoptedPolicy:
    row = session.get(AdoptedPolicy, fingerprint)
    if row is None:
        raise NotFoundException
    return row


def text_in(texts: tuple[FrozenText, ...], wanted: str) -> FrozenText:
    """Return the text in the language that was asked for; the first (full Dutch) where there is none."""
    return next((one for one in texts if one.lang == wanted), texts[0])


def content_of(text: FrozenText) -> Rendered:
    """Return the text as a page; its title, on the first line, is the heading of the page."""
    return rendered(text.markdown.partition("\n")[2] if text.markdown.startswith("# ") else text.markdown)


def _changes(visit: Visit, row: AdoptedPolicy, rows: list[AdoptedPolicy]) -> tuple[str, ...] | None:
    """Return what changed since the version before, in sentences; None when there is none before it."""
    earlier = rows[rows.index(row) + 1 :]
    if not earlier:
        return None
    plugins = visit.instance.plugins
    old, new = policy_of(earlier[0], plugins), policy_of(row, plugins)
    return differences(old, new, "en" if visit.lang == "en" else "nl", catalogue=sentences(plugins))


PAGES = (policies_page, policy_page, policy_file)
