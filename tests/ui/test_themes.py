"""The colours: readable, complete, and gone where they are not wanted."""

import pytest
from textual.color import Color
from textual.theme import BUILTIN_THEMES, Theme

from xtsync_tui.ui.themes import THEMES, role_defaults

OWN = [theme for theme in THEMES if not theme.ansi]
TEXTS = ("text", "muted", "source", "target", "ok", "warning", "error", "focus")
PAIRS = [("cursor-text", "cursor"), ("source-band-text", "source-band"), ("target-band-text", "target-band")]


def luminance(color: str) -> float:
    red, green, blue = (
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4
        for part in Color.parse(color).normalized
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(front: str, back: str | None) -> float:
    assert back is not None
    light, dark = sorted((luminance(front), luminance(back)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", OWN, ids=lambda theme: theme.name)
@pytest.mark.parametrize("role", TEXTS)
def test_every_text_colour_can_be_read(theme: Theme, role: str) -> None:
    assert contrast(theme.variables[f"x-{role}"], theme.background) >= 4.5
    assert contrast(theme.variables[f"x-{role}"], theme.surface) >= 4.5


@pytest.mark.parametrize("theme", OWN, ids=lambda theme: theme.name)
@pytest.mark.parametrize(("front", "back"), PAIRS)
def test_every_band_can_be_read(theme: Theme, front: str, back: str) -> None:
    variables = theme.variables
    assert contrast(variables[f"x-{front}"], variables[f"x-{back}"]) >= 6


@pytest.mark.parametrize("name", BUILTIN_THEMES)
def test_a_built_in_theme_has_every_role(name: str) -> None:
    roles = {role for role in OWN[0].variables if role.startswith("x-")}
    assert roles <= set(role_defaults(BUILTIN_THEMES[name]))


def test_the_ansi_theme_uses_the_terminals_colours_only() -> None:
    ansi = next(theme for theme in THEMES if theme.ansi)
    assert [
        value
        for name, value in ansi.variables.items()
        if name.startswith("x-") and not value.startswith("ansi_")
    ] == []
