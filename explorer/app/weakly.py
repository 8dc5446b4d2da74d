"""Slots that are not called any more once Python collects what they belong to.

A method without `@Slot` is known to Qt by what PySide keeps in its object's own dictionary. Where
an object goes with a cycle of others, the collector empties that first: a signal of the object's
parts, which go after, finds "Slot 'GraphScene::' not found", or with `@Slot` half an object.
"""

from collections.abc import Callable
from typing import Any
from weakref import WeakMethod

import shiboken6


def weakly(method: Callable[..., object]) -> Callable[..., None]:
    """Calls that bound method, for as long as neither Python nor Qt ends what it is bound to."""
    known: WeakMethod[Any] = WeakMethod(method)

    def call(*arguments: Any) -> None:
        alive = known()
        if alive is not None and shiboken6.isValid(alive.__self__):
            alive(*arguments)

    return call
