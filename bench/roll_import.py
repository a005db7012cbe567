"""Importing a roll of 100,000 members: the first time, the same file again, and a month later with 1 % changed."""

import csv
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import openpyxl

MEMBERS = 100_000
TITLE = f"The roll: {MEMBERS:,} members, as commands in processes of their own (aim: 30 s and 300 MB)"
STEMBUS = Path(sys.executable).with_name("stembus")
HEADINGS = (
    *("Lidnummer", "Voornaam", "Tussenvoegsel", "Achternaam", "Geboortedatum", "E-mailadres", "Telefoon", "Straat"),
    *(
        "Huisnummer",
        "Postcode",
        "Plaats",
        "Lid sinds",
        "Eerste betaling",
        "Contributie",
        "Afdeling",
        "Oproeping per e-mail",
    ),
)
GIVEN = ("Anna", "Bram", "Çelik", "Daan", "Emma", "Fatima", "Guus", "Hanna", "Imre", "Joëlle", "Kees", "Lotte")
PARTICLES = ("", "", "", "de", "van", "van der", "ten")
SURNAMES = ("Berg", "Jansen", "Vries", "Öztürk", "Bakker", "Visser", "Smit", "Meijer", "Brink", "Groot", "Haan")
STATES = ("betaald", "betaald", "betaald", "gereduceerd", "kwijtgescholden", "regeling", "niet betaald")
FOUNDERS = ("000001 Anna Eerste", "000002 Bram Tweede")
FOUNDER_NAMES = {1: ("Anna", "Eerste"), 2: ("Bram", "Tweede")}


def run() -> bool:
    """Prints the table; always complete."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        first, later, sheet = folder / "leden.csv", folder / "leden-later.csv", folder / "leden.xlsx"
        _write_csv(first, changed=False)
        _write_csv(later, changed=True)
        _write_sheet(sheet)
        common = ("members", "import", "--apply", "--by", "000001")
        for instance, steps in (
            ("csv", (("first import, CSV", first), ("the same file again", first), ("1 % changed", later))),
            ("xlsx", (("first import, XLSX", sheet),)),
        ):
            _run(
                "",
                folder,
                "init",
                instance,
                "--organisation",
                "Bench",
                "--founder",
                FOUNDERS[0],
                "--founder",
                FOUNDERS[1],
            )
            for title, file in steps:
                _run(title, folder, "--instance", instance, *common, str(file))
        _run(
            "undo of the last import",
            folder,
            "--instance",
            "csv",
            "members",
            "undo-import",
            "--by",
            "000001",
            "--ground",
            "bench",
        )
        _run("the members on a day", folder, "--instance", "csv", "members", "list", "--branch", "Nergens")
    return True


def _run(title: str, folder: Path, *arguments: str) -> None:
    start = time.perf_counter()
    process = subprocess.Popen([STEMBUS, *arguments], cwd=folder, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise RuntimeError(f"stembus {' '.join(arguments)} ended with {process.returncode}")
    if title:
        print(f"    {title:<26} {time.perf_counter() - start:6.1f} s   {usage.ru_maxrss / 1024:6.0f} MB", flush=True)


def _rows(*, changed: bool) -> Iterator[tuple[str, ...]]:
    chance = random.Random(1)  # noqa: S311 - made-up members, the same each time
    for number in range(1, MEMBERS + 1):
        made_up = (chance.choice(GIVEN), f"{chance.choice(SURNAMES)}{number % 997}")
        given, surname = FOUNDER_NAMES.get(number, made_up)
        born = f"{chance.randint(1, 28)}-{chance.randint(1, 12)}-{chance.randint(1930, 2007)}"
        since = f"{chance.randint(1, 28):02}-{chance.randint(1, 12):02}-{chance.randint(1995, 2024)}"
        branch = chance.randint(1, 80)
        if changed and number % 100 == 0:
            branch = branch % 80 + 1
        yield (
            f"{number:06}",
            given,
            chance.choice(PARTICLES),
            surname,
            born,
            f"lid{number}@voorbeeld.example" if chance.random() < 0.95 else "",
            f"06{chance.randint(10_000_000, 99_999_999)}",
            f"Straat {number % 500}",
            str(chance.randint(1, 200)),
            f"{chance.randint(1000, 9999)} AB",
            f"Plaats {branch}",
            since,
            since,
            chance.choice(STATES),
            f"Afdeling {branch}",
            chance.choice(("ja", "nee")),
        )


def _write_csv(path: Path, *, changed: bool) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(HEADINGS)
        writer.writerows(_rows(changed=changed))


def _write_sheet(path: Path) -> None:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("leden")
    sheet.append(HEADINGS)
    for row in _rows(changed=False):
        sheet.append(row)
    book.save(path)
