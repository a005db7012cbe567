"""Which column of a file holds what: the fields of the roll, the names that exports give them, and saved mappings."""

import re
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from stembus.errors import UnusableInput
from stembus.organisation.roll.cells import Cell, clean


class Field(NamedTuple):
    """A field of the roll: what a column of it holds, and the headings it is known by, simplified."""

    name: str
    expects: str
    headings: frozenset[str]


def _field(name: str, expects: str, headings: str) -> Field:
    return Field(name, expects, frozenset((*headings.split(), name.replace("_", ""))))


FIELDS: dict[str, Field] = {
    field.name: field
    for field in (
        _field(
            "number",
            "the member number",
            "lidnummer lidnr lidno nummer relatienummer relatienr relatieid lidid membernumber memberno "
            "memberid membershipnumber",
        ),
        _field(
            "name",
            "the whole name",
            "naam volledigenaam naamlid fullname weergavenaam",
        ),
        _field(
            "given",
            "the given name",
            "voornaam roepnaam voornamen firstname givenname",
        ),
        _field(
            "initials",
            "the initials",
            "voorletters initialen voorletter initials",
        ),
        _field(
            "particle",
            "the particle, such as van der",
            "tussenvoegsel tussenvoegsels tussenv voorvoegsel voorvoegsels tv infix prefix nameprefix",
        ),
        _field(
            "surname",
            "the surname",
            "achternaam familienaam geslachtsnaam lastname familyname",
        ),
        _field(
            "born_on",
            "the birth date",
            "geboortedatum gebdatum geboren datumgeboorte geboortedag birthdate dateofbirth dob born",
        ),
        _field(
            "email",
            "the mail address",
            "emailadres mail mailadres emailaddress email1",
        ),
        _field(
            "phone",
            "the telephone number",
            "telefoon telefoonnummer mobiel mobielnummer tel telnr telephone mobile phonenumber",
        ),
        _field(
            "street",
            "the street",
            "straat straatnaam adres adresregel adresregel1 straathuisnummer address addressline1 streetaddress",
        ),
        _field(
            "house_number",
            "the house number",
            "huisnummer huisnr nr housenumber",
        ),
        _field(
            "house_suffix",
            "what follows the house number",
            "toevoeging huisnummertoevoeging huisnrtoev toev housesuffix housenumberaddition",
        ),
        _field(
            "postcode",
            "the postcode",
            "postalcode zip zipcode",
        ),
        _field(
            "city",
            "the city",
            "plaats woonplaats plaatsnaam stad town",
        ),
        _field(
            "country",
            "the country",
            "land landcode countrycode",
        ),
        _field(
            "registered_on",
            "the day of registration",
            "inschrijfdatum lidsinds lidvanaf datuminschrijving aanmelddatum ingangsdatum begindatum "
            "datumaanmelding membersince joined joindate registrationdate registered startdate",
        ),
        _field(
            "first_paid_on",
            "the day of the first payment",
            "eerstebetaling datumeerstebetaling eerstecontributie firstpayment firstpaid dateoffirstpayment",
        ),
        _field(
            "left_on",
            "the day membership ended",
            "uitschrijfdatum einddatum datumuitschrijving lidtot opgezegdper uittreeddatum leftdate "
            "enddate membershipend",
        ),
        _field(
            "contribution",
            "the state of the contribution",
            "contributie contributiestatus betaalstatus betaald lidmaatschapsgeld contributionstatus "
            "feestatus paymentstatus",
        ),
        _field(
            "branch",
            "the branch",
            "afdeling afdelingsnaam lokaleafdeling chapter localbranch",
        ),
        _field(
            "branch_since",
            "the day of moving to the branch",
            "afdelingsinds verhuisdatum verhuisd datumverhuizing afdelingvanaf movedon branchfrom",
        ),
        _field(
            "suspended",
            "whether the member is suspended",
            "geschorst schorsing suspension",
        ),
        _field(
            "abroad",
            "whether the member lives abroad",
            "buitenland woontinbuitenland livesabroad overseas",
        ),
        _field(
            "email_consent",
            "whether convocations may come by mail",
            "oproepingperemail oproepperemail emailtoestemming toestemmingemail akkoordemail "
            "emailakkoord convocationbyemail consentemail",
        ),
    )
}


def simple(heading: str) -> str:
    """Return a heading with only its letters and digits, small: "E-mail adres" and "emailadres" are the same."""
    return re.sub(r"[\W_]", "", clean(heading).casefold())


def propose(headings: Sequence[str]) -> dict[str, str]:
    """Return field by heading for the headings that we know.

    Raises `UnusableInput` when two columns look like the same field.
    """
    found: dict[str, str] = {}
    for heading in headings:
        for field in FIELDS.values():
            if simple(heading) in field.headings:
                if field.name in found:
                    raise UnusableInput(
                        f"The columns {found[field.name]!r} and {heading!r} both look like {field.expects}: say which "
                        f"with --column {field.name}=HEADING."
                    )
                found[field.name] = heading
    return found


def recognised(cells: Sequence[Cell], wanted: Collection[str] = ()) -> int:
    """Return how many cells of a row hold a heading that is known or wanted, to tell it from what stands above."""
    known = {heading for field in FIELDS.values() for heading in field.headings}.union(wanted)
    return sum(isinstance(cell, str) and simple(cell) in known for cell in cells)


def placed(columns: Mapping[str, str], headings: Sequence[str], source: str) -> dict[str, int]:
    """Return for each field the place of its column (from 0).

    Raises `UnusableInput` in one line: which file, which column, what it should hold, what to do.
    """
    places: dict[str, int] = {}
    have = [simple(heading) for heading in headings]
    shown = ", ".join(heading for heading in headings if heading)
    for name, heading in columns.items():
        if name not in FIELDS:
            raise UnusableInput(f"There is no field {name!r}: the fields are {', '.join(FIELDS)}.")
        if have.count(simple(heading)) != 1:
            problem = "is not there" if simple(heading) not in have else "is there twice"
            raise UnusableInput(
                f"{source}: the column {heading!r}, which should hold {FIELDS[name].expects}, {problem}. The columns "
                f"are: {shown}. Say which with --column {name}=HEADING."
            )
        places[name] = have.index(simple(heading))
    for needed in ("number", "surname"):
        if needed not in places and not (needed == "surname" and "name" in places):
            raise UnusableInput(
                f"{source}: no column holds {FIELDS[needed].expects}. The columns are: {shown}. Say which with "
                f"--column {needed}=HEADING."
            )
    return places
