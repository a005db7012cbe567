"""Reports of made-up elections, around the record of any count."""

import random
from datetime import date, datetime
from zoneinfo import ZoneInfo

from stembus_ballots.lots import Lots
from stembus_ballots.profile import Profile, profile_of
from stembus_ballots.record import StvRecord
from stembus_ballots.scottish import count_scottish
from stembus_polls.paper.accounting import PaperNumbers
from stembus_polls.report.content import (
    Accounting,
    Arithmetic,
    BranchTurnout,
    Bureau,
    BureauMember,
    Candidate,
    Contest,
    CrossCheck,
    Explanation,
    Level,
    Meeting,
    Note,
    Objections,
    Papers,
    PolicyAdopted,
    Publication,
    PublicLot,
    Report,
    Result,
    Roll,
    Ruling,
    Terms,
    Text,
    Typings,
)

ZONE = ZoneInfo("Europe/Amsterdam")
NAMES = (
    "Amina Yılmaz", "Bram van der Veen", "Chaima El Idrissi", "Daan Okafor", "Esra Şahin", "Femke de Groot",
    "Gloria Martina", "Hoa Nguyễn", "Ilias Haddad", "Joy Kartodikromo", "Kees-Jan Bouwmeester", "Lotte van Zuylen",
    "Mehmet Öztürk", "Noor ter Horst", "Olu Adeyemi", "Pim Hoekstra", "Quincy Rozenblad",
)  # fmt: skip
BRANCHES = ("Amsterdam", "Bonaire", "Den Haag", "Groningen", "Nijmegen", "Rotterdam", "Tilburg", "Utrecht")


def party_profile(voters: int = 240, names: tuple[str, ...] = NAMES, seats: int = 13, seed: int = 5) -> Profile:
    """Ballots of a party with four blocs and many short rankings."""
    draw = random.Random(seed)  # noqa: S311 - a made-up election, the same each time
    everyone = range(len(names))
    blocs = [draw.sample(everyone, len(names)) for _ in range(4)]
    rankings = []
    for _ in range(voters):
        bloc = draw.choices(blocs, (5, 3, 2, 1))[0]
        liked = sorted(everyone, key=lambda c: bloc.index(c) * 0.35 + draw.gauss(0, 1.6))
        rankings.append(liked[: 1 + int(draw.expovariate(0.2))])
    return profile_of("Partijraad", names, rankings, seats=seats, invalid=2)


ALV = Text("de ALV", "the general assembly")


def counted(profile: Profile) -> StvRecord:
    """The count of a profile, with candidates drawn in the order of the ballot paper."""
    return count_scottish(profile, lots=Lots(order=tuple(range(len(profile.candidates)))))


def report_of(record: StvRecord, level: Level = "stages", first_ranks: int | None = None) -> Report:
    """A report with something in every part of it, around this count."""
    return Report(
        organisation="Voorbeeldpartij",
        practice=True,
        procedure=Text("verkiezing van de partijraad 2026", "election of the party council 2026"),
        procedure_id="partijraad-2026",
        policy=PolicyAdopted("partijraad", "1.2", "9f" * 32, ALV, date(2025, 11, 1), "besluit 2025-14"),
        drawn_up_at=datetime(2026, 3, 14, 17, 5, tzinfo=ZONE),
        time_zone="Europe/Amsterdam",
        program="Stembus 0.1.0",
        meeting=meeting(),
        bureau=Bureau(
            Text("het bestuur", "the board"),
            (
                BureauMember("Sanne Wolf", Text("voorzitter", "chair")),
                BureauMember("Tariq el Amrani", Text("lid", "member")),
            ),
            ("Kandidaten en hun naasten", "Leden van het bestuur"),
        ),
        roll=Roll(
            1417,
            "3f" * 32,
            datetime(2026, 2, 14, tzinfo=ZONE),
            Objections(7, 4, 2, 1, Text("de commissie", "the committee")),
        ),
        contests=(contest_of(record),),
        result=Result("elected", (), date(2026, 4, 1), date(2028, 4, 1)),
        turnout_by_branch=tuple(
            BranchTurnout(branch, 40 + 9 * place, 13 + 4 * place) for place, branch in enumerate(BRANCHES)
        ),
        incidents=(Note(at=datetime(2026, 3, 14, 14, 20, tzinfo=ZONE), text="De microfoon viel uit."),),
        complaints=(Note(by="een lid", text="Het stemhokje was te smal.", answer="Er kwam een tweede."),),
        dissents=(Note(by="Tariq el Amrani", text="Het tellen begon te vroeg."),),
        terms=Terms(
            datetime(2026, 3, 28, 17, tzinfo=ZONE),
            Text("de geschillencommissie", "the dispute committee"),
            date(2027, 3, 14),
        ),
        checkpoint="voorbeeldpartij.example/ledger\n412\nq83vEjRWeJA=\n\n— voorbeeldpartij.example Az3grlgt\n",
        publication=Publication(level, first_ranks),
    )


def meeting() -> Meeting:
    """The assembly in which the election took place."""
    return Meeting(
        body=ALV,
        held_on=date(2026, 3, 14),
        convened_on=date(2026, 2, 20),
        clear_days=21,
        clear_days_needed=14,
        agenda_item="6. Verkiezing van de partijraad",
        entitled=613,
        present=211,
        proxies=34,
        quorum=Arithmetic(613, 205, 245, True, Text("211 + 34 = 245", "211 + 34 = 245")),
        second_meeting=False,
        chairs_ruling="De verkiezing heeft plaatsgevonden.",
        challenge=None,
    )


def contest_of(record: StvRecord) -> Contest:
    """The one contest of a report, with papers that add up but for one explained difference."""
    papers = Papers(record.valid, record.blank, record.invalid, record.emptied)
    total = record.valid + record.blank + record.invalid + record.emptied
    everyone = range(len(record.candidates))
    drawn_at = datetime(2026, 3, 14, 12, 5, tzinfo=ZONE)
    lot = PublicLot(
        Text("Trekking van 10 maart", "Draw of 10 March"),
        "471 902 338",
        ("stembureau",),
        ("Jo van Dam",),
        drawn_at,
        tuple(everyone),
    )
    return Contest(
        id="at_large",
        title=Text("Alle zetels", "All seats"),
        seats=record.seats,
        candidates=tuple(Candidate(record.candidates[c], BRANCHES[c % 8]) for c in everyone),
        elected=record.elected,
        deputies=tuple(c for c in everyone if c not in record.elected)[:2],
        ballot_order=lot,
        lot=lot,
        accounting=Accounting(
            PaperNumbers(
                printed=total + 100,
                issued=total + 4,
                unused=91,
                spoiled=3,
                taken=1,
                in_box=total,
                strike_offs=total + 1,
            ),
            (Explanation("printed", "Vijf biljetten zijn nat geworden."),),
        ),
        on_roll=total * 2,
        voted=total,
        papers=papers,
        rulings=(Ruling("Twee kandidaten op plaats 1", "invalid", 2), Ruling("Een kruisje", "valid", 4)),
        typings=Typings(total, 3, 3),
        count=record,
        cross_check=CrossCheck("pyrankvote 2.0.6", "agrees"),
    )
