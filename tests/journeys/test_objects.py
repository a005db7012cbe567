"""Whoever may enter a page still sees only what is theirs: each thing that has a name of its own, asked by others."""

import httpx
import pytest
from route_table import PERSONAS, AskedParty, token_of
from sqlmodel import Session, col, select

from stembus.access.sessions import start_session
from stembus.access.tables import AccessPasskey, AccessSession
from stembus.conduct.tables import Procedure
from stembus.organisation.tables import Member, MemberPeriod
from stembus.web.cookies import SESSION

COUNCIL = "/procedures/partijraad-2026"
BOARD = "/procedures/bestuur-2026"


def numbered_in(session: Session, branch: str) -> str:
    """Return the number of somebody in a branch."""
    query = select(Member.number).join(MemberPeriod, col(MemberPeriod.member_id) == col(Member.id))
    where = (MemberPeriod.kind == "branch", MemberPeriod.value == branch, col(MemberPeriod.ends).is_(None))
    return session.exec(query.where(*where).order_by(col(Member.number))).first() or ""


def headers_of(asked_party: AskedParty, secret: str) -> dict[str, str]:
    """What a browser of ours sends with a session."""
    asked_party.client.cookies.clear()
    return {"cookie": f"{SESSION}={secret}", "origin": asked_party.site.address, "sec-fetch-site": "same-origin"}


def asked(asked_party: AskedParty, persona: str, path: str) -> httpx.Response:
    """Ask for a page in a session of its own."""
    secret = asked_party.fresh([persona]).get(persona, "")
    return asked_party.client.get(asked_party.site.address + path, headers=headers_of(asked_party, secret))


def sent(asked_party: AskedParty, persona: str, path: str, **fields: str) -> httpx.Response:
    """Send a form in a session of its own."""
    (secret,) = asked_party.fresh([persona]).values()
    data = {"csrf_token": token_of(secret), **fields}
    return asked_party.client.post(asked_party.site.address + path, headers=headers_of(asked_party, secret), data=data)


def who_sees(asked_party: AskedParty, path: str) -> set[str]:
    """Return the personas to whom a page is there."""
    return {persona for persona in PERSONAS if asked(asked_party, persona, path).status_code == 200}


def test_w5_a_member_is_shown_to_the_office_and_to_their_own_branch(asked_party: AskedParty) -> None:
    with asked_party.site.instance.read() as session:
        north, zuid = numbered_in(session, "Noord"), numbered_in(session, "Zuid")
    assert who_sees(asked_party, f"/members/{north}") == {"office", "branch"}
    assert who_sees(asked_party, f"/members/{zuid}") == {"office", "elsewhere"}
    assert who_sees(asked_party, f"/members/{north}/letter-code") == {"office"}
    assert who_sees(asked_party, f"/phone?number={north}") == {"office"}


def test_w5_a_branch_finds_none_but_its_own_however_it_asks(asked_party: AskedParty) -> None:
    with asked_party.site.instance.read() as session:
        zuid = numbered_in(session, "Zuid")
        name = session.exec(select(Member.surname).where(Member.number == zuid)).one()
    for path in (f"/members?q={zuid}", f"/members?q={name}", "/members?branch=Zuid", "/members?branch=afdeling-zuid"):
        assert f"/members/{zuid}" not in asked(asked_party, "branch", path).text, path


def test_w5_a_candidate_of_the_party_is_no_business_of_a_branch(asked_party: AskedParty) -> None:
    assert who_sees(asked_party, f"{COUNCIL}/poll/candidates/1") == {"office", "committee", "committee member"}
    for persona in ("branch", "elsewhere"):
        answer = sent(asked_party, persona, f"{COUNCIL}/poll/candidates/1/decide", outcome="refused", ground="x")
        assert answer.status_code == 404


def test_w5_what_a_branch_holds_is_out_of_reach_of_another(asked_party: AskedParty) -> None:
    with asked_party.site.instance.write() as transaction:
        row = transaction.session.exec(select(Procedure).where(Procedure.name == "bestuur-2026")).one()
        before, row.held_by = row.held_by, "afdeling-noord"
        transaction.session.add(row)
    try:
        seen = who_sees(asked_party, f"{BOARD}/manage")
        assert sent(asked_party, "elsewhere", f"{BOARD}/manage/cancel", ground="x").status_code == 404
    finally:
        with asked_party.site.instance.write() as transaction:
            row = transaction.session.exec(select(Procedure).where(Procedure.name == "bestuur-2026")).one()
            row.held_by = before
            transaction.session.add(row)
    assert "branch" in seen
    assert "elsewhere" not in seen


def test_w5_nobody_ends_the_session_of_another(asked_party: AskedParty) -> None:
    instance = asked_party.site.instance
    with instance.write() as transaction:
        start_session(transaction, asked_party.people["office"], "demo")
        theirs = transaction.session.exec(
            select(AccessSession.id)
            .where(AccessSession.member_id == asked_party.people["office"], col(AccessSession.ended_at).is_(None))
            .order_by(col(AccessSession.id).desc())
            .limit(1)
        ).one()
    for persona in ("member", "board", "weak"):
        assert theirs not in asked(asked_party, persona, "/account").text
        assert sent(asked_party, persona, f"/account/sessions/{theirs}/end").status_code == 409
    with instance.read() as session:
        assert session.get_one(AccessSession, theirs).ended_at is None


def test_w5_nobody_names_or_takes_away_the_passkey_of_another(asked_party: AskedParty) -> None:
    instance = asked_party.site.instance
    with instance.write() as transaction:
        transaction.session.add(
            AccessPasskey(
                id="of-the-office", credential_id="Yw", member_id=asked_party.people["office"], user_handle="u",
                public_key=b"k", sign_count=0, transports="", name="kantoor zeven", is_vouched=True,
                made_at=transaction.now,
            )
        )  # fmt: skip
    for persona in ("member", "board", "weak"):
        assert "kantoor zeven" not in asked(asked_party, persona, "/account").text
        assert sent(asked_party, persona, "/account/passkeys/of-the-office/name", name="van mij").status_code == 409
        assert sent(asked_party, persona, "/account/passkeys/of-the-office/remove").status_code == 409
    with instance.read() as session:
        assert session.get_one(AccessPasskey, "of-the-office").name == "kantoor zeven"


@pytest.mark.parametrize("path", ["/my-data", "/my-data/file", "/api/me", "/my-seats", f"{COUNCIL}/my-row", "/account"])
def test_w5_ones_own_page_shows_nobody_else(asked_party: AskedParty, path: str) -> None:
    with asked_party.site.instance.read() as session:
        office = session.get_one(Member, asked_party.people["office"])
    for asking in ("member", "branch"):
        answer = asked(asked_party, asking, f"{path}?number={office.number}&member_id={office.id}")
        assert answer.status_code in (200, 404)
        assert office.surname not in answer.text
        assert f"({office.number})" not in answer.text
