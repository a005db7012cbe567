"""What people read is in their language: messages, dates, numbers, lists, and nothing untranslated slips through."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from importlib.resources.abc import Traversable
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from click.testing import CliRunner, Result
from jinja2 import UndefinedError

from stembus.errors import Refused
from stembus.web.catalogues import main
from stembus.web.words import LANGUAGES, Lang, environment, speech
from stembus.words import N_, Words

AMSTERDAM, CURACAO, SYDNEY = ZoneInfo("Europe/Amsterdam"), ZoneInfo("America/Curacao"), ZoneInfo("Australia/Sydney")
NOON = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)


def test_what_is_to_be_typed_is_marked_as_that_and_the_rest_stays_text() -> None:
    page = environment("en").from_string("{{ said | coded }}").render(said="write `3 1 2`, not <b>`a&b`</b> or `")
    assert page == "write <code>3 1 2</code>, not &lt;b&gt;<code>a&amp;b</code>&lt;/b&gt; or `"


class Pack:
    """A plugin with one template and catalogues of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def write(self, path: str, text: str) -> "Pack":
        """Add a file."""
        file = self.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        return self

    def catalogue(self, language: str, **messages: str) -> "Pack":
        """Add a catalogue with these messages."""
        entries = "".join(f'msgid "{msgid}"\nmsgstr "{string}"\n\n' for msgid, string in messages.items())
        header = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
        return self.write(f"locale/{language}/LC_MESSAGES/pack.po", header + entries)

    def templates(self) -> Mapping[str, Traversable]:
        """What the plugin registers."""
        return {"pack": self.folder / "templates"}

    def translations(self) -> Mapping[str, Traversable]:
        """What the plugin registers."""
        return {"pack": self.folder / "locale"}


@pytest.fixture
def pack(tmp_path: Path) -> Pack:
    """A plugin that says "Hello" in Dutch and "Bye" in both."""
    made = Pack(tmp_path / "pack").write("templates/page.html", "{{ _('Hello') }}, {{ _('Bye') }}, {{ _('Later') }}")
    return made.catalogue("nl", Hello="Hallo", Bye="Tot ziens").catalogue("nl@simple", Bye="Dag")


def test_each_language_falls_back_to_the_next_and_then_to_english(pack: Pack) -> None:
    said = {lang: environment(lang, pack).get_template("pack/page.html").render() for lang in LANGUAGES}
    assert said == {
        "nl": "Hallo, Tot ziens, Later",
        "nl-simple": "Hallo, Dag, Later",
        "en": "Hello, Bye, Later",
    }


def test_a_translation_that_is_marked_fuzzy_or_empty_is_not_shown(pack: Pack) -> None:
    pack.write(
        "locale/nl/LC_MESSAGES/pack.po",
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
        '#, fuzzy\nmsgid "Hello"\nmsgstr "Vaarwel"\n\nmsgid "Bye"\nmsgstr ""\n',
    )
    assert environment("nl", pack).get_template("pack/page.html").render() == "Hello, Bye, Later"


@pytest.mark.parametrize(
    ("message", "lang", "said"),
    [
        (Words("{day} at {clock}", {"day": date(2026, 3, 1), "clock": "9:00"}), "nl", "1 maart 2026 om 9:00 uur"),
        (Words("{day} at {clock}", {"day": date(2026, 3, 1), "clock": "9:00"}), "en", "1 March 2026 at 9:00"),
        (Words("{n} of {all}", {"n": 34, "all": 12345}), "nl", "34 of 12.345"),
        (Words("{n} of {all}", {"n": 34, "all": 12345}), "en", "34 of 12,345"),
        (Words("{names}", {"names": ["a", "b", "c"]}), "nl", "a, b en c"),
        (Words("{names}", {"names": ("a", "b", "c")}), "en", "a, b and c"),
        (Words("It is {when}.", {"when": Words("today")}), "nl", "It is vandaag."),
        (Words("{body} decides", {"body": SimpleNamespace(nl="Bestuur", en="Board")}), "nl-simple", "Bestuur decides"),
        (Words("{body} decides", {"body": SimpleNamespace(nl="Bestuur", en="Board")}), "en", "Board decides"),
        (Words("{one}", {"one": SimpleNamespace(nl="Telling", nl_simple="Tellen", en="Count")}), "nl-simple", "Tellen"),
        (Words("{one}", {"one": SimpleNamespace(nl="Telling", nl_simple="Tellen", en="Count")}), "nl", "Telling"),
        (Words("{one}", {"one": SimpleNamespace(nl="Uitslag", nl_simple="", en="Result")}), "nl-simple", "Uitslag"),
        (Words("{value}", {"value": "{other}"}), "en", "{other}"),
        (Words("No body {name!r}", {"name": "raad"}), "nl", "No body “raad”"),
        (Refused("{name} is {when}.", name="Bo", when=Words("tomorrow")), "nl", "Bo is morgen."),
        ("Braces {stay} when there are no values", "nl", "Braces {stay} when there are no values"),
        ("", "nl", ""),
    ],
)
def test_a_message_is_said_with_its_values_as_the_language_writes_them(message: Any, lang: Lang, said: str) -> None:
    assert speech(lang).say(message) == said


def test_a_place_without_a_value_is_an_error_and_not_an_empty_spot() -> None:
    with pytest.raises(KeyError):
        speech("nl").say("{day} at {clock}", day="today")


def test_a_translation_cannot_reach_into_a_value() -> None:
    with pytest.raises(KeyError):
        speech("nl").say("{name.__class__}", name="Bo")


@pytest.mark.parametrize(
    ("lang", "at", "also", "said"),
    [
        ("en", NOON, None, "Monday 23 November 2026 at 12:00"),
        ("nl", NOON, None, "maandag 23 november 2026 om 12:00 uur"),
        ("en", NOON, AMSTERDAM, "Monday 23 November 2026 at 12:00"),
        ("en", NOON, ZoneInfo("Europe/Paris"), "Monday 23 November 2026 at 12:00"),
        ("en", NOON, CURACAO, "Monday 23 November 2026 at 12:00 (07:00 in Curaçao)"),
        (
            "nl",
            datetime(2026, 11, 23, 22, 0, tzinfo=UTC),
            SYDNEY,
            "maandag 23 november 2026 om 23:00 uur (dinsdag 24 november 2026 om 09:00 uur in Sydney)",
        ),
        # Curaçao is six hours behind in the Dutch summer and five in the winter.
        ("en", datetime(2026, 7, 1, 10, 0, tzinfo=UTC), CURACAO, "Wednesday 1 July 2026 at 12:00 (06:00 in Curaçao)"),
    ],
)
def test_a_moment_is_told_by_the_partys_clock_and_the_readers_where_it_differs(
    lang: Lang, at: datetime, also: ZoneInfo | None, said: str
) -> None:
    assert speech(lang).inside(AMSTERDAM, also).moment(at) == said


def test_a_deadline_at_midnight_is_the_end_of_its_day() -> None:
    midnight = datetime(2026, 11, 23, 23, 0, tzinfo=UTC)
    told = speech("en").inside(AMSTERDAM)
    assert told.moment(midnight, ends=True) == "Monday 23 November 2026 at 24:00"
    assert told.moment(midnight) == "Tuesday 24 November 2026 at 00:00"


@pytest.mark.parametrize(
    ("lang", "at", "now", "said"),
    [
        ("en", date(2026, 11, 26), date(2026, 11, 23), "in 3 days"),
        ("nl", date(2026, 11, 26), date(2026, 11, 23), "over 3 dagen"),
        ("nl-simple", date(2026, 11, 22), date(2026, 11, 23), "gisteren"),
        ("nl", date(2026, 11, 23), date(2026, 11, 23), "vandaag"),
        ("en", date(2026, 11, 24), date(2026, 11, 23), "tomorrow"),
        ("nl", datetime(2026, 11, 23, 9, 0, tzinfo=UTC), NOON, "2 uur geleden"),
        ("nl", NOON, NOON, "zojuist"),
        ("nl-simple", NOON - timedelta(seconds=59), NOON, "zojuist"),
        ("en", NOON - timedelta(seconds=60), NOON, "60 seconds ago"),
        ("en", NOON + timedelta(seconds=1), NOON, "in 1 second"),
    ],
)
def test_how_far_a_day_is_from_now(lang: Lang, at: date, now: date, said: str) -> None:
    assert speech(lang).ago(at, now) == said


def rendered(source: str, lang: Lang = "en", **values: object) -> str:
    return environment(lang).from_string(source).render(**values)


def test_times_in_a_page_can_be_read_by_a_machine_and_are_in_the_zones_of_the_visit() -> None:
    visit = SimpleNamespace(zone=AMSTERDAM, reader_zone=CURACAO, now=NOON)
    assert rendered("{{ at | moment }}", at=NOON, visit=visit) == (
        '<time datetime="2026-11-23T12:00+01:00">Monday 23 November 2026 at 12:00 (07:00 in Curaçao)</time>'
    )
    late = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)
    assert rendered("{{ at | day }}", at=late, visit=visit) == '<time datetime="2026-11-24">24 November 2026</time>'
    assert rendered("{{ at | clock }}", at=late, visit=visit) == '<time datetime="2026-11-24T00:30+01:00">00:30</time>'
    assert ">tomorrow</time>" in rendered("{{ day | ago }}", day=date(2026, 11, 24), visit=visit)
    assert "tomorrow" not in rendered(
        "{{ day | ago }}", day=date(2026, 11, 24), visit=SimpleNamespace(zone=AMSTERDAM, now=late)
    )
    message = Words("Before {end}", {"end": NOON})
    assert rendered("{{ message | say }}", message=message, visit=visit).startswith(
        "Before Monday 23 November 2026 at 12"
    )


def test_a_mail_in_plain_text_has_no_marks_in_it_and_a_page_escapes_everything(pack: Pack) -> None:
    pack.write("templates/mail.txt", "{{ name }} {{ at | until }}").write("templates/mail.html", "{{ name }}")
    made = environment("nl", pack)
    assert made.get_template("pack/mail.txt").render(name="A & B", at=NOON, zone=AMSTERDAM) == (
        "A & B maandag 23 november 2026 om 12:00 uur"
    )
    assert made.get_template("pack/mail.html").render(name="<b>") == "&lt;b&gt;"
    assert rendered("{{ name }}", name="<b>") == "&lt;b&gt;"
    assert rendered("{{ _('Dear %(name)s', name=name) }}", name="<b>") == "Dear &lt;b&gt;"
    assert rendered("{{ words | say }}", words=Words("Dear {name}", {"name": "<b>"})) == "Dear &lt;b&gt;"


def test_a_value_that_a_page_forgot_is_an_error() -> None:
    with pytest.raises(UndefinedError):
        rendered("{{ forgotten }}")


def test_names_are_as_people_write_them() -> None:
    member = SimpleNamespace(given="Jan", particle="van der", surname="Berg")
    assert rendered("{{ member | person }}", member=member) == "Jan van der Berg"


# The catalogues


PYPROJECT = '[tool.stembus.words]\nskip = ["src/terminal.py"]\n[tool.stembus.words.packages]\npack = ["src", "rules"]\n'


@pytest.fixture
def sources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Pack:
    """The sources of a plugin with a rule, a template that members meet, and one for the office."""
    monkeypatch.chdir(tmp_path)
    return (
        Pack(tmp_path)
        .write("pyproject.toml", PYPROJECT)
        .write("src/plugin.py", 'from x import N_, Refused\nclass Late(Refused): ...\nraise Late("{name} is late")\n')
        .write("src/terminal.py", 'N_("Only in the terminal")\n')
        .write("src/kept.py", '"""Kept."""\n\n# readers: members\n\nkeep = N_("a year")\n')
        .write("rules/rule.py", 'why = N_("No") if x else say("Yes " "indeed")\n')
        .write("src/templates/mine.html", "{# readers: members #}\n{% trans day=d %}Until {{ day }}{% endtrans %}")
        .write(
            "src/templates/office.html",
            "{{ _('Rows') }}{% trans n=3 %}{{ n }} row{% pluralize %}{{ n }} rows{% endtrans %}",
        )
    )


@pytest.fixture
def words(sources: Pack) -> Callable[[str], Result]:
    """The command, in the folder of the sources."""
    return lambda command: CliRunner().invoke(main, [command])


def test_every_message_gets_a_place_and_easy_dutch_for_what_members_meet(
    sources: Pack, words: Callable[[str], Result]
) -> None:
    answer = words("extract")
    assert "nl/LC_MESSAGES/pack.po: 7 messages, 7 to translate" in answer.output
    assert "nl@simple/LC_MESSAGES/pack.po: 2 messages, 2 to translate" in answer.output
    dutch = (sources.folder / "src/locale/nl/LC_MESSAGES/pack.po").read_text(encoding="utf-8")
    for message in ("No", "Yes indeed", "a year", "{name} is late", "Until %(day)s", "Rows", "%(n)s row"):
        assert f'msgid "{message}"' in dutch
    assert "terminal" not in dutch
    simple = (sources.folder / "src/locale/nl@simple/LC_MESSAGES/pack.po").read_text(encoding="utf-8")
    assert all(f'msgid "{message}"' in simple for message in ("Until %(day)s", "a year"))


def test_extracting_twice_changes_nothing_and_moving_a_line_neither(
    sources: Pack, words: Callable[[str], Result]
) -> None:
    words("extract")
    catalogue = sources.folder / "src/locale/nl/LC_MESSAGES/pack.po"
    before = catalogue.read_bytes()
    sources.write("rules/rule.py", "\n\n\n" + (sources.folder / "rules/rule.py").read_text())
    words("extract")
    assert catalogue.read_bytes() == before


TRANSLATED = {
    "No": "Nee",
    "Rows": "Regels",
    "a year": "een jaar",
    "Until %(day)s": "Tot %(day)s",
    "Yes indeed": "Ja zeker",
    "{name} is late": "{name} is te laat",
}


def translate(sources: Pack, language: str = "nl", **changes: str) -> None:
    path = sources.folder / f"src/locale/{language}/LC_MESSAGES/pack.po"
    text = path.read_text(encoding="utf-8")
    for message, string in {**TRANSLATED, **changes}.items():
        text = text.replace(f'msgid "{message}"\nmsgstr ""', f'msgid "{message}"\nmsgstr "{string}"')
    text = text.replace('msgstr[0] ""\nmsgstr[1] ""', 'msgstr[0] "één regel"\nmsgstr[1] "%(n)s regels"')
    path.write_text(text, encoding="utf-8")


def test_all_is_well_when_everything_is_translated(sources: Pack, words: Callable[[str], Result]) -> None:
    words("extract")
    translate(sources)
    translate(sources, "nl@simple")
    answer = words("check")
    assert answer.output == ""
    assert answer.exit_code == 0


def a_message_more(sources: Pack) -> None:
    sources.write("src/more.py", 'N_("One more")\n')


def a_message_less(sources: Pack) -> None:
    sources.write("rules/rule.py", 'N_("No")\n')


def a_fuzzy_one(sources: Pack) -> None:
    path = sources.folder / "src/locale/nl/LC_MESSAGES/pack.po"
    path.write_text(path.read_text().replace('msgid "Rows"', '#, fuzzy\nmsgid "Rows"'), encoding="utf-8")


def other_order(sources: Pack) -> None:
    path = sources.folder / "src/locale/nl/LC_MESSAGES/pack.po"
    head, *entries = path.read_text().strip().split("\n\n")
    path.write_text("\n\n".join([head, *reversed(entries)]) + "\n", encoding="utf-8")


def an_f_string(sources: Pack) -> None:
    sources.write("src/more.py", 'raise Refused(f"{name} is late")\n')


def changed(message: str, string: str, language: str = "nl") -> Callable[[Pack], None]:
    def change(sources: Pack) -> None:
        path = sources.folder / f"src/locale/{language}/LC_MESSAGES/pack.po"
        before = f'msgid "{message}"\nmsgstr "{TRANSLATED[message]}"'
        assert before in path.read_text(encoding="utf-8")
        path.write_text(path.read_text().replace(before, f'msgid "{message}"\nmsgstr "{string}"'), encoding="utf-8")

    return change


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (a_message_more, "nl: not translated: 'One more'"),
        (a_message_less, "nl: nobody says this any more: 'Yes indeed'"),
        (a_fuzzy_one, "nl: marked fuzzy: look at it and take the mark away: 'Rows'"),
        (other_order, "nl: pack.po is not up to date"),
        (an_f_string, "src/more.py, line 1: a message is an f-string"),
        (changed("Rows", ""), "nl: not translated: 'Rows'"),
        (changed("Until %(day)s", "", "nl@simple"), "nl@simple: not translated: 'Until %(day)s'"),
        (changed("{name} is late", "{naam} is te laat"), "the translation has other places (naam): '{name} is late'"),
        (changed("{name} is late", "{naam!r} is te laat"), "the translation has other places (naam)"),
        (changed("Until %(day)s", "Tot straks"), "the translation has other places (none): 'Until %(day)s'"),
        (changed("Until %(day)s", "Tot %(day)s 100%"), "a percent sign stands alone: write %%: 'Until %(day)s'"),
        (changed("Rows", "<b>Regels</b>"), "the translation has other tags: 'Rows'"),
    ],
)
def test_the_check_fails_and_says_what_to_do(
    sources: Pack, words: Callable[[str], Result], change: Callable[[Pack], None], told: str
) -> None:
    words("extract")
    translate(sources)
    translate(sources, "nl@simple")
    change(sources)
    answer = words("check")
    assert answer.exit_code == 1
    assert told in answer.output


def test_a_template_that_cannot_be_read_is_named_with_its_line(sources: Pack, words: Callable[[str], Result]) -> None:
    sources.write("src/templates/office.html", "\n{% if %}")
    answer = words("extract")
    assert answer.exit_code == 2
    assert "src/templates/office.html, line 2" in answer.output


def test_outside_the_sources_the_command_says_where_to_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    answer = CliRunner().invoke(main, ["check"])
    assert answer.exit_code == 2
    assert "Go to the folder of the sources" in answer.output


def test_marking_a_message_leaves_it_as_it_is() -> None:
    assert N_("Open") == "Open"
