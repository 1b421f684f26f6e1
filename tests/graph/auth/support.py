"""What the tests of sign-in share: tenants, people, and a record of every secret."""

import json
import subprocess
import sys
from urllib.parse import parse_qsl

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from xtsync_tui.emulator.sts import TokenService
from xtsync_tui.emulator.sts_values import Directory, Person
from xtsync_tui.graph.auth.sign_in import SignIn
from xtsync_tui.graph.auth.steps import DeviceCode, Step

CONTOSO = "7f3c0a51-6d2e-4b18-9c47-d05a8e91b2e4"
FABRIKAM = "2c9d61e8-0f4b-4a7c-8e35-61b7c4f0e9d7"
CLIENT = "11111111-2222-4333-8444-555555555555"
ANA = Person("a0000000-0000-4000-8000-000000000001", "ana.lopes@contoso.com", "Ana Lopes")
BEN = Person("b0000000-0000-4000-8000-000000000002", "ben.okoro@fabrikam.com", "Ben Okoro")
DIRECTORIES = (
    Directory(CONTOSO, "Contoso", ("contoso.com",), (ANA,)),
    Directory(FABRIKAM, "Fabrikam", ("fabrikam.com",), (BEN,)),
)

_SECRET_ANSWERS = {"access_token", "refresh_token", "id_token", "device_code", "user_code", "client_info"}
_SECRET_FIELDS = {
    "code",
    "client_secret",
    "client_assertion",
    "refresh_token",
    "code_verifier",
    "device_code",
}


class Journal:
    """Every secret that went over the wire."""

    def __init__(self) -> None:
        self.secrets: set[str] = set()

    def found_in(self, text: str) -> list[str]:
        """Return the names, never the values, of secrets that are in ``text``."""
        return [f"a secret of {len(secret)} characters" for secret in self.secrets if secret in text]

    def watching(self, app: ASGIApp) -> ASGIApp:
        """Return ``app``, noting what it is given and what it answers."""

        async def watched(scope: Scope, receive: Receive, send: Send) -> None:
            async def taking() -> Message:
                message = await receive()
                self._note(dict(parse_qsl(message.get("body", b"").decode())), _SECRET_FIELDS)
                return message

            async def giving(message: Message) -> None:
                body = message.get("body", b"")
                if body.startswith(b"{"):
                    self._note(json.loads(body), _SECRET_ANSWERS)
                await send(message)

            await app(scope, taking, giving)

        return watched

    def _note(self, values: dict[str, object], names: set[str]) -> None:
        self.secrets |= {str(values[name]) for name in names if values.get(name)}


def run_python(program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run ``program`` in another process."""
    command = [sys.executable, "-c", program, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603


async def by_device_code(service: TokenService, attempt: SignIn, username: str) -> list[Step]:
    """Go through ``attempt``, entering its code as ``username``, and return its steps."""
    steps = []
    async for step in attempt.events():
        steps.append(step)
        if isinstance(step, DeviceCode):
            pending = service.by_user_code(step.code)
            assert pending
            service.approve(pending, username)
    return steps
