"""The acts of proposing: that somebody asked for a grave act, and that it was not carried out.

A proposal changes nobody's rights, and still it is an act: in a dispute people ask who wanted to call a vote off, and
who said no. Grave acts are few, so this is no noise. Confirming writes none of its own: the act that it carries out has
both.
"""

from stembus.ledger.acts import ActKind

MADE = ActKind(
    name="proposal.made",
    nl="Voorgesteld: {what_nl}. Een ander, in een andere zetel, moet dit bevestigen.",
    en="It was proposed to {what_en}. Somebody else, in another seat, has to confirm it.",
)
CLOSED = ActKind(
    name="proposal.closed",
    nl="Het voorstel om dit te doen is niet uitgevoerd ({outcome_nl}): {what_nl}. Reden: {reason}",
    en="The proposal to {what_en} was not carried out ({outcome_en}). The reason: {reason}",
)
PROPOSAL_ACT_KINDS = (MADE, CLOSED)
