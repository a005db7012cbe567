"""Keys and the authority's list are kept while the result can be annulled, and then destroyed; everybody sees it."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from ceremony_table import kept_for
from copied_instances import EmptyInstances
from counted_box import opened
from msgspec.structs import replace
from secret_poll_party import AUTHORITY
from trustee_party import PASSPHRASE, TrusteeParty, copied_trustee_party, quick_to_open
from typed_command import typed

from stembus.clock import SetClock
from stembus.errors import Refused
from stembus_ballots.protocol.ceremony_record import Plan
from stembus_ballots.protocol.credential_list import OfficerSignature
from stembus_ballots.protocol.signed import sign
from stembus_polls.credentials.destroyed import Destroyed
from stembus_polls.secret.destroyed_list import enter_destroyed
from stembus_polls.secret.keeping import kept_until
from stembus_polls.secret.poll import poll_by_uuid
from stembus_polls.secret.steps import BoxStep, steps_of
from stembus_polls.secret.trustees.seen import trustees_seen
from stembus_polls.trustee.destroying import require_over, why_keep
from stembus_polls.trustee.key_file import NAME, destroy_key_file, new_key_file
from stembus_polls.trustee.wire import PollSeen
from stembus_procedures.language.values import Span, Words

VOTES = [(0, 1, 2), (1, 0), (2,), (0,), (3, 4), (4, 3, 2, 1, 0), (1,), (0, 4), (2, 1), (3,)]
SOMEBODY = Words(nl="iemand", en="somebody")
LAST = date(2026, 9, 30)
POLL = PollSeen(
    organisation="Voorbeeldpartij",
    practice=False,
    now=datetime(2026, 1, 1, tzinfo=UTC),
    uuid="Voorbee1dpart1j",
    title="Raad",
    plan=Plan("Raad", "RFC-3526-2048", 3, 2),
    me=1,
    least_ballots=10,
    objection=Span(n=24, unit="hours"),
    zone="Europe/Amsterdam",
    trustees=(),
    step="counted",
    keep_until=LAST,
)
MIDNIGHT = datetime(2026, 9, 30, 22, tzinfo=UTC)
"""24:00 of the last day, where the party is."""


def _opened_for_good(party: TrusteeParty) -> None:
    party.make_key()
    party.set_up()
    party.vote(VOTES)
    opened(party)


@pytest.fixture
def opened_party(
    empty_instances: EmptyInstances, clock: SetClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[TrusteeParty]:
    """Ten members voted, and two of three trustees opened the box."""
    quick_to_open(monkeypatch)
    with copied_trustee_party(empty_instances, clock, tmp_path, _opened_for_good) as made:
        yield made


@pytest.mark.parametrize(
    ("changes", "now", "said"),
    [
        ({}, MIDNIGHT - timedelta(seconds=1), "Until and including"),
        ({}, MIDNIGHT, ""),
        ({"keep_until": None}, MIDNIGHT - timedelta(days=90), ""),
        ({"practice": True, "now": MIDNIGHT}, MIDNIGHT - timedelta(days=90), ""),
        ({"practice": True}, MIDNIGHT, "Until and including"),
        *(
            ({"step": step}, MIDNIGHT, "not open yet")
            for step in ("ceremony", "rehearsal", "preparing", "open", "objections", "closing", "mixing", "decrypting")
        ),
        *(({"step": step}, MIDNIGHT - timedelta(days=90), "") for step in ("cancelled", "annulled")),
    ],
)
def test_a_key_is_kept_while_it_can_be_needed(changes: dict[str, Any], now: datetime, said: str) -> None:
    reason = why_keep(replace(POLL, **changes), now)
    assert (said in str(reason)) if said else reason is None


def test_a_key_that_was_put_aside_goes_with_it(tmp_path: Path) -> None:
    folder = tmp_path / "trustee"
    new_key_file(folder, PASSPHRASE, kept_for(1)).put_aside()
    assert len(list(folder.iterdir())) == 2
    destroy_key_file(folder)
    assert list(folder.iterdir()) == []


def last_step(party: TrusteeParty) -> BoxStep:
    """What the page of the box says of the destroying."""
    contest, now = party.party.contest(), party.instance.clock.now()
    with party.instance.read() as session:
        until = kept_until(session, party.instance.plugins, contest)
        steps = steps_of(
            session,
            contest,
            now,
            preparing=SOMEBODY,
            sealing=SOMEBODY,
            papers=SOMEBODY,
            counting=SOMEBODY,
            keep_until=until,
        )
    assert [step.what for step in steps][-1] == "destroy"
    return steps[-1]


def destroy_the_list(party: TrusteeParty) -> None:
    """Let two officers of the authority state that its list is gone."""
    held = party.party
    made = Destroyed(uuid=held.uuid, at=held.clock.now(), list_sha256="0" * 64)
    group = held.election.group
    signed = tuple(
        OfficerSignature(place, sign(group, made.message, held.officers[place - 1], held.dice)) for place in (1, 2)
    )
    contest, text = held.contest(), msgspec.json.encode(replace(made, signed=signed))
    with party.instance.write() as transaction:
        enter_destroyed(transaction, contest, text, by=AUTHORITY)


def test_keys_and_list_are_kept_until_nobody_can_annul_the_result_and_everybody_sees_when_they_are_gone(
    opened_party: TrusteeParty, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    party = opened_party
    word = tmp_path / "passphrase"
    word.write_text(PASSPHRASE)
    with party.instance.read() as session:
        until = kept_until(session, party.instance.plugins, party.party.contest())
    assert until is not None
    seen = party.programs[1].look().poll
    assert (seen.step, seen.keep_until) == ("counted", until)
    run = typed(capsys)

    def destroy(number: int) -> str:
        told = run("trustee", "destroy", "--folder", party.place(number), "--passphrase-file", word, "--yes")
        return told.out + told.err

    assert f"until {until}" in destroy(1).lower().replace("until and including", "until").replace("\n", " ")
    assert (party.place(1) / NAME).exists(), "what is refused destroys nothing"
    assert str(last_step(party).text).startswith("Until and including")
    party.party.clock.set(datetime(until.year, until.month, until.day, 12, tzinfo=UTC))
    with pytest.raises(Refused, match="contested"):
        require_over(party.programs[2].server)

    party.party.clock.set(datetime(until.year, until.month, until.day, 12, tzinfo=UTC) + timedelta(days=1))
    assert "the server recorded" in destroy(1)
    assert not (party.place(1) / NAME).exists()
    assert [act.public["trustee"] for act in party.acts("trustee.destroyed")] == [1]
    with party.instance.read() as session:
        shown = trustees_seen(session, poll_by_uuid(session, party.party.uuid))
    assert [one.destroyed for one in shown] == [True, False, False]
    step = last_step(party)
    assert (step.is_done, str(step.text)) == (
        False,
        "1 of 3 trustees destroyed their key. The list of voting codes is still there.",
    )
    destroy(2)
    destroy(3)
    destroy_the_list(party)
    assert last_step(party).is_done


def test_where_the_server_is_gone_it_takes_a_word_of_the_office(
    opened_party: TrusteeParty, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    party = opened_party
    word = tmp_path / "passphrase"
    word.write_text(PASSPHRASE)
    party.programs[1].file.keep(replace(party.programs[1].kept, server="http://localhost:9"))
    run, asked = typed(capsys), ("trustee", "destroy", "--folder", party.place(1), "--passphrase-file", word, "--yes")
    assert run(*asked).code != 0
    assert (party.place(1) / NAME).exists()
    told = run(*asked, "--without-server")
    assert "did not hear it" in told.out
    assert not (party.place(1) / NAME).exists()
