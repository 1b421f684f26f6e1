"""The pair at a glance."""
