"""What is done to Python's garbage collector, so that it holds up no key."""

import gc
import weakref
from collections.abc import Iterator

import pytest

from xtsync_tui.cli.collector import settle


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    threshold = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*threshold)


def test_what_lives_as_long_as_the_program_is_searched_no_more() -> None:
    lasting = [object() for _ in range(100)]
    settle()
    assert gc.get_freeze_count() > len(lasting)
    assert not any(each is lasting for each in gc.get_objects())


def test_the_young_are_searched_often_and_everything_seldom() -> None:
    settle()
    young, middle, old = gc.get_threshold()
    assert gc.isenabled()
    assert young <= 1_000
    assert young * middle * old >= 5_000_000


def test_what_dies_after_it_is_still_collected() -> None:
    class Node:
        me: "Node"

    settle()
    node = Node()
    node.me, gone = node, weakref.ref(node)
    del node
    gc.collect(0)
    assert gone() is None
