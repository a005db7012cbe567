"""Long work that a page begins: one at a time, never lost unseen, and kept from whoever began before."""

import threading
import time
from datetime import timedelta
from functools import partial

import pytest
from secret_poll_party import SecretParty

from stembus.errors import Refused
from stembus_polls.secret.paper_votes import encrypt_papers
from stembus_polls.secret.tables import BoxWork
from stembus_polls.secret.work import SILENT, Kept, Work, begin_work, forget_work, work_of


def seen(party: SecretParty) -> Work | None:
    with party.instance.read() as session:
        return work_of(session, party.uuid, "verify", party.clock.now())


def begun(party: SecretParty, attempt: str = "a") -> None:
    """Let work be going on, as it would be while another process is at it."""
    now = party.clock.now()
    row = BoxWork(
        uuid=party.uuid, kind="verify", attempt=attempt, begun_at=now, seen_at=now, state="going", done=3, of=9
    )
    with party.instance.write() as transaction:
        transaction.session.merge(row)


def test_the_same_is_not_begun_twice_and_what_was_cut_off_is_begun_again(party: SecretParty) -> None:
    assert seen(party) is None
    begun(party)
    work = seen(party)
    assert work is not None
    assert (work.state, work.done, work.of) == ("going", 3, 9)
    with pytest.raises(Refused, match="being done already"):
        begin_work(party.instance, party.uuid, "verify", print, Kept)
    party.clock.set(party.clock.now() + SILENT + timedelta(seconds=1))
    work = seen(party)
    assert work is not None
    assert work.state == "cut_off"
    fails = partial(encrypt_papers, None)  # type: ignore[arg-type]  # so that the other process meets a fault
    begin_work(party.instance, party.uuid, "verify", fails, Kept)
    until = time.monotonic() + 60
    while (work := seen(party)) is not None and work.state == "going":
        assert time.monotonic() < until
        time.sleep(0.1)
    assert work is not None
    assert work.state == "failed"
    with party.instance.write() as transaction:
        forget_work(transaction.session, party.uuid, "verify")
    assert seen(party) is None


def test_work_that_was_begun_anew_is_told_nothing_by_what_was_going_on_before(party: SecretParty) -> None:
    fails = partial(encrypt_papers, None)  # type: ignore[arg-type]  # so that the other process meets a fault
    begin_work(party.instance, party.uuid, "verify", fails, Kept)
    begun(party, "b")
    [older] = [one for one in threading.enumerate() if one.name == "verify"]
    older.join(60)
    assert not older.is_alive()
    work = seen(party)
    assert work is not None
    assert (work.state, work.done, work.of) == ("going", 3, 9)
