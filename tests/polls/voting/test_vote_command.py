"""`stembus vote` against a booth that is served for real: the vote is in the box, nothing secret on the way. S2, E5."""

import socket
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from threading import Thread

import pytest
from copied_instances import EmptyInstances
from secret_poll_party import SecretParty, copied_secret_party
from served_site import InThread, serve_in_thread
from sqlmodel import select
from typed_command import Ran, Run, typed

from stembus.clock import SetClock
from stembus.errors import CheckFailed, Refused
from stembus.ledger.keys import verifiers
from stembus_ballots.protocol.typed_credential import shown
from stembus_polls.secret.hand_over import make_code
from stembus_polls.secret.promise import read_promise
from stembus_polls.secret.tables import SealedBallot
from stembus_polls.voting.booth_client import Booth


class Voter:
    """Members at a terminal, and the booth that is served to them."""

    def __init__(self, party: SecretParty, run: Run, folder: Path) -> None:
        self.party, self.run, self.folder = party, run, folder
        with party.instance.read() as session:
            self.key = str(verifiers(session)[0])

    def link(self, number: str) -> str:
        """Press “Vote” on the pages."""
        member = self.party.member(number)
        with self.party.instance.write() as transaction:
            code = make_code(transaction, self.party.uuid, member_id=member, voter_id=member)
        return f"{self.party.instance.settings.sites['booth']}/#{self.party.uuid}.{code}"

    def vote(self, number: str, choice: str, *more: object, code: str = "", link: str = "") -> Ran:
        """Vote with what is in two files."""
        (self.folder / "code").write_text(code or shown(self.party.codes[number]).lower())
        (self.folder / "choice").write_text(choice)
        return self.run(
            "vote", link or self.link(number), "--code-file", self.folder / "code", "--choice-file",
            self.folder / "choice", "--yes", *more,
        )  # fmt: skip

    def trackers(self) -> set[str]:
        """What is in the box."""
        with self.party.instance.read() as session:
            return set(session.exec(select(SealedBallot.tracker)))


@pytest.fixture
def voter(
    empty_instances: EmptyInstances, clock: SetClock, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> Iterator[Voter]:
    with copied_secret_party(empty_instances, tmp_path, clock, voters=12, paper=1) as party:
        _site, server = serve_in_thread(party.instance)
        yield Voter(party, typed(capsys), tmp_path)
        server.stop()
        assert isinstance(server, InThread)


def test_a_vote_is_in_the_box_and_its_promise_holds(voter: Voter) -> None:
    number, receipt = voter.party.voters[0], voter.folder / "receipt"
    told = voter.vote(number, "2,1,3", "--verifier", voter.key, "--receipt", receipt)
    assert told.code == 0, told.err
    assert f"You cast the vote of Lid {number}." in told.out
    [tracker] = voter.trackers()
    assert f"Its tracker: {tracker}" in told.out
    assert "was not checked" not in told.out
    with voter.party.instance.read() as session:
        assert read_promise(receipt.read_text(), verifiers(session)).tracker == tracker


def test_s2_nothing_printed_or_kept_shows_code_or_choice(voter: Voter) -> None:
    number = voter.party.voters[0]
    told = voter.vote(number, "2,1", "--receipt", voter.folder / "receipt")
    everything = told.out + told.err + (voter.folder / "receipt").read_text()
    for secret in (voter.party.codes[number], shown(voter.party.codes[number]), "Ben Jansen", "2,1"):
        assert secret not in everything
        assert secret.lower() not in everything
    assert "was not checked: name the key" in told.out


def test_asked_at_the_terminal_the_vote_is_shown_before_it_is_cast(
    voter: Voter, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = voter.party.voters[0]
    monkeypatch.setattr("click.termui.hidden_prompt_func", lambda _prompt: voter.party.codes[number])
    answers = iter(["2,1", "n", "2,1", "y"])
    monkeypatch.setattr("click.termui.visible_prompt_func", lambda _prompt: next(answers))
    stopped = voter.run("vote", voter.link(number))
    assert stopped.code == 1
    assert "  1. Ben Jansen\n  2. Ada Smit\n" in stopped.out
    assert voter.trackers() == set()
    assert voter.run("vote", voter.link(number)).code == 0
    assert len(voter.trackers()) == 1


@pytest.mark.parametrize(
    ("how", "why"),
    [
        ("mistyped", "typing mistake"),
        ("of another", "not one of this vote"),
        ("twice", "cast already"),
        ("old link", "used already or is too old"),
        ("choice", "numbers from 1 to 5"),
    ],
)
def test_refusals_are_told_in_words_and_nothing_is_cast(voter: Voter, how: str, why: str) -> None:
    number = voter.party.voters[0]
    code = voter.party.codes[number]
    match how:
        case "mistyped":
            told = voter.vote(number, "1", code=code[:-1] + ("0" if code[-1] != "0" else "1"))
        case "of another":
            told = voter.vote(number, "1", code="TYXQ-0EMM-SP25-DN8Z-94DJ-HQWN-1C1P")
        case "twice":
            link = voter.link(number)
            voter.vote(number, "1")
            told = voter.vote(number, "2", link=link)
        case "old link":
            link = voter.link(number)
            voter.vote(number, "9", link=link)
            told = voter.vote(number, "1", link=link)
        case _:
            told = voter.vote(number, "9")
    assert told.code in (1, 2)
    assert why in told.err
    assert len(voter.trackers()) == (how == "twice")


def test_e5_a_credential_without_a_sign_in_casts_nothing_nor_a_sign_in_without_one(voter: Voter) -> None:
    one, other = voter.party.voters[:2]
    booth = Booth(voter.party.instance.settings.sites["booth"], lambda _seconds: None)
    ballot = voter.party.ballot(voter.party.codes[one], (0,))
    with pytest.raises(Refused, match="too long"):
        booth.cast("made up", ballot, len(ballot))
    told = voter.vote(other, "1", code="TYXQ-0EMM-SP25-DN8Z-94DJ-HQWN-1C1P")
    assert told.code == 1
    assert voter.trackers() == set()


def test_a_wrong_key_of_the_ledger_is_noticed(voter: Voter) -> None:
    from stembus.ledger.note import Signer

    stranger = str(Signer.make("elsewhere.example").verifier)
    told = voter.vote(voter.party.voters[0], "1", "--verifier", stranger)
    assert told.code == 1
    assert len(voter.trackers()) == 1


class Dropping:
    """A server that takes connections and says nothing."""

    def __init__(self) -> None:
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self.listening.getsockname()[1]}"
        self.asked = 0
        Thread(target=self.serve, daemon=True).start()

    def serve(self) -> None:
        with suppress(OSError):
            while True:
                talk, _ = self.listening.accept()
                self.asked += 1
                talk.close()


def test_without_an_answer_it_is_asked_again_and_then_told() -> None:
    server, waited = Dropping(), list[float]()
    with pytest.raises(CheckFailed, match="cannot be reached"):
        Booth(server.address, waited.append).poll("x")
    assert server.asked == 4
    assert waited == [1.0, 2.0, 4.0]
    server.listening.close()
