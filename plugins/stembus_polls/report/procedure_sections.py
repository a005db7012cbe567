"""What the report tells beside the count: papers, meeting, stembureau, roll, candidates, policy, complaints, terms."""

from stembus_polls.whole_outcome import outcome_words

from .accounting_checks import CheckedSum, checked_sums, has_post
from .blocks import Block, Code, Facts, Items, Notice, Paragraph, Section, Signatures, Table
from .content import Accounting, Contest, Language, Meeting, Note, Report
from .figures import day, end, moment, share, whole
from .names import isolated, listed, visible
from .phrases import either, lot_facts, placed
from .words import say

PAPER_KINDS = ("printed", "issued", "unused", "spoiled", "taken", "in_box", "strike_offs")
POSTAL_KINDS = ("posted", "postal_received", "postal_accepted", "postal_refused", "postal_in_box", "postal_strike_offs")


def papers_section(contest: Contest, number: int, lang: Language) -> Section | None:
    """The papers of a contest; None where nothing of them is published."""
    blocks: list[Block] = []
    if contest.accounting:
        blocks += _accounting(contest, contest.accounting, lang)
    if contest.typings:
        typed = contest.typings
        numbers = {key: whole(getattr(typed, key), lang) for key in ("papers", "differences", "settled")}
        blocks.append(Paragraph(say(lang, "typings", **numbers)))
        if still := typed.differences - typed.settled:
            blocks.append(Notice("warning", say(lang, "typings_open", open=whole(still, lang))))
    if contest.rulings:
        blocks.append(
            Table(
                caption=say(lang, "rulings_caption"),
                head=(say(lang, "explanation"), say(lang, "outcome"), say(lang, "number")),
                rows=tuple(
                    (visible(r.reason), say(lang, f"ruled_{r.outcome}"), whole(r.papers, lang)) for r in contest.rulings
                ),
                numbers=(2,),
            )
        )
    elif contest.papers:
        blocks.append(Paragraph(say(lang, "no_rulings")))
    if not blocks:
        return None
    title = say(lang, "papers", title=either(contest.title, lang))
    return Section(id=f"papers-{number + 1}", title=title, blocks=tuple(blocks))


def _accounting(contest: Contest, accounting: Accounting, lang: Language) -> list[Block]:
    counted = contest.papers if contest.box is None else None  # a box holds votes that were never on paper
    sums = checked_sums(accounting, counted, lang)
    kinds = PAPER_KINDS + (POSTAL_KINDS if has_post(accounting) else ())
    return [
        Table(
            caption=say(lang, "accounting_caption"),
            head=(say(lang, "paper_kind"), say(lang, "number")),
            rows=tuple((say(lang, kind), whole(getattr(accounting.numbers, kind), lang)) for kind in kinds),
            numbers=(1,),
        ),
        Table(
            caption=say(lang, "check_caption"),
            head=tuple(say(lang, key) for key in ("check", "expected", "found", "difference", "explanation")),
            rows=tuple(_sum_row(checked, lang) for checked in sums),
            numbers=(1, 2, 3),
        ),
    ]


def _sum_row(check: CheckedSum, lang: Language) -> tuple[str, ...]:
    sign = "+" if check.difference > 0 else "−" if check.difference < 0 else ""
    told = visible(check.explanation) if check.difference else say(lang, "equal")
    return (
        check.what,
        whole(check.expected, lang),
        whole(check.found, lang),
        sign + whole(abs(check.difference), lang),
        told if check.is_settled else say(lang, "unexplained"),
    )


def meeting_section(report: Report, lang: Language) -> Section:
    """The meeting in which the election took place."""
    meeting = report.meeting
    block: Block = Facts(_meeting(meeting, lang)) if meeting else Notice("warning", say(lang, "no_meeting"))
    return Section(id="meeting", title=say(lang, "meeting"), blocks=(block,))


def _meeting(meeting: Meeting, lang: Language) -> tuple[tuple[str, str], ...]:
    days, needed = meeting.clear_days, meeting.clear_days_needed
    rows = [
        ("body", either(meeting.body, lang)),
        ("held_on", day(meeting.held_on, lang)),
        ("second_meeting", say(lang, "yes" if meeting.second_meeting else "no")),
        ("convened_on", day(meeting.convened_on, lang)),
        ("clear_days", say(lang, "clear_days_line", days=whole(days, lang), needed=whole(needed, lang))),
        ("agenda_item", visible(meeting.agenda_item)),
        ("entitled", whole(meeting.entitled, lang)),
        ("present", whole(meeting.present, lang)),
        ("proxies", whole(meeting.proxies, lang)),
        ("quorum", _quorum(meeting, lang)),
        ("chairs_ruling", visible(meeting.chairs_ruling) or say(lang, "unknown")),
        ("challenged", say(lang, "no")),
    ]
    if challenge := meeting.challenge:
        told = {
            "by": isolated(challenge.by),
            "ground": visible(challenge.ground),
            "outcome": either(challenge.outcome, lang),
        }
        rows[-1] = ("challenged", say(lang, "challenge", **told))
    return tuple((say(lang, key), value) for key, value in rows)


def _quorum(meeting: Meeting, lang: Language) -> str:
    if meeting.quorum is None:
        return say(lang, "no_quorum")
    quorum = meeting.quorum
    return say(
        lang,
        "quorum_line",
        verdict=say(lang, "quorum_met" if quorum.met else "quorum_unmet"),
        sum=either(quorum.sum, lang),
    )


def bureau_section(report: Report, lang: Language) -> Section:
    """Who sat on the stembureau, and who could not."""
    bureau = report.bureau
    blocks: list[Block] = []
    if bureau.appointed_by:
        blocks.append(Paragraph(say(lang, "appointed_by", body=either(bureau.appointed_by, lang))))
    people = tuple((isolated(member.name), either(member.seat, lang)) for member in bureau.members)
    blocks.append(Table(caption=say(lang, "bureau"), head=(say(lang, "member"), say(lang, "as")), rows=people))
    if bureau.excluded:
        blocks += [Paragraph(say(lang, "excluded_from") + ":"), Items(tuple(visible(line) for line in bureau.excluded))]
    return Section(id="bureau", title=say(lang, "bureau"), blocks=tuple(blocks))


def roll_section(report: Report, lang: Language) -> Section:
    """The frozen roll, objections to it, and turnout by branch."""
    roll, made = report.roll, report.roll.objections
    numbers = {key: whole(getattr(made, key), lang) for key in ("made", "upheld", "rejected", "withdrawn")}
    objections = say(lang, "objections_line", **numbers)
    if made.decided_by:
        objections += say(lang, "decided_by", by=either(made.decided_by, lang))
    blocks: list[Block] = [
        Facts(
            (
                (say(lang, "on_roll"), whole(roll.size, lang)),
                (say(lang, "frozen_at"), moment(roll.frozen_at, report.time_zone, lang)),
                (say(lang, "objections_to_roll"), objections),
            )
        ),
        Paragraph(say(lang, "merkle_root") + ":"),
        Code(visible(roll.merkle_root)),
    ]
    if report.turnout_by_branch:
        blocks.append(
            Table(
                caption=say(lang, "branch_caption"),
                head=(say(lang, "branch"), say(lang, "on_roll"), say(lang, "voted"), say(lang, "turnout")),
                rows=tuple(
                    (
                        isolated(row.branch) if row.branches == 1 else say(lang, "other_branches", count=row.branches),
                        whole(row.on_roll, lang),
                        whole(row.voted, lang),
                        share(row.voted, row.on_roll, lang),
                    )
                    for row in report.turnout_by_branch
                ),
                numbers=(1, 2, 3),
            )
        )
    return Section(id="roll", title=say(lang, "roll"), blocks=tuple(blocks))


def candidates_section(report: Report, number: int, lang: Language) -> Section:
    """The candidates of a contest as on the ballot paper, and how their order came about."""
    contest = report.contests[number]
    has_left = any(candidate.withdrew != "no" for candidate in contest.candidates)
    rows = [
        (placed(place, c.name), isolated(c.branch) or "–", say(lang, f"withdrew_{c.withdrew}"))
        for place, c in enumerate(contest.candidates, 1)
    ]
    blocks: list[Block] = [
        Table(
            caption=say(lang, "candidates_caption"),
            head=tuple(say(lang, key) for key in ("order_name", "branch", "withdrew"))[: 3 if has_left else 2],
            rows=tuple(row[: 3 if has_left else 2] for row in rows),
        )
    ]
    if contest.ballot_order:
        blocks.append(Paragraph(say(lang, "order_by_lot")))
        blocks.append(lot_facts(report, contest, contest.ballot_order, lang))
    title = say(lang, "candidates", title=either(contest.title, lang))
    return Section(id=f"candidates-{number + 1}", title=title, blocks=tuple(blocks))


def policy_section(report: Report, lang: Language) -> Section:
    """Which policy binds, and the decision behind it."""
    policy, unknown = report.policy, say(lang, "unknown")
    adopted = say(
        lang,
        "adopted_line",
        by=either(policy.adopted_by, lang) or unknown,
        day=day(policy.adopted_on, lang) if policy.adopted_on else unknown,
        decision=visible(policy.decision) or unknown,
    )
    facts = Facts(
        (
            (say(lang, "policy_id"), visible(policy.id)),
            (say(lang, "version"), visible(policy.version)),
            (say(lang, "adopted"), adopted),
        )
    )
    blocks = (facts, Paragraph(say(lang, "fingerprint") + ":"), Code(visible(policy.fingerprint)))
    return Section(id="policy", title=say(lang, "policy"), blocks=blocks)


def notes_section(report: Report, lang: Language) -> Section:
    """All incidents, complaints and dissent."""
    blocks: list[Block] = [Paragraph(say(lang, "notes_promise"))]
    for key, notes in (
        ("incidents", report.incidents),
        ("complaints", report.complaints),
        ("dissents", report.dissents),
    ):
        blocks.append(Paragraph(say(lang, key, count=len(notes))))
        if notes:
            blocks.append(Items(tuple(_note(report, note, lang) for note in notes), ordered=True))
    return Section(id="notes", title=say(lang, "notes"), blocks=tuple(blocks))


def _note(report: Report, note: Note, lang: Language) -> str:
    at = moment(note.at, report.time_zone, lang) if note.at else ""
    about = ", ".join(part for part in (at, isolated(note.by)) if part)
    text = f"{about}: {visible(note.text)}" if about else visible(note.text)
    return text + (say(lang, "answer", answer=visible(note.answer)) if note.answer else "")


def annulled_section(report: Report, lang: Language) -> Section | None:
    """That the vote was annulled, before anything else; None where it was not."""
    found = report.annulled
    if found is None:
        return None
    facts = (
        (say(lang, "annulled_at"), moment(found.at, report.time_zone, lang)),
        (say(lang, "annulled_by"), ", ".join(either(body, lang) for body in found.by)),
        (say(lang, "annulled_reason"), say(lang, f"annulled_{found.reason}")),
        (say(lang, "annulled_ground"), visible(found.ground)),
    )
    follows = [say(lang, "annulled_seats")]
    if found.again:
        follows.append(say(lang, "annulled_again", names=", ".join(isolated(name) for name in found.again)))
    blocks = (Notice("warning", say(lang, "annulled_line")), Facts(facts), *map(Paragraph, follows))
    return Section(id="annulled", title=say(lang, "annulled"), blocks=blocks)


def terms_section(report: Report, lang: Language) -> Section:
    """Until when and where one can object, and until when a court can annul."""
    terms, unknown = report.terms, say(lang, "unknown")
    annulment = unknown
    if terms.annulment_until:
        until = day(terms.annulment_until, lang)
        annulment = say(lang, "annulment_line", day=until, article=visible(terms.annulment_article))
    until = end(terms.objection_until, report.time_zone, lang) if terms.objection_until else unknown
    facts = (
        (say(lang, "objection_until"), until),
        (say(lang, "objection_to"), either(terms.objection_to, lang) or unknown),
        (say(lang, "annulment_until"), annulment),
    )
    return Section(id="terms", title=say(lang, "terms"), blocks=(Facts(facts),))


def verify_section(report: Report, lang: Language) -> Section:
    """How anybody can check: archive, checkpoint, program."""
    noted: tuple[Block, ...] = (Paragraph(say(lang, "no_checkpoint")),)
    if report.checkpoint:
        noted = (Paragraph(say(lang, "checkpoint") + ":"), Code(report.checkpoint))
    made = Facts(((say(lang, "program"), visible(report.program)),))
    return Section(id="verify", title=say(lang, "verify"), blocks=(Paragraph(say(lang, "verify_line")), *noted, made))


def publication_section(report: Report, lang: Language) -> Section:
    """At which level the result is published, and everything that was left out, with the reason."""
    rule = report.publication
    facts = Facts(
        (
            (say(lang, "publication_level"), say(lang, f"level_{rule.level}")),
            (say(lang, "smallest_group"), whole(rule.smallest_group, lang)),
        )
    )
    left: Block = Paragraph(say(lang, "left_nothing"))
    if report.left_out:
        left = Items(tuple(either(line, lang) for line in report.left_out))
    return Section(id="publication", title=say(lang, "publication"), blocks=(facts, left))


def signatures_section(report: Report, lang: Language) -> Section:
    """Places for the stembureau to sign."""
    people = tuple((isolated(member.name), either(member.seat, lang)) for member in report.bureau.members)
    block = Signatures(people, (say(lang, "signature"), say(lang, "sign_date")))
    return Section(id="signatures", title=say(lang, "signatures"), blocks=(block,))


def result_section(report: Report, lang: Language) -> Section:
    """Whether the election stands, or what blocks it."""
    result = report.result
    filled = sum(len(contest.elected) for contest in report.contests)
    seats = sum(contest.seats for contest in report.contests)
    if result.status == "elected":
        names = [isolated(contest.candidates[c].name) for contest in report.contests for c in contest.elected]
        lines = [say(lang, "is_elected_line", count=whole(filled, lang), seats=whole(seats, lang))]
        lines += [listed(names, say(lang, "and")) + "."] if names else []
        lines += [line for contest in report.contests if (line := _not_adopted(contest, lang))]
        notice = Notice("good", say(lang, "is_elected"), tuple(lines))
        if report.annulled:
            notice = Notice("warning", say(lang, "was_elected"), tuple(lines[1:]))
        elif not names:
            notice = Notice("warning", say(lang, "is_nobody_elected"), tuple(lines))
    else:
        reasons = [either(reason, lang) for reason in result.blocked_because]
        notice = Notice("warning", say(lang, "is_blocked"), (say(lang, "blocked_line"), *reasons))
    blocks: list[Block] = [notice]
    if result.seats_from or result.seats_until:
        first, last = (day(at, lang) if at else say(lang, "unknown") for at in (result.seats_from, result.seats_until))
        blocks.append(Facts(((say(lang, "seats_run"), say(lang, "from_until", start=first, end=last)),)))
    return Section(id="result", title=say(lang, "result"), blocks=tuple(blocks))


def _not_adopted(contest: Contest, lang: Language) -> str:
    vote = contest.whole.vote if contest.whole else None
    if vote is None or vote.outcome == "adopted":
        return ""
    told = outcome_words(vote)
    return say(lang, "is_not_adopted", title=either(contest.title, lang), outcome=told.nl if lang == "nl" else told.en)
