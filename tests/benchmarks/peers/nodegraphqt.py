"""NodeGraphQt's fork for PySide6 on the canvas's graph: prints its figures as one line of JSON.

It runs by itself, in an environment of its own, for it wants another PySide6 than we do:

    python -m venv peer && peer/bin/pip install "PySide6-Essentials==6.8.3" setuptools \
        NodeGraphQt-QuiltiX-fork
    QT_QPA_PLATFORM=offscreen peer/bin/python tests/benchmarks/peers/nodegraphqt.py 1000
"""

import json
import sys
from time import perf_counter

from NodeGraphQt import BaseNode, NodeGraph
from Qt import QtWidgets

COLUMNS = 40
SIZE = (1600, 1000)
FRAMES = 30


class Box(BaseNode):
    """One input, one output."""

    __identifier__ = "peer"
    NODE_NAME = "Box"

    def __init__(self) -> None:
        super().__init__()
        self.add_input("x")
        self.add_output("out")


def main(nodes: int) -> None:
    app = QtWidgets.QApplication(sys.argv[:1])
    start = perf_counter()
    graph = NodeGraph()
    graph.register_node(Box)
    for row in range(nodes // COLUMNS):
        before = None
        for column in range(COLUMNS):
            at = [column * 240.0, row * 130.0]
            node = graph.create_node("peer.Box", pos=at, selected=False, push_undo=False)
            if before is not None:
                before.output(0).connect_to(node.input(0), push_undo=False)
            before = node
    view = graph.viewer()
    view.resize(*SIZE)
    view.show()
    app.processEvents()
    view.grab()
    built = (perf_counter() - start) * 1000
    view.zoom_to_nodes(view.all_nodes())
    at_fit = frame_ms(view)
    view.reset_zoom()
    close = frame_ms(view)
    print(json.dumps({"open": built, "fit": at_fit, "close": close}))  # noqa: T201 - its answer


def frame_ms(view: QtWidgets.QGraphicsView) -> float:
    """Milliseconds a frame while panning, every pixel painted anew: the median of many."""
    times = []
    for frame in range(FRAMES):
        view._set_viewer_pan(7 if frame % 2 else -7, 0)
        start = perf_counter()
        view.viewport().grab()
        times.append(perf_counter() - start)
    return sorted(times)[len(times) // 2] * 1000


if __name__ == "__main__":
    main(int(sys.argv[1]))
