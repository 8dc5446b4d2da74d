"""On Python 3.11 an exception that comes out of an override of a Qt method can end the process.

PySide 6.8 to 6.11 write the override's name into the exception, and take for one what is only its
text as long as C code has raised it and no except clause has seen it. Python 3.12 has no such
half-made exceptions. Where every override has an except clause, there is none either.
"""

import functools
import sys
from collections.abc import Callable, Iterator
from types import FunctionType
from typing import Any
from weakref import WeakSet

import shiboken6

_ALWAYS_WHOLE = (3, 12)
_done: WeakSet[type] = WeakSet()


def guard_overrides() -> None:
    """Give each override of a Qt method that is there by now an except clause, once."""
    if sys.version_info >= _ALWAYS_WHOLE:
        return
    for kind in set(_python_kinds(shiboken6.Object)) - set(_done):
        _done.add(kind)
        of_qt = [vars(base) for base in kind.__mro__[1:] if _is_of_qt(base)]
        for name, method in list(vars(kind).items()):
            if isinstance(method, FunctionType) and any(name in methods for methods in of_qt):
                setattr(kind, name, _guarded(method))


def _guarded(method: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(method)
    def guarded(*args: Any, **settings: Any) -> Any:
        try:
            return method(*args, **settings)
        except BaseException:
            raise

    return guarded


def _python_kinds(kind: type) -> Iterator[type]:
    """The classes below one that are written in Python."""
    below: type
    for below in kind.__subclasses__():
        if not _is_of_qt(below):
            yield below
        yield from _python_kinds(below)


def _is_of_qt(kind: type) -> bool:
    return kind.__module__.partition(".")[0] in ("PySide6", "shiboken6", "Shiboken")
