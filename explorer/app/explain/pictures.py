"""Pictures with words above them: slopes · upstream = downstream, and what else was used."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from explorer.app import theme
from explorer.app.explain.cells import Cells
from explorer.app.explain.ink import breakable
from explorer.app.panels.notice import wrapping_label
from explorer.program.explanation import Picture, Triptych, bare

_TOP = Qt.AlignmentFlag.AlignTop


class Captioned:
    """A picture, its name above it, and below it how much of what was used lies outside."""

    def __init__(self, can_choose: bool = False) -> None:
        self.cells = Cells(can_choose)
        self._name, self._outside = wrapping_label(), wrapping_label()
        self._name.setFont(theme.code_font(theme.SMALL_SIZE))
        self._outside.setProperty("role", "soft")
        self._outside.setFont(theme.font(theme.SMALL_SIZE))

    def put(self, grid: QGridLayout, row: int, column: int) -> None:
        """Take three rows of a grid, so that pictures side by side begin at one height."""
        grid.addWidget(self._name, row, column, Qt.AlignmentFlag.AlignBottom)
        grid.addWidget(self.cells, row + 1, column, _TOP)
        grid.addWidget(self._outside, row + 2, column, _TOP)

    def show_picture(self, picture: Picture, fades: bool = True) -> None:
        is_slope = picture.name.startswith("∂")
        is_whole = is_slope or not picture.part
        named = picture.name if is_whole else f"{bare(picture.name)}{picture.part}"
        self._name.setText(breakable(named))
        self._name.setToolTip(named)
        self.cells.show_picture(picture, fades)
        self._outside.setText(f"+ {picture.elsewhere:,} outside this part")
        self.set_visible(True)

    def set_visible(self, shown: bool) -> None:
        self._name.setVisible(shown)
        self.cells.setVisible(shown)
        picture = self.cells.picture
        self._outside.setVisible(shown and picture is not None and picture.elsewhere > 0)


class TriptychView(QWidget):
    """Three pictures side by side, with · and = between them.

    Signals:
        chosen(index): the person chose another number of downstream.
    """

    chosen = Signal(tuple)

    def __init__(self) -> None:
        super().__init__()
        self.local, self.upstream = Captioned(), Captioned()
        self.downstream = Captioned(can_choose=True)
        self.downstream.cells.chosen.connect(self.chosen)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(2)
        grid.setVerticalSpacing(2)
        named = {
            "local gradient": self.local,
            "upstream": self.upstream,
            "downstream": self.downstream,
        }
        for place, (role, captioned) in enumerate(named.items()):
            words = wrapping_label()
            words.setText(role)
            words.setFont(theme.font(theme.SMALL_SIZE))
            words.setProperty("role", "soft")
            grid.addWidget(words, 0, 2 * place)
            captioned.put(grid, 1, 2 * place)
            grid.setColumnStretch(2 * place, 1)
        for place, text in enumerate(("·", "=")):
            sign = QLabel(text)
            sign.setFont(
                theme.font(theme.TITLE_SIZE if text == "·" else theme.TEXT_SIZE, bold=True)
            )
            grid.addWidget(sign, 2, 2 * place + 1, _TOP)
        self._words = wrapping_label()
        self._words.setProperty("role", "soft")
        grid.addWidget(self._words, 4, 0, 1, 5)

    def show_pictures(self, triptych: Triptych, element: str) -> None:
        for captioned, picture in (
            (self.local, triptych.local),
            (self.upstream, triptych.upstream),
            (self.downstream, triptych.downstream),
        ):
            is_result = captioned is self.downstream
            captioned.show_picture(picture, fades=not (triptych.each or is_result))
        self._words.setText(_in_words(triptych, element))


def _in_words(triptych: Triptych, element: str) -> str:
    """How the three pictures belong together."""
    if triptych.each:
        return "Cell by cell: each slope times what arrives in the same place."
    local = triptych.local
    count = local.elsewhere + int(local.lit.sum())
    if not count:
        return f"Nothing of what arrives reaches {element}."
    if count == 1:
        return f"The slope times what arrives in its place is {element}."
    which = "Each slope" if local.lit.all() else "Each framed slope"
    return f"{which} times what arrives in its place: the sum is {element}."


class UsedView(QWidget):
    """Pictures of whatever else a number was made with, two in a row."""

    def __init__(self) -> None:
        super().__init__()
        self._shown: list[Captioned] = []
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(theme.MARGIN)
        self._grid.setVerticalSpacing(2)
        for column in range(2):
            self._grid.setColumnStretch(column, 1)
        self._whole = wrapping_label()
        self._grid.addWidget(self._whole, 0, 0, 1, 2)

    @property
    def pictures(self) -> list[Cells]:
        """Those that are shown."""
        return [each.cells for each in self._shown if not each.cells.isHidden()]

    def show_pictures(self, pictures: tuple[Picture, ...]) -> None:
        """Show those of which a part was used; of others it is said that all of it was."""
        parts = [each for each in pictures if not each.is_all_lit]
        whole = [bare(each.name) for each in pictures if each.is_all_lit]
        while len(self._shown) < len(parts):
            row, column = divmod(len(self._shown), 2)
            self._shown.append(Captioned())
            self._shown[-1].put(self._grid, 3 * row + 1, column)
        for place, captioned in enumerate(self._shown):
            if place < len(parts):
                captioned.show_picture(parts[place])
            else:
                captioned.set_visible(False)
        self._whole.setText(f"All of {', '.join(whole)}")
        self._whole.setVisible(bool(whole))
