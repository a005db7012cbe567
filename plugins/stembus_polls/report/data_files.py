"""The data beside the report: all it says as JSON, stages or votes as CSV, and the ballots as far as allowed."""

import csv
import io
import re
from collections.abc import Iterable, Mapping
from itertools import permutations

import msgspec

from stembus_ballots.approval import ApprovalRecord
from stembus_ballots.blt import write_blt
from stembus_ballots.meek import MeekRecord
from stembus_ballots.pairwise import PairwiseRecord
from stembus_ballots.profile import Profile
from stembus_ballots.ranked_rounds import RankedRoundsRecord
from stembus_ballots.record import StvRecord

from .content import Publication, Report
from .publication import published, published_profile, shows_all_rankings

FORMULA = ("=", "+", "-", "@", "\t", "\r")


def data_files(report: Report, profiles: Mapping[str, Profile]) -> dict[str, bytes]:
    """The files to publish beside a report, by name; `profiles` are the counted ballots of each contest, by id.

    Nothing goes beyond the publication level of the report. The same input gives the same bytes.
    """
    shown = published(report)
    data = {"report.json": report_json(shown)}
    for number, contest in enumerate(shown.contests, 1):
        name = file_name(number, contest.id)
        if contest.staged and contest.staged.stages:
            data[f"stages-{name}.csv"] = _stages_csv(contest.staged)
        if contest.approval:
            data[f"votes-{name}.csv"] = _votes_csv(contest.approval)
        if contest.pairs and contest.pairs.preferred:
            data[f"pairs-{name}.csv"] = _pairs_csv(contest.pairs)
        if contest.rounds and contest.rounds.rounds:
            data[f"rounds-{name}.csv"] = _rounds_csv(contest.rounds)
        if contest.ranked and contest.id in profiles:
            data |= _ballot_files(name, profiles[contest.id], contest.seats, shown.publication)
    return data


def report_json(report: Report) -> bytes:
    """The report as JSON that people can read too, with one line for each value."""
    return msgspec.json.format(msgspec.json.encode(report), indent=1) + b"\n"


def read_report(data: bytes) -> Report:
    """The report in its JSON. Raises msgspec.ValidationError, with the key, where it is not one."""
    return msgspec.json.decode(data, type=Report)


def file_name(number: int, contest_id: str) -> str:
    """A name for the files of a contest: its place (from 1) and what of its id every file system takes."""
    return f"{number}-{re.sub(r'[^A-Za-z0-9]+', '-', contest_id).strip('-').lower()}"


def _ballot_files(name: str, profile: Profile, seats: int, rule: Publication) -> dict[str, bytes]:
    allowed = published_profile(profile, rule)
    if allowed is None:
        return {}
    kind = "rankings" if rule.level == "rankings" else "first-preferences"
    longest = max((len(group.ranking) for group in allowed.groups), default=1)
    head = ["count", *(f"rank_{rank}" for rank in range(1, longest + 1))]
    rows = [[group.count, *(candidate + 1 for candidate in group.ranking)] for group in allowed.groups]
    files = {f"{kind}-{name}.csv": _csv([head, *rows])}
    if shows_all_rankings(rule):
        files[f"{kind}-{name}.blt"] = write_blt(allowed, seats).encode()
    return files


def _stages_csv(record: StvRecord | MeekRecord) -> bytes:
    names = [_cell(name) for name in record.candidates]
    rows: list[list[object]] = [["stage", "action", "candidate", *names, "non_transferable"]]
    if isinstance(record, StvRecord):
        for number, stage in enumerate(record.stages, 1):
            who = "" if stage.candidate is None else names[stage.candidate]
            rows.append([number, stage.action, who, *stage.votes, stage.non_transferable])
    else:
        for number, decision in enumerate(record.stages, 1):
            who = "; ".join(names[c] for c in decision.candidates)
            rows.append([number, decision.action, who, *decision.votes, decision.exhausted])
    return _csv(rows)


def _pairs_csv(record: PairwiseRecord) -> bytes:
    """A line for each two candidates each way: who ranks the first higher, and the best row of wins to the second."""
    names = [_cell(name) for name in record.candidates]
    rows: list[list[object]] = [["candidate", "other", "ranked_higher", "strongest_path", "path_against"]]
    for one, other in permutations(record.standing, 2):
        cells = (record.preferred, record.strongest_paths, record.paths_against)
        rows.append([names[one], names[other], *(cell[one][other] for cell in cells)])
    return _csv(rows)


def _rounds_csv(record: RankedRoundsRecord) -> bytes:
    """A line for each round: the votes of each candidate, empty where they do not stand in it any more."""
    names = [_cell(record.candidates[c]) for c in record.standing]
    rows: list[list[object]] = [["round", *names, "exhausted", "counted", "needed"]]
    for one in record.rounds:
        votes = [one.votes_of(c) if c in one.between else "" for c in record.standing]
        rows.append([one.number, *votes, one.exhausted, one.counted, one.needed])
    return _csv(rows)


def _votes_csv(record: ApprovalRecord) -> bytes:
    standing = [c for c in range(len(record.candidates)) if c not in record.withdrawn]
    rows = [(_cell(record.candidates[c]), record.approvals[c], int(c in record.elected)) for c in standing]
    return _csv([("candidate", "votes", "elected"), *rows])


def _cell(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(FORMULA) else text


def _csv(rows: Iterable[Iterable[object]]) -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue().encode()
