"""Parts of sentences and facts that several sections of the report share."""

from .blocks import Facts
from .content import Contest, Language, PublicLot, Report, Text
from .figures import moment
from .names import isolated, listed, visible
from .words import say


def either(text: Text, lang: Language) -> str:
    """The text in the language of the report."""
    return visible(text.nl if lang == "nl" else text.en)


def named(contest: Contest, candidates: tuple[int, ...], lang: Language) -> str:
    """The names of candidates as a list in a sentence."""
    return listed([isolated(contest.candidates[c].name) for c in candidates], say(lang, "and"))


def placed(place: int, name: str) -> str:
    """A name with its place in a list."""
    return f"{place}. {isolated(name)}"


def lot_facts(report: Report, contest: Contest, lot: PublicLot, lang: Language) -> Facts:
    """What there is to know of a lot: source, seed, who drew and who saw it, when, and the order."""
    unknown = say(lang, "unknown")
    people = [", ".join(isolated(name) for name in names) or unknown for names in (lot.drawn_by, lot.witnesses)]
    order = ", ".join(isolated(contest.candidates[c].name) for c in lot.order)
    return Facts(
        (
            (say(lang, "lot_from"), either(lot.seed_from, lang) or unknown),
            (say(lang, "lot_seed"), visible(lot.seed) or unknown),
            (say(lang, "lot_by"), people[0]),
            (say(lang, "lot_witnesses"), people[1]),
            (say(lang, "lot_at"), moment(lot.drawn_at, report.time_zone, lang) if lot.drawn_at else unknown),
            (say(lang, "lot_order"), order or unknown),
        )
    )
