"""Cards side by side, as many in a row as there is room for; arrow keys go from one to the next."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from explorer.app.start_page.card import GraphCard

_NARROWEST, _WIDEST, _GAP = 210, 320, 14
_STEPS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}


class CardGrid(QWidget):
    """Holds cards; how high it is follows from how wide it is."""

    def __init__(self, name: str):
        super().__init__()
        self.cards: list[GraphCard] = []
        self.setAccessibleName(name)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_cards(self, cards: Sequence[GraphCard]) -> None:
        """Show these in the place of those that there were."""
        for old in self.cards:
            old.deleteLater()
        self.cards = list(cards)
        for card in self.cards:
            card.setParent(self)
            card.installEventFilter(self)
            card.show()
        self._place()
        self.updateGeometry()

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        rows = -(-len(self.cards) // self._columns(width))
        return max(rows * (self._height() + _GAP) - _GAP, 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def _columns(self, width: int) -> int:
        return max((width + _GAP) // (_NARROWEST + _GAP), 1)

    def _height(self) -> int:
        return max((card.sizeHint().height() for card in self.cards), default=0)

    def _place(self) -> None:
        columns = self._columns(self.width())
        wide = min((self.width() + _GAP) // columns - _GAP, _WIDEST)
        high = self._height()
        for at, card in enumerate(self.cards):
            row, column = divmod(at, columns)
            card.setGeometry(QRect(column * (wide + _GAP), row * (high + _GAP), wide, high))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            way = _STEPS.get(Qt.Key(event.key()))
            if way is not None and isinstance(watched, GraphCard):
                return self._step(watched, *way)
        return False

    def _step(self, card: GraphCard, across: int, down: int) -> bool:
        """Give the keyboard to the next card that way, in another grid of the page too."""
        pitch = QPoint(across * (card.width() + _GAP), down * (card.height() + _GAP))
        wanted = card.mapTo(self.window(), card.rect().center()) + pitch
        page = self.parentWidget()
        others = page.findChildren(GraphCard) if page is not None else []
        ahead = [other for other in others if _is_ahead(card, other, across, down)]
        if ahead:
            nearest = min(ahead, key=lambda other: _distance(other, wanted))
            nearest.setFocus(Qt.FocusReason.TabFocusReason)
        return True


def _middle(card: GraphCard) -> QPoint:
    return card.mapTo(card.window(), card.rect().center())


def _distance(card: GraphCard, point: QPoint) -> int:
    return (_middle(card) - point).manhattanLength()


def _is_ahead(card: GraphCard, other: GraphCard, across: int, down: int) -> bool:
    way = _middle(other) - _middle(card)
    return way.x() * across > card.width() // 2 if across else way.y() * down > card.height() // 2
