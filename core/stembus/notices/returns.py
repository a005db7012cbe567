"""Polling the mailbox that bounces come to (IMAP, over TLS whose certificate is checked)."""

import imaplib
import os
import ssl
from collections import Counter
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from stembus.errors import CheckFailed, UnusableInput
from stembus.notices.bounces import record_bounce
from stembus.notices.transport import LOCAL
from stembus.settings import MailSettings

if TYPE_CHECKING:
    from stembus.instance import Instance

PASSWORD = "STEMBUS_BOUNCES_PASSWORD"  # noqa: S105  (the name of a variable, not a secret)
SECONDS = 60
LARGEST = 200_000
"""So many bytes of a returned mail are read: the report comes first, and what it returns may be large."""


def poll(instance: "Instance", context: ssl.SSLContext | None = None) -> Counter[str]:
    """Read every new mail in the mailbox for bounces; return how many there were of each verdict.

    A mail is written down first and marked as read afterwards, so one that was read when this stopped is met again and
    known. Raises `UnusableInput` without such a mailbox in the settings, `CheckFailed` when it cannot be read.
    """
    settings = instance.settings.mail
    if settings is None or not settings.bounces_host:
        raise UnusableInput("There is no mailbox for bounces: write bounces_host below [mail], as docs/mail.md shows.")
    counts: Counter[str] = Counter()

    def keep(data: bytes) -> None:
        with instance.write() as transaction:
            verdict = record_bounce(transaction, data)
        counts[verdict or "known"] += 1

    read_returned(settings, os.environ.get(PASSWORD, ""), keep, context)
    return counts


def read_returned(
    settings: MailSettings, password: str, keep: Callable[[bytes], None], context: ssl.SSLContext | None = None
) -> None:
    """Give each new mail in the mailbox for bounces to `keep`, and mark it as read once that was done.

    Raises `CheckFailed` when the mailbox cannot be read.
    """
    try:
        mailbox = _opened(settings, password, context or ssl.create_default_context())
        try:
            for number, data in _new(mailbox):
                keep(data)
                mailbox.uid("STORE", number, "+FLAGS", "(\\Seen)")
        finally:
            mailbox.logout()
    except (OSError, imaplib.IMAP4.error) as error:
        raise CheckFailed(
            "The mailbox for bounces cannot be read ({host}): {reason}.",
            host=settings.bounces_host,
            reason=" ".join(str(error).split()),
        ) from None


def _opened(settings: MailSettings, password: str, context: ssl.SSLContext) -> imaplib.IMAP4:
    mailbox: imaplib.IMAP4
    if settings.bounces_security == "tls":
        mailbox = imaplib.IMAP4_SSL(settings.bounces_host, settings.bounces_port, ssl_context=context, timeout=SECONDS)
    elif settings.bounces_host in LOCAL:
        mailbox = imaplib.IMAP4(settings.bounces_host, settings.bounces_port, timeout=SECONDS)
    else:
        raise UnusableInput('mail.bounces_security may be "none" only for a mailbox on this machine.')
    mailbox.login(settings.bounces_username, password)
    answer, _ = mailbox.select("INBOX")
    if answer != "OK":
        raise imaplib.IMAP4.error("INBOX cannot be opened")
    return mailbox


def _new(mailbox: imaplib.IMAP4) -> Iterator[tuple[str, bytes]]:
    _, found = mailbox.uid("SEARCH", "UNSEEN")
    for number in found[0].decode().split() if found and found[0] else []:
        _, parts = mailbox.uid("FETCH", number, f"(BODY.PEEK[]<0.{LARGEST}>)")
        for part in parts:
            if isinstance(part, tuple):
                yield number, part[1]
