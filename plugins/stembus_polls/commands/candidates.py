"""`stembus candidates`: entering candidacies, why somebody may stand or not, deciding, withdrawing."""

from collections import Counter
from pathlib import Path

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from stembus.commands.language import LANGUAGE, Language
from stembus.conduct.running import Running, open_procedure
from stembus.errors import CheckFailed, UnusableInput
from stembus.instance import Instance
from stembus.pass_instance import pass_instance
from stembus_polls.candidates.decide import Outcome, accept, admit_all, appeal, decide, withdraw
from stembus_polls.candidates.enter import enter_candidates, plan_entries
from stembus_polls.candidates.judging import judge_one
from stembus_polls.candidates.planning import FATES, RowFate
from stembus_polls.candidates.reading import CandidateFile, read_candidates
from stembus_polls.candidates.rows import candidacies, candidacies_of, numbers_of, running_state
from stembus_polls.commands.asking import BY, PROCEDURE
from stembus_polls.commands.verdicts import show_verdict
from stembus_polls.contests import AT_LARGE
from stembus_procedures.language.stages import Candidacy

MEMBER = click.argument("member", metavar="MEMBER")
SECOND = click.option("--with", "second", help="Member number of the second person, where it takes two.")
WITHDRAWN = {
    "struck": "The name is left off the ballot paper.",
    "ranked_as_withdrawn": "The papers are printed: votes pass to the next choice, and all voters are told.",
    "stays_until_result": "The papers are printed: the name stays in the count, and the seat can be refused.",
}


@click.group("candidates")
def candidates_group() -> None:
    """Candidacies: who stands, why they may or may not, and what was decided."""


@candidates_group.command("import")
@PROCEDURE
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--apply", "apply", is_flag=True, help="Enter them. Without it, only the fate of each row is shown.")
@BY
@pass_instance
def import_command(instance: Instance, *, procedure: str, file: Path, apply: bool, by: str) -> None:
    """Enter the candidates in FILE (CSV), all of them or none. First shows what happens with each row."""
    with instance.read() as session:
        running = _standing(open_procedure(session, instance.plugins, procedure))
        candidates = read_candidates(file, running.policy)
        fates = plan_entries(session, running, candidates, instance.clock.now())
    _show_fates(candidates, fates)
    refused = sum(fate.fate == "refused" for fate in fates)
    if refused:
        raise CheckFailed(f"{refused} of {len(fates)} rows are refused: correct them first. Nothing was entered.")
    if not apply:
        click.echo("Nothing was entered: add --apply to do so.")
        return
    with instance.write() as transaction:
        running = open_procedure(transaction.session, instance.plugins, procedure)
        done = enter_candidates(transaction, running, candidates, by=by)
    click.echo(f"{sum(fate.fate != 'unchanged' for fate in done)} candidacies were entered or changed.")


@candidates_group.command("list")
@PROCEDURE
@pass_instance
def list_command(instance: Instance, procedure: str) -> None:
    """List the candidates, in the order in which they were entered."""
    with instance.read() as session:
        running = _standing(open_procedure(session, instance.plugins, procedure))
        rows = candidacies(session, running.procedure.id)
        numbers = numbers_of(session, rows)
        table = Table("entry", "number", "name", "contest", "nominated by", "stands", box=None)
        for row in rows:
            state = running_state(running, row).replace("_", " ")
            contest = row.constituency or AT_LARGE
            table.add_row(
                str(row.entry), numbers[row.member_id], escape(row.name), contest, escape(row.nominated_by), state
            )
    Console().print(table if rows else f"Nobody is a candidate in {procedure} yet.")


@candidates_group.command("why")
@PROCEDURE
@MEMBER
@LANGUAGE
@pass_instance
def why_command(instance: Instance, procedure: str, member: str, lang: Language) -> None:
    """Show every condition for standing, and why one candidate meets it or does not."""
    with instance.read() as session:
        running = _standing(open_procedure(session, instance.plugins, procedure))
        for row in candidacies_of(session, running, member):
            form, verdict = judge_one(session, running, row)
            click.echo(f"{form.name} ({form.number}), entry {row.entry}: {running_state(running, row)}")
            show_verdict(verdict, lang)
            if row.decision_ground:
                click.echo(f"Decided: {row.decision}. {row.decision_ground}")


@candidates_group.command("accept")
@PROCEDURE
@MEMBER
@BY
@pass_instance
def accept_command(instance: Instance, procedure: str, member: str, by: str) -> None:
    """Note that somebody who was put forward accepts the candidacy."""
    with instance.write() as transaction:
        name = accept(transaction, open_procedure(transaction.session, instance.plugins, procedure), member, by=by)
    click.echo(f"{name} accepted.")


@candidates_group.command("decide")
@PROCEDURE
@click.argument("member", metavar="[MEMBER]", required=False)
@click.option("--admit", is_flag=True, help="The candidate may stand.")
@click.option("--refuse", is_flag=True, help="The candidate may not stand; takes two and a ground.")
@click.option("--all-met", is_flag=True, help="Admit everybody of whom all conditions are met.")
@click.option("--ground", default="", help="Why: an article, a decision. Needed against the computed verdict.")
@BY
@SECOND
@pass_instance
def decide_command(
    instance: Instance,
    *,
    procedure: str,
    member: str | None,
    admit: bool,
    refuse: bool,
    all_met: bool,
    ground: str,
    by: str,
    second: str | None,
) -> None:
    """Decide about a candidacy, for the body that the policy names. The computed verdict is shown first."""
    people = (by, second) if second else (by,)
    if admit + refuse + all_met != 1 or all_met == (member is not None):
        raise UnusableInput("Name one member with either --admit or --refuse, or give --all-met and nobody.")
    with instance.write() as transaction:
        running = _standing(open_procedure(transaction.session, instance.plugins, procedure))
        if member is None:
            met, left = admit_all(transaction, running, by=by)
            told = f"{len(met)} admitted; {len(left)} left to decide: {', '.join(left) or '-'}"
        else:
            for row in candidacies_of(transaction.session, running, member):
                show_verdict(judge_one(transaction.session, running, row)[1], "en", whole=False)
            chosen: Outcome = "admitted" if admit else "refused"
            told = f"{decide(transaction, running, member, chosen, by=people, ground=ground)} is {chosen}."
    click.echo(told)


@candidates_group.command("appeal")
@PROCEDURE
@MEMBER
@click.option("--ground", required=True, help="Why the refusal should be looked at again.")
@BY
@pass_instance
def appeal_command(instance: Instance, *, procedure: str, member: str, ground: str, by: str) -> None:
    """Note that a refused candidate appeals. `decide` then belongs to the body of the appeal."""
    with instance.write() as transaction:
        running = open_procedure(transaction.session, instance.plugins, procedure)
        name = appeal(transaction, running, member, by=by, ground=ground)
    click.echo(f"The appeal of {name} is noted.")


@candidates_group.command("withdraw")
@PROCEDURE
@MEMBER
@click.option("--ground", default="", help="What the candidate said about it, if anything.")
@BY
@pass_instance
def withdraw_command(instance: Instance, *, procedure: str, member: str, ground: str, by: str) -> None:
    """Note that a candidate withdraws, and say what that means now."""
    with instance.write() as transaction:
        running = open_procedure(transaction.session, instance.plugins, procedure)
        follows = withdraw(transaction, running, member, by=by, ground=ground)
    click.echo(f"Member {member} withdrew. {WITHDRAWN[follows]}")


def _standing(running: Running) -> Running:
    if running.policy.first(Candidacy) is None:
        raise UnusableInput(f"The policy of {running.procedure.name} has no stage of kind `candidacy`.")
    return running


def _show_fates(file: CandidateFile, fates: tuple[RowFate, ...]) -> None:
    click.echo(f"{file.name}, columns by the headings:")
    for field, heading in file.columns.items():
        click.echo(f"  {heading}: {field}")
    if file.unused:
        click.echo(f"  not read: {', '.join(file.unused)}")
    table = Table("row", "fate", "number", "name", "what", box=None)
    for fate in fates:
        told = [f"{trouble.field}: {trouble.text}" for trouble in fate.troubles] or [", ".join(fate.changes)]
        late = ["late: the body decides"] if fate.is_late and fate.fate == "new" else []
        what = escape(" ".join((*told, *late)))
        table.add_row(str(fate.row), fate.fate, escape(fate.form.number), escape(fate.form.name), what)
    Console().print(table)
    counts = Counter(fate.fate for fate in fates)
    click.echo(", ".join(f"{counts[fate]} {fate}" for fate in FATES))
