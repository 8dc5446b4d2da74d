"""Large counts and sizes as people read them."""

_THOUSANDS = ("", " k", " M", " G", " T", " P")
_BINARY = ("B", "KiB", "MiB", "GiB", "TiB", "PiB")


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
