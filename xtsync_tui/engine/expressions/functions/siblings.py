"""Functions of cloud sync's page ("expressions for cloud sync"): the same engine family, another product.

They are not on the list of application provisioning. They evaluate, so that an expression copied from there
can be tried, and ``lint`` says that the service may refuse them.
"""

import base64
import binascii
import re

from xtsync_tui.engine.expressions.functions.registry import (
    FunctionError,
    Kind,
    Origin,
    Parameter,
    function,
    optional,
)
from xtsync_tui.engine.values import Value

CONNECT_ONLY = frozenset(
    """
    BitOr CGuid CNum CRef Contains ConvertFromUTF8Hex DNComponentRev EscapeDNComponent ImportedValue
    IsBitSet IsCert IsDate IsGuid IsNumeric LCase LTrim PadLeft PadRight RTrim RandomNum ReplaceChars
    Right Select UCase Where With CertExtensionOids CertFormat CertFriendlyName CertHashString CertIssuer
    CertIssuerDN CertIssuerOid CertKeyAlgorithm CertKeyAlgorithmParams CertNameInfo CertNotAfter
    CertNotBefore CertPublicKeyOid CertPublicKeyParametersOid CertSerialNumber CertSignatureAlgorithmOid
    CertSubject CertSubjectNameDN CertSubjectNameOid CertThumbprint CertVersion
    """.split()  # noqa: SIM905 - a list of fifty names reads badly
)
"""Functions of Connect Sync's page only, named so that the message can say where they belong."""

_ENCODINGS = {"UTF8": "utf-8", "ASCII": "ascii", "Unicode": "utf-16-le", None: "utf-16-le"}
_COMPONENT = re.compile(r"(?:[^,\\]|\\.)+")


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise FunctionError("the text is not Base64") from None


@function(
    "ConvertFromBase64",
    Parameter("source"),
    optional("encoding"),
    origin=Origin.CLOUD_SYNC,
    help="The text in a Base64 form. The encoding is UTF8, ASCII or Unicode, the default.",
    example='ConvertFromBase64("SGVsbG8gd29ybGQh", UTF8) gives Hello world!',
)
def convert_from_base64(source: str | None, encoding: str | None = None) -> Value:
    """Return the decoded text."""
    if encoding not in _ENCODINGS:
        raise FunctionError("the encoding is UTF8, ASCII or Unicode")
    return source and _bytes(source).decode(_ENCODINGS[encoding], "replace")


@function(
    "DNComponent",
    Parameter("dn"),
    Parameter("ComponentNumber", Kind.INTEGER),
    origin=Origin.CLOUD_SYNC,
    help="The value of one part of a distinguished name, counted from the left.",
    example='DNComponent("cn=Joe,dc=contoso,dc=com", 1) gives Joe',
)
def dn_component(name: str | None, number: int) -> Value:
    """Return the value of a component, None if there is no such one."""
    parts = _COMPONENT.findall(name or "")
    if not 1 <= number <= len(parts):
        return None
    value = parts[number - 1].partition("=")[2]
    return re.sub(r"\\(.)", r"\1", value.strip(), flags=re.DOTALL)


@function(
    "Error",
    Parameter("message"),
    origin=Origin.CLOUD_SYNC,
    pure=False,
    help="Fails the object with a message.",
    example='IIF(IsPresent([accountName]), [accountName], Error("AccountName is required"))',
)
def error(message: str | None) -> Value:
    """Fail the evaluation."""
    raise FunctionError(message or "the expression ends in Error")


@function(
    "StringFromSid",
    Parameter("ObjectSID"),
    origin=Origin.CLOUD_SYNC,
    help="A security identifier as text, from its bytes in Base64.",
    example="StringFromSid([objectSid]) gives S-1-5-21-1004336348-1177238915-682003330-512",
)
def string_from_sid(sid: str | None) -> Value:
    """Return the identifier in S-1- form."""
    if not sid or sid.startswith("S-1-"):
        return sid
    raw = _bytes(sid)
    if len(raw) < 8 or len(raw) != 8 + 4 * raw[1]:
        raise FunctionError("these bytes are no security identifier")
    parts = [int.from_bytes(raw[at : at + 4], "little") for at in range(8, len(raw), 4)]
    return "-".join(map(str, ["S", raw[0], int.from_bytes(raw[2:8], "big"), *parts]))


@function(
    "Trim",
    Parameter("value"),
    origin=Origin.CLOUD_SYNC,
    help="The text without white space at its start and end.",
    example='Trim(" Test ") gives Test',
)
def trim(value: str | None) -> Value:
    """Return the trimmed text."""
    return value and value.strip()
