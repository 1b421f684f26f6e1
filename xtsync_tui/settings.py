"""Settings and profiles: what the person chose, kept as TOML in the configuration folder.

``profiles.toml`` has one table a profile, ``settings.toml`` the rest. Both may be edited by hand: comments
and keys that this version does not know survive a change made here. Neither holds a secret. Which profile was
used when is state, not configuration, and is kept in the state folder.
"""

import json
import re
import tomllib
from collections.abc import Callable, Mapping, MutableMapping
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, Literal, TypeVar

import msgspec
import platformdirs

from xtsync_tui.errors import InvalidInput, StoreFailed
from xtsync_tui.private_file import locked, make_private_folder, write_private

DEMO = "demo"
"""The name of the built-in profile: two made-up tenants, never in the file."""

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")
_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_LABEL = r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?"
_DOMAIN = re.compile(rf"(?=.{{4,253}}$)({_LABEL}\.)+[a-z]{_LABEL}", re.IGNORECASE)


class Way(StrEnum):
    """A way to sign in. The first two are a person, the rest a program with permissions of its own."""

    BROWSER = "browser"
    DEVICE_CODE = "device-code"
    CERTIFICATE = "certificate"
    SECRET = "secret"  # noqa: S105 - the name of a way, not a secret
    MANAGED_IDENTITY = "managed-identity"
    AZURE_CLI = "azure-cli"

    @property
    def is_interactive(self) -> bool:
        """Whether a person signs in with it."""
        return self in {Way.BROWSER, Way.DEVICE_CODE}


class _Value(msgspec.Struct, frozen=True, kw_only=True):
    """A part of a TOML file."""


class TenantSettings(_Value, frozen=True):
    """How one tenant is reached: its id or a domain, the application that signs in, and the way.

    ``client_id`` is the application's id in this tenant; a managed identity and the Azure CLI need none.
    """

    tenant: str
    client_id: str = ""
    way: Way = Way.BROWSER


class Limits(_Value, frozen=True):
    """From how many people on a change asks for the number to be typed.

    ``removals`` None means the deletion threshold of the job.
    """

    removals: int | None = None
    changes: int = 50


class Plan(_Value, frozen=True):
    """What step 1 of the setup noted: nothing of it is sent."""

    shape: Literal["one-to-one", "hub", "both-ways"] = "one-to-one"
    who: Literal["assigned", "all"] = "assigned"
    what: Literal["defaults", "own"] = "defaults"
    note: str = ""
    reviewed: bool = False


class Profile(_Value, frozen=True):
    """One source and one target tenant, and how careful to be with them.

    ``cloud`` is a name of ``graph.clouds`` or the https address of an emulator on this machine.
    """

    name: str
    source: TenantSettings
    target: TenantSettings
    cloud: str = "public"
    read_only: bool = False
    protected: bool = False
    limits: Limits = Limits()
    plan: Plan = Plan()


class Settings(_Value, frozen=True):
    """What holds for every profile.

    ``token_store`` is how tokens are kept; ``auto`` takes the best one this machine has. ``redirect_port`` is
    the loopback port to which the browser comes back. ``keymap`` is key id → keys, as Textual writes them.
    """

    theme: str = ""
    colours: Literal["auto", "truecolor", "256", "16", "none"] = "auto"
    ascii: bool = False
    mouse: bool = True
    token_store: Literal["auto", "keyring", "kernel", "passphrase", "memory", "plaintext"] = "auto"  # noqa: S105
    redirect_port: int = 8400
    keymap: dict[str, str] = {}


def config_folder() -> Path:
    """Return the folder of the files a person may edit."""
    return platformdirs.user_config_path("xtsync")


def state_folder() -> Path:
    """Return the folder of what the program remembers: last use, journal, token files."""
    return platformdirs.user_state_path("xtsync")


def load_profiles() -> dict[str, Profile]:
    """Return the profiles by name, in the order of the file; without the built-in demo.

    Raises InvalidInput with file and line if the file cannot be used; it is left as it is.
    """
    path = _profiles_file()
    text, tables = _read(path)
    profiles = {}
    for name, table in tables.items():
        if not isinstance(table, dict):
            detail = f"{name} is not a profile: write [{name}] above its keys."
            raise _broken(path, _line_of(text, [name]), detail)
        profiles[name] = _convert({**table, "name": name}, Profile, path, text, [name])
        check_profile(profiles[name])
    return profiles


def load_profile(name: str) -> Profile:
    """Return the profile called ``name``; raises InvalidInput if there is none, or it is the built-in one."""
    if name == DEMO:
        raise InvalidInput("The demo is built in", "It is two made-up tenants.", "xtsync demo opens it.")
    profiles = load_profiles()
    if name not in profiles:
        known = ", ".join([DEMO, *profiles])
        hint = "xtsync profile list shows them."
        raise InvalidInput(f"No profile is called {name}", f"Known are {known}.", hint)
    return profiles[name]


def save_profile(profile: Profile) -> None:
    """Add ``profile``, or replace the one of its name, keeping everything else in the file.

    Raises InvalidInput if the profile or the file cannot be used and StoreFailed if it cannot be written.
    """
    import tomlkit

    check_profile(profile)

    def edit(document: MutableMapping[str, Any]) -> None:
        table = document.setdefault(profile.name, tomlkit.table())
        _put(table, profile)
        del table["name"]

    _change(_profiles_file(), edit)


def remove_profile(name: str) -> None:
    """Take the profile ``name`` out of the file; raises InvalidInput if there is none."""
    load_profile(name)
    _change(_profiles_file(), lambda document: document.pop(name))


def check_profile(profile: Profile) -> None:
    """Raise InvalidInput if the profile cannot be used: its name, a tenant or an application id."""
    if profile.name == DEMO or not _NAME.fullmatch(profile.name):
        raise InvalidInput(
            f"{profile.name} cannot be the name of a profile" if profile.name else "The profile has no name",
            "A name has up to 40 letters, digits, dots, hyphens and underscores; demo is built in.",
            "Choose another name." if profile.name else "Type one.",
        )
    for side, tenant in (("SOURCE", profile.source), ("TARGET", profile.target)):
        if not (_GUID.fullmatch(tenant.tenant) or _DOMAIN.fullmatch(tenant.tenant)):
            raise InvalidInput(
                f"{side} tenant of {profile.name}: {tenant.tenant!r} is neither a tenant id nor a domain",
                "An id looks like 7f3c0a51-0000-0000-0000-00000000b2e4, a domain like contoso.com.",
            )
        if tenant.client_id and not _GUID.fullmatch(tenant.client_id):
            raise InvalidInput(
                f"{side} application of {profile.name}: {tenant.client_id!r} is not a client id",
                "It looks like 7f3c0a51-0000-0000-0000-00000000b2e4.",
            )
    if profile.source.tenant.casefold() == profile.target.tenant.casefold():
        raise same_tenant(profile.source.tenant)


def same_tenant(name: str) -> InvalidInput:
    """Return that a profile names one tenant twice."""
    return InvalidInput(
        "SOURCE and TARGET are the same tenant",
        f"Both are {name}. People are synchronized from one tenant into another.",
        "Change one of them in the profile.",
    )


def load_settings() -> Settings:
    """Return the settings, the defaults where nothing is chosen; raises InvalidInput with file and line."""
    path = _settings_file()
    text, table = _read(path)
    return _convert(table, Settings, path, text, [])


def save_settings(settings: Settings) -> None:
    """Keep ``settings``, with everything else in the file; raises InvalidInput and StoreFailed."""
    _change(_settings_file(), lambda document: _put(document, settings))


def last_used() -> dict[str, datetime]:
    """Return when each profile was opened last, the latest first; nothing if that is not known."""
    try:
        found = json.loads((state_folder() / "used.json").read_bytes())
        used = {str(name): datetime.fromisoformat(moment) for name, moment in found.items()}
    except (OSError, ValueError, AttributeError, TypeError):
        return {}  # only a convenience: a damaged file must not keep anybody out
    return dict(sorted(used.items(), key=lambda item: item[1].timestamp(), reverse=True))


def last_profile() -> str:
    """Return the name of the profile that was opened last and still is there, ``""`` if there is none."""
    known = {DEMO, *load_profiles()}
    return next((name for name in last_used() if name in known), "")


def mark_used(name: str, now: datetime) -> None:
    """Remember that the profile ``name`` was opened at ``now``; raises StoreFailed."""
    make_private_folder(state_folder())
    with locked(state_folder() / "used.lock"):
        used = last_used() | {name: now}
        moments = {profile: moment.isoformat() for profile, moment in used.items()}
        write_private(state_folder() / "used.json", json.dumps(moments).encode())


def _profiles_file() -> Path:
    return config_folder() / "profiles.toml"


def _settings_file() -> Path:
    return config_folder() / "settings.toml"


def _read(path: Path) -> tuple[str, dict[str, Any]]:
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return "", {}
    except UnicodeDecodeError as error:
        raise _broken(path, 1 + error.object[: error.start].count(b"\n"), "It is not UTF-8 text.") from error
    except OSError as error:
        raise StoreFailed(f"{path} cannot be read", error.strerror or "") from error
    try:
        return text, tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"line (\d+)", str(error))
        line = int(place[1]) if place else text.count("\n") + 1
        raise _broken(path, line, f"{str(error).partition(' (at ')[0]}.") from error


_Kind = TypeVar("_Kind", Profile, Settings)


def _convert(values: Mapping[str, Any], kind: type[_Kind], path: Path, text: str, above: list[str]) -> _Kind:
    try:
        return msgspec.convert(values, kind)
    except msgspec.ValidationError as error:
        message, _, where = str(error).partition(" - at `$")
        keys = above + re.findall(r"[\w-]+", where)
        missing = re.search(r"required field `(\w+)`", message)
        detail = f"{missing[1]} is missing in {'.'.join(keys)}" if missing else f"{'.'.join(keys)}: {message}"
        raise _broken(path, _line_of(text, keys), f"{detail}.") from error


def _broken(path: Path, line: int, detail: str) -> InvalidInput:
    title = f"{path}, line {line} cannot be used"
    return InvalidInput(title, detail, "Correct the file. Nothing in it was changed.")


def _line_of(text: str, keys: list[str]) -> int:
    """Return the line, from 1, of the deepest of ``keys`` that is written out: tables have no positions."""
    place = 0
    for key in keys:
        found = re.compile(rf"^[^#\n=]*\b{re.escape(key)}\b", re.MULTILINE).search(text, place)
        if found is None:
            break
        place = found.end()
    return text.count("\n", 0, place) + 1


def _change(path: Path, edit: Callable[[MutableMapping[str, Any]], object]) -> None:
    import tomlkit

    make_private_folder(path.parent)
    make_private_folder(state_folder())
    with locked(state_folder() / f"{path.stem}.lock"):
        text, _ = _read(path)  # a broken file is reported here, and so never overwritten
        document = tomlkit.parse(text)
        edit(document)
        write_private(path, tomlkit.dumps(document).encode())


def _put(table: MutableMapping[str, Any], value: msgspec.Struct) -> None:
    """Write ``value`` over what ``table`` says, leaving alone what it does not know.

    A default is written only where the table had the key already: what a person wrote out stays written out.
    """
    import tomlkit

    for field in msgspec.structs.fields(value):
        new = getattr(value, field.name)
        default = field.default if field.default_factory is msgspec.NODEFAULT else field.default_factory()
        if new is None:
            table.pop(field.name, None)
        elif field.name not in table and new == default:
            continue
        elif isinstance(new, msgspec.Struct):
            _put(table.setdefault(field.name, tomlkit.table()), new)
        else:
            table[field.name] = str(new) if isinstance(new, StrEnum) else new
