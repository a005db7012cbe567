"""Members for whoever may see them: the party's for the office, a branch's own for its officers."""

from datetime import date, timedelta
from typing import Any

from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, FromQuery, URLEncodedBody
from sqlmodel import Session, select

from stembus.errors import UnusableInput
from stembus.organisation.authority import all_seats, current_definitions, today
from stembus.organisation.core_powers import MEMBERS_EXPORT, MEMBERS_IMPORT, MEMBERS_MERGE, MEMBERS_VIEW
from stembus.organisation.core_powers import MEMBERS_VIEW_BRANCH as VIEW_BRANCH
from stembus.organisation.exporting import export_members
from stembus.organisation.mail_consent import words_of_members
from stembus.organisation.mandate import HeldSeat
from stembus.organisation.member import MemberState
from stembus.organisation.merge import merge_members, plan_merge
from stembus.organisation.registry import member_numbered
from stembus.organisation.scope import Scope, covered, scopes_of, seen
from stembus.organisation.search import MOST, search
from stembus.organisation.states import states_of
from stembus.organisation.tables import Member
from stembus.web import N_, Answer, Form, Visit, action, page, power

POWERS = (MEMBERS_VIEW, VIEW_BRANCH)


class ExportForm(Form, frozen=True):
    """For which purpose a file is made, of which branch (empty: the party), and on what ground."""

    purpose: str = ""
    branch: str = ""
    ground: str = ""


class MergeForm(Form, frozen=True):
    """Which entry goes into which, and how it is known that they are one person."""

    keep: str = ""
    gone: str = ""
    ground: str = ""


@page("/members", who=power(*POWERS))
def members_page(visit: NamedDependency[Visit], q: FromQuery[str] = "", branch: FromQuery[str] = "") -> Answer:
    """Search members; a branch sees its own list at once."""
    day = today(visit.instance, visit.now)
    with visit.read() as session:
        scope, scopes = _scope(visit, session, branch)
        purpose = scope.purposes[0]
        if q.strip():
            found = search(session, scope, q, day)
            ids, total = found.member_ids, found.total
        else:
            everybody = [] if scope.branch is None else covered(session, scope, day)
            ids, total = everybody[:MOST], len(everybody)
        rows = seen(session, scope, purpose, ids, day)
    return visit.page(
        "members/found.html" if visit.is_partial else "members/list.html",
        rows=rows,
        q=q,
        total=total,
        most=MOST,
        scope=scope,
        scopes=scopes,
        purpose=purpose,
        may_export=visit.may(MEMBERS_EXPORT) and scope.may_export,
        may_import=visit.may(MEMBERS_IMPORT),
        may_merge=visit.may(MEMBERS_MERGE),
    )


@page("/members/{number:str}", who=power(*POWERS))
def member_page(visit: NamedDependency[Visit], number: FromPath[str], branch: FromQuery[str] = "") -> Answer:
    """One member, with the fields that the purpose of the visitor's seat needs."""
    day = today(visit.instance, visit.now)
    with visit.read() as session:
        scope, scopes = _scope(visit, session, branch)
        try:
            member = member_numbered(session, number)
        except UnusableInput:
            raise NotFoundException from None
        shown = seen(session, scope, scope.purposes[0], [member.id], day)
        if not shown:
            raise NotFoundException
        more = (
            _more(session, member.id, day)
            if scope.branch is None
            else {"state": None, "seats": [], "also": [], "said": None}
        )
    return visit.page(
        "members/member.html", one=shown[0], scope=scope, scopes=scopes, purpose=scope.purposes[0], day=day, **more
    )


@page("/members/export", who=power(MEMBERS_EXPORT))
def export_page(visit: NamedDependency[Visit], branch: FromQuery[str] = "") -> Answer:
    """Say for what a file is made; it holds the fields of that purpose and is recorded."""
    with visit.read() as session:
        scope, _ = _scope(visit, session, branch or str(visit.filled.get("branch", "")))
        total = len(covered(session, scope, today(visit.instance, visit.now)))
    return visit.page("members/export.html", scope=scope, total=total)


@action("/members/export", who=power(MEMBERS_EXPORT), writes=("members.exported",), again=export_page)
def export_file(visit: NamedDependency[Visit], data: URLEncodedBody[ExportForm]) -> Answer:
    """Make the file."""
    if not data.ground.strip():
        raise UnusableInput(N_("Say what it is needed for: it is recorded."), field="ground")
    with visit.write() as transaction:
        text = export_members(
            transaction,
            by=visit.member.number,
            purpose=data.purpose,
            ground=data.ground.strip(),
            branch_body=data.branch or None,
        )
    return visit.file(text, f"members-{visit.now:%Y%m%d}.csv", "text/csv; charset=utf-8")


@page("/members/merge", who=power(MEMBERS_MERGE))
def merge_page(visit: NamedDependency[Visit], keep: FromQuery[str] = "", gone: FromQuery[str] = "") -> Answer:
    """Two entries side by side, and what would happen when they are merged."""
    keep, gone = (str(visit.filled.get(name, value)).strip() for name, value in (("keep", keep), ("gone", gone)))
    planned = None
    if keep and gone:
        try:
            with visit.read() as session:
                planned = plan_merge(session, keep, gone, today(visit.instance, visit.now))
        except UnusableInput as problem:
            visit.problem = visit.problem or problem
    return visit.page("members/merge.html", keep=keep, gone=gone, planned=planned)


@action("/members/merge", who=power(MEMBERS_MERGE), writes=("members.merged",), again=merge_page)
def merge_action(visit: NamedDependency[Visit], data: URLEncodedBody[MergeForm]) -> Answer:
    """Merge two entries of one person."""
    if not data.ground.strip():
        raise UnusableInput(N_("Say how it is known that they are one person."), field="ground")
    with visit.write() as transaction:
        merge_members(transaction, data.keep, data.gone, by=visit.member.number, ground=data.ground.strip())
    return visit.go(f"/members/{data.keep}", N_("{gone} was merged into {keep}."), gone=data.gone, keep=data.keep)


def _scope(visit: Visit, session: Session, branch: str) -> tuple[Scope, tuple[Scope, ...]]:
    """Return the scope asked for by the body of a branch, or the widest; one that this visitor lacks is not there."""
    scopes = scopes_of(session, visit.member.member_id, today(visit.instance, visit.now))
    asked = [scope for scope in scopes if not branch or scope.branch_body == branch]
    if not asked:
        raise NotFoundException
    return asked[0], scopes


def _more(session: Session, member_id: str, day: date) -> dict[str, Any]:
    """Return what the office sees beside the fields: every period and seat, the numbers that lead here, and what the
    member said of convocations by mail."""
    state: MemberState = states_of(session, [member_id])[member_id]
    seats: list[HeldSeat] = [seat for seat in all_seats(session) if seat.member_id == member_id]
    also = list(session.exec(select(Member.number).where(Member.merged_into == member_id)).all())
    last_days = {seat.seat_id: seat.ends - timedelta(days=1) for seat in seats if seat.ends is not None}
    definitions = current_definitions(session)
    said = words_of_members(session, [member_id], day).get(member_id)
    return {
        "state": state,
        "seats": seats,
        "definitions": definitions,
        "last_days": last_days,
        "also": also,
        "said": said,
    }


PAGES = (export_page, export_file, merge_page, merge_action, members_page, member_page)
