"""What a trustee's program does next: it looks where the poll stands, and does what needs no decision of its owner.

What needs one (agreeing to the terms, comparing the fingerprint, typing the passphrase for the rehearsal, beginning to
mix or decrypt) is a step of its own, for whoever shows it.
"""

import secrets
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from msgspec.structs import replace

from stembus.errors import CheckFailed, Refused
from stembus_ballots.protocol.archive import hash_of
from stembus_ballots.protocol.canonical import text_of
from stembus_ballots.protocol.decryption import check_decryption, partial_decryption
from stembus_ballots.protocol.election import Ranked
from stembus_ballots.protocol.errors import ProtocolError
from stembus_ballots.protocol.shuffle import make_shuffle
from stembus_ballots.protocol.side_file import Decrypted, make_side_file
from stembus_ballots.protocol.work import ONE_BY_ONE, Progress, Workers, silent
from stembus_polls.trustee.checked_board import CheckedBoard, check_may_open, checked_board
from stembus_polls.trustee.invitation import Invitation
from stembus_polls.trustee.kept import Kept, Terms
from stembus_polls.trustee.key_file import KeyFile, new_key_file
from stembus_polls.trustee.ledger import followed, objections_over, sealed_at, size_of
from stembus_polls.trustee.rehearsing import TURNS, rehearse
from stembus_polls.trustee.rounds import Compare, Finished, Leave, Send, Wait, begin, confirm, go_on
from stembus_polls.trustee.server import NotAccepted, Server
from stembus_polls.trustee.token import token_sha256
from stembus_polls.trustee.wire import Decryption, LedgerSeen, Mix, PollSeen, Step, TrusteeSeen

Kind = Literal[
    "agree",
    "compare",
    "wait_ceremony",
    "must_leave",
    "rehearse",
    "wait_rehearsals",
    "wait_poll",
    "wait_objections",
    "wait_list",
    "mix",
    "wait_mixes",
    "decrypt",
    "wait_decryptions",
    "counted",
    "restarted",
    "cancelled",
    "annulled",
]
WAITS: dict[Step, Kind] = {
    "ceremony": "wait_rehearsals",
    "rehearsal": "wait_rehearsals",
    "preparing": "wait_poll",
    "open": "wait_poll",
    "objections": "wait_objections",
    "closing": "wait_list",
    "counted": "counted",
    "cancelled": "cancelled",
    "annulled": "annulled",
}
MOST_RETRIES = 20


class Now(NamedTuple):
    """What there is to do. `trustees` are those who are waited for, or who must leave; `spoken` is to be compared."""

    kind: Kind
    poll: PollSeen
    trustees: tuple[int, ...] = ()
    spoken: str = ""
    fingerprint: str = ""


class Trustee:
    """The program of one trustee: the opened file, and the server. What it makes is kept before it is sent."""

    def __init__(
        self,
        file: KeyFile,
        *,
        server: Server | None = None,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        workers: Workers = ONE_BY_ONE,
    ) -> None:
        kept = file.kept
        self.file, self.server = file, server or Server(kept.server, kept.uuid, kept.token)
        self._clock, self._workers = clock, workers

    @property
    def kept(self) -> Kept:
        """What is kept now."""
        return self.file.kept

    def look(self) -> Now:
        """Go on as far as no decision is needed, and say what there is to do then.

        Raises ProtocolError for what others sent that does not hold, `Refused` or `Unavailable` of the server.
        """
        begin_at_server(self.file)
        poll = self._poll()
        agreed, terms = self.kept.terms, terms_of(poll)
        if agreed is None:
            return Now("agree", poll)
        is_earlier = agreed.objection is None  # made by a version of this program that did not keep it
        if agreed != (replace(terms, objection=None, zone="") if is_earlier else terms):
            raise CheckFailed(
                "The server now says something else about this poll than you agreed to. Ask the office; nothing is done"
                " until then."
            )
        if is_earlier:
            return Now("agree", poll)
        if poll.step in ("cancelled", "annulled"):
            return Now(WAITS[poll.step], poll)
        if self.kept.seat is not None and self.kept.seat.plan != poll.plan:
            if poll.step != "ceremony":
                raise CheckFailed("The server names another ceremony than the one that made your key. Ask the office.")
            return Now("restarted", poll)
        if not self.kept.trustees or self.kept.rehearsed < TURNS:
            return self._ceremony(poll)
        return self._poll_stands(poll)

    def agree(self, poll: PollSeen) -> None:
        """Keep the terms and where the ledger is, and take a seat in the ceremony."""
        ledger = followed(self.kept.ledger, self._ledger_seen())
        kept = replace(self.kept, terms=terms_of(poll), ledger=ledger)
        self.file.keep(begin(kept, poll.plan, secrets.randbelow) if kept.seat is None else kept)

    def begin_again(self, poll: PollSeen) -> None:
        """Take part in a ceremony that began again. A key that was finished stays in a file beside the new one."""
        if self.kept.trustees:
            self.file.put_aside()
        self.file.keep(begin(replace(self.kept, rehearsed=0), poll.plan, secrets.randbelow))

    def compared(self, fingerprint: str) -> None:
        """Note that all read the same numbers."""
        self.file.keep(confirm(self.kept, fingerprint))

    def rehearse(self, passphrase: str) -> int:
        """Decrypt a test with the key as the medium has it now; return how often that was done.

        Raises `UnusableInput` where the file does not open with the passphrase.
        """
        stored = self.file.opens_with(passphrase)
        try:
            self.server.rehearsed(rehearse(stored, self.server.rehearsal(), secrets.randbelow))
        except ValueError as error:
            raise CheckFailed("The key in the file is not finished: {error}", error=str(error)) from None
        self.file.keep(replace(self.kept, rehearsed=self.kept.rehearsed + 1))
        return self.kept.rehearsed

    def mix(self, progress: Progress = silent) -> None:
        """Verify the board, mix the ballots and hand that in; again where another trustee was first.

        Raises ProtocolError where the board or the list of credentials does not hold, or objections can still be made.
        """
        for _attempt in range(MOST_RETRIES):
            board = self._board(progress)
            if self.kept.number in board.mixers or board.phase not in ("tallied", "shuffling"):
                return
            self._require_time(board)
            election = board.poll.election
            ranked = [at for at, question in enumerate(election.questions) if isinstance(question, Ranked)]
            columns = [board.to_open[at] for at in ranked]
            made = make_shuffle(election.bound, columns, secrets.randbelow, workers=self._workers, progress=progress)
            try:
                self.server.mix(Mix(head=board.head, record=text_of(made).decode()))
                return
            except NotAccepted as error:
                if error.reason != "head":
                    raise
        raise Refused("Others were first each time. Try again in a while.")

    def decrypt(self, progress: Progress = silent) -> None:
        """Verify the board, decrypt what was mixed and hand that in with the side file.

        Raises ProtocolError as `mix`, and where the board holds too few ballots or is a second one.
        """
        for _attempt in range(MOST_RETRIES):
            board = self._board(progress)
            if self.kept.number in board.decrypters or board.phase == "complete":
                return
            if board.phase not in ("shuffled" if board.poll.election.is_mixed else "tallied", "decrypting"):
                raise ProtocolError("board.early", "The ballots are not ready to be decrypted.")
            self._require_time(board)
            check_may_open(self.kept, board)
            self.file.keep(replace(self.kept, opened=board.opens))
            try:
                self.server.decryption(self._decryption(board, progress))
                return
            except NotAccepted as error:
                if error.reason != "head":
                    raise
        raise Refused("Others were first each time. Try again in a while.")

    def _ceremony(self, poll: PollSeen) -> Now:
        """Send what can be sent, and say what is to be done then."""
        while True:
            said = self.server.messages()
            if self.kept.seat is None or said.ceremony != self.kept.seat.plan.ceremony:
                return Now("restarted", poll)
            kept, todo = go_on(self.kept, said.messages, secrets.randbelow)
            self.file.keep(kept)
            match todo:
                case Send():
                    self.server.send(todo.message)
                case Compare():
                    return Now("compare", poll, spoken=todo.spoken, fingerprint=todo.fingerprint)
                case Wait():
                    return Now("wait_ceremony", poll, todo.trustees)
                case Leave():
                    return Now("must_leave", poll, (todo.trustee,))
                case Finished():
                    return self._rehearsal(todo)

    def _rehearsal(self, finished: Finished) -> Now:
        poll = self._poll()
        if poll.trustees_sha256 != hash_of(finished.record):
            raise CheckFailed("The server holds another key than the one that the trustees made. Ask the office.")
        return Now("rehearse", poll)

    def _poll_stands(self, poll: PollSeen) -> Now:
        mine = poll.trustees[self.kept.number - 1]
        if poll.step == "mixing":
            waits = _those(poll, lambda one: not one.mixed)
            return Now("wait_mixes", poll, waits) if mine.mixed else Now("mix", poll)
        if poll.step == "decrypting":
            waits = _those(poll, lambda one: not one.decrypted)
            return Now("wait_decryptions", poll, waits) if mine.decrypted else Now("decrypt", poll)
        kind = WAITS[poll.step]
        waits = _those(poll, lambda one: one.rehearsals < TURNS) if kind == "wait_rehearsals" else ()
        return Now(kind, poll, waits)

    def _poll(self) -> PollSeen:
        poll = self.server.poll()
        if poll.step in ("objections", "decrypting"):
            self.server.go_on()
            poll = self.server.poll()
        if (poll.uuid, poll.me) != (self.kept.uuid, self.kept.number):
            raise CheckFailed("The server takes you for another trustee. Ask the office; nothing is done.")
        return poll

    def _board(self, progress: Progress) -> CheckedBoard:
        archive, listed = self.server.board(), self.server.credential_list()
        board = checked_board(self.kept, archive, listed, workers=self._workers, progress=progress)
        fingerprint = board.poll.election.fingerprint
        self.file.keep(replace(self.kept, board=board.seen, listed=board.listed, election=fingerprint))
        return board

    def _require_time(self, board: CheckedBoard) -> None:
        """Nobody can object any more, by the ledger, what was agreed and the own clock; the server can only say later.

        The clock of a practice is that of its server.
        """
        terms = self.kept.terms
        if terms is None or terms.objection is None:
            raise ProtocolError("board.early", "The terms of this poll were not agreed to.")
        seen = self._ledger_seen()
        ledger = followed(self.kept.ledger, seen)
        self.file.keep(replace(self.kept, ledger=ledger))
        over = objections_over(sealed_at(ledger, seen, self.kept.uuid, board.ended), terms.objection, terms.zone)
        poll = self.server.poll()
        until = max(over, poll.decrypt_from or over)
        if (poll.now if terms.practice else self._clock()) < until:
            raise ProtocolError(
                "board.early", f"Objections can still be made until {until.isoformat(timespec='minutes')}."
            )

    def _ledger_seen(self) -> LedgerSeen:
        return self.server.ledger(size_of(self.kept.ledger) if self.kept.ledger else 0)

    def _decryption(self, board: CheckedBoard, progress: Progress) -> Decryption:
        election, seat = board.poll.election, self.kept.seat
        if seat is None or seat.secret is None:
            raise ProtocolError("board.trustees", "There is no finished key in this file.")
        group, secret, key = election.group, int(seat.secret), board.poll.trustees.keys[self.kept.number - 1]
        record = partial_decryption(
            election, secret, board.to_open, secrets.randbelow, workers=self._workers, progress=progress
        )
        factors = check_decryption(election, key, board.to_open, record, workers=self._workers, progress=progress)
        decrypted = Decrypted(group, election.fingerprint, self.kept.number, key, board.to_open, factors)
        side_file = make_side_file(decrypted, secret, secrets.randbelow, workers=self._workers, progress=progress)
        return Decryption(head=board.head, record=record.decode(), side_file=side_file.decode())


def take_up(folder: Path, invitation: Invitation, passphrase: str) -> KeyFile:
    """Begin with an invitation: make the file of the key, and let the server know this program from now on.

    Where the server does not answer, the next look asks it again. Raises `Refused` when the invitation was taken up
    elsewhere, and leaves no file then.
    """
    kept = Kept(
        server=invitation.server,
        uuid=invitation.uuid,
        number=invitation.number,
        token=secrets.token_urlsafe(32),
        invitation=invitation.secret,
    )
    file = new_key_file(folder, passphrase, kept)
    try:
        begin_at_server(file)
    except Refused:
        file.path.unlink()
        raise
    return file


def begin_at_server(file: KeyFile) -> None:
    """Take up the invitation that is kept, if one is."""
    kept = file.kept
    if kept.invitation:
        Server(kept.server, kept.uuid, kept.invitation).begin(token_sha256(kept.token))
        file.keep(replace(kept, invitation=""))


def terms_of(poll: PollSeen) -> Terms:
    """What a trustee agrees to at the start. Raises `CheckFailed` for a zone that this machine does not know."""
    try:
        ZoneInfo(poll.zone)
    except (ZoneInfoNotFoundError, ValueError):
        raise CheckFailed("This machine does not know the time of {zone}: ask the office.", zone=poll.zone) from None
    return Terms(
        organisation=poll.organisation,
        title=poll.title,
        size=poll.plan.size,
        threshold=poll.plan.threshold,
        group=poll.plan.group,
        least_ballots=poll.least_ballots,
        objection=poll.objection,
        zone=poll.zone,
        practice=poll.practice,
    )


def _those(poll: PollSeen, waits: Callable[[TrusteeSeen], bool]) -> tuple[int, ...]:
    return tuple(one.number for one in poll.trustees if waits(one))
