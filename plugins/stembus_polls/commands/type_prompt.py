"""Typing at a prompt: one paper after the other, each saved at once, so that stopping loses nothing."""

from pathlib import Path

import click

from stembus.errors import UnusableInput
from stembus.instance import Instance
from stembus_polls.commands.asking import reading
from stembus_polls.contests import Contest
from stembus_polls.paper.forms import form_of, parser_for
from stembus_polls.paper.marks import MarksError
from stembus_polls.paper.rounds import current_round, papers_of_round
from stembus_polls.paper.type_over import own_typing, type_papers
from stembus_polls.paper.typing_csv import MOST_PROBLEMS, read_typing
from stembus_polls.poll import open_poll

HELP = (
    ("=17", "go to paper 17, to correct it"),
    ("names", "the candidates"),
    ("stop", "go on another time"),
)


def type_at_prompt(instance: Instance, procedure: str, contest_id: str | None, typist: str) -> None:
    """Ask for every paper that this person has not typed, in order, and save each."""
    with instance.read() as session:
        contest = reading(instance, session, procedure).contest(contest_id)
        papers = sorted(papers_of_round(session, contest, current_round(session, contest)))
        own = own_typing(session, contest, typist)
    click.echo("Type what stands on each paper, and Enter:")
    for typed, means in (*form_of(contest).typed, *HELP):
        click.echo(f"  {typed:10} {means}")
    _show_names(contest)
    paper = _next(papers, own, 0)
    while (text := _asked(paper, papers, own)) != "stop":
        if text == "names":
            _show_names(contest)
        elif text.startswith("="):
            paper = _jump(text, papers, paper)
        elif text and paper is not None:
            if _saved(instance, procedure, contest, {paper: text}, typist):
                own[paper] = " ".join(text.split())
                paper = _next(papers, own, paper)
        else:
            paper = _next(papers, own, paper or 0)
    click.echo(f"{len(own)} of {len(papers)} papers are typed and saved.")


def read_file(file: Path, papers: range, contest: Contest) -> dict[int, str]:
    """Return the typing in a CSV file. Raises `UnusableInput` with the line of each problem; nothing is kept then."""
    try:
        text = file.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise UnusableInput(f"{file}: byte {error.start} is no UTF-8 text. Save the file as CSV in UTF-8.") from None
    found = read_typing(text, papers=papers, parse=parser_for(contest))
    if found.problems:
        shown = "\n".join(f"{file}, {problem}" for problem in found.problems[:MOST_PROBLEMS])
        rest = len(found.problems) - MOST_PROBLEMS
        more = f"\n{rest} more problems." if rest > 0 else ""
        raise UnusableInput(f"{shown}{more}\nNothing was saved.")
    return found.marks


def _asked(paper: int | None, papers: list[int], own: dict[int, str]) -> str:
    """Return what is typed for a paper; the end of the input is a stop, which loses nothing."""
    label = "all papers are typed: =NUMBER to correct one, or stop"
    if paper is not None:
        label = f"paper {paper} of {papers[-1]}" + (f" [now: {own[paper]}]" if paper in own else "")
    try:
        return str(click.prompt(label, prompt_suffix=" > ", default="", show_default=False)).strip()
    except click.Abort:
        click.echo()
        return "stop"


def _show_names(contest: Contest) -> None:
    for candidate in contest.candidates:
        click.echo(f"{candidate.number:4}  {candidate.name}")


def _next(papers: list[int], own: dict[int, str], after: int) -> int | None:
    """Return the next paper that was not typed, going round; None when all were."""
    missing = [paper for paper in papers if paper not in own]
    return next((paper for paper in missing if paper > after), missing[0] if missing else None)


def _jump(text: str, papers: list[int], stay: int | None) -> int | None:
    number = text[1:].strip()
    if number.isascii() and number.isdigit() and int(number) in papers:
        return int(number)
    click.echo(f"There is no paper {number!r}: the numbers are {papers[0]} to {papers[-1]}.")
    return stay


def _saved(instance: Instance, procedure: str, contest: Contest, marks: dict[int, str], typist: str) -> bool:
    try:
        for text in marks.values():
            parser_for(contest)(text)
        with instance.write() as transaction:
            now = open_poll(transaction, procedure).contest(contest.id)
            type_papers(transaction, now, marks, typist=typist)
    except MarksError as error:
        click.echo(f"Not saved: {error}")
        return False
    return True
