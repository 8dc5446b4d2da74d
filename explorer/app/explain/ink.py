"""Words and formulas as HTML: names in the colour of what they hold, numbers as people read them.

Values are blue, weights green and gradients orange, in formulas as on the canvas; the names
themselves say the same to those who do not see it.
"""

import re
from html import escape

from explorer.app import theme
from explorer.app.panels.numbers import short
from explorer.layers import Layer
from explorer.program.explanation import raised, spellings

_INDEX = re.compile(r"\[[^\[\]]{1,24}\]")


def number(value: float) -> str:
    """A number with a true minus, and powers of ten written as such: −1.234·10⁻⁵."""
    digits, _, power = short(value).partition("e")
    return raised(digits, int(power)) if power else digits.replace("-", "−")


def factor(value: float) -> str:
    """A number within a product: a negative one in parentheses."""
    return f"({number(value)})" if value < 0 else number(value)


def code(html: str, size: float = theme.TEXT_SIZE, soft: bool = False) -> str:
    """Set in the font in which all characters are as wide, so that digits stand below digits."""
    family = escape(theme.code_font().family())
    colour = f";color:{theme.current().text_soft}" if soft else ""
    return f"<span style='font-family:\"{family}\";font-size:{size}pt{colour}'>{html}</span>"


def breakable(name: str) -> str:
    """A long name that goes on in another line behind an underscore where there is no room."""
    return name.replace("_", "_\N{ZERO WIDTH SPACE}")


def soft(text: str) -> str:
    """Said quietly."""
    return f"<span style='color:{theme.current().text_soft}'>{escape(text)}</span>"


class Ink:
    """Colours the names in a layer's formulas."""

    def __init__(self, layer: type[Layer] | None):
        weights = layer.weights if layer else ()
        values = (*layer.inputs, *layer.outputs, *_numbered(layer)) if layer else ()
        self._kinds: dict[str, str] = {}
        for kind, names in (("value", values), ("weight", weights)):
            for name in names:
                self._kinds |= dict.fromkeys(spellings(name), kind)
                self._kinds |= dict.fromkeys(spellings(f"d{name}"), "gradient")
        longest = sorted(map(re.escape, self._kinds), key=len, reverse=True)
        known = "|".join(longest)
        self._names = (
            re.compile(rf"(?<![\w′∂&#;])(?:{known})(?![A-Za-z0-9_\u0302])") if known else None
        )

    def formula(self, text: str) -> str:
        """A formula as HTML, in which no line ends within the brackets of an index."""
        text = _INDEX.sub(lambda found: found.group().replace(" ", "\N{NO-BREAK SPACE}"), text)
        if self._names is None:
            return escape(text)
        return self._names.sub(lambda found: self._dyed(found.group()), escape(text, quote=False))

    def _dyed(self, name: str) -> str:
        colours = theme.current()
        by_kind = {"value": colours.forward, "weight": colours.done, "gradient": colours.backward}
        return f"<span style='color:{by_kind[self._kinds[name]]}'>{name}</span>"


def _numbered(layer: type[Layer] | None) -> tuple[str, ...]:
    """Ports that settings add to x1, x2."""
    return tuple(f"x{n}" for n in range(1, 17)) if layer and "x1" in layer.inputs else ()
