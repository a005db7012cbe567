"""The kinds of act about signing in."""

from stembus.ledger.acts import ActKind
from stembus_procedures.language.values import Words

LETTER_MADE = ActKind(
    name="access.letter_made",
    nl="Voor lid {number} is een brief met een inlogcode gemaakt; eerdere codes vervallen.",
    en="A letter with a code to sign in was made for member {number}; earlier codes lapse.",
    grounds=(Words(nl="een brief om mee in te loggen", en="a letter to sign in with"),),
)
ACCESS_ACT_KINDS: tuple[ActKind, ...] = (LETTER_MADE,)
