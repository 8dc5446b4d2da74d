"""What stands on the canvas besides nodes and wires: groups, notes, frames, bookmarks.

None of it changes what is computed: a group is a view of the nodes that are in it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

Point = tuple[float, float]


class Titled:
    """What has a title of its own, or goes by its id."""

    id: str
    title: str

    @property
    def label(self) -> str:
        """What to show for its name: the title, or the id where it has none."""
        return self.title or self.id


@dataclass(frozen=True)
class Group(Titled):
    """Nodes, and further groups, that show as one card at `position`.

    `group` names the group that it is in itself, "" for none. `bundles` lists input ports inside
    that one port of the card feeds together, as they were fed when it was made.
    """

    id: str
    title: str = ""
    position: Point = (0.0, 0.0)
    group: str = ""
    bundles: tuple[tuple[str, ...], ...] = ()
    unknown: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Note:
    """A text in Markdown on the canvas. `size` is (width, height) in scene units."""

    id: str
    text: str = ""
    position: Point = (0.0, 0.0)
    size: Point = (240.0, 120.0)
    group: str = ""
    unknown: Mapping[str, Any] = field(default_factory=dict)

    @property
    def label(self) -> str:
        """Its first words."""
        return self.text.strip().partition("\n")[0].lstrip("# ")[:40] or self.id


@dataclass(frozen=True)
class Frame(Titled):
    """A titled rectangle behind nodes; what stands within moves along with it."""

    id: str
    title: str = ""
    position: Point = (0.0, 0.0)
    size: Point = (400.0, 240.0)
    group: str = ""
    unknown: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Bookmark(Titled):
    """A place to come back to: the scene point in the middle, and how large things are shown."""

    id: str
    title: str = ""
    position: Point = (0.0, 0.0)
    scale: float = 1.0
    group: str = ""
    unknown: Mapping[str, Any] = field(default_factory=dict)


Annotation = Group | Note | Frame | Bookmark
A = TypeVar("A", Group, Note, Frame, Bookmark)
KINDS: tuple[type[Annotation], ...] = (Group, Note, Frame, Bookmark)
