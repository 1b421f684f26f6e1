"""Profiles and settings in files that people edit."""

import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from xtsync_tui.errors import InvalidInput
from xtsync_tui.settings import (
    DEMO,
    Limits,
    Plan,
    Profile,
    Settings,
    TenantSettings,
    Way,
    config_folder,
    last_profile,
    last_used,
    load_profile,
    load_profiles,
    load_settings,
    mark_used,
    remove_profile,
    save_profile,
    save_settings,
    state_folder,
)

CLIENT = "11111111-2222-4333-8444-555555555555"
SOURCE = TenantSettings(tenant="contoso.com", client_id=CLIENT)
TARGET = TenantSettings(tenant="2c9d61e8-0f4b-4a7c-8e35-61b7c4f0e9d7", client_id=CLIENT, way=Way.DEVICE_CODE)
PROD = Profile(
    name="fabrikam-prod",
    source=SOURCE,
    target=TARGET,
    cloud="usgov",
    read_only=True,
    protected=True,
    limits=Limits(removals=12, changes=7),
    plan=Plan(shape="hub", who="all", what="own", note="by autumn", reviewed=True),
)
NOW = datetime(2026, 5, 14, 13, 0, tzinfo=UTC)


def profiles_file() -> Path:
    return config_folder() / "profiles.toml"


def write(text: str) -> None:
    profiles_file().parent.mkdir(parents=True, exist_ok=True)
    profiles_file().write_text(text, encoding="utf-8")


def test_without_a_file_there_is_no_profile_and_every_setting_has_its_default() -> None:
    assert load_profiles() == {}
    assert load_settings() == Settings()


def test_a_profile_comes_back_as_it_was_saved() -> None:
    save_profile(PROD)
    save_profile(Profile(name="test", source=SOURCE, target=TARGET))

    assert load_profile("fabrikam-prod") == PROD
    assert list(load_profiles()) == ["fabrikam-prod", "test"]


def test_saving_again_changes_only_what_changed() -> None:
    write(
        "# ours\n"
        "[one]  # the first\n"
        'colour = "teal"  # of a later version\n'
        "protected = false\n"
        'source = { tenant = "contoso.com" }\n'
        "[one.target]\n"
        'tenant = "fabrikam.com"\n'
        'note = "ask Ben"\n'
    )
    save_profile(msgspec.structs.replace(load_profile("one"), read_only=True))

    text = profiles_file().read_text()
    for kept in ("# ours", "# the first", 'colour = "teal"  # of a later version', 'note = "ask Ben"'):
        assert kept in text
    assert "protected = false" in text
    assert load_profile("one").read_only


def test_going_back_to_the_default_is_written_where_the_key_was() -> None:
    save_profile(PROD)
    plain = Profile(name=PROD.name, source=SOURCE, target=TenantSettings(tenant="northwind.com"))
    save_profile(plain)

    assert load_profile(PROD.name) == plain


def test_removing_a_profile_leaves_the_others() -> None:
    save_profile(PROD)
    save_profile(Profile(name="test", source=SOURCE, target=TARGET))
    remove_profile("fabrikam-prod")

    assert list(load_profiles()) == ["test"]
    with pytest.raises(InvalidInput, match="No profile is called fabrikam-prod"):
        remove_profile("fabrikam-prod")


def test_the_file_is_for_its_owner() -> None:
    save_profile(PROD)
    assert stat.S_IMODE(profiles_file().stat().st_mode) == 0o600


@pytest.mark.parametrize("name", [DEMO, "a b", "../x", "x" * 41, "-x"])
def test_a_name_that_cannot_be_used_is_refused(name: str) -> None:
    with pytest.raises(InvalidInput, match="cannot be the name"):
        save_profile(msgspec.structs.replace(PROD, name=name))


def test_a_profile_without_a_name_is_refused() -> None:
    with pytest.raises(InvalidInput, match="The profile has no name"):
        save_profile(msgspec.structs.replace(PROD, name=""))


def test_one_tenant_is_no_pair() -> None:
    target = TenantSettings(tenant=PROD.source.tenant.upper())
    with pytest.raises(InvalidInput, match="SOURCE and TARGET are the same tenant"):
        save_profile(msgspec.structs.replace(PROD, target=target))


@pytest.mark.parametrize("tenant", ["", "contoso", "https://contoso.com", "contoso.com/x", "a..b", "x" * 300])
def test_a_tenant_is_an_id_or_a_domain(tenant: str) -> None:
    with pytest.raises(InvalidInput, match="neither a tenant id nor a domain"):
        save_profile(msgspec.structs.replace(PROD, target=TenantSettings(tenant=tenant)))


def test_an_application_is_an_id() -> None:
    with pytest.raises(InvalidInput, match="is not a client id"):
        save_profile(msgspec.structs.replace(PROD, source=TenantSettings(tenant="a.com", client_id="my-app")))


@pytest.mark.parametrize(
    ("text", "line", "detail"),
    [
        ("[a]\n\nb = \n", 3, "Invalid value"),
        ('[a]\nsource = { tenant = "a.com" }\n', 1, "target is missing in a"),
        ('[a]\nsource.tenant = "a.com"\n[a.target]\ntenant = "b.com"\nway = "fax"\n', 5, "a.target.way"),
        ('[a]\nsource.tenant = "a.com"\ntarget.tenant = 5\n', 3, "a.target.tenant: Expected `str`"),
        (
            '[a]\nsource.tenant = "a.com"\ntarget.tenant = "b.com"\nlimits.changes = "x"\n',
            4,
            "limits.changes",
        ),
        ("a = 1\n", 1, "is not a profile"),
    ],
)
def test_a_broken_file_names_file_and_line_and_is_left_alone(text: str, line: int, detail: str) -> None:
    write(text)

    with pytest.raises(InvalidInput) as broken:
        load_profiles()
    assert f"{profiles_file()}, line {line} " in broken.value.title
    assert detail in broken.value.detail
    assert profiles_file().read_text() == text


def test_saving_into_a_file_with_broken_syntax_loses_nothing() -> None:
    write("[a]\nb = \n")
    with pytest.raises(InvalidInput, match="line 2"):
        save_profile(PROD)
    assert profiles_file().read_text() == "[a]\nb = \n"


def test_a_file_that_is_no_text_names_the_line() -> None:
    profiles_file().parent.mkdir(parents=True, exist_ok=True)
    profiles_file().write_bytes(b"[a]\n\xff\n")
    with pytest.raises(InvalidInput, match="line 2"):
        load_profiles()


def test_settings_come_back_as_they_were_saved_beside_unknown_ones() -> None:
    path = config_folder() / "settings.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text('font = "large"\n[keymap]\nopen = "o"\n')
    settings = Settings(theme="nord", ascii=True, mouse=False, redirect_port=8401, keymap={"open": "p"})
    save_settings(settings)

    assert load_settings() == settings
    assert 'font = "large"' in path.read_text()


def test_the_profile_used_last_is_the_one_that_still_is_there() -> None:
    save_profile(PROD)
    mark_used(DEMO, NOW)
    mark_used("fabrikam-prod", NOW + timedelta(days=1))
    mark_used("gone", NOW + timedelta(days=2))

    assert list(last_used()) == ["gone", "fabrikam-prod", DEMO]
    assert last_profile() == "fabrikam-prod"


@pytest.mark.parametrize("content", ["", "[]", '{"a": 5}', '{"a": "yesterday"}'])
def test_a_damaged_memory_of_last_use_is_no_obstacle(content: str) -> None:
    state_folder().mkdir(parents=True, exist_ok=True)
    (state_folder() / "used.json").write_text(content)

    assert last_used() == {}
    assert last_profile() == ""
