"""Numbers of a policy that contradict each other: seats, balance, committees, terms, groups."""

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from itertools import combinations, product

from .dates import SAMPLE_DAYS, add_days, add_months
from .findings import Finding, error, warning
from .language.bodies import Balance, Seats
from .language.oversight import Retention
from .language.policy import Policy
from .language.stages import EnoughCandidates, Result, Seating, Tally, Vote
from .language.values import Span, Words
from .language.voting import Quorum, SecondMeeting
from .language.walk import walk
from .sentence import Sentence


def check_numbers(policy: Policy) -> Iterator[Finding]:
    """Everything in which two numbers of the policy cannot both be kept."""
    if policy.seats is not None:
        yield from _seats(policy.seats)
        yield from _constituencies(policy.seats)
        yield from _balance(policy.seats)
    yield from _quorums(policy)
    yield from _committees(policy)
    yield from _bureau(policy)
    yield from _enough(policy)
    yield from _result(policy)
    yield from _tally(policy)
    yield from _terms_of_keeping(policy)


def numbers_to_elect(seats: Seats) -> range:
    """How many can be elected under this policy: one number, or from the fewest to the most seats."""
    if isinstance(seats.number, int):
        return range(seats.number, seats.number + 1)
    return range(seats.minimum, seats.maximum + 1)


def minimum_of(balance: Balance, seats: int) -> int:
    """How many of so many seats a balance rule asks for: its number, or its share rounded as it says."""
    if balance.minimum is not None:
        return balance.minimum
    if balance.minimum_share is None:
        return 0
    exact: Fraction = balance.minimum_share * seats
    return -(-exact.numerator // exact.denominator) if balance.rounding == "up" else int(exact)


def _seats(seats: Seats) -> Iterator[Finding]:
    if seats.minimum > seats.maximum:
        yield error(
            "seats",
            "seats.minimum",
            Sentence("is {minimum}, more than the maximum of {maximum}.", minimum=seats.minimum, maximum=seats.maximum),
        )
    if isinstance(seats.number, int) and not seats.minimum <= seats.number <= seats.maximum:
        text = Sentence(
            "is {number}, outside the body's {minimum} to {maximum} seats.",
            number=seats.number,
            minimum=seats.minimum,
            maximum=seats.maximum,
        )
        if seats.staggering is None:
            yield error("seats", "seats.number", text)
    fewest = seats.number if isinstance(seats.number, int) else seats.minimum
    if seats.minimum_to_constitute > fewest:
        text = Sentence(
            "is {minimum_to_constitute}, and only {fewest} may be elected: the body could never begin.",
            minimum_to_constitute=seats.minimum_to_constitute,
            fewest=fewest,
        )
        yield error("seats", "seats.minimum_to_constitute", text)
    if seats.vacancy and seats.vacancy.fill in {"countback", "next_in_result"} and not seats.vacancy.valid_for.n:
        yield error(
            "seats", "seats.vacancy.valid_for", Sentence("is nothing, so no vacancy could be filled from the result.")
        )


def _constituencies(seats: Seats) -> Iterator[Finding]:
    kept = sum(constituency.seats for constituency in seats.constituencies)
    fewest = min(numbers_to_elect(seats), default=0)
    if kept > fewest:
        text = Sentence("keep {kept} seats, and there may be only {fewest} to fill.", kept=kept, fewest=fewest)
        yield error("constituencies", "seats.constituencies", text)
    names = [c.id for c in seats.constituencies]
    branches = [branch for c in seats.constituencies for branch in c.branches]
    for name in _repeated(names):
        text = Sentence("constituency {name!r} is there more than once.", name=name)
        yield error("constituencies", "seats.constituencies", text)
    for name in _repeated(branches):
        text = Sentence("branch {name!r} is there more than once.", name=name)
        yield error("constituencies", "seats.constituencies", text)


def _repeated(names: list[str]) -> list[str]:
    return sorted({name for name in names if names.count(name) > 1})


def _balance(seats: Seats) -> Iterator[Finding]:
    rules = seats.balance
    for index, rule in enumerate(rules):
        path = f"seats.balance[{index}]"
        if rule.minimum is None and rule.minimum_share is None and rule.maximum is None:
            yield error("balance", path, Sentence("asks for nothing; write minimum, minimum_share or maximum."))
        if rule.minimum is not None and rule.minimum_share is not None:
            yield error("balance", path, Sentence("has a minimum and a share; choose one."))
        if rule.strength == "hard" and not rule.values:
            yield error("balance", f"{path}.values", Sentence("is empty, so nobody counts towards it."))
    counted = [rule for rule in rules if rule.applies_to == "seats"]
    for number in numbers_to_elect(seats):
        if problem := _impossible(counted, number):
            yield error("balance", "seats.balance", problem)
            return


def _impossible(rules: list[Balance], seats: int) -> Sentence | None:
    """Why these rules cannot all be met in so many seats, whoever stands; None when nothing is seen."""
    for rule in rules:
        least = minimum_of(rule, seats)
        if rule.maximum is not None and least > rule.maximum:
            return Sentence(
                "{rule} asks for at least {least} and at most {maximum} of {seats} seats.",
                rule=rule.id,
                least=least,
                maximum=rule.maximum,
                seats=seats,
            )
    for one, other in product(rules, repeat=2):
        same_people = one.criterion == other.criterion and set(one.values) <= set(other.values)
        least, most = minimum_of(one, seats), other.maximum
        if same_people and most is not None and least > most:
            return Sentence(
                "{one} asks for {least} of {seats} seats, and {other} allows {most} of the same people.",
                one=one.id,
                least=least,
                seats=seats,
                other=other.id,
                most=most,
            )
    for size in range(1, len(rules) + 1):
        for group in combinations(rules, size):
            least = sum(minimum_of(rule, seats) for rule in group)
            if _disjoint(group) and least > seats:
                ids = [rule.id for rule in group]
                names = Words(nl=" en ".join(ids), en=" and ".join(ids))
                return Sentence(
                    "cannot be met: {names} ask for {least} of {seats} seats.", names=names, least=least, seats=seats
                )
    return None


def _disjoint(rules: tuple[Balance, ...]) -> bool:
    """No candidate can count towards two of them: one characteristic, no value in common."""
    values = [value for rule in rules for value in rule.values]
    return len({rule.criterion for rule in rules}) == 1 and len(values) == len(set(values))


def _quorums(policy: Policy) -> Iterator[Finding]:
    for place in walk(policy):
        if isinstance(place.value, Quorum) and (place.value.fraction is None) == (place.value.number is None):
            yield error("quorum", place.path, Sentence("needs a fraction or a number, and not both."))
        if isinstance(place.value, SecondMeeting) and place.value.days_min > place.value.days_max:
            yield error("quorum", place.path, Sentence("begins its days later than it ends them."))


def _committees(policy: Policy) -> Iterator[Finding]:
    for index, committee in enumerate(policy.committees):
        path = f"committees[{index}]"
        if committee.quorum is None:
            text = Sentence(
                "says not how many must take part to decide, so it could be idle when members leave; write quorum."
            )
            yield error("committee", f"{path}.quorum", text)
        elif not 0 < committee.quorum <= committee.size:
            yield error(
                "committee",
                f"{path}.quorum",
                Sentence("is {quorum} of {size} members.", quorum=committee.quorum, size=committee.size),
            )
        if committee.parity is None:
            text = Sentence('says not whether it must be even between groups before it decides; write parity = "none".')
            yield error("committee", f"{path}.parity", text)
        elif committee.parity == "required" and not committee.parity_article:
            yield error(
                "committee",
                f"{path}.parity_article",
                Sentence("is missing: parity binds only when an article asks for it."),
            )
    sizes = {committee.body: committee.size for committee in policy.committees}
    if policy.dispute is not None:
        size = sizes.get(policy.dispute.body)
        if size is None:
            yield error(
                "committee", "dispute.body", Sentence("has no entry under committees that says its size and quorum.")
            )
        elif policy.dispute.panel > size:
            yield error(
                "committee",
                "dispute.panel",
                Sentence("is {panel} members out of {size}.", panel=policy.dispute.panel, size=size),
            )


def _bureau(policy: Policy) -> Iterator[Finding]:
    bureau = policy.bureau
    if bureau is None:
        return
    if bureau.size_min > bureau.size_max:
        yield error(
            "bureau",
            "bureau.size_min",
            Sentence(
                "is {size_min}, more than size_max {size_max}.", size_min=bureau.size_min, size_max=bureau.size_max
            ),
        )
    if bureau.size_min < 2:
        yield error("bureau", "bureau.size_min", Sentence("is one person: nothing could be checked by another."))
    if "candidates" not in bureau.excludes:
        yield error("bureau", "bureau.excludes", Sentence("leaves out candidates: nobody counts their own election."))
    rest = [name for name in ("board", "relatives_of_candidates", "relatives_of_board") if name not in bureau.excludes]
    if rest:
        yield warning("bureau", "bureau.excludes", Sentence("does not exclude: {rest}.", rest=", ".join(rest)))


def _enough(policy: Policy) -> Iterator[Finding]:
    for stage in policy.stages_of(EnoughCandidates):
        path = f"stages.{stage.id}"
        if not stage.options:
            yield error("too_few", f"{path}.options", Sentence("is empty: with too few candidates nobody could go on."))
        if "reopen" in stage.options and not (stage.reopen_days and stage.reopen_most_times):
            yield error("too_few", f"{path}.reopen_days", Sentence("is missing, and reopening the call is an option."))
        if "appoint_interim" in stage.options and stage.interim_until is None:
            yield error(
                "too_few", f"{path}.interim_until", Sentence("is missing, and an interim appointment is an option.")
            )
        if policy.seats is None:
            yield error("too_few", path, Sentence("measures candidates against seats, and there is no table seats."))


def _result(policy: Policy) -> Iterator[Finding]:
    for stage in policy.stages_of(Result):
        path = f"stages.{stage.id}"
        smallest = stage.publication.smallest_group
        if smallest < 10:
            text = Sentence(
                "is {smallest}; fewer than 10 voters tell too much about each. A policy may ask for more, not less.",
                smallest=smallest,
            )
            yield error("privacy", f"{path}.publication.smallest_group", text)
        if stage.publication.level == "rankings" and not any(v.electronic for v in policy.stages_of(Vote)):
            text = Sentence("publishes whole rankings: a long ranking can be the signature of a vote that was sold.")
            yield warning("privacy", f"{path}.publication.level", text)
        if stage.objection_days > _fewest_days(stage.annulment.span):
            text = Sentence(
                "is {objection_days}, longer than the term for annulment.", objection_days=stage.objection_days
            )
            yield error("terms", f"{path}.objection_days", text)
        for seating in policy.stages_of(Seating):
            follows = seating.due.anchor == f"{stage.id}.due" and not seating.due.months
            if stage.objection_suspends and follows and seating.due.days < stage.objection_days:
                text = Sentence("ends before the objections that it waits for can be in.")
                yield error("terms", f"stages.{seating.id}.due", text)
        if policy.retention and not any(c.counted_from == "annulment_ends" for c in policy.retention.values()):
            text = Sentence(
                "keeps no class until the term for annulment has passed; a judge would find nothing to recount."
            )
            yield error("terms", "retention", text)
        if not policy.retention:
            yield error("terms", "retention", Sentence("is empty: say how long papers, roll and candidacies are kept."))


def _tally(policy: Policy) -> Iterator[Finding]:
    results = policy.stages_of(Result)
    for stage in policy.stages_of(Tally):
        path = f"stages.{stage.id}"
        if stage.recount and results and stage.recount.within_days > results[0].objection_days:
            text = Sentence(
                "is {within_days}, longer than the {objection_days} days for objections.",
                within_days=stage.recount.within_days,
                objection_days=results[0].objection_days,
            )
            yield warning("terms", f"{path}.recount.within_days", text)


def _terms_of_keeping(policy: Policy) -> Iterator[Finding]:
    """A countback opens the rankings again: they have to be there as long as a vacancy may be filled from them."""
    seats = policy.seats
    if seats is None or seats.vacancy is None or seats.vacancy.fill != "countback":
        return
    path, vacancy = "seats.vacancy", seats.vacancy
    if vacancy.kept_as is None:
        text = Sentence("is missing: name the class under [retention] in which the rankings are kept for a countback.")
        yield error("terms", f"{path}.kept_as", text)
    elif (kept := policy.retention.get(vacancy.kept_as)) is not None:
        waits = _before_keeping(policy, seats, kept)
        if any(_after(day, *waits, kept.keep_for) < _after(day, vacancy.valid_for) for day in SAMPLE_DAYS):
            text = Sentence(
                "lasts longer than `{kept_as}` is kept; there would be no rankings left to count back.",
                kept_as=vacancy.kept_as,
            )
            yield error("terms", f"{path}.valid_for", text)


def _before_keeping(policy: Policy, seats: Seats, kept: Retention) -> tuple[Span, ...]:
    """What at least passes between the result and the day from which a class is kept."""
    match kept.counted_from:
        case "annulment_ends":
            return tuple(result.annulment.span for result in policy.stages_of(Result)[:1])
        case "term_ends":
            return (seats.term,)
        case _:
            return ()


def _after(day: date, *spans: Span) -> date:
    """Months are added up first: a year and a month are thirteen months, also from 29 February."""
    lengths = {"days": 1, "weeks": 7, "months": 1, "years": 12}
    months = sum(span.n * lengths[span.unit] for span in spans if span.unit in {"months", "years"})
    days = sum(span.n * lengths[span.unit] for span in spans if span.unit in {"days", "weeks"})
    return add_days(add_months(day, months), days)


def _fewest_days(span: Span) -> int:
    return span.n * {"minutes": 0, "hours": 0, "days": 1, "weeks": 7, "months": 28, "years": 365}[span.unit]
