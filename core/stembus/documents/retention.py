"""The retention class of who signed what."""

# readers: members

from stembus.organisation.retention_classes import memberships_over
from stembus.vault.retention import RetentionClass
from stembus.words import N_

SIGNATURES = RetentionClass(
    name="signatures",
    holds=N_("which version of which document a member signed or put off, when, and whether on paper"),
    purpose=N_("to ask each member once for each version, and to show what somebody promised"),
    ground=N_("GDPR 9(2)(d) and 6(1)(b): the party's own members keep to its rules; UAVG 22(2)(c)"),
    keep=N_("as long as the membership lasts, and 2 years after"),
    days=731,
    ended=memberships_over,
)
