"""Sign-in: who asks Graph, with which permissions, and where the tokens stay.

Light to import: everything of azure-identity, keyring and cryptography is loaded by the modules below, when a
profile signs in.

==============  ===========================================================================
``scopes``      the permissions asked for, by side, need and reason
``steps``       the events of a sign-in, as values
``session``     one tenant: tokens, silent sign-in, sign-out
``sign_in``     one attempt to sign in by one way
``challenge``   the claims of a 401 of continuous access evaluation
``stores``      where the tokens are kept
==============  ===========================================================================
"""

from collections.abc import Sequence
from typing import Protocol


class TokenSource(Protocol):
    """Gives access tokens for the Graph of one tenant."""

    async def token(self, scopes: Sequence[str] = (), claims: str = "") -> str:
        """Return an access token that is valid now.

        ``scopes`` are bare permission names (``Policy.Read.All``); none means those this side signed in
        with. ``claims`` is the JSON text of a claims challenge. Raises SignInNeeded when a person has to act
        and SignInFailed when there is no way to a token.
        """
        ...


class FixedToken:
    """A token that is there already: the emulator's, or one from another program."""

    def __init__(self, token: str) -> None:
        self._token = token

    async def token(self, scopes: Sequence[str] = (), claims: str = "") -> str:  # noqa: ARG002
        """Return the token."""
        return self._token

    def __repr__(self) -> str:
        return "FixedToken(…)"
