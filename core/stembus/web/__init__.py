"""The pages: what the browser meets. These names are for plugins too."""

from stembus.contributions import Card, DeskItem, NavItem, Site
from stembus.entry import Who, anyone, local, power, seated, signed_in
from stembus.web.programs import answered, call
from stembus.web.routes import Form, Several, action, page, several
from stembus.web.visit import Answer, Visit
from stembus.words import N_, Words

__all__ = [
    "N_",
    "Answer",
    "Card",
    "DeskItem",
    "Form",
    "NavItem",
    "Several",
    "Site",
    "Visit",
    "Who",
    "Words",
    "action",
    "answered",
    "anyone",
    "call",
    "local",
    "page",
    "power",
    "seated",
    "several",
    "signed_in",
]
