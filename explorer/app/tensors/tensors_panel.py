"""The panel where tensors are looked at: a list of all names, and a tab for each that is open."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QEvent, QPoint, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QKeySequence, QShowEvent
from PySide6.QtWidgets import (
    QApplication,
    QFileDialog,
    QMenu,
    QSplitter,
    QStackedLayout,
    QTabBar,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from explorer.app import keys
from explorer.app.messages import StepperMoved
from explorer.app.panels.buttons import IconButton
from explorer.app.panels.notice import EmptyState
from explorer.app.panels.numbers import shape
from explorer.app.tensors.client import Place, TensorClient
from explorer.app.tensors.compare_view import CompareView
from explorer.app.tensors.name_list import NameList
from explorer.app.tensors.requests import (
    ListTensors,
    Pin,
    SaveTensor,
    StopSaving,
    TensorsListed,
    Unpin,
)
from explorer.app.tensors.saving_bar import SavingBar
from explorer.app.tensors.spare_view import SpareView
from explorer.app.tensors.tensor_view import TABLE, TensorView
from explorer.app.tensors.what_if_foot import WhatIfFoot
from explorer.app.what_if.edits import HeldEdits
from explorer.app.what_if.requests import Edited
from explorer.program.explanation import Box, Lit
from explorer.program.viewing import Address, Difference, Entry
from explorer.training import StateChanged

LIVE_MS = 250
"""How often weights are shown anew while training changes them."""
_MOST_ALIKE = 20
"""So many tensors of the same shape are offered to compare with."""
_DIVIDED = ("pin_tensor", "go_to_index")
"""Before these commands there is a line in the menu of a tensor."""
_FILES = "NumPy array (*.npy);;Table (*.csv)"


class TensorsPanel(QWidget):
    """Opens tensors in tabs, pins them, compares and saves them.

    Signals:
        element_chosen(variable, index): a person clicked an entry of a tensor.
        edit_requested(variable, index, number): a person typed a number in its place.
        put_back_requested(edited): one edit is to be put back; None for all.
        nudge_requested(request): a number is to be nudged.
        told(sentence), refused(sentence): what came of something that was asked for.
    """

    element_chosen = Signal(str, object)
    edit_requested = Signal(str, object, float)
    put_back_requested = Signal(object)
    nudge_requested = Signal(object)
    told = Signal(str)
    refused = Signal(str)

    def __init__(self, client: TensorClient, edits: HeldEdits):
        super().__init__()
        self._client = client
        self._way = TABLE
        self._when = "step 0"
        self._spare = SpareView(client, self)
        self._lit: dict[Place, tuple[Box, ...]] = {}
        self._names = NameList()
        self._names.opened.connect(self.open)
        self._names.unpinned.connect(self._unpin)
        self._tabs = QTabWidget()
        self._tabs.setMovable(True)
        self._tabs.setDocumentMode(True)
        self._tabs.setElideMode(Qt.TextElideMode.ElideMiddle)
        self._saving = SavingBar()
        self._saving.stopped.connect(self._stop_saving)
        self._live = QTimer(self, interval=LIVE_MS)
        self._live.timeout.connect(self._refresh_live)
        self._foot = WhatIfFoot(edits)
        self._foot.chosen.connect(self.show_edited)
        self._foot.put_back_requested.connect(self.put_back_requested)
        self._foot.nudge_requested.connect(self.nudge_requested)
        self._foot.refused.connect(self.refused)
        self.show_nudge = self._foot.show_nudge
        self.put_last_back = self._foot.put_last_back
        edits.changed.connect(self._show_edits)
        keys.changed.connect(self._show_edits)
        client.listed.connect(self._on_listed)
        client.pinned.connect(self._on_pinned)
        client.saving.connect(self._saving.show_saving)
        self._lay_out()

    # What others ask of it

    @property
    def names(self) -> NameList:
        """The list of all names."""
        return self._names

    @property
    def answers(self) -> dict[str, Callable[[], object]]:
        """What its own commands do, by the names of `actions.COMMANDS`."""
        return {
            "pin_tensor": partial(self._do, TensorView.pin),
            "compare_tensor": partial(self._do, TensorView.compare),
            "save_tensor": partial(self._do, TensorView.save),
            "go_to_index": partial(self._do, TensorView.ask_index),
            "close_tensor": self._close_current,
            "edit_number": partial(self._do, TensorView.edit_number),
            "nudge_number": partial(self._do, self._foot.nudge),
            "put_number_back": partial(self._do, self._foot.put_back),
        }

    @property
    def open_tabs(self) -> list[TensorView | CompareView]:
        """What is open, from left to right."""
        return [self._tabs.widget(number) for number in range(self._tabs.count())]  # type: ignore[misc]

    @property
    def current(self) -> TensorView | CompareView | None:
        """What is looked at."""
        return self._tabs.currentWidget()  # type: ignore[return-value]

    @Slot(object)
    def open(self, address: Address) -> None:
        """Look at the tensor at an address: in its tab if it has one, else in a new one."""
        for number, tab in enumerate(self.open_tabs):
            if isinstance(tab, TensorView) and tab.place == address:
                self._tabs.setCurrentIndex(number)
                tab.setFocus()
                return
        view = self._spare.take(address, self._way)
        view.way_changed.connect(self._on_way)
        self._add(view, [view], address.name)

    def compare(self, one: Address, other: Address) -> None:
        """Look at two tensors side by side, and at their difference."""
        view = CompareView(self._client, one, other)
        self._add(view, view.views, f"{one.name} and {other.name}")

    def close_tab(self, tab: TensorView | CompareView) -> None:
        """Look at that no more."""
        self._tabs.removeTab(self._tabs.indexOf(tab))
        tab.stop()
        tab.deleteLater()
        self._show_which()

    @Slot()
    def refresh(self) -> None:
        """Something may have changed: show the numbers of now, and which names there are."""
        for tab in self.open_tabs:
            tab.refresh()
        self._list()

    @Slot(object)
    def show_step(self, moved: StepperMoved) -> None:
        """The stepper stands somewhere else: there are other numbers."""
        self._when = moved.when
        self.refresh()

    @Slot(object)
    def show_state(self, changed: StateChanged) -> None:
        """While training changes weights all the time, what can be seen of them follows."""
        self._when = f"step {changed.step}"
        if changed.state == "running":
            self._live.start()
        else:
            self._live.stop()
            self.refresh()

    @Slot(object)
    def show_edited(self, edited: Edited) -> None:
        """Look at a number that was edited."""
        self.open(Address(edited.edit.variable))
        if isinstance(view := self.current, TensorView):
            view.go_to(edited.edit.index)

    @Slot(tuple)
    def light(self, lit: tuple[Lit, ...]) -> None:
        """Frame the numbers that something was made with, wherever they are looked at."""
        self._lit = {each.address: each.boxes for each in lit}
        for view in self._views():
            self._light(view)

    def _lay_out(self) -> None:
        self._nothing = EmptyState(
            "grid", "Open a tensor from the list, or from a card of Values by a double click"
        )
        right = QWidget()
        self._stack = QStackedLayout(right)
        self._stack.addWidget(self._nothing)
        self._stack.addWidget(self._tabs)
        both = QSplitter(Qt.Orientation.Horizontal)
        both.addWidget(self._names)
        both.addWidget(right)
        both.setStretchFactor(0, 1)
        both.setStretchFactor(1, 3)
        both.setSizes([220, 660])
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(both, 1)
        column.addWidget(self._foot)
        column.addWidget(self._saving)
        self.setFocusProxy(self._names)

    def event(self, event: QEvent) -> bool:
        is_key = event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent)
        if is_key and self._puts_back(event):  # type: ignore[arg-type]
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._puts_back(event):
            self._foot.put_last_back()
        else:
            super().keyPressEvent(event)

    def _puts_back(self, event: QKeyEvent) -> bool:
        """Whether a key takes an edited number back, not what was last done to the net."""
        return self._foot.has_edits and event.matches(QKeySequence.StandardKey.Undo)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer what can be done with the number, and the tensor, that was clicked."""
        tab = self.current
        if tab is None or not tab.isAncestorOf(self.childAt(event.pos()) or self):
            return
        menu = QMenu(self)
        menu.setToolTipsVisible(True)
        for action in self.actions():
            if action.objectName() in _DIVIDED:
                menu.addSeparator()
            menu.addAction(action)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(event.globalPos())

    def _do(self, work: Callable[[TensorView], object]) -> None:
        """Do something with the tensor that is looked at; of two with the one that has the keys."""
        tab = self.current
        views = tab.views if isinstance(tab, CompareView) else (tab,)
        shown = [view for view in views if view is not None and view.isVisible()]
        if shown:
            focused = QApplication.focusWidget()
            has_keys = (view for view in shown if focused and view.isAncestorOf(focused))
            work(next(has_keys, shown[0]))
        else:
            self.refused.emit("Open a tensor first")

    def _close_current(self) -> None:
        if (tab := self.current) is not None:
            self.close_tab(tab)

    def _views(self) -> list[TensorView]:
        return [
            view
            for tab in self.open_tabs
            for view in (tab.views if isinstance(tab, CompareView) else (tab,))
        ]

    def _add(self, tab: TensorView | CompareView, views: Sequence[TensorView], name: str) -> None:
        for view in views:
            view.element_chosen.connect(self.element_chosen)
            view.edit_requested.connect(self.edit_requested)
            view.undo_wanted.connect(self._foot.put_last_back)
            view.nudge_wanted.connect(partial(self._foot.nudge, view))
            view.told.connect(self.told)
            view.failed.connect(self.refused)
            view.pin_requested.connect(self._pin)
            view.compare_requested.connect(partial(self._offer_comparisons, view))
            view.save_requested.connect(partial(self._ask_file, view))
            self._light(view)
            self._foot.tell(view)
        tab.named.connect(partial(self._name, tab))
        number = self._tabs.addTab(tab, name)
        close = IconButton("close", "Close", "Close this tab", "close_tensor")
        close.setProperty("role", "plain")
        close.setIconSize(QSize(10, 10))
        close.clicked.connect(partial(self._on_close, tab))
        self._tabs.tabBar().setTabButton(number, QTabBar.ButtonPosition.RightSide, close)
        self._tabs.setCurrentIndex(number)
        self._show_which()
        tab.setFocus()

    def _show_which(self) -> None:
        self._stack.setCurrentIndex(1 if self._tabs.count() else 0)

    def _on_close(self, tab: TensorView | CompareView, checked: bool = False) -> None:
        self.close_tab(tab)

    def _name(self, tab: TensorView | CompareView, title: str) -> None:
        self._tabs.setTabText(self._tabs.indexOf(tab), title)
        self._tabs.setTabToolTip(self._tabs.indexOf(tab), title)

    def _light(self, view: TensorView) -> None:
        view.light(self._lit.get(view.place, ()))

    # What if

    @Slot()
    def _show_edits(self) -> None:
        for view in self._views():
            self._foot.tell(view)

    # What is there

    @Slot(bool)
    def look(self, is_seen: bool) -> None:
        """Somebody looks at the panel, or no longer."""
        if is_seen:
            self._client.ask(ListTensors())

    def _list(self) -> None:
        # A panel behind another's tab is visible to Qt, too.
        if not self.visibleRegion().isEmpty():
            self._client.ask(ListTensors())

    @Slot(object)
    def _on_listed(self, listed: TensorsListed) -> None:
        self._names.show_listed(listed)

    @Slot()
    def _refresh_live(self) -> None:
        """Show what training changes; what it does not keep stays as it was seen last."""
        tab = self.current
        if tab is not None and self.isVisible():
            tab.refresh(is_live=True)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._list()
        self._spare.begin()

    # Pins and comparisons

    @Slot(object)
    def _pin(self, place: Place) -> None:
        if isinstance(place, Difference):
            self.refused.emit("A difference cannot be pinned: pin one of its tensors")
        else:
            self._client.ask(Pin(place, self._when))

    @Slot(object)
    def _on_pinned(self, entry: Entry) -> None:
        self.told.emit(f"Pinned {entry.label.title}: compare it, or find it in the list")
        self._list()

    @Slot(object)
    def _unpin(self, address: Address) -> None:
        self._client.ask(Unpin(address))

    def _offer_comparisons(self, view: TensorView, place: Place) -> None:
        """A menu of what a tensor can be compared with: pins, what is open, what is as large."""
        if isinstance(place, Difference):
            self.refused.emit("This is a comparison already")
            return
        menu = QMenu(self)
        menu.setToolTipsVisible(True)
        for heading, entries in self._comparable(place).items():
            if entries and not menu.isEmpty():
                menu.addSeparator()
            if entries:
                # A section's own title is not painted in a menu that a style sheet dresses.
                menu.addAction(heading).setEnabled(False)
            for entry in entries:
                action = menu.addAction(f"{entry.label.title}   {shape(entry.shape)}")
                assert isinstance(entry.address, Address), "only single tensors are listed"
                action.triggered.connect(partial(self._on_comparison, place, entry.address))
        if menu.isEmpty():
            menu.addAction("Pin it first, or open another tensor").setEnabled(False)
        button = view.compare_button
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(button.mapToGlobal(QPoint(0, button.height())))

    def _comparable(self, place: Address) -> dict[str, list[Entry]]:
        others = [entry for entry in self._names.entries if entry.address != place]
        sight = next((v.sight for v in self._views() if v.place == place), None)
        alike = sight.entry.shape if sight else ()
        opened = {tab.place for tab in self.open_tabs if isinstance(tab, TensorView)}
        found: dict[str, list[Entry]] = {"Pins": [], "Open": [], "Of the same shape": []}
        for entry in others:
            if entry.label.kind == "pin":
                found["Pins"].append(entry)
            elif entry.address in opened:
                found["Open"].append(entry)
            elif entry.shape == alike and entry.label.kind != "cache":
                found["Of the same shape"].append(entry)
        found["Of the same shape"] = found["Of the same shape"][:_MOST_ALIKE]
        return found

    def _on_comparison(self, one: Address, other: Address, checked: bool = False) -> None:
        self.compare(one, other)

    # Files

    def _ask_file(self, view: TensorView, place: Place) -> None:
        start = f"{_plain(view.title)}.npy"
        name, kind = QFileDialog.getSaveFileName(self, "Save tensor", start, _FILES)
        if name:
            suffix = ".csv" if "csv" in kind else ".npy"
            path = Path(name)
            self._client.ask(SaveTensor(place, path if path.suffix else path.with_suffix(suffix)))

    @Slot()
    def _stop_saving(self) -> None:
        self._client.ask(StopSaving())

    @Slot(str)
    def _on_way(self, way: str) -> None:
        """What is opened next is looked at in the same way."""
        self._way = way


def _plain(title: str) -> str:
    """A title as a file's name."""
    return "".join(c if c.isalnum() or c in "._-" else "_" for c in title) or "tensor"
