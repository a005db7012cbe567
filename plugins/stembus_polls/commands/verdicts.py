"""Showing a verdict: what stands in the way first, each with its reason; what is met in full or as a number."""

import click

from stembus.commands.language import Language
from stembus_procedures import Verdict

ALL = click.option("--all", "whole", is_flag=True, help="Show the requirements that are met as well.")
_OUTCOMES: dict[Language, dict[str, str]] = {
    "en": {"met": "met", "not_met": "NOT MET", "unknown": "UNKNOWN"},
    "nl": {"met": "voldaan", "not_met": "NIET VOLDAAN", "unknown": "ONBEKEND"},
}


def show_verdict(verdict: Verdict, lang: Language, *, whole: bool = True) -> None:
    """Print a line for each requirement; unless `whole`, those that are met are only counted."""
    met = [check for check in verdict.checks if check.outcome == "met"]
    words = _OUTCOMES[lang]
    width = max((len(words[check.outcome]) for check in verdict.checks), default=0)
    for check in (*verdict.reasons, *(met if whole else ())):
        click.echo(f"  {words[check.outcome]:{width}}  {check.rule}: {getattr(check.reason, lang)}")
    if not whole and met:
        click.echo(_counted(len(met), len(verdict.checks), lang))


def _counted(met: int, checks: int, lang: Language) -> str:
    if met == checks:
        return {"en": f"  All {met} requirements are met.", "nl": f"  Aan alle {met} eisen is voldaan."}[lang]
    return {"en": f"  {met} of {checks} are met (--all shows them).",
            "nl": f"  Aan {met} van {checks} is voldaan (--all toont ze)."}[lang]  # fmt: skip
