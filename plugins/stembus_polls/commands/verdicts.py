"""Showing a verdict: every check with its outcome and its reason, in the reader's language."""

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from stembus_procedures import Verdict

LANGUAGES = ("en", "nl")


def show_verdict(verdict: Verdict, lang: str) -> None:
    """Print every check, those that stand in the way first."""
    table = Table("check", "outcome", "reason", box=None)
    for check in (*verdict.reasons, *(check for check in verdict.checks if check.outcome == "met")):
        table.add_row(
            check.rule, check.outcome.replace("_", " "), escape(check.reason.nl if lang == "nl" else check.reason.en)
        )
    Console().print(table)
