"""The powers that the core asks for. Plugins register theirs beside these."""

from collections.abc import Iterable

from stembus.organisation.powers import Power

MEMBERS_IMPORT = "members.import"
MEMBERS_MERGE = "members.merge"
BODIES_DEFINE = "bodies.define"
SEATS_APPOINT = "seats.appoint"
SEATS_ABSENCE = "seats.absence"
POLICY_ADOPT = "policy.adopt"
PROCEDURE_START = "procedure.start"
PROCEDURE_EXTEND = "procedure.extend"
PROCEDURE_CLOSE = "procedure.close"
PROCEDURE_CANCEL = "procedure.cancel"
PROCEDURE_RECORD = "procedure.record"
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
        nl="een regeling vaststellen",
        en="adopt a policy",
        grave=True,
    ),
    Power(
        name=PROCEDURE_START,
        nl="een procedure beginnen en de data ervan bepalen",
        en="start a procedure and set its dates",
        grave=True,
    ),
    Power(
        name=PROCEDURE_EXTEND,
        nl="een termijn verlengen",
        en="extend a term",
        grave=True,
    ),
    Power(
        name=PROCEDURE_CLOSE,
        nl="eerder sluiten dan gepland",
        en="close earlier than planned",
        grave=True,
    ),
    Power(
        name=PROCEDURE_CANCEL,
        nl="een procedure afbreken",
        en="cancel a procedure",
        grave=True,
    ),
    Power(
        name=PROCEDURE_RECORD,
        nl="vastleggen wat een vergadering of iemand van buiten heeft besloten",
        en="record what an assembly or somebody from outside decided",
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
