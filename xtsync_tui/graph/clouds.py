"""Where Graph and the sign-in service of each national cloud are.

Source: "Microsoft Graph national cloud deployments" and "Microsoft Entra authentication in national clouds".
"""

from dataclasses import dataclass
from urllib.parse import urlsplit

from xtsync_tui.errors import InvalidInput

_LOOPBACK = {"localhost", "127.0.0.1", "::1"}


@dataclass(frozen=True, slots=True)
class Cloud:
    """One cloud: its name, the root of Graph, the sign-in host, and a certificate authority of its own.

    ``graph`` is also the resource whose scopes are asked for. ``authority`` is the path of a PEM file to
    trust instead of the machine's own ones, ``""`` for those of the machine.
    """

    name: str
    title: str
    graph: str
    login: str
    authority: str = ""

    def scope(self, name: str) -> str:
        """Return the bare permission ``name`` as a scope of this cloud's Graph."""
        return f"{self.graph}/{name}"

    def bare(self, scope: str) -> str:
        """Return ``scope`` without the resource in front of it."""
        return scope.removeprefix(f"{self.graph}/")


CLOUDS = {
    cloud.name: cloud
    for cloud in (
        Cloud("public", "Public", "https://graph.microsoft.com", "https://login.microsoftonline.com"),
        Cloud(
            "usgov", "US Government (L4)", "https://graph.microsoft.us", "https://login.microsoftonline.us"
        ),
        Cloud("dod", "US DoD (L5)", "https://dod-graph.microsoft.us", "https://login.microsoftonline.us"),
        Cloud(
            "china",
            "China (21Vianet)",
            "https://microsoftgraph.chinacloudapi.cn",
            "https://login.chinacloudapi.cn",
        ),
    )
}


def emulated_cloud(address: str, authority: str = "") -> Cloud:
    """Return the cloud that an emulator at ``address`` (``https://localhost:8443``) serves.

    Raises InvalidInput unless the address is https on this machine: a sign-in never goes to a host that a
    configuration file made up.
    """
    parts = urlsplit(address)
    if parts.scheme != "https" or parts.hostname not in _LOOPBACK:
        raise InvalidInput(
            f"{address} is not a cloud",
            "Known are " + ", ".join(CLOUDS) + ", and https addresses of this machine for the emulator.",
            "Use one of these.",
        )
    root = f"https://{parts.netloc}"
    return Cloud(root, "Emulator", root, root, authority)


def cloud_named(name: str, authority: str = "") -> Cloud:
    """Return the cloud called ``name``, or the emulator at that https address; raises InvalidInput."""
    return CLOUDS.get(name) or emulated_cloud(name, authority)
