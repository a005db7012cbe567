"""`python -m stembus_ballots verify`: the archive of a secret poll, judged with nothing but its files."""

import argparse
import io
import os
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from pathlib import Path

from stembus_ballots.blt import write_blt
from stembus_ballots.protocol.archive import NotAnArchive
from stembus_ballots.protocol.election import Ranked
from stembus_ballots.protocol.rankings import profile_of
from stembus_ballots.protocol.verify import Verdict, verify_archive
from stembus_ballots.protocol.verify.told import told
from stembus_ballots.protocol.work import ONE_BY_ONE, Workers

UNREADABLE = 2
EXIT_CODES = """\
Ends with 0 where all holds and the poll is counted, with 1 where something fails or could not be checked, with 2 where
a file cannot be read or is no archive, and with 3 where what is there holds but the poll is still open or not counted.
"""


class UnreadableFile(Exception):  # noqa: N818 - says what the file is
    """A file that there is nothing to judge in: the message says which, and why."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit code."""
    asked = _parser().parse_args(arguments)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # a letter that this terminal lacks stops nothing
    try:
        verdict = verify_files(
            asked.archive, asked.previous, asked.side_file, asked.credential_list, processes=asked.processes
        )
        for line in told(verdict, str(asked.archive), trackers=asked.trackers):
            print(line)  # noqa: T201
        for written in write_ballots(verdict, asked.ballots) if asked.ballots else ():
            print(f"{'written:':13}{written}")  # noqa: T201
    except UnreadableFile as error:
        print(error, file=sys.stderr)  # noqa: T201
        return UNREADABLE
    except OSError as error:
        print(f"{error.filename or 'The output'} cannot be written: {error.strerror}.", file=sys.stderr)  # noqa: T201
        return UNREADABLE
    except BrokenProcessPool:
        print(  # noqa: T201
            "One of the processes was stopped from outside, perhaps for want of memory: try --processes 1.",
            file=sys.stderr,
        )
        return UNREADABLE
    return verdict.exit_code


def verify_files(
    archive: Path, previous: Path | None, side_files: Sequence[Path], credential_list: Path | None, *, processes: int
) -> Verdict:
    """The verdict on an archive in a file. Progress goes to a terminal on standard error, and nowhere else.

    Raises UnreadableFile where one of the files cannot be read, or is no archive.
    """
    whole, older = _read(archive), None if previous is None else _read(previous)
    others = [_read(path) for path in side_files]
    listed = None if credential_list is None else _read(credential_list)
    with _workers(processes) as workers:
        try:
            return verify_archive(
                whole,
                previous=older,
                side_files=others,
                credential_list=listed,
                workers=workers,
                progress=_progress,
            )
        except NotAnArchive as error:
            raise UnreadableFile(f"{archive}: {error}") from error


def write_ballots(verdict: Verdict, folder: Path) -> Iterator[Path]:
    """Write the rankings of a poll that holds to files that any counting program reads; give the name of each.

    Only of questions whose numbers are places without ties and whose names fit in one line: what other numbers mean is
    not for this program to say.
    """
    if verdict.result is None or verdict.election is None:
        return
    folder.mkdir(parents=True, exist_ok=True)
    rows = zip(verdict.election.questions, verdict.result, verdict.invalid, strict=True)
    for number, (question, column, invalid) in enumerate(rows, 1):
        if not isinstance(question, Ranked):
            continue
        lines = [line for line in column if isinstance(line, tuple)]
        with suppress(ValueError):
            path = folder / f"question-{number}.blt"
            path.write_text(write_blt(profile_of(question, lines, invalid), seats=1), encoding="utf-8")
            yield path


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UnreadableFile(f"{path}: {error.strerror}. Check the name of the file.") from error


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="stembus_ballots", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    verify = commands.add_parser("verify", help="judge the archive of a secret poll", epilog=EXIT_CODES)
    verify.add_argument("archive", type=Path, metavar="ARCHIVE", help="the .bel file")
    verify.add_argument("--previous", type=Path, metavar="OLDER", help="an older copy, which it must continue")
    verify.add_argument(
        "--side-file", type=Path, action="append", default=[], metavar="FILE", help="a trustee's side file; repeat it"
    )
    verify.add_argument(
        "--credential-list", type=Path, metavar="FILE", help="the list of credentials, of a poll that has one"
    )
    verify.add_argument(
        "--ballots", type=Path, metavar="FOLDER", help="write the rankings to files there, to count them yourself"
    )
    verify.add_argument("--trackers", action="store_true", help="list the trackers of all ballots on the board")
    verify.add_argument(
        "--processes",
        type=int,
        default=os.cpu_count() or 1,
        metavar="N",
        help="how many processes (default: all cores)",
    )
    return parser


@contextmanager
def _workers(processes: int) -> Iterator[Workers]:
    if processes < 2:
        yield ONE_BY_ONE
        return
    with ProcessPoolExecutor(processes) as pool:
        yield pool


def _progress(step: str, done: int, of: int) -> None:
    if sys.stderr.isatty():
        end = "\n" if done == of else "\r"
        print(f"{step}: {done} of {of}", end=end, file=sys.stderr, flush=True)  # noqa: T201
