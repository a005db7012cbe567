"""Which roles in a secret poll one person cannot have together, and why. Pure.

Source: docs/threat-model.md; security reference, section 1.1: whoever has two of them could do what takes two.
"""

from collections.abc import Collection, Iterator, Mapping
from typing import Literal, NamedTuple

from stembus_procedures.language.values import Words

Role = Literal["trustee", "credential_authority", "administrator", "bureau", "board", "candidate"]

NAMES: Mapping[Role, Words] = {
    "trustee": Words(nl="sleutelbewaarder", en="a trustee"),
    "credential_authority": Words(nl="maker van de stemcodes", en="the maker of the voting codes"),
    "administrator": Words(nl="beheerder van de server", en="an administrator of the server"),
    "bureau": Words(nl="lid van het stembureau", en="a member of the stembureau"),
    "board": Words(nl="lid van het bestuur", en="a member of the board"),
    "candidate": Words(nl="kandidaat", en="a candidate"),
}

_OPENS_AND_KNOWS = Words(
    nl="wie een deel van de sleutel heeft en weet welke code van wie is, helpt stemmen aan namen te koppelen",
    en="who has a part of the key and knows whose code is whose helps to link votes to names",
)
_OPENS_AND_KEEPS = Words(
    nl="wie een deel van de sleutel heeft en de server beheert, ziet wie welke versleutelde stem stuurde",
    en="who has a part of the key and runs the server sees who sent which encrypted vote",
)
_CODES_AND_SERVER = Words(
    nl="de codes en de server samen kunnen stemmen namens wie niet stemt",
    en="the codes and the server together can vote for those who do not",
)
_CODES_AND_PAPER = Words(
    nl="wie de codes maakt, kan niet ook de stemmen op papier in de stembus doen",
    en="who makes the codes cannot also put the votes from paper in the box",
)
_INTEREST = Words(
    nl="wie belang heeft bij de uitslag, bewaakt de stemming niet",
    en="who has an interest in the outcome does not watch over the vote",
)

_EXCLUDED: Mapping[frozenset[Role], Words] = {
    frozenset({"trustee", "credential_authority"}): _OPENS_AND_KNOWS,
    frozenset({"trustee", "administrator"}): _OPENS_AND_KEEPS,
    frozenset({"trustee", "bureau"}): Words(
        nl="wie de stembus laat sluiten, opent haar niet ook",
        en="who has the box sealed does not open it as well",
    ),
    frozenset({"trustee", "board"}): _INTEREST,
    frozenset({"trustee", "candidate"}): _INTEREST,
    frozenset({"credential_authority", "administrator"}): _CODES_AND_SERVER,
    frozenset({"credential_authority", "bureau"}): _CODES_AND_PAPER,
    frozenset({"credential_authority", "board"}): _INTEREST,
    frozenset({"credential_authority", "candidate"}): _INTEREST,
    frozenset({"administrator", "bureau"}): Words(
        nl="wie de server beheert, controleert niet ook wat erin gaat",
        en="who runs the server does not also check what goes into it",
    ),
    frozenset({"administrator", "board"}): _INTEREST,
    frozenset({"administrator", "candidate"}): _INTEREST,
    frozenset({"bureau", "board"}): _INTEREST,
    frozenset({"bureau", "candidate"}): _INTEREST,
}
"""Every pair of roles that exclude each other. A member of the board may stand again: only these two go together."""


class Clash(NamedTuple):
    """One person in two roles that exclude each other, and why they do."""

    person: str
    roles: tuple[Role, Role]
    reason: Words


def clashes(holders: Mapping[Role, Collection[str]]) -> Iterator[Clash]:
    """Give every person with two roles that exclude each other, in the order of the roles. `holders` are by id."""
    roles = [role for role in NAMES if role in holders]
    for at, one in enumerate(roles):
        for other in roles[at + 1 :]:
            reason = _EXCLUDED.get(frozenset({one, other}))
            if reason is not None:
                for person in sorted(set(holders[one]) & set(holders[other])):
                    yield Clash(person, (one, other), reason)
