"""Adopting a policy: what its check finds, the text that members will read and what changes, before it is proposed."""

from typing import Literal

from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, FromQuery, MultipartBody, URLEncodedBody
from sqlmodel import Session

from stembus.conduct.examining import Examined, examine
from stembus.conduct.grave_acts import ADOPT, Adopt
from stembus.conduct.policies import adopted_policies, known_policies, policy_of, read_source
from stembus.documents.markdown import Rendered
from stembus.errors import CheckFailed, UnusableInput
from stembus.instance import Transaction
from stembus.organisation.core_powers import POLICY_ADOPT
from stembus.text_file import read_text
from stembus.web import N_, Answer, Form, Visit, action, page, power, seated
from stembus.web.pages.policies import content_of, text_in
from stembus.web.pages.proposals import proposal_for
from stembus.web.pages.proposing import could_confirm, ground_in, proposed
from stembus.web.uploaded_text import MOST_BYTES, sent_text
from stembus_procedures.text import FrozenText

WHO = power(POLICY_ADOPT)


class PolicyLook(Form, frozen=True):
    """A policy to look at, and the party's norms, each as a file or as text; `read` is the language of its text."""

    file: UploadFile | None = None
    text: str = ""
    norms_file: UploadFile | None = None
    norms: str = ""
    read: str = ""


class PolicyForm(Form, frozen=True):
    """A policy to propose, the norms that it was checked against, and the decision that adopts it."""

    text: str = ""
    norms: str = ""
    decision: str = ""


@page("/adopt/policy", who=WHO)
def policy_page(visit: NamedDependency[Visit], begin: FromQuery[str] = "") -> Answer:
    """Ask for a policy, beginning from one that holds now, one that ships, or nothing."""
    shipped = known_policies(visit.instance.plugins)
    with visit.read() as session:
        adopted = {row.policy_id: row for row in reversed(adopted_policies(session))}
    text = ""
    if begin in adopted:
        text = adopted[begin].source
    elif begin in shipped:
        text = read_text(shipped[begin])
    elif begin:
        raise NotFoundException
    plugins = visit.instance.plugins
    return visit.page(
        "adopt/policy_ask.html",
        text=text,
        adopted=[(row.policy_id, policy_of(row, plugins).title, row) for _, row in sorted(adopted.items())],
        shipped=[(name, read_source(name, plugins).policy.title) for name in sorted(shipped) if name not in adopted],
    )


def policy_again(visit: Visit) -> Answer:
    """Show once more what was sent, with what is wrong."""
    return _looked(visit, str(visit.filled.get("text", "")), str(visit.filled.get("norms", "")), "")


@action(
    "/adopt/policy/look",
    who=WHO,
    no_act="it shows what the check finds and what changes, and keeps nothing",
    again=policy_again,
    max_bytes=MOST_BYTES,
)
def look_at_policy(visit: NamedDependency[Visit], data: MultipartBody[PolicyLook]) -> Answer:
    """Show what the check finds, the text that members will read, and what changes; nothing is kept."""
    text = sent_text(data.file, data.text)
    if not text.strip():
        raise UnusableInput(N_("Write the policy, or choose its file."), field="text")
    return _looked(visit, text, sent_text(data.norms_file, data.norms, field="norms_file"), data.read)


@action("/adopt/policy", who=WHO, writes=("proposal.made",), again=policy_again, max_bytes=MOST_BYTES)
def propose_policy(visit: NamedDependency[Visit], data: URLEncodedBody[PolicyForm]) -> Answer:
    """Propose to adopt it."""
    text, norms = sent_text(None, data.text), sent_text(None, data.norms)
    with visit.read() as session:
        looked = _examine(visit, session, text, norms)
    if looked.source is None or looked.norms_mistakes:
        raise CheckFailed(N_("This cannot be adopted as it is: correct the mistakes below."))
    decision = ground_in(data.decision, "decision")
    wanted = Adopt(name=looked.source.policy.id, text=text, decision=decision, norms=norms)
    return proposed(visit, ADOPT.name, wanted)


@page("/adopt/policy/proposed/{proposal_id:str}", who=seated)
def proposed_policy(visit: NamedDependency[Visit], proposal_id: FromPath[str], text: FromQuery[str] = "") -> Answer:
    """The policy that somebody proposed, for whoever may see that proposal: its text, its check, and what changes."""
    with visit.read() as session:
        found = proposal_for(visit, Transaction(session, visit.now, visit.instance), proposal_id)
        if not isinstance(found.arguments, Adopt):
            raise NotFoundException
        looked = _examine(visit, session, found.arguments.text, found.arguments.norms)
    return visit.page(
        "adopt/policy_proposed.html",
        found=found,
        looked=looked,
        toml=found.arguments.text,
        read=_read(visit, looked, text),
    )


def _looked(visit: Visit, text: str, norms: str, read: str) -> Answer:
    with visit.read() as session:
        looked = _examine(visit, session, text, norms)
        seconds = could_confirm(visit, session, POLICY_ADOPT)
    return visit.page(
        "adopt/policy_look.html",
        looked=looked,
        toml=text,
        norms=norms,
        seconds=seconds,
        read=_read(visit, looked, read),
        chosen=bool(read),
    )


def _examine(visit: Visit, session: Session, text: str, norms: str) -> Examined:
    lang: Literal["nl", "en"] = "en" if visit.lang == "en" else "nl"
    return examine(session, visit.instance.plugins, text, norms, lang)


def _read(visit: Visit, looked: Examined, wanted: str) -> tuple[FrozenText, Rendered] | None:
    """Return the text in one language and what it makes as a page; nothing where there is none."""
    if looked.frozen is None:
        return None
    read = text_in(looked.frozen.texts, wanted or visit.lang)
    return read, content_of(read)


PAGES = (policy_page, look_at_policy, propose_policy, proposed_policy)
