"""Credentials as people type them: what is made is read back, a slip of the fingers is found. E11 of the attacks."""

import json
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from secret_polls import Dice

from stembus_ballots.protocol.credentials import derived_secret, public_credentials_text, read_public_credentials
from stembus_ballots.protocol.errors import ProtocolError
from stembus_ballots.protocol.group import BELENIOS_2048, group_named
from stembus_ballots.protocol.typed_credential import (
    ALPHABET,
    LENGTH,
    holds_credential,
    new_credential,
    read_credential,
    secret_of,
    shown,
)

DATA = Path(__file__).parents[2] / "data"
BELENIOS = json.loads((DATA / "belenios" / "vectors.json").read_text(encoding="utf-8"))
VECTORS = json.loads((DATA / "typed-credentials.json").read_text(encoding="utf-8"))
CREDENTIALS = st.text().map(lambda seed: new_credential(Dice(seed)))
PLACES = st.integers(0, LENGTH - 1)
DIGITS = st.sampled_from(ALPHABET)


def with_digit(credential: str, place: int, digit: str) -> str:
    """Return the credential with another character in one place."""
    return credential[:place] + digit + credential[place + 1 :]


def rule_broken(typed: str) -> str:
    """Return the rule by which what was typed is refused; nothing where it is a credential."""
    try:
        read_credential(typed)
    except ProtocolError as error:
        return error.rule
    return ""


@given(CREDENTIALS)
def test_a_credential_is_read_as_it_was_made(credential: str) -> None:
    assert len(credential) == LENGTH
    assert set(credential) <= set(ALPHABET)
    assert read_credential(credential) == read_credential(shown(credential)) == credential
    assert [len(group) for group in shown(credential).split("-")] == [4] * 7


def test_credentials_are_never_the_same() -> None:
    dice = Dice("credentials")
    assert len({new_credential(dice) for _ in range(200)}) == 200


@given(CREDENTIALS, st.lists(st.sampled_from([" ", "-", "\t", "\n", "–", " ", "."]), max_size=LENGTH), st.data())
def test_e11_capitals_spaces_hyphens_and_lookalikes_make_no_difference(
    credential: str, between: list[str], data: st.DataObject
) -> None:
    spelled = {"0": "0Oo", "1": "1IiLl"}
    typed = "".join(
        data.draw(st.sampled_from(spelled.get(character, character + character.lower()))) for character in credential
    )
    for separator in between:
        place = data.draw(st.integers(0, len(typed)))
        typed = typed[:place] + separator + typed[place:]
    assert read_credential(typed) == credential


@given(CREDENTIALS, PLACES, DIGITS)
def test_e11_every_wrong_character_is_found(credential: str, place: int, digit: str) -> None:
    assume(credential[place] != digit)
    assert rule_broken(with_digit(credential, place, digit)) == "credential.check"


@given(CREDENTIALS, PLACES, PLACES, DIGITS, DIGITS)
def test_e11_every_two_wrong_characters_are_found(credential: str, one: int, other: int, a: str, b: str) -> None:
    typed = with_digit(with_digit(credential, one, a), other, b)
    assume(typed != credential)
    assert rule_broken(typed) == "credential.check"


@given(CREDENTIALS, PLACES, PLACES)
def test_e11_characters_that_changed_places_are_found(credential: str, one: int, other: int) -> None:
    typed = with_digit(with_digit(credential, one, credential[other]), other, credential[one])
    assume(typed != credential)
    assert rule_broken(typed) == "credential.check"


def test_e11_of_codes_that_somebody_makes_up_one_in_a_thousand_is_well_formed() -> None:
    dice = Dice("guesses")
    guesses = ["".join(ALPHABET[dice(32)] for _ in range(LENGTH)) for _ in range(20_000)]
    assert sum(rule_broken(guess) == "" for guess in guesses) < 45  # 20 expected


@given(CREDENTIALS, PLACES, st.characters(exclude_characters=ALPHABET + ALPHABET.lower() + "OoIiLl"))
def test_what_no_code_has_is_named_by_its_place(credential: str, place: int, character: str) -> None:
    with pytest.raises(ProtocolError) as found:
        read_credential(with_digit(credential, place, character))
    missing = found.value.rule == "credential.length"  # a space, or a hyphen of some kind
    assert missing or (found.value.rule == "credential.character" and f"Character {place + 1} " in str(found.value))


@given(st.text())
def test_anything_typed_is_a_credential_or_a_clear_error(typed: str) -> None:
    assert rule_broken(typed).startswith("credential.") or len(read_credential(typed)) == LENGTH


@pytest.mark.parametrize("vector", VECTORS["read"], ids=lambda vector: vector["typed"] or "nothing")
def test_vectors_are_read(vector: dict[str, str]) -> None:
    assert rule_broken(vector["typed"]) == vector.get("refused", "")
    if "credential" in vector:
        assert read_credential(vector["typed"]) == vector["credential"]


@pytest.mark.parametrize("vector", VECTORS["secrets"], ids=lambda vector: vector["group"])
def test_vectors_give_their_secret_and_key(vector: dict[str, str]) -> None:
    group = group_named(vector["group"])
    secret = secret_of(vector["credential"], vector["uuid"], group)
    assert str(secret) == vector["secret"]
    assert group.text(group.power(group.g, secret)) == vector["public_key"]


def test_the_secret_is_derived_as_belenios_derives_it() -> None:
    vector = BELENIOS["credential_full_style_3x"]
    secret = derived_secret(vector["credential"], vector["uuid"], BELENIOS_2048)
    assert str(secret) == vector["secret_mod_q"]
    assert BELENIOS_2048.text(BELENIOS_2048.power(BELENIOS_2048.g, secret)) == vector["public_key"]


def test_the_secret_in_one_poll_is_another_in_the_next() -> None:
    credential = new_credential(Dice("one"))
    secrets = {secret_of(credential, poll, BELENIOS_2048) for poll in ("Voorbee1dpart1j", "Voorbee1dpart2j")}
    assert len(secrets) == 2


@given(
    CREDENTIALS, st.sampled_from(["{}", "Uw code: {}.", "<strong>{}</strong>", "https://booth.example/#u.h.{}", "({})"])
)
def test_s2_a_credential_in_a_text_is_found(credential: str, around: str) -> None:
    for typed in (shown(credential), credential, credential.lower(), shown(credential).replace("-", " ")):
        assert holds_credential(around.format(typed))
    mistyped = with_digit(credential, 3, "0" if credential[3] != "0" else "1")
    assert holds_credential(around.format(shown(mistyped)))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Dit zijn zeven korte woorden: deze zijn alle vier tekens lang voor hier.",
        "Deze zijn alle vier even lang hier.",
        "NL91 ABNA 0417 1643 00",
        "0f8fad5b-d9cb-469f-a165-70867728950e",
        "https://stembus.example/sign-in/7Qm2vB0nJc8sXq1LkT4rYw9aZp3dHf6g",
        "4RT9-77KQ-1",
    ],
)
def test_what_is_no_credential_is_let_through(text: str) -> None:
    assert not holds_credential(text)


def test_a_weight_is_written_only_where_it_is_not_1() -> None:
    two, four = (BELENIOS_2048.power(BELENIOS_2048.g, number) for number in (2, 4))
    first, second = sorted((two, four))
    assert json.loads(public_credentials_text([(second, 1), (first, 3)], BELENIOS_2048)) == [f"{first},3", str(second)]


G, H = (str(BELENIOS_2048.power(BELENIOS_2048.g, number)) for number in (1, 2))


@pytest.mark.parametrize(
    ("lines", "weighted", "found"),
    [
        pytest.param([G, f"{H},3"], True, {G: 1, H: 3}, id="with weights"),
        pytest.param([H, f"{G},1"], False, {H: 1, G: 1}, id="all of weight 1"),
        pytest.param([G, f"{H},3"], False, "credentials.weight", id="weights where none belong"),
        pytest.param([G, f"{H},"], True, "credentials.weight", id="no weight after the comma"),
        pytest.param([G, "4"], True, "credentials.key", id="what is no element"),
        pytest.param([G, "1"], True, "credentials.key", id="the key of the secret 0"),
        pytest.param([G, H, f"{G},2"], True, "credentials.twice", id="one twice"),
    ],
)
def test_public_credentials_are_read_as_they_were_written(
    lines: list[str], weighted: bool, found: dict[str, int] | str
) -> None:
    text = json.dumps(lines, separators=(",", ":")).encode()
    if isinstance(found, dict):
        assert read_public_credentials(text, BELENIOS_2048, weighted=weighted) == found
        return
    with pytest.raises(ProtocolError, match=rf"^Credential {len(lines)} of the list") as refused:
        read_public_credentials(text, BELENIOS_2048, weighted=weighted)
    assert refused.value.rule == found
