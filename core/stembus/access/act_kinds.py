"""The kinds of act about signing in."""

from stembus.ledger.acts import ActKind

LETTER_MADE = ActKind(
    name="access.letter_made",
    nl="Voor lid {number} is een brief met een inlogcode gemaakt; eerdere codes vervallen.",
    en="A letter with a code to sign in was made for member {number}; earlier codes lapse.",
)
ACCESS_ACT_KINDS: tuple[ActKind, ...] = (LETTER_MADE,)
