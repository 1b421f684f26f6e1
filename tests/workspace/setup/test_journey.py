"""A newcomer takes two tenants from nothing to a person who is synchronized."""

import json
import re
from datetime import timedelta

import pytest

from tests.workspace.stage import Stage, do, sent, states
from xtsync_tui.workspace.setup import Outcome, StepState
from xtsync_tui.workspace.setup.setup import Setup

pytestmark = pytest.mark.anyio


async def test_everything_is_done_in_order_and_somebody_arrives(stage: Stage) -> None:
    workspace = stage.workspace()
    outcomes = [outcome async for outcome in workspace.setup.do_rest()]
    assert [outcome.number for outcome in outcomes] == [1, 2, 3, 4, 5, 6, 7, 9, 10, 11, 12, 14]
    assert all(outcome.done for outcome in outcomes)
    reading = await workspace.setup.read()
    assert reading.finished
    assert reading.counts == "14 done, 1 not needed"
    on_demand = outcomes[9].on_demand
    assert on_demand is not None
    assert on_demand.found is not None
    assert on_demand.found.id in stage.fabrikam.users
    assert on_demand.found.user_principal_name is not None
    assert on_demand.found.user_principal_name.endswith("#EXT#@fabrikam.onmicrosoft.com")
    assert [(stage_.number, stage_.title) for stage_ in on_demand.stages] == [
        (1, "Import"),
        (2, "Scope"),
        (3, "Match"),
        (4, "Action"),
    ]
    assert ("userType", "", "Member") in [(m.name, m.before, m.after) for m in on_demand.modified]


async def test_a_step_reads_what_it_depends_on_before_and_everything_after(stage: Stage) -> None:
    workspace = stage.workspace()
    await workspace.setup.read()
    seen = len(workspace.log.exchanges)
    stage.pass_(60)
    await do(workspace, 4)
    asked = [one.request for one in list(workspace.log.exchanges)[seen:]]
    first = next(index for index, one in enumerate(asked) if one.writes)
    assert {one.path.partition("?")[0].rpartition("/")[0] for one in asked[:first]} == {
        "/policies/crossTenantAccessPolicy/partners"
    }
    after = " ".join(one.path for one in asked[first:])
    assert "/servicePrincipals" in after
    assert "/policies/authorizationPolicy" in after
    assert workspace.setup.reading is not None
    assert workspace.setup.reading.read_at == workspace.now()


async def test_a_part_read_again_does_not_make_the_rest_look_fresh(stage: Stage) -> None:
    workspace = stage.workspace()
    before = await workspace.setup.read()
    stage.pass_(60)
    stage.fabrikam.authorization_policy["allowInvitesFrom"] = "none"
    await workspace.setup.look_again(3)
    assert workspace.setup.facts.invitations == "everyone"
    assert workspace.setup.facts.now == before.read_at
    await workspace.setup.look_again(2)
    assert workspace.setup.facts.invitations == "none"
    assert (await workspace.setup.refresh()).now == before.read_at + timedelta(seconds=60)


async def test_a_whole_set_up_asks_graph_about_a_hundred_times(stage: Stage) -> None:
    workspace = stage.workspace()
    async for _ in workspace.setup.do_rest():
        pass
    assert workspace.log.count < 125


async def test_a_second_run_by_somebody_else_changes_nothing(stage: Stage) -> None:
    async for _ in stage.workspace().setup.do_rest():
        pass
    stage.pass_(3600)
    other = stage.workspace()
    outcomes: list[Outcome] = [outcome async for outcome in other.setup.do_rest()]
    assert outcomes == []
    assert sent(other) == []
    assert (await other.setup.read()).finished


async def test_leaving_in_the_middle_and_coming_back_resumes_from_what_graph_says(stage: Stage) -> None:
    await do(stage.workspace(), 1, 2, 3, 4, 5)
    other = stage.workspace()
    reading = await other.setup.read()
    assert [one.number for one in reading.steps if one.state is StepState.DONE] == [0, 2, 3, 4, 5]
    assert reading.next is not None
    assert reading.next.number == 1
    assert reading[6].state is StepState.TO_DO
    assert [outcome.number async for outcome in other.setup.do_rest()] == [1, 6, 7, 9, 10, 11, 12, 14]


async def test_a_fresh_pair_says_what_waits_for_what(stage: Stage) -> None:
    workspace = stage.workspace()
    reading = await workspace.setup.read()
    assert states(workspace) == {
        0: "done",
        1: "to do",
        2: "to do",
        3: "after step 2",
        4: "to do",
        5: "to do",
        6: "after step 5",
        7: "after step 5",
        8: "not needed",
        9: "after step 6",
        10: "after step 6",
        11: "after step 6",
        12: "after step 6",
        13: "after step 12",
        14: "to do",
    }
    assert reading.counts == "1 done, 1 not needed, 13 to go"
    assert reading.settled == "2 of 15 settled"
    assert not reading.finished


async def test_what_a_step_would_send_is_shown_before_it_goes(stage: Stage) -> None:
    workspace = stage.workspace()
    reading = await workspace.setup.read()
    (partner, allow) = reading[2].planned
    assert (partner.request.method, partner.request.path) == (
        "POST",
        "/policies/crossTenantAccessPolicy/partners",
    )
    assert partner.request.body == {"tenantId": stage.contoso.id}
    assert allow.request.method == "PUT"
    outcome = (await do(workspace, 2))[0]
    assert [one.entry.request for one in outcome.writes] == [partner.request, allow.request]
    assert outcome.words == "step 2 done 13:00:00 · PUT · 204"


async def test_the_rest_stops_at_the_first_failure(stage: Stage) -> None:
    stage.trouble("unavailable", "POST", "/instantiate", times=9)
    outcomes = [outcome async for outcome in stage.workspace().setup.do_rest()]
    assert [outcome.number for outcome in outcomes] == [1, 2, 3, 4, 5]
    assert not outcomes[-1].done
    assert outcomes[-1].cause is not None
    assert not stage.contoso.service_principals


async def test_a_step_sends_the_requests_that_it_names_before_they_are_known(stage: Stage) -> None:
    workspace = stage.workspace()
    setup = workspace.setup
    await setup.read()
    person = await setup.suggest_person()
    named = {
        number: [(each.side, each.request) for each in planned]
        for number, planned in setup.ahead(person).items()
    }
    assert [number for number, requests in named.items() if requests] == [2, 3, 4, 5, 6, 7, 10, 11, 12]
    before = 0
    async for outcome in setup.do_rest(person=person):
        sent = workspace.log.exchanges[before:]
        before = len(workspace.log.exchanges)
        found = [(one.side, one.request) for one in sent if one.request.method != "GET"]
        assert len(found) == len(named[outcome.number]), outcome.number
        for (side, request), (to, wanted) in zip(found, named[outcome.number], strict=True):
            assert (side, request.method) == (to, wanted.method)
            assert _fits(wanted.path, request.path)
            assert _fits(json.dumps(wanted.body), json.dumps(request.body))


def _fits(named: str, sent: str) -> bool:
    """Return whether what was sent is what was named, with an id where that was not known."""
    return (
        re.fullmatch(re.sub(r"(id|role|rule)\\-of\\-step\\-\d", "[^/]+?", re.escape(named)), sent) is not None
    )


async def test_the_rest_is_done_with_the_person_who_was_chosen_and_stops_where_one_says_so(
    stage: Stage,
) -> None:
    workspace = stage.workspace()
    await workspace.setup.read()
    (lena,) = await workspace.setup.search_people("lena")
    done: set[int] = set()
    async for outcome in workspace.setup.do_rest(person=lena, is_stopped=lambda: 7 in done):
        done.add(outcome.number)
    assert done == {1, 2, 3, 4, 5, 6, 7}
    (assigned,) = stage.contoso.assignments.values()
    assert assigned["principalDisplayName"] == "Lena Fischer"
    async for outcome in workspace.setup.do_rest(person=lena):
        if outcome.on_demand is not None:
            assert outcome.on_demand.name == "Lena Fischer"
    assert states(workspace)[12] == "done"


async def test_a_second_configuration_is_set_up_by_itself_and_the_pairs_own_stays() -> None:
    stage = Stage("configured")
    workspace = stage.workspace()
    await workspace.introduce()
    await workspace.configurations.read()
    made = await workspace.configurations.create("Guests", lambda _: None)
    second = Setup(workspace, made)
    reading = await second.read()
    assert (reading.configuration, reading[6].words, reading[7].words) == ("Guests", "to do", "to do")
    assert {one.id for one in second.facts.candidates} == {
        one.id for one in await workspace.configurations.read()
    }
    assert (await second.do(6, await second.suggest(6))).done
    assert made in stage.contoso.jobs
    assert (await workspace.setup.read()).configuration == "Contoso to Fabrikam"
    assert workspace.journal.noted("test") is None
    assert workspace.journal.noted(f"test {made}") is not None


async def test_a_configuration_of_another_tenant_is_never_set_up_for_this_one() -> None:
    stage = Stage("configured")
    workspace = stage.workspace()
    await workspace.introduce()
    made = await workspace.configurations.create("Contoso to Northwind", lambda _: None)
    stage.contoso.secrets[made] = {"CompanyId": "11111111-2222-3333-4444-555555555555"}
    assert (await Setup(workspace, made).read()).configuration == "Contoso to Fabrikam"
