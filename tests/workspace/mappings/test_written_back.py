"""The schema as it leaves: every byte that nobody edited is the one that came."""

import httpx
import msgspec
import pytest

from tests.workspace.mappings.documents import schema
from tests.workspace.mappings.opening import opened
from tests.workspace.stage import Stage
from xtsync_tui.model import exact
from xtsync_tui.workspace.mappings.draft import Mapping, with_mapping, without_mapping
from xtsync_tui.workspace.mappings.filters import with_clause
from xtsync_tui.workspace.setup import Clause

pytestmark = pytest.mark.anyio

NUMBERS = b'"numbers":[1.10,1E2,1e400,0.30000000000000004440892098500626,123456789012345678901234567890]'
VALUES = b'"targetOperand":{"values":["Sales","R, and D"],"unknown":1.50}'
CLAUSE = b'{"sourceOperandName":"department","operatorName":"EQUALS",' + VALUES + b"}"


def document() -> bytes:
    """Return a schema full of members that nobody knows, with a filter of several values and odd numbers."""
    found = schema()
    mapping = found["synchronizationRules"][0]["objectMappings"][0]
    mapping["scope"] = {"groups": [{"name": "Two", "clauses": ["CLAUSE"]}], "inputFilterGroups": []}
    found.pop("numbers")
    text = msgspec.json.encode({**found, "numbers": "NUMBERS"})
    return text.replace(b'"CLAUSE"', CLAUSE).replace(b'"numbers":"NUMBERS"', NUMBERS)


class Service(httpx.AsyncBaseTransport):
    """The emulated tenants, but for the schema, which is the bytes it was last given."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.others = stage.emulator.transport()
        self.schema = document()
        self.put: list[bytes] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path
        if not path.endswith("/schema"):
            return await self.others.handle_async_request(request)
        if request.method == "PUT":
            self.schema = await request.aread()
            self.put.append(self.schema)
            return httpx.Response(204)
        return httpx.Response(200, content=self.schema, headers={"content-type": "application/json"})


@pytest.fixture
def service(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> Service:
    made = Service(stage)
    monkeypatch.setattr(stage.emulator, "transport", lambda: made)
    return made


async def test_what_is_not_edited_is_written_back_byte_for_byte(service: Service) -> None:
    own = await opened(service.stage)
    before = service.schema
    await own.save(without_mapping(own.current, "city"))
    (put,) = service.put
    row = exact.encode(next(one for one in _rows(before) if one["targetAttributeName"] == "city"))
    assert put == before.replace(row + b",", b"")
    assert NUMBERS in put
    assert CLAUSE in put


async def test_a_clause_of_several_values_keeps_them_when_its_attribute_is_edited(service: Service) -> None:
    own = await opened(service.stage)
    await own.save(with_clause(own.current, 0, 0, Clause("country", "EQUALS", ("Sales", "R, and D"))))
    assert service.put[0] == document().replace(b'"department","operatorName"', b'"country","operatorName"')


async def test_a_save_that_is_taken_back_is_the_document_as_it_came(service: Service) -> None:
    own = await opened(service.stage)
    await own.save(with_mapping(own.current, Mapping("companyName", text="city")))
    assert service.schema != document()
    (entry,) = own.workspace.journal.entries(path_end="/schema")
    assert own.take_back(entry) is None
    await own.save(own.current)
    assert service.schema == document()


def _rows(data: bytes) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = exact.decode(data)["synchronizationRules"][0]["objectMappings"][0][
        "attributeMappings"
    ]
    return rows


def test_a_number_is_a_number_and_keeps_its_digits_in_a_copy() -> None:
    found = exact.decode(b'{"a":1.10}')
    assert found == {"a": 1.1}
    assert exact.encode(found) == b'{"a":1.10}'
    assert exact.pretty(found) == '{\n  "a": 1.10\n}'
    with pytest.raises(TypeError):
        exact.encode({"a": object()})
