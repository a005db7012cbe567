"""From which network a request comes, as far as that can be known: a pure rule over addresses."""

from collections.abc import Collection, Sequence
from ipaddress import IPv6Address, ip_address

HOME_BITS = 64
"""Whoever has one address of IPv6 has 2^64 of them: the network of a home counts as one (RFC 6177)."""


def network_of(peer: str, forwarded: Sequence[str], trusted: Collection[str]) -> str:
    """Return the network that asks: `peer` is who is connected, `forwarded` the X-Forwarded-For headers in their order.

    A proxy in `trusted` is believed about the one before it, and nobody else: what stands left of the first address
    that is no proxy of ours is what the client said. A proxy may add an entry or a header of its own.
    """
    said = [entry.strip() for header in forwarded for entry in header.split(",")]
    address = peer
    while address in trusted and said:
        address = said.pop()
    return _network(address)


def _network(text: str) -> str:
    try:
        address = ip_address(text.strip("[]"))
    except ValueError:
        return text
    if not isinstance(address, IPv6Address):
        return str(address)
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    return str(IPv6Address(int(address) >> (128 - HOME_BITS) << (128 - HOME_BITS)))
