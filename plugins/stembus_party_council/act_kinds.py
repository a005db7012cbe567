"""The kinds of act of seating a body, each with its sentence."""

from stembus.ledger.acts import ActKind
from stembus_procedures.language.values import Words

BY_THE_POLICY = (
    Words(
        nl="{policy}, de regel voor een plaats die vrijkomt (seats.vacancy)",
        en="{policy}: seats.vacancy",
    ),
    Words(
        nl="{policy}, de regel voor een plaats die niemand aanvaardt (seating.not_accepted)",
        en="{policy}: seating.not_accepted",
    ),
)
"""The rules of the policy by which somebody is called for a place."""
STAGGERED = Words(
    nl="{policy}, de regel voor het rooster van aftreden (seats.staggering)", en="{policy}: seats.staggering"
)

ACT_KINDS: tuple[ActKind, ...] = (
    ActKind(
        name="council.offered",
        nl="In {procedure_name} zijn {places} plaatsen aangeboden aan wie is gekozen.",
        en="In {procedure_name}, {places} places were offered to those elected.",
    ),
    ActKind(
        name="council.accepted",
        nl="Lid {number} aanvaardt plaats {place} van {contest}.",
        en="Member {number} accepts place {place} of {contest}.",
    ),
    ActKind(
        name="council.declined",
        nl="Lid {number} neemt plaats {place} van {contest} niet aan.",
        en="Member {number} declines place {place} of {contest}.",
    ),
    ActKind(
        name="council.vacant",
        nl="Plaats {place} van {contest} valt open: lid {number} vertrekt, met {left_on} als laatste dag.",
        en="Place {place} of {contest} falls empty: member {number} leaves, {left_on} being the last day.",
    ),
    ActKind(
        name="council.called",
        nl="Voor plaats {place} van {contest} is lid {number} geroepen ({why_nl}); het antwoord kan tot {until}.",
        en="Member {number} was called for place {place} of {contest} ({why}), to answer until {until}.",
        grounds=BY_THE_POLICY,
    ),
    ActKind(
        name="council.unfilled",
        nl="Voor plaats {place} van {contest} is niemand te roepen: {why_nl}.",
        en="Nobody can be called for place {place} of {contest}: {why}.",
        grounds=BY_THE_POLICY,
    ),
    ActKind(
        name="council.rota_drawn",
        nl="Er is geloot wie in welke van {groups} groepen aftreedt, door {drawn_by}, met als getuigen {witnesses}.",
        en="It was drawn who leaves in which of {groups} groups, by {drawn_by}, witnessed by {witnesses}.",
        grounds=(STAGGERED,),
    ),
)
