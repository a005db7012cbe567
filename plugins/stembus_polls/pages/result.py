"""The public result: the whole report as a page, its pictures, and every file that was published."""

from typing import Final

from litestar import Response
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from stembus.conduct.annulled import annulled_shown
from stembus.web import Answer, Visit, anyone, page
from stembus_polls.pages.opening import procedure_values, running_at
from stembus_polls.pages.public_facts import public_order, public_result, public_roll
from stembus_polls.pages.result_shown import shown_result
from stembus_polls.publishing.published import Published, archive_of, file_in, files_in
from stembus_polls.report.content import Language
from stembus_polls.report.document import document
from stembus_polls.report.flow import PHONE, WIDE, flow_svg

MEDIA_TYPES: Final = {
    "html": "text/html",
    "pdf": "application/pdf",
    "json": "application/json",
    "csv": "text/csv",
    "blt": "text/plain",
    "txt": "text/plain",
    "toml": "text/plain",
    "md": "text/markdown",
    "jsonl": "application/jsonl",
    "sha256": "text/plain",
}
SCREEN_STYLE: Final = "svg{background:#fff}text{font-family:system-ui,sans-serif}"
"""A picture is paper, in a dark page as well."""
SIZES: Final = {"phone": PHONE, "wide": WIDE}


@page("/procedures/{name:str}/result", who=anyone)
def result_page(visit: NamedDependency[Visit], name: FromPath[str]) -> Answer:
    """Who is elected with the arithmetic, and the whole report; nothing before it was made public."""
    lang: Language = "en" if visit.lang == "en" else "nl"
    with visit.read() as session:
        running = running_at(visit, session, name)
        published, is_changing = public_result(session, running)
        if published is None:
            raise NotFoundException
        names = files_in(archive_of(session, running.procedure.id) or b"")
        return visit.page(
            "polls/result.html",
            result=shown_result(published),
            report=document(published.content, lang),
            is_changing=is_changing,
            annulled=annulled_shown(session, running),
            files=[file for file in names if file.startswith("data/")],
            order=public_order(session, running),
            roll=public_roll(session, running),
            report_lang=lang,
            **procedure_values(running),
        )


@page("/procedures/{name:str}/result/archive.zip", who=anyone)
def result_archive(visit: NamedDependency[Visit], name: FromPath[str]) -> Answer:
    """Everything that was published, in one file whose digest stands in the ledger."""
    return visit.file(_archive(visit, name), f"{_plain(name)}.zip", "application/zip")


@page("/procedures/{name:str}/result/files/{file:path}", who=anyone)
def result_file(visit: NamedDependency[Visit], name: FromPath[str], file: FromPath[str]) -> Answer:
    """One file of the archive, to keep: the report as PDF, or its data."""
    wanted = file.removeprefix("/")
    content = file_in(_archive(visit, name), wanted)
    if content is None:
        raise NotFoundException
    last = wanted.rsplit("/", 1)[-1]
    kind = MEDIA_TYPES.get(last.rsplit(".", 1)[-1].lower(), "application/octet-stream")
    return visit.file(content, f"{_plain(name)}-{last}", kind)


@page("/procedures/{name:str}/result/flow/{contest:int}/{size:str}", who=anyone)
def result_picture(
    visit: NamedDependency[Visit], name: FromPath[str], contest: FromPath[int], size: FromPath[str]
) -> Answer:
    """How votes moved in a contest (from 1), drawn for a phone or for a wide page, in the language of the visit."""
    lang: Language = "en" if visit.lang == "en" else "nl"
    with visit.read() as session:
        published: Published | None = public_result(session, running_at(visit, session, name))[0]
    contests = published.content.contests if published else ()
    if size not in SIZES or not 1 <= contest <= len(contests):
        raise NotFoundException
    count = contests[contest - 1].count
    if count is None or not count.stages:
        raise NotFoundException
    drawing = flow_svg(count, lang, SIZES[size], label="", alt="", prefix=f"{size}-{contest}", standalone=True)
    drawing = drawing.replace("</style>", f"{SCREEN_STYLE}</style>", 1)
    return visit.finish(Response(drawing, media_type="image/svg+xml"))


def _archive(visit: Visit, name: str) -> bytes:
    with visit.read() as session:
        archive = archive_of(session, running_at(visit, session, name).procedure.id)
    if archive is None:
        raise NotFoundException
    return archive


def _plain(name: str) -> str:
    """Return a name for a file, in letters that every header and system takes."""
    return "".join(letter if letter.isascii() and (letter.isalnum() or letter in "-_") else "-" for letter in name)


PAGES = (result_page, result_archive, result_file, result_picture)
