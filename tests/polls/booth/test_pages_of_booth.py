"""The booth and the checker as files: what is in them, what may never be, and that what follows from them is there."""

import hashlib
import re
from pathlib import Path
from typing import get_args

import pytest
from booth_page import script_of, words_of
from click.testing import CliRunner

from stembus_polls.booth.seal import BOOTH, CHECKER, SHARED, sealed
from stembus_polls.commands.booth import booth_group
from stembus_polls.secret import cast as casting
from stembus_polls.secret.standing import Reason

PAGES = (BOOTH, CHECKER)
DOCS = Path(__file__).parents[3] / "docs"
FORBIDDEN = (
    *(r"Math\.random", r"\beval\b", r"new Function", r"\bimport\b", r"innerHTML", r"outerHTML", r"insertAdjacentHTML"),
    *(r"document\.write", r"localStorage", r"sessionStorage", r"indexedDB", r"\bcaches\b", r"document\.cookie"),
    *(
        r"console\.",
        r"XMLHttpRequest",
        r"sendBeacon",
        r"WebSocket",
        r"pushState",
        r"postMessage\(state\b(?!\.commitment)",
    ),
)
OF_THE_PAGE = {"no_link", "no_server", "other_poll", "other_receipt", "fault", "refused", "code"}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_policy_in_the_page_is_that_of_what_is_in_it(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert sealed(text) == text, "run `python -m stembus_polls.booth.seal`"
    assert len(re.findall(r"<script\b", text)) == 2  # one of words, one that runs
    assert not re.findall(r'\s(?:src|style|on\w+)="', text)


def test_booth_and_checker_make_a_ballot_in_the_same_way() -> None:
    booth, checker = (SHARED.findall(page.read_text(encoding="utf-8")) for page in PAGES)
    assert len(booth) == 1
    assert booth == checker, "run `python -m stembus_polls.booth.seal`"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_b9_s7_nothing_random_but_the_browsers_own_source_and_nothing_that_keeps_a_choice(page: Path) -> None:
    script = script_of(page)
    assert [pattern for pattern in FORBIDDEN if re.search(pattern, script)] == []
    assert script.count("getRandomValues") == (2 if page == BOOTH else 0)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_everything_is_said_in_each_language_and_nothing_for_nobody(page: Path) -> None:
    words, script = words_of(page), script_of(page)
    for key, said in words.items():
        assert {"nl", "en"} <= said.keys() <= {"nl", "en", "nl_simple"}, key
        places = {tuple(sorted(re.findall(r"\{(\w+)", text))) for text in said.values()}
        assert len(places) == 1, f"{key} has other places in another language"
        assert said.get("nl_simple") != said["nl"], f"{key}: easy Dutch is the same, and need not be there"
    built = ("code_", "answer_", "stop_")
    unused = [key for key in words if not key.startswith(built) and f'"{key}"' not in script]
    assert unused == []
    asked = set(re.findall(r'say\("(\w+)"', script))
    assert asked <= words.keys(), asked - words.keys()


def test_each_reason_of_the_server_is_told_in_words() -> None:
    words = words_of(BOOTH)
    source = Path(casting.__file__).read_text(encoding="utf-8")
    of_cast = set(re.findall(r'CannotCast\(\s*\w+, "(\w+)"', source))
    known = {"session", "too_often", "credential", "credential_used", "void", "not_active", "paper", "copied", "closed"}
    assert of_cast <= known | {"size"}, "a new reason: give it words"
    for reason in {*get_args(Reason), *known, *OF_THE_PAGE} - {"", "size"}:
        assert {f"stop_{reason}", f"stop_{reason}_do"} <= words.keys(), reason


def test_the_hashes_are_printed_and_stand_in_the_documentation() -> None:
    printed = CliRunner().invoke(booth_group, ["hash"]).output
    for page in PAGES:
        digest = hashlib.sha256(page.read_bytes()).hexdigest()
        assert f"{digest}  {page.name}\n" in printed
        assert digest in (DOCS / "booth.md").read_text(encoding="utf-8"), (
            f"docs/booth.md has another hash of {page.name}"
        )


def test_an_auditor_can_read_what_runs() -> None:
    assert len(script_of(BOOTH).splitlines()) < 1_000
    assert max(len(line) for page in PAGES for line in script_of(page).splitlines()) <= 130
