"""The way to a person from any other screen."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from xtsync_tui.ui.app import XtSyncApp


async def open_person(app: "XtSyncApp", user_id: str, do: str = "", name: str = "") -> None:
    """Go to People and open the person with this id (or user principal name) in SOURCE.

    ``do`` opens a dialog there at once: ``"provision"`` or ``"assign"``. ``name`` is shown while reading.
    """
    from xtsync_tui.ui.screens.people.person import PersonScreen

    await app.go("people")
    while isinstance(app.screen, PersonScreen):
        await app.pop_screen()
    await app.push_screen(PersonScreen(user_id, name, do, visited=app.came))
