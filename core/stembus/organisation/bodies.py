"""What the definition of a body says: its offices, what each allows, and which seats cannot go together."""

import difflib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

import msgspec

from stembus.errors import UnusableInput
from stembus.organisation.powers import Power
from stembus.text_file import read_text
from stembus_procedures import PolicyError
from stembus_procedures.loading import load_document
from stembus_procedures.sentence import N_

Slug = Annotated[
    str,
    msgspec.Meta(
        pattern=r"^[a-z][a-z0-9_-]*$",
        max_length=60,
        description=N_("a name in small letters, such as party_board"),
    ),
]
Text = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]

BOOTSTRAP = "bootstrap"
"""The body of the two founders. Its seats allow everything, until the first seat that they give begins."""
FOUNDER = "founder"


class Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A table in a definition. Strict: an unknown key is refused."""


class Office(Part, frozen=True):
    """An office in a body, how many seats it has at most, and the powers that a seat in it gives.

    An office of a branch speaks for the bodies of `speaks_for`, such as its own stembureau; without any, for those of
    the branch.
    """

    name: Slug
    nl: Text
    en: Text
    seats: Annotated[int, msgspec.Meta(ge=1)]
    powers: tuple[str, ...] = ()
    speaks_for: tuple[Slug, ...] = ()


class Incompatible(Part, frozen=True, rename={"other": "with"}):
    """A seat elsewhere that cannot be held together with a seat in this body, and why.

    `other` (in the file: `with`) is a body ("board") or one office of it ("board.chair"). Without `office` it holds
    for every office of this body.
    """

    other: Annotated[
        str,
        msgspec.Meta(
            pattern=r"^[a-z][a-z0-9_-]*(\.[a-z][a-z0-9_-]*)?$",
            description=N_("a body, such as board, or one office of it, such as board.chair"),
        ),
    ]
    reason: Text
    office: Slug | None = None


class BodyDefinition(Part, frozen=True):
    """A body as the party defines it. Adopting one is an act of two.

    A body of kind "branch" says in `branch` how the membership roll writes it ("Utrecht"), letter for letter: that is
    how its members are found. In a procedure that it holds, its seats speak for the bodies that the policy calls by
    one of `speaks_for` ("afdelingsbestuur"), since a policy is written once for all branches; an office can have its
    own.
    """

    slug: Slug
    kind: Literal["assembly", "board", "council", "committee", "bureau", "office", "branch", "court"]
    nl: Text
    en: Text
    offices: Annotated[tuple[Office, ...], msgspec.Meta(min_length=1)]
    incompatible: tuple[Incompatible, ...] = ()
    branch: Text | None = None
    speaks_for: tuple[Slug, ...] = ()

    @property
    def is_branch(self) -> bool:
        """Whether its seats reach no further than one branch."""
        return self.kind == "branch"

    @property
    def own_bodies(self) -> frozenset[str]:
        """The bodies of a policy that are this branch's own: for which its seats speak, and nobody of the party."""
        return frozenset(self.speaks_for).union(*(office.speaks_for for office in self.offices))

    def spoken_for(self, office: str) -> tuple[str, ...]:
        """Return the bodies of a policy that a seat in this office of the branch speaks for."""
        own = next((one.speaks_for for one in self.offices if one.name == office), ())
        return own or self.speaks_for

    def office(self, name: str) -> Office:
        """Return the office called `name`. Raises `UnusableInput` that names those there are."""
        for office in self.offices:
            if office.name == name:
                return office
        raise UnusableInput(
            "{slug} has no office {name!r}: it has {offices}.",
            slug=self.slug,
            name=name,
            offices=[office.name for office in self.offices],
        )


def read_definition(path: Path, powers: Mapping[str, Power]) -> BodyDefinition:
    """Read a definition from a TOML file and check it against the powers there are.

    Raises `UnusableInput` that names the file, the key and what was expected.
    """
    return definition_in(read_text(path), str(path), powers)


def definition_in(text: str, name: str, powers: Mapping[str, Power]) -> BodyDefinition:
    """Return the definition in a TOML text that people know by `name`; refuses as `read_definition` does."""
    try:
        definition = load_document(text, BodyDefinition)
    except PolicyError as error:
        raise UnusableInput(error.sentence_about(name)) from None
    for problem in problems(definition, powers):
        raise UnusableInput("{path}: {problem}", path=name, problem=problem)
    return definition


def problems(definition: BodyDefinition, powers: Mapping[str, Power]) -> list[str]:
    """Return what is wrong with a definition beyond its form: one sentence each."""
    found = []
    names = [office.name for office in definition.offices]
    if definition.slug == BOOTSTRAP:
        found.append(f"the name {BOOTSTRAP!r} is taken by the founders: choose another slug.")
    found += [f"office {name!r} is there twice: keep one." for name in sorted(set(names)) if names.count(name) > 1]
    for number, office in enumerate(definition.offices):
        for power in office.powers:
            if power not in powers:
                near = difflib.get_close_matches(power, powers, n=1)
                hint = f"did you mean {near[0]!r}?" if near else f"there are: {', '.join(sorted(powers))}."
                found.append(f"offices[{number}].powers: nothing installed knows the power {power!r}; {hint}")
            elif definition.is_branch and not powers[power].in_branch:
                found.append(
                    f"offices[{number}].powers: {power!r} reaches the whole party, so a branch cannot have it."
                )
    for number, rule in enumerate(definition.incompatible):
        if rule.office is not None and rule.office not in names:
            found.append(f"incompatible[{number}].office: this body has no office {rule.office!r}.")
    if definition.is_branch and definition.branch is None:
        found.append('branch is missing: write the branch as the membership roll does, such as branch = "Utrecht".')
    if not definition.is_branch and (definition.branch is not None or definition.own_bodies):
        found.append(f"branch and speaks_for are for a body of kind branch, and this is a {definition.kind}.")
    return found
