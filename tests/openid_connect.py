"""A small OpenID Connect provider on this machine, and what a plugin needs to sign in with it.

It follows OpenID Connect Core 1.0 (code flow, 3.1) with PKCE (RFC 7636) and id tokens signed by HMAC under the secret
of the client (RFC 7518, 3.2).
"""

import base64
import hashlib
import hmac
import json
import secrets
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit
from urllib.request import Request, urlopen

from stembus.access.identity import Asked, IdentityProvider
from stembus.errors import Refused
from stembus.instance import Instance

CLIENT, SECRET = "stembus", "a secret that both know"


class Faults:
    """What the provider does wrong; a test sets one."""

    def __init__(self) -> None:
        self.subject = "user-4711"
        self.claims: dict[str, object] = {}
        self.secret = SECRET


class Provider:
    """The provider: where it is, whom it knows, and how often it was asked for a token."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.faults = Faults()
        self.codes: dict[str, dict[str, str]] = {}
        self.asked = 0

    def authorize(self, query: dict[str, str]) -> str:
        """Return where the browser is sent back to: whoever comes is known at once."""
        code = secrets.token_urlsafe(16)
        self.codes[code] = query
        return f"{query['redirect_uri']}?{urlencode({'code': code, 'state': query['state']})}"

    def token(self, sent: dict[str, str]) -> dict[str, str] | None:
        """Return an id token for a code, once, to who has the secrets; None for others."""
        self.asked += 1
        query = self.codes.pop(sent.get("code", ""), None)
        if query is None or sent.get("client_secret") != SECRET or sent.get("redirect_uri") != query["redirect_uri"]:
            return None
        if _encoded(hashlib.sha256(sent.get("code_verifier", "").encode()).digest()) != query["code_challenge"]:
            return None
        claims = {
            "iss": self.address,
            "aud": CLIENT,
            "sub": self.faults.subject,
            "exp": int(time.time()) + 60,
            "nonce": query["nonce"],
            "email": "robin@voorbeeld.example",
            **self.faults.claims,
        }
        signed = ".".join(_encoded(json.dumps(part).encode()) for part in ({"alg": "HS256"}, claims))
        return {"id_token": f"{signed}.{_encoded(_signature(self.faults.secret, signed))}"}


@contextmanager
def provider_on_loopback() -> Iterator[Provider]:
    """Serve a provider until the block ends."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    provider = Provider(f"http://localhost:{server.server_port}")
    server.provider = provider  # type: ignore[attr-defined]
    Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        where = self.server.provider.authorize(dict(parse_qsl(urlsplit(self.path).query)))  # type: ignore[attr-defined]
        self.send_response(302)
        self.send_header("location", where)
        self.end_headers()

    def do_POST(self) -> None:
        sent = dict(parse_qsl(self.rfile.read(int(self.headers["content-length"])).decode()))
        token = self.server.provider.token(sent)  # type: ignore[attr-defined]
        self.send_response(200 if token else 400)
        self.end_headers()
        self.wfile.write(json.dumps(token or {"error": "invalid_grant"}).encode())

    def log_message(self, *_: Any) -> None: ...


def as_plugin(provider: Provider, name: str = "sample.account") -> IdentityProvider:
    """Return the provider as a plugin would register it."""

    def begin(instance: Instance, asked: Asked) -> str:
        challenge = _encoded(hashlib.sha256(asked.verifier.encode()).digest())
        query = {
            "response_type": "code",
            "scope": "openid",
            "client_id": CLIENT,
            "redirect_uri": asked.back,
            "state": asked.state,
            "nonce": asked.nonce,
            "code_challenge": challenge,
            "code_challenge_method": "S256",
        }
        return f"{provider.address}/authorize?{urlencode(query)}"

    def finish(instance: Instance, asked: Asked, sent: Mapping[str, str]) -> str:
        if "code" not in sent:
            raise Refused("The other website did not say who you are.")
        form = {
            "grant_type": "authorization_code",
            "code": sent["code"],
            "redirect_uri": asked.back,
            "client_id": CLIENT,
            "client_secret": SECRET,
            "code_verifier": asked.verifier,
        }
        with urlopen(Request(f"{provider.address}/token", urlencode(form).encode()), timeout=10) as answer:  # noqa: S310
            token = json.loads(answer.read())["id_token"]
        return _verified(token, provider.address, asked.nonce)

    return IdentityProvider(name=name, nl="Voorbeeldaccount", en="Example Account", begin=begin, finish=finish)


def _verified(token: str, issuer: str, nonce: str) -> str:
    """Return the subject of an id token (OpenID Connect Core 1.0, 3.1.3.7). Raises `Refused` when it is not for us."""
    signed, _, signature = token.rpartition(".")
    claims = json.loads(_decoded(signed.split(".")[1]))
    is_theirs = hmac.compare_digest(_decoded(signature), _signature(SECRET, signed))
    if not is_theirs or (claims["iss"], claims["aud"], claims["nonce"]) != (issuer, CLIENT, nonce):
        raise Refused("The other website's answer is not for us.")
    if claims["exp"] <= time.time():
        raise Refused("The other website's answer is too old.")
    subject: str = claims["sub"]
    return subject


def _signature(secret: str, text: str) -> bytes:
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).digest()


def _encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
