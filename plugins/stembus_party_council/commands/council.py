"""`stembus council`: from recruitment to seats, and what happens when one falls empty."""

from collections.abc import Sequence
from datetime import date
from itertools import groupby
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.table import Table
from sqlmodel import Session

from stembus.commands.dates import DAY
from stembus.commands.language import LANGUAGE, Language
from stembus.conduct.acting import acts
from stembus.conduct.running import open_procedure
from stembus.errors import CheckFailed, UnusableInput
from stembus.instance import Instance
from stembus.pass_instance import pass_instance
from stembus_party_council.answers import accept, decline
from stembus_party_council.blocks import complete_when_done, left_to_do
from stembus_party_council.council import Council, council_of, open_council, waits
from stembus_party_council.offers import Called, call_all
from stembus_party_council.overview import Overview, SeatNow, overview
from stembus_party_council.places import State
from stembus_party_council.powers import SEATING
from stembus_party_council.recruiting import recruitment_of
from stembus_party_council.rota import draw_rota, rota_of
from stembus_party_council.take_seats import Taken, take_seats
from stembus_party_council.vacancy import below_minimum, state_vacancy
from stembus_polls import enter_decided, enter_seed, poll_of, shown, shown_end
from stembus_polls.commands.asking import lot_in

if TYPE_CHECKING:
    from stembus.instance import Transaction

PROCEDURE = click.argument("procedure", metavar="PROCEDURE")
MEMBER = click.argument("number", metavar="MEMBER")
BY = click.option("--by", required=True, help="Member number of who does it; a member may answer for themselves.")
WITH = click.option("--with", "second", required=True, help="Member number of the second person.")
_STANDS: dict[State, str] = {
    "open": "called, has not answered",
    "accepted": "accepted, waits for the seat",
    "seated": "sits",
    "to_fill": "somebody has to be called (`council call`)",
    "empty": "stays empty",
}
_WITH_SOMEBODY: frozenset[State] = frozenset({"open", "accepted", "seated"})
GROUND = click.option("--ground", default="", help="Where it is found: a letter, a mail, a phone call.")


@click.group("council")
def council_group() -> None:
    """Seats of an elected body: recruitment, accepting, seating, deputies, vacancies, rota."""


@council_group.command("recruitment")
@PROCEDURE
@LANGUAGE
@pass_instance
def recruitment_command(instance: Instance, procedure: str, lang: Language) -> None:
    """Say how many candidates there are against the minimum and the targets, by branch, and what that means."""
    with instance.read() as session:
        running = open_procedure(session, instance.plugins, procedure)
        found = recruitment_of(session, running, instance.clock.now())
        closes = shown(running, found.closes)
    click.echo(f"{procedure}: {getattr(found.summary, lang)} ({closes}).")
    if found.not_accepted:
        more = {"nl": "moeten nog aanvaarden", "en": "have not accepted yet"}[lang]
        click.echo(f"{found.not_accepted} {more}.")
    table = Table(
        *{"nl": ("afdeling", "kandidaten", "nog te aanvaarden"), "en": ("branch", "candidates", "to accept")}[lang],
        box=None,
    )
    for line in found.by_branch:
        table.add_row(line.branch or "-", str(line.candidates), str(line.not_accepted or ""))
    Console().print(table)
    for target in found.targets:
        hoped = {"nl": "gehoopt", "en": "hoped for"}[lang]
        click.echo(f"{getattr(target.group, lang)}: {target.candidates}, {hoped}: {target.hoped}")
    for place, proposal in enumerate(found.proposals):
        click.echo(f"{'  - ' if place else ''}{getattr(proposal, lang)}")
    if found.judged is not None and found.judged.options:
        click.echo(f"`stembus procedure too-few {procedure} OPTION` records what was decided.")


@council_group.command("open")
@PROCEDURE
@LANGUAGE
@pass_instance
def open_command(instance: Instance, procedure: str, lang: Language) -> None:
    """Show the places that are not taken: who is called, until when they answer, and what they wait for."""
    now = instance.clock.now()
    with instance.read() as session:
        council = _reading(instance, session, procedure)
        seen = overview(session, council, now)
        waiting = waits(session, council, now)
        left = left_to_do(council, now)
    places = [seat for seat in seen.seats if seat.state != "seated"]
    for seat in places:
        until = f", until {shown_end(council.poll.running, seat.answers_until)}" if seat.answers_until else ""
        click.echo(f"{_place(seat)}{until}")
        if seat.note:
            click.echo(f"    {getattr(seat.note, lang)}")
    if not places:
        click.echo("Every place is taken.")
    if waiting is not None:
        click.echo(_sentence(getattr(waiting, lang)))
    for words in left.values():
        click.echo(_sentence(getattr(words, lang)))


@council_group.command("accept")
@PROCEDURE
@MEMBER
@BY
@GROUND
@pass_instance
def accept_command(instance: Instance, procedure: str, number: str, *, by: str, ground: str) -> None:
    """Note that MEMBER accepts the place, and give the seat when nothing keeps it."""
    with instance.write() as transaction:
        accepted = accept(transaction, open_council(transaction, procedure), number, by=by, ground=ground)
        done = _complete(transaction, procedure, by)
    click.echo(f"{accepted.name} accepts {accepted.contest} place {accepted.place}.")
    if accepted.taken is not None:
        _say_taken([accepted.taken])
    for reason in accepted.waits:
        click.echo(f"The seat waits: {reason.en.rstrip('.')}.")
    if accepted.waits:
        click.echo(f"`stembus council seat {procedure}` gives it when that is over.")
    _say_done(done)


@council_group.command("decline")
@PROCEDURE
@MEMBER
@BY
@GROUND
@pass_instance
def decline_command(instance: Instance, procedure: str, number: str, *, by: str, ground: str) -> None:
    """Note that MEMBER does not take the place, and call who comes next."""
    with instance.write() as transaction:
        declined = decline(transaction, open_council(transaction, procedure), number, by=by, ground=ground)
        done = _complete(transaction, procedure, by)
    click.echo(f"{declined.name} declines {declined.contest} place {declined.place}.")
    _say_called([declined.next])
    _say_done(done)


@council_group.command("call")
@PROCEDURE
@BY
@pass_instance
def call_command(instance: Instance, procedure: str, *, by: str) -> None:
    """Call who comes next for every place without anybody, such as after a term for an answer has passed."""
    with instance.write() as transaction:
        council = open_council(transaction, procedure)
        actor = acts(transaction, council.poll.running, by, SEATING)
        called = call_all(transaction, council, (actor,))
        done = _complete(transaction, procedure, by)
    if not called:
        click.echo("There is no place to call anybody for.")
    _say_called(called)
    _say_done(done)


@council_group.command("seat")
@PROCEDURE
@click.argument("numbers", nargs=-1, metavar="[MEMBER]...")
@BY
@pass_instance
def seat_command(instance: Instance, procedure: str, numbers: tuple[str, ...], *, by: str) -> None:
    """Give everybody who accepted (or each MEMBER) the seat, once the result can no longer be objected to."""
    with instance.write() as transaction:
        taken, hindered = take_seats(transaction, open_council(transaction, procedure), numbers, by=by)
        done = _complete(transaction, procedure, by)
    _say_taken(taken)
    if not taken and not hindered:
        click.echo("Nobody who accepted waits for a seat.")
    _say_done(done)
    if hindered:
        lines = [f"{one.name} ({one.number}): {' '.join(reason.en for reason in one.reasons)}" for one in hindered]
        raise CheckFailed(f"{len(hindered)} cannot take the seat yet. " + " / ".join(lines))


@council_group.command("seats")
@PROCEDURE
@LANGUAGE
@pass_instance
def seats_command(instance: Instance, procedure: str, lang: Language) -> None:
    """Show every place: who has it, from when until when, and who would take it if it fell empty today."""
    now = instance.clock.now()
    with instance.read() as session:
        council = _reading(instance, session, procedure)
        seen = overview(session, council, now)
    for seat in seen.seats:
        days = f" from {seat.starts}" if seat.starts else ""
        days += f", last day {seat.last_day}" if seat.last_day else ""
        days += f", term {seat.terms}" if seat.terms else ""
        click.echo(f"{_place(seat)}{days}")
        if seat.deputies:
            click.echo(f"    next: {', '.join(seat.deputies)}")
    _say_balance(seen, lang)
    below = below_minimum(council.seats, seen.sitting)
    if below is not None:
        click.echo(getattr(below, lang) + ".")


@council_group.command("vacancy")
@PROCEDURE
@MEMBER
@click.option("--left-on", type=DAY, required=True, help="The last day in the seat.")
@click.option("--ground", required=True, help="Why: a letter, a death, a decision.")
@BY
@WITH
@pass_instance
def vacancy_command(
    instance: Instance, procedure: str, number: str, *, left_on: date, ground: str, by: str, second: str
) -> None:
    """State that MEMBER leaves the seat, and call who comes next from the same papers. It takes two people."""
    with instance.write() as transaction:
        council = open_council(transaction, procedure)
        vacated = state_vacancy(transaction, council, number, left_on=left_on, ground=ground, by=(by, second))
    later = "" if vacated.last_day <= left_on else " (what was done in it until now stands)"
    click.echo(
        f"{vacated.name} leaves {vacated.contest} place {vacated.place}; the last day in the seat is "
        f"{vacated.last_day}{later}."
    )
    _say_called([vacated.next])
    if vacated.below_minimum is not None:
        click.echo(vacated.below_minimum.en + ".")


@council_group.command("lot")
@PROCEDURE
@click.option("--contest", help="Which contest, where there are several.")
@click.option("--seed", help="The public seed, where the policy draws from one.")
@click.option("--decided", metavar="WHY:3,8=8", help="A lot drawn in the room: for what, among whom, who.")
@click.option("--drawn-by", required=True, help="Who drew it.")
@click.option("--witness", "witnesses", multiple=True, help="Who watched it.")
@BY
@WITH
@pass_instance
def lot_command(
    instance: Instance,
    procedure: str,
    *,
    contest: str | None,
    seed: str | None,
    decided: str | None,
    drawn_by: str,
    witnesses: tuple[str, ...],
    by: str,
    second: str,
) -> None:
    """Enter a lot that a countback asks for. Then `council call` goes on."""
    if (seed is None) == (decided is None):
        raise UnusableInput("Give --seed TEXT or --decided WHY:3,8=8.")
    with instance.write() as transaction:
        chosen = open_council(transaction, procedure).poll.contest(contest)
        if seed is not None:
            enter_seed(transaction, chosen, seed, drawn_by=drawn_by, witnesses=witnesses, by=(by, second))
        else:
            why, tied, drawn = lot_in("--decided", str(decided))
            enter_decided(
                transaction, chosen, tied, drawn, why=why, drawn_by=drawn_by, witnesses=witnesses, by=(by, second)
            )
    click.echo(f"The lot is entered. `stembus council call {procedure}` goes on.")


@council_group.command("rota")
@PROCEDURE
@click.option("--seed", help="Draw the groups that leave in turn from this public seed.")
@click.option("--drawn-by", default="", help="With --seed: who drew it.")
@click.option("--witness", "witnesses", multiple=True, help="With --seed: who watched it.")
@click.option("--by", help="With --seed: member number of who enters it.")
@click.option("--with", "second", help="With --seed: member number of the second person.")
@pass_instance
def rota_command(
    instance: Instance,
    procedure: str,
    *,
    seed: str | None,
    drawn_by: str,
    witnesses: tuple[str, ...],
    by: str | None,
    second: str | None,
) -> None:
    """Show who leaves when, after how many terms, and from when they may stand again; or draw the groups."""
    if seed is not None:
        if by is None or second is None:
            raise UnusableInput("Drawing the groups takes two people: give --by and --with.")
        with instance.write() as transaction:
            council = open_council(transaction, procedure)
            draw_rota(transaction, council, seed=seed, drawn_by=drawn_by, witnesses=witnesses, by=(by, second))
        click.echo("The groups are drawn.")
    with instance.read() as session:
        council = _reading(instance, session, procedure)
        rows = rota_of(session, council, council.day(instance.clock.now()))
    for (last_day, group, again), leaving in groupby(rows, key=lambda row: (row.last_day, row.group, row.again_from)):
        told = f"Last day {last_day or 'not set'}" + (f", group {group}" if group else "")
        told += "" if last_day is None else f"; may stand again from {again}" if again else "; may not stand again"
        click.echo(f"{told}:")
        for row in leaving:
            most = f" of at most {row.most}" if row.most else ""
            click.echo(f"  {row.name} ({row.number}), {row.place}, term {row.terms}{most}")
    if not rows:
        click.echo("Nobody sits in the body.")


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:].rstrip('.')}."


def _place(seat: SeatNow) -> str:
    who = f", {seat.name} ({seat.number})" if seat.name and seat.state in _WITH_SOMEBODY else ""
    return f"{seat.contest} {seat.place}{who}: {_STANDS[seat.state]}"


def _reading(instance: Instance, session: Session, procedure: str) -> Council:
    running = open_procedure(session, instance.plugins, procedure)
    return council_of(session, poll_of(session, running, instance.clock.now()))


def _complete(transaction: "Transaction", procedure: str, by: str) -> bool:
    return complete_when_done(transaction, open_council(transaction, procedure), by)


def _say_taken(taken: Sequence[Taken]) -> None:
    for one in taken:
        click.echo(
            f"{one.name} ({one.number}) has {one.contest} place {one.place} from {one.starts}, up to and including "
            f"{one.last_day}."
        )


def _say_called(called: Sequence[Called]) -> None:
    for one in called:
        where = f"{one.contest} place {one.place}"
        if one.found is None:
            click.echo(f"{where}: {one.waits_for_lot}.")
        elif one.found.candidate is None:
            click.echo(f"{where}: nobody is called: {one.found.why.en}.")
        else:
            click.echo(f"{where}: {one.name} ({one.number}) is called and answers until {one.answers_until}.")
            click.echo(f"  {one.found.why.en}.")


def _say_done(done: bool) -> None:
    if done:
        click.echo("Every place is taken or stays empty: the seating is complete.")


def _say_balance(seen: Overview, lang: Language) -> None:
    for rule in seen.balance:
        most = "" if rule.most is None else {"nl": f", ten hoogste {rule.most}", "en": f", at most {rule.most}"}[lang]
        asked = {"nl": f"gevraagd ten minste {rule.least}", "en": f"asked for at least {rule.least}"}[lang]
        met = {"nl": ("voldaan", "niet voldaan"), "en": ("met", "not met")}[lang][not rule.is_met]
        click.echo(f"{getattr(rule.about, lang)}: {rule.has} / {rule.seats}, {asked}{most}: {met}.")
