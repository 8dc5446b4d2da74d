"""Dropping: as often as asked, the same for the same seed, and nothing at all in evaluation."""

import pytest
import torch
from torch import Tensor

from explorer import Graph, Stepper, compile, layers, verify
from explorer.layers.randomness import draw_kept, keep

CPU = torch.device("cpu")
DROPPING = ["Dropout", "Dropout2d", "AlphaDropout"]


def kept(p: float, seed: int = 0, count: int = 200_000) -> Tensor:
    return draw_kept((count,), p, seed, CPU)


@pytest.mark.parametrize("p", [0.1, 1 / 3, 0.5, 0.75, 0.9, 0.999])
def test_numbers_are_kept_as_often_as_asked(p: float) -> None:
    share = float(kept(p).double().mean())

    deviation = (p * (1 - p) / 200_000) ** 0.5
    assert share == pytest.approx(1 - p, abs=4 * deviation)


def test_a_probability_as_good_as_0_keeps_all_and_as_good_as_1_none() -> None:
    assert kept(1e-300).all()
    assert not kept(1 - 1e-16).any()


@pytest.mark.parametrize("p", [0.5, 2**-10, 0.3])
def test_equal_seeds_draw_equal_masks_and_others_do_not(p: float) -> None:
    assert torch.equal(kept(p, seed=7), kept(p, seed=7))
    for other in (8, 9, 2**31 + 7):
        together = (kept(p, seed=7) == kept(p, seed=other)).double().mean()
        assert float(together) == pytest.approx(p**2 + (1 - p) ** 2, abs=0.01)
        assert not torch.equal(kept(p, seed=7), kept(p, seed=other))


@pytest.mark.parametrize("p", [0.5, 2**-10, 0.3])
@pytest.mark.parametrize("shape", [(), (0,), (1,), (3, 5), (7, 1, 3)])
def test_a_mask_has_the_shape_that_is_asked_for(p: float, shape: tuple[int, ...]) -> None:
    for device in (CPU, torch.device("meta")):
        mask = draw_kept(shape, p, 0, device)

        assert (mask.shape, mask.dtype, mask.device) == (shape, torch.bool, device)


def test_neighbours_are_dropped_independently() -> None:
    mask = kept(0.5).double() - 0.5

    for distance in (1, 2, 4, 8, 64):
        assert abs(float((mask[distance:] * mask[:-distance]).mean())) < 0.003


def test_drawing_leaves_the_random_numbers_of_torch_alone() -> None:
    before = torch.get_rng_state()

    kept(0.5)

    assert torch.equal(torch.get_rng_state(), before)


def test_the_fused_kernel_of_other_devices_keeps_the_same() -> None:
    x, mask = torch.randn(4, 6), kept(0.3, count=24).view(4, 6)

    fused = torch.ops.aten.native_dropout_backward(x, mask, 1 / 0.7)

    torch.testing.assert_close(keep(x, mask, 1 / 0.7), fused)


@pytest.mark.parametrize("name", DROPPING)
@pytest.mark.parametrize("told", [{"training": False}, {"p": 0.0}])
def test_it_hands_x_on_where_there_is_nothing_to_drop(name: str, told: dict) -> None:
    x, dout = torch.randn(2, 3, 4), torch.randn(2, 3, 4)

    out, cache = layers.find(name).forward(x, **told)

    assert out is x
    assert layers.find(name).backward(dout, cache) is dout


@pytest.mark.parametrize("name", DROPPING)
def test_on_average_it_changes_nothing(name: str) -> None:
    torch.manual_seed(0)
    x = torch.randn(500, 200, 2) if name == "AlphaDropout" else torch.ones(500, 200, 2)

    out, _ = layers.find(name).forward(x, p=0.3, seed=1)

    assert float(out.mean()) == pytest.approx(float(x.mean()), abs=0.01)


@pytest.mark.parametrize("p", [0.05, 0.2, 0.5])
def test_alpha_dropout_keeps_the_mean_and_the_variance_of_what_selu_gives(p: float) -> None:
    torch.manual_seed(0)
    x = torch.selu(torch.randn(400_000))

    out, _ = layers.AlphaDropout.forward(x, p=p, seed=1)

    assert float(out.mean()) == pytest.approx(float(x.mean()), abs=0.01)
    assert float(out.var()) == pytest.approx(float(x.var()), rel=0.01)


def test_dropout2d_drops_whole_channels() -> None:
    out, _ = layers.Dropout2d.forward(torch.ones(40, 50, 2, 3), p=0.25, seed=1)

    dropped = (out == 0).flatten(2)
    assert torch.equal(dropped.any(2), dropped.all(2))
    assert float(dropped.double().mean()) == pytest.approx(0.25, abs=0.05)
    assert out.unique().tolist() == pytest.approx([0, 4 / 3])


def test_a_mask_takes_a_byte_for_a_number_and_dropout2d_one_for_a_channel() -> None:
    x = torch.ones(4, 3, 8, 8)

    _, (each, _) = layers.Dropout.forward(x)
    _, (channels, _) = layers.Dropout2d.forward(x)

    assert each.nbytes == 4 * 3 * 8 * 8
    assert channels.nbytes == 4 * 3


def net() -> Graph:
    graph = Graph()
    graph.add("Data", id="data", dataset="moons", labels="binary")
    graph.add("Linear", id="fc1", out_features=16)
    graph.add("Dropout", id="first", p=0.4)
    graph.add("AlphaDropout", id="second", p=0.4)
    graph.add("Linear", id="fc2", out_features=1)
    graph.add("BCEWithLogitsLoss", id="loss")
    path = ["data.x", "fc1", "first", "second", "fc2", "loss.y_hat"]
    for source, target in zip(path, path[1:], strict=False):
        source = source if "." in source else f"{source}.out"
        graph.connect(source, target if "." in target else f"{target}.x")
    graph.connect("data.y", "loss.y")
    return graph


def batch() -> dict[str, Tensor]:
    torch.manual_seed(0)
    return {"data.x": torch.randn(8, 2), "data.y": torch.rand(8, 1).round()}


def test_a_net_drops_by_the_seed_of_the_batch_and_by_one_of_its_own_for_each_node() -> None:
    session = compile(net()).start()
    fed = batch()

    first = session.forward(fed, seed=1)
    masks = [session.namespace[f"{id}_cache"][0] for id in ("first", "second")]

    assert torch.equal(session.forward(fed, seed=1), first)
    assert not torch.equal(session.forward(fed, seed=2), first)
    assert not torch.equal(*masks)


def test_stepping_back_and_forth_drops_the_same_numbers() -> None:
    session = compile(net()).start()
    stepper = Stepper(session, batch(), seed=5)
    count = len(session.program.forward_calls)

    stepper.go_to(count)
    loss, dropped = session.value("loss.loss"), session.value("first.out")
    stepper.go_to(2)
    stepper.go_to(count)

    assert torch.equal(session.value("loss.loss"), loss)
    assert torch.equal(session.value("first.out"), dropped)
    assert torch.equal(session.forward(batch(), seed=5), loss)


def test_its_gradients_are_right_in_a_net() -> None:
    assert verify(net()).ok
