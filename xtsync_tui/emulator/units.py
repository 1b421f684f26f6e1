"""What a call on directory objects costs, told by the header ``x-ms-resource-unit`` [throttling-limits]."""

from xtsync_tui.emulator.routing import Query

HEADER = "x-ms-resource-unit"

_DIRECTORY = (
    *("/me", "/users", "/groups", "/applications", "/servicePrincipals", "/policies", "/organization"),
    *("/subscribedSkus", "/directory/", "/directoryObjects", "/contacts"),
)
_OTHERWISE = ("/authentication/", "/synchronization/")
"""Parts of paths whose calls another service answers, with limits of its own."""

_COSTS = {
    "/users": 2,
    "/users/{user}": 2,
    "/me": 2,
    "/applications": 2,
    "/applications/{id}": 2,
    "/groups/{group}/members": 3,
    "/groups/{group}/transitiveMembers": 5,
    "/subscribedSkus": 3,
    "/me/transitiveMemberOf": 2,
}
"""The reads that cost more than one unit."""

SMALL_PAGE = 20
"""``$top`` below this makes a list cheaper."""


def cost(method: str, template: str, query: Query) -> int | None:
    """Return the resource units of a call of the route ``template``, None where none are counted."""
    if not template.startswith(_DIRECTORY) or any(part in template for part in _OTHERWISE):
        return None
    if method != "GET":
        return 1
    units = _COSTS.get(template.partition("/microsoft.graph.")[0], 1)
    units -= bool(query.get("select"))
    units += bool(query.get("expand"))
    top = query.get("top")
    units -= top.isdecimal() and int(top) < SMALL_PAGE
    return max(units, 1)
