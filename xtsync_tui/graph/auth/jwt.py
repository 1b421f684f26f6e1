"""What an access token says of itself: read to check it, never trusted."""

import base64
import binascii
import json
from typing import Any


def claims_in(token: str) -> dict[str, Any]:
    """Return the claims of ``token``, nothing if it is not a JSON web token: Graph may make it opaque."""
    parts = token.split(".")
    if len(parts) != 3:
        return {}
    try:
        claims = json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    except (binascii.Error, ValueError):
        return {}
    return claims if isinstance(claims, dict) else {}
