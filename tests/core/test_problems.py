"""A problem is one line for a command, and a template with values for a page in any language."""

import ast
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import click
import pytest

from stembus.errors import CheckFailed, Problem, Refused, UnusableInput
from stembus.web.words import speech
from stembus_procedures.language.values import Words
from stembus_procedures.machine import RefusedError
from stembus_procedures.sentence import Sentence

ROOT = Path(__file__).parents[2]
ROOMS = [ROOT / "core", ROOT / "procedures", ROOT / "plugins"]
SAID = {"Problem", "UnusableInput", "Refused", "CheckFailed", "Sentence", "RefusedError", "TimelineError"}


def test_a_problem_is_its_english_sentence_for_a_command(capsys: pytest.CaptureFixture[str]) -> None:
    problem = UnusableInput("There is no procedure {name!r}.", name="council", field="name")
    assert str(problem) == problem.message == problem.format_message() == "There is no procedure 'council'."
    problem.show()
    assert capsys.readouterr().err == "There is no procedure 'council'.\n"
    assert isinstance(problem, click.ClickException)


def test_a_problem_names_the_field_of_the_form_it_is_about() -> None:
    assert UnusableInput("Fill this in.", field="until").field == "until"
    assert Refused("This is over.").field == ""


def test_what_somebody_typed_is_never_looked_into_for_places() -> None:
    typed = "{field} {0} {name.__class__}"
    assert str(Refused("There is no {name}.", name=typed)) == f"There is no {typed}."
    assert speech("en").say(Refused("There is no {name}.", name=typed)) == f"There is no {typed}."


def test_a_problem_made_of_a_sentence_keeps_its_values_apart() -> None:
    sentence = Sentence("{contest} is not typed twice.", contest="north")
    problem = Refused(sentence)
    assert (problem.template, problem.values) == (sentence.template, {"contest": "north"})
    more = Refused(Sentence("{contest} waits for {who}.", contest="north"), who="two people")
    assert str(more) == "north waits for two people."


def test_a_refusal_inside_a_refusal_is_said_in_the_language_of_the_reader() -> None:
    inner = RefusedError("`{stage}` needs the number of candidates.", stage="enough")
    problem = Refused("{procedure}: {error} Nothing was changed.", procedure="council", error=inner)
    assert str(problem) == "council: `enough` needs the number of candidates. Nothing was changed."
    said = speech("nl").say(problem)
    assert "Er is niets veranderd." in said
    assert "Nothing" not in said
    assert "needs" not in said


def test_words_of_a_policy_are_said_in_the_language_of_the_reader() -> None:
    problem = CheckFailed("{reason}", reason=Words(nl="Niet genoeg.", en="Not enough."))
    assert str(problem) == speech("en").say(problem) == "Not enough."
    assert speech("nl").say(problem) == "Niet genoeg."


@pytest.mark.parametrize("kind", [Problem, UnusableInput, CheckFailed, Refused])
def test_each_kind_of_problem_takes_a_template(kind: type[Problem]) -> None:
    assert str(kind("{a} of {b}", a=1, b=2)) == "1 of 2"


def test_every_place_of_a_problem_has_a_value_and_every_value_a_place() -> None:
    wrong = [
        f"{path.relative_to(ROOT)}, line {call.lineno}"
        for room in ROOMS
        for path in sorted(room.rglob("*.py"))
        for call in _said(path)
        if not _fits(call)
    ]
    assert wrong == []


def _said(path: Path) -> Iterator[ast.Call]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in SAID and node.keywords:
            yield node


def _fits(call: ast.Call) -> bool:
    """Whether a literal template has the places that the call gives; values given as a mapping are not looked at."""
    template = call.args[0] if call.args else None
    names = [one.arg for one in call.keywords]
    if not (isinstance(template, ast.Constant) and isinstance(template.value, str)) or None in names:
        return True
    given = set(names) - ({"field"} if call.func.id in SAID - {"Sentence"} else set())  # type: ignore[attr-defined]
    places = {name for _, name, _, _ in Formatter().parse(template.value) if name is not None}
    return places == given if given else True
