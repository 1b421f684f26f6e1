"""What a draft does to people, in words: beside the filters, and in the dialog that saves. All pure."""

from collections.abc import Sequence

from textual.content import Content

from xtsync_tui.text import clean
from xtsync_tui.ui.frame import rule
from xtsync_tui.ui.render import muted, people_count, people_do, shown, state
from xtsync_tui.workspace.mappings.effects import Effects, Mover

SHOWN = 5


def panel(found: Effects | None, threshold: int | None, read: str, width: int) -> Content:
    """Return the effect of a draft with the first names of who moves."""
    if found is None:
        return muted("No people were read yet: the effect cannot be told.")
    head = Content.styled("Effect of this draft", "bold")
    told = f"{people_count(found.read)} {read}"
    lines = [head.pad_right(max(width - head.cell_length - len(told), 1)) + muted(told), Content("")]
    either = f"  or {found.after + len(found.unknown):,}" if found.unknown else ""
    lines += [
        _count("in scope now", found.before, ""),
        _count("with this draft", found.after, either),
        _count("leave", len(found.leave), leaving(found).partition(",")[0]),
        _count("enter", len(found.enter), arriving(found).partition(",")[0]),
        _count("cannot tell", len(found.unknown), _either(found)),
        Content(""),
        state(held(found, threshold)),
        *(state(line) for line in unsettled(found)),
    ]
    for title, movers in (("Leave", found.leave), ("Enter", found.enter), ("Cannot tell", found.unknown)):
        if movers:
            lines += [Content(""), rule(f"{title} ({len(movers):,})", width), *names(movers)]
    return Content("\n").join([*lines, Content(""), muted("Evaluated here. The service decides.")])


def strip(found: Effects | None, threshold: int | None, width: int) -> Content:
    """Return the effect in a few rows, for a narrow terminal."""
    if found is None:
        return muted("No people were read yet: the effect cannot be told.")
    lines = [rule(f"Effect of this draft on {people_count(found.read)}", width)]
    lines.append(
        Content(
            f" in scope {found.before:,} → {found.after:,}   leave {len(found.leave):,}   "
            f"enter {len(found.enter):,}   cannot tell {len(found.unknown):,}"
        )
    )
    lines += [Content(" ") + state(line) for line in (held(found, threshold), *unsettled(found))]
    parts = (("leave", found.leave), ("enter", found.enter), ("cannot tell", found.unknown))
    for title, movers in parts:
        if movers:
            listed = " · ".join(clean(one.name, 24) for one in movers[:SHOWN])
            line = Content(f" {title}: {listed}{' · …' if len(movers) > SHOWN else ''}")
            lines.append(line.truncate(width, ellipsis=True))
    return Content("\n").join(lines)


def _either(found: Effects) -> str:
    leaving = sum(one.inside for one in found.unknown)
    staying = len(found.unknown) - leaving
    told = [f"{leaving:,} may leave"] if leaving else []
    return ", ".join([*told, *([f"{staying:,} may be in scope or not"] if staying else [])])


def leaving(found: Effects) -> str:
    """Return what becomes of those who leave: who is not in TARGET cannot be deleted there."""
    there = sum(one.there for one in found.leave)
    return _becoming(there, len(found.leave) - there, "soft-deleted", "not there")


def arriving(found: Effects) -> str:
    """Return what becomes of those who enter: who is in TARGET already is not created."""
    there = sum(one.there for one in found.enter)
    return _becoming(len(found.enter) - there, there, "created", "there already")


def _becoming(count: int, others: int, words: str, instead: str) -> str:
    """Return ``are created``, and where that is not so of all: ``1 created, 2 are there already``."""
    if not others:
        return f"{_are(count)} {words}"
    rest = f"{others:,} {_are(others)} {instead}"
    return f"{count:,} {words}, {rest}" if count else rest


def _are(count: int) -> str:
    return "is" if count == 1 else "are"


def unsettled(found: Effects) -> list[str]:
    """Return the groups of which it is not known who belongs to them, a line each."""
    return [
        f"? group {clean(name, 30)} is updating: who else enters cannot be told" for name in found.updating
    ]


def _count(label: str, number: int, words: str) -> Content:
    return muted(label.ljust(18)) + Content(f"{number:>7,}  {words}")


def names(movers: Sequence[Mover], most: int = SHOWN) -> list[Content]:
    """Return the first of them with what decides it, and how many more there are."""
    lines = [shown(clean(one.name, 22)).pad_right(max(24 - shown(clean(one.name, 22)).cell_length, 1))
             + muted(clean(one.why, 40)) for one in movers[:most]]  # fmt: skip
    if len(movers) > most:
        lines.append(muted(f"and {len(movers) - most:,} more     w lists all"))
    return lines


def everybody(found: Effects) -> Content:
    """Return everybody who moves, with what decides it."""
    lines: list[Content] = []
    for title, movers in (("Leave", found.leave), ("Enter", found.enter), ("Cannot tell", found.unknown)):
        lines.append(Content.styled(f"{title} ({len(movers):,})", "bold"))
        lines += [*names(movers, len(movers)), Content("")]
    return Content("\n").join([*lines, muted("Evaluated here. The service decides.")])


def held(found: Effects, threshold: int | None) -> str:
    """Return how the removals stand against the threshold, those that cannot be told counted in."""
    if not found.worst:
        return "✓ no removals"
    removals = f"{found.worst:,} removal{'s' * (found.worst != 1)}"
    if threshold is None:
        return f"! {removals}, and no threshold holds them"
    if found.holds(threshold):
        return f"■ {removals}: the threshold of {threshold:,} holds them"
    return f"✓ {removals}, below the threshold of {threshold:,}"


def consequences(found: Effects | None, threshold: int | None, target: str, *, runs: bool) -> list[str]:
    """Return what saving does, a line each, the symbol first."""
    if found is None:
        return ["? People were not read: who leaves and enters cannot be told.", _cycle(None, runs=runs)]
    lines = [_cycle(found.read, runs=runs)]
    if found.leave:
        many = people_do(len(found.leave), "leaves", "leave")
        lines.append(f"✗ {many}: {leaving(found)} in {target}. {_against(found, threshold)}")
    if found.enter:
        lines.append(f"! {people_do(len(found.enter), 'enters', 'enter')}: {arriving(found)} in {target}.")
    if found.changed:
        each = ", ".join(f"{name} for {count:,}" for name, count in found.changes if count)
        lines.append(f"! {people_do(found.changed, 'changes', 'change')}: {clean(each)}.")
    if found.unknown:
        listed = ", ".join(f"{clean(one.name, 30)} ({clean(one.why, 60)})" for one in found.unknown[:3])
        more = ", …" if len(found.unknown) > 3 else ""
        lines.append(f"? Of {len(found.unknown):,} it cannot be told: {_either(found)}. {listed}{more}.")
    lines += [f"{line}." for line in unsettled(found)]
    if found.untold:
        attributes = clean(", ".join(found.untold))
        lines.append(f"? Whom {attributes} changes cannot be told: it takes what is not read here.")
    if found.failed:
        lines.append(f"✗ {found.failed:,} values cannot be worked out: the service would fail these people.")
    if len(lines) == 1:
        lines.append("✓ Nobody leaves, enters or changes.")
    return [*lines, "✓ The schema as it is now is kept: restore it under @, Changes."]


def _against(found: Effects, threshold: int | None) -> str:
    if not found.worst:
        return "Nothing is removed."
    if threshold is None:
        return "No threshold holds them."
    kept = f"The threshold of {threshold:,} holds them."
    return kept if found.holds(threshold) else f"Below the threshold of {threshold:,}."


def _cycle(read: int | None, *, runs: bool) -> str:
    if not runs:
        return "! The job is paused: a full cycle begins when it is started."
    who = "everybody in scope is" if read is None else people_do(read, "is", "are")
    every = "" if read is None or read == 1 else "all "
    return f"! Saving starts a full cycle: {every}{who} evaluated again. It may take long."
