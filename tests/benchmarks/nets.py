"""Nets of ours, and the same nets as one writes them by hand with torch.nn and autograd."""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from explorer import Graph, Trainer
from explorer.graph.blocks import add_block
from explorer.graph.examples import load_example

CHARACTERS, WIDTH, HEADS = 66, 256, 4


class Eager:
    """A net in PyTorch, trained on the batch that a trainer of ours stands at."""

    def __init__(
        self, trainer: Trainer, net: nn.Module, loss: nn.Module, optimizer: torch.optim.Optimizer
    ):
        self.x, self.y = trainer.batch["data.x"], trainer.batch["data.y"]
        self.net, self.loss, self.optimizer = net, loss, optimizer

    def step(self) -> float:
        self.optimizer.zero_grad()
        loss = self.loss(self.net(self.x), self.y)
        loss.backward()
        self.optimizer.step()
        return loss.item()


@dataclass(frozen=True)
class Pair:
    """`bar` says how much faster than eager the table of the design wants ours."""

    name: str
    graph: Callable[[], Graph]
    net: Callable[[], nn.Module]
    loss: Callable[[], nn.Module]
    bar: str = ""

    def start(self, device: str = "cpu", **chosen: bool) -> tuple[Trainer, Eager]:
        """Both, ready for their first step, with the same batch and optimizer."""
        trainer = Trainer(self.graph(), device, epochs=1_000_000, **chosen)
        settings, net = trainer.settings, self.net().to(device)
        optimizer = (
            torch.optim.Adam(net.parameters(), lr=settings.learning_rate)
            if settings.optimizer == "Adam"
            else torch.optim.SGD(
                net.parameters(), lr=settings.learning_rate, momentum=settings.momentum
            )
        )
        return trainer, Eager(trainer, net, self.loss(), optimizer)


def mlp(*sizes: int) -> nn.Sequential:
    return nn.Sequential(*(nn.Linear(a, b) for a, b in zip(sizes, sizes[1:], strict=False)))


def convnet() -> nn.Module:
    return nn.Sequential(
        *(nn.Conv2d(1, 6, 3), nn.ReLU(), nn.MaxPool2d(2)),
        *(nn.Conv2d(6, 16, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten()),
        *(nn.Linear(576, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10)),
    )


def convnet_graph() -> Graph:
    graph = load_example("convnet")
    graph.train_with(batch_size=64)
    return graph


class Characters(nn.Module):
    """Characters in, scores of the next ones out, laid out (N, C, T) for the loss."""

    def __init__(self, width: int, middle: nn.Module, out: int):
        super().__init__()
        self.embedding, self.middle = nn.Embedding(CHARACTERS, width), middle
        self.head = nn.Linear(out, CHARACTERS)

    def forward(self, x: Tensor) -> Tensor:
        found = self.middle(self.embedding(x))
        return self.head(found[0] if isinstance(found, tuple) else found).transpose(1, 2)


def transformer(count: int) -> nn.Module:
    layer = nn.TransformerEncoderLayer(WIDTH, HEADS, 4 * WIDTH, 0.0, batch_first=True)
    return Characters(WIDTH, nn.TransformerEncoder(layer, count, enable_nested_tensor=False), WIDTH)


def transformer_graph(count: int) -> Graph:
    """So many encoder layers at width 256 over 64 characters."""
    graph = Graph()
    graph.add("Data", id="data", dataset="text")
    graph.add("Embedding", id="emb", num_embeddings=CHARACTERS, embedding_dim=WIDTH)
    graph.connect("data.x", "emb.x")
    last = "emb.out"
    for _ in range(count):
        ids = add_block(graph, "TransformerEncoderLayer")
        graph.set(ids["ff1"], out_features=4 * WIDTH)
        graph.set(ids["ff2"], out_features=WIDTH)
        _without_dropout(graph, ids)
        graph.connect(last, f"{ids['enter']}.x")
        last = f"{ids['norm2']}.out"
    graph.add("Linear", id="head", out_features=CHARACTERS)
    graph.add("Permute", id="permute", dims=(0, 2, 1))
    graph.add("CrossEntropyLoss", id="loss")
    for wire in (f"{last} head.x", "head.out permute.x", "permute.out loss.y_hat", "data.y loss.y"):
        graph.connect(*wire.split())
    graph.train_with(batch_size=8, optimizer="Adam", learning_rate=1e-4)
    return graph


def _without_dropout(graph: Graph, ids: dict[str, str]) -> None:
    """Take the Dropouts out: two nets that drop at random cannot be compared."""
    for name in ("drop1", "drop2", "drop3"):
        drop = ids[name]
        source = graph.wires[f"{drop}.x"].source
        targets = [wire.target for wire in graph.wires_out_of(drop)]
        graph.remove(drop)
        for target in targets:
            graph.connect(source, target)


PAIRS = (
    Pair(
        "regression_mlp",
        lambda: load_example("regression_mlp"),
        lambda: mlp(16, 32, 64, 32, 1),
        nn.MSELoss,
        ">= 2.2x",
    ),
    Pair(
        "naive_two_layer",
        lambda: load_example("naive_two_layer"),
        lambda: nn.Sequential(nn.Linear(16, 64), nn.Sigmoid(), nn.Linear(64, 1), nn.Sigmoid()),
        nn.BCELoss,
    ),
    Pair(
        "digits_mlp",
        lambda: load_example("digits_mlp"),
        lambda: nn.Sequential(nn.Flatten(), nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, 10)),
        nn.CrossEntropyLoss,
    ),
    Pair("convnet, batch 64", convnet_graph, convnet, nn.CrossEntropyLoss, ">= 1.0x"),
    Pair(
        "char_lstm, 64 steps",
        lambda: load_example("char_lstm"),
        lambda: Characters(32, nn.LSTM(32, 128, batch_first=True), 128),
        nn.CrossEntropyLoss,
    ),
    Pair(
        "transformer layer, width 256",
        lambda: transformer_graph(1),
        lambda: transformer(1),
        nn.CrossEntropyLoss,
    ),
    Pair(
        "12 transformer layers, width 256",
        lambda: transformer_graph(12),
        lambda: transformer(12),
        nn.CrossEntropyLoss,
        ">= 1.0x",
    ),
)
