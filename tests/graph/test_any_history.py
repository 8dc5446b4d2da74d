"""Whatever is done to a graph, in whatever order: undo, redo, files and shapes stay true."""

from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, rule

from explorer import Graph, GraphError
from explorer.graph import bends
from explorer.graph.collapsing import collapsing
from explorer.graph.edits import Edit
from explorer.graph.file import from_text, to_text
from explorer.graph.muting import muting
from explorer.graph.replacement import replacement

LAYERS = ("Input", "Data", "Parameter", "Linear", "ReLU", "Flatten", "Add", "Sum", "MSELoss")
SETTINGS: list[dict[str, Any]] = [
    *({"out_features": 3}, {"out_features": 0}, {"bias": False}, {"shape": (2, 3)}),
    *({"dataset": "digits"}, {"value": [1.0, 2.0]}, {"dim": -1, "keepdim": True}, {"dim": 9}),
    *({"start_dim": 0}, {"reduction": "sum"}, {"nonsense": 1}),
]
PLACES = st.floats(-1e4, 1e4) | st.sampled_from([0.001, -0.004, 1e8, float("nan"), float("inf")])
TITLES = st.text(max_size=5) | st.sampled_from(["\ud800", "a\nb", '"""', "\x00", ""])


class AnyHistory(RuleBasedStateMachine):
    """Keeps, beside the graph, the text after each action."""

    nodes = Bundle("nodes")

    def __init__(self) -> None:
        super().__init__()
        self.graph = Graph()
        self.past = [to_text(self.graph)]
        self.future: list[str] = []
        self.told: list[str] = []
        self.graph.edited.connect(self.told.append)

    def attempt(self, name: str, *arguments: Any, **keywords: Any) -> Any:
        return self.attempt_to(lambda: getattr(self.graph, name)(*arguments, **keywords))

    def attempt_edit(self, make: Callable[[], Edit]) -> None:
        self.attempt_to(lambda: self.graph.do(make()))

    def attempt_to(self, act: Callable[[], Any]) -> Any:
        before = to_text(self.graph)
        self.told.clear()
        try:
            result = act()
        except GraphError as error:
            assert to_text(self.graph) == before
            assert all(problem.message and problem.hint for problem in error.problems)
            return None
        if not self.told:
            assert to_text(self.graph) == before, "only what changes nothing leaves no trace"
            return result
        self.past.append(to_text(self.graph))
        self.future.clear()
        return result

    @rule(target=nodes, layer=st.sampled_from(LAYERS))
    def add(self, layer: str) -> str:
        return self.attempt("add", layer).id

    @rule(start=nodes, end=nodes, port=st.sampled_from(["x", "a", "b", "y_hat", "y"]))
    def connect(self, start: str, end: str, port: str) -> None:
        out = "loss" if start.startswith("loss") else "x" if start.startswith("data") else "out"
        self.attempt("connect", f"{start}.{out}", f"{end}.{port}")

    @rule(number=st.integers(0, 20))
    def disconnect(self, number: int) -> None:
        wires = list(self.graph.wires)
        self.attempt("disconnect", wires[number % len(wires)] if wires else "a.x")

    @rule(id=consumes(nodes))
    def remove(self, id: str) -> None:
        self.attempt("remove", id)

    @rule(id=nodes, chosen=st.sampled_from(SETTINGS))
    def set(self, id: str, chosen: dict[str, Any]) -> None:
        self.attempt("set", id, **chosen)

    @rule(id=nodes, x=PLACES, y=PLACES)
    def move(self, id: str, x: float, y: float) -> None:
        self.attempt("move", {id: (x, y)})

    @rule(id=nodes, title=TITLES)
    def rename(self, id: str, title: str) -> None:
        self.attempt("rename", id, title)

    @rule(ids=st.lists(nodes, min_size=1, max_size=3, unique=True))
    def mute(self, ids: list[str]) -> None:
        self.attempt_edit(lambda: muting(self.graph, ids))

    @rule(ids=st.lists(nodes, min_size=1, max_size=3, unique=True))
    def collapse(self, ids: list[str]) -> None:
        self.attempt_edit(lambda: collapsing(self.graph, ids))

    @rule(number=st.integers(0, 20), bend=st.integers(0, 2), x=PLACES, y=PLACES)
    def bend(self, number: int, bend: int, x: float, y: float) -> None:
        if wires := list(self.graph.wires.values()):
            wire = wires[number % len(wires)]
            self.attempt_edit(lambda: bends.adding(wire, min(bend, len(wire.bends)), (x, y)))

    @rule(id=nodes, layer=st.sampled_from(LAYERS))
    def replace(self, id: str, layer: str) -> None:
        self.attempt_edit(lambda: replacement(self.graph, id, layer)[0])

    @rule(epochs=st.integers(-1, 5), momentum=st.sampled_from([0.0, 0.5, 1.5, float("nan")]))
    def train_with(self, epochs: int, momentum: float) -> None:
        self.attempt("train_with", epochs=epochs, momentum=momentum)

    @rule()
    def undo(self) -> None:
        if self.graph.undo() is not None:
            self.future.append(self.past.pop())

    @rule()
    def redo(self) -> None:
        if self.graph.redo() is not None:
            self.past.append(self.future.pop())

    @invariant()
    def text_is_that_of_this_moment(self) -> None:
        assert to_text(self.graph) == self.past[-1]

    @invariant()
    def what_is_known_is_what_a_fresh_copy_of_the_file_tells(self) -> None:
        copy = from_text(to_text(self.graph))
        assert to_text(copy) == to_text(self.graph)
        assert copy.shapes() == self.graph.shapes()
        assert copy.problems() == self.graph.problems()

    def teardown(self) -> None:
        end = to_text(self.graph)
        undone = 0
        while self.graph.undo() is not None:
            undone += 1
        assert to_text(self.graph) == self.past[0]
        assert undone == len(self.past) - 1
        for _ in range(undone):
            self.graph.redo()
        assert to_text(self.graph) == end


TestAnyHistory = AnyHistory.TestCase
TestAnyHistory.settings = settings(
    max_examples=150,
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
