"""Commands run in this very process, as main.py would run them."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import torch

from explorer import Graph
from explorer.cli.parts import Parts
from explorer.cli.run import run

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Outcome:
    """What a command leaves: its exit code, and what it wrote."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """Its stdout as strict JSON: no NaN, and nothing after it."""
        return json.loads(self.out, parse_constant=lambda name: pytest.fail(f"{name} in JSON"))


Call = Callable[..., Outcome]


def no_window(path: Path | None) -> int:
    return pytest.fail("a window was opened")


def write_nodes(graph: Graph, path: Path) -> None:
    """A picture of sorts."""
    path.write_text(" ".join(graph.nodes), encoding="utf-8")


HEADLESS = Parts(no_window, write_nodes)


@pytest.fixture(autouse=True, scope="module")
def one_thread() -> Iterator[None]:
    """Small nets gain nothing from a second thread, and wait for it where the machine is busy."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture
def call(capsys: pytest.CaptureFixture[str]) -> Call:
    """Run a command: `call("train", "spiral", "--epochs", "2")`."""

    def run_it(*arguments: object, parts: Parts = HEADLESS) -> Outcome:
        capsys.readouterr()
        code = run([str(argument) for argument in arguments], parts)
        return Outcome(code, *capsys.readouterr())

    return run_it


def assert_refused(call: Call, words: list[str], says: str) -> str:
    """The line on stderr, which is all there is."""
    found = call(*words)
    assert found.code == 2, found
    assert found.out == ""
    assert found.err.count("\n") == 1
    assert found.err.startswith("error: ")
    assert found.err.rstrip("\n").isprintable()
    assert says in found.err
    return found.err


def program(*arguments: object, **environment: str) -> Outcome:
    """`python main.py …` in a process of its own, whose output is piped."""
    done = subprocess.run(
        [sys.executable, ROOT / "main.py", *map(str, arguments)],
        capture_output=True,
        env=surroundings() | environment,
        timeout=100,
    )
    return Outcome(done.returncode, done.stdout.decode(), done.stderr.decode())


def surroundings() -> dict[str, str]:
    """The environment without a display, without a say on colour, and with one thread."""
    hidden = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM", "NO_COLOR", "FORCE_COLOR")
    kept = {name: value for name, value in os.environ.items() if name not in hidden}
    return kept | {"OMP_NUM_THREADS": "1"}


def small() -> Graph:
    """A net that trains in no time: two moons through one layer of weights."""
    graph = Graph()
    graph.add("Data", id="data", samples=100)
    graph.add("Linear", id="fc1", out_features=1)
    graph.add("BCEWithLogitsLoss", id="loss")
    for wire in ("data.x fc1.x", "fc1.out loss.y_hat", "data.y loss.y"):
        graph.connect(*wire.split())
    graph.train_with(epochs=3)
    return graph


def fed_by_hand() -> Graph:
    graph = Graph()
    graph.add("Input", id="x", shape=(3,))
    graph.add("Linear", id="fc1", out_features=2)
    graph.add("Mean", id="mean")
    graph.connect("x.out", "fc1.x")
    graph.connect("fc1.out", "mean.x")
    return graph


@pytest.fixture
def net(tmp_path: Path) -> Path:
    """The small net in a file."""
    path = tmp_path / "net.json"
    small().save(path)
    return path
