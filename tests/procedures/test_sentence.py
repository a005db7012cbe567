"""A sentence keeps its template and its values, and its values are only put in."""

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stembus_procedures.language.values import Words
from stembus_procedures.sentence import Sentence

NOON = datetime(2026, 6, 20, 12, 0, tzinfo=ZoneInfo("Europe/Amsterdam"))

IN_ENGLISH: tuple[tuple[Sentence, str], ...] = (
    (Sentence("Nothing was changed."), "Nothing was changed."),
    (Sentence("Write {name} for a place."), "Write {name} for a place."),
    (Sentence("{name} has no dates.", name="council"), "council has no dates."),
    (Sentence("There is no {name!r}.", name="council"), "There is no 'council'."),
    (Sentence("It closed at {at}.", at=NOON), "It closed at 2026-06-20 12:00."),
    (Sentence("Kept until {day}.", day=date(2026, 6, 20)), "Kept until 2026-06-20."),
    (Sentence("There are {names}.", names=["one", "two"]), "There are one, two."),
    (Sentence("There is: {names}.", names=Sentence("none yet")), "There is: none yet."),
    (Sentence("It is for {body}.", body=Words(nl="het bestuur", en="the board")), "It is for the board."),
    (Sentence("For {bodies}.", bodies=[Words(nl="de raad", en="the council")]), "For the council."),
)


@pytest.mark.parametrize(("sentence", "said"), IN_ENGLISH, ids=[said for _, said in IN_ENGLISH])
def test_a_sentence_is_said_in_english(sentence: Sentence, said: str) -> None:
    assert str(sentence) == said


@given(st.text())
def test_what_somebody_typed_is_put_in_and_never_looked_into(typed: str) -> None:
    assert str(Sentence("It says {text}.", text=typed)) == f"It says {typed}."
    inner = Sentence("{text}", text=typed)
    assert str(Sentence("It says {inner}.", inner=inner)) == f"It says {typed}."


@given(st.text())
def test_a_sentence_without_values_is_not_looked_into_at_all(text: str) -> None:
    assert str(Sentence(text)) == text


@pytest.mark.parametrize("other", [Sentence("{a}", a=2), Sentence("{b}", b=1), "1", None])
def test_sentences_are_equal_by_template_and_values(other: Any) -> None:
    one = Sentence("{a}", a=1)
    assert one == Sentence("{a}", a=1)
    assert hash(one) == hash(Sentence("{a}", a=1))
    assert one != other
