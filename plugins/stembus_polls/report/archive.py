"""One file for an auditor: a procedure with all that may be shown of it, and how to check each part.

A zip with names in order and no times in it, so that the same procedure gives the same bytes. MANIFEST.sha256 has
the form that `sha256sum -c` reads.
"""

import hashlib
import io
import zipfile
from collections.abc import Mapping
from importlib.resources import files

import msgspec
from msgspec import Struct

from stembus_ballots.constraints import Constraints
from stembus_ballots.profile import Profile
from stembus_ballots.ranked_rounds import GO_ON, RankedRoundsRecord
from stembus_polls.counting.records import was_counted

from .content import Report
from .data_files import data_files, file_name
from .html import report_html
from .pdf import report_pdf
from .publication import published, shows_all_rankings

MANIFEST = "MANIFEST.sha256"
README = "README.txt"
DEFINITION = "policy.toml"
ROLL_ROOT = "roll-root.txt"
CHECKPOINT = "checkpoint.txt"
EPOCH = (1980, 1, 1, 0, 0, 0)


class Procedure(Struct, frozen=True, kw_only=True):
    """What goes into the archive of a procedure; it takes out itself what the report's policy does not publish.

    `definition` is the policy file, `texts` its adopted texts and `acts` its acts as they may be shown, each file by
    name. `profiles` are the counted ballots and `constraints` the balance rules of the count, by contest; leave
    constraints out where they tell of candidates what is nobody's business: the recount then says that it was not made.
    """

    report: Report
    definition: bytes
    texts: Mapping[str, bytes]
    acts: Mapping[str, bytes]
    profiles: Mapping[str, Profile]
    constraints: Mapping[str, Constraints] = msgspec.field(default_factory=dict)


def procedure_archive(procedure: Procedure) -> bytes:
    """The archive as zip. Raises ValueError for a file name that could leave the folder it is unpacked in."""
    report = published(procedure.report)
    parts: dict[str, bytes] = {
        DEFINITION: procedure.definition,
        ROLL_ROOT: f"{report.roll.merkle_root}\n".encode(),
        **{f"texts/{name}": text for name, text in procedure.texts.items()},
        **{f"acts/{name}": act for name, act in procedure.acts.items()},
        **{f"data/{name}": data for name, data in data_files(report, procedure.profiles).items()},
        **_reports(report),
    }
    if report.checkpoint:
        parts[CHECKPOINT] = report.checkpoint.encode()
    for number, contest in enumerate(report.contests, 1):
        if contest.id in procedure.constraints:
            name = file_name(number, contest.id)
            parts[f"data/constraints-{name}.json"] = msgspec.json.encode(procedure.constraints[contest.id])
    parts[README] = _readme(report).encode()
    parts[MANIFEST] = manifest(parts).encode()
    return _zip(parts)


def manifest(parts: Mapping[str, bytes]) -> str:
    """A line for each file: its SHA-256, two spaces, its name; in order of name."""
    return "".join(f"{hashlib.sha256(parts[name]).hexdigest()}  {name}\n" for name in sorted(parts))


def is_safe_name(name: str) -> bool:
    """Whether a file of this name stays in the folder that the archive is unpacked in, on any system."""
    places = name.split("/")
    return not any(place in ("", ".", "..") or set(place) & set('\\:*?"<>|\0\n\r') for place in places)


def _reports(report: Report) -> dict[str, bytes]:
    return {
        "report-nl.html": report_html(report, "nl", other="report-en.html").encode(),
        "report-en.html": report_html(report, "en", other="report-nl.html").encode(),
        "report-nl.pdf": report_pdf(report, "nl"),
        "report-en.pdf": report_pdf(report, "en"),
    }


COMMAND_METHODS = {"condorcet": "schulze", "list_ranking": "list-ranking", "ranked_rounds": "ranked-rounds"}
"""What the command that counts a file calls a method, where that is not what a record calls it."""


def _readme(report: Report) -> str:
    text = files(__package__).joinpath("templates", "archive-readme.txt").read_text(encoding="utf-8")
    counts = []
    for number, contest in enumerate(report.contests, 1):
        record = contest.ranked
        if record and was_counted(record) and shows_all_rankings(report.publication):
            name = file_name(number, contest.id)
            order = f" --lot-order {','.join(map(str, record.lot_order))}" if record.lot_order else ""
            limited = contest.count is not None and contest.count.constraints
            limits = f" --constraints data/constraints-{name}.json" if limited else ""
            method = COMMAND_METHODS.get(record.method, record.method)
            rule = _rounds_options(contest.rounds) if contest.rounds else ""
            asked = f"--method {method} --seats {contest.seats}{order}{limits}{rule}"
            counts.append(f"   stembus count data/rankings-{name}.blt {asked}")
        elif contest.approval:
            counts.append(f"   data/votes-{file_name(number, contest.id)}.csv")
    none = "   (the rankings are not published whole / de rangordes zijn niet heel bekendgemaakt)"
    return text.format(
        organisation=report.organisation,
        procedure=report.procedure.nl,
        procedure_en=report.procedure.en,
        program=report.program,
        counts="\n".join(counts) or none,
    )


def _rounds_options(record: RankedRoundsRecord) -> str:
    """How the command is told the rule of such a count."""
    rule = record.rule
    options = [f"--rounds {len(rule.proceed) + 1}", f"--tie-at-cut {rule.tie_at_cut}", f"--last-rule {rule.last_rule}"]
    options += [f"--proceed {word}" for word, entry in GO_ON.items() if entry in rule.proceed]
    options.append(f"--base {rule.base}")
    if rule.base == "cast_all":
        options.append(f"--invalid {record.invalid}")
    return " " + " ".join(options)


def _zip(parts: Mapping[str, bytes]) -> bytes:
    if bad := next((name for name in parts if not is_safe_name(name)), None):
        raise ValueError(f"{bad!r} cannot be the name of a file in an archive: use letters, digits, '-' and '.'.")
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in sorted(parts):
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, parts[name])
    return out.getvalue()
