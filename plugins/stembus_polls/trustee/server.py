"""Asking the server of the party, as the program of a trustee does."""

import http.client
import json
from typing import Any, TypeVar
from urllib.error import HTTPError, URLError
from urllib.request import HTTPRedirectHandler, Request, build_opener

import msgspec

from stembus.errors import CheckFailed, Refused, Unavailable
from stembus.words import N_
from stembus_polls.trustee.wire import (
    Began,
    Decryption,
    LedgerSeen,
    Messages,
    Mix,
    NotTaken,
    PollSeen,
    Posted,
    RehearsalTask,
    Rehearsed,
    Taken,
    Wire,
)

Answer = TypeVar("Answer", bound=Wire)
SECONDS = 900
"""A mix of ten thousand ballots is checked for minutes before the server answers."""


class NotAccepted(Refused):
    """The server did not take what was sent. `reason` is the short one."""

    def __init__(self, said: NotTaken) -> None:
        super().__init__("The server did not take it: {said}", said=said.said)
        self.reason = said.reason


class _NoOtherPlace(HTTPRedirectHandler):
    def redirect_request(self, *_args: Any, **_kwargs: Any) -> None:
        """The secret goes to no other place than the one in the invitation."""


class Server:
    """The server of an invitation, about one poll. `token` is the secret that is shown."""

    def __init__(self, address: str, uuid: str, token: str, *, language: str = "nl") -> None:
        self._address, self._token, self._language = address, token, language
        self._root = f"{address}/api/trustees/{uuid}"
        self._open = build_opener(_NoOtherPlace).open

    def begin(self, token_sha256: str) -> None:
        """Take up an invitation, whose secret is the token of this server."""
        self._ask("/begin", Taken, Began(token_sha256=token_sha256))

    def poll(self) -> PollSeen:
        """The poll as it stands."""
        return self._ask("", PollSeen)

    def go_on(self) -> None:
        """Let the server do what it is due to do."""
        self._ask("/go-on", Taken, Taken())

    def messages(self) -> Messages:
        """What was said in the ceremony."""
        return self._ask("/messages", Messages)

    def send(self, message: Posted) -> None:
        """Send a message of the ceremony. Raises `NotAccepted`."""
        self._ask("/messages", Taken, message)

    def rehearsal(self) -> RehearsalTask:
        """The test of the next turn."""
        return self._ask("/rehearsal", RehearsalTask, Taken())

    def rehearsed(self, made: Rehearsed) -> None:
        """Hand in what the key made of a test. Raises `NotAccepted`."""
        self._ask("/rehearsed", Taken, made)

    def board(self) -> bytes:
        """The whole board."""
        return self._download("/board")

    def credential_list(self) -> bytes:
        """The whole list of credentials."""
        return self._download("/credential-list")

    def ledger(self, since: int = 0) -> LedgerSeen:
        """What the ledger says of the poll, with the proof that it grew from the checkpoint of that size."""
        return self._ask(f"/ledger?since={since}", LedgerSeen)

    def mix(self, made: Mix) -> None:
        """Hand in a mix. Raises `NotAccepted`."""
        self._ask("/mix", Taken, made)

    def decryption(self, made: Decryption) -> None:
        """Hand in a decryption. Raises `NotAccepted`."""
        self._ask("/decryption", Taken, made)

    def destroyed(self) -> None:
        """Report that the key was destroyed."""
        self._ask("/destroyed", Taken, Taken())

    def _ask(self, path: str, kind: type[Answer], data: Wire | None = None) -> Answer:
        body = None if data is None else msgspec.json.encode(data)
        headers = self._headers() | ({} if body is None else {"content-type": "application/json"})
        content = self._sent(Request(f"{self._root}{path}", body, headers))  # noqa: S310 - http or https only
        try:
            return msgspec.json.decode(content, type=kind)
        except (msgspec.MsgspecError, ValueError):
            raise CheckFailed(
                "The server at {address} answers something else than this program understands. Perhaps the program is "
                "older than the server: ask the office.",
                address=self._address,
            ) from None

    def _download(self, path: str) -> bytes:
        return self._sent(Request(f"{self._root}{path}", headers=self._headers()))  # noqa: S310 - http or https only

    def _headers(self) -> dict[str, str]:
        return {
            "authorization": f"Bearer {self._token}",
            "origin": self._address,
            "accept-language": self._language,
            "user-agent": "stembus trustee",
        }

    def _sent(self, request: Request) -> bytes:
        try:
            with self._open(request, timeout=SECONDS) as answer:
                content: bytes = answer.read()
                return content
        except HTTPError as error:
            raise _told(error) from None
        except (URLError, OSError, http.client.HTTPException) as error:
            reason = getattr(error, "reason", error)
            raise Unavailable(
                N_("The server at {address} cannot be reached ({reason}). Nothing is lost: try again later."),
                address=self._address,
                reason=str(reason),
            ) from None


def _told(error: HTTPError) -> Refused:
    try:
        content = error.read()
        said = json.loads(content)
    except (ValueError, OSError):
        said = {}
    if not isinstance(said, dict):
        said = {}
    if {"reason", "said"} <= said.keys():
        return NotAccepted(NotTaken(reason=str(said["reason"]), said=str(said["said"])))
    if error.code == 401:
        return Refused("The server does not know this program any more: ask the office for a new invitation.")
    return Refused("The server says: {said}", said=str(said.get("detail", f"{error.code}")))
