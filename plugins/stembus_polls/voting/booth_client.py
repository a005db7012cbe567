"""Asking the booth's origin what its page asks: the poll, a session for a code, and taking a ballot in."""

import json
import ssl
import urllib.error
import urllib.request
from collections.abc import Callable
from typing import Final, NamedTuple, TypeVar
from urllib.parse import urlsplit

import msgspec

from stembus.errors import CheckFailed, Refused, UnusableInput
from stembus_polls.voting.rules import Rules

A = TypeVar("A")

SECONDS: Final = 60
TRIES: Final = 4
LOCAL: Final = ("localhost", "127.0.0.1", "::1")
LARGEST_ANSWER: Final = 16 * 1024 * 1024
WORDS: Final = {
    "code": "The link was used already or is too old. Go back to the page and press “Vote” again.",
    "session": "It took too long. Go back to the page and press “Vote” again. Nothing was cast.",
    "too_often": "This was tried too often: wait some minutes. Nothing was cast.",
    "not_set_up": "This vote is not ready yet.",
    "not_open": "This vote is not open yet.",
    "waits": "This vote cannot open yet: what comes before it is not complete.",
    "blocked": "Voting is held up now. Ask the office why. Nothing was cast.",
    "stopped": "This procedure was cancelled. Nothing was cast.",
    "closed": "This vote is closed. Nothing was cast.",
    "not_on_roll": "You are not on the roll of this vote.",
    "proxy_given": "You gave a proxy: somebody else casts your vote.",
    "no_proxy": "You hold no proxy of this member that is in force.",
    "voted": "This vote was cast already. The first vote is final.",
    "voted_on_paper": "A ballot paper was handed out for this vote already.",
    "voted_by_post": "This vote came in by post already.",
    "credential": "This code is not one of this vote. Is it the code of this letter? Nothing was cast.",
    "credential_used": "Somebody voted with this code already. Call the office at once.",
    "void": "This code does not count any more: it was replaced or withdrawn. Nothing was cast.",
    "not_active": "This code does not count yet. Call the office. Nothing was cast.",
    "paper": "This code is for votes on paper. Nothing was cast.",
    "copied": "This ballot is a copy of one in the box. Nothing was cast.",
    "fault": "The server has a fault. Nothing is known to be cast: try again later.",
}


class Link(NamedTuple):
    """Where the booth is, in which poll, and the code with which somebody comes from the pages."""

    origin: str
    uuid: str
    code: str


class Begun(msgspec.Struct, frozen=True):
    """A session in the booth, whose vote it is, and why it cannot be cast now (empty when it can)."""

    session: str
    voter: str
    language: str
    state: str


class Receipt(msgspec.Struct, frozen=True):
    """The tracker of a ballot, and what the server promises about it, signed."""

    tracker: str
    promise: str


def read_link(text: str) -> Link:
    """Return what stands in a link to the booth. Raises `UnusableInput` for another link."""
    parts = urlsplit(text.strip())
    uuid, _, rest = parts.fragment.partition(".")
    code, _, credential = rest.partition(".")
    if parts.scheme not in ("https", "http") or not parts.hostname or not uuid or not code:
        raise UnusableInput("This is no link to the booth: expected https://…/#poll.code, as the page gives it.")
    if parts.scheme == "http" and parts.hostname not in LOCAL:
        raise UnusableInput("The link is not https: everybody on the way could read along. Nothing was done.")
    if credential:
        raise UnusableInput("Take the voting code out of the link: on a command line others can read it.")
    return Link(f"{parts.scheme}://{parts.netloc}", uuid, code)


class Booth:
    """The booth's origin."""

    def __init__(self, origin: str, wait: Callable[[float], None], context: ssl.SSLContext | None = None) -> None:
        self._origin = origin
        self._wait = wait
        if context is None and urlsplit(origin).scheme == "https":
            context = ssl.create_default_context()  # reads every certificate that this machine trusts
        handler = urllib.request.HTTPSHandler(context=context)
        self._opener = urllib.request.build_opener(handler, _NoRedirect)

    def poll(self, uuid: str) -> Rules:
        """Return what the booth is told about a poll."""
        return self._asked("GET", f"/api/polls/{uuid}", Rules)

    def begin(self, code: str) -> Begun:
        """Turn a code into a session. Raises `Refused` in words when it cannot be or the vote cannot be cast."""
        begun = self._asked("POST", "/api/sessions", Begun, {"code": code})
        if begun.state:
            raise Refused(_words(begun.state))
        return begun

    def check_credential(self, session: str, public_key: str) -> None:
        """Raise `Refused` in words when this credential cannot vote, before anybody chooses."""
        self._asked("POST", "/api/credentials", dict, {"credential": public_key}, session)

    def cast(self, session: str, ballot: bytes, padded_length: int) -> Receipt:
        """Send a ballot, again where the answer does not come: the same ballot gets the same receipt."""
        body = {"ballot": ballot.decode(), "padding": " " * (padded_length - len(ballot))}
        return self._asked("POST", "/api/casts", Receipt, body, session)

    def _asked(self, method: str, path: str, kind: type[A], body: object = None, session: str = "") -> A:
        """Return the answer. One that a broken connection kept away is asked for again: no question changes twice."""
        headers = {"content-type": "application/json", "accept": "application/json", "origin": self._origin}
        if session:
            headers["authorization"] = f"Bearer {session}"
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self._origin + path, data, headers, method=method)  # noqa: S310
        for again in range(TRIES):
            try:
                with self._opener.open(request, timeout=SECONDS) as answer:
                    return msgspec.json.decode(answer.read(LARGEST_ANSWER), type=kind)
            except urllib.error.HTTPError as error:
                with error:
                    raise Refused(_words(_reason(error.read(LARGEST_ANSWER)))) from None
            except msgspec.MsgspecError:
                raise CheckFailed("This is not the booth of a Stembus: its answer cannot be read.") from None
            except (OSError, urllib.error.URLError) as error:
                reason = getattr(error, "reason", error)
                if again == TRIES - 1:
                    raise CheckFailed(
                        "The booth cannot be reached ({reason}). Whether the ballot came is not known; look for its "
                        "tracker on the board, or vote again with a new link: a vote counts once.",
                        reason=str(reason),
                    ) from None
            self._wait(2.0**again)
        raise CheckFailed("The booth cannot be reached.")


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """The booth leads nowhere else, and a ballot goes nowhere else."""

    def redirect_request(self, *_args: object, **_more: object) -> None:
        return None


def _reason(answer: bytes) -> str:
    try:
        return str(msgspec.json.decode(answer, type=dict[str, str])["reason"])
    except (msgspec.MsgspecError, KeyError):
        return ""


def _words(reason: str) -> str:
    if reason.startswith("ballot."):
        return f"The server says that this is no ballot of this poll ({reason}). Nothing was cast."
    return WORDS.get(reason, "The server refused this. Nothing was cast.")
