"""What a request is to a handler, what it answers with, and which handler a path belongs to."""

import re
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, unquote

from xtsync_tui.emulator.auth import Access
from xtsync_tui.emulator.errors import Refusal, bad_query, bad_request, no_route
from xtsync_tui.emulator.limits import Limit
from xtsync_tui.emulator.state import Document, Grant, Tenant, World

GRAPH = "https://graph.microsoft.com"
"""The host that ``@odata.context`` names, whatever host the emulator listens on."""

OPTIONS = frozenset(
    {"select", "filter", "search", "orderby", "expand", "count", "top", "skiptoken", "skip", "format"}
)


@dataclass(frozen=True, slots=True)
class Answer:
    """A status with a JSON body (None: no body) and headers of its own."""

    status: int
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)


NO_CONTENT = Answer(204)


@dataclass(frozen=True, slots=True)
class Query:
    """The OData options of a request, ``$`` optional and in any case, as Graph reads them."""

    options: Mapping[str, str]
    text: str

    @classmethod
    def parse(cls, text: str) -> "Query":
        """Read the part after ``?``.

        Raises:
            Refusal: 400 for an option that Graph does not know or that comes twice.
        """
        options: dict[str, str] = {}
        for name, value in parse_qsl(text, keep_blank_values=True):
            option = name.removeprefix("$").lower()
            if option not in OPTIONS:
                if name.startswith("$"):
                    raise bad_query(f"The query parameter '{name}' is not supported.")
                continue
            if option in options:
                raise bad_query(f"Query option '${option}' was specified more than once.")
            options[option] = value
        return cls(options, text)

    def get(self, option: str) -> str:
        """Return the option named without ``$``, "" if it was not given."""
        return self.options.get(option, "")

    def names(self, option: str) -> list[str]:
        """Return a comma separated option as a list, empty if it was not given."""
        return [name.strip() for name in self.get(option).split(",") if name.strip()]

    @property
    def count(self) -> bool:
        """Whether ``$count=true`` was given."""
        return self.get("count").lower() == "true"

    def top(self, default: int, maximum: int) -> int:
        """Return the page size asked for.

        Raises:
            Refusal: 400, when it is not a number from 1 to ``maximum``.
        """
        text = self.get("top")
        if not text:
            return default
        if not text.isdecimal() or int(text) < 1:
            raise bad_query(f"Invalid value '{text}' for $top query option found.")
        if int(text) > maximum:
            raise bad_request(f"Invalid page size specified: '{text}'. Must be between 1 and {maximum}")
        return int(text)


@dataclass(frozen=True, slots=True)
class Request:
    """A request as it came: the path decoded, below the version and without a trailing slash."""

    method: str
    base: str
    version: str
    path: str
    query: Query
    headers: Mapping[str, str]
    body: Any


@dataclass(frozen=True, slots=True)
class Context:
    """All that a handler may use. ``ids`` has the values of the ``{names}`` in the route's template."""

    world: World
    grant: Grant
    request: Request
    ids: Mapping[str, str]
    perform: "Callable[[str, str, Mapping[str, str], Any], Awaitable[Answer]]"

    @property
    def tenant(self) -> Tenant:
        """The tenant of the token."""
        return self.grant.tenant

    @property
    def query(self) -> Query:
        """The OData options."""
        return self.request.query

    @property
    def now(self) -> datetime:
        """The emulated time."""
        return self.world.clock.now()

    @property
    def eventual(self) -> bool:
        """Whether ``ConsistencyLevel: eventual`` was sent."""
        return self.request.headers.get("consistencylevel", "").lower() == "eventual"

    def document(self) -> Document:
        """Return the body, an object, without its ``@odata`` annotations at the top.

        Raises:
            Refusal: 400, when the body is missing or no object.
        """
        if not isinstance(self.request.body, dict):
            raise bad_request("A JSON object was expected as the request body.")
        return {name: value for name, value in self.request.body.items() if not name.startswith("@odata.")}

    def entity(self, kind: str, document: Document, status: int = 200) -> Answer:
        """Return ``document`` as the single entity ``kind``, as ``users/$entity``."""
        url = f"{GRAPH}/{self.request.version}/$metadata#{kind}"
        return Answer(status, {"@odata.context": url, **document})

    def collection(self, kind: str, rows: Iterable[Document]) -> Answer:
        """Return ``rows`` whole: for the few collections of Graph that know neither pages nor filters."""
        url = f"{GRAPH}/{self.request.version}/$metadata#{kind}"
        return Answer(200, {"@odata.context": url, "value": list(rows)})


Handler = Callable[[Context], Awaitable[Answer]]
_FUNCTION = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Route:
    """One call of Graph: ``template`` is its path below the version, with ``{names}`` for ids."""

    method: str
    template: str
    handler: Handler
    access: Access = field(default_factory=Access)
    limit: Limit | None = None
    versions: tuple[str, ...] = ("v1.0", "beta")

    def pattern(self) -> re.Pattern[str]:
        """Return the expression that matches the paths of this route, names in any case."""
        parts = _FUNCTION.split(self.template)
        texts = [f"(?P<{part}>[^/]+?)" if index % 2 else re.escape(part) for index, part in enumerate(parts)]
        return re.compile("".join(texts), re.IGNORECASE)


_KEY = re.compile(r"\('([^']*)'\)(?=/|$)")
_APP_ID = re.compile(r"\((appId)='([^']*)'\)(?=/|$)", re.IGNORECASE)
_QUALIFIED = "/microsoft.graph."
_CAST = re.compile(r"/(?:microsoft\.)?graph\.")


def normal_path(path: str) -> str:
    """Return ``path`` in the one spelling that route templates use.

    Graph takes ``users('id')`` for ``users/id``, ``filterOperators()`` for ``filterOperators``,
    ``graph.user`` for ``microsoft.graph.user`` and a slash at the end; the SDK sends some of these, and
    ``/users/me-token-to-replace`` for ``/me``. The other key, ``applications(appId='id')``, becomes
    ``applications/appId=id``.
    """
    path = "/" + path.strip("/")
    path = _KEY.sub(lambda match: "/" + match.group(1).replace("''", "'"), path)
    path = _APP_ID.sub(r"/\1=\2", path)
    path = _CAST.sub(_QUALIFIED, path).replace("()", "")
    return re.sub(r"^/users/me-token-to-replace(?=/|$)", "/me", path, flags=re.IGNORECASE)


class Router:
    """Finds the route of a path."""

    def __init__(self, routes: Iterable[Route]) -> None:
        self.routes = list(routes)
        self._patterns = [(route.pattern(), route) for route in self.routes]

    def find(self, method: str, version: str, path: str) -> tuple[Route, dict[str, str]]:
        """Return the route and the values of its ids; the first route that fits wins.

        A type is always qualified, as in ``members/microsoft.graph.user``; a function or action may be.

        Raises:
            Refusal: 400 for a path that names nothing, 405 for a method that it does not have.
        """
        path = normal_path(path)
        found = False
        for spelling in dict.fromkeys((path, path.replace(_QUALIFIED, "/"))):
            for pattern, route in self._patterns:
                match = pattern.fullmatch(spelling) if version in route.versions else None
                if match and route.method == method:
                    return route, match.groupdict()
                found = found or bool(match)
        if found:
            message = "Specified HTTP method is not allowed for the request target."
            raise Refusal(405, "Request_BadRequest", message)
        raise no_route(path.strip("/").split("/")[-1])


def split_url(url: str) -> tuple[str, Query]:
    """Return the decoded path and the query of a relative ``url``, as the members of a batch have."""
    path, _, text = url.partition("?")
    return unquote(path), Query.parse(text)
