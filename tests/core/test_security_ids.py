"""Every attack that docs/security.md names is tried by a test that carries its id."""

import re
from pathlib import Path

from attack_ids import ids_in

ROOT = Path(__file__).parents[2]
DOCUMENT = (ROOT / "docs/security.md").read_text(encoding="utf-8")
WANTED = [*(f"W{number}" for number in range(1, 15)), "E10", "L5", "P1"]
LINE = re.compile(r"^\| ([A-Z]\d+) \|.*\| ([^|]*) \|$", re.MULTILINE)


def test_the_table_has_every_attack() -> None:
    assert [found[0] for found in LINE.findall(DOCUMENT)] == WANTED


def test_every_attack_is_tried_where_the_table_says() -> None:
    for attack, where in LINE.findall(DOCUMENT):
        files = re.findall(r"`(tests/[\w/]+\.py)`", where)
        assert files, attack
        for file in files:
            assert attack in ids_in(ROOT / file), f"{file} has no test called {attack.lower()}"
