"""What the sign-in says, as pure text: the code, the address, the refusal, and what is asked for."""

from datetime import datetime
from textwrap import wrap

from textual.content import Content

from xtsync_tui.errors import SignInFailed
from xtsync_tui.text import clean
from xtsync_tui.ui.render import duration, muted
from xtsync_tui.workspace.sign_in import BrowserAddress, DeviceCode, Need, Step, read_scopes, reason

EXPIRED = "Expired. n asks for a new code."
ADDRESS_LINES = 3
"""Lines of a browser's address that are shown; i shows it whole."""

MEANT = 20
"""Cells that the reason of a permission has at least."""

_NAMED = 3
_BOX = 23
_INDENT = " " * 7
_STEP = " " * 4


def heading(need: Need, name: str) -> str:
    """Return ``Sign in to TARGET Fabrikam``."""
    again = " again" if need.account else ""
    return f"Sign in{again} to {need.side.name} {clean(name or need.tenant)}"


def why(need: Need) -> Content:
    """Return why somebody has to sign in again: the permissions by name and reason, else what happened."""
    if need.reasons:
        rows = [Content.styled("Writing this needs a permission that was not asked for yet:", "bold")]
        rows += [Content(f"  {clean(name)}  ") + muted(f"to {clean(text)}") for name, text in need.reasons]
        return Content("\n").join(rows)
    title, detail = need.title.rstrip("."), need.detail.rstrip(".")
    if detail.startswith("("):  # a code alone belongs to the sentence
        title, detail = f"{title} {detail}", ""
    ended = detail.endswith(")") and ". (" in detail
    told = [f"{title}." if title else "", detail if ended or not detail else f"{detail}."]
    return Content.styled(clean(" ".join(filter(None, told)), 400), "bold")


def code(need: Need, step: DeviceCode, now: datetime, advice: str, width: int) -> Content:
    """Return the three things to do with a device code, and how long it is valid."""
    left = (step.expires_at - now).total_seconds()
    valid = muted(f"   valid for {duration(left)}") if left > 0 else Content.styled(f"   {EXPIRED}", "bold")
    air = [] if advice else [Content("│" + " " * _BOX + "│")]  # advice needs the room
    box = [
        Content("┌" + "─" * _BOX + "┐"),
        *air,
        Content("│") + Content.styled(clean(step.code).center(_BOX), "bold") + "│" + valid,
        *air,
        Content("└" + "─" * _BOX + "┘"),
    ]
    lines = [
        _step(1, "On any device with a browser, open"),
        Content(_INDENT) + Content.styled(clean(step.address), "bold"),
        Content(""),
        _step(2, "Enter this code"),
        Content(""),
        *(Content(" " * 6) + row for row in box),
        Content(""),
        *_who(need, advice, width, 3, coded=True),
    ]
    return Content("\n").join(lines)


def browser(need: Need, step: BrowserAddress, advice: str, width: int) -> Content:
    """Return what to do with the address of a browser sign-in."""
    whole = clean(step.address, 4000)
    shown = wrap(whole, width - 8, break_on_hyphens=False)
    address = [Content(_INDENT) + Content.styled(line, "bold") for line in shown[:ADDRESS_LINES]]
    if len(shown) > ADDRESS_LINES:
        address[-1] = address[-1].truncate(width - 22, ellipsis=True) + muted("  i shows it whole")
    if step.opened:
        lines = [
            _step(1, "Sign in in the browser window that was opened. If none came, open"),
            *address,
            Content(""),
        ]
    else:
        lines = [
            _step(1, "On the computer that has your browser, run:"),
            Content(_INDENT) + Content.styled(clean(step.ssh_command), "bold"),
            Content(""),
            _step(2, "Open this address there (it was sent to the clipboard; Y sends it again):"),
            *address,
            Content(""),
        ]
    number = 2 if step.opened else 3
    return Content("\n").join([*lines, *_who(need, advice, width, number, coded=False)])


def keys(step: Step, failed: SignInFailed | None) -> list[tuple[str, str]]:
    """Return id and words of the keys, the most needed first: what they copy depends on what is shown."""
    if failed is not None:
        copied = "Copy correlation id" if failed.correlation_id else "Copy this"
        return [("copy", copied), ("other_way", "Other way"), ("new", "Sign in again")]
    match step:
        case DeviceCode():
            return [
                ("copy", "Copy code"),
                ("copy_as", "Copy address"),
                ("other_way", "Other way"),
                ("new", "New code"),
            ]
        case BrowserAddress(opened=False):
            return [
                ("copy", "Copy command"),
                ("copy_as", "Copy address"),
                ("other_way", "Other way"),
                ("new", "Again"),
            ]
        case BrowserAddress():
            return [("copy", "Copy address"), ("other_way", "Other way"), ("new", "Again")]
    return [("other_way", "Other way")]


def refusal(error: SignInFailed) -> Content:
    """Return why nobody is signed in, what helps, and the keys."""
    parts = [Content.styled(f"✗ {clean(error.title)}", "bold $x-error")]
    parts += [Content(clean(text, 2000, lines=True)) for text in (error.detail, error.hint) if text]
    if error.correlation_id:
        parts.append(muted(f"Correlation id {clean(error.correlation_id)}"))
    keys = "n  sign in again        o  another way"
    copied = "y  copy the correlation id" if error.correlation_id else "y  copy this for a colleague"
    parts.append(Content(f"{keys}\n{copied}"))
    return Content("\n\n").join(parts)


def asked_for(need: Need, width: int) -> Content:
    """Return which permissions this sign-in asks for, in short."""
    names = read_scopes(need.side)
    rest = f" and {len(names) - _NAMED} more (i lists them)" if len(names) > _NAMED else ""
    text = f"Asks only to read: {', '.join(names[:_NAMED])}{rest}. Writing is asked for when you first write."
    return muted(_wrapped(text, width))


def technical(need: Need, address: str, width: int) -> str:
    """Return everything that is asked for with its reason, and the whole address."""
    names = (*read_scopes(need.side), *(name for name, _ in need.reasons))
    size = max(map(len, names))
    rows = [_listed(f"{clean(name).ljust(size)}  to ", clean(reason(name)), width) for name in names]
    lines = [
        f"{need.side.name} {clean(need.tenant)}, by {need.way.replace('-', ' ')}",
        "",
        "Permissions asked for (delegated):",
        *rows,
    ]
    return "\n".join([*lines, "", "Address:", clean(address, 4000)] if address else lines)


def _step(number: int, text: str) -> Content:
    return Content(" ") + Content.styled(str(number), "bold") + f"  {text}"


def _who(need: Need, advice: str, width: int, number: int, *, coded: bool) -> list[Content]:
    """Return who has to sign in, and what to look at; ``coded`` warns of codes that somebody sent."""
    if advice:
        first, *more = advice.splitlines()
        return [_step(number, first), *(Content(_STEP + line) for line in more)]
    who = clean(need.account) or f"an admin of {clean(need.tenant)}"
    text = f"Sign in as {who}. Check the name on the page: it must read xtsync-tui."
    if coded:
        text += " Never enter a code that someone else sent you."
    first, *more = wrap(text, width - 7, break_on_hyphens=False)
    return [_step(number, first), *(Content(_STEP + line) for line in more)]


def _listed(head: str, text: str, width: int) -> str:
    """Return a row whose text goes on under its beginning."""
    first, *more = wrap(text, max(width - len(head), MEANT)) or [""]
    return "\n".join([head + first, *(" " * len(head) + line for line in more)])


def _wrapped(text: str, width: int) -> str:
    return "\n".join(f" {line}" for line in wrap(text, width - 4))
