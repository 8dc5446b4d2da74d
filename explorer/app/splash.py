"""What is seen at once, while torch takes its second to come in. Nothing here may import torch."""

import gc
import sys

from PySide6.QtCore import QCoreApplication, QRectF, QSettings, QSize, Qt
from PySide6.QtGui import QPainter, QPixmap
from PySide6.QtWidgets import QApplication, QLabel

from explorer.app import theme
from explorer.app.icons import paint

_SIZE = QSize(360, 150)
_ICON = 40


def show_splash() -> QLabel:
    """The program's application, in the theme that was chosen, and its name on the screen.

    What is imported is no garbage: none is looked for until the window sees to that itself.
    """
    gc.disable()
    app = QApplication.instance() or QApplication(sys.argv[:1])
    assert isinstance(app, QApplication), "another kind of application has no screen"
    QCoreApplication.setOrganizationName("Backprop Explorer")
    QCoreApplication.setApplicationName("Backprop Explorer")
    theme.use(app, str(QSettings().value("theme", "auto")))
    # Not a QSplashScreen, which waits up to a second to be sure that it is seen.
    splash = QLabel(None, Qt.WindowType.SplashScreen)
    splash.setPixmap(_picture(app.primaryScreen().devicePixelRatio()))
    splash.resize(_SIZE)
    splash.move(app.primaryScreen().availableGeometry().center() - splash.rect().center())
    splash.setAccessibleName("Backprop Explorer is starting")
    splash.show()
    app.processEvents()
    return splash


def _picture(ratio: float) -> QPixmap:
    colours = theme.current()
    made = QPixmap(_SIZE * ratio)
    made.setDevicePixelRatio(ratio)
    made.fill(theme.colour(colours.panel))
    painter = QPainter(made)
    painter.setPen(theme.colour(colours.border))
    painter.drawRect(QRectF(0.5, 0.5, _SIZE.width() - 1, _SIZE.height() - 1))
    left, middle = 32.0, _SIZE.height() / 2
    paint(painter, QRectF(left, middle - _ICON / 2, _ICON, _ICON), "backward", colours.accent)
    room = QRectF(left + _ICON + 20, 0, _SIZE.width(), middle + 2)
    painter.setPen(theme.colour(colours.text))
    painter.setFont(theme.font(theme.TITLE_SIZE + 3, bold=True))
    painter.drawText(room, Qt.AlignmentFlag.AlignBottom, "Backprop Explorer")
    painter.setPen(theme.colour(colours.text_soft))
    painter.setFont(theme.font())
    painter.drawText(room.translated(0, middle + 6), Qt.AlignmentFlag.AlignTop, "Loading torch …")
    painter.end()
    return made
