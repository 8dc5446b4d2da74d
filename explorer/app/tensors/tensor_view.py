"""One tensor, looked at: as a table, a heat map, a histogram, images or curves."""

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QStackedLayout, QVBoxLayout, QWidget

from explorer.app import theme
from explorer.app.panels.notice import EmptyState, Notice, as_sentence
from explorer.app.panels.scroll_page import OverflowArea
from explorer.app.tensors.axis_bar import AxisBar
from explorer.app.tensors.client import Asker, Place, TensorClient
from explorer.app.tensors.curves_page import CurvesPage
from explorer.app.tensors.editing import why_never
from explorer.app.tensors.heat_page import HeatPage
from explorer.app.tensors.histogram_page import HistogramPage
from explorer.app.tensors.image_page import ImagePage, has_images
from explorer.app.tensors.number_model import BLOCK
from explorer.app.tensors.page import Page
from explorer.app.tensors.requests import Seen, Studied, Unseen
from explorer.app.tensors.sight import Index, Sight, read_index
from explorer.app.tensors.statistics_strip import StatisticsStrip
from explorer.app.tensors.table_page import TablePage
from explorer.app.tensors.view_header import ViewHeader
from explorer.program.explanation import Box
from explorer.program.viewing import (
    Address,
    Cut,
    Entry,
    Glimpse,
    Glimpsed,
    Query,
    Survey,
    first_cut,
)

TABLE, HEAT, HISTOGRAM, IMAGES, CURVES = "Table", "Heat map", "Histogram", "Images", "Curves"
_PAGES: dict[str, Callable[[TensorClient], Page]] = {
    TABLE: TablePage,
    HEAT: HeatPage,
    HISTOGRAM: lambda client: HistogramPage(),
    IMAGES: ImagePage,
    CURVES: CurvesPage,
}

_PAINTED_MS = 25
"""In which what is seen first is painted: until then nothing else takes the processor."""
_LOWEST = 118
"""How high the numbers are at least, in points: four rows under their head."""
_NOWHERE = Address("")
_AT_FIRST = Glimpse((2 * BLOCK[0], 2 * BLOCK[1]))
"""Whole blocks of a table, more than most panels show: they need not be asked for by themselves."""


def ways(shape: tuple[int, ...]) -> list[str]:
    """In which ways a tensor of that shape can be looked at."""
    fits = {HEAT: bool(shape), IMAGES: has_images(shape), CURVES: max(shape, default=0) > 1}
    return [way for way in _PAGES if fits.get(way, True)]


class TensorView(QWidget):
    """Looks at the tensor at one place, and at what is there later on when it is refreshed.

    While it cannot be seen it asks for nothing.

    Signals:
        element_chosen(variable, index): a person clicked an entry, or went there.
        edit_requested(variable, index, number): a person typed a number in the place of another.
        undo_wanted(): a person wants the last edit to be put back.
        cut_changed(cut), way_changed(way), element_moved(index), scrolled(x, y): what a view
            beside it does likewise.
        named(title): what it is called.
        pin_requested(place), compare_requested(place), save_requested(place): what to do with it.
        nudge_wanted(): a person wants the chosen number to be nudged.
        told(sentence), failed(sentence): what came of something that was asked for.
    """

    element_chosen = Signal(str, object)
    edit_requested = Signal(str, object, float)
    undo_wanted = Signal()
    element_moved = Signal(object)
    cut_changed = Signal(object)
    way_changed = Signal(str)
    scrolled = Signal(int, int)
    named = Signal(str)
    pin_requested = Signal(object)
    compare_requested = Signal(object)
    save_requested = Signal(object)
    nudge_wanted = Signal()
    told = Signal(str)
    failed = Signal(str)

    def __init__(self, client: TensorClient):
        super().__init__()
        self.place: Place = _NOWHERE
        self._client, self._way = client, TABLE
        self._sight: Sight | None = None
        self._survey: Survey | None = None
        self._index: Index | None = None
        self._awaited: Index | None = None
        self._boxes: Sequence[Box] = ()
        self._pages: dict[str, Page] = {}
        self._edits: Mapping[Index, str] = {}
        self._is_stale, self._is_live = True, False
        self._refusal, self._absence = "", ""
        self._leader: TensorView | None = None
        self._study = 0
        self._study_soon = QTimer(self, singleShot=True, interval=_PAINTED_MS)
        self._study_soon.timeout.connect(self._begin_study)
        self._asker = Asker(client, self._on_entry)
        self._make_parts()
        self._lay_out()

    # What others ask of it

    def prepare(self) -> None:
        """Make what most tensors are looked at with, before there is one."""
        self._axes.make(2)
        self._page_of(TABLE)

    def look_at(self, place: Place, way: str = TABLE) -> None:
        """Look at the tensor at that place, in that way if it can be."""
        self.place, self._way = place, way

    @property
    def sight(self) -> Sight | None:
        """What is looked at, once it is known."""
        return self._sight

    @property
    def way(self) -> str:
        """In which way it is looked at: one of `ways`."""
        return self._way

    @property
    def page(self) -> Page:
        """What shows it in that way."""
        return self._page_of(self._way)

    @property
    def compare_button(self) -> QWidget:
        """Below which the choices for a comparison open."""
        return self._header.compare_button

    @property
    def nudge_button(self) -> QWidget:
        """Below which what comes of a nudge opens."""
        return self._header.nudge_button

    @property
    def title(self) -> str:
        return self._sight.entry.label.title if self._sight else ""

    @property
    def index(self) -> Index | None:
        """The entry that is chosen."""
        return self._index

    @property
    def variable(self) -> str:
        """The variable of the program whose tensor this is; "" for what has none."""
        return self.place.variable if isinstance(self.place, Address) else ""

    def refresh(self, is_live: bool = False) -> None:
        """Show the numbers of now, as soon as they can be seen.

        While they change all the time (`is_live`) statistics are finished before they begin anew.
        """
        if not self.isVisible():
            self._is_stale = True
            return
        self._is_stale = False
        self._is_live = is_live
        self._asker.ask(self.place, None if self._sight else _AT_FIRST)

    def look_in(self, way: str) -> None:
        """Look at it as a table, a heat map …"""
        offered = ways(self._sight.entry.shape) if self._sight else [way]
        if way not in offered:
            way = TABLE
        is_other, self._way = way != self._way, way
        self._header.show_ways(offered, way)
        if self._sight is not None:
            self._fill_page()
        self._stack.setCurrentWidget(self.page if self._sight else self._nothing)
        if is_other:
            self.way_changed.emit(way)

    def cut(self, cut: Cut) -> None:
        """Look at another plane of it, if it has as many axes."""
        sight = self._sight
        if sight is None or cut == sight.cut or len(cut.uses) != len(sight.entry.shape):
            return
        self._sight = Sight(sight.entry, cut)
        self._axes.show_sight(self._sight)
        self._fill_page()
        if self._strip.is_of_plane:
            self._begin_study()
        self.cut_changed.emit(cut)

    def go_to(self, index: Index) -> None:
        """Choose an entry, and cut the tensor so that it is seen, as soon as it is known."""
        if self._sight is None:
            self._awaited = index
            return
        uses = zip(self._sight.cut.uses, index, strict=True)
        cut = Cut(tuple(use if use in ("rows", "columns") else at for use, at in uses))
        self.cut(cut)
        self._on_chosen(index)
        self._area.ensureWidgetVisible(self.body)

    def follow(self, leader: "TensorView") -> None:
        """Be looked at as another view is, which has the controls for both.

        As long as their shapes are equal, that is: else it is cut by itself.
        """
        self._leader = leader
        self._header.show_name_only()
        leader.named.connect(self._show_axes)

    def begin_at(self, y: int) -> None:
        """Have the numbers begin that far down, as in the view beside it."""
        self._column.activate()  # so that all heights are those of now
        self._pad.setFixedHeight(max(y - self.body.y() + self._pad.height(), 0))

    def mark(self, index: Index | None) -> None:
        """Show which entry is chosen."""
        self._index = index
        self.page.mark(index)

    @Slot(int, int)
    def scroll_to(self, x: int, y: int) -> None:
        """Scroll the table as another is scrolled."""
        self.page.scroll_to(x, y)

    def light(self, boxes: Sequence[Box]) -> None:
        """Light entries up: for each an index or a slice of every axis. () for none."""
        self._boxes = boxes
        for page in self._pages.values():
            page.light(boxes)

    def show_edits(self, edits: Mapping[Index, str]) -> None:
        """Mark entries as edited, with what is said of each."""
        self._edits = edits
        for page in self._pages.values():
            page.show_edits(edits)

    def refuse_editing(self, why: str) -> None:
        """Say why no number can be typed in the place of another; "" where one can."""
        self._refusal = why
        self._tell_whether()

    def _tell_whether(self) -> None:
        self._header.allow_editing(self.why_no_edits)
        if isinstance(table := self._pages.get(TABLE), TablePage):
            table.refuse_editing(self.why_no_edits)

    @property
    def why_no_edits(self) -> str:
        """Why the numbers of this tensor cannot be edited now; "" where they can be."""
        entry = self._sight.entry if self._sight else None
        return why_never(self.place, entry) or self._refusal or self._absence

    @Slot()
    def edit_number(self) -> None:
        """Let the chosen number be typed anew, or say why that cannot be."""
        if self._sight is None or self.why_no_edits:
            self.failed.emit(self.why_no_edits or "Its numbers have not come yet")
            return
        self.look_in(TABLE)
        page = self.page
        assert isinstance(page, TablePage), "it is looked at as a table"
        page.table.setFocus()
        page.table.edit_current()

    @Slot()
    def pin(self) -> None:
        """Ask for a copy of it to be kept."""
        self.pin_requested.emit(self.place)

    @Slot()
    def compare(self) -> None:
        """Ask what to compare it with."""
        self.compare_requested.emit(self.place)

    @Slot()
    def save(self) -> None:
        """Ask for a file to write it to."""
        self.save_requested.emit(self.place)

    def ask_index(self) -> None:
        """Give the keyboard to the field for an index."""
        self._header.go_to()

    def stop(self) -> None:
        """Wait for nothing any more: it is closed."""
        self._asker.stop()
        self._study_soon.stop()
        self._client.drop(self._study)
        for page in self._pages.values():
            page.stop()

    # Parts

    def _make_parts(self) -> None:
        self._header = ViewHeader(list(_PAGES))
        self._header.way_chosen.connect(self.look_in)
        self._header.go_to_wanted.connect(self._on_go_to)
        self._header.pin_wanted.connect(self.pin)
        self._header.compare_wanted.connect(self.compare)
        self._header.save_wanted.connect(self.save)
        self._header.edit_wanted.connect(self.edit_number)
        self._header.nudge_wanted.connect(self.nudge_wanted)
        self._axes = AxisBar()
        self._axes.changed.connect(self.cut)
        self._notice = Notice()
        self._nothing = EmptyState("grid", "Looking for it …")
        self._strip = StatisticsStrip()
        self._strip.scope_changed.connect(self._begin_study)

    def _lay_out(self) -> None:
        around = QVBoxLayout()
        around.setContentsMargins(theme.MARGIN, 0, theme.MARGIN, 0)
        around.addWidget(self._notice)
        self.body, self._pad = QWidget(), QWidget()
        self._pad.setFixedHeight(0)
        self._stack = QStackedLayout(self.body)
        self._stack.addWidget(self._nothing)
        self.body.setMinimumHeight(_LOWEST)
        content = QWidget()
        self._column = column = QVBoxLayout(content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.SPACING)
        column.addWidget(self._header)
        column.addWidget(self._axes)
        column.addLayout(around)
        column.addWidget(self._pad)
        column.addWidget(self.body, 1)
        column.addWidget(self._strip)
        around_all = QVBoxLayout(self)
        around_all.setContentsMargins(0, 0, 0, 0)
        self._area = OverflowArea(content)
        around_all.addWidget(self._area)

    def _page_of(self, way: str) -> Page:
        if way not in self._pages:
            self._pages[way] = self._new_page(_PAGES[way](self._client))
        return self._pages[way]

    def _new_page(self, page: Page) -> Page:
        page.chosen.connect(self._on_chosen)
        page.told.connect(self._strip.say)
        page.refused.connect(self._on_refused)
        page.failed.connect(self.failed)
        page.done.connect(self.told)
        page.edited.connect(self._on_edited)
        page.undo_wanted.connect(self.undo_wanted)
        page.scrolled.connect(self.scrolled)
        page.light(self._boxes)
        page.show_edits(self._edits)
        if isinstance(page, TablePage):
            page.refuse_editing(self.why_no_edits)
        self._stack.addWidget(page)
        return page

    # What comes back

    def _on_entry(self, query: Query | None, answer: Seen | Unseen) -> None:
        if isinstance(answer, Unseen):
            self._on_refused(answer)
            return
        self._notice.tell("info", "")
        self._take(answer.entry)
        if isinstance(answer.answer, Glimpsed):
            self._take_glimpse(answer.answer)
        elif not (self._is_live and self._study):
            self._begin_study()

    def _take_glimpse(self, found: Glimpsed) -> None:
        """Show what came along at first; what it leaves open is gone through from now on."""
        self.page.show_glimpse(found)
        self._show_survey(found.survey)
        if not (found.survey.is_complete or self._study):
            self._study_soon.start()

    def _take(self, entry: Entry) -> None:
        """Show the tensor that is there now."""
        before = self._sight
        fits = before is not None and before.entry.shape == entry.shape
        cut = before.cut if before is not None and fits else first_cut(entry.shape)
        self._sight = Sight(entry, cut)
        self._absence = ""
        self._tell_whether()
        self._header.show_entry(entry)
        self._axes.show_sight(self._sight)
        self._strip.offer_plane(len(entry.shape) > 2)
        self.look_in(self._way)
        if before is None or before.entry.label.title != self.title:
            self.named.emit(self.title)
        if self._awaited is not None:
            awaited, self._awaited = self._awaited, None
            self.go_to(awaited)

    def _fill_page(self) -> None:
        assert self._sight is not None
        page = self.page
        self._show_axes()
        page.show_sight(self._sight)
        page.mark(self._index)
        if page.needs_histogram and (self._survey is None or self._survey.histogram is None):
            self._begin_study()
        elif self._survey is not None:
            page.show_survey(self._survey)

    @Slot()
    def _show_axes(self) -> None:
        """Offer other planes where it matters which one is looked at."""
        shape = self._sight.entry.shape if self._sight else ()
        is_survey = self.page.needs_histogram
        matters = self._strip.is_of_plane if is_survey else self.page.uses_plane(shape)
        leader = self._leader.sight if self._leader else None
        is_led = leader is not None and leader.entry.shape == shape
        self._axes.setVisible(bool(shape) and matters and not is_led)

    @Slot()
    def _begin_study(self) -> None:
        """Go through all of it, for statistics and, where it is looked at, the histogram."""
        if self._sight is None:
            return
        self._show_axes()
        self._study_soon.stop()
        self._client.drop(self._study)
        cut = self._sight.cut if self._strip.is_of_plane else None
        needs = self.page.needs_histogram
        self._study = self._client.study(self.place, cut, needs, self._on_studied)

    def _on_studied(self, answer: Seen | Unseen | Studied) -> None:
        if not isinstance(answer, Studied):
            self._study = 0
            return
        if answer.survey.is_complete:
            self._study = 0
        self._show_survey(answer.survey)

    def _show_survey(self, found: Survey) -> None:
        if found.is_complete:
            self._survey = found
        self._strip.show_statistics(found.statistics)
        self.page.show_survey(found)

    @Slot(object)
    def _on_refused(self, answer: Unseen) -> None:
        """There is nothing, or it has another shape by now."""
        there, sight = answer.entry, self._sight
        if there is not None and sight is not None and there.shape != sight.entry.shape:
            self._take(there)
        elif sight is None:
            self._nothing.say(as_sentence(answer.sentence))
        else:
            self._absence = answer.sentence
            self._tell_whether()
            self._notice.tell("info", f"{answer.sentence}. These are the numbers seen last")

    # What a person does

    @Slot(object)
    def _on_chosen(self, index: Index) -> None:
        if index == self._index:
            return
        self.mark(index)
        self.element_moved.emit(index)
        if self.variable:
            self.element_chosen.emit(self.variable, index)

    @Slot(str)
    def _on_go_to(self, text: str) -> None:
        if self._sight is not None:
            try:
                index = read_index(text, self._sight.entry.shape)
            except ValueError as error:
                self.failed.emit(str(error))
            else:
                self.go_to(index)
                self.page.setFocus()

    @Slot(object, float)
    def _on_edited(self, index: Index, number: float) -> None:
        if self.variable:
            self.edit_requested.emit(self.variable, index, number)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._is_stale:
            self.refresh()
