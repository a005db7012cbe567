"""What the pages show of the booth: the checker, which has to come from another origin, and what it asks for."""

import hashlib
from typing import Final

from litestar import Response
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath, FromQuery

from stembus.errors import Refused
from stembus.web import Answer, Visit, anyone, page
from stembus.web.sites import addresses_of_sites
from stembus_polls.booth.on_board import ballot_with_tracker
from stembus_polls.booth.seal import CHECKER, policy_of
from stembus_polls.booth.site import NAME, PAGE
from stembus_polls.secret.poll import poll_by_uuid

CHECKER_PAGE: Final = CHECKER.read_bytes()
POLICY: Final = f"{policy_of(CHECKER_PAGE.decode())}; frame-ancestors 'none'"
FOR_ALL: Final = {"access-control-allow-origin": "*", "cross-origin-resource-policy": "cross-origin"}
"""What is public may be read by a checker that somebody else wrote, from wherever it is."""


@page("/polls/booth", who=anyone)
def booth_hash_page(visit: NamedDependency[Visit]) -> Answer:
    """Which bytes the booth has, and how anybody watches that they stay so."""
    address = addresses_of_sites(visit.instance).get(NAME)
    return visit.page(
        "polls/booth.html",
        booth=digest(PAGE),
        checker=digest(CHECKER_PAGE),
        address="" if address is None else f"{address.rstrip('/')}/",
    )


@page("/polls/{uuid:str}/check", who=anyone)
def checker_page(visit: NamedDependency[Visit], uuid: FromPath[str]) -> Answer:
    """The checker, the same bytes for every poll."""
    _found(visit, uuid)
    headers = {"content-security-policy": POLICY, "referrer-policy": "no-referrer"}
    return Response(CHECKER_PAGE, media_type="text/html; charset=utf-8", headers=headers)


@page("/polls/{uuid:str}/election.json", who=anyone)
def election_file(visit: NamedDependency[Visit], uuid: FromPath[str]) -> Answer:
    """The record of the election, to the byte."""
    election = _found(visit, uuid)
    return Response(election, media_type="application/json", headers=FOR_ALL)


@page("/polls/{uuid:str}/ballot.json", who=anyone)
def ballot_file(visit: NamedDependency[Visit], uuid: FromPath[str], tracker: FromQuery[str] = "") -> Answer:
    """The ballot with a tracker, as it is on the board; it shows no choice."""
    with visit.read() as session:
        ballot = ballot_with_tracker(session, uuid, tracker)
    if ballot is None:
        raise NotFoundException
    return Response(ballot, media_type="application/json", headers=FOR_ALL)


def digest(content: bytes) -> str:
    """Return the SHA-256 of a page, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


def _found(visit: Visit, uuid: str) -> bytes:
    """The record of the poll's election."""
    with visit.read() as session:
        try:
            election = poll_by_uuid(session, uuid).election
        except Refused:
            election = None
    if election is None:
        raise NotFoundException
    return election


BOOTH_PAGES: tuple[HTTPRouteHandler, ...] = (booth_hash_page, checker_page, election_file, ballot_file)
