"""The kinds of act about members, bodies and seats, each with its sentence."""

from stembus.ledger.acts import ActKind
from stembus_procedures.language.values import Words

CORE_ACT_KINDS: tuple[ActKind, ...] = (
    ActKind(
        name="organisation.founded",
        nl="{organisation} is ingericht door {first} en {second}; hun bevoegdheid vervalt bij de eerste benoeming.",
        en="{organisation} was set up by {first} and {second}; their powers lapse at the first appointment.",
        grounds=(Words(nl="inrichting van de instantie", en="setting up the instance"),),
    ),
    ActKind(
        name="members.imported",
        nl="De ledenlijst {file} (SHA-256 {file_sha256}) is ingelezen naar de stand van {as_of}: {new} nieuw, "
        "{changed} gewijzigd, {gone} verdwenen, {unchanged} gelijk, {left_out} overgeslagen.",
        en="The membership roll {file} (SHA-256 {file_sha256}) was imported as of {as_of}: {new} new, "
        "{changed} changed, {gone} gone, {unchanged} unchanged, {left_out} left out.",
        grounds=(Words(nl="ledenadministratie, stand van {as_of}", en="membership administration, as of {as_of}"),),
    ),
    ActKind(
        name="members.import_undone",
        nl="De inlezing {import} is teruggedraaid: {removed} leden verwijderd, {restored} hersteld.",
        en="The import {import} was undone: {removed} members removed, {restored} restored.",
    ),
    ActKind(
        name="members.exported",
        nl="{count} leden zijn naar een bestand geschreven voor {purpose}; velden: {fields}.",
        en="{count} members were written to a file for {purpose}; fields: {fields}.",
    ),
    ActKind(
        name="members.merged",
        nl="De inschrijving {gone_number} is samengevoegd met {keep_number}.",
        en="The entry {gone_number} was merged into {keep_number}.",
    ),
    ActKind(
        name="member.mail_agreed",
        nl="Lid {number} vindt goed dat oproepen voor vergaderingen per e-mail komen.",
        en="Member {number} agrees that convocations of meetings come by e-mail.",
    ),
    ActKind(
        name="member.mail_taken_back",
        nl="Lid {number} wil oproepen voor vergaderingen per brief, en niet per e-mail.",
        en="Member {number} wants convocations of meetings by letter, and not by e-mail.",
    ),
    ActKind(
        name="body.defined",
        nl="De omschrijving van {body}, versie {version}, is vastgesteld.",
        en="The definition of {body}, version {version}, was adopted.",
    ),
    ActKind(
        name="seat.given",
        nl="Lid {number} heeft een zetel in {body} ({office}) vanaf {starts}, tot en met {last_day}.",
        en="Member {number} has a seat in {body} ({office}) from {starts}, up to and including {last_day}.",
    ),
    ActKind(
        name="seat.ended",
        nl="De zetel van lid {number} in {body} ({office}) eindigt; de laatste dag is {last_day}.",
        en="The seat of member {number} in {body} ({office}) ends; its last day is {last_day}.",
    ),
    ActKind(
        name="seat.absent",
        nl="Lid {number} is afwezig in {body} ({office}) vanaf {starts}, tot en met {last_day}.",
        en="Member {number} is absent from {body} ({office}) from {starts}, up to and including {last_day}.",
    ),
)
