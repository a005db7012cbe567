"""`stembus documents`: reading, adopting and signing the documents that members read, such as a code of conduct."""

from datetime import datetime
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from stembus.documents.adopting import adopt_document, adopted_version, current_documents, versions_of
from stembus.documents.markdown import rendered
from stembus.documents.reading import read_document
from stembus.documents.signing import not_signed, sign, signatures_of, signers
from stembus.documents.version import version_in
from stembus.errors import UnusableInput
from stembus.instance import Instance
from stembus.organisation.authority import today
from stembus.organisation.member import display_name
from stembus.organisation.registry import member_numbered
from stembus.pass_instance import pass_instance
from stembus_procedures.text import LANGS, Lang

FOLDER = click.Path(path_type=Path)


@click.group("documents")
def documents_group() -> None:
    """Documents of the party: adopted in full and in an easy version, read and signed by members."""


@documents_group.command("check")
@click.argument("folder", type=FOLDER)
def check_command(folder: Path) -> None:
    """Check the version of a document in FOLDER (document.toml, nl.md, nl-simple.md, en.md) before it is adopted."""
    version = read_document(folder)
    about = version.about
    click.echo(
        f"{about.id} {about.version}: {about.title.nl} / {about.title.en}. Its fingerprint: {version.fingerprint}"
    )
    for text in version.texts:
        click.echo(f"  {text.lang}: {len(text.markdown.split())} words, SHA-256 {text.sha256}")
    if any(text.lang == "nl-simple" for text in version.texts) and about.plain_review is None:
        click.echo("  The easy text is a draft: nobody has noted in plain_review with which readers it was tried.")


@documents_group.command("adopt")
@click.argument("folder", type=FOLDER)
@click.option("--decision", required=True, help='Where the decision is found: "ALV 1-3-2026, decision 4".')
@click.option("--by", required=True, help="Member number of who records it.")
@click.option("--with", "second", required=True, help="Member number of the second person.")
@pass_instance
def adopt_command(instance: Instance, folder: Path, *, decision: str, by: str, second: str) -> None:
    """Adopt the version in FOLDER: freeze its texts by hash, with the decision. It takes two people."""
    version = read_document(folder)
    with instance.write() as transaction:
        row = adopt_document(transaction, version, by=(by, second), decision=decision)
        said = f"{row.document_id} {row.version} is adopted ({decision}). Its fingerprint: {row.fingerprint}"
    click.echo(said)


@documents_group.command("list")
@pass_instance
def list_command(instance: Instance) -> None:
    """List the documents, with the version in force of each."""
    table = Table("document", "version", "title", "adopted", "signed by", "decision", box=None)
    with instance.read() as session:
        for row in current_documents(session):
            version = version_in(row.definition)
            signed = f"{len(signers(session, row.document_id, row.version))}" if version.about.signed else "-"
            day = f"{row.adopted_at.astimezone(instance.zone):%Y-%m-%d}"
            table.add_row(row.document_id, str(row.version), version.about.title.nl, day, signed, row.decision)
    Console().print(table if table.row_count else "No document was adopted yet: `stembus documents adopt FOLDER`.")


@documents_group.command("show")
@click.argument("document")
@click.option("--version", "number", type=int, help="Which version. Default: the one in force.")
@click.option("--lang", type=click.Choice(LANGS), default="nl", show_default=True, help="The language.")
@click.option("--format", "form", type=click.Choice(["markdown", "html"]), default="markdown", show_default=True)
@pass_instance
def show_command(instance: Instance, document: str, *, number: int | None, lang: Lang, form: str) -> None:
    """Show the text of DOCUMENT as it was adopted."""
    with instance.read() as session:
        version = version_in(adopted_version(session, document, number).definition)
        versions = [
            f"version {row.version}, adopted {row.adopted_at.astimezone(instance.zone):%Y-%m-%d}, {row.decision}: "
            f"{row.fingerprint}"
            for row in versions_of(session, document)
        ]
    text = version.text(lang)
    click.echo(rendered(text.markdown).html if form == "html" else text.markdown, nl=False)
    for line in versions:
        click.echo(line, err=True)


@documents_group.command("sign")
@click.argument("document")
@click.argument("member")
@click.option("--version", "number", type=int, required=True, help="The version that was signed.")
@click.option("--by", required=True, help="Member number of who notes it; the member, or the office.")
@click.option("--ground", default="", help='For the office: where the signature is, as "form of 3-3-2026".')
@pass_instance
def sign_command(instance: Instance, document: str, member: str, *, number: int, by: str, ground: str) -> None:
    """Note that the member with number MEMBER signed the version in force of DOCUMENT."""
    with instance.write() as transaction:
        sign(transaction, document, member, version=number, by=by, ground=ground)
    click.echo(f"Member {member} signed {document} {number}.")


@documents_group.command("signed")
@click.argument("document", required=False)
@click.option("--member", help="What the member with this number signed.")
@click.option("--missing", is_flag=True, help="Who has not signed the version in force.")
@pass_instance
def signed_command(instance: Instance, document: str | None, *, member: str | None, missing: bool) -> None:
    """Show who signed DOCUMENT, who did not, or what one member signed."""
    if (document is None) == (member is None):
        raise UnusableInput("Name a document, or a member with --member.")
    table = Table("number", "name", "document", "signed", "how", box=None)
    with instance.read() as session:
        if document is None:
            who = member_numbered(session, member or "")
            name = display_name(who.given, who.particle, who.surname)
            for row in signatures_of(session, who.id):
                said = f"{row.document_id} {row.version}"
                table.add_row(who.number, name, said, _day(instance, row.signed_at), _how(row.on_paper))
        elif missing:
            day = today(instance, instance.clock.now())
            for left in not_signed(session, document, day):
                table.add_row(left.number, display_name(left.given, left.particle, left.surname), "", "", "")
        else:
            adopted_version(session, document)
            for one in signers(session, document):
                signed_on = _day(instance, one.signed_at)
                table.add_row(one.number, one.name, f"{document} {one.version}", signed_on, _how(one.on_paper))
    Console().print(table if table.row_count else "Nobody." if document else "Nothing.")


def _day(instance: Instance, at: datetime) -> str:
    return f"{at.astimezone(instance.zone):%Y-%m-%d}"


def _how(on_paper: bool) -> str:
    return "on paper" if on_paper else "online"
