"""The retention classes of what the core keeps about members and seats."""

from stembus.vault.retention import RetentionClass

ORGANISATION_RETENTION: tuple[RetentionClass, ...] = (
    RetentionClass(
        name="members",
        holds="number, name, address, birth date, dates of membership, contribution, branch, suspension",
        purpose="to know who is a member and which rights they have on which day",
        ground="GDPR 9(2)(d) and 6(1)(b): the party's own members; UAVG 22(2)(c)",
        keep="as long as the membership lasts, and 2 years after",
    ),
    RetentionClass(
        name="member_imports",
        holds="what a member looked like before an import changed it",
        purpose="to undo an import that was wrong",
        ground="GDPR 5(1)(d): accuracy",
        keep="90 days after the import",
    ),
    RetentionClass(
        name="seats",
        holds="who held which seat, from when until when, by which act",
        purpose="to show by what mandate an act was done",
        ground="GDPR 6(1)(f): accountability of the association to its members",
        keep="as long as the acts done in the seat can be challenged, and 7 years after",
        then="archive",
    ),
)
