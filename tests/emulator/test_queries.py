"""What can be asked of lists: filters, searches, order, pages."""

import asyncio
import itertools
from datetime import UTC, datetime

import httpx
import pytest

from tests.emulator.conftest import code, names
from xtsync_tui.emulator import slices
from xtsync_tui.emulator.entities import DIRECTORY_AUDIT, PROVISIONING_ROW, USER
from xtsync_tui.emulator.errors import Refusal
from xtsync_tui.emulator.filters import compile_filter
from xtsync_tui.emulator.odata import Both, Compare, Not, Path, Value, parse
from xtsync_tui.emulator.paging import KEPT, Cursors
from xtsync_tui.emulator.searches import compile_search
from xtsync_tui.emulator.slices import in_slices, select, sort

pytestmark = pytest.mark.anyio

EVENTUAL = {"ConsistencyLevel": "eventual"}

LENA = {
    "id": "5b1e08d2-0000-4000-8000-0000000090ac",
    "displayName": "Lena O'Hara Fischer",
    "mail": "lena@contoso.com",
    "accountEnabled": True,
    "userType": "Member",
    "createdDateTime": "2023-02-01T08:00:00Z",
    "otherMails": ["lena@private.example"],
    "identities": [{"issuer": "contoso.onmicrosoft.com", "signInType": "userPrincipalName"}],
    "onPremisesExtensionAttributes": {"extensionAttribute1": "blue"},
}


@pytest.mark.parametrize(
    ("text", "passes"),
    [
        ("displayName eq 'LENA O''HARA FISCHER'", True),
        ("displayName eq 'Lena'", False),
        ("startswith(displayName, 'lena')", True),
        ("startsWith(displayName,'lena') and accountEnabled eq true", True),
        ("accountEnabled", True),
        ("accountEnabled eq false or userType eq 'Member'", True),
        ("userType eq 'Guest' or accountEnabled eq true and mail eq 'x'", False),
        ("(userType eq 'Guest' or accountEnabled eq true) and mail eq 'lena@contoso.com'", True),
        ("userType in ('Guest', 'Member')", True),
        ("userType in ('Guest')", False),
        ("country eq null", True),
        ("mail eq null", False),
        ("mail ne null", True),
        ("country ne 'Japan'", True),
        ("not (userType eq 'Guest')", True),
        ("not startswith(displayName,'lena')", False),
        ("not not accountEnabled eq true", True),
        ("endswith(mail,'@contoso.com')", True),
        ("createdDateTime ge 2023-02-01T00:00:00Z", True),
        ("createdDateTime ge 2023-02-02", False),
        ("createdDateTime le 2023-02-01T09:00:00+01:00", True),
        ("otherMails/any(m:m eq 'lena@private.example')", True),
        ("otherMails/any()", True),
        ("proxyAddresses/any()", False),
        ("identities/any(i:i/issuer eq 'contoso.onmicrosoft.com' and i/signInType eq 'federated')", False),
        ("identities/any(i:startswith(i/issuer,'contoso'))", True),
        ("onPremisesExtensionAttributes/extensionAttribute1 eq 'blue'", True),
        ("tolower(displayName) eq 'x'", None),
        ("contains(displayName,'ena')", None),
        ("createdDateTime gt 2023-02-01", None),
        ("displayName eq displayName", None),
        ("'lena' eq displayName", None),
        ("onPremisesExtensionAttributes eq 'blue'", None),
        ("signInActivity eq null", None),
        ("displayName ge null", None),
        ("mail/any(x:x eq 'a')", None),
        ("length(displayName) eq 4", None),
    ],
)
def test_a_filter_on_users_finds_what_graph_finds(text: str, passes: bool | None) -> None:
    if passes is None:
        with pytest.raises(Refusal) as refused:
            compile_filter(text, USER)
        assert (refused.value.status, refused.value.code) == (400, "Request_UnsupportedQuery")
        return
    assert compile_filter(text, USER)[0](LENA) is passes


@pytest.mark.parametrize(
    "text",
    [
        "",
        "displayName",
        "displayName eq",
        "displayName eq 'open",
        "displayName eq 'a' and",
        "(displayName eq 'a'",
        "displayName eq 'a')",
        "displayName = 'a'",
        "colour eq 'red'",
        "accountEnabled eq 'true'",
        "displayName eq true",
        "displayName eq 7",
        "userType in ()",
        "userType in (displayName)",
        "startswith(accountEnabled,'t')",
        "createdDateTime ge 2023-13-45",
        "identities/any(i i/issuer eq 'x')",
        "(" * 100 + "displayName eq 'a'" + ")" * 100,
    ],
)
def test_what_is_no_filter_is_refused(text: str) -> None:
    with pytest.raises(Refusal) as refused:
        compile_filter(text, USER)
    assert (refused.value.status, refused.value.code) == (400, "BadRequest")


def test_and_binds_tighter_than_or_and_not_tighter_than_and() -> None:
    def is_(name: str) -> Compare:
        return Compare("eq", Path((name,)), Value(1, "number"))

    tree = parse("a eq 1 or not b eq 1 and c eq 1")
    assert tree == Both("or", is_("a"), Both("and", Not(is_("b")), is_("c")))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("a eq 'it''s'", Value("it's", "string")),
        ("a eq -1.5", Value(-1.5, "number")),
        ("a eq 8E881353-1735-45AF-AF21-EE1344582A4D", Value("8e881353-1735-45af-af21-ee1344582a4d", "guid")),
        ("a eq 2023-07-30", Value(datetime(2023, 7, 30, tzinfo=UTC), "date")),
    ],
)
def test_each_kind_of_constant_is_read(text: str, value: Value) -> None:
    assert parse(text) == Compare("eq", Path(("a",)), value)


MICROSOFTS_SAMPLE = (
    "((contains(tolower(servicePrincipal/id), 'sp1') "
    "or contains(tolower(servicePrincipal/displayName), 'sp1')) "
    "and activityDateTime gt 2023-07-30 and activityDateTime lt 2023-07-31)"
)

ROW = {
    "activityDateTime": "2023-07-30T12:00:00.1234567Z",
    "jobId": "Azure2Azure.1",
    "provisioningAction": "create",
    "servicePrincipal": {"id": "SP1", "displayName": "Contoso to Fabrikam"},
    "provisioningStatusInfo": {"status": "failure", "errorInformation": {"errorCode": "Forbidden"}},
    "sourceIdentity": None,
}


@pytest.mark.parametrize(
    ("text", "passes"),
    [
        (
            MICROSOFTS_SAMPLE,
            True,
        ),
        ("jobId eq 'azure2azure.1'", False),
        ("provisioningStatusInfo/status eq 'failure'", True),
        ("provisioningStatusInfo/errorInformation/errorCode eq 'Forbidden'", True),
        ("sourceIdentity/id eq 'x'", False),
        ("contains(servicePrincipal/displayName,'fabrikam')", False),
    ],
)
def test_a_filter_on_the_provisioning_log_minds_case(text: str, passes: bool) -> None:
    assert compile_filter(text, PROVISIONING_ROW)[0](ROW) is passes


def test_a_filter_on_audits_looks_into_the_targets() -> None:
    row = {
        "targetResources": [{"id": "a"}, {"id": "b"}],
        "initiatedBy": {"user": None, "app": {"displayName": "S"}},
    }
    assert compile_filter("targetResources/any(t:t/id eq 'b')", DIRECTORY_AUDIT)[0](row)
    assert not compile_filter("targetResources/any(t: t/id eq 'c')", DIRECTORY_AUDIT)[0](row)
    assert not compile_filter("initiatedBy/user/id eq 'x'", DIRECTORY_AUDIT)[0](row)
    assert compile_filter("startswith(initiatedBy/app/displayName,'S')", DIRECTORY_AUDIT)[0](row)


@pytest.mark.parametrize(
    ("text", "passes"),
    [
        ('"displayName:fis"', True),
        ('"displayName:lena fis"', True),
        ('"displayName:ischer"', False),
        ('"mail:len"', True),
        ('"mail:contoso"', False),
        ('"displayName:x" OR "mail:lena"', True),
        ('"displayName:x" AND "mail:lena"', False),
        ('"displayName:x" OR "displayName:lena" AND "mail:lena"', True),
        ('("displayName:x" OR "displayName:lena") AND "mail:z"', False),
        ('"otherMails:lena@p"', True),
        ('"displayName:o\\"x"', False),
    ],
)
def test_a_search_finds_the_beginnings_of_words(text: str, passes: bool) -> None:
    assert compile_search(text, USER)(LENA) is passes


@pytest.mark.parametrize(
    "text",
    [
        "displayName:lena",
        '"lena"',
        '"city:Berlin"',
        '"displayName:a" or "mail:b"',
        '("mail:b"',
        '"mail:b")',
        "OR",
    ],
)
def test_what_is_no_search_is_refused(text: str) -> None:
    with pytest.raises(Refusal) as refused:
        compile_search(text, USER)
    assert refused.value.status == 400


@pytest.mark.parametrize(
    "query",
    [
        {"$search": '"displayName:a"'},
        {"$filter": "userType ne 'Guest'", "$count": "true"},
        {"$filter": "endswith(mail,'com')"},
        {"$filter": "userType eq 'Member'", "$orderby": "displayName"},
        {"$filter": "country eq 'Japan'"},
    ],
)
async def test_an_advanced_query_needs_its_header_and_count(
    contoso: httpx.AsyncClient, query: dict[str, str]
) -> None:
    assert code(await contoso.get("/users", params=query)) == (400, "Request_UnsupportedQuery")
    counted = {**query, "$count": "true"}
    assert (await contoso.get("/users", params=counted, headers=EVENTUAL)).status_code == 200


async def test_an_advanced_filter_needs_count_besides_the_header(contoso: httpx.AsyncClient) -> None:
    query = {"$filter": "userType ne 'Guest'"}
    assert code(await contoso.get("/users", params=query, headers=EVENTUAL)) == (
        400,
        "Request_UnsupportedQuery",
    )


async def test_the_picker_finds_people_as_typed(contoso: httpx.AsyncClient) -> None:
    query = {
        "$search": '"displayName:zo" OR "userPrincipalName:zo" OR "mail:zo"',
        "$filter": "userType eq 'Member'",
        "$select": "id,displayName,userPrincipalName",
        "$top": "25",
        "$count": "true",
    }
    response = await contoso.get("/users", params=query, headers=EVENTUAL)
    assert names(response) == ["Zoë Müller"]
    assert response.json()["@odata.count"] == 1
    assert set(response.json()["value"][0]) == {"id", "displayName", "userPrincipalName"}


async def test_only_the_default_properties_come_unless_others_are_selected(
    contoso: httpx.AsyncClient,
) -> None:
    first = (await contoso.get("/users?$top=1")).json()["value"][0]
    assert set(first) == set(USER.defaults)
    chosen = (await contoso.get("/users?$top=1&$select=department,otherMails,signInActivity")).json()[
        "value"
    ][0]
    assert chosen == {"department": "IT", "otherMails": [], "signInActivity": None}


@pytest.mark.parametrize(
    "query",
    [
        "$select=colour",
        "$expand=colour",
        "$expand=manager($levels=max)",
        "$orderby=colour",
        "$orderby=displayName sideways",
        "$top=0",
        "$top=1000",
        "$top=x",
        "$apply=groupby((city))",
        "$filter=userType eq 'a'&$filter=userType eq 'b'",
        "$skip=1",
        "$skiptoken=nonsense",
        "$skiptoken=OTkuMA==",
    ],
)
async def test_what_cannot_be_asked_of_users_is_refused(contoso: httpx.AsyncClient, query: str) -> None:
    response = await contoso.get(f"/users?{query}")
    assert response.status_code == 400
    assert response.json()["error"]["code"] in {"BadRequest", "Request_BadRequest"}


async def test_sorting_by_a_property_that_is_not_sorted_by_is_refused(contoso: httpx.AsyncClient) -> None:
    assert code(await contoso.get("/users?$orderby=city")) == (400, "Request_UnsupportedQuery")


async def test_users_are_sorted_without_regard_to_case(contoso: httpx.AsyncClient) -> None:
    found = names(await contoso.get("/users?$orderby=displayName desc&$top=999"))
    assert found == sorted(found, key=str.casefold, reverse=True)


async def test_pages_follow_the_link_to_the_end(contoso: httpx.AsyncClient) -> None:
    pages = []
    link = "/users?$top=20&$count=true&$select=id,displayName"
    while link:
        body = (await contoso.get(link, headers=EVENTUAL)).json()
        pages.append(body)
        link = body.get("@odata.nextLink", "")
    assert [len(page["value"]) for page in pages] == [20, 20, 2]
    assert [page.get("@odata.count") for page in pages] == [42, None, None]
    assert len({row["id"] for page in pages for row in page["value"]}) == 42
    assert "$select=id,displayName" in pages[0]["@odata.nextLink"].replace("%24", "$").replace("%2C", ",")


async def test_a_page_token_may_be_used_again(contoso: httpx.AsyncClient) -> None:
    link = (await contoso.get("/users?$top=20")).json()["@odata.nextLink"]
    assert (await contoso.get(link)).json() == (await contoso.get(link)).json()


async def test_each_page_of_an_advanced_query_needs_the_header(contoso: httpx.AsyncClient) -> None:
    for query in ('$search="displayName:a"', "$filter=userType ne 'x'&$count=true"):
        link = (await contoso.get(f"/users?{query}&$top=1", headers=EVENTUAL)).json()["@odata.nextLink"]
        assert code(await contoso.get(link)) == (400, "Request_UnsupportedQuery")
        assert (await contoso.get(link, headers=EVENTUAL)).status_code == 200


async def test_counting_needs_the_header(contoso: httpx.AsyncClient) -> None:
    assert code(await contoso.get("/users/$count")) == (400, "Request_BadRequest")
    assert (await contoso.get("/users/$count", headers=EVENTUAL)).text == "42"
    query = {"$filter": "userType eq 'Guest'"}
    assert (await contoso.get("/users/$count", params=query, headers=EVENTUAL)).text == "2"


def test_old_page_tokens_expire() -> None:
    cursors = Cursors()
    first = cursors.first(range(10), 5)
    for _ in range(KEPT):
        cursors.first(range(10), 5)
    with pytest.raises(Refusal):
        cursors.following(first.next_token, 5)


async def test_sorting_in_slices_is_sorting() -> None:
    rows = [(number * 7919 % 5003, number) for number in range(5000)]
    assert await sort(rows, lambda row: row[0] % 100) == sorted(rows, key=lambda row: row[0] % 100)
    expected = sorted(rows, key=lambda row: row[0] % 100, reverse=True)
    assert await sort(rows, lambda row: row[0] % 100, descending=True) == expected
    assert await select(rows, lambda row: row[1] < 3) == rows[:3]
    assert [list(part) async for part in in_slices([1, 2, 3], 2)] == [[1, 2], [3]]


async def test_others_get_their_turn_after_each_slice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slices, "BUDGET", 0)
    turns = itertools.count()

    async def others() -> None:
        while True:
            next(turns)
            await asyncio.sleep(0)

    task = asyncio.ensure_future(others())
    assert await select(range(2000), lambda row: row < 0) == []
    task.cancel()
    assert next(turns) >= 2000 / slices.ROWS
