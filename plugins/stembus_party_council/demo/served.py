"""The end of a demonstration: its pages are served, with a link for each part that one can play."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import msgspec
from rich.console import Console
from sqlmodel import select

from stembus.clock import RunningClock
from stembus.errors import UnusableInput
from stembus.instance import Instance, open_instance
from stembus.settings import Contact
from stembus_ballots.protocol.typed_credential import shown
from stembus_party_council.demo.cast import Cast
from stembus_party_council.demo.key_keepers import PASSPHRASE
from stembus_polls.secret.tables import SecretPoll

CONTACT = Contact(
    phone="085 000 00 00",
    email="bureau@voorbeeldpartij.example",
    hours_nl="op werkdagen van 9.00 tot 17.00 uur",
    hours_en="on working days from 9:00 to 17:00",
    address="Voorbeeldplein 1, 1000 AA Voorbeeldstad",
    complaints_nl="Stuur uw klacht aan de geschillencommissie: geschillen@voorbeeldpartij.example.",
    complaints_en="Send your complaint to the dispute committee: geschillen@voorbeeldpartij.example.",
)


class Part(NamedTuple):
    """Somebody whom one can be: what they are in the party, and their member number."""

    name: str
    number: str


def parts(cast: Cast) -> tuple[Part, ...]:
    """Return the parts of a cast that are worth playing."""
    return (
        Part("party office", cast.staff[0].number),
        Part("party office, a second person", cast.staff[1].number),
        Part("branch officer", cast.branch[0].number),
        Part("chair of the board", cast.board[0].number),
        Part("electoral committee", cast.committee[0].number),
        Part("stembureau", cast.bureau[0].number),
        Part("trustee of the secret poll", cast.trustees[0].number),
        Part("credential authority", cast.authority[0].number),
        Part("candidate", cast.candidates[0].person.number),
        Part("member", cast.supporting.number),
        Part("member who joined too late to vote", cast.newcomer.number),
    )


def _about_the_box(instance: Instance, address: str, folder: Path) -> Iterator[str]:
    """Say where to look at what is particular to a secret poll, where one was held."""
    with instance.read() as session:
        uuid = session.exec(select(SecretPoll.uuid)).first()
    if uuid is None:
        return
    yield "The box of the secret vote, and what each trustee did:"
    yield f"  {address}/polls/{uuid}"
    yield f"  {address}/polls/{uuid}/trustees"
    yield "What a trustee has on a machine of their own (passphrase: " + PASSPHRASE + "):"
    yield f"  stembus trustee open --folder {folder / 'trustees' / '1'}"


def serve_demo(
    folder: Path,
    played: Iterable[Part],
    at: datetime,
    *,
    port: int,
    console: Console,
    voter: tuple[str, str] | None = None,
) -> None:
    """Serve the instance in `folder`, whose clock goes on from `at`, until it is stopped.

    `voter` is a member who can vote at that moment, with their voting code: it is said first how one votes as them.

    Raises `UnusableInput` when the port is taken.
    """
    from stembus.web.serving import local_ports, port_is_free, serve  # noqa: PLC0415 - the web is loaded only by who serves it

    address = f"http://localhost:{port}"
    instance = open_instance(folder)
    instance.clock = RunningClock(at)
    instance.settings = msgspec.structs.replace(instance.settings, address=address, contact=CONTACT)
    for one in (port, *local_ports(instance)):
        if not port_is_free(one):
            instance.close()
            raise UnusableInput(
                "Port {port} is taken: choose another with --port. The demonstration is kept.", port=one
            )
    console.rule("[bold]Now walk through it yourself[/]", align="left")
    console.print(f"{address}\nSign in with one click (in a demonstration only):", highlight=False)
    if voter is not None:
        number, code = voter
        console.print(f"  {address}/demo/as/{number}  a member who has not voted yet", highlight=False)
        console.print("    Sign in so, open the procedure, press Vote, and type this code:", highlight=False)
        console.print(f"    {shown(code)}", highlight=False)
    for part in played:
        console.print(f"  {address}/demo/as/{part.number}  {part.name}", soft_wrap=True, highlight=False)
    for line in _about_the_box(instance, address, folder.parent):
        console.print(line, soft_wrap=True, highlight=False)
    console.print("Stop with Ctrl-C. Nothing that you do here leaves this machine.", highlight=False)
    try:
        serve(instance, host="127.0.0.1", port=port)
    finally:
        instance.close()
