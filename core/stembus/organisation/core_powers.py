"""The powers that the core asks for. Plugins register theirs beside these."""

from collections.abc import Iterable

from stembus.organisation.powers import Power

MEMBERS_IMPORT = "members.import"
MEMBERS_MERGE = "members.merge"
MEMBERS_VIEW = "members.view"
MEMBERS_VIEW_BRANCH = "members.view_branch"
MEMBERS_EXPORT = "members.export"
ACTS_VIEW = "acts.view"
DESK_VIEW = "desk.view"
BODIES_DEFINE = "bodies.define"
SEATS_APPOINT = "seats.appoint"
SEATS_ABSENCE = "seats.absence"
POLICY_ADOPT = "policy.adopt"
PROCEDURE_START = "procedure.start"
PROCEDURE_EXTEND = "procedure.extend"
PROCEDURE_CLOSE = "procedure.close"
PROCEDURE_CANCEL = "procedure.cancel"
PROCEDURE_RECORD = "procedure.record"
DOCUMENTS_ADOPT = "documents.adopt"
DOCUMENTS_RECORD = "documents.record"
DOCUMENTS_SIGNATURES = "documents.signatures"
MAIL_SEND = "mail.send"
MAIL_VIEW = "mail.view"
ACCESS_LETTERS = "access.letters"
ACCESS_RECOVERY = "access.recovery"
LEDGER_DESTROY = "ledger.destroy"
LEDGER_REPLACE_KEY = "ledger.replace_key"

CORE_POWERS: tuple[Power, ...] = (
    Power(
        name=MEMBERS_IMPORT,
        nl="de ledenlijst inlezen en een inlezing terugdraaien",
        en="import the membership roll and undo an import",
    ),
    Power(
        name=MEMBERS_MERGE,
        nl="dubbele inschrijvingen van een lid samenvoegen",
        en="merge duplicate entries of a member",
    ),
    Power(
        name=MEMBERS_VIEW,
        nl="alle leden opzoeken en hun gegevens zien",
        en="look up every member and see their data",
    ),
    Power(
        name=MEMBERS_VIEW_BRANCH,
        nl="de leden van de eigen afdeling zien",
        en="see the members of their own branch",
        in_branch=True,
    ),
    Power(
        name=MEMBERS_EXPORT,
        nl="de leden die zij mogen zien naar een bestand schrijven",
        en="write the members that they may see to a file",
        in_branch=True,
    ),
    Power(
        name=ACTS_VIEW,
        nl="alle besluiten met namen lezen",
        en="read every act with its names",
    ),
    Power(
        name=DESK_VIEW,
        nl="zien wat er in alle procedures te doen is",
        en="see what there is to do in all procedures",
    ),
    Power(
        name=BODIES_DEFINE,
        nl="de omschrijving van een orgaan vaststellen",
        en="adopt the definition of a body",
        grave=True,
    ),
    Power(
        name=SEATS_APPOINT,
        nl="zetels geven en beëindigen",
        en="give seats and end them",
        grave=True,
    ),
    Power(
        name=SEATS_ABSENCE,
        nl="afwezigheid vastleggen, zodat de plaatsvervanger optreedt",
        en="record an absence, so that the deputy acts",
    ),
    Power(
        name=POLICY_ADOPT,
        nl="beleid vaststellen",
        en="adopt a policy",
        grave=True,
    ),
    Power(
        name=PROCEDURE_START,
        nl="een procedure beginnen en de data ervan bepalen",
        en="start a procedure and set its dates",
        grave=True,
        in_branch=True,
    ),
    Power(
        name=PROCEDURE_EXTEND,
        nl="een termijn verlengen",
        en="extend a term",
        grave=True,
        in_branch=True,
    ),
    Power(
        name=PROCEDURE_CLOSE,
        nl="eerder sluiten dan gepland",
        en="close earlier than planned",
        grave=True,
        in_branch=True,
    ),
    Power(
        name=PROCEDURE_CANCEL,
        nl="een procedure afbreken",
        en="cancel a procedure",
        grave=True,
        in_branch=True,
    ),
    Power(
        name=PROCEDURE_RECORD,
        nl="vastleggen wat een vergadering of iemand van buiten heeft besloten",
        en="record what an assembly or somebody from outside decided",
        in_branch=True,
    ),
    Power(
        name=DOCUMENTS_ADOPT,
        nl="een document voor de leden vaststellen, zoals de gedragscode",
        en="adopt a document for the members, such as the code of conduct",
        grave=True,
    ),
    Power(
        name=DOCUMENTS_RECORD,
        nl="vastleggen dat een lid een document op papier heeft ondertekend",
        en="note that a member signed a document on paper",
    ),
    Power(
        name=DOCUMENTS_SIGNATURES,
        nl="zien wie een document heeft ondertekend",
        en="see who signed a document",
        in_branch=True,
    ),
    Power(
        name=MAIL_SEND,
        nl="oproepen, brieven en mails opstellen en vrijgeven",
        en="write convocations, letters and mails, and release them",
    ),
    Power(
        name=MAIL_VIEW,
        nl="zien wie wat kreeg, wanneer en langs welke weg",
        en="see who was sent what, when and by which channel",
    ),
    Power(
        name=ACCESS_LETTERS,
        nl="brieven met een inlogcode laten maken",
        en="have letters made with a code to sign in",
    ),
    Power(
        name=ACCESS_RECOVERY,
        nl="iemand in persoon een code geven om een passkey te maken",
        en="give somebody in person a code to make a passkey",
        grave=True,
    ),
    Power(
        name=LEDGER_DESTROY,
        nl="gegevens vernietigen waarvan de termijn voorbij is",
        en="destroy data whose term is over",
        grave=True,
    ),
    Power(
        name=LEDGER_REPLACE_KEY,
        nl="de sleutel vervangen waarmee het logboek wordt ondertekend",
        en="replace the key that signs the ledger",
        grave=True,
    ),
)


def all_powers(registered: Iterable[Power]) -> dict[str, Power]:
    """Return the powers of the core and those that plugins registered, by name."""
    return {power.name: power for power in (*CORE_POWERS, *registered)}
