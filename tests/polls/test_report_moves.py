"""The picture of moving votes and its sentences say the same as the record, and lose no vote."""

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from report_examples import counted, party_profile

from stembus_ballots.blt import read_blt
from stembus_ballots.profile import profile_of
from stembus_ballots.record import StvRecord, in_units
from stembus_polls.report.content import Language
from stembus_polls.report.flow import PAPER, PHONE, WIDE, flow_svg, lanes
from stembus_polls.report.flow_drawing import Drawing, Size
from stembus_polls.report.moves import decimals_of, moves
from stembus_polls.report.stage_sentences import stage_sentences

BAND_HEIGHT = re.compile(r'class="move" d="[^"]*?v([0-9.]+)C')


@st.composite
def counts(draw: st.DrawFn) -> StvRecord:
    candidates = draw(st.integers(2, 8))
    rankings = draw(
        st.lists(st.lists(st.integers(0, candidates - 1), min_size=1, unique=True), min_size=1, max_size=60)
    )
    names = [f"Kandidaat {number}" for number in range(candidates)]
    seats = draw(st.integers(1, candidates))
    return counted(profile_of("Proef", names, rankings, seats=seats))


@settings(max_examples=80)
@given(counts())
def test_in_every_stage_what_one_gives_is_what_others_get(record: StvRecord) -> None:
    for move in moves(record):
        before, after = record.stages[move.stage - 2], record.stages[move.stage - 1]
        assert move.given == sum(units for _, units in move.to) + move.lost
        assert move.given == in_units(before.votes[move.source]) - in_units(after.votes[move.source])
        assert all(units > 0 for _, units in move.to)
        assert 0 <= move.cut <= move.lost


@settings(max_examples=60)
@given(counts(), st.sampled_from([PHONE, WIDE, PAPER]))
def test_the_bands_of_the_picture_are_as_high_as_the_votes_that_move(record: StvRecord, size: Size) -> None:
    picture = flow_svg(record, "nl", size, label="x", alt="y", prefix="p")
    if not record.stages:
        assert picture == ""
        return
    quota = record.quota * 10 ** decimals_of(record)
    drawing = Drawing(lanes(record, "nl"), moves(record), size, quota=quota, seats=record.seats)
    drawn = [float(height) for height in BAND_HEIGHT.findall(picture)]
    given = [move.given for move in moves(record)]
    assert sum(drawn) == pytest.approx(sum(drawing.tall(units) for units in given), abs=0.01 * len(drawn) + 0.01)


@pytest.mark.parametrize("size", [PHONE, WIDE, PAPER])
def test_nothing_is_drawn_outside_the_picture(size: Size) -> None:
    record = counted(party_profile())
    root = ElementTree.fromstring(flow_svg(record, "nl", size, label="x", alt="y", prefix="p"))  # noqa: S314 - our own
    _, _, width, height = map(float, root.attrib["viewBox"].split())
    texts = [part for part in root.iter() if part.tag.endswith("}text")]
    assert texts
    for text in texts:
        assert -4 <= float(text.attrib["x"]) <= width
        assert 0 < float(text.attrib["y"]) <= height


def test_every_candidate_has_a_lane_with_a_fate_in_words_and_elected_come_first() -> None:
    record = counted(party_profile())
    rows = lanes(record, "nl")
    assert [lane.candidate for lane in rows[: record.seats]] == list(record.elected)
    assert {lane.candidate for lane in rows[:-1]} == set(range(17))
    assert rows[-1].candidate is None
    assert all(lane.fate for lane in rows)


def test_the_picture_says_what_it_is_to_who_does_not_see_it() -> None:
    picture = flow_svg(counted(party_profile()), "en", PHONE, label="Moves <of> votes", alt="In short", prefix="p")
    assert 'role="img" aria-labelledby="p-title p-desc"' in picture
    assert '<title id="p-title">Moves &lt;of&gt; votes</title>' in picture
    assert '<desc id="p-desc">In short</desc>' in picture


@pytest.mark.parametrize(
    ("lang", "sentence"),
    [
        ("nl", "Ronde 3: Eva valt af met 6 stemmen: 4 naar Bo, 2 zonder volgende voorkeur."),
        ("en", "Stage 3: Eva is excluded with 6 votes: 4 to Bo, 2 without a next preference."),
    ],
)
def test_a_stage_is_one_sentence_in_each_language(lang: Language, sentence: str) -> None:
    rankings = [(0, 1)] * 20 + [(1,)] * 9 + [(2,)] * 8 + [(3, 1)] * 4 + [(3,)] * 2
    record = counted(profile_of("Proef", ("Ada", "Bo", "Cem", "Eva"), rankings, seats=2))
    assert stage_sentences(record, lang)[2].startswith(sentence)


def test_the_sentences_name_every_elected_candidate(data_dir: Path) -> None:
    record = counted(read_blt(data_dir / "elections" / "scottish" / "glasgow_2022_ward14.blt"))
    told = stage_sentences(record, "en")
    assert len(told) == len(record.stages) == 7
    assert told[0].endswith("reach the quota and are elected.")
    assert "Paul CAREY (Glasgow Labour) has 565 votes above the quota: 444.46 to Patricia FERGUSON" in told[1]
    assert told[6].endswith("and Patricia FERGUSON (Glasgow Labour) reach the quota and are elected.")
