"""`stembus count`: counts a file of ballots, without an instance."""

import re
from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from functools import partial
from pathlib import Path
from typing import Any, Literal, NamedTuple, get_args

import click
import msgspec

from stembus.errors import CheckFailed, UnusableInput
from stembus_ballots.approval import ApprovalProfile, count_approval
from stembus_ballots.condorcet import CondorcetRule, count_condorcet
from stembus_ballots.constraints import read_constraints
from stembus_ballots.errors import BallotFileError, CountError
from stembus_ballots.irv import count_irv
from stembus_ballots.lots import Lots, NeedsLot, order_from_seed
from stembus_ballots.majority import RoundsRule
from stembus_ballots.meek import count_meek
from stembus_ballots.pairwise import Method as PairsMethod
from stembus_ballots.pairwise import count_pairwise
from stembus_ballots.profile import Profile
from stembus_ballots.ranked_rounds import at_most, count_ranked_rounds
from stembus_ballots.schulze import schulze_ranking
from stembus_ballots.scottish import count_scottish
from stembus_ballots.weak import WeakProfile, from_strict
from stembus_polls import count_display as display
from stembus_polls.ballot_files import SHAPES, Ballots, Shape, read_ballots
from stembus_polls.count_json import approval_object, condorcet_object, stv_object
from stembus_polls.cross_check import NotApplicable, cross_check

Method = Literal["scottish-stv", "irv", "meek", "approval", "condorcet", "schulze", "list-ranking", "ranked-rounds"]
EXACT_NUMBER = re.compile(r"[0-9]{1,18}(?:\.[0-9]{1,18}|/[1-9][0-9]{0,17})?", re.ASCII)

# Which options a method has, beside the file, its format and --json.
OPTIONS: dict[Method, frozenset[str]] = {
    "scottish-stv": frozenset({"seats", "lot_seed", "lot_order", "withdrawn", "constraints"}),
    "irv": frozenset({"seats", "lot_seed", "lot_order", "withdrawn", "constraints"}),
    "meek": frozenset({"seats", "lot_seed", "lot_order", "withdrawn"}),
    "approval": frozenset({"seats", "lot_seed", "lot_order", "withdrawn"}),
    "condorcet": frozenset({"default_option", "quorum", "majority"}),
    "schulze": frozenset({"seats", "lot_seed", "lot_order", "withdrawn"}),
    "list-ranking": frozenset({"seats", "lot_seed", "lot_order", "withdrawn"}),
    "ranked-rounds": frozenset(
        {
            "seats",
            "lot_seed",
            "lot_order",
            "withdrawn",
            "rounds",
            "proceed",
            "tie_at_cut",
            "last_rule",
            "base",
            "invalid",
        }
    ),
}


class Asked(NamedTuple):
    """The options of one call."""

    seats: int | None
    lot_seed: str | None
    lot_order: tuple[int, ...] | None
    withdrawn: tuple[int, ...]
    constraints: Path | None
    default_option: int | None
    quorum: Fraction | None
    majority: tuple[Fraction, ...]
    rounds: int | None
    proceed: str | None
    tie_at_cut: Literal["all", "lot"] | None
    last_rule: Literal["plurality", "lot"] | None
    base: Literal["valid", "cast_with_blank", "cast_all"] | None
    invalid: int | None


Counted = tuple[dict[str, Any], Callable[[], None]]
"""The JSON object of a count, and what prints the same for people."""


def _numbers(_context: click.Context, parameter: click.Parameter, value: str | None) -> tuple[int, ...] | None:
    if value is None:
        return None
    if not re.fullmatch(r"\d{1,9}(?:\s*,\s*\d{1,9})*", value.strip(), re.ASCII):
        raise UnusableInput(
            f"--{str(parameter.name).replace('_', '-')} {value!r}: write candidate numbers, from 0, with commas "
            "between them, like 2,0,1."
        )
    return tuple(int(part) for part in value.split(","))


def _exact(_context: click.Context, parameter: click.Parameter, value: str | None) -> tuple[Fraction, ...] | None:
    if value is None:
        return None
    parts = [part.strip() for part in value.split(",")]
    if not all(EXACT_NUMBER.fullmatch(part) for part in parts):
        raise UnusableInput(f"--{parameter.name} {value!r}: write numbers like 3, 46.5 or 3/2.")
    return tuple(Fraction(part) for part in parts)


def _method_for(ballots: Ballots) -> Method:
    match ballots:
        case Profile():
            return "scottish-stv"
        case WeakProfile():
            return "condorcet"
        case ApprovalProfile():
            return "approval"


def _refuse_options_of_other_methods(method: Method, asked: Asked) -> None:
    given = {name for name, value in asked._asdict().items() if value not in (None, ())}
    for name in sorted(given - OPTIONS[method]):
        raise UnusableInput(f"--{name.replace('_', '-')} has no meaning for --method {method}; leave it out.")
    if asked.lot_seed == "":
        raise UnusableInput("--lot-seed is empty: give the public text that the lot follows from.")
    if asked.lot_seed is not None and asked.lot_order is not None:
        raise UnusableInput("--lot-seed and --lot-order both say how lots fall; give one of them.")


def _lots(ballots: Ballots, asked: Asked) -> Lots:
    if asked.lot_seed is not None:
        return Lots(order=order_from_seed(asked.lot_seed, ballots.title, ballots.candidates))
    return Lots(order=asked.lot_order)


def _check_withdrawn(ballots: Ballots, withdrawn: Iterable[int]) -> None:
    for candidate in withdrawn:
        if candidate >= len(ballots.candidates):
            raise UnusableInput(
                f"--withdrawn {candidate}: there is no such candidate; they are 0 to {len(ballots.candidates) - 1}."
            )


def _rankings(ballots: Ballots, method: Method, asked: Asked) -> Profile:
    if isinstance(ballots, ApprovalProfile):
        raise UnusableInput(f"{ballots.title}: the ballots approve and do not rank; count them with --method approval.")
    if isinstance(ballots, WeakProfile):
        raise UnusableInput(
            f"{ballots.title}: ballots with a rank for each option may rank options equally, which {method} cannot "
            "count; count them with --method condorcet."
        )
    _check_withdrawn(ballots, asked.withdrawn)
    return msgspec.structs.replace(ballots, withdrawn=tuple(sorted({*ballots.withdrawn, *asked.withdrawn})))


def _check_seats(profile: Profile, seats: int | None) -> None:
    if seats is None and profile.seats is None:
        raise UnusableInput(f"{profile.title}: the file does not say how many to elect; give --seats.")


def _count_scottish(ballots: Ballots, asked: Asked) -> Counted:
    profile = _rankings(ballots, "scottish-stv", asked)
    _check_seats(profile, asked.seats)
    constraints = read_constraints(asked.constraints) if asked.constraints else None
    record = count_scottish(profile, asked.seats, lots=_lots(profile, asked), constraints=constraints)
    check = cross_check(profile, record)
    return stv_object(record, check), lambda: display.show_stv(display.console(), record, check)


def _count_irv(ballots: Ballots, asked: Asked) -> Counted:
    profile = _rankings(ballots, "irv", asked)
    if asked.seats not in (None, 1):
        raise UnusableInput(f"--seats {asked.seats}: irv elects one; leave --seats out, or count by scottish-stv.")
    constraints = read_constraints(asked.constraints) if asked.constraints else None
    record = count_irv(profile, lots=_lots(profile, asked), constraints=constraints)
    check = cross_check(profile, record)
    return stv_object(record, check), lambda: display.show_stv(display.console(), record, check)


def _count_meek(ballots: Ballots, asked: Asked) -> Counted:
    profile = _rankings(ballots, "meek", asked)
    _check_seats(profile, asked.seats)
    record = count_meek(profile, asked.seats, lots=_lots(profile, asked))
    check = NotApplicable("method")
    return stv_object(record, check), lambda: display.show_meek(display.console(), record, check)


def _count_approval(ballots: Ballots, asked: Asked) -> Counted:
    if not isinstance(ballots, ApprovalProfile):
        raise UnusableInput(f"{ballots.title}: the ballots rank and do not approve; count them with another --method.")
    if asked.seats is None:
        raise UnusableInput(f"{ballots.title}: the file does not say how many to elect; give --seats.")
    _check_withdrawn(ballots, asked.withdrawn)
    lots, check = _lots(ballots, asked), NotApplicable("method")
    record = count_approval(ballots, asked.seats, lots=lots, withdrawn=set(asked.withdrawn))
    return (
        approval_object(ballots, record, check),
        lambda: display.show_approval(display.console(), ballots, record, check),
    )


def _count_condorcet(ballots: Ballots, asked: Asked) -> Counted:
    if isinstance(ballots, ApprovalProfile):
        raise UnusableInput(f"{ballots.title}: the ballots approve and do not rank; count them with --method approval.")
    if isinstance(ballots, Profile) and ballots.withdrawn:
        raise UnusableInput(
            f"{ballots.title}: condorcet has no rule for withdrawn candidates; take them out of the file."
        )
    profile = from_strict(ballots) if isinstance(ballots, Profile) else ballots
    default = None if asked.default_option is None else asked.default_option - 1
    rule = CondorcetRule(default, asked.quorum or Fraction(0), asked.majority)
    record = count_condorcet(profile, rule)
    gone = {drop.option for drop in record.dropped}
    left = [option for option in range(len(profile.candidates)) if option not in gone]
    ranking, check = schulze_ranking(record.beat_matrix, left), NotApplicable("method")
    return (
        condorcet_object(profile, rule, record, ranking, check),
        lambda: display.show_condorcet(display.console(), profile, rule, record, ranking=ranking, check=check),
    )


def _count_pairs(method: Literal["schulze", "list-ranking"], ballots: Ballots, asked: Asked) -> Counted:
    profile = _rankings(ballots, method, asked)
    _check_seats(profile, asked.seats)
    rule: PairsMethod = "condorcet" if method == "schulze" else "list_ranking"
    record = count_pairwise(profile, asked.seats, lots=_lots(profile, asked), method=rule)
    check = NotApplicable("method")
    return stv_object(record, check), lambda: display.show_pairs(display.console(), record, check)


def _count_ranked_rounds(ballots: Ballots, asked: Asked) -> Counted:
    profile = _rankings(ballots, "ranked-rounds", asked)
    if asked.seats not in (None, 1):
        raise UnusableInput(
            f"--seats {asked.seats}: ranked-rounds elects one; leave --seats out, or count by scottish-stv."
        )
    if asked.rounds is not None and asked.rounds < 1:
        raise UnusableInput(f"--rounds {asked.rounds}: write 1 or more.")
    if asked.invalid is not None:
        if asked.invalid < 0:
            raise UnusableInput(f"--invalid {asked.invalid}: write how many papers were invalid, 0 or more.")
        profile = msgspec.structs.replace(profile, invalid=asked.invalid)
    rule = RoundsRule(
        base=asked.base or "valid",
        proceed=at_most(asked.rounds or 2, asked.proceed or "top_two", len(profile.candidates)),
        tie_at_cut=asked.tie_at_cut or "lot",
        last_rule=asked.last_rule or "plurality",
        unopposed="elected",
    )
    record = count_ranked_rounds(profile, rule, 1, lots=_lots(profile, asked))
    check = NotApplicable("method")
    return stv_object(record, check), lambda: display.show_rounds(display.console(), record, check)


COUNTS: dict[Method, Callable[[Ballots, Asked], Counted]] = {
    "scottish-stv": _count_scottish,
    "irv": _count_irv,
    "meek": _count_meek,
    "approval": _count_approval,
    "condorcet": _count_condorcet,
    "schulze": partial(_count_pairs, "schulze"),
    "list-ranking": partial(_count_pairs, "list-ranking"),
    "ranked-rounds": _count_ranked_rounds,
}


def _lot_line(needed: NeedsLot, names: Sequence[str]) -> str:
    tied = ", ".join(f"{candidate} ({names[candidate]})" for candidate in needed.tied)
    return (
        f"A lot is needed for {display.PURPOSES[needed.why]}, among {tied}: give the public seed with --lot-seed TEXT, "
        "or all candidates as they were drawn with --lot-order, and count again."
    )


@click.command("count")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--method", type=click.Choice(get_args(Method)), help="The counting rule; by default what fits the file.")
@click.option("--format", "shape", type=click.Choice(SHAPES), help="The shape of the file, if it is not recognised.")
@click.option("--seats", type=int, help="How many to elect; by default what the file says.")
@click.option("--lot-seed", metavar="TEXT", help="The public seed that gives the order for lots.")
@click.option("--lot-order", metavar="2,0,1", callback=_numbers, help="All candidates, from 0, as they were drawn.")
@click.option("--withdrawn", metavar="3,4", callback=_numbers, help="Candidates, from 0, who take no part.")
@click.option("--constraints", type=click.Path(path_type=Path), help="A file with limits on who is elected together.")
@click.option("--default-option", type=int, help="Condorcet: the option, from 1, that means none of the others.")
@click.option("--quorum", metavar="NUMBER", callback=_exact, help="Condorcet: votes needed over the default option.")
@click.option("--majority", metavar="1,1,3", callback=_exact, help="Condorcet: a ratio for each other option.")
@click.option("--rounds", type=int, help="Ranked rounds: how many at most; 2 by default.")
@click.option(
    "--proceed",
    type=click.Choice(["top_two", "top_three", "drop_last"]),
    help="Ranked rounds: who goes on; top_two by default.",
)
@click.option("--tie-at-cut", type=click.Choice(["all", "lot"]), help="Ranked rounds: who of equals goes on; by lot.")
@click.option("--last-rule", type=click.Choice(["plurality", "lot"]), help="Ranked rounds: the last one; by plurality.")
@click.option(
    "--base",
    type=click.Choice(["valid", "cast_with_blank", "cast_all"]),
    help="Ranked rounds: half of which papers is not enough; of the valid ones by default.",
)
@click.option("--invalid", type=int, help="Ranked rounds: how many papers were invalid, which no file of ballots says.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object and nothing else.")
def count_command(file: Path, method: Method | None, shape: Shape | None, as_json: bool, **options: Any) -> None:
    """Count the ballots in FILE and show every step.

    FILE is a .blt file or a table of grouped ballots; candidates are numbered from 0, in the order of the file,
    options of a Condorcet count from 1. Scottish STV is the rule for rankings, unless --method names another.
    """
    quorum = options.pop("quorum")
    if quorum is not None and len(quorum) != 1:
        raise UnusableInput("--quorum: write one number.")
    asked = Asked(
        **{**options, "withdrawn": options["withdrawn"] or (), "majority": options["majority"] or ()},
        quorum=quorum[0] if quorum else None,
    )
    try:
        ballots = read_ballots(file, shape)
        chosen = method or _method_for(ballots)
        _refuse_options_of_other_methods(chosen, asked)
        json_object, show = COUNTS[chosen](ballots, asked)
    except NeedsLot as needed:
        raise CheckFailed(_lot_line(needed, ballots.candidates)) from needed
    except (BallotFileError, CountError) as error:
        raise UnusableInput(str(error)) from error
    if as_json:
        click.echo(msgspec.json.encode(json_object).decode())
    else:
        show()
