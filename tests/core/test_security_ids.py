"""Every attack that docs/security.md and docs/threat-model.md name is tried by a test that carries its id."""

import re
from pathlib import Path

import pytest
from attack_ids import ids_in

ROOT = Path(__file__).parents[2]
OF_THE_PAGES = [*(f"W{number}" for number in range(1, 15)), "E10", "L5", "P1"]
OF_A_SECRET_POLL = [
    f"{letter}{number}"
    for letter, most in (("B", 14), ("T", 11), ("V", 11), ("E", 11), ("S", 10), ("D", 4), ("P", 7))
    for number in range(1, most + 1)
]
DOCUMENTS = {name: (ROOT / "docs" / name).read_text(encoding="utf-8") for name in ("security.md", "threat-model.md")}
LINE = re.compile(r"^\| ([A-Z]\d+) \|.*\| ([^|]*) \| ([^|]*) \|$", re.MULTILINE)
NOT_A_TEST = re.compile(r"does not apply: .{20}|not in software: .{20}")
"""Where no test is due, the table says why."""


@pytest.mark.parametrize(("name", "wanted"), [("security.md", OF_THE_PAGES), ("threat-model.md", OF_A_SECRET_POLL)])
def test_the_table_has_every_attack(name: str, wanted: list[str]) -> None:
    assert [found[0] for found in LINE.findall(DOCUMENTS[name])] == wanted


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_attack_is_tried_where_the_table_says(name: str) -> None:
    for attack, against, where in LINE.findall(DOCUMENTS[name]):
        files = re.findall(r"`(tests/[\w/]+\.py)`", where)
        for file in files:
            assert attack in ids_in(ROOT / file), f"{file} has no test called {attack.lower()}"
        if not files and name == "threat-model.md":
            is_open = where == "no test with this id yet"
            assert is_open or NOT_A_TEST.match(against), f"{attack}: name the test, or say why there is none"
        else:
            assert files, attack
