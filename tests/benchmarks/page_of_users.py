"""One page of 999 users: through our client, the typed model of the SDK, and plain httpx with msgspec.

Run with ``python -m tests.benchmarks.page_of_users``. Prints ratios of processor time; asserts nothing.
"""

import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import anyio
import httpx
import msgspec
from kiota_abstractions.authentication import AnonymousAuthenticationProvider
from msgraph.graph_request_adapter import GraphRequestAdapter
from msgraph.graph_service_client import GraphServiceClient

from xtsync_tui.graph import directory
from xtsync_tui.graph.auth import FixedToken
from xtsync_tui.graph.client import GraphClient
from xtsync_tui.graph.decoding import Page
from xtsync_tui.graph.log import RequestLog
from xtsync_tui.model import Side, User

ROOT = "https://graph.microsoft.com"
COUNT = 999


def person(number: int) -> dict[str, object]:
    """Return a user with what synchronization selects."""
    name = f"user{number}"
    texts = dict.fromkeys(directory.PERSON, f"Text {number}")
    return texts | {
        "id": f"00000000-0000-4000-8000-{number:012}",
        "userPrincipalName": f"{name}@contoso.com",
        "mail": f"{name}@contoso.com",
        "accountEnabled": True,
        "showInAddressList": None,
        "businessPhones": ["+49 30 5550100"],
        "identities": [
            {"signInType": "userPrincipalName", "issuer": "contoso.com", "issuerAssignedId": name}
        ],
        "createdDateTime": "2026-05-14T12:00:00Z",
        "manager": {"@odata.type": "#microsoft.graph.user", "id": "1"},
    }


def transport() -> httpx.MockTransport:
    """Return a Graph that answers everything with the same page."""
    body = msgspec.json.encode({"value": [person(number) for number in range(COUNT)]})
    headers = {"Content-Type": "application/json", "Date": "Thu, 14 May 2026 12:00:00 GMT"}
    return httpx.MockTransport(lambda _: httpx.Response(200, content=body, headers=headers))


async def seconds(call: Callable[[], Awaitable[object]], times: int) -> float:
    """Return the processor seconds of one call, the best of ``times`` after one to warm up."""
    await call()
    best = float("inf")
    for _ in range(times):
        began = time.process_time()
        await call()
        best = min(best, time.process_time() - began)
    return best


async def main() -> None:
    """Measure and print."""
    ours = GraphClient(
        Side.SOURCE,
        ROOT,
        FixedToken("token"),
        transport=transport(),
        log=RequestLog(),
        clock=lambda: datetime.now(UTC),
        ids=lambda: "1",
    )
    plain = httpx.AsyncClient(transport=transport())
    decoder = msgspec.json.Decoder(Page[User])
    adapter = GraphRequestAdapter(
        AnonymousAuthenticationProvider(), client=httpx.AsyncClient(transport=transport())
    )
    sdk = GraphServiceClient(request_adapter=adapter)

    async def through_ours() -> None:
        async for page in directory.users(ours):
            assert len(page) == COUNT

    async def through_plain() -> None:
        assert len(decoder.decode((await plain.get(f"{ROOT}/v1.0/users")).content).value) == COUNT

    client, least = await seconds(through_ours, 30), await seconds(through_plain, 30)
    typed = await seconds(sdk.users.get, 1)
    print(f"typed model of the SDK / ours: {typed / client:.0f} (wanted: 300 or more)")  # noqa: T201
    print(f"ours / plain httpx + msgspec: {client / least:.2f} (wanted: 2 or less)")  # noqa: T201


if __name__ == "__main__":
    anyio.run(main)
