"""The ledger as a trustee's program follows it: it only grows, and says when the box was sealed."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial

import msgspec
import pytest
from msgspec.structs import replace

from stembus.clock import SetClock
from stembus.instance import Instance
from stembus.ledger.acts import Act
from stembus.ledger.keys import replace_key
from stembus.ledger.note import Signer
from stembus.ledger.seal import seal
from stembus_ballots.protocol.errors import ProtocolError
from stembus_polls.secret.trustees.ledger_seen import ledger_seen
from stembus_polls.trustee.kept import LedgerHead
from stembus_polls.trustee.ledger import followed, objections_over, sealed_at, size_of
from stembus_polls.trustee.wire import LedgerSeen
from stembus_procedures.language.values import Span

UUID, ENDED = "Voorbee1dpart1j", "f" * 64


@pytest.fixture
def ledger(instance: Instance, clock: SetClock) -> Instance:
    """A ledger with one act in it."""
    record(instance, "secret_poll.prepared")
    return instance


def record(instance: Instance, kind: str, head: str = ENDED) -> None:
    with instance.write() as transaction:
        transaction.record(
            Act(kind=kind, by=(), ground="", subject={"secret_poll": UUID}, public={"uuid": UUID, "head": head})
        )
    seal(instance)


def seen(instance: Instance, since: LedgerHead | None = None) -> LedgerSeen:
    return ledger_seen(instance, UUID, 0 if since is None else size_of(since))


def refuses(rule: str, does: Callable[[], object]) -> None:
    with pytest.raises(ProtocolError) as refused:
        does()
    assert refused.value.rule == rule, str(refused.value)


def test_v11_the_moment_of_sealing_is_that_of_the_act_in_a_ledger_that_only_grew(
    ledger: Instance, clock: SetClock
) -> None:
    agreed = followed(None, seen(ledger))
    assert followed(agreed, seen(ledger, agreed)) == agreed
    record(ledger, "secret_poll.sealed")
    later = seen(ledger, agreed)
    head = followed(agreed, later)
    assert size_of(head) == size_of(agreed) + 1
    assert sealed_at(head, later, UUID, ENDED) == clock.now()
    record(ledger, "secret_poll.tallied")
    latest = seen(ledger, head)
    assert sealed_at(followed(head, latest), latest, UUID, ENDED) == clock.now()


def test_v11_another_moment_another_box_or_no_act_at_all_opens_nothing(ledger: Instance) -> None:
    agreed = followed(None, seen(ledger))
    refuses("ledger.sealed", lambda: sealed_at(agreed, seen(ledger, agreed), UUID, ENDED))
    record(ledger, "secret_poll.sealed")
    later = seen(ledger, agreed)
    head, proof = followed(agreed, later), later.sealed
    assert proof is not None
    refuses("ledger.sealed", lambda: sealed_at(head, later, "1" * 15, ENDED))
    refuses("ledger.sealed", lambda: sealed_at(head, later, UUID, "0" * 64))
    leaf = msgspec.json.decode(proof.leaf)
    backdated = msgspec.json.encode({**leaf, "at": "2020-01-01T00:00:00+00:00"}).decode()
    for wrong in (
        replace(proof, leaf=backdated),
        replace(proof, leaf="{}"),
        replace(proof, position=0),
        replace(proof, checkpoint=agreed.checkpoint),
    ):
        refuses("ledger.sealed", partial(sealed_at, head, replace(later, sealed=wrong), UUID, ENDED))


def test_v2_a_ledger_that_shrank_or_was_written_anew_is_refused(ledger: Instance, clock: SetClock) -> None:
    before = seen(ledger)
    agreed = followed(None, before)
    record(ledger, "secret_poll.sealed")
    later = seen(ledger, agreed)
    head = followed(agreed, later)
    refuses("ledger.changed", lambda: followed(head, before))
    refuses("ledger.changed", lambda: followed(agreed, replace(later, growth=None)))
    growth = later.growth
    assert growth is not None
    refuses("ledger.changed", lambda: followed(agreed, replace(later, growth=replace(growth, path=()))))
    refuses("ledger.changed", lambda: followed(agreed, replace(later, growth=replace(growth, older=later.checkpoint))))
    text = later.checkpoint.split("\n\n")[0] + "\n"
    forged = Signer.make("voorbeeld/ledger")
    from_elsewhere = f"{text}\n— voorbeeld/ledger AAAAAAAA\n"
    refuses(
        "ledger.changed", lambda: followed(agreed, replace(later, checkpoint=from_elsewhere, key=str(forged.verifier)))
    )


def test_v2_a_new_key_of_the_ledger_is_followed_where_the_old_one_signed_it_too(ledger: Instance) -> None:
    agreed = followed(None, seen(ledger))
    new = replace_key(ledger, lambda _transaction: (), "")
    record(ledger, "secret_poll.sealed")
    later = seen(ledger, agreed)
    head = followed(agreed, later)
    assert head.key == str(new) != agreed.key
    record(ledger, "secret_poll.tallied")
    assert followed(head, seen(ledger, head)).key == str(new)
    refuses("ledger.changed", lambda: followed(agreed, replace(later, replaced=())))


@pytest.mark.parametrize(
    ("span", "sealed", "over"),
    [
        (Span(n=24, unit="hours"), datetime(2026, 10, 24, 16, tzinfo=UTC), datetime(2026, 10, 25, 16, tzinfo=UTC)),
        (Span(n=1, unit="days"), datetime(2026, 10, 24, 16, tzinfo=UTC), datetime(2026, 10, 25, 17, tzinfo=UTC)),
        (Span(n=0, unit="hours"), datetime(2026, 6, 20, 14, tzinfo=UTC), datetime(2026, 6, 20, 14, tzinfo=UTC)),
    ],
    ids=["24 hours", "a day on which the clock goes back", "no time at all"],
)
def test_v11_the_time_to_object_is_counted_as_it_was_agreed(span: Span, sealed: datetime, over: datetime) -> None:
    assert objections_over(sealed, span, "Europe/Amsterdam") == over
    assert over - sealed >= timedelta(hours=span.n if span.unit == "hours" else 24 * span.n)
