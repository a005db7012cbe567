"""What changes when a body gets another definition, as sentences: a pure rule over two definitions."""

from collections.abc import Iterable, Mapping

from stembus.organisation.bodies import BodyDefinition, Incompatible, Office
from stembus.organisation.powers import Power
from stembus.words import N_
from stembus_procedures.language.values import Words
from stembus_procedures.sentence import Sentence

KINDS: Mapping[str, Sentence] = {
    "assembly": Sentence(N_("an assembly")),
    "board": Sentence(N_("a board")),
    "council": Sentence(N_("a council")),
    "committee": Sentence(N_("a committee")),
    "bureau": Sentence(N_("a bureau")),
    "office": Sentence(N_("an office of the party")),
    "branch": Sentence(N_("a branch")),
    "court": Sentence(N_("a court of the party")),
}


def changes(old: BodyDefinition | None, new: BodyDefinition, powers: Mapping[str, Power]) -> list[Sentence]:
    """Return what changes when `new` comes in place of `old` (None: the body is new); empty when nothing does."""
    before = {office.name: office for office in old.offices} if old else {}
    found = _of_the_body(old, new) if old else _of_a_new_body(new)
    for office in new.offices:
        if office.name not in before:
            found.append(
                Sentence(
                    N_("{office} (seats: {seats}) allows: {powers}."),
                    office=_called(office),
                    seats=office.seats,
                    powers=_named(office.powers, powers) or Sentence(N_("nothing by itself")),
                )
            )
        else:
            found += _of_an_office(before[office.name], office, powers)
    kept = {office.name for office in new.offices}
    found += [
        Sentence(N_("This office is no longer there: {office}."), office=_called(office))
        for name, office in before.items()
        if name not in kept
    ]
    had = old.incompatible if old else ()
    found += [
        Sentence(N_("{seat} cannot go together with {other}: {reason}."), **_pair(new, rule))
        for rule in new.incompatible
        if rule not in had
    ]
    found += [
        Sentence(N_("{seat} can go together with {other} from now on."), **_pair(old or new, rule))
        for rule in had
        if rule not in new.incompatible
    ]
    return found


def _of_a_new_body(new: BodyDefinition) -> list[Sentence]:
    found = [Sentence(N_("{body} becomes a body of the party: {kind}."), body=_called(new), kind=KINDS[new.kind])]
    if new.branch is not None:
        found.append(Sentence(N_("Its members are those of the branch {branch!r}."), branch=new.branch))
    if new.speaks_for:
        found.append(_speaks(new))
    return found


def _of_the_body(old: BodyDefinition, new: BodyDefinition) -> list[Sentence]:
    found = []
    if _called(old) != _called(new):
        found.append(Sentence(N_("{old} is called {new} from now on."), old=_called(old), new=_called(new)))
    if old.kind != new.kind:
        found.append(Sentence(N_("{body} becomes {kind}."), body=_called(new), kind=KINDS[new.kind]))
    if old.branch != new.branch and new.branch is not None:
        found.append(Sentence(N_("Its members are those of the branch {branch!r}."), branch=new.branch))
    if old.speaks_for != new.speaks_for and new.speaks_for:
        found.append(_speaks(new))
    elif old.speaks_for and not new.speaks_for:
        found.append(Sentence(N_("It no longer speaks for {names} in the policies."), names=list(old.speaks_for)))
    return found


def _of_an_office(old: Office, new: Office, powers: Mapping[str, Power]) -> list[Sentence]:
    found = []
    if _called(old) != _called(new):
        found.append(Sentence(N_("{old} is called {new} from now on."), old=_called(old), new=_called(new)))
    if old.seats != new.seats:
        found.append(
            Sentence(
                N_("The number of seats of {office} goes from {before} to {after}."),
                office=_called(new),
                before=old.seats,
                after=new.seats,
            )
        )
    if more := _named((name for name in new.powers if name not in old.powers), powers):
        found.append(Sentence(N_("{office} now also allows: {powers}."), office=_called(new), powers=more))
    if less := _named((name for name in old.powers if name not in new.powers), powers):
        found.append(Sentence(N_("{office} no longer allows: {powers}."), office=_called(new), powers=less))
    return found


def _speaks(new: BodyDefinition) -> Sentence:
    return Sentence(N_("It speaks for {names} in the policies."), names=list(new.speaks_for))


def _called(one: BodyDefinition | Office) -> Words:
    return Words(nl=one.nl, en=one.en)


def _named(names: Iterable[str], powers: Mapping[str, Power]) -> list[Power | str]:
    return [powers.get(name, name) for name in names]


def _pair(body: BodyDefinition, rule: Incompatible) -> dict[str, object]:
    seat = _called(body) if rule.office is None else _called(body.office(rule.office))
    return {"seat": seat, "other": rule.other, "reason": rule.reason}
