"""What changed between two policies is told in sentences, and every change is told."""

import tomllib
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from policy_texts import GONE, KARAOKE, PARTIJRAAD, Karaoke, changed, edited
from random_policies import policies

from stembus_procedures import Policy, load_policy
from stembus_procedures.diff import differences

BEFORE = load_policy(PARTIJRAAD)


@pytest.mark.parametrize(
    ("edits", "nl", "en"),
    [
        (
            {"stages.convocation.due.days": -21},
            "De oproepingstermijn gaat van 14 naar 21 volle dagen (artikel 11, lid 1).",
            "The convocation term goes from 14 to 21 clear days (article 11, paragraph 1).",
        ),
        (
            {"seats.maximum_terms": 2},
            "Het grootste aantal termijnen achter elkaar gaat van 3 naar 2 (artikel 2, lid 3).",
            "The greatest number of terms in a row goes from 3 to 2 (article 2, paragraph 3).",
        ),
        (
            {"stages.candidates.stand.member_for": {"n": 1, "unit": "years"}},
            "De duur van het lidmaatschap voor kandidaten gaat van drie maanden naar één jaar (artikel 4, lid 2).",
            "The length of membership for candidates goes from three months to one year (article 4, paragraph 2).",
        ),
        (
            {"stages.call.closes.days": -35},
            (
                "De sluiting van de oproep tot kandidaatstelling gaat van 42 naar 35 dagen vóór de dag van de "
                "ledenvergadering (artikel 5, lid 1)."
            ),
            (
                "The close of the call for candidates goes from 42 to 35 days before the day of the general assembly "
                "(article 5, paragraph 1)."
            ),
        ),
        (
            {"stages.alv.quorum.fraction": "1/10"},
            "Het deel in het quorum gaat van een twintigste naar een tiende (artikel 12, lid 2).",
            "The share in the quorum goes from one twentieth to one tenth (article 12, paragraph 2).",
        ),
        (
            {"committees[0].appointed_by": "bestuur"},
            "Wie de kiescommissie benoemt, gaat van de algemene ledenvergadering naar het bestuur (artikel 1, lid 2).",
            (
                "Who appoints the electoral committee goes from the general assembly to the board "
                "(article 1, paragraph 2)."
            ),
        ),
        (
            {"stages.call.late": "by_decision"},
            (
                "Artikel 5, lid 2. Was: “Een kandidaatstelling die na de sluiting binnenkomt, is ongeldig.” "
                "Wordt: “Over een kandidaatstelling die na de sluiting binnenkomt, beslist de kiescommissie.”"
            ),
            (
                "Article 5, paragraph 2. It said: “A candidacy that arrives after the close is invalid.” It will say: "
                "“The electoral committee decides on a candidacy that arrives after the close.”"
            ),
        ),
        (
            {"stages.call.early_close_by": "bestuur"},
            "Artikel 5, lid 1. Was: “Eerder sluiten kan niet.” Wordt: “Eerder sluiten kan alleen door het bestuur.”",
            (
                "Article 5, paragraph 1. It said: “It cannot be closed early.” It will say: "
                "“Only the board can close it early.”"
            ),
        ),
    ],
)
def test_a_change_is_told_in_dutch_and_in_english(edits: dict[str, Any], nl: str, en: str) -> None:
    after = edited(edits)
    assert differences(BEFORE, after, "nl") == (nl,)
    assert differences(BEFORE, after, "en") == (en,)


def test_a_policy_does_not_differ_from_itself_however_it_is_laid_out() -> None:
    other_layout = load_policy(PARTIJRAAD.replace("\n\n", "\n\n# a remark\n\n"))
    assert differences(BEFORE, other_layout) == ()


def test_a_stage_that_comes_and_one_that_goes_are_named() -> None:
    after = load_policy(PARTIJRAAD + KARAOKE, extra_kinds=[Karaoke])
    assert differences(BEFORE, after, "en") == ("A step is added: “singing” (singing).",)
    assert differences(after, BEFORE, "en") == ("A step is dropped: “singing” (singing).",)


def test_another_order_of_stages_is_told() -> None:
    stages = PARTIJRAAD.split("\n[[stages]]\n")
    stages[2], stages[3] = stages[3], stages[2]
    (told,) = differences(BEFORE, load_policy("\n[[stages]]\n".join(stages)), "nl")
    assert told.startswith(
        "De volgorde van de stappen wordt: het besluit over het aantal te vervullen zetels, de kandidaatstelling, "
    )


def test_one_more_document_does_not_change_the_ones_after_it() -> None:
    extra = {
        "type": "plan",
        "name": {"nl": "een plan", "en": "a plan"},
        "sensitivity": "normal",
        "public": True,
        "form": "free",
    }
    documents = tomllib.loads(PARTIJRAAD)["stages"][2]["documents"]
    after = edited({"stages.candidates.documents": [extra, *documents]})
    told = differences(BEFORE, after, "en")
    assert any("a plan (required" in sentence for sentence in told)
    assert not any("a statement of why you stand" in sentence for sentence in told)


def test_a_key_that_no_sentence_says_is_told_as_data() -> None:
    after = load_policy(changed(('criterion = "gender"', 'criterion = "gender_x"')))
    assert any("gender_x" in sentence for sentence in differences(BEFORE, after))


def test_what_one_paragraph_says_of_one_part_is_quoted_at_once() -> None:
    after = edited({"stages.alv.quorum": {"base": "entitled", "number": 100, "counts_proxies": True}})
    (told,) = [sentence for sentence in differences(BEFORE, after, "en") if "paragraph 2" in sentence]
    assert told == (
        "Article 12, paragraph 2. It said: “At least one twentieth of those entitled to vote must take part for a "
        "decision. Proxies do not count for it.” It will say: “At least 100 of those entitled to vote must take part "
        "for a decision. Proxies count for it.”"
    )


def test_a_sentence_about_two_keys_is_quoted_once() -> None:
    after = edited({"stages.call.late": "by_decision", "stages.call.late_decided_by": "bestuur"})
    (told,) = differences(BEFORE, after, "en")
    assert told.endswith("It will say: “The board decides on a candidacy that arrives after the close.”")


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(policies(), policies(), st.sampled_from(("nl", "en")))
def test_two_policies_differ_in_sentences_exactly_when_they_differ(a: Policy, b: Policy, lang: Any) -> None:
    assert bool(differences(a, b, lang)) == (a != b)
    assert differences(a, a, lang) == ()


def test_words_that_change_in_one_language_only_are_shown_in_that_language() -> None:
    after = load_policy(changed(('nl_simple = "de dag van de vergadering"', 'nl_simple = "de dag zelf"')))
    assert any("“de dag van de vergadering” naar “de dag zelf”" in sentence for sentence in differences(BEFORE, after))


def test_a_part_that_is_left_out_is_told_by_its_sentences() -> None:
    (gone,) = [s for s in differences(BEFORE, edited({"complaints": GONE}), "en") if "complaint about" in s]
    assert gone.startswith(
        "Article 17, paragraph 1 (old text). No longer: “A complaint about the procedure goes to the stembureau"
    )
