"""How the three languages speak: numbers, moments, dates, lists, hard words, prose, and what is frozen."""

import hashlib
import re
from datetime import UTC, date, datetime
from fractions import Fraction
from pathlib import Path

import pytest
from policy_texts import PARTIJRAAD, changed, edited, policy

from stembus_procedures import dated, load_policy
from stembus_procedures.language.values import Moment, Span
from stembus_procedures.text import LANGS, Lang, freeze, phrases, prose_violations, render, to_markdown, to_plain


def words(lang: Lang, text: str = PARTIJRAAD) -> str:
    """The text on one line."""
    return " ".join(to_plain(render(load_policy(text), lang)).split())


@pytest.mark.parametrize(
    ("span", "nl", "simple", "en"),
    [
        (Span(n=1, unit="days"), "één dag", "1 dag", "one day"),
        (Span(n=2, unit="months"), "twee maanden", "2 maanden", "two months"),
        (Span(n=1, unit="years"), "één jaar", "1 jaar", "one year"),
        (Span(n=2, unit="years"), "twee jaar", "2 jaar", "two years"),
        (Span(n=30, unit="minutes"), "30 minuten", "30 minuten", "30 minutes"),
    ],
)
def test_a_length_of_time_in_words(span: Span, nl: str, simple: str, en: str) -> None:
    assert [phrases.span(span, lang) for lang in LANGS] == [nl, simple, en]


@pytest.mark.parametrize(
    ("share", "nl", "simple", "en"),
    [
        (Fraction(1, 2), "de helft", "de helft", "half"),
        (Fraction(2, 3), "twee derde", "2/3 deel", "two thirds"),
        (Fraction(1, 20), "een twintigste", "1/20 deel", "one twentieth"),
        (Fraction(3, 7), "3/7 deel", "3/7 deel", "3/7"),
    ],
)
def test_a_share_in_words(share: Fraction, nl: str, simple: str, en: str) -> None:
    assert [phrases.share(share, lang) for lang in LANGS] == [nl, simple, en]


@pytest.mark.parametrize(
    ("moment", "nl", "en"),
    [
        (Moment(anchor="x", at="10:00"), "om 10.00 uur op de dag", "at 10:00 on the day"),
        (
            Moment(anchor="x", days=-14, clear=True, at="24:00"),
            "om 24.00 uur, veertien volle dagen vóór de dag",
            "at 24:00, fourteen clear days before the day",
        ),
        (Moment(anchor="x", days=1, at="09:00"), "om 9.00 uur, één dag na de dag", "at 09:00, one day after the day"),
        (
            Moment(anchor="x", months=-2, days=-3, at="09:00"),
            "om 9.00 uur, twee maanden en drie dagen vóór de dag",
            "at 09:00, two months and three days before the day",
        ),
        (
            Moment(anchor="x", months=6, days=-1, at="09:00"),
            "om 9.00 uur, één dag vóór de dag zes maanden na de dag",
            "at 09:00, one day before the day six months after the day",
        ),
    ],
)
def test_a_moment_in_words(moment: Moment, nl: str, en: str) -> None:
    assert phrases.moment(moment, "de dag", "nl") == nl
    assert phrases.moment(moment, "the day", "en") == en


def test_lists_end_as_people_say_them() -> None:
    assert phrases.listed(["a"], "nl") == "a"
    assert phrases.listed(["a", "b", "c"], "nl") == "a, b en c"
    assert phrases.listed(["a", "b"], "en", last="or") == "a or b"


def test_the_text_says_what_binds_what_it_rests_on_and_from_what_it_was_made() -> None:
    document = render(load_policy(PARTIJRAAD), "nl")
    text = words("nl")
    assert "alleen de Nederlandse tekst bindt" in text
    assert "op grond van statuten 15.3 en HR 4.1" in text
    assert document.fingerprint in text
    assert hashlib.sha256(load_policy(PARTIJRAAD).canonical_bytes()).hexdigest() == document.fingerprint


def test_a_text_is_a_draft_until_the_day_of_its_decision() -> None:
    assert "Dit is een ontwerp" in words("nl")
    adopted = changed(
        (
            'legal_basis = ["statuten 15.3"',
            'on = 2026-03-01\ndecision = "ALV, besluit 4"\nlegal_basis = ["statuten 15.3"',
        )
    )
    assert "De regeling is op 1 maart 2026 vastgesteld door de algemene ledenvergadering" in words("nl", adopted)
    assert render(load_policy(adopted), "en").status == "adopted"


def test_easy_dutch_is_called_a_draft_until_readers_tried_it() -> None:
    assert "Deze eenvoudige tekst is een concept" in words("nl-simple")
    review = '\n[plain_review]\nby = "Sam de Wit"\non = 2026-02-03\nreaders = "vijf leden van de leesgroep"\n'
    reviewed = words("nl-simple", PARTIJRAAD + review)
    assert "op 3 februari 2026 nagelezen door Sam de Wit, samen met vijf leden van de leesgroep" in reviewed
    assert "concept" not in reviewed


def test_easy_dutch_explains_a_hard_word_once_where_it_first_stands() -> None:
    text = words("nl-simple")
    meaning = "Het quorum is het aantal mensen dat minstens moet meedoen."
    assert text.count(meaning) == 1
    assert meaning not in words("nl")


def test_easy_dutch_keeps_to_short_sentences() -> None:
    sentences = [s for s in render(load_policy(PARTIJRAAD), "nl-simple").sentences() if not s.is_explanation]
    lengths = [len(part.split()) for s in sentences for part in re.split(r"(?<=[.?!]) ", s.text)]
    assert sum(lengths) / len(lengths) < 12


def test_real_dates_stand_beside_the_moments_in_the_zone_of_the_party_and_of_its_readers() -> None:
    source = load_policy(PARTIJRAAD)
    stages = {stage.id for stage in source.stages}
    dates = {
        (f"stages.{name}" if name.split(".")[0] in stages else name): at
        for name, at in dated(source, {"meeting": date(2026, 6, 20)}).items()
    }
    text = " ".join(to_plain(render(source, "nl", dates=dates)).split())
    assert (
        "om 17.00 uur, 42 dagen vóór de dag van de ledenvergadering (zaterdag 9 mei 2026; Curaçao: 11.00 uur)" in text
    )
    assert "veertien volle dagen vóór de dag van de ledenvergadering (vrijdag 5 juni 2026; Curaçao: 18.00 uur)" in text


def test_the_hour_elsewhere_follows_the_clock_change() -> None:
    def shown(when: datetime) -> str:
        return phrases.real_date(when, "23:59", "Europe/Amsterdam", ["America/Curacao"], "en")

    winter, summer = datetime(2026, 1, 15, 22, 59, tzinfo=UTC), datetime(2026, 7, 15, 21, 59, tzinfo=UTC)
    assert shown(winter) == "Thursday 15 January 2026; Curaçao: 18:59"
    assert shown(summer) == "Wednesday 15 July 2026; Curaçao: 17:59"


def test_an_article_stands_behind_the_sentence_that_rests_on_it() -> None:
    assert "De partijraad heeft ten minste dertien en ten hoogste 25 zetels (statuten 15.1)." in words("nl")


def test_prose_by_hand_is_marked_and_may_hold_no_number_and_no_date() -> None:
    assert prose_violations(load_policy(PARTIJRAAD)) == ()
    assert "Toelichting: De partijraad houdt het bestuur" in words("nl")
    wrong = policy(
        ("weerspiegelt het land.", "weerspiegelt het land in dertien leden."),
        ("reflects the country.", "reflects the country since 12 July."),
    )
    assert [(v.path, v.lang, v.found) for v in prose_violations(wrong)] == [
        ("introduction", "nl", "dertien"),
        ("introduction", "en", "12"),
        ("introduction", "en", "July"),
    ]
    assert "a number or date belongs in a key" in str(prose_violations(wrong)[0])


def test_freezing_takes_the_definition_and_each_text_by_hash() -> None:
    source = load_policy(PARTIJRAAD)
    documents = [render(source, lang) for lang in LANGS]
    frozen = freeze(PARTIJRAAD, documents)
    assert frozen.definition_sha256 == documents[0].fingerprint
    assert [text.sha256 for text in frozen.texts] == [
        hashlib.sha256(to_markdown(document).encode()).hexdigest() for document in documents
    ]
    windows = freeze(PARTIJRAAD.replace("\n", "\r\n"), documents)
    assert windows == frozen


def test_a_text_of_another_definition_is_not_frozen() -> None:
    other = edited({"seats.maximum_terms": 2})
    with pytest.raises(ValueError, match="made from another definition"):
        freeze(PARTIJRAAD, [render(other, lang) for lang in LANGS])


def test_a_policy_is_frozen_in_every_language_that_it_is_published_in() -> None:
    source = load_policy(PARTIJRAAD)
    with pytest.raises(ValueError, match="published in en, nl, nl-simple; the texts given are in nl"):
        freeze(PARTIJRAAD, [render(source, "nl")])


def test_each_key_has_a_place_in_the_text() -> None:
    document = render(load_policy(PARTIJRAAD), "nl")
    article, paragraph = document.place_of("stages.convocation.due") or (0, 0)
    assert document.sections[article - 1].heading == "Oproeping voor de vergadering"
    assert paragraph == 1
    assert document.place_of("nowhere") is None


def test_dutch_says_u_to_its_reader_in_every_sentence_and_policy_that_ships() -> None:
    root = Path(__file__).parents[2] / "procedures"
    files = [*(root / "stembus_procedures" / "text" / "sentences").glob("*.toml"), *(root / "policies").glob("*.toml")]
    assert len(files) > 25
    told = [
        f"{file.name}: {line}"
        for file in files
        for line in file.read_text(encoding="utf-8").splitlines()
        if re.search(r"\b(je|jij|jou|jouw|jullie|jezelf)\b", line, re.IGNORECASE)
    ]
    assert told == []
