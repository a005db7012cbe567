"""The kinds of act about mailings, each with its sentence."""

from stembus.ledger.acts import ActKind
from stembus_procedures.language.values import Words

NOTICE_ACT_KINDS: tuple[ActKind, ...] = (
    ActKind(
        name="mailing.released",
        nl="De verzending {title} is vrijgegeven aan {recipients} mensen: {email} per e-mail, {post} per post; "
        "{unreachable} zijn op geen van beide manieren bereikbaar (tekst SHA-256 {text_sha256}, ontvangers "
        "{recipients_root}).",
        en="The mailing {title} was released to {recipients} people: {email} by mail, {post} by post; {unreachable} "
        "can be reached by neither (text SHA-256 {text_sha256}, recipients {recipients_root}).",
    ),
    ActKind(
        name="mailing.resent",
        nl="De verzending {title} gaat opnieuw naar wie haar niet kreeg: {email} per e-mail, {post} per post.",
        en="The mailing {title} goes again to those it did not reach: {email} by mail, {post} by post.",
    ),
    ActKind(
        name="mailing.posted",
        nl="Van de verzending {title} zijn {letters} brieven op de post gedaan.",
        en="Of the mailing {title}, {letters} letters were posted.",
    ),
    ActKind(
        name="mailing.stopped",
        nl="De verzending {title} is gestopt; {withdrawn} mails zijn niet meer verstuurd.",
        en="The mailing {title} was stopped; {withdrawn} mails were not sent any more.",
    ),
    ActKind(
        name="mail.decided",
        nl="Over een mail waarvan niemand weet of die aankwam is beslist: {decision}.",
        en="Of a mail of which nobody knows whether it arrived it was decided: {decision}.",
        words={
            "decision": {
                "leave it": Words(nl="niets meer doen", en="leave it"),
                "send again": Words(nl="opnieuw sturen", en="send again"),
            }
        },
    ),
)
