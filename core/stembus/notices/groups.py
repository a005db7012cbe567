"""Groups of people that plugins find in a procedure, to write to."""

import msgspec


class RecipientGroup(msgspec.Struct, frozen=True, kw_only=True):
    """People in a procedure, such as those on its roll. `nl` and `en` say who they are; `name` stays the same."""

    name: str
    nl: str
    en: str
    member_ids: tuple[str, ...]
