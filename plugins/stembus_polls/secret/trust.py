"""What somebody who votes has to trust, in plain words, from who plays which part in the poll and where. Pure."""

# readers: members

from collections.abc import Iterator
from typing import Literal

from msgspec import Struct

from stembus.words import N_
from stembus_procedures.language.values import Words
from stembus_procedures.sentence import Sentence

Part = Literal["server", "authority", "trustee"]

PARTS: dict[Part, Words] = {
    "server": Words(nl="de server van de stemming", en="the server of the vote"),
    "authority": Words(nl="het maken van de stemcodes", en="the making of the voting codes"),
    "trustee": Words(nl="het bewaren van de sleutel", en="the keeping of the key"),
}


class Parts(Struct, frozen=True, kw_only=True):
    """Who plays which part. `together` are the parts that one machine plays, as two people stated; empty: none do.

    `administrators` run the server and `sides` are those that the trustees come from; empty: nobody stated it.
    """

    trustees: tuple[str, ...]
    threshold: int
    authority: str
    credentials_by: Literal["letter", "mail"]
    together: tuple[Part, ...] = ()
    administrators: tuple[str, ...] = ()
    sides: str = ""


def what_to_trust(parts: Parts) -> Iterator[Sentence]:
    """Give what a voter relies on, the heaviest first; each sentence says who could do what."""
    if len(parts.together) > 1:
        yield from _one_machine(parts)
    yield Sentence(
        N_("Any {threshold} of these {number} trustees together could open every vote: {trustees}."),
        threshold=parts.threshold,
        number=len(parts.trustees),
        trustees=list(parts.trustees),
    )
    if parts.sides:
        yield Sentence(N_("The trustees come from different sides: {sides}."), sides=parts.sides)
    else:
        yield Sentence(N_("Nobody stated that the trustees come from different sides."))
    yield Sentence(
        N_("{authority} makes the voting codes. Together with the server they could vote for members who do not vote."),
        authority=parts.authority,
    )
    if parts.credentials_by == "mail":
        yield Sentence(N_("The voting codes travel by e-mail: whoever reads your mailbox could vote for you."))
    yield Sentence(
        N_(
            "The server of the party knows that you voted and which encrypted vote is yours, never what is in it. It "
            "could leave a vote out: that shows when you look for your tracking code on the board."
        )
    )
    if parts.administrators:
        yield Sentence(N_("The server is run by {names}."), names=list(parts.administrators))
    else:
        yield Sentence(
            N_("Nobody stated who runs the server. So it was not checked that they have no other part in this vote.")
        )
    yield Sentence(
        N_("Your own phone or computer sees what you choose. The check before casting shows whether it cheats.")
    )


def _one_machine(parts: Parts) -> Iterator[Sentence]:
    yield Sentence(
        N_("In this poll one machine plays several parts: {parts}."), parts=[PARTS[part] for part in parts.together]
    )
    if {"server", "trustee"} <= set(parts.together):
        yield Sentence(N_("Whoever has that machine could see who voted what. That is a practice, no secret vote."))
    elif {"server", "authority"} <= set(parts.together):
        yield Sentence(N_("Whoever has that machine could vote for members who do not vote."))
    elif {"authority", "trustee"} <= set(parts.together):
        yield Sentence(N_("Whoever has that machine helps to open votes and knows whose code is whose."))
