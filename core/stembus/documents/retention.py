"""The retention class of who signed what."""

from stembus.organisation.retention_classes import memberships_over
from stembus.vault.retention import RetentionClass

SIGNATURES = RetentionClass(
    name="signatures",
    holds="which version of which document a member signed or put off, when, and whether on paper",
    purpose="to ask each member once for each version, and to show what somebody promised",
    ground="GDPR 9(2)(d) and 6(1)(b): the party's own members keep to its rules; UAVG 22(2)(c)",
    keep="as long as the membership lasts, and 2 years after",
    days=731,
    ended=memberships_over,
)
