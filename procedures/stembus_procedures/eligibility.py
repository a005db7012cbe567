"""Who may stand and who may vote: each condition of the policy, judged on facts about one member, with its reason."""

from collections.abc import Iterator
from datetime import date
from typing import Literal

from msgspec import Struct

from .dates import add_span, age_on
from .language.bodies import Seats
from .language.candidates import Contribution, Stand
from .language.values import Span, Words
from .language.voting import VoteRight
from .text.phrases import day as written
from .text.phrases import in_figures

Step = Literal["before_candidacy", "before_order_lot", "before_seating"]
"""How far a candidacy is: an incompatible office has to be given up before one of these."""
_STEPS: tuple[Step, ...] = ("before_candidacy", "before_order_lot", "before_seating")


class MemberFacts(Struct, frozen=True, kw_only=True):
    """What the membership data says about one person on the day that is judged."""

    registered_on: date | None
    """First day of the membership as registered; None: not known."""
    first_payment_on: date | None = None
    """Day of the first contribution; None: not known or not paid."""
    ended_on: date | None = None
    """First day on which the person is no longer a member; None: still a member."""
    contribution: Contribution | Literal["unpaid"] | None = None
    """How the contribution stands on the day; None: not known."""
    suspended: bool = False
    """Suspended on the day."""
    birth_date: date | None = None
    """None: not known."""
    branch: str | None = None
    """The branch on the day; None: none or not known."""
    offices: tuple[str, ...] = ()
    """Offices held on the day, as the policy names them."""
    codes_signed: tuple[str, ...] = ()
    """Versions of the code of conduct that were signed."""
    residence: Literal["municipality", "netherlands", "abroad"] | None = None
    """Where the person lives; "municipality": in the one that the procedure is about."""
    certificate_seen: bool = False
    """A certificate of conduct was shown."""
    terms_served: int = 0
    """Terms in a row served in the body until now."""
    last_term_ended: date | None = None
    """When the last of them ended; None: none did."""


class Check(Struct, frozen=True):
    """One condition and how it came out."""

    rule: str
    """The key of the condition in the policy ("member_for")."""
    outcome: Literal["met", "not_met", "unknown"]
    """Unknown: the data does not say; somebody has to find out."""
    reason: Words
    """Why, to the person it is about."""


class Verdict(Struct, frozen=True):
    """Every condition that was looked at."""

    checks: tuple[Check, ...]

    @property
    def allowed(self) -> bool:
        """All conditions are met."""
        return all(check.outcome == "met" for check in self.checks)

    @property
    def reasons(self) -> tuple[Check, ...]:
        """What stands in the way: conditions that are not met or not known."""
        return tuple(check for check in self.checks if check.outcome != "met")


def may_vote(right: VoteRight, facts: MemberFacts, *, on: date) -> Verdict:
    """Whether somebody is on the roll: `facts` as they were on the record date `on`."""
    checks = [_membership(facts, on)]
    if right.suspended == "excluded":
        checks.append(_not_suspended(facts))
    if right.member_for is not None:
        checks.append(_member_for(facts, right.member_for, right.count_from, on))
    if right.contribution:
        checks.append(_contribution(facts, right.contribution))
    if right.minimum_age or right.maximum_age is not None:
        checks.append(_age(facts, right.minimum_age, right.maximum_age, on))
    if right.branches:
        checks.append(_branch(facts, right.branches))
    return Verdict(tuple(checks))


def may_stand(
    stand: Stand,
    facts: MemberFacts,
    *,
    on: date,
    age_day: date | None = None,
    step: Step = "before_candidacy",
    seats: Seats | None = None,
    term_starts: date | None = None,
) -> Verdict:
    """Whether somebody may be a candidate.

    `facts` as they were on `on`, the day of `stand.judged_on`; `age_day` is the day of `stand.age_on`, else `on`.
    `step` says how far the candidacy is: an office that has to be given up only later does not count yet.
    With `seats` the most terms and the time between are judged too, on `term_starts` (else `on`).
    """
    checks = [_membership(facts, on)]
    if not stand.may_be_suspended:
        checks.append(_not_suspended(facts))
    if stand.member_for is not None:
        checks.append(_member_for(facts, stand.member_for, stand.count_from, on))
    if stand.minimum_age:
        checks.append(_age(facts, stand.minimum_age, None, age_day or on))
    if stand.contribution:
        checks.append(_contribution(facts, stand.contribution))
    if stand.branches:
        checks.append(_branch(facts, stand.branches))
    if stand.code_of_conduct:
        checks.append(_code(facts, stand.code_of_conduct))
    if stand.residence != "anywhere":
        checks.append(_residence(facts, stand.residence))
    checks.extend(_offices(stand, facts, step))
    if stand.conduct_certificate == "before_list" or (
        stand.conduct_certificate == "before_start" and step == "before_seating"
    ):
        checks.append(_certificate(facts))
    if seats is not None and seats.maximum_terms is not None:
        checks.append(_terms(facts, seats, term_starts or on))
    return Verdict(tuple(checks))


def _judged(rule: str, met: bool | None, nl: str, en: str, *, easy: str = "") -> Check:
    outcome: Literal["met", "not_met", "unknown"] = "unknown" if met is None else "met" if met else "not_met"
    return Check(rule, outcome, Words(nl=nl, en=en, nl_simple=easy))


def _membership(facts: MemberFacts, on: date) -> Check:
    if facts.registered_on is None:
        return _judged(
            "member",
            None,
            "De datum van inschrijving is niet bekend.",
            "The day of registration is not known.",
            easy="We weten niet vanaf welke dag dit lid lid is.",
        )
    if facts.ended_on is not None and facts.ended_on <= on:
        nl = f"Het lidmaatschap eindigde op {written(facts.ended_on, 'nl')}."
        en = f"Membership ended on {written(facts.ended_on, 'en')}."
        return _judged("member", False, nl, en, easy=f"Geen lid meer vanaf {written(facts.ended_on, 'nl')}.")
    since = facts.registered_on
    nl = f"Lid sinds {written(since, 'nl')}; geteld op {written(on, 'nl')}."
    en = f"Member since {written(since, 'en')}; judged on {written(on, 'en')}."
    easy = f"Lid sinds {written(since, 'nl')}."
    if since > on:
        easy += f" We kijken hoe het is op {written(on, 'nl')}. Dat is eerder."
    return _judged("member", since <= on, nl, en, easy=easy)


def _not_suspended(facts: MemberFacts) -> Check:
    if facts.suspended:
        easy = "Geschorst: het lidmaatschap staat nu stil."
        return _judged("suspended", False, "Het lidmaatschap is geschorst.", "The membership is suspended.", easy=easy)
    return _judged("suspended", True, "Niet geschorst.", "Not suspended.")


def _member_for(facts: MemberFacts, span: Span, count_from: str, on: date) -> Check:
    by_payment = count_from != "registration"
    start = facts.first_payment_on if by_payment else facts.registered_on
    nl_from, en_from = ("eerste betaling", "first payment") if by_payment else ("inschrijving", "registration")
    if start is None:
        nl, en = f"De dag van {nl_from} is niet bekend.", f"The day of {en_from} is not known."
        return _judged("member_for", None, nl, en, easy=f"We weten niet op welke dag de {nl_from} was.")
    reached, length = add_span(start, span), in_figures(span)
    day_nl, day_en = written(on, "nl"), written(on, "en")
    counted_nl = f"geteld vanaf de {nl_from} op {written(start, 'nl')}"
    counted_en = f"counted from the {en_from} on {written(start, 'en')}"
    easy = f"Nodig: {length.nl} lid op {day_nl}. We tellen vanaf de {nl_from}. Die was op {written(start, 'nl')}."
    if reached <= on:
        nl = f"Op {day_nl} ten minste {length.nl} lid, {counted_nl}."
        return _judged(
            "member_for", True, nl, f"A member for at least {length.en} on {day_en}, {counted_en}.", easy=easy
        )
    nl = f"Op {day_nl} nog geen {length.nl} lid, {counted_nl}. Op {written(reached, 'nl')} is dat wel zo."
    en = f"Not yet a member for {length.en} on {day_en}, {counted_en}. On {written(reached, 'en')} that is so."
    return _judged("member_for", False, nl, en, easy=f"{easy} Pas op {written(reached, 'nl')} is het {length.nl}.")


def _age(facts: MemberFacts, lowest: int, highest: int | None, on: date) -> Check:
    rule = "minimum_age" if highest is None else "age"
    if facts.birth_date is None:
        nl, en = "De geboortedatum is niet bekend.", "The date of birth is not known."
        return _judged(rule, None, nl, en, easy="We weten de geboortedatum niet.")
    age = age_on(facts.birth_date, on)
    met = age >= lowest and (highest is None or age <= highest)
    to_nl = "" if highest is None else f", hooguit {highest}"
    to_en = "" if highest is None else f", at most {highest}"
    nl = f"{age} jaar op {written(on, 'nl')}; ten minste {lowest}{to_nl}."
    en = f"Aged {age} on {written(on, 'en')}; at least {lowest}{to_en}."
    needed = f"{lowest} jaar of ouder" if highest is None else f"{lowest} tot en met {highest} jaar"
    return _judged(rule, met, nl, en, easy=f"{age} jaar op {written(on, 'nl')}. Nodig: {needed}.")


def _contribution(facts: MemberFacts, accepted: tuple[Contribution, ...]) -> Check:
    if facts.contribution is None:
        nl, en = "Of de contributie is voldaan is niet bekend.", "Whether the contribution was paid is not known."
        return _judged("contribution", None, nl, en, easy="We weten niet of de contributie is betaald.")
    if facts.contribution in accepted:
        return _judged("contribution", True, "De contributie is in orde.", "The contribution is in order.")
    nl, en = "De contributie is niet voldaan.", "The contribution was not paid."
    return _judged("contribution", False, nl, en, easy="De contributie is niet betaald.")


def _branch(facts: MemberFacts, branches: tuple[str, ...]) -> Check:
    names = ", ".join(branches)
    if facts.branch is None:
        nl, en = f"De afdeling is niet bekend; nodig: {names}.", f"The branch is not known; needed: {names}."
        return _judged("branches", None, nl, en, easy=f"We weten de afdeling niet. Nodig: {names}.")
    met = facts.branch in branches
    nl, en = f"Afdeling {facts.branch}; nodig: {names}.", f"Branch {facts.branch}; needed: {names}."
    return _judged("branches", met, nl, en, easy=f"Afdeling {facts.branch}. Nodig: {names}.")


def _code(facts: MemberFacts, version: str) -> Check:
    met = version in facts.codes_signed
    nl, en = ("is ondertekend", "was signed") if met else ("is niet ondertekend", "was not signed")
    return _judged(
        "code_of_conduct", met, f"Gedragscode versie {version} {nl}.", f"Code of conduct version {version} {en}."
    )


def _residence(facts: MemberFacts, needed: str) -> Check:
    nl, en = ("de gemeente", "the municipality") if needed == "municipality" else ("Nederland", "the Netherlands")
    if facts.residence is None:
        easy = f"We weten de woonplaats niet. Nodig: {nl}."
        return _judged(
            "residence", None, f"Woonplaats niet bekend; nodig: {nl}.", f"Residence not known; needed: {en}.", easy=easy
        )
    met = facts.residence == needed or (needed == "netherlands" and facts.residence == "municipality")
    where = {
        "municipality": ("de gemeente", "the municipality"),
        "netherlands": ("Nederland", "the Netherlands"),
        "abroad": ("het buitenland", "another country"),
    }[facts.residence]
    said = f"Woont in {where[0]}; nodig: {nl}.", f"Lives in {where[1]}; needed: {en}."
    return _judged("residence", met, *said, easy=f"Woont in {where[0]}. Nodig: wonen in {nl}.")


def _offices(stand: Stand, facts: MemberFacts, step: Step) -> Iterator[Check]:
    for office in stand.incompatible_offices:
        held, name = office.office in facts.offices, office.name
        due = _STEPS.index(office.resolved) <= _STEPS.index(step)
        rule, easy = f"incompatible_offices.{office.office}", name.nl_simple or name.nl
        if not held:
            yield _judged(rule, True, f"Niet {name.nl}.", f"Not {name.en}.", easy=f"Niet {easy}.")
        elif due:
            nl, en = f"Is {name.nl}; dat kan niet samen.", f"Is {name.en}; these cannot go together."
            yield _judged(rule, False, nl, en, easy=f"Is {easy}. Dat mag niet allebei.")
        else:
            nl, en = f"Is {name.nl}; moet later worden neergelegd.", f"Is {name.en}; has to be given up later."
            yield _judged(rule, True, nl, en, easy=f"Is {easy}. Moet daar later mee stoppen.")


def _certificate(facts: MemberFacts) -> Check:
    if facts.certificate_seen:
        return _judged("conduct_certificate", True, "De VOG is gezien.", "The certificate of conduct was seen.")
    return _judged("conduct_certificate", False, "De VOG is niet gezien.", "The certificate of conduct was not seen.")


def _terms(facts: MemberFacts, seats: Seats, on: date) -> Check:
    most = seats.maximum_terms or 0
    nl = f"{facts.terms_served} van ten hoogste {most} termijnen achter elkaar vervuld"
    en = f"Served {facts.terms_served} of at most {most} terms in a row"
    easy = f"Deze functie mag hooguit {most} keer achter elkaar. Tot nu toe: {facts.terms_served} keer."
    if facts.terms_served < most:
        return _judged("maximum_terms", True, f"{nl}.", f"{en}.", easy=easy)
    if seats.cooling_off is None or facts.last_term_ended is None:
        return _judged("maximum_terms", False, f"{nl}.", f"{en}.", easy=easy)
    again = add_span(facts.last_term_ended, seats.cooling_off)
    nl, en = f"{nl}; weer mogelijk vanaf {written(again, 'nl')}.", f"{en}; possible again from {written(again, 'en')}."
    return _judged("maximum_terms", again <= on, nl, en, easy=f"{easy} Het mag weer vanaf {written(again, 'nl')}.")
