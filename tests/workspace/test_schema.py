"""Edits of the schema change only what was edited."""

import copy

import pytest

from xtsync_tui.engine.default_schema import default_schema
from xtsync_tui.errors import InvalidInput
from xtsync_tui.model import Json
from xtsync_tui.workspace import schema as schemas
from xtsync_tui.workspace.setup import Clause, FilterGroup

ODD = {"name": "Odd", "clauses": [{"sourceOperandName": "city", "operatorName": "IS NULL", "extra": 1}]}
SALES = FilterGroup("Sales", (Clause("department", "EQUALS", ("Sales",)),))


@pytest.fixture
def schema() -> Json:
    return {**default_schema("job"), "somethingNew": {"kept": True}}


def differing(before: Json, after: Json, path: str = "") -> set[str]:
    """Return the paths of the members in which two documents differ."""
    if isinstance(before, dict) and isinstance(after, dict):
        keys = before.keys() | after.keys()
        return {one for key in keys for one in differing(before.get(key), after.get(key), f"{path}/{key}")}
    if isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        pairs = enumerate(zip(before, after, strict=True))
        return {one for index, (a, b) in pairs for one in differing(a, b, f"{path}/{index}")}
    return set() if before == after else {path}


def test_a_constant_changes_its_own_mapping_and_nothing_else(schema: Json) -> None:
    untouched = copy.deepcopy(schema)
    changed = schemas.with_constant(schema, "userType", "Guest", schemas.ALWAYS)
    assert schema == untouched
    places = differing(schema, changed)
    assert {place.split("/attributeMappings/")[0] for place in places} == {
        "/synchronizationRules/0/objectMappings/0"
    }
    assert {place.rsplit("/", 1)[1] for place in places} == {"name", "expression", "flowType"}
    assert schemas.constant(changed, "userType") == "Guest"


def test_a_constant_for_an_attribute_that_is_not_mapped_is_added_at_the_end(schema: Json) -> None:
    before = schemas.mapping_rows(schema)
    changed = schemas.with_constant(schema, "companyName", "Contoso", schemas.CREATE_ONLY)
    rows = schemas.mapping_rows(changed)
    assert rows[:-1] == before
    assert (rows[-1].target, rows[-1].kind, rows[-1].apply) == (
        "companyName",
        "Constant",
        "creation only",
    )


def test_the_matching_mapping_is_locked_and_says_why(schema: Json) -> None:
    rows = {row.target: row for row in schemas.mapping_rows(schema)}
    assert rows["alternativeSecurityIds"].matching == 1
    assert rows["alternativeSecurityIds"].locked == "The service recognises people by it."
    assert rows["displayName"].locked
    assert rows["department"].locked == ""
    assert (rows["userType"].kind, rows["userType"].source) == ("Constant", '"Member"')


def test_the_fingerprint_sees_mappings_and_scope_but_not_the_version(schema: Json) -> None:
    same = {**schema, "version": "Date:2026"}
    assert schemas.fingerprint(same) == schemas.fingerprint(schema)
    other = copy.deepcopy(schema)
    schemas.user_mapping(other)["scope"] = {"groups": [ODD]}
    assert schemas.fingerprint(other) != schemas.fingerprint(schema)


def test_filters_are_offered_only_what_the_service_can_compare(schema: Json) -> None:
    offered = schemas.source_attributes(schema)
    assert "department" in offered
    assert not {"manager", "userType", "appRoleAssignments"} & set(offered)
    assert list(offered) == sorted(offered, key=str.casefold)


def test_a_schema_without_a_mapping_of_users_is_said_so() -> None:
    with pytest.raises(InvalidInput, match="no mapping of users"):
        schemas.user_mapping({"synchronizationRules": []})
