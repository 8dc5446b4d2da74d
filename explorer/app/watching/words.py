"""What a watch has found, in one line."""

from explorer.app.panels.notice import as_sentence
from explorer.app.panels.numbers import plural, short
from explorer.layers import shape_text
from explorer.program.watching import Reading


def in_words(reading: Reading) -> str:
    """A single number in full; of a tensor its shape, its norm and its first numbers."""
    if reading.error:
        return as_sentence(reading.error)
    if reading.text or reading.statistics is None or reading.shape is None:
        return reading.text
    known = reading.statistics
    first = "  ".join(map(short, reading.first))
    rest = "  …" if known.count > len(reading.first) else ""
    bad = f"  ⚠ {plural(known.bad, 'number')} NaN or infinite" if known.bad else ""
    return f"{shape_text(reading.shape)}  norm {short(known.norm)}{bad}   {first}{rest}"


def at_length(reading: Reading) -> str:
    """All that is known of it, for a tooltip."""
    known = reading.statistics
    if reading.error or known is None or known.count < 2:
        return in_words(reading)
    numbers = {"mean": known.mean, "std": known.std, "min": known.minimum, "max": known.maximum}
    told = "  ".join(f"{name} {short(number)}" for name, number in numbers.items())
    return f"{in_words(reading)}\n{told}\n{reading.dtype}"
