"""What a draft does to people, in words: beside the filters, and in the dialog that saves. All pure."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from textual.content import Content

from xtsync_tui.text import clean
from xtsync_tui.ui.frame import rule
from xtsync_tui.ui.render import muted, people_count, people_do, shown, state
from xtsync_tui.workspace.mappings.effects import Effects, Fate, Move, Mover

SHOWN = 5
LABEL = 24

HAPPENS = {
    Fate.REMOVED: ("is soft-deleted in {}", "are soft-deleted in {}"),
    Fate.PERHAPS_REMOVED: (
        "is soft-deleted in {} if the service brought it",
        "are soft-deleted in {} if the service brought them",
    ),
    Fate.ABSENT: ("is not in {}", "are not in {}"),
    Fate.LEFT: ("is left as it is in {}", "are left as they are in {}"),
    Fate.CREATED: ("is created in {}", "are created in {}"),
    Fate.BINNED: (
        "lies in the bin of {}, restored if the service deleted it",
        "lie in the bin of {}, restored if the service deleted them",
    ),
    Fate.FOUND: ("is in {} already", "are in {} already"),
    Fate.NOT_CREATED: ("is not created in {}: Create is off", "are not created in {}: Create is off"),
    Fate.UNKNOWN: (
        "is created in {} or there already: it was not read",
        "are created in {} or there already: it was not read",
    ),
}
"""What becomes of one person and of several, in their order; ``{}`` stands for TARGET."""


@dataclass(frozen=True, slots=True)
class Stakes:
    """What the removals are measured against.

    ``threshold`` is 0 when it is off and None when it cannot be told; ``held`` says that the job is in
    quarantine because of removals; ``everybody`` that all users are in scope, not the assigned only.
    """

    threshold: int | None
    held: bool = False
    everybody: bool = False


def panel(
    found: Effects | None, stakes: Stakes, width: int, height: int, *, read: str = "", hint: str = "",
    edited: bool = True,
) -> Content:  # fmt: skip
    """Return the effect of a draft with as many names of who moves as there is room for.

    ``hint`` says how to see all of them.
    """
    if found is None:
        return muted("No people were read yet: the effect cannot be told.")
    head = Content.styled("Effect of this draft" if edited else "As saved", "bold")
    told = f"{people_count(found.read)} {read}"
    either = f"  or {found.after + len(found.unknown):,}" if found.unknown else ""
    lines = [
        head.pad_right(max(width - head.cell_length - len(told), 1)) + muted(told),
        Content(""),
        _count("in scope as saved", found.before, "" if edited else either),
        *([_count("with this draft", found.after, either)] if edited else []),
        *(line for move in Move for line in _counts(found, move)),
        Content(""),
        *(line for each in verdict(found, stakes) for line in state(each).wrap(width)),
    ]
    end = [Content(""), muted("Evaluated here. The service decides.")]
    room = height - len(lines) - len(end)
    return Content("\n").join([*lines, *_listed(found, width, room, hint), *end])


def _counts(found: Effects, move: Move) -> list[Content]:
    """Return how many move so, and what becomes of them; rare moves only where there are any."""
    movers = found.moving(move)
    if not movers and move in {Move.WAITS, Move.LINGERS}:
        return []
    if move is Move.UNKNOWN:
        return [_count("cannot tell", len(movers), _either(found))]
    fates = found.fates(move)
    label = {Move.LEAVES: "leave", Move.ENTERS: "enter", Move.WAITS: "in scope, not there",
             Move.LINGERS: "out, still there"}[move]  # fmt: skip
    return [
        _count(label, len(movers)),
        *(_count(f"  {fate.value}", fates[fate]) for fate in Fate if fates[fate]),
    ]


def _count(label: str, number: int, words: str = "") -> Content:
    return muted(label.ljust(LABEL)) + Content(f"{number:>6,}  {words}".rstrip())


def _listed(found: Effects, width: int, room: int, hint: str) -> list[Content]:
    """Return the names under the heads of their moves, as many as fit into ``room`` rows."""
    parts = [(move, movers) for move in Move if (movers := found.moving(move))]
    lines: list[Content] = []
    for number, (move, movers) in enumerate(parts):
        share = max((room - len(lines)) // (len(parts) - number) - 2, 1)
        lines += [Content(""), rule(f"{move.value} ({len(movers):,})", width), *names(movers, share, hint)]
    return lines


def strip(
    found: Effects | None, stakes: Stakes, width: int, height: int, *, hint: str = "", edited: bool = True
) -> Content:
    """Return the effect in a few rows, for a narrow terminal."""
    if found is None:
        return muted("No people were read yet: the effect cannot be told.")
    what = "Effect of this draft on" if edited else "As saved, for"
    lines = [rule(f"{what} {people_count(found.read)} · evaluated here", width)]
    removed = f" ({found.worst:,} removed at most)" if found.worst else ""
    lines.append(
        Content(
            f" in scope {found.before:,} → {found.after:,}   leave {len(found.leave):,}{removed}   "
            f"enter {len(found.enter):,}   cannot tell {len(found.unknown):,}"
        )
    )
    lines += [Content(" ") + state(line) for line in verdict(found, stakes)]
    for move in Move:
        if movers := found.moving(move):
            lines.append(_one_line(f" {move.value}: ", movers, width - 1))
    if len(lines) > height:
        lines = [*lines[: height - 1], muted(f" … {hint}")] if hint else lines[:height]
    return Content("\n").join(lines)


def _one_line(head: str, movers: Sequence[Mover], width: int) -> Content:
    """Return as many names as fit into one row, and how many more there are."""
    line, listed = head, 0
    for one in movers:
        name = clean(one.name, 24)
        more = f" and {len(movers) - listed - 1:,} more" if len(movers) > listed + 1 else ""
        longer = f"{line}{' · ' if listed else ''}{name}"
        if listed and Content(longer + more).cell_length > width:
            break
        line, listed = longer, listed + 1
    rest = len(movers) - listed
    return Content(f"{line} and {rest:,} more" if rest else line).truncate(width, ellipsis=True)


def _either(found: Effects) -> str:
    leaving = sum(one.inside for one in found.unknown)
    staying = len(found.unknown) - leaving
    told = [f"{leaving:,} may leave"] if leaving else []
    return ", ".join([*told, *([f"{staying:,} may be in scope or not"] if staying else [])])


def becoming(fates: Counter[Fate], target: str) -> str:
    """Return what becomes of people: ``are created in TARGET Fabrikam``, or how many of them each thing."""
    parts = [fate for fate in Fate if fates[fate]]
    if len(parts) == 1:
        return HAPPENS[parts[0]][fates[parts[0]] != 1].format(target)
    where = [target, *["TARGET"] * len(parts)]
    told = (
        f"{fates[fate]:,} {HAPPENS[fate][fates[fate] != 1].format(place)}"
        for fate, place in zip(parts, where, strict=False)
    )
    return ", ".join(told)


def unsettled(found: Effects) -> list[str]:
    """Return the groups of which it is not known who belongs to them, a line each."""
    return [
        f"? group {clean(name, 30)} is updating: who else enters cannot be told" for name in found.updating
    ]


def names(movers: Sequence[Mover], most: int, hint: str = "") -> list[Content]:
    """Return the first of them with what decides it, and how many more there are."""
    shown_ = movers if len(movers) <= most else movers[: max(most - 1, 1)]
    lines = [shown(clean(one.name, 22)).pad_right(max(24 - shown(clean(one.name, 22)).cell_length, 1))
             + muted(clean(one.why, 40)) for one in shown_]  # fmt: skip
    if len(movers) > len(shown_):
        lines.append(muted(f"and {len(movers) - len(shown_):,} more     {hint}".rstrip()))
    return lines


def verdict(found: Effects, stakes: Stakes) -> list[str]:
    """Return how the removals stand against the threshold, and what else is to be known, a line each."""
    empty = ["! Nobody is in scope any more"] if found.empties else []
    return [*empty, against(found, stakes), *_held(found, stakes), *unsettled(found)]


def against(found: Effects, stakes: Stakes) -> str:
    """Return how the removals stand against the threshold, those that cannot be told counted in."""
    if not found.worst:
        return "✓ no removals"
    sure = found.worst == found.fates(*Move)[Fate.REMOVED]
    removals = f"{'' if sure else 'up to '}{found.worst:,} removal{'s' * (found.worst != 1)}"
    if stakes.threshold is None:
        return f"? {removals}; it cannot be told whether a threshold holds them"
    if stakes.threshold == 0:
        return f"! {removals}, and no threshold holds them"
    if found.holds(stakes.threshold):
        return f"■ {removals}: the threshold of {stakes.threshold:,} holds them"
    return f"✓ {removals}, below the threshold of {stakes.threshold:,}"


def _held(found: Effects, stakes: Stakes) -> list[str]:
    """Return, while removals are held, how many of those people the draft brings back into scope."""
    if not stakes.held:
        return []
    back = sum(one.fate is Fate.FOUND for one in found.enter)
    waiting = back + len(found.moving(Move.LINGERS))
    return [f"■ Removals are held now: {back:,} of {people_count(waiting)} come back into scope"]


def consequences(found: Effects | None, stakes: Stakes, target: str, *, runs: bool) -> list[str]:
    """Return what saving does, a line each, the symbol first; ``target`` is ``TARGET Fabrikam``."""
    if found is None:
        return [
            _cycle(None, stakes, runs=runs),
            "? People were not read: whom the full cycle creates, changes and removes cannot be told.",
        ]
    told = [
        *moves(found, target),
        *_changes(found, target),
        *(f"{line}." for line in unsettled(found)),
    ]
    if found.worst:
        told.append(f"{against(found, stakes)}.")
    told += [f"{line}." for line in _held(found, stakes)]
    lines = [_cycle(found.read, stakes, runs=runs), *(told or ["✓ Nobody is created, changed or removed."])]
    return [*lines, "✓ The schema as it is now is kept: u under @, Changes, takes the save back."]


def moves(found: Effects, target: str) -> list[str]:
    """Return who leaves, enters, is created and may be removed."""
    lines = ["! Nobody is in scope any more."] if found.empties else []
    if found.leave:
        lines.append(f"✗ {_who(found, Move.LEAVES, 'leaves', 'leave', target)}")
    if found.moving(Move.LINGERS):
        one, many = "is out of scope already", "are out of scope already"
        lines.append(f"✗ {_who(found, Move.LINGERS, one, many, target)}")
    if found.enter:
        lines.append(f"! {_who(found, Move.ENTERS, 'enters', 'enter', target)}")
    if found.moving(Move.WAITS):
        one, many = "in scope is not there yet", "in scope are not there yet"
        skipped = " Anyone with SMS sign-in on is skipped." if found.fates(Move.WAITS)[Fate.CREATED] else ""
        lines.append(f"! {_who(found, Move.WAITS, one, many, target)}{skipped}")
    if found.unknown:
        listed = ", ".join(f"{clean(one.name, 30)} ({clean(one.why, 60)})" for one in found.unknown[:3])
        more = ", …" if len(found.unknown) > 3 else ""
        lines.append(f"? Of {len(found.unknown):,} it cannot be told: {_either(found)}. {listed}{more}.")
    return lines


def _who(found: Effects, move: Move, one: str, many: str, target: str) -> str:
    movers, fates = found.moving(move), found.fates(move)
    joint = " and" if len([fate for fate in fates if fates[fate]]) == 1 else ":"
    return f"{people_do(len(movers), one, many)}{joint} {becoming(fates, target)}."


def _changes(found: Effects, target: str) -> list[str]:
    """Return who gets other values, and what of that cannot be told."""
    lines = []
    if found.changed:
        each = ", ".join(f"{name} for {count:,}" for name, count in found.changes if count)
        lines.append(f"! {people_do(found.changed, 'changes', 'change')} in {target}: {clean(each)}.")
    lines += [
        f"– {people_do(count, 'keeps', 'keep')} another {clean(name)}: it applies on creation only."
        for name, count in found.kept
    ]
    if found.untold:
        attributes = clean(", ".join(found.untold))
        lines.append(f"? Whom {attributes} changes cannot be told: it takes what is not read here.")
    if found.failed:
        lines.append(f"✗ {found.failed:,} values cannot be worked out: the service would fail these people.")
    return lines


def _cycle(read: int | None, stakes: Stakes, *, runs: bool) -> str:
    if not runs:
        return "! The job is paused: a full cycle begins when it is started."
    if read is None:
        who = "everybody in scope is"
    else:
        every = "" if read == 1 else "all "
        assigned = "" if stakes.everybody else "assigned "
        who = f"{every}{read:,} {assigned}{'person is' if read == 1 else 'people are'}"
    return f"! Saving starts a full cycle: {who} evaluated again. It may take long."
