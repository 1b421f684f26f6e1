"""Every area of the door against the emulated Graph, which answers and refuses as Graph does."""

from collections.abc import AsyncIterator
from datetime import timedelta
from itertools import count
from typing import TypeVar

import pytest

from tests.emulator.conftest import Seconds, make
from tests.graph.scripted import Watch
from xtsync_tui.emulator.faults import Fault
from xtsync_tui.errors import (
    Conflict,
    Forbidden,
    NoAnswer,
    NotFound,
    Rejected,
    Throttled,
    Unauthorized,
    XtSyncError,
)
from xtsync_tui.graph import (
    access,
    assignments,
    configurations,
    credentials,
    directory,
    guests,
    jobs,
    logs,
    ondemand,
    policies,
    schema,
)
from xtsync_tui.graph.auth import FixedToken
from xtsync_tui.graph.client import GraphClient
from xtsync_tui.graph.log import RequestLog
from xtsync_tui.model import Job, NotificationSettings, Partner, Request, ServicePrincipal, Side

pytestmark = pytest.mark.anyio

T = TypeVar("T")
TWO_HOURS = timedelta(hours=2)


class Tenants:
    """Both tenants of one emulator, each behind a client; waiting moves the emulator's clock."""

    def __init__(self, scenario: str) -> None:
        self.seconds = Seconds()
        self.emulator = make(scenario, seconds=self.seconds)
        source, target = self.emulator.tenants
        self.source_id, self.target_id = source["tenantId"], target["tenantId"]
        self.watch = Watch(self.emulator.clock.now())
        self.source = self.client(Side.SOURCE, source["token"])
        self.target = self.client(Side.TARGET, target["token"])

    def client(self, side: Side, token: str) -> GraphClient:
        numbers = count(1)
        return GraphClient(
            side,
            "https://graph.emulator.example",
            FixedToken(token),
            transport=self.emulator.transport(),
            log=RequestLog(),
            clock=self.watch,
            ids=lambda: f"{side.value}-{next(numbers)}",
            sleep=self.sleep,
            jitter=lambda: 0.5,
        )

    async def sleep(self, seconds: float) -> None:
        self.seconds.value += seconds
        await self.watch.sleep(seconds)

    def later(self, step: timedelta) -> None:
        self.emulator.clock.advance(step)
        self.seconds.value += step.total_seconds()

    async def configuration(self) -> ServicePrincipal:
        (found,) = await configurations.configurations(self.source)
        return found

    async def job(self) -> tuple[str, Job]:
        sp = (await self.configuration()).id
        (job,) = await jobs.jobs(self.source, sp)
        return sp, job


@pytest.fixture
def fresh() -> Tenants:
    return Tenants("fresh")


@pytest.fixture
def configured() -> Tenants:
    return Tenants("configured")


async def everything(pages: AsyncIterator[tuple[T, ...]]) -> list[T]:
    return [item async for page in pages for item in page]


async def test_a_tenant_is_found_by_id_and_by_domain(fresh: Tenants) -> None:
    by_domain = await access.tenant_information(fresh.target, "contoso.com")
    assert by_domain.tenant_id == fresh.source_id
    assert await access.tenant_information(fresh.target, fresh.source_id) == by_domain
    with pytest.raises(NotFound):
        await access.tenant_information(fresh.target, "nobody.example")


async def test_a_partner_is_added_allowed_and_removed(fresh: Tenants) -> None:
    client, tenant = fresh.target, fresh.source_id
    assert await access.partner(client, tenant) is None
    await client.send(access.add_partner(tenant))
    with pytest.raises(Conflict):
        await client.send(access.add_partner(tenant))
    for allowed in (True, False):
        partner = await access.partner(client, tenant)
        assert partner is not None
        await client.send(access.allow_user_sync(partner, allowed=allowed))
        partner = await access.partner(client, tenant)
        assert partner is not None
        assert partner.identity_synchronization is not None
        assert partner.identity_synchronization.users_allowed is allowed
    with pytest.raises(Conflict):
        await client.send(access.allow_user_sync(Partner(tenant_id=tenant)))
    with pytest.raises(Rejected):
        await client.send(access.remove_partner(tenant))
    await client.send(access.remove_user_sync(tenant))
    await client.send(access.remove_partner(tenant))
    assert await access.partners(client) == ()


async def test_changing_what_is_not_there_is_not_found(fresh: Tenants) -> None:
    for request in (
        access.set_redemption(fresh.source_id, inbound=True),
        access.remove_user_sync(fresh.source_id),
    ):
        with pytest.raises(NotFound):
            await fresh.target.send(request)


async def test_redemption_is_switched_one_direction_at_a_time(fresh: Tenants) -> None:
    await fresh.target.send(access.add_partner(fresh.source_id))
    await fresh.target.send(access.set_redemption(fresh.source_id, inbound=True))
    partner = await access.partner(fresh.target, fresh.source_id)
    assert partner is not None
    assert partner.consent.inbound_allowed is True
    assert not partner.consent.outbound_allowed


async def test_a_configuration_is_made_appears_later_and_is_deleted(fresh: Tenants) -> None:
    client = fresh.source
    application, made = configurations.created(await client.send(configurations.instantiate("To Fabrikam")))
    assert await configurations.configuration(client, made.id) is None
    fresh.later(timedelta(seconds=20))
    assert (await fresh.configuration()).id == made.id
    assert await configurations.application(client, made.app_id) == application
    await client.send(configurations.rename(made.id, "Renamed"))
    assert (await fresh.configuration()).display_name == "Renamed"
    job = jobs.created(await client.send(jobs.create(made.id)))
    *requests, last = configurations.deletion(made.id, application.id, [job.id])
    for request in requests:
        await client.send(request)
    with pytest.raises(NotFound):
        await client.send(last)
    assert await configurations.configurations(client) == ()


async def test_a_connection_without_redemption_is_refused_with_the_words_of_the_service(
    fresh: Tenants,
) -> None:
    _, made = configurations.created(await fresh.source.send(configurations.instantiate("To Fabrikam")))
    fresh.later(timedelta(seconds=20))
    with pytest.raises(Rejected) as caught:
        await fresh.source.send(credentials.validate(made.id, fresh.target_id))
    assert caught.value.code.endswith("PolicyCheckFailure")
    assert not caught.value.message.startswith("{")


async def test_settings_are_saved_without_losing_any(configured: Tenants) -> None:
    sp = (await configured.configuration()).id
    before = await credentials.secrets(configured.source, sp)
    assert before["CompanyId"] == configured.target_id
    wanted = NotificationSettings(enabled=True, recipients="a@contoso.com", delete_threshold_value=7)
    changes = credentials.notification_changes(before, wanted) | credentials.scope(sync_all=True)
    await configured.source.send(credentials.save(sp, before, changes))
    after = await credentials.secrets(configured.source, sp)
    assert after == before | changes
    assert credentials.notifications(after) == wanted


async def test_a_job_is_tested_paused_started_and_restarted(configured: Tenants) -> None:
    client = configured.source
    sp, job = await configured.job()
    assert [template.id for template in await jobs.templates(client, sp)] == ["Azure2Azure"]
    await client.send(credentials.validate_saved(sp, job.id))
    await client.send(jobs.pause(sp, job.id))
    paused = await jobs.job(client, sp, job.id)
    assert paused is not None
    assert paused.status is not None
    assert paused.status.code == "Paused"
    for request in (
        jobs.start(sp, job.id),
        jobs.restart(sp, job.id),
        jobs.restart(sp, job.id, ["Watermark", "Escrows"]),
    ):
        await client.send(request)
    running = await jobs.job(client, sp, job.id)
    assert running is not None
    assert running.schedule is not None
    assert running.schedule.state == "Active"
    assert await jobs.job(client, sp, "Azure2Azure.nobody") is None


async def test_a_schema_is_written_back_as_it_was_read_and_restored(configured: Tenants) -> None:
    client = configured.source
    sp, job = await configured.job()
    before = await schema.schema(client, sp, job.id)
    mapping = before["synchronizationRules"][0]["objectMappings"][0]
    assert mapping["flowTypes"] == "Add,Update,Delete"
    mapping["scope"]["groups"] = [{"name": "Berlin", "clauses": []}]
    await client.send(schema.put_schema(sp, job.id, before))
    after = await schema.schema(client, sp, job.id)
    assert {name: after[name] for name in ("synchronizationRules", "directories")} == {
        name: before[name] for name in ("synchronizationRules", "directories")
    }
    await client.send(schema.restore_schema(sp, job.id))
    restored = await schema.schema(client, sp, job.id)
    assert not restored["synchronizationRules"][0]["objectMappings"][0]["scope"]["groups"]


async def test_the_language_of_the_schema_is_told_and_checked(configured: Tenants) -> None:
    client = configured.source
    sp, job = await configured.job()
    operators = {operator.name for operator in await schema.filter_operators(client, sp, job.id)}
    assert {"EQUALS", "IS NOT NULL"} <= operators
    functions = {function.name: function for function in await schema.functions(client, sp, job.id)}
    assert functions["Join"].parameters
    expression = schema.parse_expression(sp, job.id, 'Join("-", [a], [b])', {"a": "1", "b": "2"})
    assert schema.parsed(await client.send(expression)).evaluation_result == ("1-2",)
    wrong = schema.parsed(await client.send(schema.parse_expression(sp, job.id, "Join(", {})))
    assert (wrong.parsing_succeeded, wrong.error is None) == (False, False)
    document = await schema.schema(client, sp, job.id)
    found = await client.send(schema.discover(sp, job.id, document["directories"][0]["id"]))
    assert found is not None
    assert found["objects"]


async def test_a_request_for_an_address_that_the_service_does_not_have_is_rejected_in_its_words(
    configured: Tenants,
) -> None:
    sp, job = await configured.job()
    put = schema.put_schema(sp, job.id, {})
    with pytest.raises(Rejected, match="No HTTP resource was found"):
        await configured.source.send(Request(method="PATCH", path=put.path, body={}))


async def test_the_person_signed_in_is_known_with_roles_tenant_and_licences(fresh: Tenants) -> None:
    assert (await directory.me(fresh.source)).display_name == "Ana Lopes"
    assert "Security Administrator" in {role.display_name for role in await directory.my_roles(fresh.target)}
    organization = await directory.organization(fresh.source)
    assert (organization.id, organization.default_domain) == (fresh.source_id, "contoso.com")
    plans = [plan for sku in await directory.subscribed_skus(fresh.source) for plan in sku.service_plans]
    assert "AAD_PREMIUM" in {plan.service_plan_name for plan in plans}


async def test_people_are_found_as_they_are_typed_and_read_in_full(fresh: Tenants) -> None:
    (lena,) = await directory.search_users(fresh.source, "lena fi")
    assert lena.mail == "lena.fischer@contoso.com"
    assert await directory.search_users(fresh.source, 'len"a') == ()
    full = await directory.user(fresh.source, "lena.fischer@contoso.com")
    assert full is not None
    assert (full.id, full.given_name) == (lena.id, "Lena")
    everybody = await everything(directory.users(fresh.source))
    assert len(everybody) > 30
    assert any(person.manager for person in everybody)
    records = await everything(directory.records(fresh.source, ["id"]))
    assert [record["id"] for record in records] == [person.id for person in everybody]
    named = await directory.users_named(fresh.source, ["lena.fischer@contoso.com", "nobody@contoso.com"])
    assert [person.id for person in named] == [lena.id]


async def test_many_people_are_read_by_id_with_one_request(fresh: Tenants) -> None:
    everybody = [person.id for person in await everything(directory.users(fresh.source))]
    before = len(fresh.source.log.exchanges)
    found = await directory.users_by_id(fresh.source, [*everybody, "00000000-0000-0000-0000-000000000000"])
    assert {person.id for person in found} == set(everybody)
    assert len(everybody) > 30
    made = fresh.source.log.exchanges[before:]
    assert [one.request.path for one in made if "id in" not in one.request.path] == ["/$batch"]
    (lena,) = await directory.search_users(fresh.source, "lena fi")
    assert [person.id for person in await directory.users_by_id(fresh.source, [lena.id])] == [lena.id]


async def test_groups_are_searched_with_people_and_groups_directly_inside(fresh: Tenants) -> None:
    groups = {group.display_name: group for group in await directory.search_groups(fresh.source, "sales")}
    sales = groups["Sales"]
    assert await directory.group(fresh.source, sales.id) == sales
    people = await everything(directory.members(fresh.source, sales.id))
    assert await directory.member_count(fresh.source, sales.id) == len(people) > 0
    nested = [group.display_name for group in await directory.nested_groups(fresh.source, sales.id)]
    assert nested == ["Sales EMEA"]
    assert await directory.search_groups(fresh.source, "")


async def test_assigning_twice_is_a_conflict_and_can_be_undone(configured: Tenants) -> None:
    client = configured.source
    configuration = await configured.configuration()
    (ana,) = await directory.search_users(client, "ana lopes")
    before = await assignments.assignments(client, configuration.id)
    await client.send(assignments.assign(configuration, ana.id))
    with pytest.raises(Conflict):
        await client.send(assignments.assign(configuration, ana.id))
    added = [a for a in await assignments.assignments(client, configuration.id) if a.principal_id == ana.id]
    assert [(a.principal_type, a.app_role_id) for a in added] == [("User", configuration.assigned_role)]
    await client.send(assignments.unassign(configuration.id, added[0].id))
    assert await assignments.assignments(client, configuration.id) == before


async def test_one_person_is_provisioned_and_found_in_the_target(configured: Tenants) -> None:
    client = configured.source
    sp, job = await configured.job()
    rule = ondemand.rule_of(await schema.schema(client, sp, job.id))
    lena = await directory.user(client, "lena.fischer@contoso.com")
    assert lena is not None
    answer = await client.send(ondemand.provision(sp, job.id, rule, lena.id))
    outcome = ondemand.outcome(answer)
    assert outcome.result in {"Success", "Skipped"}
    assert {step.type for step in outcome.provisioning_steps} >= {"Import", "Scoping", "Matching"}
    (found,) = await guests.counterparts(configured.target, lena)
    assert (found.user_principal_name or "").startswith("lena.fischer_contoso.com#EXT#")


async def test_the_logs_are_filtered_by_graph_and_read_in_pages(configured: Tenants) -> None:
    client = configured.source
    sp, job = await configured.job()
    now = configured.emulator.clock.now()
    everyone = await everything(logs.provisioning_events(client, sp=sp, job=job.id, until=now))
    assert everyone
    assert {event.tenant_id for event in everyone} == {configured.target_id}
    moments = [event.activity_date_time for event in everyone]
    assert moments == sorted(moments, reverse=True)
    pages = [page async for page in logs.provisioning_events(client, sp=sp, top=20)]
    assert [len(page) for page in pages[:-1]] == [20] * (len(pages) - 1)
    one = everyone[0]
    assert one.source_identity is not None
    assert one.provisioning_status_info is not None
    narrowed = await everything(
        logs.provisioning_events(
            client,
            cycle=one.cycle_id or "",
            source_id=one.source_identity.id or "",
            status=one.provisioning_status_info.status or "",
            action=one.provisioning_action or "",
        )
    )
    assert one in narrowed
    assert len(narrowed) < len(everyone)
    assert await everything(logs.provisioning_events(client, since=now)) == []


async def test_the_audit_logs_of_both_tenants_are_read(configured: Tenants) -> None:
    now = configured.emulator.clock.now()
    service = "Account Provisioning"
    source = logs.audit_events(configured.source, service=service, since=now - 7 * 12 * TWO_HOURS, until=now)
    assert {event.logged_by_service for event in await everything(source)} == {service}
    added = logs.audit_events(configured.target, category="UserManagement", activities=("Add user",))
    assert {event.activity_display_name for event in await everything(added)} == {"Add user"}
    sp = (await configured.configuration()).id
    refused = logs.audit_events(configured.target, results=("failure", "timeout"))
    assert {event.result for event in await everything(refused)} <= {"failure", "timeout"}
    about = await everything(logs.audit_events(configured.source, target_id=sp))
    assert all(sp in {target.id for target in event.target_resources} for event in about)
    assert about


async def test_the_settings_of_the_target_are_read_and_changed(fresh: Tenants) -> None:
    assert (await policies.authorization(fresh.target)).allow_invites_from == "everyone"
    await fresh.target.send(policies.set_invitations("none"))
    assert (await policies.authorization(fresh.target)).allow_invites_from == "none"
    await fresh.target.send(policies.set_leave(allowed=False))
    assert (await policies.external_identities(fresh.target)).allow_external_identities_to_leave is False


async def test_the_troubles_of_people_are_seen_and_repaired() -> None:
    tenants = Tenants("troubled")
    (rosa,) = await everything(guests.deleted_users(tenants.target))
    assert rosa.deleted_date_time is not None
    await tenants.target.send(guests.restore(rosa.id))
    assert await everything(guests.deleted_users(tenants.target)) == []
    (tom,) = await directory.search_users(tenants.source, "Tom Baker")
    (phone,) = await guests.phone_methods(tenants.source, tom.id)
    assert phone.sms_sign_in_state == "ready"
    await tenants.source.send(guests.disable_sms_sign_in(tom.id, phone.id))
    (phone,) = await guests.phone_methods(tenants.source, tom.id)
    assert phone.sms_sign_in_state != "ready"


async def test_a_batch_answers_each_of_many_requests(fresh: Tenants) -> None:
    people = (await everything(directory.users(fresh.source)))[:23]
    reads = [Request(method="GET", path=f"/users/{person.id}?$select=id") for person in people]
    *answers, missing = await fresh.source.batch([*reads, Request(method="GET", path="/users/nobody")])
    found = [answer["id"] for answer in answers if not isinstance(answer, XtSyncError)]
    assert found == [person.id for person in people]
    assert isinstance(missing, NotFound)
    assert (missing.title, missing.detail[:18]) == ("Not found in SOURCE", "GET /users/nobody:")


async def test_a_missing_permission_a_missing_role_and_a_wrong_token_are_told_apart(fresh: Tenants) -> None:
    narrow = fresh.emulator.issue("Contoso", scopes=frozenset({"User.Read"}))
    with pytest.raises(Forbidden, match=r"Policy\.Read\.All"):
        await access.partners(fresh.client(Side.SOURCE, narrow))
    nobody = fresh.emulator.issue("Contoso", roles=frozenset())
    with pytest.raises(Forbidden, match="role"):
        await fresh.client(Side.SOURCE, nobody).send(access.add_partner(fresh.target_id))
    with pytest.raises(Unauthorized):
        await directory.me(fresh.client(Side.SOURCE, "wrong"))


async def test_the_limit_of_the_logs_is_kept_by_whoever_reads_them(configured: Tenants) -> None:
    sp = (await configured.configuration()).id
    for _ in range(6):
        await everything(logs.audit_events(configured.source))
        await everything(logs.provisioning_events(configured.source, sp=sp))
    assert {exchange.status for exchange in configured.source.log.exchanges} == {200}
    assert 20 <= sum(configured.watch.slept) < 31


async def test_the_limit_of_the_logs_is_waited_out_without_a_word_of_how_long(configured: Tenants) -> None:
    other = configured.client(Side.SOURCE, configured.emulator.tenants[0]["token"])
    for _ in range(5):
        await everything(logs.audit_events(other))
        await everything(logs.audit_events(configured.source))
    statuses = [exchange.status for exchange in configured.source.log.exchanges]
    assert 429 in statuses
    assert statuses[-1] == 200
    assert sum(configured.watch.slept) >= 10


async def test_throttling_that_does_not_end_is_told(fresh: Tenants) -> None:
    fresh.emulator.world.faults.add(Fault("throttled", times=99, seconds=25))
    with pytest.raises(Throttled):
        await directory.me(fresh.source)
    assert fresh.watch.slept == [25.0, 25.0]


async def test_a_lost_answer_leaves_the_write_done_once(fresh: Tenants) -> None:
    fresh.emulator.world.faults.add(Fault("dropped after", method="POST"))
    with pytest.raises(NoAnswer):
        await fresh.source.send(configurations.instantiate("To Fabrikam"))
    fresh.later(timedelta(seconds=20))
    assert (await fresh.configuration()).display_name == "To Fabrikam"


async def test_a_read_survives_a_lost_connection_and_a_failing_service(fresh: Tenants) -> None:
    fresh.emulator.world.faults.add(Fault("dropped before"))
    fresh.emulator.world.faults.add(Fault("unavailable"))
    assert (await directory.me(fresh.source)).display_name == "Ana Lopes"
    assert [exchange.status for exchange in fresh.source.log.exchanges] == [0, 503, 200]


async def test_the_clock_of_graph_is_read_from_its_answers(fresh: Tenants) -> None:
    fresh.emulator.clock.advance(TWO_HOURS)
    await directory.me(fresh.source)
    ahead = fresh.source.server_time() - fresh.emulator.clock.now()
    assert abs(ahead) <= timedelta(seconds=1)


async def test_a_request_id_of_graph_is_in_the_log(fresh: Tenants) -> None:
    await directory.me(fresh.source)
    (exchange,) = fresh.source.log.exchanges
    assert exchange.request_id
    assert exchange.client_request_id == "source-1"
