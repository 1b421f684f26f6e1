"""The columns of the access settings, for a width and the sides that fit it."""

from collections.abc import Mapping, Sequence
from typing import Any

from textual.content import Content

from xtsync_tui.model import Side
from xtsync_tui.text import clean, shorten_id
from xtsync_tui.ui.render import state
from xtsync_tui.ui.screens.access import text
from xtsync_tui.ui.screens.setup.text import MARKS
from xtsync_tui.ui.widgets.columns import Column
from xtsync_tui.ui.widths import WIDE
from xtsync_tui.workspace.access_reading import PartnerRow
from xtsync_tui.workspace.access_settings import SettingRow
from xtsync_tui.workspace.external import ExternalRow
from xtsync_tui.workspace.setup import Mark

ROOMY = 110
"""Columns from which the rows stand indented under the heads of their sections."""


def block(terminal: int) -> tuple[int, int]:
    """Return the widths of the settings' names and of the columns of one side, gaps included."""
    if terminal < WIDE:
        return 34, 42
    title = 34 if terminal >= 120 else 32 if terminal >= ROOMY else 26
    # Two blanks at the left edge, a gap after the names, one column for the scroll bar.
    return title, min((terminal - title - 5 + 2) // 2, 48)


def pair_columns(terminal: int, sides: Sequence[Side]) -> list[Column[Any]]:
    """Return the names of the settings, and the three values of each side that is shown."""
    title, width = block(terminal)
    value = 9 if terminal >= ROOMY or terminal < WIDE else 7
    names: Column[Any] = Column(
        "Setting",
        lambda row: row.setting.title,
        lambda row: _named(row.setting.title, terminal),
        name="setting",
        width=title,
    )
    return [names, *(column for side in sides for column in _of_side(side, value, width - value - 9 - 6))]


def _named(title: str, terminal: int) -> Content:
    """Return a setting's name: indented where there is room, its direction short where there is little."""
    if terminal >= ROOMY:
        return Content(f"  {title}")
    narrow = WIDE <= terminal < ROOMY
    return Content(title.replace(", outbound", ", out").replace(", inbound", ", in") if narrow else title)


def _of_side(side: Side, value: int, width: int) -> list[Column[SettingRow]]:
    return [
        Column(
            "Default",
            lambda row: row.cells[side].default,
            lambda row: text.own(row.cells[side].default),
            long=f"{side.name} default",
            name=f"{side.value}-default",
            width=value,
        ),
        Column(
            "Partner",
            lambda row: row.cells[side].partner,
            lambda row: text.own(row.cells[side].partner),
            long=f"{side.name} partner",
            name=f"{side.value}-partner",
            width=9,
        ),
        Column(
            "Effective",
            lambda row: row.cells[side].effective,
            lambda row: text.effective(row.setting, row.cells[side]),
            long=f"{side.name} effective",
            name=side.value,
            width=width,
        ),
    ]


def partner_columns(terminal: int) -> list[Column[PartnerRow]]:
    """Return who a partner is, and whether it may synchronize in."""
    return [
        Column("Partner", lambda row: row.name or "? not told", name="partner", grow=True, most=30),
        Column("Domain", lambda row: row.domain or "?", grow=True, most=30),
        Column(
            "Tenant id",
            lambda row: row.partner.tenant_id,
            lambda row: Content(
                clean(row.partner.tenant_id) if terminal >= WIDE else shorten_id(row.partner.tenant_id)
            ),
            name="id",
        ),
        Column("Users sync in", lambda row: partner_values(row)[0][1], name="sync"),
    ]


def partner_values(row: PartnerRow) -> list[tuple[str, str]]:
    """Return what the entry of a partner says, as label and value."""
    consent = row.partner.consent
    words = {None: "not set", True: "on", False: "off"}
    allowed = row.partner.identity_synchronization and row.partner.identity_synchronization.users_allowed
    unneeded = row.of_pair and row.side is Side.SOURCE and not allowed
    return [
        ("Users may sync in", "allowed" if allowed else "– not needed" if unneeded else "off"),
        (
            "Redeems invitations",
            f"outbound {words[consent.outbound_allowed]}, inbound {words[consent.inbound_allowed]}",
        ),
    ]


def external_columns(terminal: int, sides: Mapping[Side, str]) -> list[Column[ExternalRow]]:
    """Return the settings of the whole tenant, with the value of each side that is shown."""
    names: Column[ExternalRow] = Column(
        "Setting", lambda row: row.title, name="setting", width=min(40, terminal // 2)
    )
    return [names, *(_tenant_wide(side, name) for side, name in sides.items())]


def _tenant_wide(side: Side, name: str) -> Column[ExternalRow]:
    def shown(row: ExternalRow) -> Content:
        mark, words = row.mark(side), clean(row.words(side))
        return Content(words) if mark is Mark.NONE else state(f"{MARKS[mark]} {words}")

    head = f"{side.name} {clean(name)}"
    tint = f"$x-{side.value}"
    return Column(head, lambda row: row.words(side), shown, name=side.value, most=36, grow=True, tint=tint)
