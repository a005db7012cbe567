"""The retention classes of what a poll keeps about people."""

from stembus.vault.retention import RetentionClass

RETENTION_CLASSES: tuple[RetentionClass, ...] = (
    RetentionClass(
        name="roll",
        holds="who may vote and on which facts that was judged, objections to the roll, proxies",
        purpose="to let exactly those vote who may, and to tell everybody why they may or may not",
        ground="GDPR 9(2)(d) and 6(1)(b): the party's own members; BW 2:38",
        keep="until the term for annulment is over and 1 month after, as the policy says",
    ),
    RetentionClass(
        name="candidacies",
        holds="candidacies with what was handed in, declared characteristics, supporters, decisions and appeals",
        purpose="to judge who may stand, and to put candidates before the voters",
        ground="GDPR 9(2)(d) and 6(1)(b): the party's own members; declared characteristics by GDPR 9(2)(a)",
        keep="until the term for annulment is over and 4 weeks after, as the policy says",
    ),
    RetentionClass(
        name="papers",
        holds="who was struck off or sent a paper, envelopes that came by post, who typed the papers over",
        purpose="to let everybody vote once, and to account for every paper",
        ground="GDPR 9(2)(d) and 6(1)(b): the party's own members; BW 2:38",
        keep="until the term for annulment is over and 1 month after, as the policy says",
    ),
    RetentionClass(
        name="result",
        holds="the record of the count, lots, recounts, incidents, complaints and dissents with the names in them",
        purpose="to show how the result came about",
        ground="GDPR 6(1)(f): accountability of the association to its members",
        keep="10 years after the result, as the policy says",
        then="archive",
    ),
)
