"""The emulator in the same process: an httpx transport without a port."""

import httpx
from starlette.types import ASGIApp

from xtsync_tui.emulator.errors import ConnectionDropped


class EmulatorTransport(httpx.ASGITransport):
    """Sends requests straight to the application; a dropped connection looks as it does on a network."""

    def __init__(self, app: ASGIApp) -> None:
        super().__init__(app)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Answer ``request``.

        Raises:
            httpx.RemoteProtocolError: the emulator was told to drop the connection.
        """
        try:
            return await super().handle_async_request(request)
        except ConnectionDropped:
            message = "Server disconnected without sending a response."
            raise httpx.RemoteProtocolError(message, request=request) from None
