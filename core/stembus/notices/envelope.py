"""A mail as bytes, with an address to come back to that is its own (VERP)."""

from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import NamedTuple

from stembus.notices.address import one_line
from stembus.notices.rendering import Rendered
from stembus.settings import Settings

PRACTICE_SENDER = "practice@stembus.invalid"
"""Who sends where nothing leaves: a domain that never exists (RFC 2606)."""


class Envelope(NamedTuple):
    """What a mail server is told: who sends, who receives, and the bytes between."""

    sender: str
    to: str
    data: bytes


class Addressed(NamedTuple):
    """What of a mail is fixed when it is queued: its Message-ID, where it comes back to, to whom, in what language."""

    message_id: str
    return_token: str
    name: str
    address: str
    lang: str
    queued_at: datetime


def envelope(settings: Settings, mail: Addressed, words: Rendered) -> Envelope:
    """Return a mail ready to hand over. The same mail gives the same bytes each time it is tried.

    Nothing in a name or a subject can begin a new line of its head. A reply goes to the office, an automatic answer to
    nobody (RFC 3834). It has no List-Unsubscribe: nobody can be unsubscribed from being called to an assembly.
    """
    sender = settings.mail.sender if settings.mail else PRACTICE_SENDER
    message = EmailMessage(SMTP)
    message["From"] = Address(one_line(settings.organisation), addr_spec=sender)
    message["To"] = Address(one_line(mail.name), addr_spec=mail.address)
    message["Subject"] = one_line(words.subject)
    message["Date"] = format_datetime(mail.queued_at)
    message["Message-ID"] = mail.message_id
    if settings.contact.email:
        message["Reply-To"] = Address(one_line(settings.organisation), addr_spec=settings.contact.email)
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    message["Content-Language"] = "nl" if mail.lang == "nl-simple" else mail.lang
    message.set_content(words.text, cte="quoted-printable")
    message.add_alternative(words.html, subtype="html", cte="quoted-printable")
    message.set_boundary(f"=_{mail.return_token}")
    return Envelope(return_address(settings, mail.return_token) or sender, mail.address, message.as_bytes())


def return_address(settings: Settings, token: str) -> str:
    """Return the address that bounces of one mail go to: bounces+token@party.example; empty when there is none."""
    if settings.mail is None or not settings.mail.bounces_to:
        return ""
    local, _, domain = settings.mail.bounces_to.rpartition("@")
    return f"{local}+{token}@{domain}"


def domain_of(settings: Settings) -> str:
    """Return the domain that Message-IDs are made in."""
    return (settings.mail.sender if settings.mail else PRACTICE_SENDER).rpartition("@")[2]
