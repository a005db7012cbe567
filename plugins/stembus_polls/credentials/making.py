"""Making the credentials of a poll. Pure: the random source comes in as an argument."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from stembus.errors import UnusableInput
from stembus_ballots.protocol.credential_list import SIGNERS, header_text
from stembus_ballots.protocol.credentials import public_credentials_text
from stembus_ballots.protocol.group import Element, Group, RandomBelow
from stembus_ballots.protocol.typed_credential import new_credential, secret_of
from stembus_ballots.protocol.work import Progress, silent
from stembus_polls.credentials.commission import Commission, Voter
from stembus_polls.credentials.officer import PublicOfficer
from stembus_polls.credentials.secret_list import Given, PaperCredentials, SecretList, Spare
from stembus_polls.secret.public_credentials import PublicCredentials

EVERY = 200
"""After so many credentials somebody hears how far it is."""


class Made(NamedTuple):
    """What the authority keeps, what the stembureau gets, and what everybody may see."""

    kept: SecretList
    paper: PaperCredentials
    public: PublicCredentials


def make_credentials(
    commission: Commission,
    voters: Sequence[Voter],
    *,
    spares: int,
    paper: int,
    officers: Sequence[PublicOfficer],
    random_below: RandomBelow,
    now: datetime,
    progress: Progress = silent,
) -> Made:
    """Make a credential for each voter, `spares` to give out later and `paper` for votes that are cast on paper.

    Raises `UnusableInput` when the roll is not the one of the commission, or too few officers could sign.
    """
    if len(voters) != commission.roll:
        raise UnusableInput(
            "The roll has {rows} people and the poll is for {roll}: take the two files that were written together.",
            rows=len(voters),
            roll=commission.roll,
        )
    group = commission.in_group
    signing = {officer.keys[group.name]: officer.officer(group) for officer in officers}
    if len(signing) < SIGNERS or len(signing) < len(officers):
        raise UnusableInput(
            "What happens to credentials is signed by {least} people: name the public keys of {least} officers or "
            "more, each once.",
            least=SIGNERS,
        )
    made = _new(len(voters) + spares + paper, random_below)
    keys = _public_keys(made, commission.uuid, group, progress)
    own, spare, reserved = made[: len(voters)], made[len(voters) : len(voters) + spares], made[len(voters) + spares :]
    header = header_text(
        commission.uuid,
        len(voters),
        tuple(signing.values()),
        spare=[group.text(keys[credential]) for credential in spare],
        paper=[group.text(keys[credential]) for credential in reserved],
    )
    return Made(
        SecretList(
            commission=commission,
            voters=tuple(voters),
            given=tuple(
                Given(
                    number=one.number,
                    credential=mine,
                    key=group.text(keys[mine]),
                    token=new_token(random_below),
                    at=now,
                )
                for one, mine in zip(voters, own, strict=True)
            ),
            spare=tuple(Spare(one, group.text(keys[one])) for one in spare),
        ),
        PaperCredentials(
            uuid=commission.uuid, group=group.name, contest=commission.contest, credentials=tuple(reserved)
        ),
        PublicCredentials(
            uuid=commission.uuid,
            group=group.name,
            contest=commission.contest,
            credentials=public_credentials_text(((key, 1) for key in keys.values()), group).decode(),
            header=header.decode(),
        ),
    )


def new_token(random_below: RandomBelow) -> str:
    """Return a name for one credential in what is sent, which nobody can guess."""
    return f"{random_below(1 << 128):032x}"


def public_key_of(credential: str, commission: Commission) -> str:
    """Return the public key of a credential in the poll, as lists and ballots name it."""
    group = commission.in_group
    return group.text(group.table(group.g).power(secret_of(credential, commission.uuid, group)))


def _new(number: int, random_below: RandomBelow) -> list[str]:
    """Return so many different credentials. That two are the same would take 2^65 of them."""
    made = {new_credential(random_below): None for _ in range(number)}
    if len(made) < number:
        raise UnusableInput("The random source of this machine repeats itself: do not use it. Nothing was made.")
    return list(made)


def _public_keys(credentials: Sequence[str], uuid: str, group: Group, progress: Progress) -> dict[str, Element]:
    table, keys = group.table(group.g), {}
    for place, credential in enumerate(credentials):
        if place % EVERY == 0:
            progress("Making credentials", place, len(credentials))
        keys[credential] = table.power(secret_of(credential, uuid, group))
    progress("Making credentials", len(credentials), len(credentials))
    return keys
