"""What all numbers of a tensor are like, in a line or two."""

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QWidget

from explorer.app import theme
from explorer.app.panels.notice import wrapping_label
from explorer.app.panels.numbers import percent, plural, short
from explorer.program.viewing import Statistics

ALL, SHOWN = "All of it", "What is shown"
_TIP = (
    "mean: the average; std: how far the numbers spread; norm: the root of the sum of squares; "
    "zeros: how many are exactly 0. NaN and infinite numbers are counted and left out of the rest."
)


class StatisticsStrip(QWidget):
    """Statistics of all of a tensor, or of the plane that is shown.

    Signals:
        scope_changed(): a person wants those of the other.
    """

    scope_changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._of = QComboBox()
        self._of.addItems([ALL, SHOWN])
        self._of.setSizeAdjustPolicy(
            QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon
        )
        self._of.setMinimumContentsLength(5)
        self._of.setAccessibleName("What statistics are of")
        self._of.setToolTip("Statistics and histogram of the whole tensor, or of what is shown")
        self._of.currentIndexChanged.connect(self.scope_changed)
        self._words = wrapping_label()
        self._words.setTextFormat(Qt.TextFormat.RichText)
        self._words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._words.setToolTip(_TIP)
        self._said = wrapping_label()
        self._said.setFont(theme.code_font(theme.SMALL_SIZE))
        self._said.hide()
        line = QHBoxLayout(self)
        line.setContentsMargins(theme.MARGIN, 0, theme.MARGIN, theme.SPACING)
        line.addWidget(self._of)
        line.addWidget(self._words, 1)
        line.addWidget(self._said, 1)

    @property
    def is_of_plane(self) -> bool:
        """Whether what is shown is wanted, in place of all."""
        return self._of.isVisibleTo(self) and self._of.currentText() == SHOWN

    @property
    def text(self) -> str:
        """The statistics, as a screen reader tells them."""
        return self._words.accessibleName()

    def offer_plane(self, offered: bool) -> None:
        """Whether the tensor has more than what is shown."""
        self._of.setVisible(offered)

    @Slot(str)
    def say(self, words: str) -> None:
        """Say something else for as long as the pointer is on it; "" for the statistics again."""
        self._said.setText(words)
        self._said.setVisible(bool(words))
        self._words.setVisible(not words)

    def show_statistics(self, known: Statistics | None) -> None:
        """Show them, also while they are being gathered; None for none."""
        parts = _parts(known) if known else []
        soft = theme.current().text_soft
        self._words.setText(
            " &nbsp;".join(
                f"<span style='color:{soft}'>{name}</span> {value}" for name, value in parts
            )
        )
        self._words.setAccessibleName(", ".join(f"{name} {value}".strip() for name, value in parts))


def _parts(known: Statistics) -> list[tuple[str, str]]:
    finite = known.count - known.bad
    count = plural(known.count, "number")
    if not known.is_complete:
        count = f"about, from {known.seen:,} of {count}"
        finite = known.seen - known.bad
    parts = [("", count)]
    values = {
        "mean": known.mean,
        "std": known.std,
        "min": known.minimum,
        "max": known.maximum,
        "norm": known.norm,
    }
    if finite:
        parts += [(name, short(value)) for name, value in values.items()]
        parts.append(("zeros", percent(known.zeros / finite)))
    bad = {"NaN": known.nans, "∞": known.infinities}
    warning = f"<b style='color:{theme.current().error}'>⚠ {{}}</b>"
    parts += [(name, warning.format(f"{n:,}")) for name, n in bad.items() if n]
    return parts
