"""What the service would do with people, told before anybody is sent: above all whom it would delete."""

import pytest

from tests.workspace.on_demand.queues import members, newcomer, posts, principal, ready
from tests.workspace.stage import Stage, sent
from xtsync_tui.errors import Forbidden
from xtsync_tui.graph.client import GraphClient
from xtsync_tui.model import Request, Side
from xtsync_tui.workspace.on_demand.foreseeing import TOGETHER, Foreseen
from xtsync_tui.workspace.on_demand.queue import Queued
from xtsync_tui.workspace.setup import Principal

pytestmark = pytest.mark.anyio


@pytest.fixture
def stage() -> Stage:
    return Stage("configured")


async def foreseen(stage: Stage, *people: Principal) -> tuple[Foreseen, ...]:
    workspace = stage.workspace()
    queue = await ready(workspace)
    found = await queue.foresee([Queued(one.id, one.name, one.detail) for one in people])
    assert [one for one in sent(workspace) if one.request.path != "/$batch"] == []
    return found


def leaves_sales(stage: Stage, name: str) -> Principal:
    """Let somebody leave the scope by the filter "department is Sales or Engineering"."""
    who = principal(stage, name)
    stage.contoso.users[who.id]["department"] = "Legal"
    return who


async def test_who_left_the_scope_by_a_filter_would_be_deleted_and_it_is_said_why(stage: Stage) -> None:
    (one,) = await foreseen(stage, leaves_sales(stage, "lena.fischer"))
    assert (one.kind, one.removes) == ("soft-deleted", True)
    assert one.words == "would be soft-deleted in TARGET, 30 days in the bin"
    assert one.why == (
        "filter Sales and Engineering: department REGEX MATCH '^(Sales|Engineering)$', here it is Legal"
    )


async def test_the_service_does_what_was_foreseen(stage: Stage) -> None:
    workspace = stage.workspace()
    lena = leaves_sales(stage, "lena.fischer")
    stage.contoso.touch(lena.id)
    queue = await ready(workspace, lena)
    (one,) = await queue.foresee(queue.queue)
    await queue.run()
    assert (one.kind, queue.queue[0].words) == ("soft-deleted", "soft-deleted")
    assert posts(workspace) == [lena.id]


async def test_who_is_not_assigned_any_more_would_be_deleted(stage: Stage) -> None:
    sofia = principal(stage, "sofia.costa")
    stage.contoso.assignments = {
        key: one for key, one in stage.contoso.assignments.items() if one["principalId"] != sofia.id
    }
    (one,) = await foreseen(stage, sofia)
    assert (one.removes, one.why) == (True, "not assigned")


async def test_others_are_told_in_a_word_each(stage: Stage) -> None:
    others = ("kim.lee", "priya.nair", "dieter.vogel")
    people = [newcomer(stage), *(principal(stage, name) for name in others)]
    stage.contoso.users[people[1].id]["jobTitle"] = "Director"
    found = await foreseen(stage, *people)
    assert [one.kind for one in found] == ["created", "updated", "skipped", "skipped"]
    assert not any(one.removes for one in found)


async def test_of_one_person_sms_sign_in_is_looked_at(stage: Stage) -> None:
    (one,) = await foreseen(stage, principal(stage, "tom.baker"))
    assert one.words == ("would be skipped: external users and people with SMS sign-in are not synchronized")


async def test_who_lies_in_the_bin_is_told_to_be_held_back(stage: Stage) -> None:
    kim = principal(stage, "kim.lee")
    there = next(user for user in stage.fabrikam.users.values() if user.get("mail") == kim.detail)
    stage.fabrikam.deleted_users[there["id"]] = {
        **stage.fabrikam.users.pop(there["id"]),
        "deletedDateTime": "2026-05-10T09:00:00Z",
    }
    (one,) = await foreseen(stage, kim)
    assert (one.binned, one.removes) == (True, False)
    assert one.words == "lies in the bin of TARGET until 9 Jun"


@pytest.mark.parametrize("path", ["/memberOf", "/appRoleAssignedTo"])
async def test_an_assignment_that_cannot_be_read_is_counted_at_its_worst(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    blind(monkeypatch, path)
    there, new = await foreseen(stage, principal(stage, "lena.fischer"), newcomer_of(stage, "kim.lee"))
    assert there.removes is None
    assert new.removes is False
    assert [one.words for one in (there, new)] == ["? cannot tell: It cannot be read"] * 2


async def test_a_target_that_cannot_be_read_matters_only_for_who_is_out_of_scope(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    blind(monkeypatch, "startswith")
    inside, outside = await foreseen(stage, principal(stage, "kim.lee"), leaves_sales(stage, "lena.fischer"))
    assert (inside.removes, outside.removes) == (False, None)


async def test_a_filter_on_what_is_not_read_here_cannot_be_told(stage: Stage) -> None:
    workspace = stage.workspace()
    queue = await ready(workspace)
    lena = principal(stage, "lena.fischer")
    assert queue.ground is not None
    for rule in queue.ground.schema["synchronizationRules"]:
        for mapping in rule["objectMappings"]:
            for group in (mapping.get("scope") or {}).get("groups") or ():
                group["clauses"][0]["sourceOperandName"] = "employeeOrgData.division"
    (one,) = await queue.foresee([Queued(lena.id, lena.name, lena.detail)])
    assert one.removes is None


async def test_many_are_read_together_and_it_is_said_how_far_that_is(stage: Stage) -> None:
    workspace = stage.workspace()
    queue = await ready(workspace)
    people = [Queued(one.id, one.name, one.detail) for one in members(stage, TOGETHER + 4)]
    before, said = workspace.log.count, list[int]()
    found = await queue.foresee(people, said.append)
    assert [one.who for one in found] == people
    assert said == [TOGETHER, TOGETHER + 4]
    assert workspace.log.count - before < 12


def newcomer_of(stage: Stage, name: str) -> Principal:
    who = principal(stage, name)
    there = next(user for user in stage.fabrikam.users.values() if user.get("mail") == who.detail)
    del stage.fabrikam.users[there["id"]]
    return who


def blind(monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    """Let every request whose path holds ``path`` fail, alone and in a batch."""
    batch, collect = GraphClient.batch, GraphClient.collect

    async def batched(client: GraphClient, requests: list[Request]) -> list[object]:
        answers = await batch(client, requests)
        return [
            Forbidden("It cannot be read") if path in request.path else answer
            for request, answer in zip(requests, answers, strict=True)
        ]

    async def collected(client: GraphClient, request: Request, type_: type) -> object:
        if path in request.path and client.side is Side.SOURCE:
            raise Forbidden("It cannot be read")
        return await collect(client, request, type_)

    monkeypatch.setattr(GraphClient, "batch", batched)
    monkeypatch.setattr(GraphClient, "collect", collected)
