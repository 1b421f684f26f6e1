"""Whose timeline it is: the person of the row that was chosen last, or whom another screen asked for."""

from typing import TYPE_CHECKING

from xtsync_tui.workspace.logs.lines import Line, Person

if TYPE_CHECKING:
    from xtsync_tui.workspace.logs.service import LogDesk


class Whose:
    """The person of the timeline; ``person`` is None before anybody was chosen."""

    def __init__(self) -> None:
        self.person: Person | None = None
        self._chosen: Line | None = None
        """The row that was chosen on purpose in a log."""
        self._about: Line | None = None
        """The row of which it is still to be told whom it is about."""

    def leave(self, line: Line | None, *, on_purpose: bool) -> None:
        """Note the row under the cursor of a log that is left.

        One that only stands there since its tab was passed through does not replace one chosen on purpose.
        """
        about_somebody = line is not None and (line.person_id or line.target_id)
        if about_somebody and (on_purpose or self._chosen is None):
            self._chosen = line

    def arrive(self) -> bool:
        """Take the row that was chosen, as the timeline is shown; return whether it is another person."""
        line, self._chosen = self._chosen, None
        if line is None or self._is_known(line):
            return False
        self._about, self.person = line, Person(line.person)
        return True

    def _is_known(self, line: Line) -> bool:
        person = self.person
        return person is not None and bool(
            (line.person_id and line.person_id == person.source_id)
            or (line.target_id and line.target_id == person.target_id)
        )

    def send(self, source_id: str) -> None:
        """Take the person with this object id in SOURCE: another screen asks for the timeline."""
        self.person, self._about, self._chosen = Person("", source_id), None, None

    async def told(self, desk: "LogDesk") -> Person | None:
        """Return the person with the ids on both sides, as far as they can be told."""
        if self._about is not None:
            self.person, self._about = await desk.person_of(self._about), None
        return self.person
