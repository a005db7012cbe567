"""The report as one web page that needs nothing else: no script, no font, no picture from elsewhere."""

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from .blocks import Picture
from .content import Language, Report
from .document import document
from .flow import PHONE, WIDE, flow_svg
from .publication import published


def report_html(report: Report, lang: Language, *, other: str = "") -> str:
    """The page in Dutch ("nl") or English ("en"); `other` is the file name of the page in the other language.

    It shows what the policy lets everybody see and nothing more, whatever report it is given. The same report
    gives the same bytes.
    """
    shown = published(report)

    def drawing(picture: Picture, kind: str) -> Markup:
        size = PHONE if kind == "phone" else WIDE
        count = shown.contests[picture.contest].count
        prefix = f"{kind}-{picture.contest + 1}"
        svg = flow_svg(count, lang, size, label=picture.title, alt=picture.alt, prefix=prefix) if count else ""
        return Markup(svg)  # noqa: S704 - flow_svg escapes every text that it draws

    page = _environment().get_template("report.html")
    return page.render(document=document(report, lang), drawing=drawing, other=other)


@cache
def _environment() -> Environment:
    loader = PackageLoader("stembus_polls.report", "templates")
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
