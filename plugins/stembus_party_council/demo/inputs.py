"""The files that people hand in during the demonstration, as their programs write them."""

import csv
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path

from stembus_party_council.demo.cast import Cast, Stands
from stembus_party_council.demo.people import Person

MEMBER_HEADINGS = (
    "Lidnummer", "Voornaam", "Tussenvoegsel", "Achternaam", "Geboortedatum", "E-mail", "Adres", "Postcode",
    "Woonplaats", "Afdeling", "Lid sinds", "Eerste betaling", "Contributie", "Geschorst", "Buitenland",
    "Oproep per e-mail",
)  # fmt: skip


def write_members(path: Path, people: Iterable[Person]) -> None:
    """Write the membership list as a Dutch membership system exports it: semicolons, Dutch dates, a byte order mark."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        rows = csv.writer(file, delimiter=";")
        rows.writerow(MEMBER_HEADINGS)
        for p in people:
            rows.writerow([
                p.number, p.first_name, p.particle, p.last_name, _day(p.born), p.mail, p.street, p.postcode, p.town,
                p.branch, _day(p.member_since), _day(p.first_payment), p.contribution, _yes(p.suspended),
                _yes(p.abroad), _yes(p.mail_consent),
            ])  # fmt: skip


def write_seats(path: Path, cast: Cast) -> None:
    """Write who was given which seat by the decisions of the assembly and the board."""
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["body", "office", "number", "from", "until", "deputy_for"])
        rows.writerows(["partijbureau", "staff", person.number, "2026-03-02", "", ""] for person in cast.staff)
        chaired = (("bestuur", cast.board), ("kiescommissie", cast.committee), ("stembureau", cast.bureau))
        for body, people in chaired:
            for place, person in enumerate(people):
                until = "2026-12-31" if body == "stembureau" else "2028-03-01"
                rows.writerow([body, "member" if place else "chair", person.number, "2026-03-02", until, ""])
        others = (
            ("afdeling-noord", "officer", cast.branch),
            ("sleutelcommissie", "trustee", cast.trustees),
            ("codecommissie", "officer", cast.authority),
        )
        for body, office, people in others:
            rows.writerows([body, office, person.number, "2026-03-02", "2028-03-01", ""] for person in people)


def write_candidates(path: Path, candidates: Iterable[Stands]) -> None:
    """Write a list of candidates as the electoral committee keeps it."""
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file, delimiter=";")
        rows.writerow(
            ["lidnummer", "naam op stembiljet", "gender", "verklaring", "ondersteuners", "aanvaard", "gedragscode"]
        )
        for one in candidates:
            statement = f"Ik wil dat de leden uit {one.person.branch} zich in de partijraad herkennen."
            rows.writerow([one.person.number, one.name, one.gender, statement, " ".join(one.supporters), "ja", "1"])


def write_typing(path: Path, papers: Sequence[str]) -> None:
    """Write what one typist read on every paper, numbered from 1."""
    with path.open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(["paper", "marks"])
        rows.writerows(enumerate(papers, 1))


def write_proxies(path: Path, proxies: Sequence[tuple[str, str]]) -> None:
    """Write the proxies that members gave before the assembly, each from one member to another."""
    path.write_text(_proxies(proxies), encoding="utf-8")


def write_meeting(
    path: Path, *, present: int, mail: int, post: int, chair: str, proxies: Sequence[tuple[str, str]] = ()
) -> None:
    """Write the record of the assembly as the office takes it down."""
    path.write_text(
        f"""\
began = 2026-06-20T10:00:00+02:00
ended = 2026-06-20T16:30:00+02:00

[called]
agenda_item = "Verkiezing van de leden van de partijraad"
documents_on = 2026-06-01
conditions_stated = true
sent = [
  {{ channel = "mail_with_consent", on = 2026-06-01, members = {mail} }},
  {{ channel = "post", on = 2026-06-01, members = {post} }},
]

[present]
in_room = {present}

[statement]
by = "{chair}"
outcome = "De vergadering heeft met stembiljetten de leden van de partijraad gekozen."
at = 2026-06-20T16:00:00+02:00

{_proxies(proxies)}""",
        encoding="utf-8",
    )


def _proxies(proxies: Sequence[tuple[str, str]]) -> str:
    return "".join(
        f'[[proxies]]\ngiver = "{giver}"\nholder = "{holder}"\ngiven_at = 2026-06-18T10:00:00+02:00\n\n'
        for giver, holder in proxies
    )


def _day(day: date | None) -> str:
    return f"{day.day}-{day.month}-{day.year}" if day else ""


def _yes(flag: bool) -> str:
    return "ja" if flag else "nee"
