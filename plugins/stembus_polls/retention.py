"""The retention classes of what a poll keeps about people."""

# readers: members

from stembus.vault.retention import RetentionClass
from stembus.words import N_

RETENTION_CLASSES: tuple[RetentionClass, ...] = (
    RetentionClass(
        name="roll",
        holds=N_("who may vote and on which facts that was judged, objections to the roll, proxies"),
        purpose=N_("to let exactly those vote who may, and to tell everybody why they may or may not"),
        ground=N_("GDPR 9(2)(d) and 6(1)(b): the party's own members; BW 2:38"),
        keep=N_("until the term for annulment is over and 1 month after, as the policy says"),
    ),
    RetentionClass(
        name="candidacies",
        holds=N_("candidacies with what was handed in, declared characteristics, supporters, decisions and appeals"),
        purpose=N_("to judge who may stand, and to put candidates before the voters"),
        ground=N_("GDPR 9(2)(d) and 6(1)(b): the party's own members; declared characteristics by GDPR 9(2)(a)"),
        keep=N_("until the term for annulment is over and 4 weeks after, as the policy says"),
    ),
    RetentionClass(
        name="papers",
        holds=N_("who was struck off or sent a paper, envelopes that came by post, who typed the papers over"),
        purpose=N_("to let everybody vote once, and to account for every paper"),
        ground=N_("GDPR 9(2)(d) and 6(1)(b): the party's own members; BW 2:38"),
        keep=N_("until the term for annulment is over and 1 month after, as the policy says"),
    ),
    RetentionClass(
        name="secret_poll",
        holds=N_(
            "whose vote was cast electronically with which public credential, and who tried in vain; never a choice"
        ),
        purpose=N_("to let everybody vote once, with their own credential"),
        ground=N_("GDPR 9(2)(d) and 6(1)(b): the party's own members; BW 2:38"),
        keep=N_("until the term for annulment is over and 1 month after, as the policy says"),
    ),
    RetentionClass(
        name="result",
        holds=N_("the record of the count, lots, recounts, incidents, complaints and dissents with the names in them"),
        purpose=N_("to show how the result came about"),
        ground=N_("GDPR 6(1)(f): accountability of the association to its members"),
        keep=N_("10 years after the result, as the policy says"),
        then="archive",
    ),
)
