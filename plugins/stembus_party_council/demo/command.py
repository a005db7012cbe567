"""`stembus demo`: the whole chain on a made-up party, or on the ballots of a real election."""

import sys
from contextlib import closing
from itertools import takewhile
from pathlib import Path

import click
from rich.console import Console

from stembus.errors import UnusableInput
from stembus_ballots.blt import read_blt
from stembus_ballots.errors import BallotFileError
from stembus_ballots.profile import Profile
from stembus_party_council.demo.blocs import is_sound, make_papers
from stembus_party_council.demo.cast import SEED, make_cast
from stembus_party_council.demo.practice import practice_policy
from stembus_party_council.demo.scenes import SCENES, scenes
from stembus_party_council.demo.scenes_online import way_to_vote
from stembus_party_council.demo.served import parts, serve_demo
from stembus_party_council.demo.setting import Setting, at
from stembus_party_council.demo.stage import Stage, clear

MARK = ".stembus-demo"
MEMBERS, CANDIDATES, SEATS = 600, 17, 13
VOTES, IN_ROOM, BY_POST = 72, 14, 6
OFFICERS_AND_NEWCOMERS = 80
VOTING = at(6, 15, 20)
"""A moment at which the vote is open, and nobody has voted yet."""


@click.command("demo")
@click.option(
    "--dir", "folder", type=click.Path(path_type=Path, file_okay=False), default=Path("demo"), show_default=True
)
@click.option("--ballots", type=click.Path(path_type=Path, dir_okay=False), help="A .blt file with real ballots.")
@click.option("--seats", type=click.IntRange(min=1), help="With --ballots: how many are elected. Default: the file's.")
@click.option("--pause/--no-pause", default=None, help="Leave time to read between scenes. Default: on a terminal.")
@click.option("--until-vote", is_flag=True, help="Stop while the vote is open, and serve it: you can vote yourself.")
@click.option("--serve/--no-serve", default=False, help="Serve its pages at the end, until you stop it.")
@click.option("--port", type=click.IntRange(1024, 65535), default=8000, show_default=True, help="Where to serve them.")
def demo_command(
    *,
    folder: Path,
    ballots: Path | None,
    seats: int | None,
    pause: bool | None,
    until_vote: bool,
    serve: bool,
    port: int,
) -> None:
    """Elect a party council from roll to seats, day by day, on the real software.

    Without --ballots: a made-up party of 600 members, 17 candidates and 13 seats. With it: as many members as the
    ballots take, and a practice copy of the policy for that number of seats.
    """
    if seats is not None and ballots is None:
        raise UnusableInput("--seats goes with --ballots: the made-up party elects 13.")
    if until_vote and ballots is not None:
        raise UnusableInput("--until-vote is for the made-up party: with --ballots the votes are there already.")
    profile = None if ballots is None else _read(ballots, seats)
    clear(folder, MARK)
    console = Console(highlight=False)
    setting = made_up_party(folder, port=port) if profile is None else _real(folder, profile)
    wait = sys.stdout.isatty() if pause is None else pause
    stage = Stage(folder / "instance", console, pause=wait)
    with closing(scenes(setting)) as told:
        stage.play(takewhile(lambda scene: scene.at < VOTING, told) if until_vote else told, SCENES)
    if until_vote:
        way = way_to_vote(setting)
        serve_demo(folder / "instance", parts(setting.cast), VOTING, port=port, console=console, voter=way)
        return
    _farewell(console, folder)
    if serve:
        serve_demo(folder / "instance", parts(setting.cast), at(7, 2, 12), port=port, console=console)


def made_up_party(folder: Path, *, port: int = 8000, votes: int = VOTES) -> Setting:
    """Return the setting of a party that does not exist, to play in `folder`: it votes on the internet and on paper.

    No faulty or doubtful vote can be cast on the internet: those are on paper.
    """
    made = make_papers(votes, CANDIDATES, SEED)
    sound = [marks for marks in made if is_sound(marks)]
    faulty = [marks for marks in made if not is_sound(marks)]
    on_paper = IN_ROOM + BY_POST - len(faulty)
    return Setting(
        folder,
        make_cast(MEMBERS, CANDIDATES),
        SEATS,
        [*faulty, *sound[:on_paper]],
        BY_POST,
        "partijraad-online",
        online=sound[on_paper:],
        port=port,
    )


def _real(folder: Path, profile: Profile) -> Setting:
    papers = [
        " ".join(str(candidate + 1) for candidate in group.ranking)
        for group in profile.groups
        for _ in range(group.count)
    ]
    papers += ["blank"] * profile.blank
    policy = folder / "partijraad-practice.toml"
    policy.write_text(practice_policy(profile.seats or 1), encoding="utf-8")
    members = int(len(papers) * 1.12) + OFFICERS_AND_NEWCOMERS
    return Setting(folder, make_cast(members, profile.candidates), profile.seats or 1, papers, 0, str(policy))


def _read(path: Path, seats: int | None) -> Profile:
    try:
        profile = read_blt(path)
    except BallotFileError as error:
        raise UnusableInput(str(error)) from None
    number = seats or profile.seats
    if number is None or number >= len(profile.candidates):
        raise UnusableInput(
            f"{path} has {len(profile.candidates)} candidates, so at most {len(profile.candidates) - 1} seats can be "
            f"voted on, not {number}: name fewer with --seats."
        )
    return Profile(
        title=profile.title,
        candidates=profile.candidates,
        seats=number,
        groups=profile.groups,
        blank=profile.blank,
        withdrawn=profile.withdrawn,
    )


def _farewell(console: Console, folder: Path) -> None:
    results = folder / "result"
    stembus = sys.argv[0] if Path(sys.argv[0]).name == "stembus" else "stembus"
    console.rule("[bold]Done[/]", align="left")
    console.print(
        f"""\
The council is elected, on practice data. Look at:
  {results}/report-nl.html, report-en.html   the report as a page (open it in a browser)
  {results}/report-nl.pdf, report-en.pdf     the same to print and sign
  {results}/report.json, stages-*.csv        the data, at the level that the policy allows
  {results}/box/                             the box that members voted in, with every proof: {stembus} verify
  {results}/archive.zip                      everything an auditor needs: {stembus} archive verify {results}/archive.zip
  {results}/checkpoint.txt                   the log's checkpoint, to keep elsewhere
Ask the instance itself:
  {stembus} --instance {folder}/instance poll result partijraad-2026
  {stembus} --instance {folder}/instance ledger show""",
        soft_wrap=True,
    )
