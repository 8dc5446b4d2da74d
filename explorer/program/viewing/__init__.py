"""Looking at any tensor, however large: names, windows, pictures, statistics, files.

All that is handed out is a copy on the CPU, of bounded size.
"""

import numpy as np

from explorer.program.viewing.axes import Axes
from explorer.program.viewing.catalogue import Address, Difference, Kind, Label, Memory
from explorer.program.viewing.cut import (
    Cut,
    NotYetError,
    Reduction,
    Span,
    Use,
    ViewError,
    first_cut,
)
from explorer.program.viewing.gallery import PIN_LIMIT, Entry, Gallery
from explorer.program.viewing.glimpse import Glimpse, Glimpsed
from explorer.program.viewing.queries import (
    Curves,
    Images,
    Lines,
    Overview,
    Picture,
    Summing,
    Tiles,
    Window,
)
from explorer.program.viewing.saving import SUFFIXES, save
from explorer.program.viewing.subject import Subject
from explorer.program.viewing.survey import Histogram, Statistics, Survey, statistics, survey

Query = Window | Overview | Images | Curves | Glimpse
Answer = np.ndarray | Picture | Tiles | Lines | Glimpsed

__all__ = [
    "PIN_LIMIT",
    "SUFFIXES",
    "Address",
    "Answer",
    "Axes",
    "Curves",
    "Cut",
    "Difference",
    "Entry",
    "Gallery",
    "Glimpse",
    "Glimpsed",
    "Histogram",
    "Images",
    "Kind",
    "Label",
    "Lines",
    "Memory",
    "NotYetError",
    "Overview",
    "Picture",
    "Query",
    "Reduction",
    "Span",
    "Statistics",
    "Subject",
    "Summing",
    "Survey",
    "Tiles",
    "Use",
    "ViewError",
    "Window",
    "first_cut",
    "save",
    "statistics",
    "survey",
]
