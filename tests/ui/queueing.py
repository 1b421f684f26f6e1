"""People of the demo brought into the state that provisioning on demand is tried in."""

from tests.ui.demo import Demo
from xtsync_tui.emulator.seed import person as seeded
from xtsync_tui.workspace.setup import Principal

POST = "/provisionOnDemand"


def put(demo: Demo, *names: str) -> list[str]:
    """Put people into the queue as the dialog would; returns their ids."""
    users = [seeded(demo.emulator.world.tenants[demo.profile.source.tenant], name) for name in names]
    demo.workspace.on_demand.add(
        [Principal(user["id"], user["displayName"], "User", user["userPrincipalName"]) for user in users]
    )
    return [user["id"] for user in users]


def sent(demo: Demo) -> int:
    """Return how many people were sent to the service."""
    return sum(one.request.path.endswith(POST) for one in demo.log.exchanges)


def into_the_bin(demo: Demo, *names: str) -> list[str]:
    """Queue people who lie in the bin of the target; returns their ids."""
    target = demo.emulator.world.tenants[demo.profile.target.tenant]
    ids = put(demo, *names)
    mails = [one.account for one in demo.workspace.on_demand.queue if one.user_id in ids]
    for user in [one for one in target.users.values() if one.get("mail") in mails]:
        del target.users[user["id"]]
        target.deleted_users[user["id"]] = {**user, "deletedDateTime": "2026-05-10T09:00:00Z"}
    return ids


def leaves(demo: Demo, name: str) -> None:
    """Let somebody leave the scope: the filter asks for Sales or Engineering."""
    source = demo.emulator.world.tenants[demo.profile.source.tenant]
    user = seeded(source, name)
    user["department"] = "Legal"
    source.touch(user["id"])
