"""Sending credentials by the authority's own mail server, and reading what came back to its own mailbox.

However it stops, nobody gets two different mails and nobody is forgotten: before a mail is handed over that is written
down, and one without an answer is uncertain until a person decides. Each mail has a Message-ID of its own, the same
each time.
"""

import hashlib
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import msgspec

from stembus.errors import CheckFailed, UnusableInput
from stembus.notices.bounces import read_bounce
from stembus.notices.envelope import Addressed, Envelope, domain_of, envelope
from stembus.notices.transport import Transport, Unreachable
from stembus.settings import MailSettings
from stembus.text_file import read_text
from stembus_polls.credentials.commission import ways_to
from stembus_polls.credentials.journal import Journal, State
from stembus_polls.credentials.secret_list import Given, SecretList
from stembus_polls.credentials.wording import Author, as_mail, wording

SMTP_PASSWORD = "STEMBUS_CREDENTIALS_SMTP_PASSWORD"  # noqa: S105  (the name of a variable, not a secret)
BOUNCES_PASSWORD = "STEMBUS_CREDENTIALS_BOUNCES_PASSWORD"  # noqa: S105


def read_mail_settings(path: Path) -> MailSettings:
    """Read the authority's own settings of mail (TOML). Raises `UnusableInput` that names the file and the key."""
    try:
        return msgspec.convert(tomllib.loads(read_text(path)), MailSettings)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise UnusableInput(
            "{path}: {error}. docs/credentials.md says what belongs in it.", path=path, error=error
        ) from None


def mail_of(author: Author, kept: SecretList, given: Given) -> Envelope:
    """Return the mail with a credential: the same bytes each time it is tried."""
    voter = kept.voter(given.number)
    addressed = Addressed(
        message_id=f"<{_named('message', given)}@{domain_of(author.settings)}>",
        return_token=return_token(given),
        name=voter.name,
        address=voter.email,
        lang=voter.lang,
        queued_at=given.at,
    )
    return envelope(author.settings, addressed, as_mail(author, voter, wording(author, kept, given)))


def return_token(given: Given) -> str:
    """Return the token in the address to which the bounce of a mail comes back. Only its envelope holds it."""
    return _named("return", given)


def by_mail(kept: SecretList) -> set[str]:
    """Return the numbers of those who get their credential by mail."""
    ways = ways_to(kept.voters, kept.commission.credentials_by)
    return {voter.number for voter, way in zip(kept.voters, ways, strict=True) if way.channel == "email"}


def send_all(
    author: Author,
    kept: SecretList,
    who: list[Given],
    transport: Transport,
    journal: Journal,
    *,
    now: Callable[[], datetime],
    wait: Callable[[float], None],
) -> Iterator[tuple[Given, State]]:
    """Send each credential that waits, and yield what became of it.

    At most `per_minute` of the settings leave in a minute. Raises `CheckFailed` when the mail server is not there, or
    refuses us whatever we send; what was sent by then is written down.
    """
    pause = 60 / author.settings.mail.per_minute if author.settings.mail and transport.is_throttled else 0.0
    for given in who:
        if journal.state(given.token) != "waits":
            continue
        mail = mail_of(author, kept, given)
        try:
            transport.ready()
        except Unreachable as reason:
            raise CheckFailed("The mail server cannot be used: {reason}.", reason=str(reason)) from None
        journal.add(now(), given.token, "sending")
        answer = transport.send(mail)
        journal.add(now(), given.token, answer.fate, answer.said)
        yield given, journal.state(given.token)
        if answer.is_about_us:
            raise CheckFailed("The mail server takes nothing from us now: {said}.", said=answer.said)
        wait(pause)
    transport.close()


def read_returned_mail(kept: SecretList, journal: Journal, data: bytes, now: datetime) -> str:
    """Write down what a mail that came back says of the one it is about; return "unknown" where it is about none."""
    bounce = read_bounce(data)
    about = next((given for given in kept.given if return_token(given) in bounce.tokens), None)
    if about is None:
        return "unknown"
    if bounce.verdict == "permanent":
        journal.add(now, about.token, "returned", f"{bounce.status} {bounce.said}".strip())
    elif bounce.verdict == "transient" and journal.state(about.token) == "sent":
        journal.add(now, about.token, "delayed", f"{bounce.status} {bounce.said}".strip())
    return bounce.verdict


def counted(kept: SecretList, journal: Journal) -> Counter[State]:
    """Return how many credentials are in which state."""
    return Counter(journal.state(given.token) for given in kept.given)


def _named(what: str, given: Given) -> str:
    return hashlib.sha256(f"stembus-credential-{what}|{given.token}".encode()).hexdigest()[:32]
