"""The search for people, and one person compared."""
