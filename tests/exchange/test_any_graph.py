"""Nets of other forms than the starter graphs' are written in every way, too."""

from pathlib import Path
from typing import Any

import pytest

import explorer
from explorer import Graph
from explorer.exchange import pages
from explorer.exchange.page import Way
from explorer.layers.sources import Data
from tests.exchange.comparison import assert_computes_the_same, executed
from tests.nets import build

WAYS: tuple[Way, ...] = ("naive", "autograd", "module")
every_way = pytest.mark.parametrize("way", WAYS)


def net(*wires: str, **nodes: tuple[str, dict[str, Any]]) -> Graph:
    """A graph from its wires, "a.out b.x", and its nodes by id: layer and settings."""
    return build(nodes, *wires)


MOONS = ("Data", {"dataset": "moons", "samples": 40})
CLASSES = ("Data", {"dataset": "moons", "samples": 40, "labels": "class"})
TWO = ("Linear", {"out_features": 2})
ONE = ("Linear", {"out_features": 1})

NETS = {
    "a value that is read twice": net(
        "data.x fc1.x",
        "fc1.out tanh1.x",
        "tanh1.out mul1.a",
        "tanh1.out mul1.b",
        "mul1.out fc2.x",
        "fc2.out loss.y_hat",
        "data.y loss.y",
        data=MOONS,
        fc1=TWO,
        tanh1=("Tanh", {}),
        mul1=("Multiply", {}),
        fc2=ONE,
        loss=("BCEWithLogitsLoss", {}),
    ),
    "weights that two nodes share": net(
        "data.x fc1.x",
        "fc1.out relu1.x",
        "relu1.out fc2.x",
        "fc2.out loss.y_hat",
        "data.x loss.y",
        data=MOONS,
        fc1=TWO,
        relu1=("ReLU", {}),
        fc2=("Linear", {"out_features": 2, "weights_from": "fc1"}),
        loss=("MSELoss", {"reduction": "sum"}),
    ),
    "weights that are held": net(
        "data.x fc1.x",
        "fc1.out norm1.x",
        "norm1.out fc2.x",
        "fc2.out loss.y_hat",
        "data.y loss.y",
        data=CLASSES,
        fc1=("Linear", {"out_features": 2, "frozen": True, "w_init": "orthogonal"}),
        norm1=("LayerNorm", {}),
        fc2=("Linear", {"out_features": 2, "bias": False, "w_init": "kaiming_normal"}),
        loss=("CrossEntropyLoss", {}),
    ),
    "two losses in one": net(
        "data.x fc1.x",
        "fc1.out mse.y_hat",
        "data.x mse.y",
        "fc1.out fc2.x",
        "fc2.out bce.y_hat",
        "data.y bce.y",
        "mse.loss both.x1",
        "bce.loss both.x2",
        data=MOONS,
        fc1=TWO,
        fc2=ONE,
        mse=("MSELoss", {}),
        bce=("BCEWithLogitsLoss", {}),
        both=("WeightedSum", {"factors": (0.25,)}),
    ),
    "an output that nobody reads": net(
        "data.x fc1.x",
        "fc1.out split1.x",
        "split1.out2 loss.y_hat",
        "data.y loss.y",
        data=MOONS,
        fc1=("Linear", {"out_features": 3}),
        split1=("Split", {"sizes": (2, 1)}),
        loss=("BCEWithLogitsLoss", {}),
    ),
    "two sets of data": net(
        "one.x fc1.x",
        "two.x fc1b.x",
        "fc1.out add1.a",
        "fc1b.out add1.b",
        "add1.out loss.y_hat",
        "two.y loss.y",
        one=MOONS,
        two=("Data", {"dataset": "circles", "samples": 40, "labels": "real"}),
        fc1=ONE,
        fc1b=ONE,
        add1=("Add", {}),
        loss=("L1Loss", {}),
    ),
    "a sum that is no loss": net(
        "data.x fc1.x",
        "fc1.out exp1.x",
        "exp1.out sum1.x",
        data=MOONS,
        fc1=ONE,
        exp1=("Exp", {}),
        sum1=("Sum", {}),
    ),
    "names that mean something to Python": net(
        "data.x torch.x",
        "torch.out F.x",
        "F.out model.x",
        "model.out optimizer.x",
        "optimizer.out loss.x",
        data=MOONS,
        torch=TWO,
        F=("Softplus", {}),
        model=("Linear", {"out_features": 3}),
        optimizer=("Softmax", {"dim": 1}),
        loss=("Max", {}),
    ),
    "names of methods of a module": net(
        "data.x train.x",
        "train.out eval.x",
        "eval.out half.y_hat",
        "data.y half.y",
        data=MOONS,
        train=ONE,
        eval=("Sigmoid", {}),
        half=("BCELoss", {}),
    ),
    "a parameter that is broadcast": net(
        "data.x div1.a",
        "scale.out div1.b",
        "div1.out mean1.x",
        "mean1.out loss.y_hat",
        "data.y loss.y",
        data=MOONS,
        scale=("Parameter", {"value": [2.0, 3.0]}),
        div1=("Divide", {}),
        mean1=("Mean", {"dim": 1, "keepdim": True}),
        loss=("HuberLoss", {"delta": 0.5}),
    ),
    "log-softmax and its loss": net(
        "data.x fc1.x",
        "fc1.out logp.x",
        "logp.out loss.y_hat",
        "data.y loss.y",
        data=CLASSES,
        fc1=TWO,
        logp=("LogSoftmax", {}),
        loss=("NLLLoss", {}),
    ),
}


@every_way
@pytest.mark.parametrize("name", NETS)
def test_it_computes_what_the_program_computes(name: str, way: Way) -> None:
    assert_computes_the_same(NETS[name], way)


@every_way
@pytest.mark.parametrize("name", NETS)
def test_it_trains(name: str, way: Way, capsys: pytest.CaptureFixture[str]) -> None:
    graph = NETS[name]
    page = executed(pages.page(graph, explorer.compile(graph), way))
    page["EPOCHS"] = 1

    page["train"](page["Net"]() if way == "module" else page["init"]())

    assert capsys.readouterr().out.startswith("epoch 1: loss ")


def test_what_is_read_once_by_its_loss_alone_cancels_with_it() -> None:
    graph = NETS["log-softmax and its loss"]

    page = pages.page(graph, explorer.compile(graph), "naive")

    assert "dfc1 = (torch.exp(logp) - loss_onehot) / data_y.numel()" in page.text
    assert "dlogp" not in page.text


def test_weights_that_are_shared_are_one_module() -> None:
    graph = NETS["weights that two nodes share"]

    text = pages.page(graph, explorer.compile(graph), "module").text

    assert "fc2 = self.fc1(relu1)" in text
    assert "self.fc2" not in text


def test_a_start_of_ones_own_is_written_for_torch_nn() -> None:
    graph = NETS["weights that are held"]

    text = pages.page(graph, explorer.compile(graph), "module").text

    assert "nn.init.orthogonal_(self.fc1.weight)" in text
    assert 'nn.init.kaiming_normal_(self.fc2.weight, nonlinearity="relu")' in text
    assert "self.fc1.requires_grad_(False)" in text


def test_no_file_can_put_code_on_a_page(tmp_path: Path) -> None:
    name = "x'); raise SystemExit('\" + chr(34) + "
    table = tmp_path / name
    table.write_text("a,b\n1,2\n3,4\n5,9\n")
    graph = net(
        "data.x fc1.x",
        "fc1.out loss.y_hat",
        "data.y loss.y",
        data=("Data", {"dataset": "csv", "path": str(table), "labels": "real"}),
        fc1=ONE,
        loss=("MSELoss", {}),
    )
    program = explorer.compile(graph, name='"""; raise SystemExit #')

    for way in WAYS:
        page = executed(pages.page(graph, program, way))
        assert len(page["load"]()[0]) == 3
    layer = graph.node("data").layer
    assert isinstance(layer, Data) and layer.path == str(table)
