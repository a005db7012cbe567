"""By which channel somebody is written to: a pure rule, with its reason."""

from typing import Literal, NamedTuple

import msgspec

from stembus.notices.address import deliverable
from stembus.words import N_

MailingPurpose = Literal["statutory", "letter"]
"""`statutory` calls members as the law asks; `letter` is anything else."""
Channel = Literal["email", "post", "none"]
Reason = Literal[
    "consented", "has_address", "no_address", "no_consent", "shared", "bounced", "mail_failed", "nowhere", "chosen"
]
REASONS: dict[str, str] = {
    "consented": N_("agreed to be called by mail"),
    "has_address": N_("has a mail address"),
    "no_address": N_("has no mail address that can be used"),
    "no_consent": N_("did not agree to be called by mail"),
    "shared": N_("shares a mail address with another member"),
    "bounced": N_("the last mail to this address came back"),
    "mail_failed": N_("the mail did not arrive"),
    "nowhere": N_("has neither a mail address that can be used nor a postal address"),
    "chosen": N_("the office chose this"),
}


class Reach(msgspec.Struct, frozen=True, kw_only=True):
    """How somebody can be reached. `bounced` says that the last mail to this address came back for good."""

    email: str
    consents: bool
    is_shared: bool
    has_postal: bool
    bounced: bool = False


class Way(NamedTuple):
    """The channel, and why this one."""

    channel: Channel
    reason: Reason


def way_to(reach: Reach, purpose: MailingPurpose, *, is_personal: bool) -> Way:
    """Return how to write to somebody.

    A convocation goes by mail only to who agreed to that (BW 2:41 lid 5). What is for one person's eyes does not go
    to an address that two members have. Whoever mail does not fit gets a letter, and whoever has no postal address
    either is nobody's to forget: the office has to find them.
    """
    why_not: Reason | None = None
    if deliverable(reach.email) is None:
        why_not = "no_address"
    elif purpose == "statutory" and not reach.consents:
        why_not = "no_consent"
    elif is_personal and reach.is_shared:
        why_not = "shared"
    elif reach.bounced:
        why_not = "bounced"
    if why_not is None:
        return Way("email", "consented" if purpose == "statutory" else "has_address")
    return Way("post", why_not) if reach.has_postal else Way("none", "nowhere")
