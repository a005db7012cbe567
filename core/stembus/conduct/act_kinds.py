"""The kinds of act of policies and procedures, each with its sentence."""

from stembus.ledger.acts import ActKind
from stembus_procedures.names import value_names

CONDUCT_ACT_KINDS: tuple[ActKind, ...] = (
    ActKind(
        name="policy.adopted",
        nl="Het beleid {policy}, versie {version}, is vastgesteld (SHA-256 {definition_sha256}).",
        en="The policy {policy}, version {version}, was adopted (SHA-256 {definition_sha256}).",
    ),
    ActKind(
        name="procedure.begun",
        nl="De procedure {name} is begonnen onder het beleid {policy}.",
        en="The procedure {name} was begun under the policy {policy}.",
    ),
    ActKind(
        name="procedure.scheduled",
        nl="De data van {name} zijn bepaald: {anchors}.",
        en="The dates of {name} were chosen: {anchors}.",
    ),
    ActKind(
        name="procedure.completed",
        nl="In {name} is de stap {stage} klaar.",
        en="In {name} the stage {stage} is complete.",
    ),
    ActKind(
        name="procedure.extended",
        nl="In {name} is {stage} verlengd tot {until}.",
        en="In {name} {stage} was extended until {until}.",
    ),
    ActKind(
        name="procedure.closed_early",
        nl="In {name} is {stage} eerder gesloten.",
        en="In {name} {stage} was closed early.",
    ),
    ActKind(
        name="procedure.cancelled",
        nl="De procedure {name} is afgelast.",
        en="The procedure {name} was cancelled.",
    ),
    ActKind(
        name="procedure.annulled",
        nl="De stemming in {name} is vernietigd.",
        en="The vote in {name} was annulled.",
    ),
    ActKind(
        name="procedure.postponed",
        nl="De procedure {name} is uitgesteld; alle data zijn vervallen.",
        en="The procedure {name} was postponed; all its dates lapsed.",
    ),
    ActKind(
        name="procedure.too_few_decided",
        nl="In {name} is met {candidates} kandidaten gekozen voor: {option}.",
        en="In {name}, with {candidates} candidates, the choice was: {option}.",
        words={"option": value_names("EnoughCandidates.options")},
    ),
)
