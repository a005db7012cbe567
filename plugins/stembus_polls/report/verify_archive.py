"""Checks the archive of a procedure with nothing but the archive: what holds, what fails, what was not checked."""

import hashlib
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from stembus_ballots.blt import parse_blt
from stembus_ballots.constraints import Constraints, parse_constraints
from stembus_ballots.errors import BallotFileError, CountError
from stembus_ballots.meek import MeekRecord, count_meek
from stembus_ballots.pairwise import PairwiseRecord, count_pairwise
from stembus_ballots.profile import Profile
from stembus_ballots.ranked_rounds import RankedRoundsRecord, count_ranked_rounds
from stembus_ballots.record import StvRecord, in_units
from stembus_ballots.scottish import count_stages
from stembus_polls.counting.records import FromRankings, was_counted
from stembus_procedures import Policy, PolicyError, load_policy
from stembus_procedures.text import fingerprint

from .archive import CHECKPOINT, DEFINITION, MANIFEST, ROLL_ROOT, is_safe_name, manifest
from .content import Contest, Language, Report
from .data_files import file_name, read_report
from .html import report_html
from .moves import decimals_of
from .pdf import report_pdf
from .publication import published
from .verify_approval import approval_findings, lots_of
from .verify_each import each_findings
from .verify_pairs import pairs_findings
from .verify_rounds import rounds_findings
from .verify_whole import whole_findings

REPORT = "data/report.json"
LARGEST = 1_000_000_000
ELSEWHERE = (
    "The signature on the checkpoint, and the acts in it: `stembus ledger verify` beside the ledger.",
    "Who is on the roll: only its root is here; each member can check their own row.",
)
LANGUAGES: tuple[Language, ...] = ("nl", "en")


class ArchiveError(ValueError):
    """A file that is no archive of a procedure: the message says what is wrong and what to do."""


class ArchiveVerdict(Struct, frozen=True):
    """What held, what failed and what could not be checked, each in a sentence; `elsewhere` no archive can show."""

    checked: tuple[str, ...]
    failed: tuple[str, ...]
    not_checked: tuple[str, ...]
    elsewhere: tuple[str, ...] = ELSEWHERE

    @property
    def is_whole(self) -> bool:
        """Everything that an archive can show was checked and held."""
        return not self.failed and not self.not_checked


def verify_archive(path: Path) -> ArchiveVerdict:
    """The verdict on the archive in this file. Raises ArchiveError where it cannot be read as one."""
    parts = _read(path)
    book = _Findings()
    _check_manifest(parts, book)
    report = _report(parts, path)
    _check_report(report, parts, book)
    policy = _check_policy(report, parts, book)
    for number, contest in enumerate(report.contests, 1):
        if contest.whole or contest.approval or contest.each:
            _check_by_policy(contest, policy, book)
        else:
            _check_contest(contest, file_name(number, contest.id), parts, book)
            _check_follows(contest, policy, book)
    return ArchiveVerdict(tuple(book.checked), tuple(book.failed), tuple(book.not_checked))


class _Findings:
    def __init__(self) -> None:
        self.checked: list[str] = []
        self.failed: list[str] = []
        self.not_checked: list[str] = []

    def note(self, holds: bool, right: str, wrong: str) -> None:
        (self.checked if holds else self.failed).append(right if holds else wrong)

    def skip(self, why: str) -> None:
        self.not_checked.append(why)


def _read(path: Path) -> dict[str, bytes]:
    try:
        with zipfile.ZipFile(path) as archive:
            entries = archive.infolist()
            names = [entry.filename for entry in entries]
            if len(set(names)) < len(names) or not all(map(is_safe_name, names)):
                raise ArchiveError(f"{path}: it holds a file twice, or one with a dangerous name. Do not unpack it.")
            if sum(entry.file_size for entry in entries) > LARGEST:
                raise ArchiveError(f"{path}: unpacked it is larger than 1 GB, which no procedure is. Do not unpack it.")
            return {name: archive.read(name) for name in names}
    except OSError as error:
        raise ArchiveError(f"{path}: {error.strerror or error}. Check the name of the file.") from error
    except zipfile.BadZipFile as error:
        raise ArchiveError(f"{path}: it is not a zip file, or damaged ({error}). Download it again.") from error


def _report(parts: Mapping[str, bytes], path: Path) -> Report:
    if REPORT not in parts:
        raise ArchiveError(f"{path}: there is no {REPORT} in it: it is not the archive of a procedure.")
    try:
        return read_report(parts[REPORT])
    except (msgspec.DecodeError, ValueError) as error:
        raise ArchiveError(f"{path}, {REPORT}: {error}. It was changed, or made by another version.") from error


def _check_manifest(parts: Mapping[str, bytes], book: _Findings) -> None:
    said = dict(line.split("  ", 1)[::-1] for line in _text(parts, MANIFEST).splitlines() if "  " in line)
    rest = {name: data for name, data in parts.items() if name != MANIFEST}
    changed = [name for name in rest if name in said and said[name] != hashlib.sha256(rest[name]).hexdigest()]
    for what, names in (
        ("changed", changed),
        ("missing", sorted(said.keys() - rest.keys())),
        ("not in the manifest", sorted(rest.keys() - said.keys())),
    ):
        if names:
            book.failed.append(f"{MANIFEST}: {what}: {', '.join(names)}.")
    if _text(parts, MANIFEST) == manifest(rest):
        book.checked.append(f"{MANIFEST}: all {len(rest)} files are whole and none is missing.")


def _check_report(report: Report, parts: Mapping[str, bytes], book: _Findings) -> None:
    limit = published(report) == report
    book.note(
        limit, "The report shows no more than its policy publishes.", "The report shows more than its policy lets."
    )
    book.note(
        _text(parts, ROLL_ROOT).strip() == report.roll.merkle_root,
        f"{ROLL_ROOT} is the root in the report.",
        f"{ROLL_ROOT} is not the root in the report.",
    )
    book.note(
        _text(parts, CHECKPOINT) == report.checkpoint,
        f"{CHECKPOINT} is the checkpoint in the report.",
        f"{CHECKPOINT} is not the checkpoint in the report.",
    )
    for lang in LANGUAGES:
        other = f"report-{'en' if lang == 'nl' else 'nl'}.html"
        forms = {f"report-{lang}.html": report_html(report, lang, other=other).encode()}
        forms[f"report-{lang}.pdf"] = report_pdf(report, lang)
        for name, made in forms.items():
            if parts.get(name) == made:
                book.checked.append(f"{name} says what {REPORT} says.")
            else:
                book.skip(f"{name}: this program makes other bytes of {REPORT} (it was made with {report.program}).")


def _check_policy(report: Report, parts: Mapping[str, bytes], book: _Findings) -> Policy | None:
    try:
        policy = load_policy(_text(parts, DEFINITION))
    except PolicyError as error:
        book.skip(f"{DEFINITION}: this program cannot read it: {str(error).splitlines()[0]}")
        return None
    found = fingerprint(policy)
    book.note(
        found == report.policy.fingerprint,
        f"{DEFINITION} is the policy in the report, by fingerprint.",
        f"{DEFINITION} has fingerprint {found[:12]}…, the report says {report.policy.fingerprint[:12]}….",
    )
    return policy


def _check_by_policy(contest: Contest, policy: Policy | None, book: _Findings) -> None:
    """The sums that a record was made of stand in it: they and the rule of the policy decide who is elected."""
    if policy is None:
        book.skip(f"{contest.id}: who is elected was not decided again: the policy cannot be read.")
        return
    findings: Iterable[tuple[bool, str, str]] = ()
    if contest.whole:
        findings = whole_findings(contest, contest.whole, policy)
    elif contest.approval:
        findings = approval_findings(contest, contest.approval, policy)
    elif contest.each:
        findings = each_findings(contest, contest.each, policy)
    for holds, right, wrong in findings:
        book.note(holds, right, wrong)


def _check_follows(contest: Contest, policy: Policy | None, book: _Findings) -> None:
    """What of a count of rankings follows from the figures in its record, also where no ranking is published."""
    findings: Iterable[tuple[bool, str, str]] = ()
    if contest.pairs:
        findings = pairs_findings(contest, contest.pairs, policy)
    elif contest.rounds:
        findings = rounds_findings(contest, contest.rounds, policy)
    for holds, right, wrong in findings:
        book.note(holds, right, wrong)


def _check_contest(contest: Contest, name: str, parts: Mapping[str, bytes], book: _Findings) -> None:
    record = contest.ranked
    if record is None:
        book.skip(f"{contest.id}: the count is not published.")
        return
    if contest.count:
        wrong = unbalanced_stages(contest.count)
        book.note(
            not wrong,
            f"{contest.id}: in each of {len(contest.count.stages)} stages the votes add up to {record.valid}.",
            f"{contest.id}: in stage {', '.join(map(str, wrong))} the votes do not add up to {record.valid}.",
        )
    book.note(
        contest.elected == record.elected,
        f"{contest.id}: the elected are those of the count.",
        f"{contest.id}: the elected are not those of the count.",
    )
    if not was_counted(record):
        return
    ballots = f"data/rankings-{name}.blt"
    constraints = f"data/constraints-{name}.json"
    if ballots not in parts:
        book.skip(f"{contest.id}: the count was not repeated: the rankings are not published whole.")
    elif contest.count and contest.count.constraints and constraints not in parts:
        book.skip(f"{contest.id}: the count was not repeated: who falls under the balance rule is not published.")
    else:
        limits = _text(parts, constraints) if constraints in parts else None
        _recount(contest, record, _text(parts, ballots), limits, book)


def _recount(contest: Contest, record: FromRankings, ballots: str, limits: str | None, book: _Findings) -> None:
    try:
        profile = replace(parse_blt(ballots), candidates=record.candidates, title=record.title, invalid=record.invalid)
        again = _count_again(profile, record, None if limits is None else parse_constraints(limits, is_json=True))
    except (BallotFileError, CountError) as error:
        book.failed.append(f"{contest.id}: the count cannot be repeated: {error}")
        return
    what = "pair" if contest.pairs else "round" if contest.rounds else "stage"
    book.note(
        again == record,
        f"{contest.id}: counted again from {profile.valid} ballots: every {what} is the same.",
        f"{contest.id}: counted again from {profile.valid} ballots: the count is another one.",
    )


def _count_again(profile: Profile, record: FromRankings, limits: Constraints | None) -> FromRankings:
    lots = lots_of(record.lot_order, record.lots)
    if isinstance(record, PairwiseRecord):
        return count_pairwise(profile, record.seats, lots=lots, method=record.method)
    if isinstance(record, RankedRoundsRecord):
        return count_ranked_rounds(profile, record.rule, record.seats, lots=lots)
    if isinstance(record, MeekRecord):
        return count_meek(profile, record.seats, lots=lots)
    return count_stages(profile, record.seats, lots=lots, constraints=limits, method=record.method)


def unbalanced_stages(count: StvRecord) -> list[int]:
    """The stages (from 1) in which votes and non-transferable votes do not make all valid votes."""
    whole = count.valid * 10 ** decimals_of(count)
    return [
        number
        for number, stage in enumerate(count.stages, 1)
        if sum(map(in_units, stage.votes)) + in_units(stage.non_transferable) != whole
    ]


def _text(parts: Mapping[str, bytes], name: str) -> str:
    return parts.get(name, b"").decode("utf-8", "replace")
