"""Contoso and Fabrikam, and their people."""

from xtsync_tui.emulator import auth
from xtsync_tui.emulator.state import Tenant, World

CONTOSO = "7f3c0a51-6d2e-4b18-9c47-d05a8e91b2e4"
FABRIKAM = "2c9d61e8-0f4b-4a7c-8e35-61b7c4f0e9d7"


def plant(world: World) -> None:
    """Make both tenants as they are before anything is set up."""
    for id_, name, domain, initial in (
        (CONTOSO, "Contoso", "contoso.com", "contoso.onmicrosoft.com"),
        (FABRIKAM, "Fabrikam", "fabrikam.com", "fabrikam.onmicrosoft.com"),
    ):
        tenant = world.tenants[id_] = Tenant(id_, name, domain, initial)
        uid = world.new_id()
        tenant.users[uid] = {"id": uid, "userPrincipalName": f"admin@{domain}", "displayName": "Admin"}
        tenant.roles[uid] = {auth.GLOBAL_ADMINISTRATOR}
