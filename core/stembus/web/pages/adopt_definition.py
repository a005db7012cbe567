"""Adopting the definition of a body: what it would change is read in sentences, then it is proposed."""

from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromQuery, MultipartBody, URLEncodedBody

from stembus.errors import Problem
from stembus.organisation.authority import current_definitions, today
from stembus.organisation.bodies import BodyDefinition, definition_in
from stembus.organisation.core_powers import BODIES_DEFINE, all_powers
from stembus.organisation.define import must_fit
from stembus.organisation.definition_changes import changes
from stembus.organisation.definition_text import EXAMPLE, definition_text
from stembus.organisation.grave_acts import DEFINE, Define
from stembus.web import N_, Answer, Form, Visit, action, page, power
from stembus.web.pages.proposing import could_confirm, ground_in, proposed
from stembus.web.uploaded_text import MOST_BYTES, sent_text

WHO = power(BODIES_DEFINE)


class LookForm(Form, frozen=True):
    """A definition to look at, as a file or as text."""

    file: UploadFile | None = None
    text: str = ""


class DefinitionForm(Form, frozen=True):
    """A definition to propose, and the decision that adopted it."""

    text: str = ""
    ground: str = ""


@page("/adopt/definition", who=WHO)
def definition_page(visit: NamedDependency[Visit], of: FromQuery[str] = "") -> Answer:
    """Ask for a definition, beginning from the one that holds now, or from an example."""
    if not of:
        return _shown(visit, EXAMPLE, looked=False)
    with visit.read() as session:
        current = current_definitions(session).get(of)
    if current is None:
        raise NotFoundException
    return _shown(visit, definition_text(current), looked=False)


def definition_again(visit: Visit) -> Answer:
    """Show once more what was sent, with what is wrong."""
    return _shown(visit, str(visit.filled.get("text", "")), looked=True)


@action(
    "/adopt/definition/look",
    who=WHO,
    no_act="it shows what would change, and keeps nothing",
    again=definition_again,
    max_bytes=MOST_BYTES,
)
def look_at_definition(visit: NamedDependency[Visit], data: MultipartBody[LookForm]) -> Answer:
    """Show what it allows and what changes; nothing is kept."""
    return _shown(visit, sent_text(data.file, data.text), looked=True)


@action("/adopt/definition", who=WHO, writes=("proposal.made",), again=definition_again, max_bytes=MOST_BYTES)
def propose_definition(visit: NamedDependency[Visit], data: URLEncodedBody[DefinitionForm]) -> Answer:
    """Propose to adopt it."""
    definition = _read(visit, data.text)
    return proposed(visit, DEFINE.name, Define(definition=definition, ground=ground_in(data.ground)))


def _read(visit: Visit, text: str) -> BodyDefinition:
    return definition_in(text, visit.say(N_("The definition")), all_powers(visit.instance.plugins.powers()))


def _shown(visit: Visit, text: str, *, looked: bool) -> Answer:
    """Show a text; once it was `looked` at with what it would change, or what is wrong with it."""
    known = all_powers(visit.instance.plugins.powers())
    definition: BodyDefinition | None = None
    with visit.read() as session:
        definitions = current_definitions(session)
        if looked:
            try:
                definition = _read(visit, text)
                must_fit(session, definition, today(visit.instance, visit.now))
            except Problem as problem:
                visit.problem = visit.problem or problem
        seconds = could_confirm(visit, session, BODIES_DEFINE)
    before = definitions.get(definition.slug) if definition else None
    return visit.page(
        "adopt/definition.html",
        text=text,
        bodies=sorted(definitions.values(), key=lambda one: one.slug),
        definition=definition,
        before=before,
        changes=changes(before, definition, known) if definition else (),
        allowed={
            office.name: [known[name] for name in office.powers if name in known]
            for office in (definition.offices if definition else ())
        },
        seconds=seconds,
    )


PAGES = (definition_page, look_at_definition, propose_definition)
