"""Trustees and the credential authority are witnesses of the board: they get its head to keep. V3."""

import io
import re
import tarfile

from secret_poll_party import AFTER, AUTHORITY, BY, NAME, SecretParty
from sqlmodel import col, select

from stembus.notices.tables import MailMessage
from stembus.organisation.tables import Member
from stembus_polls.poll import open_poll
from stembus_polls.secret.board import archive_bytes, head
from stembus_polls.secret.clockwork import tend_box
from stembus_polls.secret.seal_box import seal_box

WITNESSES = {"5001", "5002", "5003", AUTHORITY}


def told(party: SecretParty) -> dict[str, set[str]]:
    """The heads that were mailed to each witness, by number."""
    query = select(Member.number, MailMessage.text).join(MailMessage, col(MailMessage.member_id) == col(Member.id))
    found: dict[str, set[str]] = {}
    with party.instance.read() as session:
        for number, text in session.exec(query.where(MailMessage.kind == "polls.board_head")):
            found.setdefault(number, set()).update(re.findall(r"^[0-9a-f]{64}$", text, re.MULTILINE))
    return found


def test_v3_witnesses_hold_heads_that_the_board_of_later_still_has(party: SecretParty) -> None:
    heads: list[str] = []

    def everybody_got_the_head() -> None:
        with party.instance.read() as session:
            at = head(session, party.uuid)
        assert at is not None
        heads.append(at.hash)
        assert told(party) == {witness: set(heads) for witness in WITNESSES}

    everybody_got_the_head()
    for voter in party.voters[:10]:
        party.vote(voter, (0, 1))
    party.clock.set(AFTER)
    tend_box(party.instance, party.uuid)
    everybody_got_the_head()
    with party.instance.write() as transaction:
        seal_box(transaction, open_poll(transaction, NAME).contest(party.contest_id), by=BY)
    everybody_got_the_head()

    with party.instance.read() as session:
        archive = b"".join(archive_bytes(session, party.uuid))
    with tarfile.open(fileobj=io.BytesIO(archive)) as opened:
        names = " ".join(opened.getnames())
    assert [one for one in heads if one not in names] == []
