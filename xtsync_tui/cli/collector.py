"""Keeps Python's garbage collector from holding up keys."""

import gc


def settle() -> None:
    """Put what lives as long as the program out of the collector's sight, and let it come in short steps.

    A full search stops every thread: with an emulated tenant or many people for 100 ms and more, and each
    screen that is drawn brings it nearer. Young objects are searched as often as ever, a few at a time;
    everything only after some five million new objects.
    """
    gc.freeze()
    gc.set_threshold(1_000, 5, 1_000)
