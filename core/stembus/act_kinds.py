"""Every kind of act that an instance knows: those of the core and those that its plugins register."""

from typing import TYPE_CHECKING

from stembus.access.act_kinds import ACCESS_ACT_KINDS
from stembus.access.enrolment import RECOVERED
from stembus.access.proposal_acts import PROPOSAL_ACT_KINDS
from stembus.conduct.act_kinds import CONDUCT_ACT_KINDS
from stembus.documents.act_kinds import DOCUMENT_ACT_KINDS
from stembus.ledger.acts import ActKind
from stembus.ledger.keys import KEY_REPLACED
from stembus.notices.act_kinds import NOTICE_ACT_KINDS
from stembus.organisation.act_kinds import CORE_ACT_KINDS as ORGANISATION_ACT_KINDS
from stembus.vault.destroy import DESTROYED, DESTROYED_AGAIN

if TYPE_CHECKING:
    from stembus.plugins import Plugins


def all_act_kinds(plugins: "Plugins") -> dict[str, ActKind]:
    """Return the kinds by name."""
    core = (
        KEY_REPLACED,
        DESTROYED,
        DESTROYED_AGAIN,
        *ORGANISATION_ACT_KINDS,
        *CONDUCT_ACT_KINDS,
        *DOCUMENT_ACT_KINDS,
        *NOTICE_ACT_KINDS,
        *PROPOSAL_ACT_KINDS,
        *ACCESS_ACT_KINDS,
        RECOVERED,
    )
    return {kind.name: kind for kind in (*core, *plugins.act_kinds())}
