"""`stembus ledger`: checking the log of acts, and giving others what they need to check it themselves."""

from pathlib import Path

import click
import msgspec

from stembus.errors import CheckFailed, UnusableInput
from stembus.instance import Instance
from stembus.ledger.checkpoint import Checkpoint, open_checkpoint
from stembus.ledger.keys import replace_key, verifiers
from stembus.ledger.note import Verifier
from stembus.ledger.proofs import InclusionProof, check_proof, prove_growth, prove_inclusion, proven_leaf
from stembus.ledger.seal import seal
from stembus.ledger.sentences import Language, plain
from stembus.ledger.show import shown_acts
from stembus.ledger.verdict import Fault, Verdict
from stembus.ledger.verify import verify
from stembus.organisation.authority import authorise_two
from stembus.organisation.core_powers import LEDGER_REPLACE_KEY
from stembus.pass_instance import pass_instance
from stembus.text_file import read_text

FILE = click.Path(path_type=Path, dir_okay=False)
SHOWN_FAULTS = 10


@click.group("ledger")
def ledger_group() -> None:
    """Check the log of acts, show it, and prove what is in it."""


@ledger_group.command("verify")
@click.option(
    "--against", type=FILE, help="An older checkpoint that somebody else kept: the log must have grown from it."
)
@click.option("--key", help="The first public key of the ledger, as somebody else kept it.")
@pass_instance
def verify_command(instance: Instance, against: Path | None, key: str | None) -> None:
    """Recompute the whole log and name the first act that does not fit."""
    _check_first_key(instance, key)
    older = None if against is None else _opened(instance, against)
    verdict = verify(instance, older)
    if verdict.faults:
        _show_faults(verdict)
    sealed, checkpoints = _counted(verdict.size, "sealed act"), _counted(verdict.checkpoints, "checkpoint")
    click.echo(f"Everything fits: {sealed} under {checkpoints}.")
    if verdict.destroyed:
        click.echo(
            f"Of these, {_counted(verdict.destroyed, 'body was', 'bodies were')} destroyed by an act in this log."
        )
    if older is not None:
        grown = _counted(older.size, "act")
        click.echo(f"The log grew from the checkpoint in {against} ({grown}): nothing was rewritten.")
    if verdict.unsealed:
        click.echo(f"Not sealed yet: {_counted(verdict.unsealed, 'act')}. `stembus ledger checkpoint` seals them.")


@ledger_group.command("checkpoint")
@click.option("--out", type=FILE, help="Write the checkpoint to this file.")
@pass_instance
def checkpoint_command(instance: Instance, out: Path | None) -> None:
    """Seal what is not sealed yet and give the newest checkpoint, to publish and to keep elsewhere."""
    note = seal(instance)
    if note is None:
        raise CheckFailed("The log is empty: there is nothing to sign yet.")
    _give(note, out)


@ledger_group.command("prove")
@click.argument("act_id")
@click.option("--body", is_flag=True, help="Also show what the act says: personal data.")
@click.option("--out", type=FILE, help="Write the proof to this file.")
@pass_instance
def prove_command(instance: Instance, act_id: str, body: bool, out: Path | None) -> None:
    """Prove that one act is in the log, without showing the others."""
    _give_json(prove_inclusion(instance, act_id, with_body=body), out)


@ledger_group.command("prove-growth")
@click.argument("older", type=FILE)
@click.argument("newer", type=FILE)
@click.option("--out", type=FILE, help="Write the proof to this file.")
@pass_instance
def prove_growth_command(instance: Instance, older: Path, newer: Path, out: Path | None) -> None:
    """Prove that the log at the checkpoint NEWER only added to that at the checkpoint OLDER."""
    _give_json(prove_growth(instance, read_text(older), read_text(newer)), out)


@ledger_group.command("check-proof")
@click.argument("file", type=FILE)
@click.option(
    "--key", "keys", multiple=True, required=True, help="The public key of the ledger; repeat it for each key."
)
def check_proof_command(file: Path, keys: tuple[str, ...]) -> None:
    """Check a proof with the public key alone: no instance is needed."""
    proof = check_proof(read_text(file).encode(), map(Verifier.parse, keys))
    if not isinstance(proof, InclusionProof):
        click.echo("The proof holds: the newer log only added to the older.")
        return
    leaf = proven_leaf(proof)
    said = " The proof also shows what it says." if proof.body is not None else ""
    click.echo(
        f"The proof holds: act {plain(leaf.id)} ({plain(leaf.kind)}, {plain(leaf.at)}) is at position "
        f"{proof.position} of the log.{said}"
    )


@ledger_group.command("show")
@click.option("--subject", help="Only acts about this, as name=value, such as seat=0199…")
@click.option("--limit", type=click.IntRange(1), default=50, show_default=True, help="At most so many, the last ones.")
@click.option("--lang", type=click.Choice(["nl", "en"]), default="nl", show_default=True)
@pass_instance
def show_command(instance: Instance, subject: str | None, limit: int, lang: Language) -> None:
    """Print acts as sentences: who, in which seat, when, what, on what ground."""
    name, equals, value = (subject or "").partition("=")
    if subject is not None and not (name and equals):
        raise UnusableInput(f"--subject is {subject!r}: expected name=value.")
    for line in shown_acts(instance, (name, value) if subject else None, limit, lang):
        click.echo(line)


@ledger_group.command("key")
@pass_instance
def key_command(instance: Instance) -> None:
    """Print the public keys of the ledger, the first one first; the last one signs now."""
    with instance.read() as session:
        for verifier in verifiers(session):
            click.echo(str(verifier))


@ledger_group.command("replace-key")
@click.option("--by", required=True, help="Member number of who decides.")
@click.option("--with", "second", required=True, help="Member number of the second person.")
@click.option("--ground", required=True, help="Why, and by which decision.")
@pass_instance
def replace_key_command(instance: Instance, by: str, second: str, ground: str) -> None:
    """Replace the key that signs checkpoints, as an act of two; the old key signs for the new one."""
    verifier = replace_key(
        instance, lambda transaction: authorise_two(transaction, by, second, LEDGER_REPLACE_KEY), ground
    )
    click.echo(f"The ledger is now signed by {verifier}. Publish it where the first key was published.")


def _check_first_key(instance: Instance, key: str | None) -> None:
    if key is None:
        return
    trusted = Verifier.parse(key)
    with instance.read() as session:
        if verifiers(session)[:1] != [trusted]:
            raise CheckFailed(f"The first key of this ledger is not {trusted}: it is another ledger, or a rebuilt one.")


def _opened(instance: Instance, file: Path) -> Checkpoint:
    with instance.read() as session:
        keys = verifiers(session)
    try:
        return open_checkpoint(read_text(file), keys).checkpoint
    except CheckFailed as problem:
        raise CheckFailed(f"{file} is not a checkpoint of this ledger: {problem.message}") from None


def _show_faults(verdict: Verdict) -> None:
    first, *others = verdict.faults
    for fault in others[: SHOWN_FAULTS - 1]:
        click.echo(f"Also: {_described(fault)}.")
    if len(others) >= SHOWN_FAULTS:
        click.echo(f"And {len(others) - SHOWN_FAULTS + 1} more.")
    raise CheckFailed(f"The ledger does not fit. First: {_described(first)}.")


def _described(fault: Fault) -> str:
    if fault.act_id is None:
        return f"at position {fault.position}, {plain(fault.what)}"
    place = f"at position {fault.position}, " if fault.position >= 0 else ""
    return f"{place}act {plain(fault.act_id)}: {plain(fault.what)}"


def _counted(number: int, one: str, more: str = "") -> str:
    return f"{number} {one if number == 1 else more or one + 's'}"


def _give(text: str, out: Path | None) -> None:
    if out is None:
        click.echo(text, nl=False)
    else:
        out.write_text(text, encoding="utf-8")
        click.echo(f"Written to {out}.")


def _give_json(proof: msgspec.Struct, out: Path | None) -> None:
    _give(msgspec.json.format(msgspec.json.encode(proof)).decode() + "\n", out)
