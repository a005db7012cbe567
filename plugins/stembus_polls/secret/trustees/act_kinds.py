"""The kinds of act about the trustees of a secret poll, each with its sentence."""

from msgspec.structs import replace

from stembus.ledger.acts import ActKind
from stembus_procedures.language.values import Words

OF_A_TRUSTEE = Words(nl="sleutelbewaarder van de geheime stemming", en="trustee of the secret poll")

_KINDS = (
    ActKind(
        name="trustee.invited",
        nl="Sleutelbewaarder {trustee} van {uuid} is uitgenodigd.",
        en="Trustee {trustee} of {uuid} was invited.",
    ),
    ActKind(
        name="trustee.began",
        nl="Sleutelbewaarder {trustee} van {uuid} is begonnen.",
        en="Trustee {trustee} of {uuid} began.",
    ),
    ActKind(
        name="trustees.certified",
        nl="De sleutelbewaarders van {uuid} hebben hun certificaten ingeleverd; zij lezen elkaar voor: {spoken} "
        "(kenmerk {fingerprint}).",
        en="The trustees of {uuid} handed in their certificates; they read to each other: {spoken} (fingerprint "
        "{fingerprint}).",
    ),
    ActKind(
        name="trustees.guilty",
        nl="Sleutelbewaarder {trustee} van {uuid} gaf een onbruikbaar deel van de sleutel; de sleutel wordt opnieuw "
        "gemaakt zonder deze deelnemer.",
        en="Trustee {trustee} of {uuid} gave a share that cannot be used; the key is made again without them.",
    ),
    ActKind(
        name="trustees.key_made",
        nl="De sleutelbewaarders van {uuid} hebben de sleutel gemaakt (certificaten {fingerprint}; SHA-256 van de "
        "openbare sleutel {record_sha256}).",
        en="The trustees of {uuid} made the key (certificates {fingerprint}; SHA-256 of the public record "
        "{record_sha256}).",
    ),
    ActKind(
        name="trustees.restarted",
        nl="De sleutel van {uuid} wordt opnieuw gemaakt; ceremonie {attempt} is beëindigd.",
        en="The key of {uuid} is made again; ceremony {attempt} was ended.",
    ),
    ActKind(
        name="trustee.rehearsed",
        nl="Sleutelbewaarder {trustee} van {uuid} heeft twee keer geoefend met de bewaarde sleutel.",
        en="Trustee {trustee} of {uuid} rehearsed twice with the stored key.",
    ),
    ActKind(
        name="trustee.refused",
        nl="Wat sleutelbewaarder {trustee} van {uuid} inleverde is geweigerd ({what}: {reason}).",
        en="What trustee {trustee} of {uuid} handed in was refused ({what}: {reason}).",
    ),
    ActKind(
        name="trustee.mixed",
        nl="Sleutelbewaarder {trustee} van {uuid} heeft de stembus gemengd (kop {head}).",
        en="Trustee {trustee} of {uuid} mixed the box (head {head}).",
    ),
    ActKind(
        name="trustee.decrypted",
        nl="Sleutelbewaarder {trustee} van {uuid} heeft een deel ontsleuteld (kop {head}; bewijs {side_file_sha256}).",
        en="Trustee {trustee} of {uuid} decrypted a part (head {head}; side file {side_file_sha256}).",
    ),
    ActKind(
        name="board.opened",
        nl="De stembus {uuid} is geopend: de uitslag staat op het bord (kop {head}).",
        en="The box {uuid} was opened: the result is on the board (head {head}).",
    ),
    ActKind(
        name="trustee.destroyed",
        nl="Sleutelbewaarder {trustee} van {uuid} meldt de sleutel vernietigd te hebben.",
        en="Trustee {trustee} of {uuid} reports that the key was destroyed.",
    ),
)

TRUSTEE_ACT_KINDS: tuple[ActKind, ...] = tuple(replace(kind, grounds=(OF_A_TRUSTEE,)) for kind in _KINDS)
