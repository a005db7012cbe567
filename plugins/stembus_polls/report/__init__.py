"""The report of an election: what it says, and its forms as web page, PDF, data and archive."""

from .archive import Procedure, procedure_archive
from .content import Report
from .data_files import data_files, read_report, report_json
from .html import report_html
from .pdf import report_pdf
from .publication import published, published_profile
from .verify_archive import ArchiveError, ArchiveVerdict, verify_archive

__all__ = [
    "ArchiveError",
    "ArchiveVerdict",
    "Procedure",
    "Report",
    "data_files",
    "procedure_archive",
    "published",
    "published_profile",
    "read_report",
    "report_html",
    "report_json",
    "report_pdf",
    "verify_archive",
]
