"""One person in both tenants: why somebody is, or is not, in the target."""
