"""Keyrings that misbehave in the ways of real ones."""

import threading

from keyring.backend import KeyringBackend
from keyring.compat.properties import classproperty
from keyring.errors import PasswordDeleteError


class Memory(KeyringBackend):
    """A keyring that works; ``limit`` is the most characters it takes an entry, silently."""

    @classproperty
    def priority(cls) -> float:  # noqa: N805 - a property of the class
        """Keep keyring from finding these by itself: every subclass is a candidate of its search."""
        raise RuntimeError("for tests")

    def __init__(self, limit: int = 10_000) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.kept: dict[str, str] = {}
        self.limit = limit
        self.dies_after = 1_000_000

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get(f"{service} {username}")

    def set_password(self, service: str, username: str, password: str) -> None:
        self.dies_after -= 1
        if self.dies_after < 0:
            raise KeyboardInterrupt
        self.kept[f"{service} {username}"] = password[: self.limit]

    def delete_password(self, service: str, username: str) -> None:
        if self.kept.pop(f"{service} {username}", None) is None:
            raise PasswordDeleteError(username)


class Hanging(Memory):
    """A keyring that never answers, as one behind a locked D-Bus does."""

    def __init__(self) -> None:
        super().__init__()
        self.let_go = threading.Event()

    def get_password(self, service: str, username: str) -> str | None:  # noqa: ARG002
        self.let_go.wait(30)
        return None

    def set_password(self, service: str, username: str, password: str) -> None:  # noqa: ARG002
        self.let_go.wait(30)


class Talkative(Memory):
    """A keyring whose errors quote what it was given."""

    def set_password(self, service: str, username: str, password: str) -> None:
        raise RuntimeError(f"cannot keep {password} for {username} of {service}")
