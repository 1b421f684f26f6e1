"""What was written is known afterwards, also after a crash."""

import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest

from xtsync_tui.errors import InvalidInput, StoreFailed
from xtsync_tui.model import Request, Side
from xtsync_tui.workspace.journal import ANSWER_LIMIT, Entry, Fate, Journal, masked
from xtsync_tui.workspace.planned import Planned, Undo

NOW = datetime(2026, 5, 14, 14, 2, tzinfo=UTC)
ON = Request(method="PATCH", path="/policies/x", body={"on": True})
OFF = Request(method="PATCH", path="/policies/x", body={"on": False})
SWITCH = Planned(Side.TARGET, ON, "step 3", Undo((OFF,)), {"on": False})


@pytest.fixture
def journal() -> Journal:
    return Journal(":memory:", "demo", "pair")


def begin(journal: Journal, planned: Planned = SWITCH) -> Entry:
    return journal.begin(planned, NOW, "ben.okoro@fabrikam.com", "Fabrikam")


def end(journal: Journal, entry: Entry, fate: Fate, **more: Any) -> Entry:
    journal.end(msgspec.structs.replace(entry, fate=fate, ended=NOW, **more))
    return journal.entry(entry.id)


def test_a_crash_between_sending_and_the_answer_is_seen_afterwards(tmp_path: Path) -> None:
    path = tmp_path / "state" / "journal.sqlite3"
    begin(Journal(path, "demo", "pair"))
    (entry,) = Journal(path, "demo", "pair").entries()
    assert entry.fate is Fate.SENT
    assert (entry.request, entry.before, entry.undo) == (ON, {"on": False}, (OFF,))
    assert (entry.who, entry.tenant, entry.side) == ("ben.okoro@fabrikam.com", "Fabrikam", Side.TARGET)
    assert entry.ended is None


def test_nobody_else_can_read_the_file(tmp_path: Path) -> None:
    path = tmp_path / "state" / "journal.sqlite3"
    Journal(path, "demo", "pair")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_an_entry_ends_with_the_answer_cut_to_a_limit(journal: Journal) -> None:
    entry = end(journal, begin(journal), Fate.DONE, status=204, request_id="r1", answer="x" * 99_999)
    assert (entry.fate, entry.status, entry.request_id) == (Fate.DONE, 204, "r1")
    assert len(entry.answer) == ANSWER_LIMIT
    assert entry.ended == NOW


def test_entries_are_found_by_side_fate_reason_and_text_newest_first(journal: Journal) -> None:
    first = begin(journal)
    second = begin(journal, Planned(Side.SOURCE, Request(method="POST", path="/start"), "step 12"))
    end(journal, first, Fate.DONE)
    assert [one.id for one in journal.entries()] == [second.id, first.id]
    assert [one.id for one in journal.entries(side=Side.SOURCE)] == [second.id]
    assert [one.id for one in journal.entries(fates=(Fate.DONE, Fate.FAILED))] == [first.id]
    assert [one.id for one in journal.entries(why="step 12")] == [second.id]
    assert [one.id for one in journal.entries(text="/POLICIES/")] == [first.id]
    assert [one.id for one in journal.entries(limit=1)] == [second.id]
    assert journal.entries(text="' OR 1=1 --") == ()


def test_another_pair_has_its_own_entries_and_notes(tmp_path: Path) -> None:
    path = tmp_path / "state" / "journal.sqlite3"
    mine, other = Journal(path, "demo", "one"), Journal(path, "demo", "two")
    begin(mine)
    mine.note("plan", {"who": "all"}, NOW)
    assert other.entries() == ()
    assert other.noted("plan") is None


def test_what_is_done_can_be_undone_and_done_again(journal: Journal) -> None:
    entry = end(journal, begin(journal), Fate.DONE)
    (undo,) = journal.undo(entry)
    assert (undo.side, undo.request) == (Side.TARGET, OFF)
    assert undo.undo.requests == (ON,)


def test_what_cannot_be_undone_says_why(journal: Journal) -> None:
    start = Planned(Side.SOURCE, Request(method="POST", path="/restart"), "x", Undo(why_not="It restarted."))
    done = end(journal, begin(journal, start), Fate.DONE)
    with pytest.raises(InvalidInput) as refused:
        journal.undo(done)
    assert refused.value.detail == "It restarted."
    failed = end(journal, begin(journal), Fate.FAILED)
    with pytest.raises(InvalidInput, match="Nothing to undo"):
        journal.undo(failed)


def test_secrets_are_masked_and_settings_are_not(journal: Journal) -> None:
    body = {"value": [{"key": "CompanyId", "value": "t"}, {"key": "SecretToken", "value": "hush"}]}
    request = Request(method="PUT", path="/servicePrincipals/1/synchronization/secrets", body=body)
    entry = end(journal, begin(journal, Planned(Side.SOURCE, request, "x")), Fate.DONE)
    assert entry.request.body == {
        "value": [{"key": "CompanyId", "value": "t"}, {"key": "SecretToken", "value": "*"}]
    }
    assert masked(ON) is ON


def test_a_note_is_kept_with_its_time_and_replaced(journal: Journal) -> None:
    journal.note("mappings", "a", NOW)
    journal.note("mappings", "b", NOW + timedelta(minutes=1))
    note = journal.noted("mappings")
    assert note is not None
    assert (note.value, note.at) == ("b", NOW + timedelta(minutes=1))
    journal.forget("mappings")
    assert journal.noted("mappings") is None


def test_a_claim_is_held_by_one_until_it_ends_or_is_too_old(journal: Journal) -> None:
    assert journal.claim("creating", NOW, 60)
    assert not journal.claim("creating", NOW + timedelta(seconds=59), 60)
    assert journal.claim("creating", NOW + timedelta(seconds=119), 60)
    journal.forget("creating")
    assert journal.claim("creating", NOW, 60)


def test_a_file_that_is_no_journal_is_said_so(tmp_path: Path) -> None:
    path = tmp_path / "journal.sqlite3"
    path.write_text("something else entirely, and long enough not to be taken for an empty database")
    with pytest.raises(StoreFailed, match="cannot be used"):
        Journal(path, "demo", "pair")


def test_an_unknown_entry_is_said_so(journal: Journal) -> None:
    with pytest.raises(InvalidInput, match="no change 7"):
        journal.entry(7)
