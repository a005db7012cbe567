"""What a vote on all candidates together came to, or what one on each needs, in words with the arithmetic. Pure."""

from collections.abc import Mapping

from stembus_ballots.decision import Base
from stembus_ballots.per_person import PerPersonRecord, PersonVerdict
from stembus_ballots.whole import WholeVote
from stembus_procedures.language.values import Words

_OF: Mapping[Base, Words] = {
    "yes_no": Words(nl="stemmen voor en tegen", en="votes for and against"),
    "cast_with_blank": Words(nl="stemmen voor, tegen en blanco", en="votes for, against and blank"),
    "cast_all": Words(nl="ingeleverde stembiljetten", en="papers handed in"),
    "present": Words(nl="aanwezige stemmen", en="votes present"),
    "entitled": Words(nl="stemmen op de kiezerslijst", en="votes on the roll"),
}


def outcome_words(vote: WholeVote) -> Words:
    """Return the outcome: "adopted: 34 of 49 counted votes are in favour; 25 needed", or why nothing was decided."""
    if vote.quorum is not None and not vote.quorum.met:
        here, whole, needed = vote.quorum.counted, vote.quorum.whole, vote.quorum.needed
        return Words(
            nl=f"geen besluit, het quorum ontbreekt: {here} van {whole} deden mee; {needed} nodig",
            en=f"no decision, no quorum: {here} of {whole} took part; {needed} needed",
        )
    if vote.outcome == "no_decision":
        return Words(nl="geen besluit: er is geen getelde stem", en="no decision: there is no counted vote")
    said = {"adopted": ("aangenomen", "adopted"), "rejected": ("verworpen", "rejected")}[vote.outcome]
    return Words(
        nl=f"{said[0]}: {vote.votes.yes} van {vote.counted} getelde stemmen zijn voor; {vote.needed} nodig",
        en=f"{said[1]}: {vote.votes.yes} of {vote.counted} counted votes are in favour; {vote.needed} needed",
    )


def person_words(record: PerPersonRecord, one: PersonVerdict) -> Words:
    """Return what the votes on one person came to: "34 for, 12 against, 3 blank; 24 needed: elected"."""
    votes = one.votes
    if one.candidate in record.elected:
        said = ("gekozen", "elected")
    elif one.candidate in record.passed:
        said = ("genoeg stemmen, geen plaats", "enough votes, no seat")
    else:
        said = {
            "no_quorum": ("geen quorum", "no quorum"),
            "no_decision": ("geen getelde stem", "no counted vote"),
        }.get(one.outcome, ("te weinig stemmen", "too few votes"))
    return Words(
        nl=f"{votes.yes} voor, {votes.no} tegen, {votes.blank} blanco; {one.needed} nodig: {said[0]}",
        en=f"{votes.yes} for, {votes.no} against, {votes.blank} blank; {one.needed} needed: {said[1]}",
    )


def persons_in(record: PerPersonRecord) -> tuple[tuple[str, Words], ...]:
    """Return everybody on whom there is a verdict, with what the votes came to."""
    return tuple((record.candidates[one.candidate], person_words(record, one)) for one in record.verdicts)


def rule_words(vote: WholeVote | PerPersonRecord) -> Words:
    """Return what the whole, or each person, needs to be adopted: "more than 1/2 of the votes for and against"."""
    base, share = _OF[vote.base], vote.fraction
    return Words(
        nl=f"{'meer dan' if vote.strict else 'ten minste'} {share} van de {base.nl}",
        en=f"{'more than' if vote.strict else 'at least'} {share} of the {base.en}",
    )
