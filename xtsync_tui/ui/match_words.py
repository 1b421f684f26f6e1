"""What a line of a file of people comes to, in a mark and words."""

from xtsync_tui.workspace.people_files import Line, Match

MARKS = {
    Match.MATCH: "✓",
    Match.AMBIGUOUS: "!",
    Match.NOT_FOUND: "✗",
    Match.ALREADY: "–",
    Match.TWICE: "–",
}


def outcome(line: Line, already: str = Match.ALREADY.value) -> str:
    """Return what a line comes to: ``✓ match``; ``already`` says where somebody is that needs no adding."""
    return f"{MARKS[line.match]} {already if line.match is Match.ALREADY else line.match.value}"
