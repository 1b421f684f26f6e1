"""What becomes of each person in a cycle: created, matched, refused, changed, gone and back."""

from datetime import timedelta
from typing import Any

import pytest

from tests.emulator.sync import Pair, assigned
from xtsync_tui.emulator.configurations import make_assignment
from xtsync_tui.emulator.state import net_id

pytestmark = pytest.mark.anyio
GERMANY = {"sourceOperandName": "country", "operatorName": "EQUALS", "targetOperand": {"values": ["Germany"]}}


@pytest.fixture
async def pair() -> Pair:
    return Pair()


async def schema_with(pair: Pair, target: str, **changes: Any) -> int:
    """Put the schema with one mapping changed; return the status."""
    schema = (await pair.source.get(f"{pair.path}/schema")).json()
    mapping = schema["synchronizationRules"][0]["objectMappings"][0]
    row = next(r for r in mapping["attributeMappings"] if r["targetAttributeName"] == target)
    row.update(changes)
    return (await pair.source.put(f"{pair.path}/schema", json=schema)).status_code


async def flow(pair: Pair, actions: str) -> None:
    """Choose the target object actions."""
    schema = (await pair.source.get(f"{pair.path}/schema")).json()
    schema["synchronizationRules"][0]["objectMappings"][0]["flowTypes"] = actions
    assert (await pair.source.put(f"{pair.path}/schema", json=schema)).status_code == 204


async def unassign(pair: Pair, name: str) -> None:
    path = f"/servicePrincipals/{pair.principal['id']}/appRoleAssignedTo/{assigned(pair, name)}"
    assert (await pair.source.delete(path)).status_code == 204


# Coming


async def test_a_new_person_arrives_as_the_documentation_describes(pair: Pair) -> None:
    await pair.start()
    guest, home = pair.guest("zoe.mueller"), pair.home("zoe.mueller")
    assert guest["userPrincipalName"] == "zoe.mueller_contoso.com#EXT#@fabrikam.onmicrosoft.com"
    assert (guest["userType"], guest["creationType"], guest["externalUserState"]) == (
        "Member",
        "Invitation",
        "Accepted",
    )
    assert guest["identities"][0]["issuer"] == "ExternalAzureAD"
    assert guest["showInAddressList"] is True
    assert (guest["officeLocation"], guest["businessPhones"]) == (
        home["officeLocation"],
        home["businessPhones"],
    )
    assert "companyName" not in guest


async def test_a_new_person_makes_a_create_and_an_update_row_in_the_same_second(pair: Pair) -> None:
    await pair.start()
    created, updated = pair.rows("zoe.mueller")[:2]
    assert (created["provisioningAction"], updated["provisioningAction"]) == ("create", "update")
    assert created["activityDateTime"] == updated["activityDateTime"]
    assert created["tenantId"] == pair.fabrikam.id
    values = {row["displayName"]: row["newValue"] for row in created["modifiedProperties"]}
    assert values["alternativeSecurityIds"] == "(1 values)"
    assert (values["userType"], values["IsSoftDeleted"]) == ("Member", "False")


async def test_the_manager_follows_in_a_second_pass(pair: Pair) -> None:
    await pair.start()
    lena, jonas = pair.guest("lena.fischer"), pair.guest("jonas.weber")
    assert pair.fabrikam.managers[lena["id"]] == jonas["id"]


async def test_a_manager_out_of_scope_is_a_reference_that_does_not_resolve(pair: Pair) -> None:
    await pair.start()
    assert ("other", "skipped", "UnableToResolveReferenceAttributeValue") in list(
        pair.outcomes("jonas.weber")
    )
    assert pair.guest("jonas.weber")["id"] not in pair.fabrikam.managers


async def test_a_redeemed_guest_is_taken_over_and_stays_a_guest(pair: Pair) -> None:
    before = pair.guest("greta.lind")
    await pair.start()
    after = pair.guest("greta.lind")
    assert (after["id"], after["userType"]) == (before["id"], "Guest")
    assert after["jobTitle"] == "Partner Manager"


async def test_a_guest_is_found_after_others_have_come_and_gone(pair: Pair) -> None:
    await pair.start()
    pair.fabrikam.alternative_ids.pop(pair.guest("zoe.mueller")["id"])
    make_assignment(pair.world, pair.contoso, pair.home("petra.kraus")["id"], pair.principal)
    pair.advance()
    pair.advance()
    guest = pair.guest("petra.kraus")["id"]
    await pair.restart("Full")
    assert pair.guest("petra.kraus")["id"] == guest
    assert pair.job.state.links[pair.home("petra.kraus")["id"]].target_id == guest


async def test_the_user_type_of_a_guest_changes_when_the_mapping_is_always_applied(pair: Pair) -> None:
    await pair.create()
    assert await schema_with(pair, "userType", flowType="Always") == 204
    await pair.source.post(f"{pair.path}/start")
    pair.advance()
    assert pair.guest("greta.lind")["userType"] == "Member"


async def test_a_pending_invitation_is_redeemed_and_keeps_its_name_until_a_full_cycle(pair: Pair) -> None:
    pending = next(
        u for u in pair.fabrikam.users.values() if u.get("externalUserState") == "PendingAcceptance"
    )
    name = pending["userPrincipalName"]
    await pair.start()
    guest = pair.fabrikam.users[pending["id"]]
    assert guest["externalUserState"] == "Accepted"
    assert guest["userPrincipalName"] == name
    pair.edit("marta.silva", jobTitle="Lead")
    pair.advance()
    assert (guest["jobTitle"], guest["userPrincipalName"]) == ("Lead", name)
    await pair.restart()
    assert guest["userPrincipalName"] == "marta.silva_contoso.com#EXT#@fabrikam.onmicrosoft.com"


async def test_two_people_with_one_mail_become_one_user(pair: Pair) -> None:
    await pair.start()
    found = [u for u in pair.fabrikam.users.values() if u.get("mail") == "ken.adams@contoso.com"]
    links = [pair.job.state.links[pair.home(key)["id"]].target_id for key in ("ken.adams", "ken.lab")]
    assert links == [found[0]["id"]] * 2
    assert len(found) == 1


# Refused


@pytest.mark.parametrize(
    ("key", "reason"),
    [
        ("priya.nair", "NotEffectivelyEntitled"),
        ("dieter.vogel", "NotEffectivelyEntitled"),
        ("helen.cho", "NotEffectivelyEntitled"),
    ],
)
async def test_who_is_not_in_scope_is_skipped(pair: Pair, key: str, reason: str) -> None:
    await pair.start()
    assert list(pair.outcomes(key)) == [("other", "skipped", reason)]
    assert not pair.guests(key)


async def test_sms_sign_in_fails_the_filter_for_external_users(pair: Pair) -> None:
    await pair.start()
    (row,) = pair.rows("tom.baker")
    scoping = next(step for step in row["provisioningSteps"] if step["provisioningStepType"] == "scoping")
    wanted = """{"Filter external users.alternativeSecurityIds EQUALS 'None'":false}"""
    assert scoping["details"]["ScopeEvaluationResult"] == wanted
    assert not pair.guests("tom.baker")


async def test_switching_sms_sign_in_off_lets_the_person_in_with_the_next_cycle(pair: Pair) -> None:
    await pair.start()
    method = "3179e48a-750b-4051-897c-87b9720928f7"
    path = f"/users/{pair.home('tom.baker')['id']}/authentication/phoneMethods/{method}/disableSmsSignIn"
    assert (await pair.source.post(path)).status_code == 204
    pair.advance()
    assert pair.guest("tom.baker")["accountEnabled"] is True


async def test_external_users_and_internal_guests_of_the_source_are_left_out(pair: Pair) -> None:
    await pair.create()
    await pair.save(SyncAll="true")
    await pair.source.post(f"{pair.path}/start")
    pair.advance()
    mails = {user.get("mail") for user in pair.fabrikam.users.values()}
    assert "sven.dahl@woodgrove.com" not in mails
    assert not pair.guests("ida.contractor")
    assert pair.guests("priya.nair")


async def test_an_assignment_with_default_access_lacks_the_role(pair: Pair) -> None:
    await pair.create()
    made = make_assignment(pair.world, pair.contoso, pair.home("petra.kraus")["id"], pair.principal)
    made["appRoleId"] = "00000000-0000-0000-0000-000000000000"
    await pair.source.post(f"{pair.path}/start")
    pair.advance()
    (row,) = pair.rows("petra.kraus")
    details = row["provisioningSteps"][1]["details"]
    assert (details["Assigned to the application"], details["User has the required role"]) == (
        "True",
        "False",
    )


async def test_members_of_a_group_without_security_do_not_count(pair: Pair) -> None:
    await pair.create()
    group = next(g for g in pair.contoso.groups.values() if g["displayName"] == "Product launch")
    make_assignment(pair.world, pair.contoso, group["id"], pair.principal)
    await pair.source.post(f"{pair.path}/start")
    pair.advance()
    assert not pair.guests("anna.wolf")


async def test_a_contact_with_the_same_address_is_a_conflict(pair: Pair) -> None:
    await pair.start()
    assert list(pair.outcomes("nora.quinn")) == [("create", "failure", "Conflict")]


async def test_a_proxy_address_of_an_internal_user_is_ambiguous(pair: Pair) -> None:
    await pair.start()
    wanted = ("create", "failure", "InvitationCreationFailureAmbiguousUser")
    assert list(pair.outcomes("luca.rossi")) == [wanted]


async def test_blocked_invitations_are_forbidden_and_retried_once_allowed(pair: Pair) -> None:
    pair.fabrikam.authorization_policy["allowInvitesFrom"] = "none"
    await pair.start()
    (row,) = pair.rows("zoe.mueller")
    information = row["provisioningStatusInfo"]["errorInformation"]
    assert information["errorCode"] == "AzureActiveDirectoryForbidden"
    assert information["reason"].startswith("Guest invitations not allowed for your company.")
    assert (await pair.status())["lastExecution"]["state"] == "EntryLevelErrors"
    pair.fabrikam.authorization_policy["allowInvitesFrom"] = "everyone"
    pair.advance(timedelta(minutes=45))
    assert pair.guest("zoe.mueller")


async def test_a_group_address_cannot_be_invited(pair: Pair) -> None:
    pair.fabrikam.groups["g"] = {"id": "g", "displayName": "G", "mail": "zoe.mueller@contoso.com"}
    await pair.start()
    wanted = ("create", "failure", "InvitationCreationFailureInvalidPropertyValue")
    assert list(pair.outcomes("zoe.mueller")) == [wanted]


async def test_a_user_type_that_is_none_cannot_be_invited(pair: Pair) -> None:
    await pair.create()
    source = {"type": "Constant", "name": "Visitor", "expression": '"Visitor"', "parameters": []}
    assert await schema_with(pair, "userType", source=source) == 204
    await pair.source.post(f"{pair.path}/start")
    pair.advance(timedelta(minutes=5))
    wanted = ("create", "failure", "InvitationCreationFailureInvalidPropertyValue")
    assert list(pair.outcomes("zoe.mueller")) == [wanted]


async def test_a_pending_guest_who_is_disabled_cannot_be_invited(pair: Pair) -> None:
    pending = next(
        u for u in pair.fabrikam.users.values() if u.get("externalUserState") == "PendingAcceptance"
    )
    pending["accountEnabled"] = False
    await pair.start()
    wanted = ("create", "failure", "InvitationCreationFailureUserAccountDisabled")
    assert list(pair.outcomes("marta.silva")) == [wanted]


async def test_a_full_directory_takes_no_more_users(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("xtsync_tui.emulator.invitations.OBJECT_QUOTA", 5)
    await pair.start()
    wanted = ("create", "failure", "AzureActiveDirectoryQuotaLimitExceeded")
    assert list(pair.outcomes("zoe.mueller")) == [wanted]


async def test_an_expression_that_fails_is_a_failed_validation(pair: Pair) -> None:
    await pair.create()
    expression = "CDate([city])"
    source = {"type": "Function", "name": "CDate", "expression": expression, "parameters": []}
    assert await schema_with(pair, "city", source=source) == 204
    await pair.source.post(f"{pair.path}/start")
    pair.advance(timedelta(minutes=5))
    assert ("other", "failure", "AttributeValidationFailed") in list(pair.outcomes("zoe.mueller"))


# Changing


async def test_a_change_at_home_arrives_with_old_and_new_value(pair: Pair) -> None:
    await pair.start()
    pair.edit("lena.fischer", jobTitle="Team Lead")
    pair.advance(timedelta(minutes=45))
    row = pair.rows("lena.fischer")[-1]
    assert row["provisioningAction"] == "update"
    assert row["modifiedProperties"] == [
        {"displayName": "jobTitle", "oldValue": "Account Manager", "newValue": "Team Lead"}
    ]


async def test_a_change_that_comes_while_a_cycle_runs_is_not_lost(pair: Pair) -> None:
    await pair.start()
    pair.advance(timedelta(minutes=35))
    pair.edit("lena.fischer", jobTitle="Team Lead")
    pair.advance(timedelta(minutes=42))
    assert pair.guest("lena.fischer")["jobTitle"] == "Team Lead"


async def test_an_edit_in_the_target_stays_until_the_person_changes_at_home(pair: Pair) -> None:
    await pair.start()
    guest = pair.guest("lena.fischer")
    guest.update(city="Linz", accountEnabled=False)
    pair.fabrikam.touch(guest["id"])
    pair.advance()
    assert guest["city"] == "Linz"
    pair.edit("lena.fischer", jobTitle="Team Lead")
    pair.advance(timedelta(minutes=45))
    assert (guest["city"], guest["accountEnabled"]) == ("Munich", True)


async def test_a_value_cleared_at_home_stays_in_the_target(pair: Pair) -> None:
    await pair.start()
    pair.edit("lena.fischer", city=None)
    pair.advance(timedelta(minutes=45))
    assert pair.guest("lena.fischer")["city"] == "Munich"


async def test_a_disabled_person_is_disabled_and_not_deleted(pair: Pair) -> None:
    await pair.start()
    pair.edit("lena.fischer", accountEnabled=False)
    pair.advance(timedelta(minutes=45))
    assert pair.guest("lena.fischer")["accountEnabled"] is False
    assert list(pair.outcomes("lena.fischer"))[-1] == ("disable", "success", "")


async def test_exchange_keeps_its_values_and_the_rest_is_written(pair: Pair) -> None:
    await pair.start()
    guest = pair.guest("lena.fischer")
    guest["assignedPlans"] = [{"service": "exchange", "capabilityStatus": "Enabled"}]
    pair.edit("lena.fischer", mail="lena@contoso.com", jobTitle="Lead")
    pair.advance(timedelta(minutes=45))
    assert (guest["mail"], guest["jobTitle"]) == ("lena.fischer@contoso.com", "Lead")


async def test_a_target_user_from_on_premises_cannot_be_updated(pair: Pair) -> None:
    await pair.start()
    pair.guest("lena.fischer")["onPremisesSyncEnabled"] = True
    pair.edit("lena.fischer", jobTitle="Lead")
    pair.advance(timedelta(minutes=45))
    wanted = ("update", "failure", "AzureActiveDirectoryCannotUpdateObjectsMasteredOnPremises")
    assert list(pair.outcomes("lena.fischer"))[-1] == wanted


async def test_a_linked_user_who_is_gone_is_an_invalid_anchor_and_then_made_again(pair: Pair) -> None:
    await pair.start()
    first = pair.guest("lena.fischer")["id"]
    del pair.fabrikam.users[first]
    pair.fabrikam.touch(first)
    pair.edit("lena.fischer", jobTitle="Lead")
    pair.advance(timedelta(minutes=45))
    assert list(pair.outcomes("lena.fischer"))[-1][2] == "InvalidAnchor"
    pair.advance()
    assert pair.guest("lena.fischer")["id"] != first


# Going


async def test_leaving_an_assigned_group_soft_deletes(pair: Pair) -> None:
    await pair.start()
    group = next(g for g in pair.contoso.groups.values() if g["displayName"] == "Sales")
    user_id = pair.home("lena.fischer")["id"]
    answer = await pair.source.delete(f"/groups/{group['id']}/members/{user_id}/$ref")
    assert answer.status_code == 204
    pair.advance(timedelta(minutes=45))
    assert not pair.guests("lena.fischer")
    assert pair.guests("lena.fischer", deleted=True)[0]["deletedDateTime"]


async def test_unassigning_a_group_soft_deletes_its_members_and_assigning_restores_them(pair: Pair) -> None:
    await pair.start()
    before = pair.guest("mei.chen")["id"]
    group = next(g for g in pair.contoso.groups.values() if g["displayName"] == "Engineering")
    await unassign(pair, "Engineering")
    pair.advance(timedelta(minutes=45))
    assert not pair.guests("mei.chen")
    make_assignment(pair.world, pair.contoso, group["id"], pair.principal)
    pair.advance()
    assert pair.guest("mei.chen")["id"] == before


async def test_a_filter_that_fails_soft_deletes(pair: Pair) -> None:
    await pair.start()
    await pair.scope(GERMANY)
    await pair.restart()
    assert not pair.guests("aiko.tanaka")
    assert pair.guests("lena.fischer")
    assert not pair.guests("omar.haddad"), "no value passes no filter"


async def test_a_person_deleted_at_home_is_soft_deleted_restored_and_purged(pair: Pair) -> None:
    await pair.start()
    user_id = pair.home("lena.fischer")["id"]
    await pair.source.delete(f"/users/{user_id}")
    pair.advance(timedelta(minutes=45))
    (gone,) = pair.guests("lena.fischer", deleted=True)
    await pair.source.post(f"/directory/deletedItems/{user_id}/restore")
    make_assignment(pair.world, pair.contoso, user_id, pair.principal)
    pair.advance()
    assert pair.guest("lena.fischer")["id"] == gone["id"]
    await pair.source.delete(f"/users/{user_id}")
    pair.advance()
    await pair.source.delete(f"/directory/deletedItems/{user_id}")
    pair.advance()
    assert gone["id"] not in pair.fabrikam.users | pair.fabrikam.deleted_users


async def test_a_person_in_the_bin_is_gone_after_thirty_days(pair: Pair) -> None:
    await pair.start()
    await pair.source.delete(f"/users/{pair.home('lena.fischer')['id']}")
    pair.advance(timedelta(minutes=45))
    assert pair.guests("lena.fischer", deleted=True)
    for _ in range(32):
        pair.advance(timedelta(days=1))
    assert net_id("lena") not in pair.fabrikam.alternative_ids.values()
    assert not any(u["mail"] == "lena.fischer@contoso.com" for u in pair.fabrikam.deleted_users.values())


async def test_who_was_disabled_first_and_then_unassigned_stays(pair: Pair) -> None:
    await pair.start()
    pair.edit("mei.chen", accountEnabled=False)
    pair.advance(timedelta(minutes=45))
    await unassign(pair, "Engineering")
    pair.advance()
    assert pair.guest("mei.chen")["accountEnabled"] is False
    assert not pair.guests("noah.kirk")


async def test_a_user_the_target_deleted_is_not_restored(pair: Pair) -> None:
    await pair.start()
    guest = pair.guest("lena.fischer")
    await pair.target.delete(f"/users/{guest['id']}")
    pair.edit("lena.fischer", jobTitle="Lead")
    pair.advance(timedelta(minutes=45))
    assert not pair.guests("lena.fischer")
    assert list(pair.outcomes("lena.fischer"))[-1][1] == "skipped"


async def test_target_object_actions_switched_off_write_nothing(pair: Pair) -> None:
    await pair.start()
    await flow(pair, "Update")
    make_assignment(pair.world, pair.contoso, pair.home("petra.kraus")["id"], pair.principal)
    await unassign(pair, "Engineering")
    pair.edit("lena.fischer", jobTitle="Lead")
    pair.advance(timedelta(minutes=45))
    assert not pair.guests("petra.kraus")
    assert pair.guests("mei.chen")
    assert pair.guest("lena.fischer")["jobTitle"] == "Lead"


async def test_after_two_quiet_cycles_nothing_is_left_to_do(pair: Pair) -> None:
    await pair.start()
    pair.advance()
    before = len(pair.rows())
    pair.advance()
    assert [row["provisioningAction"] for row in pair.rows()[before:]] in (["create"] * 2, [])
