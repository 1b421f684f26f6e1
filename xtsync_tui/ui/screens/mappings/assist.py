"""What stands below the editor, always in the same place: errors, then candidates or the function's help."""

from collections.abc import Sequence

from textual.content import Content

from xtsync_tui.engine.expressions import Candidate, Signature
from xtsync_tui.text import clean
from xtsync_tui.ui.frame import rule
from xtsync_tui.ui.render import cut_end, muted, state
from xtsync_tui.workspace.mappings.judging import Judged

NAME = 30
KIND = 12


def errors(judged: Judged | None, where: str, *, quiet: bool = False) -> Content:
    """Return the line of errors: what is wrong and where, or that nothing is.

    ``quiet`` says that nothing was typed yet: then what is missing is no error.
    """
    if judged is None:
        return muted("…")
    if quiet and not judged.good:
        return muted(clean(judged.refusals[0])) if judged.refusals else Content("")
    if judged.problem is not None:
        return state(f"✗ {where} {clean(judged.problem)}")
    if judged.refusals:
        more = f" (and {len(judged.refusals) - 1} more)" if len(judged.refusals) > 1 else ""
        return state(f"✗ {clean(judged.refusals[0])}{more}")
    return state("✓ no errors")


def warnings(judged: Judged | None, lacking: Sequence[str], most: int) -> list[Content]:
    """Return what to know about an expression that works, a line each; who lacks what it reads first."""
    hints = [hint.message for hint in judged.hints] if judged is not None else []
    return [state(f"! {clean(words)}") for words in [*lacking, *hints][:most]]


def candidates(found: Sequence[Candidate], at: int, rows: int, width: int, total: str) -> Content:
    """Return the candidates around the chosen one, and the keys that work on them."""
    listed = max(rows - 1, 1)
    first = min(max(at - listed + 1, 0), max(len(found) - listed, 0))
    lines = []
    for number, each in enumerate(found[first : first + listed], first):
        shown = each.text if each.kind.value == "attribute" else each.name
        name = cut_end(clean(shown), NAME).ljust(NAME)
        line = Content(
            f"{'▌' if number == at else ' '} {name} {each.kind.value.ljust(KIND)}{clean(each.detail)}"
        )
        line = line.truncate(width, ellipsis=True)
        lines.append(line.stylize("bold") if number == at else line)
    lines += [Content("")] * (listed - len(lines))
    lines.append(muted(f"  tab takes it · esc closes · {total}"))
    return Content("\n").join(lines)


def help_of(signature: Signature | None, width: int) -> Content:
    """Return the signature of the call around the caret and its help, or how to get one."""
    if signature is None:
        return muted("Letters complete functions, [ completes attributes, f4 lists all that fits.")
    told = signature.description
    here = f" · now {signature.parameter}" if signature.parameter else " · too many arguments"
    text = Content(told.help)
    example = muted(told.example) if told.example else Content("")
    return Content("\n").join([rule(told.signature + here, width), text, example])
