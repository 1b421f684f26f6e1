"""A schema being edited: the document as it was read, and as it shall be.

Edits are pure and touch one part; whatever this program does not know stays as it came.
"""

import copy
from dataclasses import dataclass, replace
from enum import Enum

from xtsync_tui.engine.default_schema import attribute_source, constant_source
from xtsync_tui.engine.expressions import Problem, compile_expression, to_source
from xtsync_tui.engine.mapping import constant_text, kind_of, source_text
from xtsync_tui.engine.rules import attribute_definitions
from xtsync_tui.engine.schema_check import REQUIRED_TARGETS, SchemaProblem, check_schema
from xtsync_tui.errors import InvalidInput
from xtsync_tui.model import Json
from xtsync_tui.workspace.schema import ALWAYS, CREATE_ONLY, user_mapping, user_rule

APPLY = {ALWAYS: "always", CREATE_ONLY: "creation only"}
"""When a mapping applies, by Graph's flowType, in the words of the list."""


class Kind(Enum):
    """What a mapping takes its value from, in the portal's words; the values are Graph's."""

    DIRECT = "Attribute"
    CONSTANT = "Constant"
    EXPRESSION = "Function"
    NONE = "None"

    @property
    def word(self) -> str:
        """The portal's word."""
        return self.name.capitalize()


@dataclass(frozen=True, slots=True)
class Mapping:
    """One attribute mapping as the form shows it.

    ``text`` is an attribute's name, a constant, or an expression, by ``kind``. ``apply`` is Graph's flowType.
    """

    target: str
    kind: Kind = Kind.DIRECT
    text: str = ""
    apply: str = ALWAYS
    default: str = ""
    matching: int = 0

    @property
    def source(self) -> str:
        """The source as the list shows it: ``[city]``, ``"Member"``, an expression."""
        match self.kind:
            case Kind.DIRECT:
                return f"[{self.text}]"
            case Kind.CONSTANT:
                return f'"{self.text}"'
            case Kind.EXPRESSION:
                return self.text
            case _:
                return "(none)"

    @property
    def apply_words(self) -> str:
        """When it applies."""
        return APPLY.get(self.apply, self.apply)

    @property
    def required(self) -> bool:
        """Whether the service refuses a schema without it."""
        return self.target in REQUIRED_TARGETS


@dataclass(frozen=True, slots=True)
class Row:
    """A mapping in the list; ``mark`` is what the draft does to it: ``~``, ``+``, ``-`` or "".

    ``before`` is the mapping as it was read, None when the draft adds it.
    """

    mapping: Mapping
    mark: str
    before: Mapping | None

    @property
    def target(self) -> str:
        """The target attribute."""
        return self.mapping.target


@dataclass(frozen=True, slots=True)
class Draft:
    """The schema as it was read, and as it shall be.

    ``undoes`` is the entry of the journal that saving it takes back, 0 for none.
    """

    base: Json
    document: Json
    undoes: int = 0

    @property
    def edited(self) -> bool:
        """Whether anything differs."""
        return bool(self.base != self.document)


def begin(schema: Json) -> Draft:
    """Return a draft without changes."""
    return Draft(schema, schema)


def view(raw: Json) -> Mapping:
    """Return a raw ``attributeMapping`` as the form shows it."""
    source = raw.get("source") or {}
    kind = Kind(kind) if (kind := kind_of(source)) in {each.value for each in Kind} else Kind.EXPRESSION
    return Mapping(
        raw.get("targetAttributeName") or "",
        kind,
        _text(kind, source),
        raw.get("flowType") or ALWAYS,
        raw.get("defaultValue") or "",
        raw.get("matchingPriority") or 0,
    )


def _text(kind: Kind, source: Json) -> str:
    match kind:
        case Kind.DIRECT:
            return str(source.get("name") or (source.get("expression") or "").strip("[]"))
        case Kind.CONSTANT:
            return constant_text(source)
        case Kind.EXPRESSION:
            return source_text(source)
        case _:
            return ""


def rows(draft: Draft) -> tuple[Row, ...]:
    """Return the mappings of people as they shall be; what the draft removes stays in its place."""
    before = {raw["targetAttributeName"]: raw for raw in _raw_rows(draft.base)}
    after = {raw["targetAttributeName"]: raw for raw in _raw_rows(draft.document)}
    found = []
    for target in dict.fromkeys((*before, *after)):
        old, new = before.get(target), after.get(target)
        mark = "-" if new is None else "+" if old is None else "" if old == new else "~"
        found.append(Row(view(new or old), mark, view(old) if old else None))
    return tuple(found)


def _raw_rows(schema: Json) -> list[Json]:
    found: list[Json] = user_mapping(schema).get("attributeMappings") or []
    return found


def raw_row(schema: Json, target: str) -> Json | None:
    """Return the raw ``attributeMapping`` of a target attribute, None when it is not mapped."""
    return next((raw for raw in _raw_rows(schema) if raw.get("targetAttributeName") == target), None)


def as_raw(mapping: Mapping, before: Json | None = None) -> Json:
    """Return the raw form of ``mapping``; members of ``before`` that the form does not show are kept."""
    raw = copy.deepcopy(before) if before else {
        "defaultValue": None,
        "exportMissingReferences": False,
        "flowBehavior": "FlowWhenChanged",
        "flowType": ALWAYS,
        "matchingPriority": 0,
        "targetAttributeName": mapping.target,
        "source": None,
    }  # fmt: skip
    old = view(raw)
    if before is None or (old.kind, old.text) != (mapping.kind, mapping.text):
        raw["source"] = _source(mapping, raw.get("source") or {})
    if old.apply != mapping.apply:
        raw["flowType"] = mapping.apply
    if old.default != mapping.default:
        raw["defaultValue"] = mapping.default or None
    return raw


def _source(mapping: Mapping, before: Json) -> Json:
    known = {"expression", "name", "type", "parameters"}
    unknown = {name: value for name, value in before.items() if name not in known}
    match mapping.kind:
        case Kind.DIRECT:
            return {**unknown, **attribute_source(mapping.text)}
        case Kind.CONSTANT:
            return {**unknown, **constant_source(mapping.text)}
        case Kind.EXPRESSION:
            compiled = compile_expression(mapping.text)
            parsed = {"name": "", "parameters": [], "type": "Function"}
            if not isinstance(compiled, Problem):
                parsed = to_source(compiled.tree)
            return {**unknown, **parsed, "expression": mapping.text}
        case _:
            # Not documented: how the portal's type None is stored. No source is what it means.
            return None


def opened(schema: Json) -> Json:
    """Return a copy whose user mapping and list of attribute mappings may be changed; the rest is shared.

    Documents are values: nothing else in them is ever changed in place.
    """
    found, own = user_rule(schema), user_mapping(schema)
    mine = {**own, "attributeMappings": list(own.get("attributeMappings") or ())}
    mappings = [mine if each is own else each for each in found["objectMappings"]]
    rule = {**found, "objectMappings": mappings}
    rules = [rule if each is found else each for each in schema["synchronizationRules"]]
    return {**schema, "synchronizationRules": rules}


def with_mapping(draft: Draft, mapping: Mapping) -> Draft:
    """Return the draft with ``mapping`` in the place of the one for its target, or at the end."""
    document = opened(draft.document)
    mappings = _raw_rows(document)
    for at, raw in enumerate(mappings):
        if raw.get("targetAttributeName") == mapping.target:
            mappings[at] = as_raw(mapping, raw)
            break
    else:
        mappings.append(as_raw(mapping, raw_row(draft.base, mapping.target)))
        _in_old_order(draft.base, mappings)
    return replace(draft, document=document)


def _in_old_order(base: Json, mappings: list[Json]) -> None:
    """Put what was there before where it was, new ones at the end."""
    places = {raw.get("targetAttributeName"): at for at, raw in enumerate(_raw_rows(base))}
    mappings.sort(key=lambda raw: places.get(raw.get("targetAttributeName"), len(places)))


def without_mapping(draft: Draft, target: str) -> Draft:
    """Return the draft without the mapping of ``target``."""
    document = opened(draft.document)
    mapping = user_mapping(document)
    mapping["attributeMappings"] = [
        raw for raw in _raw_rows(document) if raw.get("targetAttributeName") != target
    ]
    return replace(draft, document=document)


def undone(draft: Draft, target: str) -> Draft:
    """Return the draft with the mapping of ``target`` as it was read."""
    old = raw_row(draft.base, target)
    if old is None:
        return without_mapping(draft, target)
    document = opened(draft.document)
    mappings = _raw_rows(document)
    mappings[:] = [raw for raw in mappings if raw.get("targetAttributeName") != target]
    mappings.append(copy.deepcopy(old))
    _in_old_order(draft.base, mappings)
    return replace(draft, document=document)


def imported(draft: Draft, document: Json) -> Draft:
    """Return the draft with ``document`` as it shall be; it keeps the job's id and version.

    Raises InvalidInput when it is no schema with a mapping of users.
    """
    if not isinstance(document, dict):
        raise InvalidInput(
            "This is no synchronization schema", "It is not a JSON object.", "Choose another file."
        )
    user_mapping(document)
    own = {name: draft.base[name] for name in ("id", "version") if name in draft.base}
    rest = {name: value for name, value in document.items() if not name.startswith("@odata.")}
    notes = {name: value for name, value in draft.base.items() if name.startswith("@odata.")}
    return replace(draft, document={**notes, **rest, **own}, undoes=0)


def problems_of(draft: Draft, mapping: Mapping) -> tuple[SchemaProblem, ...]:
    """Return why the service would refuse ``mapping``; none when it would take it."""
    wanted = with_mapping(draft, mapping).document
    found = check_schema(draft.base, wanted)
    return tuple(problem for problem in found if problem.where == mapping.target)


def problems(draft: Draft) -> tuple[SchemaProblem, ...]:
    """Return why the service would refuse the draft; none when it would take it."""
    return tuple(check_schema(draft.base, draft.document))


def source_types(schema: Json) -> dict[str, str]:
    """Return Graph's type of each source attribute, by name."""
    return _types(schema, "sourceDirectoryName")


def target_types(schema: Json) -> dict[str, str]:
    """Return Graph's type of each target attribute, by name."""
    return _types(schema, "targetDirectoryName")


def _types(schema: Json, side: str) -> dict[str, str]:
    definitions = attribute_definitions(schema, user_rule(schema).get(side) or "")
    return {name: definition.get("type") or "String" for name, definition in definitions.items()}
