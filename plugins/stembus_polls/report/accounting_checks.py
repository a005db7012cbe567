"""Every sum of the accounting that should come out equal, also those that do: readers see that all were made."""

from typing import NamedTuple

from stembus_polls.paper.accounting import checks

from .content import Accounting, Language, Papers
from .words import say

POSTAL = ("postal", "postal_strike_offs")


class CheckedSum(NamedTuple):
    """Two numbers that should be equal; `explanation` is empty where nobody gave one."""

    what: str
    expected: int
    found: int
    explanation: str

    @property
    def difference(self) -> int:
        """Found less expected."""
        return self.found - self.expected

    @property
    def is_settled(self) -> bool:
        """There is no difference, or an explanation for it."""
        return not self.difference or bool(self.explanation)


def checked_sums(accounting: Accounting, papers: Papers | None, lang: Language) -> tuple[CheckedSum, ...]:
    """The sums; those of post only where there was any, the last only after the count."""
    numbers = accounting.numbers
    said = {explanation.check: explanation.text for explanation in accounting.explanations}
    sums = [
        CheckedSum(what.nl if lang == "nl" else what.en, expected, found, said.get(check, ""))
        for check, expected, found, what in checks(numbers)
        if check not in POSTAL or has_post(accounting)
    ]
    if papers:
        counted = papers.valid + (papers.blank or 0) + papers.invalid + papers.emptied
        sums.append(CheckedSum(say(lang, "check_outcomes"), numbers.papers, counted, ""))
    return tuple(sums)


def has_post(accounting: Accounting) -> bool:
    """Whether any paper was sent or came by post."""
    return bool(accounting.numbers.posted or accounting.numbers.postal_received)
