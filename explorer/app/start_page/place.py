"""Where the start page stands: in the place of the canvas, until something is opened."""

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QStackedWidget

if TYPE_CHECKING:
    from explorer.app.main_window import MainWindow
    from explorer.app.start_page.page import StartPage

_SETTING = "start_page"


class Middle(QStackedWidget):
    """The middle of a window: its canvas or, while it is asked for, the start page.

    The page is made when it is first shown, so that the first window need not wait for it.
    """

    def __init__(self, window: "MainWindow"):
        super().__init__(window)
        self._window = window
        self._page: StartPage | None = None
        self.addWidget(window.view)

    @property
    def page(self) -> "StartPage | None":
        """The start page while it is shown."""
        return self._page if self.currentWidget() is self._page else None

    @property
    def is_wanted_at_start(self) -> bool:
        """Whether a start without a file begins here: there is recent work, and nobody objects."""
        return self._is_allowed and bool(self._window.files.recent)

    @property
    def _is_allowed(self) -> bool:
        return bool(self._window.settings.value(_SETTING, True, type=bool))

    def turn(self) -> None:
        """Show the start page, or the canvas again."""
        if self.page is None:
            self.show_start()
        else:
            self.show_canvas()

    def show_start(self) -> None:
        """Show the start page, with the files as they are now."""
        page = self._page or self._make_page()
        page.show_files(self._window.files.recent)
        self._window.toast.give_way()
        self.setCurrentWidget(page)
        page.take_keyboard()

    @Slot()
    def show_canvas(self) -> None:
        """Show the canvas, and give it the keyboard if the page had it."""
        if self.page is not None:
            self.setCurrentWidget(self._window.view)
            self._window.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def take_keyboard(self) -> None:
        """Give the keyboard to what is shown here."""
        if self.page is not None:
            self.page.take_keyboard()
        else:
            self._window.view.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _make_page(self) -> "StartPage":
        from explorer.app.start_page.page import StartPage

        window = self._window
        self._page = page = StartPage(self._is_allowed)
        page.new_requested.connect(window.files.new)
        page.open_requested.connect(window.files.open)
        page.file_chosen.connect(window.files.open)
        page.example_chosen.connect(window.files.open_example)
        page.left.connect(self.show_canvas)
        page.shown_at_start_changed.connect(self._remember)
        self.addWidget(page)
        return page

    @Slot(bool)
    def _remember(self, wanted: bool) -> None:
        self._window.settings.setValue(_SETTING, wanted)
