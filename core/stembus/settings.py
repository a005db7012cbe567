"""The settings of an instance: `stembus.toml` in its folder, overruled by the environment."""

import os
import tomllib
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from stembus.errors import UnusableInput
from stembus.text_file import read_text

FILE_NAME = "stembus.toml"


class Contact(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Whom people call and write to, and how they complain: shown on every page and in every mail."""

    phone: str = ""
    email: str = ""
    hours_nl: str = ""
    hours_en: str = ""
    address: str = ""
    complaints_nl: str = ""
    complaints_en: str = ""


class MailSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """How mail leaves, and where bounces come back.

    `security` is "starttls", "tls" or "none" (only to this machine). Passwords come from the environment:
    STEMBUS_SMTP_PASSWORD and STEMBUS_BOUNCES_PASSWORD. `sender` is the address that people see; `bounces_to` is the
    mailbox that bounces go to, of which each message has an address of its own (bounces+…@). `per_minute` throttles.
    """

    sender: str
    smtp_host: str
    smtp_port: int = 587
    security: Literal["starttls", "tls", "none"] = "starttls"
    username: str = ""
    bounces_to: str = ""
    bounces_host: str = ""
    bounces_port: int = 993
    bounces_security: Literal["tls", "none"] = "tls"
    bounces_username: str = ""
    per_minute: int = 60


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What an instance is told at its start.

    `practice` marks an instance for practice and demonstrations: only there may the clock be set by hand, and
    every report says that it is practice. It is written once, by `stembus init`. `address` is where people reach the
    pages ("https://stembus.party.example"): links in mails, cookies and passkeys come from it and never from a request.
    `sites` are the addresses of the sites of plugins by their names, each another origin than the pages.
    `trusted_proxies` are the addresses of proxies whose X-Forwarded-For is believed. Without `mail` nothing is sent.
    """

    organisation: str
    origin: str
    database_url: str = "sqlite:///stembus.sqlite3"
    timezone: str = "Europe/Amsterdam"
    practice: bool = False
    clock: datetime | None = None
    disabled_plugins: tuple[str, ...] = ()
    address: str = "http://localhost:8000"
    sites: dict[str, str] = {}
    trusted_proxies: tuple[str, ...] = ()
    contact: Contact = Contact()
    mail: MailSettings | None = None


def load_settings(folder: Path, environment: Mapping[str, str] | None = None) -> Settings:
    """Read the settings of the instance in `folder`.

    `STEMBUS_DATABASE_URL`, `STEMBUS_TIMEZONE` and `STEMBUS_ADDRESS` overrule the file. `STEMBUS_CLOCK` (an ISO time
    with a zone) sets the clock, in a practice instance only. Raises `UnusableInput` that names the file and the key.
    """
    environment = os.environ if environment is None else environment
    path = folder / FILE_NAME
    if not path.exists():
        raise UnusableInput(
            f"There is no Stembus instance in {folder.absolute()}: {FILE_NAME} is missing. Make one with "
            "`stembus init`, or name its folder with --instance or STEMBUS_INSTANCE."
        )
    try:
        raw = tomllib.loads(read_text(path))
    except tomllib.TOMLDecodeError as error:
        raise UnusableInput(f"{path} cannot be read: {error}. Correct that line and try again.") from None
    for key, variable in (
        ("database_url", "STEMBUS_DATABASE_URL"),
        ("timezone", "STEMBUS_TIMEZONE"),
        ("address", "STEMBUS_ADDRESS"),
    ):
        if variable in environment:
            raw[key] = environment[variable]
    if "STEMBUS_CLOCK" in environment:
        raw["clock"] = _moment(environment["STEMBUS_CLOCK"])
    try:
        settings = msgspec.convert(raw, Settings)
    except msgspec.ValidationError as error:
        raise UnusableInput(f"{path}: {error}. Correct that setting and try again.") from None
    return _checked(settings, path)


def is_local(address: str) -> bool:
    """Whether an address is on this machine."""
    return urlsplit(address).hostname in ("localhost", "127.0.0.1")


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise UnusableInput(
            f"STEMBUS_CLOCK is {text!r}: expected a time with its zone, such as 2026-03-01T20:00:00+01:00."
        )
    return moment


def _checked(settings: Settings, path: Path) -> Settings:
    if settings.clock is not None and not settings.practice:
        raise UnusableInput(
            f"{path}: the clock can be set by hand only in a practice instance. Remove STEMBUS_CLOCK or `clock`."
        )
    for name, address in (("address", settings.address), *settings.sites.items()):
        parts = urlsplit(address)
        schemes = ("https", "http") if is_local(address) else ("https",)
        if not parts.hostname or parts.path not in ("", "/") or parts.scheme not in schemes:
            raise UnusableInput(
                f"{path}: {name} is {address!r}: write where people reach it, such as "
                "https://stembus.party.example (http only for localhost)."
            )
    try:
        ZoneInfo(settings.timezone)
    except (ZoneInfoNotFoundError, ValueError):
        raise UnusableInput(
            f"{path}: timezone {settings.timezone!r} is unknown. Name one such as Europe/Amsterdam."
        ) from None
    return settings
