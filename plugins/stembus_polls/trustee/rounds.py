"""One trustee's way through the key ceremony, from message to message: values in, and what to do now out.

`go_on` is called with what is kept and all messages on the server, as often as one likes. Each time it gives what to
keep now and one thing to do; whatever was made is kept before it is sent, so that a crash loses nothing and nothing is
made twice.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple, TypeVar

from msgspec import Struct
from msgspec.structs import replace

from stembus_ballots.protocol.archive import hash_of
from stembus_ballots.protocol.canonical import read_canonical, text_of
from stembus_ballots.protocol.ceremony import (
    Seat,
    answer,
    take_certificates,
    take_commitments,
    take_keys,
    take_reveals,
    take_seat,
    take_shares,
)
from stembus_ballots.protocol.ceremony_record import (
    Complaint,
    Plan,
    Reveal,
    fingerprint_of,
    guilty_of,
    is_proven,
    spoken,
)
from stembus_ballots.protocol.errors import ProtocolError
from stembus_ballots.protocol.group import RandomBelow
from stembus_ballots.protocol.signed import Signed
from stembus_ballots.protocol.trustees import ThresholdRecord, TrusteeKey, trustees_text
from stembus_polls.trustee.kept import Kept
from stembus_polls.trustee.sealing import Introduction, check_introduction, introduction, seal, unseal
from stembus_polls.trustee.wire import Message, Posted, Round

SealedShares = tuple[str, ...]
Kind = TypeVar("Kind", bound=Struct)


class Send(NamedTuple):
    """Send this message; then go on."""

    message: Posted


class Compare(NamedTuple):
    """Compare the fingerprint aloud with all others, and confirm it: `spoken` is how it is read."""

    fingerprint: str
    spoken: str


class Wait(NamedTuple):
    """Others have to send something in this round first."""

    round: Round
    trustees: tuple[int, ...]


class Leave(NamedTuple):
    """This trustee gave a wrong share, or none: the ceremony has to begin again without them."""

    trustee: int


class Finished(NamedTuple):
    """The key is made; this is the record of the trustees that everybody computes."""

    record: bytes


Todo = Send | Compare | Wait | Leave | Finished


def begin(kept: Kept, plan: Plan, random_below: RandomBelow) -> Kept:
    """Take a seat in a ceremony; the certificate is ready to be sent."""
    seat, certificate = take_seat(plan, kept.number, random_below)
    first = text_of(introduction(seat, certificate, random_below)).decode()
    message = Posted(ceremony=plan.ceremony, round="certificates", body=first)
    return replace(kept, seat=seat, sent=(message,), confirmed="", trustees="")


def confirm(kept: Kept, fingerprint: str) -> Kept:
    """Note that the trustee heard all others read this fingerprint."""
    return replace(kept, confirmed=fingerprint)


def go_on(kept: Kept, messages: Sequence[Message], random_below: RandomBelow) -> tuple[Kept, Todo]:
    """What to keep now, and what to do. Raises ProtocolError for a message that does not hold, naming whose it is."""
    if kept.seat is None:
        raise ProtocolError("ceremony.order", "The ceremony is not begun.")
    here = _Here(kept, kept.seat, messages)
    if (unsent := here.unsent()) is not None:
        return kept, Send(unsent)
    for step in (_certificates, _commitments, _reveals, _shares, _keys):
        if (made := step(here, random_below)) is not None:
            return made
    raise ProtocolError("ceremony.order", "The ceremony has no further round.")


class _Here:
    """What is kept, and the messages by round and sender."""

    def __init__(self, kept: Kept, seat: Seat, messages: Sequence[Message]) -> None:
        self.kept, self.seat = kept, seat
        self._all = {(one.round, one.sender, one.recipient): one.body for one in messages}

    def unsent(self) -> Posted | None:
        """The first message that was made and is not there. Raises ProtocolError where another stands in its place."""
        for one in self.kept.sent:
            there = self._all.get((one.round, self.seat.index, one.recipient))
            if there is None:
                return one
            if there != one.body:
                raise ProtocolError("ceremony.replaced", "The server shows another message of yours than you sent.")
        return None

    def of(self, round_: Round) -> dict[int, str]:
        """The messages to all in a round, by sender."""
        return {sender: body for (name, sender, to), body in self._all.items() if (name, to) == (round_, 0)}

    def between(self, round_: Round) -> dict[tuple[int, int], str]:
        """Messages about somebody in a round, by sender and recipient."""
        return {(sender, to): body for (name, sender, to), body in self._all.items() if name == round_}

    def missing(self, round_: Round) -> Wait | None:
        """Whom a round waits for."""
        there = self.of(round_)
        absent = tuple(number for number in range(1, self.seat.plan.size + 1) if number not in there)
        return Wait(round_, absent) if absent else None

    def whole(self, round_: Round, kind: type[Kind]) -> list[Kind]:
        """The messages of a whole round, read strictly."""
        return [_read(body, kind, round_, sender) for sender, body in sorted(self.of(round_).items())]

    def sending(self, seat: Seat, round_: Round, body: object, recipient: int = 0) -> tuple[Kept, Todo]:
        """Keep a seat with what it sends, and send it."""
        text = text_of(body).decode()
        message = Posted(ceremony=seat.plan.ceremony, round=round_, recipient=recipient, body=text)
        return replace(self.kept, seat=seat, sent=(*self.kept.sent, message)), Send(message)


Step = tuple[Kept, Todo] | None


def _certificates(here: _Here, random_below: RandomBelow) -> Step:
    seat = here.seat
    if seat.certificates:
        return None
    if waits := here.missing("certificates"):
        return here.kept, waits
    certificates = [one.certificate for one in introductions(seat.plan, here.of("certificates"))]
    fingerprint = fingerprint_of(certificates)
    if here.kept.confirmed != fingerprint:
        return here.kept, Compare(fingerprint, spoken(fingerprint))
    seat, commitment = take_certificates(seat, certificates, random_below)
    return here.sending(seat, "commitments", commitment)


def _commitments(here: _Here, random_below: RandomBelow) -> Step:
    if here.seat.commitments:
        return None
    if waits := here.missing("commitments"):
        return here.kept, waits
    signed = here.whole("commitments", Signed)
    seat, reveal = take_commitments(here.seat, signed)
    return here.sending(seat, "reveals", reveal)


def _reveals(here: _Here, random_below: RandomBelow) -> Step:
    if here.seat.reveals:
        return None
    if waits := here.missing("reveals"):
        return here.kept, waits
    reveals = here.whole("reveals", Reveal)
    seat, shares = take_reveals(here.seat, reveals, random_below)
    sent = introductions(seat.plan, here.of("certificates"))
    if tuple(one.certificate for one in sent) != seat.certificates:
        raise ProtocolError("ceremony.replaced", "The server shows other certificates than those that were compared.")
    sealed = tuple(
        seal(seat, seat.index, recipient, share, check_introduction(seat.plan, recipient, sent[recipient - 1]))
        for recipient, share in enumerate(shares, 1)
    )
    return here.sending(seat, "shares", sealed)


def _shares(here: _Here, random_below: RandomBelow) -> Step:
    if waits := here.missing("shares"):
        return here.kept, waits
    if (made := _complaints(here, random_below)) is not None:
        return made
    if here.seat.key is not None:
        return None
    received = shares_for(here.seat, here.of("shares"))
    for (accused, accuser), body in here.between("answers").items():
        if accuser == here.seat.index:
            received[accused - 1] = _read(body, Signed, "answers", accused)
    seat, key = take_shares(here.seat, received, random_below)
    if isinstance(key, TrusteeKey):
        return here.sending(seat, "keys", key)
    complaint = key[0]
    return here.sending(seat, "complaints", complaint, complaint.accused)


def _complaints(here: _Here, random_below: RandomBelow) -> Step:
    """Answer what is said of this trustee, and judge what is said of others."""
    answers, seat = here.between("answers"), here.seat
    waiting: list[int] = []
    for (accuser, accused), body in sorted(here.between("complaints").items()):
        complaint = _read(body, Complaint, "complaints", accuser)
        if (complaint.accuser, complaint.accused) != (accuser, accused):
            raise ProtocolError("ceremony.complaint", f"Trustee {accuser} complains in the name of another.")
        given = answers.get((accused, accuser))
        if given is None and not is_proven(seat, complaint):
            if accused == seat.index:
                return here.sending(seat, "answers", answer(seat, complaint, random_below), accuser)
            waiting.append(accused)
        elif guilty := guilty_of(seat, complaint, None if given is None else _read(given, Signed, "answers", accused)):
            return here.kept, Leave(guilty)
    return (here.kept, Wait("answers", tuple(waiting))) if waiting else None


def _keys(here: _Here, random_below: RandomBelow) -> Step:
    if waits := here.missing("keys"):
        return here.kept, waits
    keys = here.whole("keys", TrusteeKey)
    record = trustees_text((ThresholdRecord(take_keys(here.seat, keys)),))
    return replace(here.kept, trustees=hash_of(record)), Finished(record)


def introductions(plan: Plan, sent: Mapping[int, str]) -> list[Introduction]:
    """The first messages of all, each checked. Raises ProtocolError(trustees.…, ceremony.…)."""
    found = []
    for sender, body in sorted(sent.items()):
        one = _read(body, Introduction, "certificates", sender)
        check_introduction(plan, sender, one)
        found.append(one)
    return found


def shares_for(seat: Seat, sent: Mapping[int, str]) -> list[Signed | None]:
    """The shares that others sealed for this seat, in their order; None for one that cannot be opened."""
    received: list[Signed | None] = []
    for sender, body in sorted(sent.items()):
        try:
            sealed = read_canonical(body.encode(), SealedShares, "ceremony.shares", "The shares")
            received.append(unseal(seat, sender, sealed[seat.index - 1]))
        except (ProtocolError, IndexError):
            received.append(None)
    return received


def _read(body: str, kind: type[Kind], round_: Round, sender: int) -> Kind:
    where = f"What trustee {sender} sent in the round “{round_}”"
    return read_canonical(body.encode(), kind, f"ceremony.{round_}", where)
