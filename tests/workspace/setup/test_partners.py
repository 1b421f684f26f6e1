"""Steps 2, 3 and 4: partners, users in, automatic redemption."""

import pytest

from tests.workspace.stage import Stage, do, sent
from xtsync_tui.emulator.access import new_partner
from xtsync_tui.errors import InvalidInput
from xtsync_tui.model import Side
from xtsync_tui.workspace.setup import PartnerAnswers, StepState

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize("typed", ["contoso.com", "CONTOSO.com ", "7f3c0a51-6d2e-4b18-9c47-d05a8e91b2e4"])
async def test_the_source_is_added_by_domain_or_id(stage: Stage, typed: str) -> None:
    workspace = stage.workspace()
    await workspace.setup.read()
    outcome = await workspace.setup.do(2, PartnerAnswers(typed))
    assert outcome.done
    assert stage.fabrikam.identity_synchronizations[stage.contoso.id]["userSyncInbound"] == {
        "isSyncAllowed": True
    }


async def test_a_domain_is_resolved_to_name_and_id_before_anything_is_written(stage: Stage) -> None:
    workspace = stage.workspace()
    found = await workspace.setup.resolve_tenant(" contoso.com ")
    assert (found.display_name, found.tenant_id) == ("Contoso", stage.contoso.id)
    seen_by_source = await workspace.setup.resolve_tenant("fabrikam.com", Side.SOURCE)
    assert seen_by_source.tenant_id == stage.fabrikam.id
    with pytest.raises(InvalidInput, match="An id or a domain"):
        await workspace.setup.resolve_tenant("not a domain")
    with pytest.raises(InvalidInput, match="No tenant has this id or domain"):
        await workspace.setup.resolve_tenant("nobody.example")
    assert sent(workspace) == []


async def test_a_tenant_one_is_not_signed_in_to_is_refused_by_field(stage: Stage) -> None:
    workspace = stage.workspace()
    await workspace.setup.read()
    with pytest.raises(InvalidInput, match="Source tenant"):
        await workspace.setup.do(2, PartnerAnswers("northwind.com"))
    assert sent(workspace) == []


async def test_a_partner_that_is_there_is_only_allowed_to_synchronize(stage: Stage) -> None:
    stage.fabrikam.partners[stage.contoso.id] = new_partner(stage.contoso.id)
    workspace = stage.workspace()
    outcome = (await do(workspace, 2))[0]
    assert [one.entry.request.method for one in outcome.writes] == ["PUT"]


async def test_a_partner_that_lost_the_permission_gets_it_back_by_patch(stage: Stage) -> None:
    workspace = stage.workspace()
    await do(workspace, 2)
    stage.fabrikam.identity_synchronizations[stage.contoso.id]["userSyncInbound"]["isSyncAllowed"] = False
    outcome = (await do(workspace, 2))[0]
    assert [one.entry.request.method for one in outcome.writes] == ["PATCH"]
    assert outcome.done


async def test_a_partner_that_a_colleague_adds_at_the_same_time_is_taken_as_it_is(stage: Stage) -> None:
    first, second = stage.workspace(), stage.workspace()
    await first.setup.read()
    await second.setup.read()
    planned = first.setup.prepare(2, PartnerAnswers("contoso.com"))
    await do(second, 2)
    written = await first.writer.send_all(planned)
    assert [one.done for one in written] == [False]  # a conflict, and nothing after it
    assert (await do(first, 2))[0].done


async def test_step_4_adds_the_target_as_a_partner_of_the_source(stage: Stage) -> None:
    outcome = (await do(stage.workspace(), 4))[0]
    assert [one.entry.request.method for one in outcome.writes] == ["POST", "PATCH"]
    consent = stage.contoso.partners[stage.fabrikam.id]["automaticUserConsentSettings"]
    assert consent == {"inboundAllowed": None, "outboundAllowed": True}


async def test_step_3_says_what_is_inherited_until_it_is_set(stage: Stage) -> None:
    workspace = stage.workspace()
    await do(workspace, 2)
    reading = workspace.setup.reading
    assert reading is not None
    assert reading[3].facts[0].value == "inboundAllowed not set: inherits off"
    assert reading[3].planned[0].request.body == {"automaticUserConsentSettings": {"inboundAllowed": True}}
    await do(workspace, 3)
    assert workspace.setup.reading is not None
    assert workspace.setup.reading[3].facts[0].value == "inboundAllowed is true"


async def test_what_a_step_wrote_can_be_undone(stage: Stage) -> None:
    workspace = stage.workspace()
    await do(workspace, 2, 3)
    entry = workspace.journal.entries(side=Side.TARGET, why="step 3")[0]
    await workspace.writer.send_all(workspace.journal.undo(entry))
    reading = await workspace.setup.read()
    assert reading[3].state is StepState.TO_DO


async def test_a_lost_answer_to_a_patch_is_looked_at_in_the_tenant_it_went_to(stage: Stage) -> None:
    workspace = stage.workspace()
    await do(workspace, 2)
    stage.trouble("dropped after", "PATCH", "/partners/")
    outcome = (await do(workspace, 3))[0]
    assert outcome.done
    assert outcome.writes[0].answer == {"inbound": True}
    patches = [one for one in sent(workspace) if one.request.method == "PATCH"]
    assert len(patches) == 1
