"""One configuration for a pair, whatever happens on the way."""

from pathlib import Path

import anyio
import pytest

from tests.workspace.stage import Stage, do, sent
from xtsync_tui.errors import InvalidInput
from xtsync_tui.workspace.journal import Fate
from xtsync_tui.workspace.setup import NameAnswers, Outcome, StepState
from xtsync_tui.workspace.setup.creating import CLAIM_SECONDS

pytestmark = pytest.mark.anyio


async def test_it_is_created_once_and_waited_for_until_it_is_listed(stage: Stage) -> None:
    workspace, said = stage.workspace(), list[str]()
    await workspace.setup.read()
    outcome = await workspace.setup.do(5, NameAnswers("Contoso to Fabrikam"), said.append)
    assert outcome.done
    assert sum(stage.pauses) > 0
    assert said[0] == "Created, not listed yet. A second one is not made. Next look in 1 s"
    assert len(stage.contoso.service_principals) == 1
    reading = workspace.setup.reading
    assert reading is not None
    assert reading[5].state is StepState.DONE
    assert reading.configuration == "Contoso to Fabrikam"


async def test_a_lost_answer_is_looked_after_and_not_sent_again(stage: Stage) -> None:
    workspace = stage.workspace()
    stage.trouble("dropped after", "POST", "/instantiate")
    outcome = (await do(workspace, 5))[0]
    assert outcome.done
    assert outcome.writes[0].entry.fate is Fate.DONE
    assert "it arrived" in outcome.writes[0].entry.note
    assert len([one for one in sent(workspace) if one.request.path.endswith("/instantiate")]) == 1
    assert len(stage.contoso.service_principals) == 1


async def test_a_request_that_never_arrived_is_said_so_and_can_be_sent_again(stage: Stage) -> None:
    workspace = stage.workspace()
    stage.trouble("dropped before", "POST", "/instantiate")
    lost, again = await do(workspace, 5, 5)
    assert not lost.done
    assert lost.writes[0].entry.fate is Fate.NOT_ARRIVED
    assert "it did not arrive" in lost.writes[0].entry.note
    assert lost.cause is not None
    assert lost.cause.title == "It did not arrive"
    assert lost.cause.hint == "enter send it again · @ the request"
    assert again.done
    assert len(stage.contoso.service_principals) == 1


async def test_two_windows_of_one_machine_make_one_configuration(stage: Stage, tmp_path: Path) -> None:
    first, second = (stage.workspace(tmp_path / "journal.sqlite3") for _ in range(2))
    done: list[Outcome] = []

    async def create(workspace_number: int) -> None:
        done.extend(await do((first, second)[workspace_number], 5))

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(create, 0)
        tasks.start_soon(create, 1)
    assert [one.done for one in done] == [True, True]
    assert len(stage.contoso.service_principals) == 1


async def test_two_people_who_create_at_once_end_on_the_same_one(stage: Stage) -> None:
    first, second = stage.workspace(), stage.workspace()
    await first.setup.read()
    await second.setup.read()
    await do(first, 5)
    stage.contoso.visible_from.clear()
    await do(second, 5, 2, 3, 4, 6)
    found = (await second.setup.refresh()).found
    same = (await first.setup.refresh()).found
    assert found is not None
    assert same is not None
    assert found.service_principal.id == same.service_principal.id
    assert len(stage.contoso.service_principals) == 1


async def test_a_configuration_of_our_name_without_a_target_is_gone_on_with(stage: Stage) -> None:
    await do(stage.workspace(), 5)
    other = stage.workspace()
    reading = await other.setup.read()
    assert reading[5].state is StepState.DONE
    assert other.setup.prepare(5, NameAnswers("Another name")) == ()


async def test_a_claim_of_a_window_that_crashed_ends_by_itself(stage: Stage, tmp_path: Path) -> None:
    crashed = stage.workspace(tmp_path / "journal.sqlite3")
    await crashed.introduce()
    crashed.journal.claim("creating", crashed.now(), CLAIM_SECONDS)
    late = stage.workspace(tmp_path / "journal.sqlite3")
    waited = (await do(late, 5))[0]
    assert not waited.done
    assert waited.cause is not None
    assert waited.cause.title == "Created elsewhere, or not at all"
    stage.pass_(CLAIM_SECONDS)
    assert (await do(late, 5))[0].done


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("", "Name: 1 to 120 characters"),
        ("x" * 121, "Name: 1 to 120 characters"),
        ("MTO_Sync_Fabrikam", "Name: MTO_Sync_ is reserved"),
    ],
)
async def test_a_name_that_cannot_be_used_names_the_field(stage: Stage, name: str, title: str) -> None:
    workspace = stage.workspace()
    await workspace.setup.read()
    with pytest.raises(InvalidInput, match=title):
        workspace.setup.prepare(5, NameAnswers(name))
    assert sent(workspace) == []


async def test_a_configuration_for_another_tenant_is_not_ours_and_keeps_its_name(stage: Stage) -> None:
    await do(stage.workspace(), 5)
    one = next(iter(stage.contoso.service_principals))
    stage.contoso.secrets[one] = {"CompanyId": "another-tenant"}
    workspace = stage.workspace()
    reading = await workspace.setup.read()
    assert reading[5].state is StepState.TO_DO
    with pytest.raises(InvalidInput, match="Name: taken"):
        workspace.setup.prepare(5, NameAnswers("Contoso to Fabrikam"))


async def test_a_list_that_cannot_be_read_is_not_taken_for_a_slow_one(stage: Stage) -> None:
    workspace, said = stage.workspace(), list[str]()
    await workspace.setup.read()

    def after_the_first_look(words: str) -> None:
        said.append(words)
        stage.trouble("dropped before", "GET", "/servicePrincipals", times=1000)

    outcome = await workspace.setup.do(5, NameAnswers("Contoso to Fabrikam"), after_the_first_look)
    assert outcome.writes[0].done
    assert outcome.cause is not None
    assert outcome.cause.title == "Created, not found again"
    assert len(stage.contoso.service_principals) == 1
