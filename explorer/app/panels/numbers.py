"""Numbers as people read them: short, aligned, never wider than they are worth."""

import math

from explorer.graph.quantities import brief, short

__all__ = ["brief", "duration", "percent", "plural", "rate", "shape", "short"]


def percent(share: float) -> str:
    """0.9375 as 93.8 %."""
    return "NaN" if math.isnan(share) else f"{100 * share:.1f} %"


def rate(steps_per_second: float) -> str:
    """Training speed: 2,310 steps/s."""
    digits = 0 if steps_per_second >= 10 else 1
    number = f"{steps_per_second:,.{digits}f}".removesuffix(".0")
    return f"{number} step/s" if number == "1" else f"{number} steps/s"


def duration(seconds: float) -> str:
    """A time span in at most two units: 14 s, 3 min 20 s, 2 h 5 min, 12 days."""
    whole = max(round(seconds), 0)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return _two(whole // 60, "min", whole % 60, "s")
    if whole < 48 * 3600:
        return _two(whole // 3600, "h", whole % 3600 // 60, "min")
    return f"{whole // 86400:,} days"


def plural(count: int, word: str) -> str:
    """1 row, 1,437 rows."""
    return f"{count:,} {word}" if count == 1 else f"{count:,} {word}s"


def shape(sizes: tuple[int, ...]) -> str:
    """A shape as Python writes it: (32, 64), () for a single number."""
    return f"({', '.join(map(str, sizes))}{',' if len(sizes) == 1 else ''})"


def _two(large: int, large_unit: str, small: int, small_unit: str) -> str:
    rest = f" {small} {small_unit}" if small else ""
    return f"{large} {large_unit}{rest}"
