"""What is seen first of a tensor of which nothing is known yet, in one answer."""

from dataclasses import dataclass

import numpy as np

from explorer.program.viewing.cut import first_cut
from explorer.program.viewing.queries import Window
from explorer.program.viewing.subject import Subject
from explorer.program.viewing.survey import Survey, survey


@dataclass(frozen=True, eq=False)
class Glimpsed:
    """The `numbers` (rows, columns) of a window, and what is known of the tensor at once.

    Of many numbers the survey is not complete: a sample, or the first of them.
    """

    window: Window
    numbers: np.ndarray
    survey: Survey


@dataclass(frozen=True)
class Glimpse:
    """The corner of the plane that is looked at first, at most so many rows and columns."""

    most: tuple[int, int]

    def of(self, subject: Subject) -> Glimpsed:
        rows, columns = self.most
        window = Window(first_cut(subject.shape), (0, rows), (0, columns))
        found = next(survey(subject, histogram=False))
        return Glimpsed(window, window.of(subject), found)
