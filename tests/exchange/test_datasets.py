"""Data sets as pages load them are those that training here uses."""

from typing import Any

import pytest
import torch
from torch.nn import functional

import explorer
from explorer import Graph, data
from explorer.exchange import pages
from explorer.exchange.datasets import loading
from explorer.layers.sources import Data

MADE = [name for name, info in data.DATASETS.items() if info.task != "sequence" and name != "csv"]
FORMS = [
    *((name, "auto") for name in data.DATASETS if name != "csv"),
    *((name, "real") for name in MADE),
    *((name, "class") for name in MADE if data.DATASETS[name].classes),
]


def rows(source: Data) -> tuple[torch.Tensor, torch.Tensor]:
    """What the page's lines load."""
    found = loading(source)
    space: dict[str, Any] = {"torch": torch, "F": functional, "math": __import__("math")}
    exec("\n\n".join([*found.functions, "\n".join(found.body)]), space)
    return space["x"], space["y"]


@pytest.mark.parametrize(("name", "labels"), FORMS)
def test_a_page_loads_the_same_rows(name: str, labels: str) -> None:
    options = {"samples": 51, "noise": 0.3, "seed": 7} if name not in ("text", "csv") else {}
    source = Data(dataset=name, labels=labels, **options)

    x, y = rows(source)

    ours = data.load(**source.source)
    assert torch.equal(x, ours.x) and x.dtype == ours.x.dtype
    assert torch.equal(y, ours.y) and y.dtype == ours.y.dtype


def test_a_table_of_ones_own_is_read_by_this_program(tmp_path: Any) -> None:
    table = tmp_path / "table.csv"
    table.write_text("a,b,kind\n1,2,x\n3,4,y\n5,6,x\n")
    source = Data(dataset="csv", path=str(table))

    x, y = rows(source)

    assert torch.equal(x, data.load(**source.source).x)
    assert torch.equal(y, data.load(**source.source).y)
    assert loading(source).are_classes


def test_what_is_fed_by_hand_is_left_to_the_reader() -> None:
    graph = Graph()
    graph.add("Input", id="x", shape=(3,))
    graph.add("Linear", id="fc1", out_features=2)
    graph.add("Mean", id="mean")
    graph.connect("x.out", "fc1.x")
    graph.connect("fc1.out", "mean.x")
    graph.train_with(validation=0.0, batch_size=8)

    page = pages.page(graph, explorer.compile(graph), "autograd")

    assert "x = torch.randn(8, 3)  # fed by hand: put your own rows here" in page.text
    space: dict[str, Any] = {"__name__": "a_page"}
    exec(page.text, space)
    space["EPOCHS"] = 1
    space["train"](space["init"]())
