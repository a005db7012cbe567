"""A choice as somebody writes it, as the protocol has it, and in words to look at before it is cast. Pure.

A line for each question. A ranked one: the numbers of answers in the order of preference, "3, 1, 2". Any other: the
numbers of the answers chosen, or "blank".
"""

import re
from collections.abc import Iterable, Sequence

from stembus.errors import UnusableInput
from stembus_ballots.protocol.election import Question, Ranked
from stembus_ballots.protocol.rankings import values_of
from stembus_polls.voting.rules import Rules

BLANK = ("blank", "blanco")


def read_choice(questions: Sequence[Question], rules: Rules, lines: Sequence[str]) -> list[Sequence[int]]:
    """Return a vote. Raises `UnusableInput` that says which question, and what is allowed there."""
    written = [line.strip() for line in lines if line.strip()]
    if len(written) != len(questions):
        raise UnusableInput(
            "{lines} lines for {questions} questions: write one for each.", lines=len(written), questions=len(questions)
        )
    return [
        _answer(question, rules, line, number)
        for number, (question, line) in enumerate(zip(questions, written, strict=True), 1)
    ]


def told(questions: Sequence[Question], vote: Sequence[Sequence[int]]) -> Iterable[str]:
    """Yield a vote in words, so that the voter sees what is about to be cast."""
    for question, answer in zip(questions, vote, strict=True):
        if isinstance(question, Ranked):
            placed = sorted((place, name) for place, name in zip(answer, names_of(question), strict=True) if place)
            yield from (f"{place}. {name}" for place, name in placed)
            if not placed:
                yield "a blank vote"
        else:
            chosen = answer[1:] if question.blank else answer
            names = [name for name, one in zip(question.answers, chosen, strict=True) if one]
            yield f"{question.question}: {', '.join(names) or 'a blank vote'}"


def names_of(question: Question) -> Sequence[str]:
    """Return the answers of a question in their order."""
    return question.value.answers if isinstance(question, Ranked) else question.answers


def asked_by(question: Question) -> str:
    """Return what a question asks."""
    return question.value.question if isinstance(question, Ranked) else question.question


def _answer(question: Question, rules: Rules, line: str, number: int) -> Sequence[int]:
    chosen = () if line.casefold() in BLANK else _numbers(line, len(names_of(question)), number)
    if isinstance(question, Ranked):
        least, most, blank = rules.minimum, rules.maximum or len(names_of(question)), rules.blank
    else:
        least, most, blank = question.min, question.max, question.blank
    if not chosen and not blank:
        raise UnusableInput("Question {number}: a blank vote is not allowed here.", number=number)
    if chosen and not least <= len(chosen) <= most:
        raise UnusableInput(
            "Question {number}: name {least} to {most} answers, not {chosen}.",
            number=number,
            least=max(least, 1),
            most=most,
            chosen=len(chosen),
        )
    if isinstance(question, Ranked):
        return values_of(tuple(one - 1 for one in chosen), len(names_of(question)))
    own = [int(place in chosen) for place in range(1, len(question.answers) + 1)]
    return [int(not chosen), *own] if question.blank else own


def _numbers(line: str, most: int, number: int) -> tuple[int, ...]:
    parts = [part for part in re.split(r"[\s,;]+", line) if part]
    if not all(part.isascii() and part.isdigit() and 1 <= int(part) <= most for part in parts):
        raise UnusableInput(
            "Question {number}: write numbers from 1 to {most} with commas, or blank.", number=number, most=most
        )
    found = tuple(map(int, parts))
    if len(set(found)) < len(found):
        raise UnusableInput("Question {number}: one answer is named twice.", number=number)
    return found
