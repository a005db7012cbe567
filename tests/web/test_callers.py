"""W10: whom tries are counted for is not what somebody says of themselves, and one home is one."""

import pytest

from stembus.web.callers import network_of

PROXY, INNER = "10.0.0.1", "10.0.0.2"


@pytest.mark.parametrize(
    ("peer", "forwarded", "network"),
    [
        ("203.0.113.9", [], "203.0.113.9"),
        ("203.0.113.9", ["198.51.100.1"], "203.0.113.9"),
        (PROXY, [], PROXY),
        (PROXY, ["203.0.113.9"], "203.0.113.9"),
        (PROXY, ["198.51.100.1, 203.0.113.9"], "203.0.113.9"),
        (PROXY, ["198.51.100.1", "203.0.113.9"], "203.0.113.9"),
        (PROXY, [f"198.51.100.1, 203.0.113.9, {INNER}"], "203.0.113.9"),
        (PROXY, [f"198.51.100.1, {INNER}, 203.0.113.9"], "203.0.113.9"),
        (PROXY, [INNER], INNER),
        (PROXY, ["no address"], "no address"),
        ("2001:db8:1:2:3:4:5:6", [], "2001:db8:1:2::"),
        ("2001:db8:1:2:ffff::1", [], "2001:db8:1:2::"),
        ("2001:db8:1:3::1", [], "2001:db8:1:3::"),
        ("::ffff:203.0.113.9", [], "203.0.113.9"),
        (PROXY, ["[2001:db8:1:2::9]"], "2001:db8:1:2::"),
        ("", ["203.0.113.9"], ""),
    ],
)
def test_w10_the_network_is_the_last_that_a_proxy_of_ours_saw(peer: str, forwarded: list[str], network: str) -> None:
    assert network_of(peer, forwarded, {PROXY, INNER}) == network
