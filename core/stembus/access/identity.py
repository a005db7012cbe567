"""What an identity provider of others is to Stembus: an address to send somebody to, and a verified answer."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from stembus.instance import Instance


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """One question to a provider.

    `state` has to come back as it is, `nonce` has to stand in what the provider signs, `verifier` is the secret of PKCE
    (RFC 7636), and `back` is the address of ours that the provider sends the browser back to.
    """

    state: str
    nonce: str
    verifier: str
    back: str


class IdentityProvider(msgspec.Struct, frozen=True, kw_only=True):
    """An identity provider, named "<plugin>.<what>"; `nl` and `en` are what people call it.

    - `begin` returns the address (https) to send the browser to;
    - `finish` is given what came back in the address, asks the provider, verifies the answer (signature, issuer,
      audience, time, nonce), and returns the subject: the name under which the provider knows this person for ever. It
      raises `Refused` when there is none.

    The subject is never a mail address: those change hands.
    """

    name: str
    nl: str
    en: str
    begin: "Callable[[Instance, Asked], str]"
    finish: "Callable[[Instance, Asked, Mapping[str, str]], str]"
