"""A collection as Graph lists it: filtered, searched, sorted, in pages, with the properties asked for."""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any
from urllib.parse import quote

from xtsync_tui.emulator.entities import EntityType
from xtsync_tui.emulator.errors import bad_query, bad_request, unsupported
from xtsync_tui.emulator.filters import compile_filter
from xtsync_tui.emulator.paging import Page
from xtsync_tui.emulator.routing import GRAPH, Answer, Context
from xtsync_tui.emulator.searches import compile_search
from xtsync_tui.emulator.slices import in_slices, select, sort
from xtsync_tui.emulator.state import Document

Expander = Callable[[Document, Sequence[str]], Any]
"""Gives the value of a navigation property of a document; the names are its nested ``$select``."""

WIDE = 50
"""Rows shown at a time: a row with all its properties takes longer than a test of it."""

NO_EXPAND: Mapping[str, Expander] = {}

_EXTENSION = re.compile(r"extension_[0-9a-f]{32}_\w+")
_EXPAND = re.compile(r"(\w+)(?:\(\$?select=([\w,\s]+)\))?")
_SEARCH_NEEDS_HEADER = (
    "Request with $search query parameter only works through MSGraph with a special request header: "
    "'ConsistencyLevel: eventual'"
)


def _unknown(name: str, entity: EntityType) -> Exception:
    return bad_query(
        f"Parsing OData Select and Expand failed: Could not find a property named '{name}' "
        f"on type '{entity.name}'."
    )


def _selected(names: Sequence[str], entity: EntityType) -> Sequence[str]:
    """Return the properties to show for a ``$select`` of ``names``, "id" first as Graph does."""
    for name in names:
        if name not in entity.properties and name != "*" and not _EXTENSION.fullmatch(name):
            raise _unknown(name, entity)
    if "*" in names:
        return list(entity.properties)
    return list(names) or entity.defaults or list(entity.properties)


def view(document: Document, entity: EntityType, names: Sequence[str] = ()) -> Document:
    """Return ``document`` with exactly the properties of ``$select`` ``names``, null where it has none.

    Raises:
        Refusal: 400 for a property that the entity type does not have.
    """
    return _shown(document, _columns(_selected(names, entity), entity))


def _columns(names: Sequence[str], entity: EntityType) -> list[tuple[str, Any]]:
    """Return each property with what it reads as when it is not set."""
    return [(name, [] if entity.properties.get(name) == "many" else None) for name in names]


def _shown(document: Document, columns: Sequence[tuple[str, Any]]) -> Document:
    return {name: document.get(name, unset) for name, unset in columns}


def _expanded(give: Expander, names: Sequence[str], row: Document) -> Any:
    return give(row, names)


def _expanders(
    context: Context, entity: EntityType, expand: Mapping[str, Expander]
) -> dict[str, Callable[[Document], Any]]:
    """Return what ``$expand`` asks for, by name."""
    text = context.query.get("expand")
    found: dict[str, Callable[[Document], Any]] = {}
    for match in _EXPAND.finditer(text):
        name, names = match.group(1), [part.strip() for part in (match.group(2) or "").split(",") if part]
        if name not in expand:
            raise _unknown(name, entity)
        found[name] = partial(_expanded, expand[name], names)
    if re.sub(r"[\s,]", "", _EXPAND.sub("", text)):
        raise bad_query("Parsing OData Select and Expand failed: Found an unbalanced bracket expression.")
    return found


def one(
    context: Context,
    document: Document,
    entity: EntityType,
    kind: str,
    expand: Mapping[str, Expander] = NO_EXPAND,
) -> Answer:
    """Return one entity, its ``$select`` and ``$expand`` honoured; ``kind`` as ``users/$entity``."""
    shown = view(document, entity, context.query.names("select"))
    for name, give in _expanders(context, entity, expand).items():
        shown[name] = give(document)
    return context.entity(kind, shown)


async def matching(context: Context, rows: Sequence[Document], entity: EntityType) -> Sequence[Document]:
    """Return the rows that pass ``$filter`` and ``$search``, in ``$orderby``'s order.

    Raises:
        Refusal: 400 ``Request_UnsupportedQuery`` for an advanced query without its header and ``$count``,
            and for anything else that this entity type does not support.
    """
    query = context.query
    advanced = False
    tests = []
    if query.get("filter"):
        test, advanced = compile_filter(query.get("filter"), entity)
        tests.append(test)
    if query.get("search"):
        if not entity.searchable:
            raise unsupported("The $search query parameter is not supported on this resource.")
        if not context.eventual:
            raise unsupported(_SEARCH_NEEDS_HEADER)
        tests.append(compile_search(query.get("search"), entity))
    orders = _orders(context, entity)
    advanced = advanced or (entity.directory_object and bool(orders and tests))
    if advanced and not (context.eventual and query.count):
        raise unsupported()
    for test in tests:
        rows = await select(rows, test)
    for name, descending in reversed(orders):
        rows = await sort(rows, partial(_sort_key, name), descending=descending)
    return rows


def _sort_key(name: str, row: Document) -> tuple[bool, Any]:
    """Sort nulls first, text without regard to case."""
    value = row.get(name)
    return (value is not None, value.casefold() if isinstance(value, str) else value or 0)


def _orders(context: Context, entity: EntityType) -> list[tuple[str, bool]]:
    """Return the properties of ``$orderby`` and whether each is descending."""
    orders = []
    for part in context.query.names("orderby"):
        name, _, direction = part.partition(" ")
        if name not in entity.properties or direction.strip() not in ("", "asc", "desc"):
            raise bad_query(f"Could not find a property named '{part}' on type '{entity.name}'.")
        if name not in entity.sortable:
            raise unsupported("Sorting not supported for current query.")
        orders.append((name, direction.strip() == "desc"))
    return orders


def _next_link(context: Context, token: str) -> str:
    request = context.request
    kept = [part for part in request.query.text.split("&") if part and "skiptoken=" not in part.lower()]
    return f"{request.base}{quote(request.path)}?{'&'.join([*kept, f'$skiptoken={quote(token)}'])}"


async def listing(
    context: Context,
    rows: Sequence[Document],
    entity: EntityType,
    kind: str,
    expand: Mapping[str, Expander] = NO_EXPAND,
    type_of: Callable[[Document], EntityType] | None = None,
) -> Answer:
    """Return one page of ``rows``; ``kind`` names the collection in ``@odata.context``, as ``users``.

    ``type_of`` is for rows of several types: each then shows its ``@odata.type`` and the properties of that.
    ``@odata.count`` is on the first page only, and ``ConsistencyLevel`` has to come with every page.
    """
    show = _shower(context, entity, expand, type_of)
    if context.query.get("skip") and entity.directory_object:
        raise bad_request("The $skip query parameter is not supported on this resource.")
    size = context.query.top(entity.page, entity.maximum)
    counted = None
    if context.query.get("skiptoken"):
        _check_header(context, entity)
        page = context.world.cursors.following(context.query.get("skiptoken"), size)
    else:
        found = await matching(context, rows, entity)
        if context.query.count and (context.eventual or not entity.directory_object):
            counted = len(found)
        page = context.world.cursors.first(found, size)
    return await _page_answer(context, kind, page, show, counted)


def _shower(
    context: Context,
    entity: EntityType,
    expand: Mapping[str, Expander],
    type_of: Callable[[Document], EntityType] | None,
) -> Callable[[Document], Document]:
    """Return the function that turns a row into what the answer shows of it."""
    selected = context.query.names("select")
    columns = _columns(_selected(selected, entity), entity)
    expanders = _expanders(context, entity, expand)
    if type_of is not None:
        return lambda row: _typed(row, type_of(row), selected)
    if not expanders:
        return lambda row: _shown(row, columns)
    return lambda row: _shown(row, columns) | {name: give(row) for name, give in expanders.items()}


def _typed(row: Document, entity: EntityType, selected: Sequence[str]) -> Document:
    names = [name for name in selected if name in entity.properties]
    columns = _columns(names if selected else _selected((), entity), entity)
    return {"@odata.type": f"#{entity.name}", **_shown(row, columns)}


def _check_header(context: Context, entity: EntityType) -> None:
    """Refuse a further page of an advanced query that comes without ``ConsistencyLevel``."""
    if context.eventual or not entity.directory_object:
        return
    if context.query.get("search"):
        raise unsupported(_SEARCH_NEEDS_HEADER)
    query = context.query
    if query.get("filter") and (compile_filter(query.get("filter"), entity)[1] or query.get("orderby")):
        raise unsupported()


async def _page_answer(
    context: Context, kind: str, page: Page, show: Callable[[Document], Document], counted: int | None
) -> Answer:
    selected = f"({','.join(context.query.names('select'))})" if context.query.get("select") else ""
    body: Document = {"@odata.context": f"{GRAPH}/{context.request.version}/$metadata#{kind}{selected}"}
    if counted is not None:
        body["@odata.count"] = counted
    if page.next_token:
        body["@odata.nextLink"] = _next_link(context, page.next_token)
    body["value"] = [show(row) async for part in in_slices(page.rows, WIDE) for row in part]
    return Answer(200, body)


async def count(context: Context, rows: Sequence[Document], entity: EntityType) -> Answer:
    """Return how many rows match, as the plain text of ``/$count``.

    Raises:
        Refusal: 400 ``Request_BadRequest`` without ``ConsistencyLevel: eventual``.
    """
    if not context.eventual:
        raise bad_request("$count is not currently supported.")
    return Answer(200, str(len(await matching(context, rows, entity))))
