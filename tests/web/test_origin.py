"""Whether a request is for this site and from a page of it: the rules behind W2, W6 and W9, as tables."""

import pytest

from stembus.web.origin import foreign_origin, form_token, local_path, same_host, token_fits

ADDRESS = "https://stembus.voorbeeldpartij.example"
OURS = {"origin": ADDRESS, "sec-fetch-site": "same-origin"}


@pytest.mark.parametrize(
    "headers",
    [OURS, {"origin": ADDRESS}, {"sec-fetch-site": "same-origin"}, {"origin": ADDRESS.upper()}],
    ids=str,
)
def test_w2_a_form_of_ours_is_taken(headers: dict[str, str]) -> None:
    assert foreign_origin(ADDRESS, "POST", headers) is None


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"origin": "null"},
        {"origin": "https://elsewhere.example"},
        {"origin": "http://stembus.voorbeeldpartij.example"},
        {"origin": f"{ADDRESS}:8443"},
        {"origin": f"{ADDRESS}.elsewhere.example"},
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"sec-fetch-site": "none"},
        {"origin": ADDRESS, "sec-fetch-site": "same-site"},
        {"origin": "https://elsewhere.example", "sec-fetch-site": "same-origin"},
    ],
    ids=str,
)
@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
def test_w2_a_form_of_anybody_else_is_not(headers: dict[str, str], method: str) -> None:
    assert foreign_origin(ADDRESS, method, headers) is not None


def test_w2_a_token_fits_the_browser_that_it_was_made_for_and_no_other() -> None:
    assert token_fits("one", form_token("one"))
    assert not token_fits("other", form_token("one"))
    assert not token_fits("one", "")
    assert not token_fits("one", "é")


def test_w2_who_holds_nothing_is_not_let_by_with_the_token_that_anybody_can_make_of_nothing() -> None:
    assert not token_fits("", form_token(""))


@pytest.mark.parametrize(
    ("host", "is_ours"),
    [
        ("stembus.voorbeeldpartij.example", True),
        ("STEMBUS.voorbeeldpartij.example", True),
        ("stembus.voorbeeldpartij.example:443", False),
        ("stembus.voorbeeldpartij.example.elsewhere.example", False),
        ("elsewhere.example", False),
        ("", False),
        (None, False),
    ],
)
def test_w6_only_the_host_of_the_address_is_ours(host: str | None, is_ours: bool) -> None:
    assert same_host(ADDRESS, host) is is_ours


@pytest.mark.parametrize("text", ["/", "/account?x=1", "/procedures/raad#when"])
def test_w9_a_path_of_ours_is_gone_on_to(text: str) -> None:
    assert local_path(text) == text


@pytest.mark.parametrize(
    "text", ["", "account", "//elsewhere.example", "/\\elsewhere.example", "https://elsewhere.example", "/\n/e", "/\te"]
)
def test_w9_what_could_lead_elsewhere_is_not(text: str) -> None:
    assert local_path(text) == "/"
