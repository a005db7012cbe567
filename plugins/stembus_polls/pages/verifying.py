"""Everything with which an outsider verifies a secret poll: each file to download, and the commands to give them to."""

import hashlib
from functools import lru_cache
from typing import Final, NamedTuple

from litestar import Response
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath
from sqlmodel import Session

from stembus.web import Answer, Visit, anyone, page
from stembus_ballots.packing import packed_verifier
from stembus_polls.pages.voting import FOR_ALL
from stembus_polls.secret.board import head
from stembus_polls.secret.trustees.contributions import side_files_of

VERIFIER: Final = "stembus-verify.pyz"


class ToVerifyWith(NamedTuple):
    """What there is to download of a poll, and the command lines that verify it in the folder with those files.

    `side_files` are their names; `fetch` gets every file, `ours` and `theirs` judge them. `is_whole` once there is a
    result to judge: until then our program ends with 3.
    """

    side_files: tuple[str, ...]
    verifier_sha256: str
    fetch: str
    ours: str
    theirs: str
    is_whole: bool


def to_verify_with(session: Session, uuid: str, address: str) -> ToVerifyWith | None:
    """Return what everybody verifies a poll with, None before its board begins. `address` is that of the pages."""
    last = head(session, uuid)
    if last is None:
        return None
    side_files = tuple(side_file_name(number) for number in sorted(side_files_of(session, uuid)))
    paths = [f"{uuid}/board.bel", f"{uuid}/credentials.txt", *(f"{uuid}/side-files/{name}" for name in side_files)]
    addresses = " ".join(f"{address.rstrip('/')}/polls/{path}" for path in (VERIFIER, *paths))
    beside = "".join(f" --side-file {name}" for name in side_files)
    return ToVerifyWith(
        side_files=side_files,
        verifier_sha256=hashlib.sha256(_verifier()).hexdigest(),
        fetch=f"curl --fail --remote-name-all --remote-header-name {addresses}",
        ours=f"python3 {VERIFIER} verify {uuid}.bel{beside} --credential-list credentials.txt",
        theirs="belenios-tool election verify --dir .",
        is_whole=last.kind == "Result",
    )


def side_file_name(trustee: int) -> str:
    """Return what the side file of a trustee is called."""
    return f"trustee-{trustee}.json"


@page("/polls/{uuid:str}/side-files/{file:str}", who=anyone)
def side_file(visit: NamedDependency[Visit], uuid: FromPath[str], file: FromPath[str]) -> Answer:
    """The proof of a trustee that the decryption on the board is of the votes in the box, to the byte."""
    with visit.read() as session:
        found = {side_file_name(number): content for number, content in side_files_of(session, uuid).items()}
    if file not in found:
        raise NotFoundException
    headers = {**FOR_ALL, "content-disposition": f'attachment; filename="{file}"'}
    return Response(found[file], media_type="application/json", headers=headers)


@page(f"/polls/{VERIFIER}", who=anyone)
def verifier_file(visit: NamedDependency[Visit]) -> Answer:
    """Our verifier in one file, as it is installed here: the same bytes as those that its source gives to anybody."""
    return visit.file(_verifier(), VERIFIER, "application/octet-stream")


@lru_cache(maxsize=1)
def _verifier() -> bytes:
    return packed_verifier()


PAGES: tuple[HTTPRouteHandler, ...] = (side_file, verifier_file)
