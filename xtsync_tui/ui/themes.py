"""The colours: the only module with hex values.

Renderers and the style sheet name roles (``$x-source``, ``$x-ok``). Every theme gets a value for every role:
the own themes bring theirs, Textual's built-in themes derive them, ANSI themes use the terminal's colours.
"""

from textual.theme import BUILTIN_THEMES, Theme

DARK = "xtsync-dark"
LIGHT = "xtsync-light"
ANSI = "xtsync-ansi"


def _theme(name: str, *, dark: bool, **role: str) -> Theme:
    ansi = role["background"] == "ansi_default"
    return Theme(
        name=name,
        dark=dark,
        primary=role["focus"],
        secondary=role["source"],
        accent=role["target"],
        warning=role["warning"],
        error=role["error"],
        success=role["ok"],
        foreground=role["text"],
        background=role["background"],
        surface=role["surface"],
        panel=role["surface"],
        ansi=ansi,
        variables=(BUILTIN_THEMES["ansi-dark"].variables if ansi else {}) | _variables(role),
    )


def _variables(role: dict[str, str]) -> dict[str, str]:
    names = ("text", "muted", "source", "target", "ok", "warning", "error", "focus", "rule")
    bands = ("cursor", "cursor-text", "source-band", "source-band-text", "target-band", "target-band-text")
    own = {f"x-{name}": role[name.replace("-", "_")] for name in names + bands}
    return own | {
        "block-cursor-background": role["cursor"],
        "block-cursor-foreground": role["cursor_text"],
        "block-cursor-text-style": "none",
        "border": role["focus"],
        "border-blurred": role["rule"],
        "scrollbar": role["rule"],
        "scrollbar-background": role["surface"],
        "scrollbar-hover": role["muted"],
        "scrollbar-active": role["focus"],
    }


_DARK = _theme(
    DARK,
    dark=True,
    background="#12161c",
    surface="#1b212a",
    text="#e6edf3",
    muted="#9aa7b4",
    source="#a9d0f5",
    target="#dd6cf0",
    ok="#56d364",
    warning="#e3c04f",
    error="#ff7b72",
    focus="#4c9be8",
    cursor="#2a5285",
    cursor_text="#ffffff",
    source_band="#173a5e",
    source_band_text="#e6f2ff",
    target_band="#55215c",
    target_band_text="#fbeaff",
    rule="#3f4a59",
)

_LIGHT = _theme(
    LIGHT,
    dark=False,
    background="#fbfcfd",
    surface="#eceff3",
    text="#1b222b",
    muted="#55606c",
    source="#0f2757",
    target="#b010b8",
    ok="#1a6b2d",
    warning="#7a5a00",
    error="#b3261e",
    focus="#1f5fa8",
    cursor="#1f5fa8",
    cursor_text="#ffffff",
    source_band="#cfe2f7",
    source_band_text="#0b2d5c",
    target_band="#f3d3f4",
    target_band_text="#5e0a5c",
    rule="#aab4bf",
)

_ANSI = _theme(
    ANSI,
    dark=True,
    background="ansi_default",
    surface="ansi_default",
    text="ansi_default",
    muted="ansi_default",
    source="ansi_cyan",
    target="ansi_magenta",
    ok="ansi_green",
    warning="ansi_yellow",
    error="ansi_red",
    focus="ansi_default",
    cursor="ansi_default",
    cursor_text="ansi_default",
    source_band="ansi_default",
    source_band_text="ansi_cyan",
    target_band="ansi_default",
    target_band_text="ansi_magenta",
    rule="ansi_default",
)

THEMES = (_DARK, _LIGHT, _ANSI)


def role_defaults(theme: Theme) -> dict[str, str]:
    """Return a value for every role, for a theme that does not bring its own."""
    if theme.ansi:
        return _ANSI.variables
    return _DARK.variables if theme.dark else _LIGHT.variables
