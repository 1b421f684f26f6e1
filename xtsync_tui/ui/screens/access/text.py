"""The access settings as text: marked values, evidence for one setting, what an edit would send."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from textual.content import Content

from xtsync_tui.errors import XtSyncError
from xtsync_tui.model import Side
from xtsync_tui.text import clean
from xtsync_tui.ui.render import moment, muted, side, state
from xtsync_tui.ui.screens.setup.text import MARKS, brief_path, need_text, request_lines
from xtsync_tui.workspace.access_reading import AccessReading, PartnerRow
from xtsync_tui.workspace.access_settings import NOT_NEEDED, UNKNOWN, Cell, Setting, SettingRow
from xtsync_tui.workspace.external import ExternalRow
from xtsync_tui.workspace.planned import Planned
from xtsync_tui.workspace.setup import Mark, Need

LABEL = 20


def summary(reading: AccessReading, *, narrow: bool) -> str:
    """Return whether a setting stops synchronization, or what was not read."""
    if reading.unread:
        many = "" if narrow else " part" if reading.unread == 1 else " parts"
        return f"! {reading.unread}{many} not read"
    count = reading.stopping
    if narrow and count:
        return f"✗ {count} stop{'s' * (count == 1)} sync"
    if not count and reading.doubtful:
        return "? in order as far as can be told"
    if narrow:
        return "✓ in order"
    if not count:
        return "✓ nothing stops synchronization"
    return f"✗ {'1 setting stops' if count == 1 else f'{count} settings stop'} synchronization"


def own(value: str) -> Content:
    """Return a default or a partner's value: what is inherited or not set is told apart."""
    if value == UNKNOWN:
        return state("?")
    return Content(value) if value in {"allowed", "blocked", "limited", "on", "off"} else muted(value)


def effective(setting: Setting, cell: Cell) -> Content:
    """Return what takes effect, with the mark of what it means for synchronization."""
    if cell.open:
        return state("! not needed")
    if cell.effective == NOT_NEEDED:
        return state("– not needed")
    if cell.mark is not Mark.NONE:
        return state(f"{MARKS[cell.mark]} {cell.effective}")
    return (
        state(f"○ {cell.effective}") if setting.beta and cell.effective == "off" else Content(cell.effective)
    )


def heads(names: Mapping[Side, str], shown: Sequence[Side], start: int, width: int) -> Content:
    """Return the line over the columns: each side with the partner that its settings are about."""
    line = Content(" " * start)
    for each in shown:
        part = side(each, names[each]) + muted(f", partner {clean(names[each.other])}")
        line += part.truncate(width - 2, ellipsis=True, pad=True) + "  "
    return line


def named(purpose: str, which: Side, names: Mapping[Side, str]) -> str:
    """Return what a setting is for, with the tenants by name."""
    here, other, target = (clean(names[each], 40) for each in (which, which.other, Side.TARGET))
    return purpose.format(here=here, other=other, target=f"TARGET {target}")


def setting_title(row: SettingRow | ExternalRow, which: Side, name: str) -> str:
    """Return the head of the detail: the setting and the side under the cursor."""
    title = row.setting.title if isinstance(row, SettingRow) else row.title
    return f"{title} · in {which.name} {clean(name)} · tab for {which.other.name}"


def setting_words(row: SettingRow, which: Side) -> str:
    """Return what a setting is on one side, in words."""
    cell = row.cells[which]
    if cell.failure is not None:
        return f"cannot tell: {cell.failure.detail or cell.failure.title}"
    if cell.effective == NOT_NEEDED:
        own = "not set" if cell.partner == "–" else cell.partner
        if cell.open:
            return f"{own}, though this pair does not need it: {which.other.name} may write here"
        return f"{own}; it does not matter for people who go from SOURCE to TARGET"
    if cell.partner == "not set" and cell.default == "–":
        return "not set, which is off"
    if cell.partner == "not set":
        return "not set, inherits off (this setting always inherits off)"
    if cell.partner == "inherited":
        return f"inherited from the default: {cell.effective}"
    if cell.partner == "limited":
        return "limited to some people or applications: cannot tell whether it lets these in, i shows to whom"
    return f"{cell.partner}, set for this partner"


def setting_detail(
    row: SettingRow,
    which: Side,
    reading: AccessReading,
    names: Mapping[Side, str],
    planned: Sequence[Planned],
    now: datetime,
    width: int,
) -> Content:
    """Return a setting in full: purpose, both sides, what an edit needs and what the repair sends."""
    read = f"read {moment(reading.read_at, now)}"
    rows = [
        (side(each, names[each]), Content(clean(setting_words(row, each), 300)))
        for each in (which, which.other)
    ]
    rows[0] = (rows[0][0], rows[0][1] + muted(f" · {read}"))
    return _detail(
        named(row.setting.told(which), which, names), rows, reading.needs(row.setting, which), planned, width
    )


def external_detail(
    row: ExternalRow,
    which: Side,
    needs: Sequence[Need],
    names: Mapping[Side, str],
    planned: Sequence[Planned],
    reading: AccessReading,
    now: datetime,
    width: int,
) -> Content:
    """Return a setting of the whole tenant in full."""
    rows = [(side(each, names[each]), Content(external_words(row, each))) for each in (which, which.other)]
    rows[0] = (
        rows[0][0],
        rows[0][1] + muted(f" · read {moment(reading.read_at, now)}"),
    )
    return _detail(named(row.purpose, which, names), rows, needs, planned, width)


def external_words(row: ExternalRow, which: Side) -> str:
    """Return what a setting of the whole tenant is, with Graph's own word, or why it cannot be told."""
    value = row.values[which]
    if isinstance(value, XtSyncError):
        return clean(f"cannot tell: {value.detail or value.title}", 300)
    words = row.words(which)
    return words if words == value else clean(f"{words} ({value})")


def _detail(
    purpose: str,
    rows: Sequence[tuple[Content, Content]],
    needs: Sequence[Need],
    planned: Sequence[Planned],
    width: int,
) -> Content:
    lines = [Content(purpose), Content("")]
    for label, value in rows:
        lines += _labelled(label, value, width)
    lines += _needs([need_text(need, told=False) for need in needs], width)
    shown = [line for each in planned for line in request_lines(each.request, width - LABEL)]
    for at, line in enumerate(shown):
        lines += _labelled(muted("Will send" if at == 0 else ""), Content(line), width)
    return Content("\n").join(lines)


def _needs(held: list[Content], width: int) -> list[Content]:
    """Return what it takes, in one line where that fits."""
    together = Content("    ").join(held)
    rows = [together] if together.cell_length <= width - LABEL else held
    return [
        line for at, row in enumerate(rows) for line in _labelled(muted("" if at else "Needs"), row, width)
    ]


def _labelled(label: Content, value: Content, width: int) -> list[Content]:
    wrapped = value.wrap(max(width - LABEL, 30))
    head = label.truncate(LABEL - 2, ellipsis=True, pad=True) + "  "
    return [(head if at == 0 else Content(" " * LABEL)) + line for at, line in enumerate(wrapped)]


def strip(
    words: str, mark: Mark, planned: Sequence[Planned], refused: str, reading: AccessReading, now: datetime
) -> Content:
    """Return a setting in three lines, for a narrow screen; ``refused`` is why it cannot be edited."""
    said = clean(words, 200)
    first = state(f"{MARKS[mark]} {said}") if mark is not Mark.NONE else Content(said)
    if planned:
        request = planned[-1].request
        place = brief_path(request.path).rpartition("/policies/")[2].rpartition("partners/")[2]
        way = f"f sends {request.method} …/{place}, after you have seen it whole"
    else:
        way = f"{refused or 'enter changes it'} · tab shows the other side"
    read = muted(f"read {moment(reading.read_at, now)}")
    return Content("\n").join([first.truncate(78, ellipsis=True), Content(way), read])


def partner_strip(row: PartnerRow, values: Sequence[tuple[str, str]]) -> Content:
    """Return a partner in two lines, for a narrow screen."""
    said = " · ".join(f"{label.lower()}: {value}" for label, value in values)
    return (
        Content(f"{clean(row.partner.tenant_id)} · {clean(row.domain or '? not told')}") + "\n" + muted(said)
    )


def partner_detail(row: PartnerRow, names: Mapping[Side, str], values: Sequence[tuple[str, str]]) -> Content:
    """Return a partner in full: who it is, and what its entry says."""
    who = [
        ("Name", row.name or "? not told"),
        ("Domain", row.domain or "? not told"),
        ("Tenant id", row.partner.tenant_id),
    ]
    lines = [muted(label.ljust(LABEL)) + Content(clean(value)) for label, value in (*who, *values)]
    if row.of_pair:
        target = clean(names[Side.TARGET])
        lines.append(state(f"! The other side of this profile: without it nobody comes into {target}."))
    if row.partner.is_in_multi_tenant_organization:
        lines.append(state("! It belongs to the same multitenant organization."))
    return Content("\n").join(lines)
