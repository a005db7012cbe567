"""A list of candidates is read as office programs write it, and each row that cannot be used says where and what."""

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from council_party import CALL_OPEN, Line, write_list

from stembus.errors import UnusableInput
from stembus_polls.candidates.planning import Around, Person, plan_candidates
from stembus_polls.candidates.reading import read_candidates
from stembus_procedures import load_policy
from stembus_procedures.shipped import shipped_policies

POLICY = load_policy(next(file for file in shipped_policies() if file.name == "partijraad.toml").read_text("utf-8"))
PEOPLE = {
    number: Person(f"m{number}", number, f"Lid {number}", "Noord", is_member)
    for number, is_member in [*((str(n), True) for n in range(101, 141)), ("903", False)]
}


def around() -> Around:
    """The call is open, and nobody is a candidate yet."""
    return Around(
        policy=POLICY,
        now=CALL_OPEN,
        opens=datetime(2026, 3, 28, 8, tzinfo=UTC),
        closes=datetime(2026, 5, 9, 15, tzinfo=UTC),
        repair_until=None,
        zone=ZoneInfo("Europe/Amsterdam"),
        find=PEOPLE.get,
        there={},
        supports={},
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";"])
def test_a_list_is_read_as_office_programs_write_it(tmp_path: Path, encoding: str, delimiter: str) -> None:
    text = f"Lidnummer{delimiter}Naam{delimiter}Verklaring\r\n121{delimiter}Zoë Çelik{delimiter}"
    text += '"Eén regel, en; nog\neen regel"\r\n'
    (tmp_path / "list.csv").write_bytes(text.encode(encoding))
    file = read_candidates(tmp_path / "list.csv", POLICY)
    assert [(line.row, line.cells["name"]) for line in file.lines] == [(2, "Zoë Çelik")]
    assert file.lines[0].cells["documents.statement"] == "Eén regel, en; nog\neen regel"


@pytest.mark.parametrize(
    ("lines", "row", "field", "message"),
    [
        ([Line("777")], 2, "number", "no member has the number '777'"),
        ([Line("121"), Line("121", "Another")], 3, "number", "is in this list twice"),
        ([Line("121", "Jo Smit"), Line("122", "Jo  SMIT")], 2, "name", "is the name of another candidate"),
        ([Line("121", gender="vrouw")], 2, "gender", "'vrouw' is not in the policy: woman, nonbinary, other"),
        ([Line("121", statement="x" * 1501)], 2, "statement", "has 1501 characters; the policy allows 1500"),
        ([Line("121", supporters="101 999")], 2, "supporters", "'999' is not a member"),
        ([Line("121", supporters="101 903")], 2, "supporters", "'903' is not a member"),
        ([Line("121", supporters="121 101")], 2, "supporters", "is the candidate"),
        ([Line(str(n), supporters="101") for n in range(121, 125)], 2, "supporters", "supports more than 3 candidates"),
        ([Line("121", accepted="misschien")], 2, "accepted", "expected yes, no or a day"),
        ([Line("121", accepted="1-1-2027")], 2, "accepted", "is still to come"),
        ([Line("121", nominated_by="koning")], 2, "nominated_by", "the policy allows self, member, branch"),
    ],
)  # fmt: skip
def test_a_row_that_cannot_be_used_says_where_and_what(
    tmp_path: Path, lines: list[Line], row: int, field: str, message: str
) -> None:
    fates = plan_candidates(read_candidates(write_list(tmp_path / "list.csv", lines), POLICY).lines, around())
    found = [(fate.row, trouble.field, str(trouble.text)) for fate in fates for trouble in fate.troubles]
    assert any((row, field) == (at, name) and message in text for at, name, text in found), found


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "is empty"),
        ("Lidnummer;Naam\n", "has headings and no candidates"),
        ("Naam;Leeftijd\nJo;30\n", "no column holds member numbers"),
        ("Lidnummer;Lidnr\n1;2\n", "two columns hold number"),
        ("Lidnummer;Naam\n121\n", "row 2: 1 cells where the headings are 2"),
        ('Lidnummer;Naam\n121;"Jo\n', "row 2: the quotes do not match"),
    ],
)
def test_a_file_that_cannot_be_used_says_so(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "list.csv"
    path.write_text(text)
    with pytest.raises(UnusableInput, match=message):
        read_candidates(path, POLICY)
