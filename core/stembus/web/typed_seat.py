"""A seat and a day as a form sends them."""

from datetime import date

from stembus.errors import UnusableInput
from stembus.words import N_


def seat_in(text: str) -> tuple[str, str, str]:
    """Return body, office and member number from "body/office/number". Raises `UnusableInput` without one of them."""
    body, _, rest = text.partition("/")
    office, _, number = rest.partition("/")
    if not (body and office and number):
        raise UnusableInput(N_("Choose whose seat it is."), field="seat")
    return body, office, number


def office_in(text: str) -> tuple[str, str]:
    """Return body and office from "body/office". Raises `UnusableInput` without one of them."""
    body, _, office = text.partition("/")
    if not (body and office):
        raise UnusableInput(N_("Choose which seat it is."), field="office")
    return body, office


def day_in(text: str, field: str) -> date:
    """Return the day that was filled in under `field`. Raises `UnusableInput` when it is none."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UnusableInput(N_("Fill in a day."), field=field) from None
