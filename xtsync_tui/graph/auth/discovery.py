"""Which tenant a domain belongs to, as the sign-in service itself says.

Source: "OpenID Connect on the Microsoft identity platform", the provider configuration document.
"""

import re
import ssl

from xtsync_tui.errors import SignInFailed
from xtsync_tui.graph.clouds import Cloud

_GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_SECONDS = 10


def tenant_id_of(tenant: str, cloud: Cloud) -> str:
    """Return the id of ``tenant``, an id already or a domain; blocks for a domain.

    Raises SignInFailed if the cloud does not know it or cannot be reached.
    """
    if _GUID.fullmatch(tenant):
        return tenant.casefold()
    import httpx

    trust = ssl.create_default_context(cafile=cloud.authority or None)
    address = f"{cloud.login}/{tenant}/v2.0/.well-known/openid-configuration"
    try:
        answer = httpx.get(address, verify=trust, timeout=_SECONDS)
    except httpx.TransportError as error:
        raise unreachable(cloud, type(error).__name__) from None
    found = _GUID.search(answer.text) if answer.is_success else None
    if found is None:
        raise SignInFailed(
            f"There is no tenant {tenant}", f"The {cloud.title} cloud does not know it.", "Check the profile."
        )
    return found[0].casefold()


def unreachable(cloud: Cloud, cause: str) -> SignInFailed:
    """Return what to say when the sign-in service of ``cloud`` does not answer."""
    return SignInFailed(
        f"{cloud.login} cannot be reached", cause, "Check the network and the proxy: xtsync auth doctor."
    )
