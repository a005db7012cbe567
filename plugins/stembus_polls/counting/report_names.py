"""What the report calls bodies, offices and other things that the policy names in two languages."""

from stembus.organisation.bodies import BodyDefinition
from stembus.organisation.mandate import HeldSeat
from stembus_polls.report.content import Text
from stembus_procedures import Policy
from stembus_procedures.language.values import Words


def in_both(words: Words) -> Text:
    """Return words of the policy as the report has them."""
    return Text(words.nl, words.en)


def body_name(policy: Policy, body: str) -> Text:
    """Return what the policy calls a body, or the id of one that it does not know."""
    known = policy.bodies.get(body)
    return Text(body, body) if known is None else in_both(known.name)


def office_name(definitions: dict[str, BodyDefinition], seat: HeldSeat) -> Text:
    """Return what the definition of the body calls the office of a seat."""
    if seat.body not in definitions:
        return Text(seat.office, seat.office)
    office = definitions[seat.body].office(seat.office)
    return Text(office.nl, office.en)
