"""Which column of a file holds what: the fields of the roll, the names that exports give them, and saved mappings."""

import re
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from stembus.errors import UnusableInput
from stembus.organisation.roll.cells import Cell, clean
from stembus_procedures.sentence import Sentence

NOT_THERE = Sentence(
    "{source}: the column {heading!r}, which should hold {expects}, is not there. The columns are: {shown}. Say which "
    "with --column {name}=HEADING."
)
THERE_TWICE = Sentence(
    "{source}: the column {heading!r}, which should hold {expects}, is there twice. The columns are: {shown}. Say "
    "which with --column {name}=HEADING."
)


class Field(NamedTuple):
    """A field of the roll: what a column of it holds, and the headings it is known by, simplified."""

    name: str
    expects: Sentence
    headings: frozenset[str]


def _field(name: str, expects: Sentence, headings: str) -> Field:
    return Field(name, expects, frozenset((*headings.split(), name.replace("_", ""))))


FIELDS: dict[str, Field] = {
    field.name: field
    for field in (
        _field(
            "number",
            Sentence("the member number"),
            "lidnummer lidnr lidno nummer relatienummer relatienr relatieid lidid membernumber memberno "
            "memberid membershipnumber",
        ),
        _field(
            "name",
            Sentence("the whole name"),
            "naam volledigenaam naamlid fullname weergavenaam",
        ),
        _field(
            "given",
            Sentence("the given name"),
            "voornaam roepnaam voornamen firstname givenname",
        ),
        _field(
            "initials",
            Sentence("the initials"),
            "voorletters initialen voorletter initials",
        ),
        _field(
            "particle",
            Sentence("the particle, such as van der"),
            "tussenvoegsel tussenvoegsels tussenv voorvoegsel voorvoegsels tv infix prefix nameprefix",
        ),
        _field(
            "surname",
            Sentence("the surname"),
            "achternaam familienaam geslachtsnaam lastname familyname",
        ),
        _field(
            "born_on",
            Sentence("the birth date"),
            "geboortedatum gebdatum geboren datumgeboorte geboortedag birthdate dateofbirth dob born",
        ),
        _field(
            "email",
            Sentence("the mail address"),
            "emailadres mail mailadres emailaddress email1",
        ),
        _field(
            "phone",
            Sentence("the telephone number"),
            "telefoon telefoonnummer mobiel mobielnummer tel telnr telephone mobile phonenumber",
        ),
        _field(
            "street",
            Sentence("the street"),
            "straat straatnaam adres adresregel adresregel1 straathuisnummer address addressline1 streetaddress",
        ),
        _field(
            "house_number",
            Sentence("the house number"),
            "huisnummer huisnr nr housenumber",
        ),
        _field(
            "house_suffix",
            Sentence("what follows the house number"),
            "toevoeging huisnummertoevoeging huisnrtoev toev housesuffix housenumberaddition",
        ),
        _field(
            "postcode",
            Sentence("the postcode"),
            "postalcode zip zipcode",
        ),
        _field(
            "city",
            Sentence("the city"),
            "plaats woonplaats plaatsnaam stad town",
        ),
        _field(
            "country",
            Sentence("the country"),
            "land landcode countrycode",
        ),
        _field(
            "registered_on",
            Sentence("the day of registration"),
            "inschrijfdatum lidsinds lidvanaf datuminschrijving aanmelddatum ingangsdatum begindatum "
            "datumaanmelding membersince joined joindate registrationdate registered startdate",
        ),
        _field(
            "first_paid_on",
            Sentence("the day of the first payment"),
            "eerstebetaling datumeerstebetaling eerstecontributie firstpayment firstpaid dateoffirstpayment",
        ),
        _field(
            "left_on",
            Sentence("the day membership ended"),
            "uitschrijfdatum einddatum datumuitschrijving lidtot opgezegdper uittreeddatum leftdate "
            "enddate membershipend",
        ),
        _field(
            "contribution",
            Sentence("the state of the contribution"),
            "contributie contributiestatus betaalstatus betaald lidmaatschapsgeld contributionstatus "
            "feestatus paymentstatus",
        ),
        _field(
            "branch",
            Sentence("the branch"),
            "afdeling afdelingsnaam lokaleafdeling chapter localbranch",
        ),
        _field(
            "branch_since",
            Sentence("the day of moving to the branch"),
            "afdelingsinds verhuisdatum verhuisd datumverhuizing afdelingvanaf movedon branchfrom",
        ),
        _field(
            "suspended",
            Sentence("whether the member is suspended"),
            "geschorst schorsing suspension",
        ),
        _field(
            "abroad",
            Sentence("whether the member lives abroad"),
            "buitenland woontinbuitenland livesabroad overseas",
        ),
        _field(
            "email_consent",
            Sentence("whether convocations may come by mail"),
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
                        "The columns {found!r} and {heading!r} both look like {expects}: say which with --column "
                        "{named}=HEADING.",
                        found=found[field.name],
                        heading=heading,
                        expects=field.expects,
                        named=field.name,
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
    shown = [heading for heading in headings if heading]
    for name, heading in columns.items():
        if name not in FIELDS:
            raise UnusableInput("There is no field {name!r}: the fields are {names}.", name=name, names=list(FIELDS))
        if have.count(simple(heading)) != 1:
            raise UnusableInput(
                NOT_THERE if simple(heading) not in have else THERE_TWICE,
                source=source,
                heading=heading,
                expects=FIELDS[name].expects,
                shown=shown,
                name=name,
            )
        places[name] = have.index(simple(heading))
    for needed in ("number", "surname"):
        if needed not in places and not (needed == "surname" and "name" in places):
            raise UnusableInput(
                "{source}: no column holds {expects}. The columns are: {shown}. Say which with --column "
                "{needed}=HEADING.",
                source=source,
                expects=FIELDS[needed].expects,
                shown=shown,
                needed=needed,
            )
    return places
