"""The result: what the combined factors open, and the record of it.

Source: Belenios specification 2.0, section 4.19; voting protocol, sections 9.4 and 9.5.
"""

from collections.abc import Sequence
from math import isqrt

from msgspec import Struct

from stembus_ballots.protocol.canonical import read_canonical, text_of
from stembus_ballots.protocol.decryption import Factors
from stembus_ballots.protocol.election import Election, Homomorphic, Ranked
from stembus_ballots.protocol.errors import ProtocolError
from stembus_ballots.protocol.events import number_or_text, read_number
from stembus_ballots.protocol.group import Element, Group
from stembus_ballots.protocol.tally import Ciphertexts

Counts = list[int]
Lines = list[tuple[int, ...]]

Opened = tuple[tuple[Element, ...], ...]
"""For each question the plaintext elements."""


class ResultRecord(Struct, frozen=True, forbid_unknown_fields=True):
    """The record of the result: for each question its counts, or the numbers of each ballot in the order of the mix."""

    result: tuple[tuple[int | str | tuple[int, ...], ...], ...]


Result = tuple[Counts | Lines, ...]
"""For each question its counts, or the numbers of each ballot."""


def opened(group: Group, ciphertexts: Ciphertexts, factors: Factors) -> Opened:
    """The plaintexts of ciphertexts by their combined factors."""
    return tuple(
        tuple(group.mul(beta, group.inverse(factor)) for (_alpha, beta), factor in zip(column, mine, strict=True))
        for column, mine in zip(ciphertexts, factors, strict=True)
    )


def result_of(election: Election, plaintexts: Opened, total_weight: int) -> Result:
    """The result in the plaintexts. Raises ProtocolError(result.count) where one is no count up to the weight."""
    columns: list[Counts | Lines] = []
    for number, (question, column) in enumerate(zip(election.questions, plaintexts, strict=True), 1):
        if isinstance(question, Homomorphic):
            columns.append(_counts(election.group, column, total_weight, number))
        else:
            columns.append([election.group.decode(element, question.values) for element in column])
    return tuple(columns)


def uncoded(election: Election, plaintexts: Opened) -> tuple[frozenset[int], ...]:
    """For each question the places of ballots that hold something which no program encodes.

    Their voters made them so, or a wrong factor opened them: their numbers mean nothing.
    """
    is_canonical = election.group.is_canonical
    return tuple(
        frozenset(at for at, element in enumerate(column) if not is_canonical(element, question.values))
        if isinstance(question, Ranked)
        else frozenset()
        for question, column in zip(election.questions, plaintexts, strict=True)
    )


def result_text(result: Result) -> bytes:
    """The record of a result."""
    return text_of(
        ResultRecord(
            tuple(
                tuple(number_or_text(entry) if isinstance(entry, int) else entry for entry in column)
                for column in result
            )
        )
    )


def read_result(text: bytes | memoryview) -> ResultRecord:
    """The record of a result. Raises ProtocolError(result.form)."""
    return read_canonical(text, ResultRecord, "result.form", "The result")


def check_result(election: Election, plaintexts: Opened, record: ResultRecord, total_weight: int) -> Result:
    """The published result, once each number of it was held against the plaintexts. Raises ProtocolError(result.…).

    No logarithm is searched: a count is raised to, so that an absurd one costs nothing.
    """
    group = election.group
    if len(record.result) != len(election.questions):
        raise ProtocolError("result.size", f"The result answers {len(record.result)} questions.")
    columns: list[Counts | Lines] = []
    rows = zip(election.questions, plaintexts, record.result, strict=True)
    for number, (question, elements, entries) in enumerate(rows, 1):
        if len(entries) != len(elements):
            what = f"Question {number}: {len(entries)} numbers or ballots where {len(elements)} belong."
            raise ProtocolError("result.size", what)
        if isinstance(question, Homomorphic):
            counts = [_count(entry, total_weight, number) for entry in entries]
            if any(group.power(group.g, count) != opens for count, opens in zip(counts, elements, strict=True)):
                raise ProtocolError("result.differs", f"Question {number}: the counts are not what the tally holds.")
            columns.append(counts)
        else:
            lines = [group.decode(element, question.values) for element in elements]
            if tuple(lines) != entries:
                raise ProtocolError("result.differs", f"Question {number}: the ballots are not what the tally holds.")
            columns.append(lines)
    result = tuple(columns)
    check_sums(election, result, total_weight)
    return result


def check_sums(election: Election, result: Result, total_weight: int) -> None:
    """What the counts of a question add up to lies between what its fewest and its most choices give.

    Raises ProtocolError(result.sum): proofs of ballots that all hold leave no room for it.
    """
    for number, (question, column) in enumerate(zip(election.questions, result, strict=True), 1):
        if isinstance(question, Ranked):
            continue
        counts = [entry for entry in column if isinstance(entry, int)]
        voted = total_weight - (counts[0] if question.blank else 0)
        total = sum(counts[1:] if question.blank else counts)
        if not question.min * voted <= total <= question.max * voted:
            raise ProtocolError("result.sum", f"Question {number}: its counts add up to {total}, which cannot be.")


def _count(entry: int | str | tuple[int, ...], most: int, question: int) -> int:
    """A published count as a number, in the only form that it may have."""
    count = read_number(entry) if isinstance(entry, int | str) else None
    if count is None or count > most:
        raise ProtocolError("result.count", f"Question {question}: “{str(entry)[:40]}” is no count up to {most}.")
    return count


def _counts(group: Group, column: Sequence[Element], most: int, question: int) -> Counts:
    counts = []
    steps = _baby_steps(group, most)
    for place, element in enumerate(column, 1):
        count = _logarithm(group, element, most, steps)
        if count is None:
            raise ProtocolError("result.count", f"Question {question}, choice {place}: opens to no count up to {most}.")
        counts.append(count)
    return counts


def _baby_steps(group: Group, most: int) -> dict[Element, int]:
    """The powers of g up to the root of the largest count: with as many giant steps they reach every count."""
    steps: dict[Element, int] = {}
    power = group.identity
    for exponent in range(isqrt(most) + 1):
        steps[power] = exponent
        power = group.mul(power, group.g)
    return steps


def _logarithm(group: Group, element: Element, most: int, steps: dict[Element, int]) -> int | None:
    giant = group.inverse(group.power(group.g, len(steps)))
    for jump in range(len(steps)):
        if element in steps and (count := jump * len(steps) + steps[element]) <= most:
            return count
        element = group.mul(element, giant)
    return None
