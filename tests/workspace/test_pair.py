"""One pair of tenants, as the header sees it."""

import pytest

from tests.workspace.stage import Stage
from xtsync_tui.errors import InvalidInput, StoreFailed
from xtsync_tui.graph.client import GraphClient
from xtsync_tui.model import Side
from xtsync_tui.settings import Profile, TenantSettings
from xtsync_tui.workspace.journal import Journal
from xtsync_tui.workspace.pair import Workspace
from xtsync_tui.workspace.writing import WriteState

pytestmark = pytest.mark.anyio


async def test_both_sides_are_introduced_at_once(stage: Stage) -> None:
    workspace = stage.workspace()
    assert workspace.side(Side.SOURCE).label == "SOURCE"
    await workspace.introduce()
    source, target = workspace.side(Side.SOURCE), workspace.side(Side.TARGET)
    assert (source.label, source.domain) == ("SOURCE Contoso", "contoso.com")
    assert (target.initial_domain, target.person) == ("fabrikam.onmicrosoft.com", "ben.okoro@fabrikam.com")
    assert target.tenant_id == stage.fabrikam.id


async def test_one_tenant_under_two_names_is_no_pair(stage: Stage) -> None:
    source = stage.workspace().clients[Side.SOURCE]
    one, two = (TenantSettings(tenant=f"contoso.{end}") for end in ("com", "onmicrosoft.com"))
    profile = Profile(name="p", source=one, target=two)
    workspace = Workspace(profile, source, source, Journal(":memory:", "p", "p"))
    with pytest.raises(InvalidInput, match="SOURCE and TARGET are the same tenant"):
        await workspace.introduce()


async def test_the_time_is_that_of_the_service(stage: Stage) -> None:
    workspace = stage.workspace()
    await workspace.introduce()
    before = workspace.now()
    stage.pass_(3600)
    assert (workspace.now() - before).total_seconds() == 3600
    assert workspace.now().date() == stage.emulator.clock.now().date()


@pytest.mark.parametrize(
    ("read_only", "protected", "state"),
    [
        (False, False, WriteState.WRITE),
        (False, True, WriteState.PROTECTED),
        (True, True, WriteState.READ_ONLY),
    ],
)
async def test_the_write_state_is_that_of_the_profile(
    stage: Stage, read_only: bool, protected: bool, state: WriteState
) -> None:
    clients = stage.workspace().clients
    tenant = TenantSettings(tenant=stage.contoso.id)
    profile = Profile(name="p", source=tenant, target=tenant, read_only=read_only, protected=protected)
    journal = Journal(":memory:", "p", "p")
    workspace = Workspace(profile, clients[Side.SOURCE], clients[Side.TARGET], journal)
    assert workspace.write_state is state


async def test_a_workspace_that_was_closed_leaves_nothing_open(stage: Stage) -> None:
    workspace = stage.workspace()
    await workspace.introduce()
    await workspace.close()


async def test_a_connection_that_cannot_be_closed_keeps_nothing_else_open(
    monkeypatch: pytest.MonkeyPatch, stage: Stage
) -> None:
    workspace = stage.workspace()
    closed: list[Side] = []

    async def close(client: GraphClient) -> None:
        closed.append(client.side)
        raise OSError("reset")

    monkeypatch.setattr(GraphClient, "aclose", close)
    with pytest.raises(OSError, match="reset"):
        await workspace.close()
    assert set(closed) == set(Side)
    with pytest.raises(StoreFailed, match="closed"):
        workspace.journal.noted("plan")
