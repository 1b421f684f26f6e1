"""What the tests of mappings share: a configured pair."""

import pytest

from tests.workspace.stage import Stage


@pytest.fixture
def stage() -> Stage:
    return Stage("configured")
