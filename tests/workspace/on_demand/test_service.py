"""The queue at work: within the limit, looked at after each person, and never sent twice blindly."""

from datetime import timedelta

import anyio
import anyio.lowlevel
import pytest

from tests.workspace.on_demand.queues import (
    POINTS,
    POST,
    Killed,
    blind,
    members,
    newcomer,
    posts,
    principal,
    ready,
    run,
    states,
)
from tests.workspace.stage import Stage
from xtsync_tui.emulator.faults import Fault
from xtsync_tui.errors import (
    Forbidden,
    InvalidInput,
    NoAnswer,
    NotFound,
    ReadOnly,
    ServiceFailed,
    StoreFailed,
    Throttled,
    Unreachable,
    Unreadable,
    XtSyncError,
)
from xtsync_tui.graph import person
from xtsync_tui.model import Side
from xtsync_tui.workspace.journal import Entry, Fate, Journal
from xtsync_tui.workspace.on_demand.queue import State

pytestmark = pytest.mark.anyio


@pytest.fixture
def stage() -> Stage:
    return Stage("configured")


async def test_one_person_goes_through_and_is_then_read_in_the_target(stage: Stage) -> None:
    workspace = stage.workspace()
    queue = await ready(workspace, principal(stage, "lena.fischer"))
    stage.contoso.users[queue.queue[0].user_id]["jobTitle"] = "Director"
    stage.contoso.touch(queue.queue[0].user_id)
    assert await run(queue) is None
    (one,) = queue.queue
    assert (one.state, one.words) == (State.DONE, "updated, 1")
    assert one.result is not None
    (change,) = one.result.modified
    assert (change.name, change.before, change.after) == ("jobTitle", "Senior Account Manager", "Director")
    assert (change.source, change.expression) == ("Director", "[jobTitle]")
    assert one.result.target is not None
    assert one.result.target.sure
    assert one.result.found is not None
    assert (one.result.found.user_principal_name or "").startswith("lena.fischer_contoso.com#EXT#@")
    (entry,) = workspace.journal.entries(path_end=POST)
    assert (entry.fate, entry.side) == (Fate.DONE, Side.SOURCE)


@pytest.mark.parametrize("encoding", [1, 2])
async def test_both_encodings_of_the_answer_are_read(stage: Stage, encoding: int) -> None:
    stage.emulator.world.on_demand_encoding = encoding  # type: ignore[assignment]
    queue = await ready(stage.workspace(), principal(stage, "kim.lee"))
    await run(queue)
    assert states(queue) == ["Kim Lee: no change"]
    assert queue.queue[0].cause is None


async def test_twelve_people_never_meet_the_limit(stage: Stage) -> None:
    workspace = stage.workspace()
    queue = await ready(workspace, *members(stage, 12))
    assert await run(queue) is None
    assert len(posts(workspace)) == 12
    assert not [one for one in workspace.log.exchanges if one.status == 429]
    assert stage.pauses == [10.0, 10.0]


async def test_a_wait_that_the_service_asks_for_is_kept_to(stage: Stage) -> None:
    workspace = stage.workspace()
    queue = await ready(workspace, principal(stage, "lena.fischer"))
    stage.emulator.world.faults.add(Fault("throttled", "POST", POST, seconds=7))
    assert await run(queue) is None
    assert stage.pauses == [7.0]
    assert queue.queue[0].state is State.DONE


async def test_throttled_to_the_end_pauses_with_the_person_still_next(stage: Stage) -> None:
    workspace = stage.workspace()
    queue = await ready(workspace, *members(stage, 2))
    stage.emulator.world.faults.add(Fault("throttled", "POST", POST, times=4, seconds=7))
    assert isinstance(await run(queue), Throttled)
    assert [one.state for one in queue.queue] == [State.NEXT, State.NEXT]
    assert queue.pace.seconds_left == 7.0
    assert await run(queue) is None
    assert len(workspace.journal.entries(fates=[Fate.NOT_ARRIVED])) == 1


async def test_a_pause_ends_the_wait_and_leaves_the_others_next(stage: Stage) -> None:
    workspace = stage.workspace()
    queue = await ready(workspace, *members(stage, 8))
    queue.subscribe(lambda: queue.pause() if not queue.paused and queue.pace.seconds_left else None)
    assert await run(queue) is None
    assert [one.state is State.NEXT for one in queue.queue] == [False] * 5 + [True] * 3
    assert not queue.running


async def test_nobody_is_sent_who_was_only_added(stage: Stage) -> None:
    workspace = stage.workspace()
    queue = await ready(workspace, principal(stage, "kim.lee"))
    queue.add([principal(stage, "lena.fischer")])
    await run(queue)
    assert states(queue) == ["Kim Lee: no change", "Lena Fischer: to do"]


async def test_read_only_sends_nothing_and_says_so(stage: Stage) -> None:
    workspace = stage.workspace(read_only=True)
    queue = await ready(workspace, principal(stage, "kim.lee"))
    assert isinstance(await run(queue), ReadOnly)
    assert queue.queue[0].state is State.NEXT
    assert posts(workspace) == []


async def test_who_lies_in_the_bin_is_held_back_until_one_insists(stage: Stage) -> None:
    workspace = stage.workspace()
    lena = principal(stage, "lena.fischer")
    gone = next(user for user in stage.fabrikam.users.values() if user.get("mail") == lena.detail)
    del stage.fabrikam.users[gone["id"]]
    stage.fabrikam.deleted_users[gone["id"]] = {**gone, "deletedDateTime": "2026-05-10T09:00:00Z"}
    queue = await ready(workspace, lena)
    await run(queue)
    (one,) = queue.queue
    assert (one.state, one.words) == (State.HELD, "in the bin")
    assert one.cause is not None
    assert one.cause.title == "Deleted in TARGET, not restored by the service"
    assert "until 9 Jun" in one.cause.detail
    assert one.cause.fix[0].request.path.endswith("/restore")
    queue.release({lena.id})
    await run(queue)
    assert queue.queue[0].state is State.HELD
    assert posts(workspace) == []
    queue.release({lena.id}, over={lena.id})
    await run(queue)
    assert posts(workspace) == [lena.id]


async def test_whoever_insisted_once_is_looked_for_the_next_time(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = stage.workspace()
    new = newcomer(stage)
    queue = await ready(workspace, new)
    queue.release({new.id}, over={new.id})
    await run(queue)
    assert posts(workspace) == [new.id]
    blind(monkeypatch, "the person at home", Forbidden("It cannot be read"))
    queue.release({new.id})
    await run(queue)
    assert queue.queue[0].state is State.HELD
    assert posts(workspace) == [new.id]


@pytest.mark.parametrize(
    ("error", "path"),
    [
        *((error, "the bin") for error in (Forbidden, ServiceFailed, NotFound, Unreadable)),
        (Forbidden, "counterparts"),
        (Forbidden, "the person at home"),
    ],
)
async def test_who_cannot_be_looked_for_is_held_back_and_never_sent_unasked(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, error: type[XtSyncError], path: str
) -> None:
    workspace = stage.workspace()
    new = newcomer(stage)
    queue = await ready(workspace, new)
    with monkeypatch.context() as broken:
        blind(broken, path, error("It cannot be read"))
        await run(queue)
        await run(queue)
        (one,) = queue.queue
        assert (one.state, one.words) == (State.HELD, "cannot tell")
        assert one.cause is not None
        assert one.cause.title == "? cannot tell whether deleted in TARGET"
        assert one.cause.hint == "r looks again · p sends all the same"
        assert posts(workspace) == []
    await queue.look_again()
    assert (queue.queue[0].state, queue.queue[0].cause) == (State.TO_DO, None)
    queue.release({new.id})
    await run(queue)
    assert posts(workspace) == [new.id]


async def test_who_is_held_back_unread_is_sent_when_one_insists(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = stage.workspace()
    new = newcomer(stage)
    queue = await ready(workspace, new)
    blind(monkeypatch, "the bin", Forbidden("It cannot be read"))
    await run(queue)
    queue.release({new.id}, over={new.id})
    await run(queue)
    assert posts(workspace) == [new.id]


async def test_an_outage_of_the_bin_pauses_with_the_person_still_next(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = stage.workspace()
    queue = await ready(workspace, newcomer(stage))
    blind(monkeypatch, "the bin", Unreachable("No connection"))
    assert isinstance(await run(queue), Unreachable)
    assert queue.queue[0].state is State.NEXT
    assert posts(workspace) == []


async def test_an_answer_that_cannot_be_read_is_unknown_keeps_its_text_and_target_is_read(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = stage.workspace()
    queue = await ready(workspace, principal(stage, "kim.lee"))
    send = workspace.client(Side.SOURCE).send

    async def garbled(request: object) -> object:
        await send(request)  # type: ignore[arg-type]
        return {"key": "x", "value": "<html>"}

    monkeypatch.setattr(workspace.client(Side.SOURCE), "send", garbled)
    await run(queue)
    (one,) = queue.queue
    assert one.state is State.UNKNOWN
    assert one.result is not None
    assert "<html>" in one.result.raw
    assert one.result.found is not None
    assert one.cause is not None
    assert one.cause.title == "Unknown"


async def test_results_are_kept_and_survive_the_program(stage: Stage, tmp_path: object) -> None:
    journal = f"{tmp_path}/journal.sqlite3"
    workspace = stage.workspace(journal)
    lena = principal(stage, "lena.fischer")
    queue = await ready(workspace, lena)
    await run(queue)
    stage.pass_(60)
    queue.release({lena.id})
    await run(queue)
    await workspace.close()
    again = stage.workspace(journal)
    newest, oldest = again.on_demand.earlier(lena.id)
    assert newest.at - oldest.at == timedelta(seconds=60)
    assert newest.found == oldest.found
    assert [stage.title for stage in newest.stages] == ["Import", "Scope", "Match", "Action"]
    await again.close()


async def test_a_lost_answer_that_arrived_is_found_in_the_log_and_nothing_is_sent_twice(stage: Stage) -> None:
    workspace = stage.workspace()
    lena = principal(stage, "lena.fischer")
    stage.contoso.users[lena.id]["jobTitle"] = "Director"
    stage.contoso.touch(lena.id)
    queue = await ready(workspace, lena, principal(stage, "kim.lee"))
    stage.trouble("dropped after", "POST", POST)
    assert isinstance(await run(queue), NoAnswer)
    assert states(queue) == ["Lena Fischer: updated, 1", "Kim Lee: next"]
    assert posts(workspace) == [lena.id]
    (entry,) = workspace.journal.entries(path_end=POST)
    assert entry.fate is Fate.DONE
    assert "It arrived, says the provisioning log. Nothing was sent twice." in entry.note


async def test_a_lost_request_stays_unknown_and_says_what_target_shows(stage: Stage) -> None:
    workspace = stage.workspace()
    lena = principal(stage, "lena.fischer")
    queue = await ready(workspace, lena)
    stage.trouble("dropped before", "POST", POST)
    await run(queue)
    (one,) = queue.queue
    assert one.state is State.UNKNOWN
    assert one.cause is not None
    assert "The provisioning log has nothing yet" in one.cause.detail
    assert "TARGET was read: the person is there." in one.cause.detail
    assert workspace.journal.entries(path_end=POST)[0].fate is Fate.UNKNOWN
    await run(queue)
    assert posts(workspace) == [lena.id]


@pytest.mark.parametrize(
    ("number", "point"),
    [
        *((number, POINTS[number % len(POINTS)]) for number in range(20)),
        *((number, point) for number in (0, 19) for point in POINTS),
        *((number, "waiting") for number in (5, 10, 15)),
    ],
)
async def test_killed_at_every_point_of_a_queue_of_twenty_the_rest_can_be_resumed(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, number: int, point: str
) -> None:
    workspace = stage.workspace()
    people = members(stage, 20)
    queue = await ready(workspace, *people)
    emulator = Killed(monkeypatch, queue, number, point)
    died = await run(queue)
    lost = point.startswith("dropped")
    ended = number + (lost or point == "answered")
    assert (died is None) is (point == "answered" and number == 19)
    assert [one.state is State.UNKNOWN for one in queue.queue] == [lost and at == number for at in range(20)]
    assert all(one.state is State.NEXT for one in queue.queue[ended:])
    assert len(emulator.received) == number + (point in {"dropped after", "answered"})
    emulator.come_back()
    assert await run(queue) is None
    unknown = [one.user_id for one in queue.queue if one.state is State.UNKNOWN]
    assert unknown == ([people[number].id] if point == "dropped before" else [])
    assert emulator.received == [one.id for one in people if one.id not in unknown]
    fates = [entry.fate for entry in workspace.journal.entries(path_end=POST)]
    assert fates.count(Fate.DONE) == 20 - len(unknown)
    assert (fates.count(Fate.UNKNOWN), fates.count(Fate.NOT_ARRIVED)) == (len(unknown), point == "refused")
    assert all(one.result and one.result.target and not one.result.target.unread for one in queue.queue)


def full(monkeypatch: pytest.MonkeyPatch, *, times: int = 1) -> None:
    """Let the disk be full when the end of a write is to be written down."""
    left, end = [times], Journal.end

    def ending(journal: Journal, entry: Entry) -> None:
        if left[0]:
            left[0] -= 1
            raise StoreFailed("The journal cannot be used", "disk full")
        end(journal, entry)

    monkeypatch.setattr(Journal, "end", ending)


async def test_a_journal_that_cannot_be_finished_pauses_the_queue_and_sends_nobody_twice(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = stage.workspace()
    emil, kim = principal(stage, "emil.novak"), principal(stage, "kim.lee")
    queue = await ready(workspace, emil, kim)
    full(monkeypatch)
    stopped = await run(queue)
    assert isinstance(stopped, StoreFailed)
    assert stopped.title == "The write went out, but not how it ended into the journal"
    assert states(queue) == ["Emil Novák: no change", "Kim Lee: next"]
    assert await run(queue) is None
    assert posts(workspace) == [emil.id, kim.id]


async def test_a_lost_answer_stays_unknown_when_the_journal_cannot_be_written(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = stage.workspace()
    kim = principal(stage, "kim.lee")
    queue = await ready(workspace, kim)
    stage.trouble("dropped before", "POST", POST)
    full(monkeypatch, times=9)
    assert await run(queue) is not None
    assert queue.queue[0].state is State.UNKNOWN
    await run(queue)
    assert posts(workspace) == [kim.id]


async def test_who_was_confirmed_while_somebody_looked_is_sent(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = stage.workspace()
    new = newcomer(stage)
    queue = await ready(workspace, new)
    with monkeypatch.context() as broken:
        blind(broken, "the bin", Forbidden("It cannot be read"))
        await run(queue)
    assert states(queue) == ["Lena Fischer: cannot tell"]
    record = person.record

    async def confirming(*asked: object) -> object:
        queue.release({new.id})
        return await record(*asked)  # type: ignore[arg-type]

    with monkeypatch.context() as slow:
        slow.setattr(person, "record", confirming)
        await queue.look_again()
    assert states(queue) == ["Lena Fischer: next"]
    await run(queue)
    assert posts(workspace) == [new.id]


async def test_a_lost_request_is_looked_for_again_and_says_when(stage: Stage) -> None:
    workspace = stage.workspace()
    queue = await ready(workspace, principal(stage, "kim.lee"))
    stage.trouble("dropped before", "POST", POST)
    await run(queue)
    due = [queue.look_is_due]
    for minutes in (1, 2, 5, 60):
        stage.pass_(60 * minutes)
        due.append(queue.look_is_due)
        if minutes < 60:
            await queue.look_again()
            cause = queue.queue[0].cause
            assert cause is not None
            looked = f"Looked at {workspace.now():%H:%M:%S}: The provisioning log has nothing yet"
            assert looked in cause.detail
    assert due == [False, True, True, True, False]


async def test_one_person_is_sent_from_elsewhere_while_the_others_stay_where_they_are(stage: Stage) -> None:
    workspace = stage.workspace()
    kim, lena, priya = (principal(stage, name) for name in ("kim.lee", "lena.fischer", "priya.nair"))
    queue = await ready(workspace, kim)
    arrived, skipped = [await queue.provision(one) for one in (lena, priya)]
    assert (arrived.words, skipped.words) == ("no change", "skipped")
    assert posts(workspace) == [lena.id, priya.id]
    # Who arrived does not stay in a list that they were never put into.
    assert states(queue) == ["Kim Lee: next", "Priya Nair: skipped"]


async def test_somebody_is_not_said_to_be_sent_while_the_queue_is_at_work(stage: Stage) -> None:
    workspace = stage.workspace()
    kim, lena = principal(stage, "kim.lee"), principal(stage, "lena.fischer")
    queue = await ready(workspace, kim)
    async with anyio.create_task_group() as group:
        group.start_soon(queue.run)
        while not queue.running:
            await anyio.lowlevel.checkpoint()
        with pytest.raises(InvalidInput, match="On demand is at work"):
            await queue.provision(lena)
    assert posts(workspace) == [kim.id]


async def test_a_pause_can_be_taken_back_before_it_begins(stage: Stage) -> None:
    workspace = stage.workspace()
    queue = await ready(workspace, *members(stage, 3))

    def twice() -> None:
        if not seen and queue.queue[0].state is State.RUNNING:
            seen.append(True)
            queue.pause()
            queue.go_on()

    seen: list[bool] = []
    queue.subscribe(twice)
    assert await run(queue) is None
    assert len(posts(workspace)) == 3


async def test_who_was_repaired_can_be_confirmed_again_but_not_who_was_deleted(stage: Stage) -> None:
    workspace = stage.workspace()
    tom, lena = principal(stage, "tom.baker"), principal(stage, "lena.fischer")
    stage.contoso.users[lena.id]["department"] = "Legal"
    stage.contoso.touch(lena.id)
    queue = await ready(workspace, tom, lena)
    await run(queue)
    for one in queue.queue:
        assert one.cause is not None
        assert one.cause.repair is not None
        await workspace.writer.send_all(one.cause.repair.planned)
        queue.repaired(one.user_id, one.cause.repair.ended)
    assert states(queue) == ["Tom Baker: repaired", "Lena Fischer: repaired"]
    assert [one.waits for one in queue.queue] == [True, False]
    assert [one.repaired for one in queue.queue] == [
        "SMS sign-in is off for Tom Baker",
        "Lena Fischer restored",
    ]
