"""The policies that ship, as files."""

from importlib.resources import files
from importlib.resources.abc import Traversable


def shipped_policies() -> tuple[Traversable, ...]:
    """Return the policy files that ship, in the order of their names: beside this package once it is installed."""
    package = files("stembus_procedures")
    inside = package / "policies"
    folder = inside if inside.is_dir() else package / ".." / "policies"
    return tuple(sorted((file for file in folder.iterdir() if file.name.endswith(".toml")), key=lambda file: file.name))
