"""Whether list, canvas, values and code agree on where a stepper stands, and with the numbers."""

import math

import numpy as np
from PySide6.QtCore import QPointF
from PySide6.QtWidgets import QFrame, QLabel, QListView, QSlider

from explorer import layers
from explorer.app import theme
from explorer.app.canvas.step_show import CurrentMark, LiveWire
from explorer.program import Stepper
from explorer.training import Trainer

STATISTICS = {
    "mean": np.mean,
    "std": np.std,
    "min": np.min,
    "max": np.max,
    "norm": lambda x: math.sqrt(np.sum(np.square(x))),
}


def own_stepper(graph, steps: int = 0) -> Stepper:
    """A stepper on the batch that a run of its own stands at after so many steps."""
    trainer = Trainer(graph)
    for _ in range(steps):
        trainer.step()
    return trainer.walk()


def assert_shows(person, own: Stepper) -> None:
    """Every part of the window stands where this stepper does."""
    calls = f"Step {own.position} of {len(own.calls)}"
    person.waits_until(lambda: calls in person.reads(person.window.stepper))
    _assert_list(person, own)
    _assert_cards(person, own)
    _assert_wires(person, own)
    _assert_code(person, own)
    _assert_values(person, own)


def _assert_list(person, own: Stepper) -> None:
    panel = person.window.stepper
    rows = panel.findChild(QListView).model()
    shown = [rows.index(row, 0).data().split(maxsplit=1)[0] for row in range(rows.rowCount())]
    marks = ["✓"] * max(own.position - 1, 0) + ["▶"] * bool(own.position)
    nodes = [call.node for call in own.calls]
    assert shown == [*marks, *nodes[own.position :]]
    assert panel.findChild(QSlider).value() == own.position
    where = "Before the first call"
    if own.position:
        where = rows.index(own.position - 1, 0).data().lstrip("▶ ")
    assert where in person.reads(panel)


def _assert_cards(person, own: Stepper) -> None:
    scene = person.hand.scene
    done = {(c.node, c.phase) for c in own.calls[: own.position] if not c.is_addition}
    for id, item in scene.nodes.items():
        passed = [phase for phase in ("forward", "backward") if (id, phase) in done]
        assert item.progress == (passed or ["none"])[-1], id
    marks = [item for item in scene.items() if isinstance(item, CurrentMark)]
    lit = [id for id, item in scene.nodes.items() for m in marks if _surrounds(m, item.box)]
    assert lit == ([own.current.node] if own.current else [])


def _surrounds(mark: CurrentMark, box) -> bool:
    return (mark.path().boundingRect().center() - box.center()).manhattanLength() < 1


def _assert_wires(person, own: Stepper) -> None:
    scene = person.hand.scene
    given = {
        f"{c.node}.{operand.label.removeprefix('d')}"
        for c in own.calls[: own.position]
        for operand in c.writes
        if operand.role == "gradient" and not c.is_addition
    }
    lit = {t for t, w in scene.wires.items() if w.pen().color().name() == theme.current().backward}
    assert lit == given & scene.wires.keys()
    call = own.current
    if call is None or call.phase == "update":
        live = set()
    elif call.is_addition:
        live = {t for t, w in scene.wires.items() if w.source.split(".")[0] == call.node} & given
    else:
        live = {t for t in scene.wires if t.split(".")[0] == call.node}
        live = live & given if call.phase == "backward" else live
    # A wire may be led around what has come below a card, and what flows follows in a moment.
    person.waits_until(lambda: None not in _flows(scene))
    flows = _flows(scene)
    assert flows.keys() == live
    for target, flow in flows.items():
        start, end = (scene.end_point(path) for path in (scene.wires[target].source, target))
        assert all(_points(h, start, end) == call.phase for h in flow.childItems())


def _flows(scene) -> dict[str | None, LiveWire]:
    """What flows, by the wire that it is drawn along; None for no wire."""
    ways = [(target, wire.path()) for target, wire in scene.wires.items()]
    shown = (item for item in scene.items() if isinstance(item, LiveWire))
    return {next((t for t, way in ways if way == flow.path()), None): flow for flow in shown}


def _points(head, start: QPointF, end: QPointF) -> str:
    """Which way an arrowhead on a wire points: along it, or back."""
    way = head.transform().map(QPointF(1, 0)) - head.transform().map(QPointF(0, 0))
    return "forward" if QPointF.dotProduct(way, end - start) > 0 else "backward"


def _assert_code(person, own: Stepper) -> None:
    code = person.window.code
    if own.current is None or own.current.phase == "update":
        assert code.marked_line is None
        return
    line = code.text.splitlines()[code.marked_line - 1]
    assert line.strip() == own.current.text
    mark = code._view.extraSelections()[-1]
    assert mark.cursor.block().text() == line


def _assert_values(person, own: Stepper) -> None:
    cards = person.window.values.cards
    if own.current is None:
        assert person.sees("Step (F10) to see every number", person.window.values)
        return
    shown = {_name(card): card for card in cards}
    tensors = _tensors(own)
    assert shown.keys() == tensors.keys()
    for name, tensor in tensors.items():
        _assert_numbers(name, shown[name], tensor.detach().numpy())


def _tensors(own: Stepper) -> dict[str, object]:
    """Every tensor that the current call read and wrote, by what the layer calls it."""
    call, namespace = own.current, own.session.namespace
    found = {}
    for operand in (*call.reads, *call.writes):
        value = namespace[operand.variable]
        if operand.role == "cache":
            names = getattr(layers, call.layer).cache
            pairs = zip(names, value, strict=True)
            found |= {f"cache: {n}": t for n, t in pairs if hasattr(t, "numpy")}
        else:
            found[operand.label] = value
    return found


def _name(card: QFrame) -> str:
    return card.findChildren(QLabel)[0].text().split("   ")[0]


def _assert_numbers(name: str, card: QFrame, numbers: np.ndarray) -> None:
    title, role, *_ = card.findChildren(QLabel)
    shape = ", ".join(map(str, numbers.shape)) + ("," if numbers.ndim == 1 else "")
    assert title.text() == f"{name}   ({shape})"
    assert role.text()
    if numbers.size == 1:
        assert _is(_singles(card), numbers.item()), name
        return
    for statistic, of in STATISTICS.items():
        text = card.statistics.shown[statistic]
        assert _is(text, of(numbers.astype(np.float64))), f"{statistic} of {name}"


def _singles(card: QFrame) -> str:
    """The one number of a card that holds but one."""
    texts = [w for w in card.findChildren(QLabel) if w.isVisibleTo(card)]
    return texts[2].text()


def _is(text: str, value: float) -> bool:
    shown = float(text.replace(",", ""))
    return math.isclose(shown, value, rel_tol=6e-4, abs_tol=1e-9)
