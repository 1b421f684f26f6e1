"""Two results of one person beside each other: what differs, by stage, attribute and account. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from textual.content import Content

from xtsync_tui.text import clean
from xtsync_tui.ui.render import facts, muted, state, when
from xtsync_tui.ui.screens.on_demand.text import account_facts, change_words, detail_value, stage_words
from xtsync_tui.ui.screens.setup.text import MARKS
from xtsync_tui.workspace.setup import OnDemandResult, Stage

Compared = tuple[str, str, str]
"""What, then, now."""


def compared(then: OnDemandResult, now: OnDemandResult) -> dict[str, tuple[Compared, ...]]:
    """Return both results line by line, under the heads of what they are about."""
    stages = [("result", then.words, now.words), ("code", then.code, now.code)]
    for old, new in zip(then.stages, now.stages, strict=False):
        stages.append((f"{new.number} {new.title}", _stage(old, then), _stage(new, now)))
    return {
        "Result and stages": tuple(stages),
        "Modified attributes": _beside(_changes(then), _changes(now)),
        "In TARGET": _beside(_there(then), _there(now)),
        "Details of the stages": _beside(_details(then), _details(now)),
    }


def _stage(stage: Stage, result: OnDemandResult) -> str:
    return f"{MARKS[stage.mark]} {stage_words(stage, result)}"


def _beside(then: Mapping[str, str], now: Mapping[str, str]) -> tuple[Compared, ...]:
    return tuple((name, then.get(name, ""), now.get(name, "")) for name in {**then, **now})


def _changes(result: OnDemandResult) -> dict[str, str]:
    return {each.name: change_words(each) for each in result.modified}


def _there(result: OnDemandResult) -> dict[str, str]:
    user = result.found
    if user is None or result.target is None:
        unread = bool(result.target and result.target.unread)
        return {"in TARGET": "cannot tell" if unread else "nobody"}
    account = account_facts(user, result.target)
    told = {name: value.plain if isinstance(value, Content) else value for name, value in account}
    return {"in TARGET": "there"} | told


def _details(result: OnDemandResult) -> dict[str, str]:
    """Return what each stage says by name: the same attribute of SOURCE and of TARGET are two things."""
    return {
        f"{stage.number} {name}": detail_value(value)
        for stage in result.stages
        for name, value in stage.details
    }


def comparison(then: OnDemandResult, now: OnDemandResult, at: datetime, within: int = 0) -> Content:
    """Return two results of one person in lines of ``within``: what differs first, then what is the same."""
    groups = compared(then, now)
    different = {head: [row for row in rows if _differs(row)] for head, rows in groups.items()}
    same = [row for rows in groups.values() for row in rows if not _differs(row) and row[1]]
    count = sum(map(len, different.values()))
    parts = [muted(f"then  {when(then.at, at)}\nnow   {when(now.at, at)}")]
    parts.append(
        Content.styled(f"Different ({count})", "bold") + ("" if count else "\n" + state("– nothing"))
    )
    parts += [muted(head) + "\n" + _pairs(rows, within) for head, rows in different.items() if rows]
    told = facts([(clean(name), clean(value)) for name, value, _ in same], within=within)
    parts.append(Content.styled(f"The same ({len(same)})", "bold") + "\n" + told)
    return Content("\n\n").join(parts)


def _differs(row: Compared) -> bool:
    """Whether the two differ; true and True are one value in two spellings."""
    return row[1].casefold() != row[2].casefold()


def _pairs(rows: Sequence[Compared], within: int) -> Content:
    return Content("\n").join(_lines(rows, within))


def _lines(rows: Iterable[Compared], within: int) -> Iterable[Content]:
    for name, old, new in rows:
        yield state(f"~ {clean(name)}")
        both = [("    then", clean(old, 800) or "–"), ("    now", clean(new, 800) or "–")]
        yield facts(both, within=within)
