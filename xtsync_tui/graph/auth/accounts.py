"""Who signed in where: names and ids, no secret, beside the profiles.

It is what azure-identity calls an AuthenticationRecord, with the scopes that were granted.
"""

from collections.abc import Callable
from pathlib import Path

import msgspec

from xtsync_tui.graph.clouds import Cloud
from xtsync_tui.private_file import locked, make_private_folder, write_private
from xtsync_tui.settings import TenantSettings, Way, config_folder, state_folder


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """One person in one tenant of one cloud, signed in through one application.

    ``home_account_id`` is MSAL's, ``scopes`` are the bare names that were granted.
    """

    cloud: str
    tenant_id: str
    client_id: str
    home_account_id: str
    username: str
    scopes: tuple[str, ...] = ()
    way: Way = Way.BROWSER

    @property
    def entry(self) -> str:
        """Return the name of this account's entry in the token store."""
        return f"{self.cloud}|{self.tenant_id}|{self.client_id}|{self.home_account_id}"


def account_key(tenant: TenantSettings, cloud: Cloud) -> str:
    """Return what a profile's side looks its account up by; profiles that share a side share the account."""
    return f"{cloud.name}|{tenant.tenant}|{tenant.client_id}".casefold()


class _File(msgspec.Struct):
    version: int
    accounts: dict[str, Account]


_VERSION = 1


class Accounts:
    """The accounts of all profiles, by ``account_key``, in one file.

    A damaged file or one of another version counts as empty: then everybody signs in again.
    """

    def __init__(self, path: Path | None = None) -> None:
        self._path = path or config_folder() / "accounts.json"

    def all(self) -> dict[str, Account]:
        """Return every account."""
        try:
            found = msgspec.json.decode(self._path.read_bytes(), type=_File)
        except (FileNotFoundError, msgspec.DecodeError):
            return {}
        return found.accounts if found.version == _VERSION else {}

    def put(self, key: str, account: Account) -> None:
        """Remember ``account`` under ``key``; raises StoreFailed."""
        self._change(lambda accounts: accounts | {key: account})

    def remove(self, key: str) -> None:
        """Forget the account under ``key``; raises StoreFailed."""
        self._change(lambda accounts: {name: one for name, one in accounts.items() if name != key})

    def _change(self, change: Callable[[dict[str, Account]], dict[str, Account]]) -> None:
        make_private_folder(self._path.parent)
        make_private_folder(state_folder())
        with locked(state_folder() / "accounts.lock"):
            write_private(self._path, msgspec.json.encode(_File(_VERSION, change(self.all()))))


class PassingAccounts(Accounts):
    """Accounts that nobody remembers after this run."""

    def __init__(self) -> None:
        super().__init__()
        self._kept: dict[str, Account] = {}

    def all(self) -> dict[str, Account]:
        """Return every account of this run."""
        return self._kept

    def _change(self, change: Callable[[dict[str, Account]], dict[str, Account]]) -> None:
        self._kept = change(self._kept)
