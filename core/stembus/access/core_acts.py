"""The kinds of act about signing in. A sign-in itself is none: it changes nobody's rights."""

from stembus.ledger.acts import ActKind

CODE_MADE = ActKind(
    name="access.letter_made",
    nl="Voor lid {number} is een brief met een inlogcode gemaakt; een eerdere code vervalt.",
    en="A letter with a code to sign in was made for member {number}; an earlier code ends.",
)
RECOVERED = ActKind(
    name="access.recovered",
    nl="Lid {number} kreeg van twee mensen een code om een passkey te maken; eerdere passkeys en codes vervallen.",
    en="Two people gave member {number} a code to make a passkey; earlier passkeys and codes end.",
)
ACCESS_ACT_KINDS = (CODE_MADE, RECOVERED)
