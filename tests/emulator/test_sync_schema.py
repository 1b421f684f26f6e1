"""The schema of a job: reading, replacing whole, refusing, and the helpers of an editor."""

import json
from typing import Any

import pytest

from tests.emulator.conftest import code
from tests.emulator.sync import CYCLE, Pair
from xtsync_tui.emulator.state import Document

pytestmark = pytest.mark.anyio


@pytest.fixture
async def pair() -> Pair:
    pair = Pair()
    await pair.create()
    return pair


async def read(pair: Pair) -> Document:
    document: Document = (await pair.source.get(f"{pair.path}/schema")).json()
    return document


def rows(schema: Document) -> list[Document]:
    found: list[Document] = schema["synchronizationRules"][0]["objectMappings"][0]["attributeMappings"]
    return found


async def refused(pair: Pair, schema: Any) -> str:
    """Put ``schema``, expect schemaInvalid, and return its message."""
    answer = await pair.source.put(f"{pair.path}/schema", json=schema)
    assert code(answer) == (400, "UnknownError"), answer.text
    error = json.loads(answer.json()["error"]["message"])["error"]
    assert error["code"] == "schemaInvalid"
    return str(error["message"])


async def test_the_default_schema_has_the_documented_rule(pair: Pair) -> None:
    schema = await read(pair)
    rule = schema["synchronizationRules"][0]
    assert (schema["id"], rule["name"]) == (pair.job_id, "USER_INBOUND_USER")
    assert rows(schema)[0]["source"]["expression"] == "AltSecIdFromNetId([netId])"


async def test_what_nobody_knows_survives_a_put(pair: Pair) -> None:
    schema = await read(pair)
    schema["newMember"] = {"a": [1, None]}
    rows(schema)[3]["newMember"] = "kept"
    assert (await pair.source.put(f"{pair.path}/schema", json=schema)).status_code == 204
    again = await read(pair)
    assert again["newMember"] == {"a": [1, None]}
    assert rows(again)[3]["newMember"] == "kept"


async def test_a_second_matching_attribute_is_refused(pair: Pair) -> None:
    schema = await read(pair)
    next(row for row in rows(schema) if row["targetAttributeName"] == "mail")["matchingPriority"] = 2
    assert "matching attribute is fixed" in await refused(pair, schema)


async def test_a_required_row_cannot_go(pair: Pair) -> None:
    schema = await read(pair)
    rows(schema)[:] = [row for row in rows(schema) if row["targetAttributeName"] != "displayName"]
    assert "displayName" in await refused(pair, schema)


@pytest.mark.parametrize(
    "broken",
    [
        {"synchronizationRules": 1},
        {"synchronizationRules": []},
        {"synchronizationRules": [{"objectMappings": [{"attributeMappings": [{}]}]}]},
        {"synchronizationRules": [{"objectMappings": [{"attributeMappings": ["x"]}]}]},
        {"synchronizationRules": [{"objectMappings": [{"scope": 3}]}]},
    ],
)
async def test_what_is_no_schema_is_refused(pair: Pair, broken: Any) -> None:
    await refused(pair, broken)


async def test_patch_has_no_route_at_the_service(pair: Pair) -> None:
    answer = await pair.source.patch(f"{pair.path}/schema", json={})
    assert code(answer) == (404, "UnknownError")
    message = json.loads(answer.json()["error"]["message"])["Message"]
    assert "https://syncfabric.windowsazure.com/api/servicePrincipals" in message
    assert message.endswith("/schema?api-version=2.0'.")


async def test_delete_restores_the_default(pair: Pair) -> None:
    schema = await read(pair)
    rows(schema)[:] = [row for row in rows(schema) if row["targetAttributeName"] != "city"]
    await pair.source.put(f"{pair.path}/schema", json=schema)
    assert (await pair.source.delete(f"{pair.path}/schema")).status_code == 204
    assert "city" in [row["targetAttributeName"] for row in rows(await read(pair))]


async def test_a_saved_schema_makes_the_next_cycle_a_full_one(pair: Pair) -> None:
    await pair.source.post(f"{pair.path}/start")
    pair.advance(CYCLE / 2)
    await pair.scope({"sourceOperandName": "country", "operatorName": "IS NOT NULL", "targetOperand": None})
    pair.advance(CYCLE / 2)
    pair.advance(CYCLE / 2)
    status = await pair.status()
    assert status["lastExecution"]["timeBegan"][11:16] == "13:40"
    assert status["lastExecution"]["countImported"] == len(pair.contoso.users)


async def test_a_schema_saved_while_a_cycle_runs_is_not_forgotten(pair: Pair) -> None:
    await pair.source.post(f"{pair.path}/start")
    pair.advance(CYCLE / 80)
    await pair.scope({"sourceOperandName": "country", "operatorName": "IS NOT NULL", "targetOperand": None})
    pair.advance()
    pair.advance(CYCLE / 2)
    assert (await pair.status())["lastExecution"]["countImported"] == len(pair.contoso.users)


async def test_filter_operators_and_functions_are_listed_with_their_names(pair: Pair) -> None:
    operators = (await pair.source.get(f"{pair.path}/schema/filterOperators()")).json()["value"]
    assert {"EQUALS", "IS NULL", "REGEX MATCH"} <= {row["name"] for row in operators}
    functions = (await pair.source.get(f"{pair.path}/schema/functions")).json()["value"]
    assert {"Join", "Switch", "ToLower"} <= {row["name"] for row in functions}


async def test_parse_expression_parses_and_evaluates(pair: Pair) -> None:
    properties = [{"key": "givenName", "value": "Priya"}, {"key": "surname", "value": "Nair"}]
    body = {
        "expression": 'Join(", ", [surname], [givenName])',
        "targetAttributeDefinition": None,
        "testInputObject": {"definition": None, "properties": properties},
    }
    answer = (await pair.source.post(f"{pair.path}/schema/parseExpression", json=body)).json()
    assert (answer["parsingSucceeded"], answer["evaluationResult"]) == (True, ["Nair, Priya"])
    assert answer["parsedExpression"]["name"] == "Join"
    broken = await pair.source.post(f"{pair.path}/schema/parseExpression", json={"expression": "Jion("})
    assert (broken.json()["parsingSucceeded"], broken.json()["error"] is None) == (False, False)


async def test_discover_finds_the_directory_extensions_of_people(pair: Pair) -> None:
    name = "extension_0123456789abcdef0123456789abcdef_costCentre"
    pair.edit("lena.fischer", **{name: "4711"})
    directory = (await read(pair))["directories"][0]["id"]
    path = f"{pair.path}/schema/directories/{directory}/discover"
    found = (await pair.source.post(path)).json()
    assert name in [row["name"] for row in found["objects"][0]["attributes"]]
    assert name not in json.dumps(await read(pair))


async def test_the_schema_of_the_template_is_readable(pair: Pair) -> None:
    schema = (await pair.source.get(f"{pair.base}/templates/Azure2Azure/schema")).json()
    assert schema["id"] == f"Azure2Azure.{'0' * 32}"
