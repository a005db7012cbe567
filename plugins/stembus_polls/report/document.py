"""The whole report in one language, as sections and blocks that every form of it shows alike."""

from .blocks import Document, Section
from .box_section import box_section
from .content import Language, Report
from .count_sections import count_sections
from .figures import moment
from .names import visible
from .phrases import either
from .procedure_sections import (
    annulled_section,
    bureau_section,
    candidates_section,
    meeting_section,
    notes_section,
    papers_section,
    policy_section,
    publication_section,
    result_section,
    roll_section,
    signatures_section,
    terms_section,
    verify_section,
)
from .publication import published
from .words import say


def document(report: Report, lang: Language) -> Document:
    """The report, reduced to what its policy lets everybody see, in Dutch ("nl") or English ("en")."""
    shown = published(report)
    contests = range(len(shown.contests))
    counts = [section for number in contests for section in count_sections(shown, number, lang)]
    boxes = [box_section(shown.contests[number], number, lang) for number in contests]
    papers = [papers_section(shown.contests[number], number, lang) for number in contests]
    annulled = annulled_section(shown, lang)
    sections: list[Section] = [
        *([annulled] if annulled else []),
        result_section(shown, lang),
        *counts,
        *(section for section in boxes if section),
        *(section for section in papers if section),
        meeting_section(shown, lang),
        bureau_section(shown, lang),
        roll_section(shown, lang),
        *(candidates_section(shown, number, lang) for number in contests),
        policy_section(shown, lang),
        notes_section(shown, lang),
        terms_section(shown, lang),
        verify_section(shown, lang),
        publication_section(shown, lang),
        signatures_section(shown, lang),
    ]
    return Document(
        lang=lang,
        title=say(lang, "title", procedure=either(shown.procedure, lang)),
        organisation=visible(shown.organisation),
        subtitle=say(lang, "drawn_up", moment=moment(shown.drawn_up_at, shown.time_zone, lang)),
        practice=say(lang, "practice") if shown.practice else "",
        sections=tuple(sections),
        contents=say(lang, "contents"),
        other_language=say(lang, "other_language"),
        skip=say(lang, "skip"),
    )
