"""The access settings of both tenants."""
