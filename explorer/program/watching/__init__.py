"""Watch expressions: dw.norm() / w.norm() where a walk stands, computed safely."""

from explorer.program.watching.arithmetic import Value
from explorer.program.watching.errors import WatchedTooEarlyError, WatchError
from explorer.program.watching.evaluator import evaluate
from explorer.program.watching.functions import FUNCTIONS, PROPERTIES
from explorer.program.watching.names import Names, Scope
from explorer.program.watching.reading import Reading, in_full, read

__all__ = [
    "FUNCTIONS",
    "PROPERTIES",
    "Names",
    "Reading",
    "Scope",
    "Value",
    "WatchError",
    "WatchedTooEarlyError",
    "evaluate",
    "in_full",
    "read",
]
