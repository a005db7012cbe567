"""Handing a mail over: to a mail server, or in a practice instance to a folder.

The one moment that matters is the last line of a mail: before it the server has nothing, after its answer we know;
in between nobody can say, and then a person has to.
"""

import os
import re
import smtplib
import ssl
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple, Protocol

from stembus.errors import UnusableInput
from stembus.notices.envelope import Envelope
from stembus.settings import MailSettings

if TYPE_CHECKING:
    from stembus.instance import Instance

PASSWORD = "STEMBUS_SMTP_PASSWORD"  # noqa: S105  (the name of a variable, not a secret)
SECONDS = 60
"""How long each step of the conversation with a mail server may take."""
LOCAL = ("localhost", "127.0.0.1", "::1")
MAILBOX = "mailbox"


class Answer(NamedTuple):
    """What became of handing a mail over.

    "later": the server asks to try again; with `is_about_us` whatever the mail. "refused": it never will. "unknown":
    the connection broke after the last line and before the answer.
    """

    fate: Literal["sent", "later", "refused", "unknown"]
    said: str
    is_about_us: bool = False


class Unreachable(Exception):  # noqa: N818  (it says what is the case)
    """There is no mail server to talk to now; its text says why."""


class Transport(Protocol):
    """A way for mails to leave. `is_throttled` says whether somebody counts how many come in a minute."""

    is_throttled: bool

    def ready(self) -> None:
        """Be connected. Raises `Unreachable`."""
        ...

    def send(self, envelope: Envelope) -> Answer:
        """Hand one mail over and say what was answered."""
        ...

    def close(self) -> None:
        """Say goodbye."""
        ...


class Smtp:
    """A mail server, over TLS whose certificate is checked; without TLS only on this machine."""

    is_throttled = True

    def __init__(self, settings: MailSettings, password: str = "", context: ssl.SSLContext | None = None) -> None:
        if settings.security == "none" and settings.smtp_host not in LOCAL:
            raise UnusableInput(
                'mail.security is "none" and {host} is not this machine: the mail would be readable on its way. Write '
                '"starttls" or "tls".',
                host=settings.smtp_host,
            )
        self._settings = settings
        self._password = password
        self._context = context or ssl.create_default_context()
        self._connection: smtplib.SMTP | None = None

    def ready(self) -> None:
        """Be connected, greeted, encrypted and logged in. Raises `Unreachable`."""
        if self._connection is not None:
            with suppress(OSError):
                if self._connection.noop()[0] == 250:
                    return
            self.close()
        try:
            self._connection = self._connected()
        except (OSError, smtplib.SMTPException) as error:
            reason = " ".join(str(error).split()) or type(error).__name__
            raise Unreachable(f"{self._settings.smtp_host}:{self._settings.smtp_port}: {reason}") from None

    def send(self, envelope: Envelope) -> Answer:  # noqa: PLR0911  (each step of the conversation can end it)
        """Hand one mail over. A broken connection before the last line is "later": the server then has nothing."""
        connection = self._connection
        if connection is None:
            return Answer("later", "not connected", is_about_us=True)
        try:
            code, said = connection.mail(envelope.sender)
            if code != 250:
                return self._declined(code, said, is_about_us=True)
            code, said = connection.rcpt(envelope.to)
            if code not in (250, 251):
                return self._declined(code, said)
            code, said = connection.docmd("data")
            if code != 354:
                return self._declined(code, said)
            connection.send(re.sub(rb"(?m)^\.", b"..", envelope.data))
        except (OSError, smtplib.SMTPException) as error:
            self.close()
            return Answer("later", f"the connection broke: {error}", is_about_us=True)
        try:
            connection.send(b".\r\n")
            code, said = connection.getreply()
        except (OSError, smtplib.SMTPException) as error:
            self.close()
            return Answer("unknown", f"the connection broke before the answer: {error}")
        return Answer("sent", _spoken(code, said)) if code == 250 else self._declined(code, said)

    def close(self) -> None:
        """Say goodbye, if there is somebody to say it to."""
        if self._connection is not None:
            with suppress(OSError, smtplib.SMTPException):
                self._connection.quit()
            self._connection.close()
        self._connection = None

    def _connected(self) -> smtplib.SMTP:
        host, port = self._settings.smtp_host, self._settings.smtp_port
        connection: smtplib.SMTP
        if self._settings.security == "tls":
            connection = smtplib.SMTP_SSL(host, port, timeout=SECONDS, context=self._context)
        else:
            connection = smtplib.SMTP(host, port, timeout=SECONDS)
        try:
            if self._settings.security == "starttls":
                connection.starttls(context=self._context)
            connection.ehlo_or_helo_if_needed()
            if self._settings.username:
                connection.login(self._settings.username, self._password)
        except BaseException:
            connection.close()
            raise
        return connection

    def _declined(self, code: int, said: bytes, *, is_about_us: bool = False) -> Answer:
        # 421: the server is going away. Whether the sender is refused for good is about us as well, not about the mail.
        if code == 421 or is_about_us:
            self.close()
            return Answer("later", _spoken(code, said), is_about_us=True)
        with suppress(OSError, smtplib.SMTPException):
            if self._connection is not None:
                self._connection.rset()
        return Answer("refused" if 500 <= code < 600 else "later", _spoken(code, said))


class Mailbox:
    """A folder of a practice instance where mails are put instead of being sent."""

    is_throttled = False

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def ready(self) -> None:
        """Make the folder if it is not there."""
        self.folder.mkdir(exist_ok=True)

    def send(self, envelope: Envelope) -> Answer:
        """Put the mail in the folder, as a whole or not at all."""
        name = re.search(rb"(?mi)^Message-ID: <([0-9A-Za-z-]+)@", envelope.data)
        path = self.folder / f"{name[1].decode() if name else 'mail'}.eml"
        new = path.with_suffix(".new")
        new.write_bytes(envelope.data)
        new.replace(path)
        return Answer("sent", f"put in {MAILBOX}/{path.name}")

    def close(self) -> None:
        """Nothing is open."""


def transport_of(instance: "Instance") -> Transport:
    """Return the way that mails of an instance leave. Raises `UnusableInput` when there is none.

    A practice instance without [mail] puts them in its folder `mailbox`; no other instance ever does.
    """
    settings = instance.settings
    if settings.mail is not None:
        return Smtp(settings.mail, os.environ.get(PASSWORD, ""))
    if settings.practice:
        return Mailbox(instance.folder / MAILBOX)
    raise UnusableInput("Mail cannot leave: write [mail] in stembus.toml, as docs/mail.md shows.")


def _spoken(code: int, said: bytes) -> str:
    return f"{code} {' '.join(said.decode('utf-8', 'replace').split())}"[:500]
