"""The ceremony on the server: invitations that work once, rounds in their order, and who breaks it is named."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from copied_instances import EmptyInstances
from msgspec.structs import replace
from secret_poll_party import BY, NAME
from secret_polls import Dice
from sqlmodel import select
from trustee_party import PASSPHRASE, TrusteeParty, copied_trustee_party, quick_to_open

from stembus.clock import SetClock
from stembus.errors import Refused, UnusableInput
from stembus.notices.tables import MailMessage
from stembus_ballots.protocol.canonical import read_canonical, text_of
from stembus_ballots.protocol.ceremony import take_certificates
from stembus_ballots.protocol.ceremony_record import Share, fingerprint_of
from stembus_ballots.protocol.signed import sign_message
from stembus_polls.poll import open_poll
from stembus_polls.secret.trustees.ceremony import restart
from stembus_polls.trustee.going_on import Trustee, take_up
from stembus_polls.trustee.invitation import read_invitation
from stembus_polls.trustee.key_file import has_key_file
from stembus_polls.trustee.rounds import Compare, SealedShares, Send, go_on, introductions
from stembus_polls.trustee.sealing import check_introduction, seal
from stembus_polls.trustee.server import NotAccepted, Server
from stembus_polls.trustee.token import token_sha256
from stembus_polls.trustee.wire import Posted, Round


@pytest.fixture
def party(
    empty_instances: EmptyInstances, clock: SetClock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[TrusteeParty]:
    quick_to_open(monkeypatch)
    with copied_trustee_party(empty_instances, clock, tmp_path, _named) as made:
        yield made


def _named(_party: TrusteeParty) -> None:
    """The trustees were named, and nothing more."""


def next_message(program: Trustee) -> Posted:
    """What a program would send next; it is kept, and not sent."""
    kept, todo = go_on(program.kept, program.server.messages().messages, Dice(f"next {program.kept.number}"))
    program.file.keep(kept)
    assert isinstance(todo, Send), todo
    return todo.message


def until(party: TrusteeParty, round_: Round) -> None:
    """Let all go on until each has sent its message of a round, and no further."""
    while True:
        for program in party.programs.values():
            now = {one.round for one in program.server.messages().messages if one.sender == program.kept.number}
            if round_ in now:
                continue
            kept, todo = go_on(program.kept, program.server.messages().messages, Dice(f"{round_}{program.kept.number}"))
            program.file.keep(kept)
            if isinstance(todo, Send):
                program.server.send(todo.message)
            elif isinstance(todo, Compare):
                program.compared(todo.fingerprint)
        said = party.programs[1].server.messages().messages
        if len([one for one in said if one.round == round_]) == len(party.programs):
            return


def begun(party: TrusteeParty) -> None:
    party.begin(1, 2, 3)
    for program in party.programs.values():
        program.agree(program.look().poll)


def refuses(reason: str, program: Trustee, message: Posted) -> None:
    with pytest.raises(NotAccepted) as refused:
        program.server.send(message)
    assert refused.value.reason == reason, str(refused.value)


def test_an_invitation_works_once_and_a_newer_one_instead_of_an_older(party: TrusteeParty, tmp_path: Path) -> None:
    old, new = party.invitation(1), party.invitation(1)
    with pytest.raises(Refused, match="does not know"):
        take_up(tmp_path / "old", old, PASSPHRASE)
    assert not has_key_file(tmp_path / "old")
    file = take_up(tmp_path / "new", read_invitation(f" {new}\n"), PASSPHRASE)
    with pytest.raises(Refused, match="another program"):
        take_up(tmp_path / "again", new, PASSPHRASE)
    with pytest.raises(Refused, match="has taken up"):
        party.invitation(1)
    Server(new.server, new.uuid, new.secret).begin(token_sha256(file.kept.token))  # the answer got lost
    assert len(party.acts("trustee.invited")) == 2
    assert len(party.acts("trustee.began")) == 1


@pytest.mark.parametrize("token", ["", "x" * 43])
def test_a_program_that_is_not_known_learns_nothing(party: TrusteeParty, token: str) -> None:
    party.begin(1)
    server = Server(party.site.address, party.party.uuid, token)
    for ask in (server.poll, server.messages, server.board, server.rehearsal, server.go_on):
        with pytest.raises(Refused, match="does not know"):
            ask()
    other = Server(party.site.address, "1" * 22, party.programs[1].kept.token)
    with pytest.raises(Refused, match="does not know"):
        other.poll()


@pytest.mark.parametrize(
    "line",
    ["", "x", "http://party.example/polls/11111111111111/trustees#1.x", "https://a.example/polls/1/trustees#1.x"],
)
def test_what_is_no_invitation_is_said_to_be_none(line: str) -> None:
    with pytest.raises(UnusableInput, match="not an invitation"):
        read_invitation(line)


def test_an_invitation_by_mail_is_wiped_once_it_was_sent(party: TrusteeParty) -> None:
    made = party.invitation(2, mail=True)
    with party.instance.read() as session:
        (mail,) = session.exec(select(MailMessage)).all()
    assert str(made) in mail.text
    assert mail.purpose == "sign_in", "its words are taken out of the table when it has left"


def test_t3_over_the_api_nobody_shows_a_polynomial_before_all_have_committed(party: TrusteeParty) -> None:
    begun(party)
    until(party, "certificates")
    one, two, three = (party.programs[number] for number in (1, 2, 3))
    for program in (one, two):
        program.compared(program.look().fingerprint)
        program.server.send(next_message(program))
    seat = one.kept.seat
    assert seat is not None
    early = Posted(ceremony=seat.plan.ceremony, round="reveals", body=text_of(seat.reveal).decode())
    refuses("ceremony.early", one, early)
    assert party.acts("trustee.refused") == [], "being early is no fault"
    three.compared(three.look().fingerprint)
    three.look()
    one.look()
    assert {m.sender for m in three.server.messages().messages if m.round == "reveals"} >= {1, 3}


def test_t3_over_the_api_another_polynomial_than_was_committed_to_is_refused_and_named(party: TrusteeParty) -> None:
    begun(party)
    until(party, "commitments")
    rushing = party.programs[3]
    seat = rushing.kept.seat
    assert seat is not None
    fresh = replace(seat, certificates=(), polynomial=(), reveal=None)
    again, _ = take_certificates(fresh, seat.certificates, Dice("rushing"))
    chosen = Posted(ceremony=seat.plan.ceremony, round="reveals", body=text_of(again.reveal).decode())
    refuses("ceremony.reveal", rushing, chosen)
    (refused,) = party.acts("trustee.refused")
    assert (refused.public["trustee"], refused.public["reason"]) == (3, "ceremony.reveal")
    assert {now.kind for now in party.look().values()} == {"rehearse"}, "the right one is still taken"


def test_t3_a_round_message_is_taken_once_from_its_trustee_in_its_ceremony(party: TrusteeParty) -> None:
    begun(party)
    until(party, "certificates")
    one, two = party.programs[1], party.programs[2]
    (mine,) = one.kept.sent
    one.server.send(mine)  # an answer that got lost
    (theirs,) = two.kept.sent
    refuses("ceremony.twice", one, theirs)
    refuses("ceremony.other", one, replace(mine, ceremony=f"{party.party.uuid}.7"))
    refuses("ceremony.form", two, replace(theirs, round="commitments", recipient=1))
    party.look()
    said = one.server.messages().messages
    assert len(said) == len({(m.round, m.sender, m.recipient) for m in said})
    replayed = next(m for m in said if (m.round, m.sender) == ("commitments", 1))
    refuses("ceremony.twice", two, Posted(ceremony=mine.ceremony, round="commitments", body=replayed.body))


def test_t2_t3_a_wrong_share_names_its_maker_and_the_ceremony_begins_again(party: TrusteeParty) -> None:
    begun(party)
    until(party, "reveals")
    wrong = party.programs[2]
    message = next_message(wrong)
    seat = wrong.kept.seat
    assert seat is not None
    shares = list(read_canonical(message.body.encode(), SealedShares, "shares", "The shares"))
    share = Share(seat.plan.ceremony, fingerprint_of(seat.certificates), 2, 1, "12345")
    signed = sign_message(seat.group, text_of(share).decode(), seat.signing_key, Dice("wrong"))
    sent = {m.sender: m.body for m in wrong.server.messages().messages if m.round == "certificates"}
    shares[0] = seal(seat, 2, 1, signed, check_introduction(seat.plan, 1, introductions(seat.plan, sent)[0]))
    forged = replace(message, body=text_of(tuple(shares)).decode())
    wrong.file.keep(replace(wrong.kept, sent=(*wrong.kept.sent[:-1], forged)))
    found = party.look()
    assert {(now.kind, now.trustees) for now in found.values()} == {("must_leave", (2,))}
    assert {one.public["trustee"] for one in party.acts("trustees.guilty")} == {2}
    with party.instance.write() as transaction:
        contest = open_poll(transaction, NAME).contest(party.party.contest_id)
        restart(transaction, contest, by=BY, ground="besluit kiescommissie", replaced=[2])
    with pytest.raises(Refused, match="does not know"):
        wrong.look()
    party.place(2).rename(party.folder / "wrong")
    party.begin(2)
    assert {now.kind for now in party.look().values()} == {"rehearse"}
    assert len({program.kept.trustees for program in party.programs.values()}) == 1


def test_a_key_that_was_finished_is_kept_when_the_ceremony_begins_again(party: TrusteeParty) -> None:
    party.make_key()
    with party.instance.write() as transaction:
        contest = open_poll(transaction, NAME).contest(party.party.contest_id)
        restart(transaction, contest, by=BY, ground="een sleutel is kwijt")
    assert party.programs[1].look().kind == "restarted"
    party.look()
    assert sorted(file.name for file in party.place(1).iterdir()) == ["trustee-1.key", "trustee.key"]
    party.rehearse()
    party.set_up()
    with party.instance.write() as transaction:
        contest = open_poll(transaction, NAME).contest(party.party.contest_id)
        with pytest.raises(Refused, match="was set up under its key"):
            restart(transaction, contest, by=BY, ground="te laat")
