"""The logs of both tenants: rows, one joined timeline of a person, and what repairs a row."""
