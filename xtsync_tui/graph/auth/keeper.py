"""What outlives the program of a sign-in: the account beside the profiles, its refresh token in the store."""

import threading
from collections.abc import Callable

from xtsync_tui.errors import StoreFailed
from xtsync_tui.graph.auth.accounts import Account, Accounts
from xtsync_tui.graph.auth.stores import Opened


class Keeper:
    """Remembers sign-ins. Every method blocks: call it in a thread.

    A store that fails never ends a sign-in: the tokens are in memory; ``problem`` says why they stay there.
    """

    def __init__(self, open_store: Callable[[], Opened], accounts: Accounts | None = None) -> None:
        self._open = open_store
        self._lock = threading.Lock()
        self._opened: Opened | None = None
        self.accounts = accounts or Accounts()
        self.problem: StoreFailed | None = None

    @property
    def opened(self) -> Opened:
        """The token store, opened (and probed) by the first who asks; raises StoreFailed."""
        with self._lock:
            if self._opened is None:
                self._opened = self._open()
            return self._opened

    def find(self, key: str) -> Account | None:
        """Return the account that was signed in last under ``key``."""
        return self.accounts.all().get(key)

    def tokens(self, account: Account) -> str | None:
        """Return what is kept for ``account``, None if it has to sign in again."""
        try:
            return self.opened.store.read(account.entry)
        except StoreFailed as error:
            self.problem = error
            return None

    def signed_in(self, key: str, account: Account, tokens: str) -> None:
        """Keep a new sign-in, in place of the one under ``key``."""
        before = self.find(key)
        try:
            if before is not None and before.entry != account.entry:
                self._drop(key, before)
            self.accounts.put(key, account)
            self.opened.store.write(account.entry, tokens)
        except StoreFailed as error:
            self.problem = error

    def refreshed(self, account: Account, tokens: str) -> None:
        """Keep the new tokens of ``account``, unless it was signed out by another process meanwhile."""
        try:
            if self.opened.store.read(account.entry) is not None:
                self.opened.store.write(account.entry, tokens)
        except StoreFailed as error:
            self.problem = error

    def granted(self, key: str, account: Account) -> None:
        """Remember that more scopes were granted to ``account``."""
        try:
            self.accounts.put(key, account)
        except StoreFailed as error:
            self.problem = error

    def forget(self, key: str) -> Account | None:
        """Sign the account under ``key`` out of this machine and return it; raises StoreFailed.

        The account goes last, so that a failure can be repeated.
        """
        account = self.find(key)
        if account is not None:
            self._drop(key, account)
            self.accounts.remove(key)
        return account

    def _drop(self, key: str, account: Account) -> None:
        others = (one for name, one in self.accounts.all().items() if name != key)
        if all(one.entry != account.entry for one in others):
            self.opened.store.delete(account.entry)
