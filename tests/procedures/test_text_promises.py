"""What the text of every policy promises: nothing silent, nothing invented, the same articles in each language."""

import re

import pytest
from hypothesis import HealthCheck, given, settings
from policy_texts import KARAOKE, PARTIJRAAD, Karaoke
from random_policies import policies

from stembus_procedures import Policy, load_policy
from stembus_procedures.text import LANGS, Document, render, shipped, to_html, to_markdown, to_plain, unsaid
from stembus_procedures.text.catalogue import faults, read_article

QUICK = settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


def shape(document: Document) -> list[tuple[int, list[tuple[int, int]]]]:
    """Per article how many sentences and items its paragraphs have, explanations of hard words left out."""
    return [
        (
            section.number,
            [
                (sum(bool(s.keys) for s in paragraph.sentences), len(paragraph.items))
                for paragraph in section.paragraphs
            ],
        )
        for section in document.sections
    ]


@QUICK
@given(policies())
def test_no_key_of_any_policy_is_silent(policy: Policy) -> None:
    assert unsaid(policy) == ()


@QUICK
@given(policies())
def test_article_and_paragraph_are_the_same_in_every_language(policy: Policy) -> None:
    first, *others = (shape(render(policy, lang)) for lang in LANGS)
    assert all(other == first for other in others)


@QUICK
@given(policies())
def test_no_sentence_shows_its_machinery(policy: Policy) -> None:
    for lang in LANGS:
        for sentence in render(policy, lang).sentences():
            assert not re.search(r"[{}|]|\bNone\b|\bTrue\b|\bFalse\b|Moment\(|Words\(", sentence.text), sentence


@QUICK
@given(policies())
def test_every_sentence_that_rules_names_its_keys(policy: Policy) -> None:
    document = render(policy, "nl")
    rules = [s for section in document.sections for p in section.paragraphs for s in p.sentences]
    assert all(sentence.keys for sentence in rules)


def test_the_catalogue_has_each_sentence_in_three_languages_with_the_same_keys() -> None:
    assert faults(shipped()) == ()


def test_a_stage_of_a_stranger_is_printed_though_no_sentence_speaks_of_it() -> None:
    policy = load_policy(PARTIJRAAD + KARAOKE, extra_kinds=[Karaoke])
    assert "stages.singing.song" in unsaid(policy)
    assert "De Internationale" in to_plain(render(policy, "nl"))


SINGING = """
heading = { nl = "Zingen", nl_simple = "Zingen", en = "Singing" }

[[sentence]]
of = "Karaoke"
nl = "Uiterlijk {due} zingt {owner} “{song}”."
nl_simple = "{owner} zingt “{song}”, uiterlijk {due}."
en = "At the latest {due}, {owner} sings “{song}”."
"""


def test_a_stranger_brings_sentences_for_a_stage_of_their_own() -> None:
    policy = load_policy(PARTIJRAAD + KARAOKE, extra_kinds=[Karaoke])
    catalogue = shipped().plus([read_article("67-singing.toml", SINGING)])
    assert faults(catalogue) == ()
    assert unsaid(policy, catalogue=catalogue) == ()
    text = to_plain(render(policy, "en", catalogue=catalogue))
    assert "At the latest at 21:00 on the day of the general assembly, the board sings" in " ".join(text.split())


def test_a_catalogue_with_a_language_or_a_key_amiss_is_found_out() -> None:
    forgotten = SINGING.replace("“{song}”, uiterlijk {due}.", "").replace('en = "At', 'en = "{At')
    found = faults(shipped().plus([read_article("67-singing.toml", forgotten)]))
    assert any("names other keys in nl_simple" in fault for fault in found)
    assert any("bracket" in fault and "en" in fault for fault in found)


def test_a_stage_of_an_unknown_kind_is_printed_with_all_it_holds() -> None:
    policy = load_policy(PARTIJRAAD + KARAOKE)
    assert unsaid(policy) == ()
    assert "De Internationale" in " ".join(to_plain(render(policy, "en")).split())


def test_plain_text_keeps_to_eighty_columns() -> None:
    policy = load_policy(PARTIJRAAD)
    assert all(len(line) <= 80 for lang in LANGS for line in to_plain(render(policy, lang)).splitlines())


def test_the_three_forms_say_the_same_sentences() -> None:
    document = render(load_policy(PARTIJRAAD), "nl")
    squeezed = {re.sub(r"\W+", "", form(document)) for form in (to_plain, to_markdown)}
    for sentence in document.sentences():
        bare = re.sub(r"\W+", "", sentence.text)
        assert all(bare in text for text in squeezed)


def test_html_escapes_what_a_policy_writes() -> None:
    policy = load_policy(PARTIJRAAD.replace("De partijraad houdt", "<script>alert()</script> houdt", 1))
    assert "<script>" not in to_html(render(policy, "nl"))
    assert "&lt;script&gt;" in to_html(render(policy, "nl"))


def test_a_language_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="nl, nl-simple, en"):
        render(load_policy(PARTIJRAAD), "fy")  # type: ignore[arg-type]
