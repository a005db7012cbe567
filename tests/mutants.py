"""`make mutants`: changes one check of the verifier at a time, and names each change that no test notices.

A change is made in memory, in a process of its own that goes on from a finished run of all tests: only the tests that
came by the changed line run again, by turns one that went into the check and one that is quick, until one fails. Of
what was run the table in docs/mutants.md is written. Changes that nobody could see are in equivalent_mutants.toml, with
the reason.
"""

import argparse
import ast
import functools
import gc
import importlib
import inspect
import os
import re
import resource
import signal
import sys
import time
import tomllib
import traceback
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import accumulate, chain, zip_longest
from pathlib import Path
from types import CodeType, FrameType, FunctionType
from typing import Any, NamedTuple

import pytest
from rich.console import Console

ROOT = Path(__file__).parents[1]
PROTOCOL = ROOT / "ballots" / "stembus_ballots" / "protocol"
TESTS = ROOT / "tests" / "ballots" / "protocol"
TABLE = ROOT / "docs" / "mutants.md"
QUICK = "not BeleniosToolAccepts and not BothWork and not AsOneFile and not v9 and not seeded"
"""Tests that leave this process, or come by no check: a change is not seen there, or takes long to be."""
EQUIVALENT = ROOT / "tests" / "equivalent_mutants.toml"
BEGIN = "## What was found\n"
HEAD = "| Module | Changes | Noticed | Equivalent | Survive |\n|---|---:|---:|---:|---:|"
NO_CHECKS = frozenset(
    # What makes things, or computes: nothing in them refuses what somebody else made.
    ("ballot_length", "ceremony", "errors", "hashing", "numbers", "powers", "seeded", "shuffle_prover", "slow_numbers")
)
PATIENCE = 20  # how many times the processor time that a test took before it may take, before it is said to hang
MEMORY = 6 * 2**30
NOTICED, BROKEN = 1, 3

OTHER_BOUND: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
}


class Place(NamedTuple):
    """Where in a tree a change is made: a field of a node, and the place in it where that is a list."""

    node: ast.AST
    field: str
    at: int | None = None

    def get(self) -> ast.AST:
        """The node that is there."""
        found = getattr(self.node, self.field)
        node: ast.AST = found if self.at is None else found[self.at]
        return node

    def put(self, new: ast.AST) -> None:
        """Put another node there."""
        if self.at is None:
            setattr(self.node, self.field, new)
        else:
            getattr(self.node, self.field)[self.at] = new


class Mutant(NamedTuple):
    """One change: in which module and function, in words, and what to put where.

    A test can notice it that came by one of `lines`; where `inside` is not empty, only one that came by one of those.
    `whole` are the lines of the function.
    """

    module: str
    function: str
    what: str
    place: Place
    new: ast.AST
    lines: range
    inside: range
    whole: range

    @property
    def name(self) -> str:
        """Its name, which stays the same when other lines of the file change."""
        return f"{self.module}.{self.function}: {self.what}"


def modules() -> list[str]:
    """The modules with checks, such as `ballot` and `verify.board`."""
    names = [path.relative_to(PROTOCOL).with_suffix("").as_posix().replace("/", ".") for path in _files()]
    return [name for name in names if name not in NO_CHECKS and not name.endswith("__init__")]


def mutants_of(module: str) -> tuple[ast.Module, list[Mutant]]:
    """The tree of a module, and every change of it. Two with the same words in one function are counted."""
    tree = ast.parse(_path(module).read_text(encoding="utf-8"))
    seen: Counter[str] = Counter()
    found = []
    for name, function in _functions(tree, ""):
        for what, place, new, lines, inside in _changes(function):
            seen[f"{name}: {what}"] += 1
            number = seen[f"{name}: {what}"]
            said = f"{what} ({number})" if number > 1 else what
            found.append(Mutant(module, name, said, place, new, lines, inside, _span([function])))
    return tree, found


Change = tuple[str, Place, ast.AST, range, range]
_TRUE, _FALSE, _NOTHING = ast.Constant(True), ast.Constant(False), range(0)


def _functions(node: ast.AST, prefix: str) -> Iterator[tuple[str, ast.FunctionDef]]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef):
            yield prefix + child.name, child
        elif isinstance(child, ast.ClassDef):
            yield from _functions(child, f"{prefix}{child.name}.")


def _changes(function: ast.FunctionDef) -> Iterator[Change]:
    """All changes of a function, also of functions in it."""
    gives_bool = isinstance(function.returns, ast.Name) and function.returns.id == "bool"
    for place, statement in _places(function, function):
        node = place.get()
        lines = _lines(statement)
        if isinstance(node, ast.stmt):
            yield from _of_statement(place, node, lines, gives_bool=gives_bool)
        elif isinstance(node, ast.IfExp):
            for value in (_TRUE, _FALSE):
                yield f"`{_said(node.test)}` is {value.value!r}", Place(node, "test"), value, lines, _NOTHING
        elif isinstance(node, ast.comprehension):
            for at, test in enumerate(node.ifs):
                yield f"`if {_said(test)}` left out", Place(node, "ifs", at), _TRUE, lines, _NOTHING
        elif isinstance(node, ast.BoolOp):
            for at, operand in enumerate(node.values):
                rest = [*node.values[:at], *node.values[at + 1 :]]
                fewer = rest[0] if len(rest) == 1 else ast.BoolOp(node.op, rest)
                yield f"`{_said(node)}` without `{_said(operand)}`", place, fewer, lines, _NOTHING
        elif isinstance(node, ast.Compare):
            for compared in _comparisons(node):
                yield f"`{_said(node)}` becomes `{_said(compared)}`", place, compared, lines, _NOTHING
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("any", "all"):
            other = "all" if node.func.id == "any" else "any"
            new = ast.Call(ast.Name(other, ast.Load()), node.args, node.keywords)
            yield f"`{_said(node)}` with `{other}`", place, new, lines, _NOTHING


def _of_statement(place: Place, node: ast.stmt, lines: range, *, gives_bool: bool) -> Iterator[Change]:
    match node:
        case ast.If():
            inside = _span(node.body)
            yield f"`if {_said(node.test)}` never", Place(node, "test"), _FALSE, lines, inside
            yield f"`if {_said(node.test)}` always", Place(node, "test"), _TRUE, lines, _span(node.orelse)
        case ast.Return() if gives_bool and node.value is not None and not isinstance(node.value, ast.Constant):
            for value in (_TRUE, _FALSE):
                yield f"`{_said(node)}` gives {value.value!r}", Place(node, "value"), value, lines, _NOTHING
        case ast.Expr(value=ast.Call()) | ast.AugAssign() if "super()" not in ast.unparse(node):
            yield f"`{_said(node)}` left out", place, ast.Pass(), lines, _NOTHING
        case ast.Raise() if not isinstance(place.node, ast.If):
            yield f"`{_said(node)}` left out", place, ast.Pass(), lines, _NOTHING
        case _:
            pass


def _comparisons(node: ast.Compare) -> Iterator[ast.Compare]:
    """With each bound moved by one, and with each link of a chain left out."""
    for at, op in enumerate(node.ops):
        if other := OTHER_BOUND.get(type(op)):
            yield ast.Compare(node.left, [*node.ops[:at], other(), *node.ops[at + 1 :]], node.comparators)
    if len(node.ops) > 1:
        yield ast.Compare(node.comparators[0], node.ops[1:], node.comparators[1:])
        yield ast.Compare(node.left, node.ops[:-1], node.comparators[:-1])


def _places(node: ast.AST, statement: ast.AST) -> Iterator[tuple[Place, ast.AST]]:
    """Each place below a node, with the statement that it is in."""
    for field, value in ast.iter_fields(node):
        if field in ("decorator_list", "returns", "args") and isinstance(node, ast.FunctionDef):
            continue
        listed = value if isinstance(value, list) else [value]
        for at, child in enumerate(listed):
            if isinstance(child, ast.AST):
                within = child if isinstance(child, ast.stmt) else statement
                yield Place(node, field, at if isinstance(value, list) else None), within
                yield from _places(child, within)


def _lines(statement: ast.AST) -> range:
    """The lines of a statement without those of what it holds."""
    body = getattr(statement, "body", None)
    end = body[0].lineno - 1 if body else getattr(statement, "end_lineno", 0)
    return range(getattr(statement, "lineno", 0), max(end, getattr(statement, "lineno", 0)) + 1)


def _span(statements: Sequence[ast.stmt]) -> range:
    return range(statements[0].lineno, (statements[-1].end_lineno or 0) + 1) if statements else _NOTHING


def _said(node: ast.AST) -> str:
    text = " ".join(ast.unparse(node).split())
    return text if len(text) <= 100 else f"{text[:70]} … {text[-27:]}"


class Trail:
    """Which lines of the modules each test came by."""

    def __init__(self, names: Sequence[str]) -> None:
        self._modules = {str(_path(name)): name for name in names}
        self.found: set[tuple[str, int]] = set()

    def __call__(self, frame: FrameType, _event: str, _argument: object) -> Any:
        module = self._modules.get(frame.f_code.co_filename)
        if module is None:
            return None
        found = self.found

        def line(inner: FrameType, _event: str, _argument: object) -> Any:
            found.add((module, inner.f_lineno))
            return line

        return line


class Ran(NamedTuple):
    """A test, the lines that it came by, and its seconds."""

    item: pytest.Item
    lines: frozenset[tuple[str, int]]
    seconds: float


class Mutation:
    """Plugin of pytest: runs all tests once, then those that matter for each mutant."""

    def __init__(self, names: Sequence[str], equivalent: dict[str, str], *, jobs: int, budget: float) -> None:
        self.names, self.equivalent, self.jobs, self.budget = names, equivalent, jobs, budget
        self.console = Console(stderr=True, soft_wrap=True)
        self.failed = False
        self.survivors: list[Mutant] = []
        self.mutants: list[Mutant] = []
        self._ran: list[Ran] = []
        self._often: Counter[tuple[str, int]] = Counter()
        self._running: dict[int, tuple[Mutant, CodeType]] = {}

    def pytest_collection(self) -> None:
        """Before tests are read: a failing example is enough and is not made smaller; the same examples each time."""
        from hypothesis import Phase, settings  # pytest has to see it first

        phases = (Phase.explicit, Phase.generate)
        settings.register_profile("mutants", phases=phases, derandomize=True, database=None, deadline=None)
        settings.load_profile("mutants")

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Hears of each test."""
        self.failed |= report.failed

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """In place of the loop of pytest."""
        self._run_all(session.items)
        if self.failed:
            raise pytest.UsageError("The tests have to pass before the checks are changed.")
        todo = [made for name in self.names for made in _compiled(name)]
        self.mutants = [mutant for mutant, _code in todo]
        gc.freeze()
        known = [made for made in todo if made[0].name in self.equivalent]
        others = [made for made in todo if made[0].name not in self.equivalent]
        # What the first run remembers may hide a change: those that are left are tried again without it. Equivalent
        # ones, which take all the time that there is, are tried in that way only.
        left = self._tried(others, fresh=False)
        self.survivors = [mutant for mutant, _code in self._tried([*known, *left], fresh=True)]
        return True

    def _run_all(self, items: Sequence[pytest.Item]) -> None:
        for item, following in zip_longest(items, items[1:]):
            trail = Trail(self.names)
            before = time.process_time()
            sys.settrace(trail)
            try:
                item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            finally:
                sys.settrace(None)
            self._ran.append(Ran(item, frozenset(trail.found), time.process_time() - before))
            self._often.update(trail.found)

    def _tried(self, todo: Sequence[tuple[Mutant, CodeType]], *, fresh: bool) -> list[tuple[Mutant, CodeType]]:
        """Those of the mutants that no test noticed."""
        unnoticed: list[tuple[Mutant, CodeType]] = []
        try:
            for number, (mutant, code) in enumerate(todo, 1):
                if len(self._running) == self.jobs:
                    unnoticed += self._ended()
                if number % 25 == 0:
                    self.console.print(f"{number} of {len(todo)} changes tried, {len(unnoticed)} unnoticed")
                self._running[self._started(mutant, code, fresh=fresh)] = mutant, code
            while self._running:
                unnoticed += self._ended()
        finally:
            for process in self._running:
                _kill(process)
        return unnoticed

    def _started(self, mutant: Mutant, code: CodeType, *, fresh: bool) -> int:
        """The process in which the tests of a mutant run: it ends with 0 where none of them fails."""
        tests = self._tests_of(mutant)
        process = os.fork()
        if process:
            return process
        try:
            os.setpgid(0, 0)
            resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
            _function(mutant).__code__ = code
            if fresh:
                _forget()
            noticed = self._notices(tests)
        except BaseException:
            traceback.print_exc()
            os._exit(BROKEN)
        os._exit(NOTICED if noticed else 0)

    def _notices(self, tests: Sequence[Ran]) -> bool:
        self.failed = False
        for test, following in zip_longest(tests, tests[1:]):
            manager = test.item.config.pluginmanager
            if manager.has_plugin("terminalreporter"):
                manager.unregister(name="terminalreporter")
            signal.setitimer(signal.ITIMER_PROF, PATIENCE * (1 + test.seconds))
            test.item.config.hook.pytest_runtest_protocol(item=test.item, nextitem=following and following.item)
            if self.failed:
                return True
        return False

    def _tests_of(self, mutant: Mutant) -> list[Ran]:
        def came_by(test: Ran, lines: range) -> bool:
            return any((mutant.module, line) in test.lines for line in lines)

        tests = [test for test in self._ran if came_by(test, mutant.inside or mutant.lines)]
        # Half of the time is for those that are most likely to notice it: of an `if` those that went into it, where the
        # line after its condition is the first.
        first = range(mutant.lines.stop, mutant.lines.stop + 1)

        # Of them first those that came in this function where few others do, such as by a refusal.
        def rarity(test: Ran) -> int:
            return min(self._often[mutant.module, line] for line in mutant.whole if (mutant.module, line) in test.lines)

        goes_in = mutant.new is not _TRUE or mutant.place.field != "test"  # an `if` that is always true: others notice
        by_chance = sorted(
            tests, key=lambda test: (came_by(test, first) != goes_in, rarity(test) if goes_in else 0, test.seconds)
        )
        by_time = sorted(tests, key=lambda test: test.seconds)
        in_turn = chain.from_iterable(
            zip_longest(_within(by_chance, self.budget / 2), _within(by_time, self.budget / 2))
        )
        return list(dict.fromkeys(test for test in in_turn if test is not None))

    def _ended(self) -> list[tuple[Mutant, CodeType]]:
        """Waits until one ends; gives the mutant where no test noticed it."""
        process, status = os.wait()
        done = self._running.pop(process)
        _kill(process)  # what its tests started
        if os.WIFEXITED(status) and os.WEXITSTATUS(status) == BROKEN:
            raise RuntimeError(f"The change could not be tried: {done[0].name}")
        if status:
            return []
        self.console.print(f"unnoticed: {done[0].name}", markup=False)
        return [done]


def _within(tests: Sequence[Ran], seconds: float) -> list[Ran]:
    """The first of the tests, and as many after it as take no longer together."""
    spent = accumulate(test.seconds for test in tests)
    return [test for test, total in zip(tests, spent, strict=True) if total < seconds or test is tests[0]]


def _compiled(module: str) -> Iterator[tuple[Mutant, CodeType]]:
    """Each mutant of a module with the code of its function."""
    tree, mutants = mutants_of(module)
    for mutant in mutants:
        old = mutant.place.get()
        mutant.place.put(ast.copy_location(mutant.new, old))
        ast.fix_missing_locations(tree)
        code = compile(tree, str(_path(module)), "exec")
        mutant.place.put(old)
        yield mutant, next(found for found in _codes(code) if found.co_qualname == mutant.function)


def _codes(code: CodeType) -> Iterator[CodeType]:
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield constant
            yield from _codes(constant)


def _function(mutant: Mutant) -> FunctionType:
    """The function as the program has it, below its decorators."""
    found: Any = importlib.import_module(f"stembus_ballots.protocol.{mutant.module}")
    for name in mutant.function.split("."):
        found = inspect.getattr_static(found, name)
    if isinstance(found, property):
        found = found.fget
    function = inspect.unwrap(getattr(found, "__func__", found))
    assert isinstance(function, FunctionType)
    return function


def _forget() -> None:
    """Empties what functions of the tests remember."""
    gc.unfreeze()
    for found in gc.get_objects():
        if isinstance(found, functools._lru_cache_wrapper) and not found.__module__.startswith("stembus"):
            found.cache_clear()


def _kill(process: int) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(process, signal.SIGKILL)


def _files() -> list[Path]:
    return sorted(PROTOCOL.rglob("*.py"))


def _path(module: str) -> Path:
    return PROTOCOL / f"{module.replace('.', '/')}.py"


def equivalent() -> dict[str, str]:
    """The mutants that nobody could notice, by name, each with its reason."""
    found: dict[str, str] = tomllib.loads(EQUIVALENT.read_text(encoding="utf-8"))
    return found


def _written(mutation: Mutation, unseen: dict[str, str], before: str) -> str:
    """The table with the rows of these modules made anew, and below it each mutant that is left."""
    left = [mutant.name for mutant in mutation.survivors]
    rows = dict(re.findall(r"^\| `([\w.]+)` (\|.*\|)$", before, re.MULTILINE))
    told = dict(re.findall(r"^\* `([\w.]+)`, (.*)$", before, re.MULTILINE))
    for module in mutation.names:
        mine = [mutant.name for mutant in mutation.mutants if mutant.module == module]
        same = sum(name in left and name in unseen for name in mine)
        survive = [
            mutant.function + ": " + mutant.what
            for mutant in mutation.survivors
            if mutant.module == module and mutant.name not in unseen
        ]
        rows[module] = f"| {len(mine)} | {len(mine) - same - len(survive)} | {same} | {len(survive)} |"
        told[module] = "; ".join(survive)
    counted = [[int(number) for number in re.findall(r"\d+", row)] for row in rows.values()]
    whole = "| all | " + " | ".join(str(sum(column)) for column in zip(*counted, strict=True)) + " |"
    table = [f"| `{module}` {row}" for module, row in sorted(rows.items())]
    listed = [f"* `{module}`, {names}" for module, names in sorted(told.items()) if names]
    return "\n".join([HEAD, *table, whole, "", *(["What survives:", "", *listed, ""] if listed else [])])


def main() -> int:
    """0 where every mutant is noticed or equivalent."""
    parser = argparse.ArgumentParser(prog="make mutants", description=__doc__)
    parser.add_argument("modules", nargs="*", metavar="MODULE", help=f"of {', '.join(modules())} (default: all)")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="how many processes (default: all cores)")
    parser.add_argument(
        "--seconds",
        type=float,
        default=10,
        help="of tests for each change: what only slow tests notice deserves a quick one",
    )
    asked = parser.parse_args()
    names = asked.modules or modules()
    if unknown := set(names) - set(modules()):
        parser.error(f"No module {', '.join(sorted(unknown))}.")
    unseen, start = equivalent(), time.monotonic()
    mutation = Mutation(names, unseen, jobs=asked.jobs, budget=asked.seconds)
    code = pytest.main(["-q", "-p", "no:cacheprovider", "-k", QUICK, str(TESTS)], plugins=[mutation])
    if code != pytest.ExitCode.OK:
        return int(code)
    survivors = [mutant.name for mutant in mutation.survivors if mutant.name not in unseen]
    noticed = set(unseen) & ({mutant.name for mutant in mutation.mutants} - {m.name for m in mutation.survivors})
    console = Console(soft_wrap=True)
    for name in survivors:
        console.print(f"SURVIVES: {name}", markup=False)
    for name in noticed:
        console.print(f"NOTICED, so not equivalent: {name}", markup=False)
    minutes = (time.monotonic() - start) / 60
    console.print(f"{len(mutation.mutants)} changes, {len(survivors)} survive ({minutes:.0f} minutes).", markup=False)
    text = TABLE.read_text(encoding="utf-8")
    before, old = text.split(BEGIN)
    TABLE.write_text(before + BEGIN + "\n" + _written(mutation, unseen, old) + "\n", encoding="utf-8")
    return 1 if survivors or noticed else 0


if __name__ == "__main__":
    sys.exit(main())
