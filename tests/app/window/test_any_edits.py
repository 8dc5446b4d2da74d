"""Whatever a person does, in whatever order: document, canvas, shapes and file say the same.

The edits go through the window's own actions and gestures' edits; every one is undone and redone.
"""

import gc
from collections.abc import Callable
from math import inf
from typing import ClassVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from PySide6.QtCore import QPointF
from PySide6.QtGui import QGuiApplication

from explorer.app.canvas import routes
from explorer.app.canvas.scene import GraphScene
from explorer.app.canvas.wiring import connection
from explorer.app.main_window import MainWindow
from explorer.graph import Graph, GraphError
from explorer.graph.edits import ReplaceWire
from explorer.graph.file import from_text, to_text

KINDS = ("Data", "Linear", "ReLU", "Add", "Flatten", "BCEWithLogitsLoss", "Concat", "ResidualBlock")
ON_SELECTION = (
    *("delete", "delete_and_join", "duplicate", "cut", "copy", "mute", "collapse", "group"),
    *("nudge_left", "nudge_down_a_little", "frame", "arrange", "select_upstream"),
)
ANYTIME = (
    *("paste", "select_all", "expand_group", "enter_group", "leave_group", "arrange_down"),
    *("add_note", "add_bookmark"),
)
PLACES = st.tuples(st.integers(-600, 600), st.integers(-400, 400))


class AnyEdits(RuleBasedStateMachine):
    """A hand that does anything at all to one window."""

    window: ClassVar[MainWindow]

    def __init__(self) -> None:
        super().__init__()
        QGuiApplication.clipboard().clear()
        self.window.document.graph.history.mark_saved()
        self.window.document.new()
        self.view, self.scene = self.window.view, self.window.scene
        self.graph = self.window.document.graph
        self.start = to_text(self.graph)

    @rule(kind=st.sampled_from(KINDS), at=PLACES)
    def add(self, kind: str, at: tuple[int, int]) -> None:
        self.view.add_layer(kind, QPointF(*at))

    @precondition(lambda self: self.graph.nodes)
    @rule(data=st.data())
    def connect(self, data: st.DataObject) -> None:
        ports = [port for item in self.scene.nodes.values() for port in item.ports]
        outputs = [port.path for port in ports if port.is_output]
        inputs = [port.path for port in ports if not port.is_output]
        if not outputs or not inputs:
            return
        source, target = data.draw(st.sampled_from(outputs)), data.draw(st.sampled_from(inputs))
        self._try(lambda: connection(self.graph, source, self.scene.fed_with(target)))

    @precondition(lambda self: self.scene.nodes or list(self.scene.annotations))
    @rule(data=st.data(), name=st.sampled_from(ON_SELECTION))
    def act_on_some(self, data: st.DataObject, name: str) -> None:
        ids = [*self.scene.nodes, *(item.id for item in self.scene.annotations)]
        self.view.select(data.draw(st.lists(st.sampled_from(ids), min_size=1, max_size=4)))
        self._trigger(name)

    @rule(name=st.sampled_from(ANYTIME))
    def act(self, name: str) -> None:
        self._trigger(name)

    @precondition(lambda self: self.scene.wires)
    @rule(data=st.data())
    def cut_a_wire(self, data: st.DataObject) -> None:
        self.scene.select((), [data.draw(st.sampled_from(list(self.scene.wires)))])
        self._trigger("delete")

    @precondition(lambda self: self.scene.wires)
    @rule(data=st.data(), at=PLACES)
    def bend_a_wire(self, data: st.DataObject, at: tuple[int, int]) -> None:
        target = data.draw(st.sampled_from(list(self.scene.wires)))
        before = self.graph.wires[target]
        bent = type(before)(before.source, before.target, (*before.bends, at))
        self.graph.do(ReplaceWire(bent, "Bend a wire"))

    @precondition(lambda self: self.scene.nodes)
    @rule(data=st.data(), title=st.text("ab ü", max_size=4))
    def rename(self, data: st.DataObject, title: str) -> None:
        self.graph.rename(data.draw(st.sampled_from(list(self.scene.nodes))), title)

    @rule(data=st.data(), size=st.integers(0, 9))
    def set_a_size(self, data: st.DataObject, size: int) -> None:
        linear = [id for id, node in self.graph.nodes.items() if node.kind == "Linear"]
        if linear:
            id = data.draw(st.sampled_from(linear))
            self._refusable(lambda: self.graph.set(id, out_features=size))

    @rule(times=st.integers(1, 5))
    def undo(self, times: int) -> None:
        for _ in range(times):
            self._trigger("undo")

    @rule(times=st.integers(1, 5))
    def redo(self, times: int) -> None:
        for _ in range(times):
            self._trigger("redo")

    def _trigger(self, name: str) -> None:
        self.window.refresh_commands()
        self.window.actions_by_name[name].trigger()
        self.view.cancel_fields()

    def _try(self, make: Callable) -> None:
        self._refusable(lambda: self.graph.do(make()))

    def _refusable(self, work: Callable[[], object]) -> None:
        before = to_text(self.graph)
        try:
            work()
        except GraphError:
            assert to_text(self.graph) == before, "what is refused changes nothing"

    @invariant()
    def the_file_says_the_same(self) -> None:
        text = to_text(self.graph)
        again = from_text(text)
        assert to_text(again) == text
        assert again.shapes() == self.graph.shapes()
        assert list(map(str, again.problems())) == list(map(str, self.graph.problems()))

    @invariant()
    def the_canvas_says_the_same(self) -> None:
        assert seen(self.scene) == seen(fresh(self.graph, self.scene.level))

    def teardown(self) -> None:
        end = to_text(self.graph)
        done = 0
        while self.graph.undo():
            done += 1
        assert to_text(self.graph) == self.start
        for _ in range(done):
            self.graph.redo()
        assert to_text(self.graph) == end
        self.the_canvas_says_the_same()
        gc.collect()  # the window leaves that to its event loop, which does not run here


def fresh(graph: Graph, level: str) -> GraphScene:
    """The scene as it would be if the graph had been opened just now."""
    scene = GraphScene(graph)
    scene.show_level(level)
    return scene


def seen(scene: GraphScene) -> dict[str, object]:
    """All that a scene shows, in plain values.

    Of several wires that go around the same cards, which takes the nearer lane is no matter.
    """
    scene.routes.complete()
    cards = {id: (item.card, item.pos().toTuple()) for id, item in scene.nodes.items()}
    wires = {
        target: (
            *(item.source, item.shape_text, item.pen().style(), item.is_led),
            item.ends if item.is_led else item.path(),
        )
        for target, item in scene.wires.items()
    }
    gates = {gate.card: gate.pos().toTuple() for gate in scene.gates}
    texts = {item.id: (item.annotation, item.box) for item in scene.annotations}
    return {"cards": cards, "wires": wires, "gates": gates, "annotations": texts}


def run(window: MainWindow, examples: int, steps: int) -> None:
    AnyEdits.window = window
    window.hide()  # so that cards are where they are to be at once, and do not glide there
    case = AnyEdits.TestCase
    case.settings = settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    case().runTest()


@pytest.mark.parametrize("seconds", [inf, 0.0], ids=["at once", "in moments after"])
def test_hundreds_of_edits_leave_all_in_agreement(window, monkeypatch, seconds):
    """Whether wires are led around cards at once or, for want of time, later."""
    monkeypatch.setattr(routes, "_AT_ONCE", seconds)
    monkeypatch.setattr(routes, "_FRAME", seconds)
    run(window, examples=6, steps=40)


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_thousands_of_edits_leave_all_in_agreement(window):
    run(window, examples=50, steps=40)
