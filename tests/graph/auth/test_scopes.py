"""What is asked for, and what an answer granted."""

import pytest

from xtsync_tui.graph.auth.challenge import claims_of
from xtsync_tui.graph.auth.jwt import claims_in
from xtsync_tui.graph.auth.scopes import PERMISSIONS, granted, read_scopes, reason
from xtsync_tui.graph.clouds import CLOUDS, cloud_named
from xtsync_tui.model import Side


@pytest.mark.parametrize("side", Side)
def test_signing_in_asks_for_nothing_that_writes(side: Side) -> None:
    assert not [name for name in read_scopes(side) if "Write" in name or "Delete" in name]


def test_the_target_is_asked_for_no_applications_and_no_jobs() -> None:
    asked = [one.name for one in PERMISSIONS if Side.TARGET in one.sides]
    assert not [name for name in asked if name.startswith(("Application", "AppRole", "Synchronization"))]


def test_each_permission_is_named_once_and_has_a_reason() -> None:
    names = [one.name for one in PERMISSIONS]
    assert len(names) == len(set(names))
    assert all(reason(name) for name in names)
    assert reason("Mail.Send") == ""


def test_granted_are_the_scopes_of_a_person_or_the_roles_of_a_program() -> None:
    assert granted({"scp": "openid profile User.Read Policy.Read.All"}) == ("User.Read", "Policy.Read.All")
    assert granted({"roles": ["Policy.Read.All"]}) == ("Policy.Read.All",)
    assert granted({}) == ()


@pytest.mark.parametrize("token", ["", "opaque", "a.b.c", "a.bm90IGpzb24.c", "a.WzFd.c"])
def test_a_token_that_cannot_be_read_has_no_claims(token: str) -> None:
    assert claims_in(token) == {}


def test_the_claims_of_a_challenge_are_decoded() -> None:
    header = (
        'Bearer realm="", error="insufficient_claims", '
        'claims="eyJhY2Nlc3NfdG9rZW4iOnsibmJmIjp7ImVzc2VudGlhbCI6dHJ1ZX19fQ=="'
    )
    assert claims_of(header) == '{"access_token":{"nbf":{"essential":true}}}'


@pytest.mark.parametrize(
    "header",
    [
        "",
        'Bearer error="invalid_token", claims="e30="',
        'Bearer error="insufficient_claims", claims="!!!"',
        'Bearer error="insufficient_claims", claims="bm90IGpzb24="',
    ],
)
def test_a_header_without_a_challenge_has_no_claims(header: str) -> None:
    assert claims_of(header) == ""


def test_a_scope_names_the_graph_of_its_cloud() -> None:
    china = CLOUDS["china"]
    assert china.scope("User.Read") == "https://microsoftgraph.chinacloudapi.cn/User.Read"
    assert china.bare(china.scope("User.Read")) == "User.Read"


@pytest.mark.parametrize("name", ["http://localhost:8443", "https://login.example.com", "mars", ""])
def test_a_cloud_is_a_known_one_or_on_this_machine(name: str) -> None:
    from xtsync_tui.errors import InvalidInput

    with pytest.raises(InvalidInput):
        cloud_named(name)


def test_an_emulator_is_a_cloud_of_its_own() -> None:
    cloud = cloud_named("https://localhost:8443/x")
    assert (cloud.graph, cloud.login) == ("https://localhost:8443", "https://localhost:8443")
