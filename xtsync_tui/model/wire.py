"""What every struct read from Graph has in common."""

import msgspec


class Read(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """Camel case on the wire; made once, never changed."""
