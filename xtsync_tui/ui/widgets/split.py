"""A list with its detail: side by side from 100 columns, the detail as a strip under it below that."""

from textual.containers import Container
from textual.widget import Widget

from xtsync_tui.ui.widgets.detail import Detail


class Split(Container):
    """``below`` keeps the detail under the list at every width."""

    def __init__(self, *lists: Widget, below: bool = False) -> None:
        self.detail = Detail()
        super().__init__(*lists, self.detail, classes="-below" if below else "")
