"""Every colour, font and size of the program by name, for light and dark.

Colours are "#rrggbb" strings, which Qt and pyqtgraph both take. The hues are Okabe & Ito's, which
people with any kind of colour vision tell apart, made darker or lighter until text passes WCAG AA
and what must not be mistaken for each other lies well apart for everyone;
the families' further ones differ from them, and from each other, in lightness more than in hue.
"""

from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, Literal
from zlib import crc32

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication, QStyleFactory

from explorer.app.listeners import Listeners

if TYPE_CHECKING:
    from explorer.program.program import Phase

TEXT_SIZE = 10
SMALL_SIZE = 9
TITLE_SIZE = 13
ICON_SIZE = 18
SPACING = 6
MARGIN = 8
RADIUS = 5


@dataclass(frozen=True)
class Theme:
    """One set of colours. `text` and the like are read on window, panel, canvas and card."""

    name: str
    window: str
    panel: str
    field: str
    button: str
    hover: str
    border: str
    canvas: str
    grid: str
    card: str
    card_border: str
    note: str
    note_border: str
    frame: str
    frame_border: str
    text: str
    text_soft: str
    text_disabled: str
    accent: str
    on_accent: str
    selection: str
    error: str
    warning: str
    breakpoint: str
    edited: str
    done: str
    current: str
    forward: str
    backward: str
    update: str
    wire: str
    port_float: str
    port_index: str
    port_unknown: str
    train: str
    validation: str
    series: tuple[str, ...]
    code_keyword: str
    code_string: str
    code_number: str
    code_comment: str
    heat_negative: str
    heat_zero: str
    heat_positive: str
    heat_missing: str
    warmth: tuple[str, ...]
    source: str
    linear: str
    convolution: str
    pooling: str
    normalization: str
    activation: str
    sequence: str
    regularization: str
    arithmetic: str
    shaping: str
    loss: str
    other_families: tuple[str, ...]

    def family(self, name: str) -> str:
        """The colour of a layer family; one without a colour of its own always gets the same."""
        if name in FAMILIES:
            return str(getattr(self, name.lower()))
        return self.other_families[crc32(name.encode()) % len(self.other_families)]


FAMILIES = (
    "Source",
    "Linear",
    "Convolution",
    "Pooling",
    "Normalization",
    "Activation",
    "Sequence",
    "Regularization",
    "Arithmetic",
    "Shaping",
    "Loss",
)
"""The layer families that have a colour of their own, in the order of a net."""


LIGHT = Theme(
    name="light",
    window="#eceff3",
    panel="#ffffff",
    field="#ffffff",
    button="#f7f8fa",
    hover="#e4eaf1",
    border="#cdd4dd",
    canvas="#f5f7fa",
    grid="#e2e7ed",
    card="#ffffff",
    card_border="#bcc5d0",
    note="#fff8dd",
    note_border="#d9c98a",
    frame="#e9eff6",
    frame_border="#b4c4d6",
    text="#1b222b",
    text_soft="#56616e",
    text_disabled="#98a2ae",
    accent="#0067b4",
    on_accent="#ffffff",
    selection="#d3e6f5",
    error="#97101c",
    warning="#855700",
    breakpoint="#c8303c",
    edited="#a3195b",
    done="#0d6c49",
    current="#0067b4",
    forward="#0067b4",
    backward="#a64602",
    update="#763690",
    wire="#8793a1",
    port_float="#0072b2",
    port_index="#b5598c",
    port_unknown="#98a2ae",
    train="#0072b2",
    validation="#d55e00",
    series=("#0072b2", "#d55e00", "#266658", "#c8749b", "#7a5200", "#3995d7", "#5e2bb5"),
    code_keyword="#7a3e9d",
    code_string="#005f45",
    code_number="#a34700",
    code_comment="#586370",
    heat_negative="#0064a8",
    heat_zero="#ffffff",
    heat_positive="#d96a00",
    heat_missing="#b5598c",
    warmth=("#fff7e0", "#fbc65f", "#e07b1a", "#8a3403"),
    source="#009e73",
    linear="#0072b2",
    convolution="#3d2b95",
    pooling="#5a5500",
    normalization="#93c1b3",
    activation="#e69f00",
    sequence="#701c30",
    regularization="#666a70",
    arithmetic="#56b4e9",
    shaping="#cc79a7",
    loss="#d55e00",
    other_families=("#7b68c8", "#8a9a2b", "#5f7d95", "#a0725a"),
)

DARK = Theme(
    name="dark",
    window="#1b1f25",
    panel="#22272e",
    field="#1a1e24",
    button="#2d333c",
    hover="#343b45",
    border="#3b434e",
    canvas="#171b20",
    grid="#22282f",
    card="#282e36",
    card_border="#49525e",
    note="#3a3727",
    note_border="#6d6540",
    frame="#1d242c",
    frame_border="#3c4a59",
    text="#e7ebf0",
    text_soft="#b1bbc6",
    text_disabled="#66707c",
    accent="#50bffe",
    on_accent="#0d1b26",
    selection="#1d3b50",
    error="#ff8a80",
    warning="#f2b84b",
    breakpoint="#ff6b76",
    edited="#ff8fc0",
    done="#46be90",
    current="#50bffe",
    forward="#50bffe",
    backward="#ff9a53",
    update="#d09edd",
    wire="#7c8896",
    port_float="#56b4e9",
    port_index="#eda8c2",
    port_unknown="#7c8896",
    train="#56b4e9",
    validation="#ff8f43",
    series=("#56b4e9", "#ff8f43", "#2fa486", "#f9acb5", "#f3db54", "#b8dcf9", "#8d79f4"),
    code_keyword="#c9a0f0",
    code_string="#6fd3ac",
    code_number="#ffab70",
    code_comment="#9da8b5",
    heat_negative="#4fb0f0",
    heat_zero="#22272e",
    heat_positive="#ff9f40",
    heat_missing="#f7a9cc",
    warmth=("#33302f", "#7d4218", "#d9862b", "#ffe3a0"),
    source="#1fae80",
    linear="#2f86e0",
    convolution="#6459bb",
    pooling="#f0df66",
    normalization="#bdebe1",
    activation="#f2b23a",
    sequence="#b23c50",
    regularization="#7b8187",
    arithmetic="#7cc6f0",
    shaping="#dd86c0",
    loss="#ee6a2c",
    other_families=("#9d8de6", "#a9b94a", "#86a5bd", "#c4967c"),
)


changed = Listeners()
"""Told that the theme has changed, so that what is painted by hand paints itself anew."""
_current = LIGHT
_follows_system = False


def current() -> Theme:
    """The theme in use."""
    return _current


def apply(app: QApplication, theme: Theme | Literal["auto"] = "auto") -> None:
    """Dress the whole program in a theme; "auto" follows the desktop's light or dark."""
    global _current, _follows_system
    hints = app.styleHints()
    if theme == "auto" and not _follows_system:
        hints.colorSchemeChanged.connect(_on_scheme_changed)
    elif theme != "auto" and _follows_system:
        hints.colorSchemeChanged.disconnect(_on_scheme_changed)
    _follows_system = theme == "auto"
    if isinstance(theme, Theme):
        _current = theme
    else:
        _current = DARK if hints.colorScheme() == Qt.ColorScheme.Dark else LIGHT
    _dress(app, _current)
    changed.emit()


def use(app: QApplication, name: str) -> None:
    """Dress it in the theme of that name; an unknown name is "auto"."""
    apply(app, {"light": LIGHT, "dark": DARK}.get(name) or "auto")


def _on_scheme_changed(scheme: Qt.ColorScheme) -> None:
    app = QApplication.instance()
    if isinstance(app, QApplication) and _follows_system:
        apply(app, "auto")


def _dress(app: QApplication, theme: Theme) -> None:
    from explorer.app.stylesheet import stylesheet

    app.setStyle(QStyleFactory.create("Fusion"))
    app.setPalette(palette(theme))
    app.setStyleSheet(stylesheet(theme))


def palette(theme: Theme) -> QPalette:
    """The theme as Qt's palette, for whatever the stylesheet leaves to the style."""
    role = QPalette.ColorRole
    colours = {
        role.Window: theme.window,
        role.WindowText: theme.text,
        role.Base: theme.field,
        role.AlternateBase: theme.window,
        role.Text: theme.text,
        role.Button: theme.button,
        role.ButtonText: theme.text,
        role.BrightText: theme.error,
        role.ToolTipBase: theme.panel,
        role.ToolTipText: theme.text,
        role.PlaceholderText: theme.text_soft,
        role.Highlight: theme.accent,
        role.HighlightedText: theme.on_accent,
        role.Link: theme.accent,
        role.LinkVisited: theme.accent,
        role.Accent: theme.accent,
        role.Mid: theme.border,
        role.Dark: theme.card_border,
        role.Light: theme.hover,
    }
    made = QPalette()
    for which, colour in colours.items():
        made.setColor(which, QColor(colour))
    for which in (role.WindowText, role.Text, role.ButtonText):
        made.setColor(QPalette.ColorGroup.Disabled, which, QColor(theme.text_disabled))
    return made


def of_phase(phase: "Phase") -> str:
    """The colour of all that belongs to a pass, or to the updates behind them."""
    colours = {"forward": _current.forward, "backward": _current.backward}
    return colours.get(phase, _current.update)


def colour(value: str, alpha: float = 1.0) -> QColor:
    """A theme colour as a QColor, `alpha` from 0 (clear) to 1 (solid)."""
    made = QColor(value)
    made.setAlphaF(alpha)
    return made


@cache
def mix(first: str, second: str, share: float) -> str:
    """The colour `share` of the way from the first to the second."""
    pairs = zip(_rgb(first), _rgb(second), strict=True)
    r, g, b = (round(x + (y - x) * share) for x, y in pairs)
    return f"#{r:02x}{g:02x}{b:02x}"


def contrast(first: str, second: str) -> float:
    """WCAG 2 contrast ratio of two colours, 1 to 21; AA asks 4.5 of text."""
    dark, light = sorted((_luminance(first), _luminance(second)))
    return (light + 0.05) / (dark + 0.05)


@cache
def readable_on(background: str) -> str:
    """Near-black or white, whichever reads better on that background."""
    return max((LIGHT.text, LIGHT.panel), key=lambda ink: contrast(ink, background))


def _rgb(value: str) -> tuple[int, int, int]:
    return int(value[1:3], 16), int(value[3:5], 16), int(value[5:7], 16)


def _luminance(value: str) -> float:
    parts = [part / 255 for part in _rgb(value)]
    r, g, b = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


# Fonts


def font(size: float = TEXT_SIZE, bold: bool = False) -> QFont:
    """The program's font at a size in points."""
    made = QFont(QApplication.font())
    made.setPointSizeF(size)
    made.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
    return made


def code_font(size: float = TEXT_SIZE) -> QFont:
    """The font of code and numbers: each character as wide as the next."""
    made = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
    made.setPointSizeF(size)
    return made


# Heat maps


def diverging(values: NDArray[Any], theme: Theme | None = None) -> NDArray[np.uint8]:
    """RGBA (…, 4) for numbers from -1 (blue) over 0 (the panel's colour) to 1 (orange).

    What lies outside is clipped; NaN gets a colour of its own.
    """
    theme = theme or _current
    ramp = _ramp(theme.heat_negative, theme.heat_zero, theme.heat_positive)
    numbers = np.asarray(values, dtype=np.float64)
    missing = np.isnan(numbers)
    share = np.clip((np.where(missing, 0.0, numbers) + 1.0) / 2.0, 0.0, 1.0)
    found = ramp[np.rint(share * (len(ramp) - 1)).astype(np.intp)]
    found[missing] = (*_rgb(theme.heat_missing), 255)
    return found


def sequential(share: float, theme: Theme | None = None) -> str:
    """The colour of a share from 0 (like a card) to 1 (far from it in lightness)."""
    stops = (theme or _current).warmth
    place = min(max(share, 0.0), 1.0) * (len(stops) - 1)
    at = min(int(place), len(stops) - 2)
    return mix(stops[at], stops[at + 1], round(place - at, 2))


@lru_cache(maxsize=16)
def _ramp(low: str, middle: str, high: str) -> NDArray[np.uint8]:
    stops = np.array([_rgb(low), _rgb(middle), _rgb(high)], dtype=np.float64)
    at = np.linspace(0.0, 2.0, 257)
    made = np.full((257, 4), 255, dtype=np.uint8)
    for channel in range(3):
        made[:, channel] = np.rint(np.interp(at, (0.0, 1.0, 2.0), stops[:, channel]))
    return made
