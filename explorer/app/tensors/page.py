"""What all ways to look at a tensor have in common."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from explorer.app.tensors.sight import Index, Sight
from explorer.program.explanation import Box
from explorer.program.viewing import Glimpsed, Survey


class Page(QWidget):
    """One way to look at a tensor. `needs_histogram` says whether it draws one.

    Signals:
        chosen(index): the entry of the tensor that a person clicked, or moved to.
        told(sentence): what is under the pointer; "" for nothing.
        refused(Unseen): why there is nothing to show.
        done(sentence), failed(sentence): what came of something that was asked for.
        edited(index, number): a person typed a number in the place of another.
        undo_wanted(): a person wants the last edit to be put back.
        scrolled(x, y): it shows another part, by how far its bars are.
    """

    needs_histogram: ClassVar[bool] = False

    chosen = Signal(object)
    told = Signal(str)
    refused = Signal(object)
    done = Signal(str)
    failed = Signal(str)
    edited = Signal(object, float)
    undo_wanted = Signal()
    scrolled = Signal(int, int)

    def uses_plane(self, shape: tuple[int, ...]) -> bool:
        """Whether it matters how a tensor of that shape is cut."""
        return True

    def show_sight(self, sight: Sight) -> None:
        """Show a plane of a tensor, with its numbers of now."""
        raise NotImplementedError

    def show_glimpse(self, found: Glimpsed) -> None:
        """Take over what came together with the sight."""

    def show_survey(self, survey: Survey) -> None:
        """Take over what is known of all numbers."""

    def mark(self, index: Index | None) -> None:
        """Show which entry is chosen."""

    def light(self, boxes: Sequence[Box]) -> None:
        """Light entries up."""

    def show_edits(self, edits: Mapping[Index, str]) -> None:
        """Mark entries as edited, with what is said of each."""

    def scroll_to(self, x: int, y: int) -> None:
        """Scroll as another view of the same size is scrolled."""

    def stop(self) -> None:
        """Wait for no more numbers."""
