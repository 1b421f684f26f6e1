"""A stage with nothing set up."""

import pytest

from tests.workspace.stage import Stage


@pytest.fixture
def stage() -> Stage:
    return Stage()
