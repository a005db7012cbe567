"""Kinds of mail: what each is for, and the template it is written with."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Literal

import msgspec
from sqlmodel import Session

from stembus.errors import UnusableInput

if TYPE_CHECKING:
    from stembus.instance import Instance
    from stembus.notices.tables import MailMessage
    from stembus.plugins import Plugins

Purpose = Literal["sign_in", "service", "statutory"]
"""`sign_in` holds a secret, goes first and is wiped afterwards; `statutory` is a duty, such as a convocation."""
PRIORITY: dict[str, int] = {"sign_in": 0, "service": 1, "statutory": 1}
"""Lower goes first; a mail of a mailing comes after all of these."""
OF_A_MAILING = 2


class MailKind(msgspec.Struct, frozen=True, kw_only=True):
    """A kind of mail, named "<plugin>.<what>"; `nl` and `en` say what it is.

    `template` names a file with the blocks `subject`, `body`, `action` and `after`, in plain text with blank lines
    between paragraphs: "mails/sign_in.txt" of the core, "<plugin>/mails/receipt.txt" of a plugin. With `one_link` it
    needs the value `link` (an address of the instance), and `action` is what the link says; without, it has no link.

    That a `confidential` mail went to somebody is itself nobody's business: no page and no command shows one, it ends
    as "sent" or "left" whatever became of it, and it says nothing of whether an address works. With `is_wanted` that is
    asked as the mail is about to be handed over; one that is not wanted any more ends as if it had been sent, so that
    the rows do not tell for whom it was.
    """

    name: str
    nl: str
    en: str
    template: str
    purpose: Purpose
    one_link: bool = True
    confidential: bool = False
    is_wanted: "Callable[[Instance, Session, MailMessage], bool] | None" = None


SIGN_IN = MailKind(
    name="sign_in", nl="link om in te loggen", en="link to sign in", template="mails/sign_in.txt", purpose="sign_in"
)
SIGN_IN_SHARED = MailKind(
    name="sign_in_shared",
    nl="antwoord aan een gedeelde mailbox",
    en="answer to a shared mailbox",
    template="mails/sign_in_shared.txt",
    purpose="sign_in",
)
WAY_IN = MailKind(
    name="way_in",
    nl="bericht dat iemands manier van inloggen veranderd is",
    en="message that somebody's way of signing in changed",
    template="mails/way_in.txt",
    purpose="service",
)
CORE_MAILS: tuple[MailKind, ...] = (SIGN_IN, SIGN_IN_SHARED, WAY_IN)


def all_mails(plugins: "Plugins") -> dict[str, MailKind]:
    """Return the kinds of mail of the core and of the plugins, by name."""
    return {kind.name: kind for kind in (*CORE_MAILS, *plugins.mails())}


def kind_named(plugins: "Plugins", name: str) -> MailKind:
    """Return a kind of mail. Raises `UnusableInput` with the names that there are."""
    kinds = all_mails(plugins)
    if name not in kinds:
        raise UnusableInput("There is no kind of mail {name!r}: there are {kinds}.", name=name, kinds=sorted(kinds))
    return kinds[name]


def confidential_mails(plugins: "Plugins") -> frozenset[str]:
    """Return the names of the kinds of mail that are shown to nobody."""
    return frozenset(name for name, kind in all_mails(plugins).items() if kind.confidential)
