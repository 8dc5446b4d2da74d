"""Shared weights get the sum of their gradients; frozen ones get none, nor what lies before."""

import pytest
import torch
from torch.testing import assert_close

import explorer
from explorer import Graph


def chain(*settings: dict) -> Graph:
    """x → fc1 → tanh1 → fc2 → tanh2 → … → a mean square error."""
    graph = Graph()
    graph.add("Data", id="data", dataset="moons", labels="binary")
    graph.add("MSELoss", id="loss")
    last = "data.x"
    for number, each in enumerate(settings, 1):
        graph.add("Linear", id=f"fc{number}", **{"out_features": 2, **each})
        graph.add("Tanh", id=f"tanh{number}")
        graph.connect(last, f"fc{number}.x")
        graph.connect(f"fc{number}.out", f"tanh{number}.x")
        last = f"tanh{number}.out"
    graph.connect(last, "loss.y_hat")
    graph.connect("data.y", "loss.y")
    return graph


SHARED = [{}, {"weights_from": "fc1"}, {"weights_from": "fc1"}, {"out_features": 1}]


def test_shared_weights_are_one_parameter() -> None:
    program = explorer.compile(chain(*SHARED))

    assert list(program.parameters) == ["fc1.w", "fc1.b", "fc4.w", "fc4.b"]
    assert "fc2, fc2_cache = layers.Linear.forward(tanh1, fc1_w, fc1_b)" in program.source
    assert "dfc1_w = dfc1_w_in_fc3 + dfc1_w_in_fc2 + dfc1_w_in_fc1" in program.source


def test_their_gradients_add_up() -> None:
    checked = explorer.verify(chain(*SHARED))

    assert checked.ok, checked.first_wrong
    assert {"fc1.w", "fc1.b"} <= {check.path for check in checked}


def test_they_stay_equal_while_training() -> None:
    trainer = explorer.Trainer(chain(*SHARED), epochs=3)

    trainer.run()

    assert set(trainer.weights) == {"fc1.w", "fc1.b", "fc4.w", "fc4.b"}


def test_a_user_may_come_before_the_owner_and_the_owner_be_left_out() -> None:
    graph = chain({"weights_from": "spare"}, {"out_features": 1})
    graph.add("Linear", id="spare", out_features=2)

    program = explorer.compile(graph)

    assert program.left_out == ("spare",)
    assert list(program.parameters)[:2] == ["spare.w", "spare.b"]
    assert explorer.verify(graph).ok


def test_frozen_layers_and_all_before_the_first_that_learns_get_no_gradient() -> None:
    graph = chain({"frozen": True}, {"frozen": True}, {}, {"frozen": True, "out_features": 1})
    program = explorer.compile(graph)

    assert [c.node for c in program.backward_calls] == ["loss", "tanh4", "fc4", "tanh3", "fc3"]
    assert [path for path in program.parameters if path in program.gradients] == ["fc3.w", "fc3.b"]
    assert "needs=('x',)" in next(c.text for c in program.backward_calls if c.node == "fc4")
    assert "needs=('w', 'b')" in next(c.text for c in program.backward_calls if c.node == "fc3")
    assert explorer.verify(graph).ok


def test_frozen_weights_stay_as_they_are() -> None:
    graph = chain({"frozen": True}, {"out_features": 1})
    trainer = explorer.Trainer(graph, epochs=1)
    before = trainer.weights

    trainer.run()

    assert torch.equal(trainer.weights["fc1.w"], before["fc1.w"])
    assert not torch.equal(trainer.weights["fc2.w"], before["fc2.w"])


def test_who_uses_frozen_weights_does_not_change_them_either() -> None:
    graph = chain({"frozen": True}, {"weights_from": "fc1"}, {"out_features": 1})

    program = explorer.compile(graph)

    assert [p for p in program.parameters if p in program.gradients] == ["fc3.w", "fc3.b"]


def test_a_net_that_is_frozen_throughout_cannot_train() -> None:
    with pytest.raises(explorer.GraphError, match="nothing to learn"):
        explorer.Trainer(chain({"frozen": True}, {"frozen": True, "out_features": 1}))


def test_shared_gradients_are_those_of_torch() -> None:
    graph = chain({}, {"weights_from": "fc1"}, {"out_features": 1})
    session = explorer.compile(graph).start(dtype=torch.float64)
    x = torch.randn(6, 2, dtype=torch.float64)
    y = torch.rand(6, 1, dtype=torch.float64)
    w, b, w3, b3 = (
        session.parameters[path].clone().requires_grad_()
        for path in ("fc1.w", "fc1.b", "fc3.w", "fc3.b")
    )

    session.forward({"data.x": x, "data.y": y})
    found = session.backward()

    hidden = torch.tanh(torch.tanh(x @ w + b) @ w + b)
    loss = ((torch.tanh(hidden @ w3 + b3) - y) ** 2).mean()
    loss.backward()
    assert_close(found["fc1.w"], w.grad)
    assert_close(found["fc1.b"], b.grad)
