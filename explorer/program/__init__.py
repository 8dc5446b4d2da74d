"""What runs: a graph compiled to straight-line calls, and ways to run, step and check them."""

from explorer.program.breakpoints import (
    Breakpoint,
    Lookout,
    Met,
    NodeBreakpoint,
    ValueBreakpoint,
)
from explorer.program.compiler import compile
from explorer.program.inspection import TensorSummary, inspect, summarize
from explorer.program.program import Call, Operand, Program
from explorer.program.session import FeedError, Session, WeightsError
from explorer.program.stepper import Stepper
from explorer.program.verify import Verification, verify

__all__ = [
    "Breakpoint",
    "Call",
    "FeedError",
    "Lookout",
    "Met",
    "NodeBreakpoint",
    "Operand",
    "Program",
    "Session",
    "Stepper",
    "TensorSummary",
    "ValueBreakpoint",
    "Verification",
    "WeightsError",
    "compile",
    "inspect",
    "summarize",
    "verify",
]
