"""The claims challenge of continuous access evaluation: a 401 that says what the next token must prove.

Source: "Claims challenges, claims requests, and client capabilities".
"""

import base64
import binascii
import json
import re

_CLAIMS = re.compile(r'\bclaims="([^"]+)"')


def claims_of(www_authenticate: str) -> str:
    """Return the claims of a ``WWW-Authenticate`` header as JSON text, ``""`` if it asks for none."""
    found = _CLAIMS.search(www_authenticate)
    if found is None or "insufficient_claims" not in www_authenticate:
        return ""
    encoded = found[1].replace("-", "+").replace("_", "/")
    try:
        claims = base64.b64decode(encoded + "=" * (-len(encoded) % 4), validate=True).decode()
        json.loads(claims)
    except (binascii.Error, ValueError):
        return ""
    return claims
