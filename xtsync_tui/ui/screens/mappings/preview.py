"""What a mapping makes of one person and of everybody in scope, beside or below its form."""

from dataclasses import dataclass
from datetime import datetime

from textual.content import Content

from xtsync_tui.engine.mapping import Row as Compiled
from xtsync_tui.engine.values import Record
from xtsync_tui.text import clean
from xtsync_tui.ui.frame import rule
from xtsync_tui.ui.render import clock, muted, people_count, shown, state
from xtsync_tui.ui.screens.mappings.text import names, read_at, tally_words
from xtsync_tui.workspace.mappings.crowd import Crowd, Person
from xtsync_tui.workspace.mappings.judging import Judged
from xtsync_tui.workspace.mappings.trial import (
    NOT_THERE,
    NOT_TOLD,
    UNKNOWN,
    Tally,
    Try,
    attributes_of,
    is_unreadable,
    keeps,
    shown_reference,
    shown_value,
    there,
    tried,
)
from xtsync_tui.workspace.people_records import UNREADABLE

LABEL = 18


@dataclass(frozen=True, slots=True)
class Preview:
    """One mapping tried: ``before`` is the saved one, ``service`` what the service said, "" if not asked."""

    judged: Judged | None
    before: Compiled | None
    person: Person | None
    crowd: Crowd | None
    tally: Tally | None
    people: tuple[Person, ...]
    service: str = ""


NO_EXPRESSION = "– of expressions only"
"""What stands for the service where there is nothing to ask."""


def value_text(row: Compiled | None, person: Person, preview: Preview) -> Content:
    """Return what a mapping makes of a person."""
    if row is None:
        return state("– not mapped")
    if is_unreadable(row):
        return state(UNKNOWN)
    result: Try = tried(row, person.record)
    if result.value is None or preview.crowd is None:
        return state(result.words)
    inside = {one.user.id for one in preview.people} if row.reference else ()
    told = shown_reference(row, result.value, preview.crowd, inside)
    return state(told) if told == NOT_THERE else shown(told)


def here(preview: Preview) -> Content:
    """Return the value with the form as it stands; with an error there is none, never an older one."""
    judged = preview.judged
    if judged is None:
        return muted("…")
    if not judged.good or judged.row is None:
        return state("– error, see above" if judged.problem else "– none")
    if preview.person is None:
        return muted("nobody to try it on")
    return value_text(judged.row, preview.person, preview)


def kept(preview: Preview) -> str:
    """Return that the person keeps what is there, where the mapping applies on creation only."""
    person, row = preview.person, preview.judged.row if preview.judged else None
    if person is None or person.target is None or row is None or not keeps(row, person):
        return ""
    return f"exists: keeps {clean(shown_value(person.target.get(row.target)) or 'what is there', 26)}"


def sources(preview: Preview) -> list[tuple[str, str]]:
    """Return the source attributes that are read, with the person's values."""
    judged = preview.judged
    if judged is None or judged.row is None or preview.person is None:
        return []
    record = preview.person.record
    wanted = sorted(attributes_of(judged.row), key=judged.mapping.text.find)
    return [(name, _source(name, record)) for name in wanted]


def _source(name: str, record: Record) -> str:
    return UNKNOWN if name in UNREADABLE else shown_value(record.get(name)) or "– empty"


def beside(preview: Preview, now: datetime, width: int) -> Content:
    """Return the preview as it stands beside the form."""
    if preview.person is None:
        return muted("No people were read: nothing can be tried.")
    head = Content.styled(f"Preview on {clean(preview.person.name, 26)}", "bold")
    lines = [head.pad_right(max(width - head.cell_length - 15, 1)) + muted("f3 other person"), Content("")]
    for number, (name, value) in enumerate(sources(preview)[:8]):
        label = "Source values" if number == 0 else ""
        lines.append(muted(label.ljust(LABEL)) + Content(clean(name).ljust(13)) + state(clean(value, 60)))
    values = [_row(label, value) for label, value in _values(preview, now, narrow=False)]
    lines += [Content(""), *values, Content("")]
    lines += [rule(f"{people_count(len(preview.people))} in scope", width), *_counts(preview, width)]
    return Content("\n").join(lines)


def below(preview: Preview, now: datetime, width: int) -> Content:
    """Return the preview as it stands below the form on a narrow terminal."""
    if preview.person is None:
        return muted("No people were read: nothing can be tried.")
    lines = [rule(f"Preview on {clean(preview.person.name, 30)} · f3 other person", width)]
    lines += [Content(" ") + _row(label, value) for label, value in _values(preview, now, narrow=True)]
    lines.append(Content(" ") + _count_line(preview))
    return Content("\n").join(lines)


def _row(label: str, value: Content) -> Content:
    return muted(label.ljust(LABEL)) + value


def _values(preview: Preview, now: datetime, *, narrow: bool) -> list[tuple[str, Content]]:
    person, crowd = preview.person, preview.crowd
    if person is None:
        return []
    target = preview.judged.mapping.target if preview.judged else ""
    rows = [("As saved", value_text(preview.before, person, preview)), ("With this form", here(preview))]
    if stays := kept(preview):
        rows.append(("", state(f"– {stays}")))
    when = f" · {read_at(crowd.at, now)}" if crowd else ""
    if crowd is not None and crowd.target_unread is not None:
        told = state("? cannot tell: TARGET was not read")
    elif person.target is None:
        told = state("– not there") + muted(when)
    else:
        row = preview.judged.row if preview.judged else None
        row = row or preview.before
        text = there(row, person, crowd) if row is not None and crowd is not None else ""
        told = (shown(text) if text else state("– empty")) + (muted(when) if narrow else "")
        if target in NOT_TOLD:
            told = state(UNKNOWN)
    rows.append(("In TARGET now", told))
    if not narrow and person.target is not None and crowd is not None:
        rows.append(("", muted(read_at(crowd.at, now))))
    rows.append(("Service says", state(preview.service) if preview.service else muted("not asked · f5 asks")))
    if not narrow and preview.service[:1] in {"✓", "✗"}:
        rows.append(("", muted("f5 again, writes nothing")))
    return rows


def _counts(preview: Preview, width: int) -> list[Content]:
    found = preview.tally
    if found is None:
        return [_count_line(preview)]
    if found.unknown:
        return [state("? cannot tell: it takes what is not read here")]
    rows = [
        ("change", len(found.change), names(found.change, 2)),
        ("stay", len(found.stay), names(found.stay, 2)),
        ("created", len(found.new), names(found.new, 2) or "who is not in TARGET yet"),
        ("empty", len(found.empty), names(found.empty) or "empty is not written"),
        ("fail", len(found.fail), names([name for name, _ in found.fail])),
    ]
    lines = [
        (muted(label.ljust(8)) + Content(f"{count:>5,}      {who}")).truncate(width, ellipsis=True)
        for label, count, who in rows
    ]
    if found.fail:
        lines.append(state(found.fail[0][1]))
    return [*lines, Content(""), muted("Evaluated here. The service decides.")]


def _count_line(preview: Preview) -> Content:
    found = preview.tally
    if preview.judged is not None and not preview.judged.good:
        return muted(f"{people_count(len(preview.people))} in scope: counted again once there is no error")
    if found is None:
        return muted(f"{people_count(len(preview.people))} in scope: counting…")
    if found.unknown:
        return state("? cannot tell: it takes what is not read here")
    head = Content(f"{people_count(len(preview.people))} in scope: ")
    return head + tally_words(found, edited=True)


def service_words(said: str, same: bool, at: datetime) -> str:
    """Return what the service said beside what was worked out here."""
    return f"✓ the same, asked {clock(at)}" if same else f"✗ differs: {clean(said, 200)}"
