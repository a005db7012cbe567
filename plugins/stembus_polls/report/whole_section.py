"""What the report tells of a vote for or against all candidates together: the papers, the rule, the arithmetic."""

from stembus_ballots.whole import WholeVote
from stembus_polls.whole_outcome import outcome_words, rule_words

from .blocks import Facts, Paragraph, Section
from .content import Language, Text
from .figures import whole
from .phrases import either
from .words import say


def whole_section(vote: WholeVote, number: int, lang: Language) -> Section:
    """The section of the vote on the candidates of contest `number` (from 0)."""
    rule, outcome = rule_words(vote), outcome_words(vote)
    rows = [
        (say(lang, "votes_for"), whole(vote.votes.yes, lang)),
        (say(lang, "votes_against"), whole(vote.votes.no, lang)),
        (say(lang, "whole_rule"), either(Text(rule.nl, rule.en), lang)),
        (say(lang, "whole_outcome"), either(Text(outcome.nl, outcome.en), lang)),
    ]
    if vote.quorum and vote.quorum.met:
        reached = {key: whole(getattr(vote.quorum, key), lang) for key in ("counted", "whole", "needed")}
        rows.append((say(lang, "whole_quorum"), say(lang, "whole_quorum_met", **reached)))
    blocks = (Paragraph(say(lang, "whole_line")), Facts(tuple(rows)))
    return Section(id=f"whole-{number + 1}", title=say(lang, "whole_title"), level=3, blocks=blocks)
