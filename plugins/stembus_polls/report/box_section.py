"""What the report tells of a secret poll: who opened the box, by what it is verified, and what the verifiers say."""

from .blocks import Block, Code, Facts, Items, Notice, Paragraph, Section, Table
from .content import Box, Contest, Language
from .figures import whole
from .names import visible
from .phrases import either
from .words import say


def box_section(contest: Contest, number: int, lang: Language) -> Section | None:
    """The box of a contest; None where no secret poll was held."""
    box = contest.box
    if box is None:
        return None
    blocks: list[Block] = [
        Paragraph(say(lang, "box_line" if _was_mixed(box) else "box_added_up_line")),
        _facts(box, lang),
    ]
    if box.same:
        blocks.append(Notice("warning", say(lang, "box_same"), (say(lang, "box_same_line"),)))
    if box.ways:
        blocks.append(
            Table(
                caption=say(lang, "box_ways"),
                head=(say(lang, "box_way"), say(lang, "number")),
                rows=tuple((say(lang, f"way_{one.way}"), whole(one.voters, lang)) for one in box.ways),
                numbers=(1,),
            )
        )
    blocks += [_trustees(box, lang), Items(tuple(_verdict(box, lang)))]
    if box.certificates:
        blocks += [Paragraph(say(lang, "box_certificates") + ":"), Code(visible(box.certificates))]
    for key in ("fingerprint", "head", "archive_sha256"):
        blocks += [Paragraph(say(lang, f"box_{key}") + ":"), Code(visible(getattr(box, key)))]
    title = say(lang, "box", title=either(contest.title, lang))
    return Section(id=f"box-{number + 1}", title=title, blocks=tuple(blocks))


def _facts(box: Box, lang: Language) -> Facts:
    return Facts(
        (
            (say(lang, "box_uuid"), visible(box.uuid)),
            (say(lang, "box_group"), visible(box.group)),
            (say(lang, "box_ballots"), whole(box.ballots, lang)),
        )
    )


def _was_mixed(box: Box) -> bool:
    """Whether ballots were mixed and opened one by one; what is added up is mixed by nobody."""
    return any(trustee.mixed for trustee in box.trustees)


def _trustees(box: Box, lang: Language) -> Table:
    done = {True: say(lang, "yes"), False: say(lang, "no")}
    was_mixed = _was_mixed(box)
    keys = ("box_trustee", *(["box_mixed"] if was_mixed else []), "box_decrypted")
    return Table(
        caption=say(lang, "box_trustees", threshold=whole(box.threshold, lang), number=whole(len(box.trustees), lang)),
        head=tuple(say(lang, key) for key in keys),
        rows=tuple(
            (
                whole(trustee.number, lang),
                *([done[trustee.mixed]] if was_mixed else []),
                done[trustee.decrypted],
            )
            for trustee in box.trustees
        ),
        numbers=(0,),
    )


def _verdict(box: Box, lang: Language) -> list[str]:
    said = [
        say(lang, "box_holds" if verdict.holds else "box_fails", program=visible(verdict.program))
        for verdict in box.verdicts
    ]
    if len({verdict.holds for verdict in box.verdicts}) > 1:
        said.append(say(lang, "box_decides", program=visible(box.decides)))
    return said
