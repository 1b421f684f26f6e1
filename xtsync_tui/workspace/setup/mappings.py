"""Step 9: the attribute mappings were looked at, and people arrive as what they should be."""

from xtsync_tui.errors import InvalidInput, XtSyncError
from xtsync_tui.model import Json, Side
from xtsync_tui.workspace.planned import Planned
from xtsync_tui.workspace.schema import (
    ALWAYS,
    CREATE_ONLY,
    constant,
    mapping_of,
    mapping_rows,
    with_constant,
)
from xtsync_tui.workspace.setup.answers import APPLY, USER_TYPES, MappingAnswers
from xtsync_tui.workspace.setup.facts import Clients, Facts
from xtsync_tui.workspace.setup.reading import Fact, StepReading, StepState
from xtsync_tui.workspace.setup.saving import save_schema
from xtsync_tui.workspace.setup.verdict import after, cannot_tell, verdict

_FLOWS = dict(zip(APPLY, (CREATE_ONLY, ALWAYS), strict=True))


def read_mappings(facts: Facts) -> StepReading:
    """Return step 9: done once these very mappings were reviewed here; Graph keeps no trace of that."""
    found = facts.found
    if found is None or found.schema is None:
        return after(facts, 9, 6)
    if isinstance(found.schema, XtSyncError):
        return cannot_tell(facts, 9, found.schema, Side.SOURCE)
    now = mapping_defaults(facts)
    evidence = [
        Fact("Mappings", f"{len(mapping_rows(found.schema))} attributes"),
        Fact("userType", f"{now.user_type or 'not a constant'}, {now.apply or 'not mapped'}"),
        Fact("Address list", _shown(now.show_in_address_list)),
    ]
    note = facts.notes.mappings
    if note and note.value == facts.schema_print:
        return verdict(facts, 9, StepState.DONE, Fact("Reviewed", f"here {note.at:%H:%M}"), *evidence)
    if note:
        evidence.insert(0, Fact("Reviewed", f"here {note.at:%H:%M}; mappings or filters differ since then"))
    elif facts.in_use:
        return verdict(facts, 9, StepState.NOT_NEEDED, Fact("Now", facts.in_use), *evidence)
    return verdict(facts, 9, StepState.TO_DO, *evidence)


def _shown(value: bool | None) -> str:
    if value is None:
        return "showInAddressList is not a constant"
    return f"showInAddressList is {str(value).lower()}"


def mapping_defaults(facts: Facts) -> MappingAnswers:
    """Return userType, when it applies, and the address list as they are now."""
    schema = facts.found.schema if facts.found else None
    if schema is None or isinstance(schema, XtSyncError):
        return MappingAnswers()
    user_type = constant(schema, "userType") or ""
    flow = (mapping_of(schema, "userType") or {}).get("flowType")
    apply = next((word for word, one in _FLOWS.items() if one == flow), "")
    shown = constant(schema, "showInAddressList")
    visible = None if shown is None else shown.lower() == "true"
    return MappingAnswers(user_type, apply, visible, facts.schema_print)


def prepare_mappings(clients: Clients, facts: Facts, answers: MappingAnswers) -> tuple[Planned, ...]:
    """Return the requests of step 9: none when everything stays as it is."""
    if answers.user_type and answers.user_type not in USER_TYPES:
        raise InvalidInput("User type: Member or Guest", "", "Choose one.")
    now = mapping_defaults(facts)

    def edit(schema: Json) -> Json:
        changed = (answers.user_type or now.user_type, answers.apply or now.apply)
        if changed != (now.user_type, now.apply):
            schema = with_constant(
                schema, "userType", changed[0] or USER_TYPES[0], _FLOWS[changed[1] or APPLY[0]]
            )
        shown = answers.show_in_address_list
        if shown is not None and shown != now.show_in_address_list:
            schema = with_constant(schema, "showInAddressList", str(shown).lower(), ALWAYS)
        return schema

    return save_schema(clients, facts, edit, "step 9")
