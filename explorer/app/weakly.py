"""Slots that are not called any more once Python collects what they belong to.

A method without `@Slot` is known to Qt by what PySide keeps in its object's own dictionary. Where
an object goes with a cycle of others, the collector empties that first: a signal of the object's
parts, which go after, finds "Slot 'GraphScene::' not found", or with `@Slot` half an object.
"""

from collections.abc import Callable
from typing import Any
from weakref import ref

import shiboken6


def weakly(
    method: Callable[..., object], on_gone: Callable[[Any], object] | None = None
) -> Callable[..., None]:
    """Calls that bound method, for as long as neither Python nor Qt ends what it is bound to.

    `on_gone` is called once Python has ended it.
    """
    owner: ref[Any] = ref(method.__self__, on_gone)  # type: ignore[attr-defined]
    name = method.__name__

    def call(*arguments: Any) -> None:
        alive = owner()
        if alive is not None and shiboken6.isValid(alive):
            getattr(alive, name)(*arguments)

    return call
