"""The web page and the PDF of a report say everything in it, verbatim, in both languages, and need nothing else."""

import io
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pikepdf
import pytest
from msgspec.structs import replace
from report_examples import NAMES, contest_of, counted, party_profile, report_of

from stembus_ballots.blt import read_blt
from stembus_ballots.profile import profile_of
from stembus_polls.report import Report, read_report, report_html, report_json, report_pdf
from stembus_polls.report.content import Annulled, Contest, CrossCheck, Language, Result, Text
from stembus_polls.report.figures import exact_votes, votes, whole
from stembus_polls.report.pdf import missing_characters
from stembus_polls.report.words import words

LANGUAGES: tuple[Language, ...] = ("nl", "en")
HOSTILE = (
    '#read("/etc/passwd") *x* _y_ $z$ `w` @v <b>',
    "]]] \" ' & </svg><script>alert(1)</script>",
    "{{ 7*7 }} {% x %} \\n \\u{41}",
    "محمد العربي",
    "Nguyễn Thị Ánh",
    "Gülşah Iğdır-İnan",
    "Zoë Sørensen-Þór",
)


class Page(HTMLParser):
    """The texts, attributes and tags of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.texts: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] not in ("style", "desc"):
            self.texts.append(data)

    @property
    def text(self) -> str:
        """What a reader sees, with the marks around right-to-left names taken out."""
        return re.sub(r"\s+", " ", "\n".join(self.texts)).replace("\u2068", "").replace("\u2069", "")


def ward(data_dir: Path) -> Report:
    return report_of(counted(read_blt(data_dir / "elections" / "scottish" / "glasgow_2022_ward14.blt")))


def numbers_of(report: Report, lang: Language) -> Iterator[str]:
    """Every number that the content holds, as it should be written."""
    contest = report.contests[0]
    count, accounting, meeting = contest.count, contest.accounting, report.meeting
    assert count
    assert accounting
    assert meeting
    for stage in count.stages:
        yield from (exact_votes(text, lang) for text in (*stage.votes, stage.non_transferable))
    numbers = accounting.numbers
    for number in (
        count.quota, count.valid, numbers.printed, numbers.issued, numbers.unused, numbers.in_box, numbers.strike_offs,
        meeting.entitled, meeting.present, meeting.proxies, report.roll.size,
    ):  # fmt: skip
        yield whole(number, lang)
    for row in report.turnout_by_branch:
        yield from (whole(row.on_roll, lang), whole(row.voted, lang))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_number_of_a_real_ward_is_on_the_page(lang: Language, data_dir: Path) -> None:
    report = ward(data_dir)
    shown = set(re.findall(r"[0-9][0-9.,]*[0-9]|[0-9]", Page(report_html(report, lang)).text))
    assert set(numbers_of(report, lang)) <= shown


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_people_wrote_stands_verbatim_on_the_page(lang: Language) -> None:
    report = report_of(counted(party_profile(names=HOSTILE, seats=3)))
    text = Page(report_html(report, lang)).text
    for written in (*HOSTILE, "Het stemhokje was te smal.", "Er kwam een tweede.", "Het tellen begon te vroeg."):
        assert re.sub(r"\s+", " ", written) in text


def test_bodies_offices_and_lots_are_named_in_the_language_of_the_page() -> None:
    report = report_of(counted(party_profile(seats=3)))
    dutch = ("de ALV", "de commissie", "de geschillencommissie", "voorzitter", "Trekking van 10 maart")
    english = ("the general assembly", "the committee", "the dispute committee", "chair", "Draw of 10 March")
    texts = {lang: Page(report_html(report, lang)).text for lang in LANGUAGES}
    assert [name for name in dutch if name not in texts["nl"]] == []
    assert [name for name in english if name not in texts["en"]] == []
    assert [name for name in dutch[1:] if name in texts["en"]] == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_needs_nothing_from_elsewhere_and_runs_nothing(lang: Language) -> None:
    html = report_html(report_of(counted(party_profile(names=HOSTILE, seats=3))), lang, other="other.html")
    page = Page(html)
    tags = {tag for tag, _ in page.tags}
    assert not tags & {"script", "link", "img", "iframe", "object", "embed", "base", "form", "video"}
    for tag, attributes in page.tags:
        assert not any(name.startswith("on") for name in attributes), tag
        assert set(attributes) & {"src", "srcset", "background"} == set()
        assert (attributes.get("href") or "#").startswith(("#", "other.html"))
    style = html.split("<style>")[1].split("</style>")[0]
    assert "url(" not in style
    assert "@import" not in style


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_page_has_the_structure_that_a_screen_reader_needs(lang: Language) -> None:
    page = Page(report_html(report_of(counted(party_profile())), lang))
    names = [tag for tag, _ in page.tags]
    assert page.tags[0][1]["lang"] == lang
    assert names.count("h1") == names.count("main") == 1
    headings = [int(tag[1]) for tag in names if re.fullmatch(r"h[1-6]", tag)]
    assert all(after - before <= 1 for before, after in pairwise(headings))
    assert names.count("table") == names.count("caption")
    assert all(attributes.get("scope") in ("col", "row") for tag, attributes in page.tags if tag == "th")
    ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(set(ids)) == len(ids)
    for _, attributes in page.tags:
        for key in ("aria-labelledby",):
            assert set((attributes.get(key) or "").split()) <= set(ids)
        if (attributes.get("href") or "").startswith("#"):
            assert (attributes["href"] or "")[1:] in ids
    assert all(attributes.get("tabindex") == "0" for _, attributes in page.tags if attributes.get("role") == "region")


def pdf_text(pdf: bytes) -> str:
    """The text of a PDF, by the Unicode maps of its fonts; lines and pages run on, spaces are left out."""
    out = []
    with pikepdf.open(io.BytesIO(pdf)) as document:
        for page in document.pages:
            maps = {str(name): unicode_map(font) for name, font in page.Resources.get("/Font", {}).items()}
            letters: dict[int, str] = {}
            for instruction in pikepdf.parse_content_stream(page):
                operands, operator = instruction.operands, instruction.operator
                if str(operator) == "Tf":
                    letters = maps[str(operands[0])]
                elif str(operator) in ("TJ", "Tj"):
                    parts = operands[0] if str(operator) == "TJ" else [operands[0]]
                    for part in parts:
                        if isinstance(part, pikepdf.String):
                            code = bytes(part)
                            out += [letters.get(int.from_bytes(code[i : i + 2]), "") for i in range(0, len(code), 2)]
    return re.sub(r"\s+", "", "".join(out))


def unicode_map(font: pikepdf.Object) -> dict[int, str]:
    table = bytes(font.ToUnicode.read_bytes()).decode()
    letters = {}
    for block in re.findall(r"beginbfchar(.*?)endbfchar", table, re.DOTALL):
        for code, text in re.findall(r"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>", block):
            letters[int(code, 16)] = bytes.fromhex(text).decode("utf-16-be")
    return letters


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_number_and_name_of_a_real_ward_is_in_the_pdf(lang: Language, data_dir: Path) -> None:
    report = ward(data_dir)
    text = pdf_text(report_pdf(report, lang))
    for number in numbers_of(report, lang):
        assert number in text
    for candidate in report.contests[0].candidates:
        assert candidate.name.replace(" ", "").split("(")[0] in text


def test_a_report_that_is_drawn_up_between_two_seconds_is_a_pdf_as_well() -> None:
    report = report_of(counted(party_profile()))
    at = report.drawn_up_at.replace(microsecond=250_000)
    assert report_pdf(replace(report, drawn_up_at=at), "nl").startswith(b"%PDF")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_pdf_is_tagged_and_says_its_title_and_language(lang: Language) -> None:
    with pikepdf.open(io.BytesIO(report_pdf(report_of(counted(party_profile())), lang))) as pdf:
        assert bool(pdf.Root.MarkInfo.Marked)
        assert str(pdf.Root.Lang) == lang
        assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle)
        with pdf.open_metadata() as metadata:
            assert metadata["pdfuaid:part"] == "1"
            assert "2026 – Voorbeeldpartij" in str(metadata["dc:title"])
        kinds, alternatives = set(), []
        todo = [pdf.Root.StructTreeRoot]
        while todo:
            node = todo.pop()
            if isinstance(node, pikepdf.Array):
                todo += list(node)
            elif isinstance(node, pikepdf.Dictionary):
                kinds.add(str(node.get("/S", "")))
                alternatives += [str(node["/Alt"])] if "/Alt" in node else []
                todo += [node["/K"]] if "/K" in node else []
        assert {"/H1", "/H2", "/H3", "/Table", "/TH", "/TD", "/Figure", "/L", "/LI", "/P"} <= kinds
        assert any(NAMES[12] in text for text in alternatives)


def test_names_are_never_markup_in_the_pdf() -> None:
    text = pdf_text(report_pdf(report_of(counted(party_profile(names=HOSTILE, seats=3))), "nl"))
    for name in HOSTILE[:3]:
        assert name.replace(" ", "") in text
    assert "root:x" not in text


def test_letters_that_the_fonts_lack_are_shown_by_number_and_said() -> None:
    assert missing_characters(["Gülşah Nguyễn محمد Їжак Ωmega שלום"]) == ()
    assert missing_characters(["王 and 😀"]) == ("王", "😀")
    report = report_of(counted(party_profile(names=("Wang 王", "Sam 😀", "Bo", "Cem"), seats=2)))
    text = pdf_text(report_pdf(report, "en"))
    assert "Wang⟨U+738B⟩" in text
    assert "webpageshowsthemaswritten" in text
    assert "Wang 王" in Page(report_html(report, "en")).text


def test_no_word_is_so_long_that_it_runs_off_the_page() -> None:
    report = report_of(counted(party_profile(names=("A" * 300, "Bo", "Cem"), seats=1)))
    with (
        pikepdf.open(io.BytesIO(report_pdf(report, "nl"))) as long,
        pikepdf.open(
            io.BytesIO(report_pdf(report_of(counted(party_profile(names=("A", "Bo", "Cem"), seats=1))), "nl"))
        ) as short,
    ):
        assert len(long.pages) >= len(short.pages)
    assert "A" * 300 in pdf_text(report_pdf(report, "nl")).replace("\u200b", "")


def test_characters_that_turn_text_around_are_made_visible() -> None:
    report = report_of(counted(party_profile(names=("Ada\u202egninruT", "Bo\x07", "Cem\u2069", "Eva"), seats=2)))
    page = report_html(report, "nl")
    assert "Ada⟨U+202E⟩gninruT" in page
    assert "Bo⟨U+0007⟩" in page
    assert not set(page) & {"\u202e", "\x07"}
    assert report_pdf(report, "nl")


def test_the_same_report_gives_the_same_bytes_also_after_reading_it_back() -> None:
    report = report_of(counted(party_profile()))
    again = read_report(report_json(report))
    assert again == report
    for lang in LANGUAGES:
        assert report_html(again, lang) == report_html(report, lang)
        assert report_pdf(again, lang) == report_pdf(report, lang)


@pytest.mark.parametrize(
    ("lang", "expected"), [("nl", "Nog niemand is gekozen verklaard"), ("en", "Nobody has been declared elected yet")]
)
def test_a_blocked_result_says_so_first_and_why(lang: Language, expected: str) -> None:
    why = Text("Het verslag van de vergadering ontbreekt.", "The record of the meeting is missing.")
    report = replace(report_of(counted(party_profile())), result=Result("blocked", (why,)), meeting=None)
    text = Page(report_html(report, lang)).text
    assert expected in text
    assert getattr(why, lang) in text
    assert text.index(expected) < text.index(NAMES[12])


def test_a_difference_that_nobody_explained_stands_out() -> None:
    contest = contest_of(counted(party_profile()))
    assert contest.accounting
    bare = replace(contest, accounting=replace(contest.accounting, explanations=()))
    report = replace(report_of(counted(party_profile())), contests=(bare,))
    assert "NIET VERKLAARD" in Page(report_html(report, "nl")).text
    assert "NIET VERKLAARD" not in Page(report_html(report_of(counted(party_profile())), "nl")).text


def test_another_program_that_elects_others_is_shown_with_both_sets() -> None:
    record = counted(party_profile(names=("Ada", "Bo", "Cem", "Eva"), seats=2))
    theirs = tuple(c for c in range(4) if c not in record.elected)
    why = Text("Zij verdelen anders.", "They divide in another way.")
    contest = replace(contest_of(record), cross_check=CrossCheck("pyrankvote 2.0.6", "differs", theirs, why))
    text = Page(report_html(replace(report_of(record), contests=(contest,)), "en")).text
    assert f"By pyrankvote 2.0.6: {' and '.join(record.candidates[c] for c in theirs)}." in text
    assert "They divide in another way." in text


def test_an_uncontested_election_has_a_report_without_stages() -> None:
    record = counted(profile_of("Proef", ("Ada", "Bo"), [(0,)], seats=2))
    assert record.uncontested
    assert "niet meer kandidaten dan zetels" in Page(report_html(report_of(record), "nl")).text
    assert report_pdf(report_of(record), "nl")


def test_a_contest_that_names_nobody_known_is_refused() -> None:
    record = counted(party_profile(names=("Ada", "Bo", "Cem"), seats=1))
    with pytest.raises(ValueError, match="candidate 7 does not exist"):
        replace(contest_of(record), elected=(7,))
    with pytest.raises(ValueError, match="names other candidates"):
        Contest(id="x", title=Text("x", "x"), seats=1, candidates=(), elected=(), count=record)


def test_both_languages_have_all_words_with_the_same_places_to_fill() -> None:
    place = re.compile(r"\{(\w+)\}")
    for key, (dutch, english) in words().items():
        assert dutch, key
        assert english, key
        assert set(place.findall(dutch)) == set(place.findall(english)), key


def test_no_word_is_kept_that_nothing_says() -> None:
    folder = Path(__file__).parents[2] / "plugins" / "stembus_polls" / "report"
    code = "\n".join(path.read_text() for path in sorted(folder.glob("*.py")))
    said = set(re.findall(r'"([a-z_]+)"', code))
    stems = set(re.findall(r'f"([a-z_]+)\{', code)) | {"elected_clause", "rest_clause"}
    by_value = {"agrees", "differs", "not_applicable", "doomed", "guarded"}
    unused = [key for key in words() if key not in said | by_value and not key.startswith(tuple(stems))]
    assert unused == []


@pytest.mark.parametrize(
    ("units", "dutch", "english"),
    [
        (4_100_000, "41", "41"),
        (119_146_290, "1.191,46", "1,191.46"),
        (44_999, "0,44", "0.44"),
        (3, "minder dan 0,01", "less than 0.01"),
        (0, "0", "0"),
    ],
)
def test_votes_for_reading_are_cut_off_at_two_decimals(units: int, dutch: str, english: str) -> None:
    assert (votes(units, 5, "nl"), votes(units, 5, "en")) == (dutch, english)


@pytest.mark.parametrize(
    ("lang", "expected", "why"),
    [
        ("nl", "Deze uitslag geldt niet. Niemand is erdoor gekozen.", "een bezwaar was terecht"),
        ("en", "This result does not hold. Nobody is elected by it.", "an objection was upheld"),
    ],
)
def test_a_result_that_was_annulled_says_so_before_anything_else(lang: Language, expected: str, why: str) -> None:
    annulled = Annulled(
        at=datetime(2026, 7, 1, 12, tzinfo=UTC),
        by=(Text("de geschillencommissie", "the dispute committee"),),
        reason="objection_upheld",
        ground="Uitspraak 12",
        again=("raad-opnieuw",),
    )
    report = replace(report_of(counted(party_profile())), annulled=annulled)
    html, pdf = Page(report_html(report, lang)).text, pdf_text(report_pdf(report, lang))
    for said in (expected, why, "Uitspraak 12", "raad-opnieuw", getattr(annulled.by[0], lang)):
        assert said in html
        assert said.replace(" ", "") in pdf.replace(" ", "")
    assert html.index(expected) < html.index(NAMES[12])
    assert '"notice good"' in report_html(replace(report, annulled=None), lang)
    assert '"notice good"' not in report_html(report, lang), "nothing below the warning says that they are elected"
    assert read_report(report_json(report)) == report
    assert expected not in Page(report_html(replace(report, annulled=None), lang)).text
