"""Microsoft Entra cross-tenant synchronization in a terminal."""

__version__ = "0.1.0"
