"""The count told in sentences, one for each stage: what the picture shows, for who reads or listens."""

from stembus_ballots.record import Stage, StvRecord, in_units

from .content import Language
from .figures import votes, whole
from .moves import Move, decimals_of, moves
from .names import isolated, listed
from .words import say


def stage_sentences(record: StvRecord, lang: Language) -> tuple[str, ...]:
    """One text for each stage: "Stage 3: X is excluded with 41 votes: 20 to Y, 3 without a next preference." """
    if not record.stages:
        return ()
    told = [_first(record, lang)]
    told += [_told(record, move, lang) for move in moves(record)]
    return tuple(sentence + _elected(record, stage, lang) for sentence, stage in zip(told, record.stages, strict=True))


def counted_votes(units: int, decimals: int, lang: Language) -> str:
    """ "1 vote", "41 votes", "12.34 votes"."""
    if units == 10**decimals:
        return say(lang, "votes_one")
    return say(lang, "votes_many", votes=votes(units, decimals, lang))


def _first(record: StvRecord, lang: Language) -> str:
    decimals = decimals_of(record)
    totals = [in_units(text) for text in record.stages[0].votes]
    standing = sorted((c for c in range(len(totals)) if c not in record.withdrawn), key=lambda c: -totals[c])
    leaders = [
        say(lang, "leader", name=isolated(record.candidates[c]), votes=votes(totals[c], decimals, lang))
        for c in standing
    ]
    return say(lang, "first_sentence", valid=whole(record.valid, lang), leaders=", ".join(leaders))


def _told(record: StvRecord, move: Move, lang: Language) -> str:
    decimals = decimals_of(record)
    key = "exclude_sentence" if move.excluded else "surplus_sentence"
    name = isolated(record.candidates[move.source])
    text = say(lang, key, stage=move.stage, name=name, given=counted_votes(move.given, decimals, lang))
    if record.stages[move.stage - 1].reason == "doomed":
        text += say(lang, "doomed_clause")
    if not move.given:
        return text + say(lang, "nothing_moves") + "."
    parts = [
        say(lang, "gain", votes=votes(units, decimals, lang), name=isolated(record.candidates[candidate]))
        for candidate, units in move.to
    ]
    if without := move.lost - move.cut:
        parts.append(say(lang, "lost", votes=votes(without, decimals, lang)))
    if move.cut * 100 >= 10**decimals:
        parts.append(say(lang, "cut", votes=votes(move.cut, decimals, lang)))
    return f"{text}: {', '.join(parts)}."


def _elected(record: StvRecord, stage: Stage, lang: Language) -> str:
    rest = set(stage.elected_without_quota)
    text = ""
    for who, key in (([c for c in stage.elected if c not in rest], "elected_clause"), (sorted(rest), "rest_clause")):
        if who:
            names = listed([isolated(record.candidates[c]) for c in who], say(lang, "and"))
            text += say(lang, key if len(who) == 1 else f"{key}_many", names=names)
    return text
