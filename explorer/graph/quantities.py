"""Numbers, counts and sizes as people read them."""

import math
from typing import Any

_THOUSANDS = ("", " k", " M", " G", " T", " P")
_BINARY = ("B", "KiB", "MiB", "GiB", "TiB", "PiB")


def short(value: Any) -> str:
    """A number with four significant digits: 0.01234, -1.500, 1.234e-5, 12,345."""
    if isinstance(value, bool | int):
        return f"{int(value):,}" if abs(value) < 10**7 else _scientific(value)
    value = float(value)
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "∞" if value > 0 else "-∞"
    size = abs(value)
    if size == 0:
        return "0"
    if 1e-3 <= size < 999.95:
        return f"{value:#.4g}"
    if 999.95 <= size < 1e7:
        return f"{value:,.0f}"
    return _scientific(value)


def brief(value: float) -> str:
    """A number in few characters: 3.2e-5, 0.42, -12, NaN, ∞."""
    if not math.isfinite(value):
        return short(value)
    size = abs(value)
    if size == 0 or 1e-2 <= size < 999.5:
        return f"{value:.2g}" if size < 99.5 else f"{value:.0f}"
    return _scientific(value, digits=1)


def rounded(count: int) -> str:
    """A count to three digits: 640, 12.3 k, 5.78 M."""
    if count < 1000:
        return str(count)
    return "".join(_scaled(count, 1000, _THOUSANDS))


def in_bytes(size: int) -> str:
    """A size in memory to three digits: 640 B, 12.3 KiB, 1.20 MiB."""
    if size < 1024:
        return f"{size} B"
    return " ".join(_scaled(size, 1024, _BINARY))


def _scaled(number: float, base: int, units: tuple[str, ...]) -> tuple[str, str]:
    power = 0
    while number >= 999.5 and power < len(units) - 1:
        number /= base
        power += 1
    return f"{number:.{2 if number < 9.995 else 1 if number < 99.95 else 0}f}", units[power]


def _scientific(value: float, digits: int = 3) -> str:
    number, power = f"{value:.{digits}e}".split("e")
    return f"{number}e{int(power)}"
