"""The retention class of what is kept about who was offered a place."""

# readers: members

from stembus.vault.retention import RetentionClass
from stembus.words import N_

RETENTION_CLASSES: tuple[RetentionClass, ...] = (
    RetentionClass(
        name="council_places",
        holds=N_("who was offered which place, what they answered, why they left, and how a successor was found"),
        purpose=N_("to seat who was elected, to fill places that fall empty, and to show how that was done"),
        ground=N_("GDPR 9(2)(d) and 6(1)(b): the party's own members; GDPR 6(1)(f): accountability to them"),
        keep=N_("10 years after the result, as the policy says of the result"),
        then="archive",
    ),
)
