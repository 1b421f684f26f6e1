"""What is told of two configurations: only what differs, and what cannot be told as just that."""

from dataclasses import replace

import pytest

from tests.workspace.stage import Stage
from xtsync_tui.errors import XtSyncError
from xtsync_tui.model import Json
from xtsync_tui.ui.screens.configurations.comparing import comparison
from xtsync_tui.workspace.mappings.draft import begin, without_mapping
from xtsync_tui.workspace.mappings.filters import with_action, with_filter
from xtsync_tui.workspace.setup import Clause

pytestmark = pytest.mark.anyio


class Compared:
    """The configuration of the demo, compared with itself as its schema might be."""

    async def read(self) -> "Compared":
        workspace = Stage("configured").workspace()
        await workspace.introduce()
        (one,) = await workspace.configurations.read()
        self.settings = workspace.configurations.settings
        self.whole = await workspace.configurations.whole(one)
        return self

    @property
    def schema(self) -> Json:
        assert not isinstance(self.whole.schema, XtSyncError)
        return self.whole.schema

    def with_(self, schema: Json | XtSyncError) -> str:
        return comparison(self.whole, replace(self.whole, schema=schema), self.settings).plain


async def test_the_same_is_called_the_same() -> None:
    compared = await Compared().read()
    assert compared.with_(compared.schema).startswith("✓ Nothing differs")


async def test_what_was_not_read_is_never_called_the_same() -> None:
    compared = await Compared().read()
    unread = XtSyncError("SOURCE: no answer")
    assert "Mappings and filters\n  Contoso to Fabrikam  there\n" in compared.with_(unread)
    compared.whole = replace(compared.whole, schema=unread)
    assert compared.with_(unread).count("? cannot tell") == 2


async def test_mappings_actions_and_a_second_filter_of_one_name_are_told() -> None:
    compared = await Compared().read()
    draft = begin(compared.schema)
    assert "Mapping city" in compared.with_(without_mapping(draft, "city").document)
    assert "Object actions\n" in compared.with_(with_action(draft, "Delete", on=False).document)
    second = with_filter(draft, "Sales and Engineering", Clause("country", "EQUALS", ("DE",)))
    assert "Filter Sales and Engineering" in compared.with_(second.document)
