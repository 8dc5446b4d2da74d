"""Pictures of what flows while a net trains: right, cheap to cross threads, and without a trace."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from explorer import Graph, Trainer
from explorer.graph.examples import load_example
from explorer.training import Camera, Pictures, TrainingError, observer
from explorer.training.pictures import Histogram, Number, Scatter, Tiles, plane
from explorer.training.pictures.drawing import BINS, TILES, draw, histogram
from explorer.training.pictures.gauges import gauges

Make = Callable[..., Graph]
PLANE_NETS = ("modular_two_layer", "spiral")


def assert_shows(tiles: Tiles, expected: torch.Tensor) -> None:
    """The tiles are these numbers, as finely as levels tell, and clipped at the limit."""
    numbers = expected.to(torch.float64).numpy()
    clipped = np.clip(numbers, tiles.centre - tiles.limit, tiles.centre + tiles.limit)
    assert np.abs(tiles.numbers - clipped).max() <= tiles.limit / 127
    assert (numbers == clipped).mean() > 0.8


def photograph(trainer: Trainer) -> Pictures:
    taken: list[Pictures] = []
    camera = Camera(taken.append)
    camera.is_on = True
    camera.take(trainer)
    return taken[0]


def trained(name: str, steps: int = 3) -> Trainer:
    trainer = Trainer(load_example(name))
    for _ in range(steps):
        trainer.step()
    return trainer


@pytest.fixture
def deep(make: Make) -> Graph:
    """Twelve sigmoid layers on top of each other."""
    nodes: dict[str, Any] = {"data": ("Data", {"dataset": "moons"})}
    wires, last = [], "data.x"
    for number in range(12):
        nodes[f"fc{number}"] = ("Linear", {"out_features": 16})
        nodes[f"squash{number}"] = ("Sigmoid", {})
        wires += [f"{last} fc{number}.x", f"fc{number}.out squash{number}.x"]
        last = f"squash{number}.out"
    nodes |= {"top": ("Linear", {"out_features": 1}), "loss": ("BCEWithLogitsLoss", {})}
    return make(nodes, *wires, f"{last} top.x", "top.out loss.y_hat", "data.y loss.y")


# The plane


@pytest.mark.parametrize("name", PLANE_NETS)
def test_a_unit_is_pictured_by_what_it_answers_over_the_plane(name: str) -> None:
    trainer = trained(name, steps=40)
    program = trainer.job.program
    whole = plane.Plane(program, "data.x", trainer.sample(1000))
    fed = {"data.x": whole.grid, "data.y": torch.zeros(len(whole.grid), 1)}
    session = trainer.session.beside()
    session.forward(fed)

    pictures = photograph(trainer)

    for node, answer in pictures.nodes.items():
        if node in ("data", "loss"):
            continue
        tiles = answer.picture
        assert isinstance(tiles, Tiles)
        value = session.value(f"{node}.out")
        assert tiles.of == "plane"
        assert tiles.count == value.shape[1]
        step = plane.SIDE // tiles.levels.shape[1]
        expected = value.reshape(plane.SIDE, plane.SIDE, -1)[::step, ::step].permute(2, 0, 1)
        assert_shows(tiles, expected[: len(tiles.levels)])


def test_the_data_is_pictured_as_points_on_the_plane(make: Make) -> None:
    trainer = trained("spiral")
    sample = trainer.sample(300)

    scatter = photograph(trainer).nodes["data"].picture

    assert isinstance(scatter, Scatter)
    assert ((scatter.places > 0) & (scatter.places < 1)).all()
    (left, right), (bottom, top) = scatter.extent
    back = scatter.places * [right - left, bottom - top] + [left, top]
    assert np.allclose(back, sample["data.x"].numpy(), atol=1e-5)
    assert scatter.classes == 2
    assert (scatter.tones == 2 * sample["data.y"].numpy().reshape(-1) - 1).all()


def test_the_prediction_shows_the_data_and_is_centred_where_it_changes_sides() -> None:
    logit = photograph(trained("spiral")).nodes["fc3"].picture
    share = photograph(trained("modular_two_layer")).nodes["y_hat"].picture

    assert isinstance(logit, Tiles)
    assert isinstance(share, Tiles)
    assert (logit.centre, share.centre) == (0.0, 0.5)
    assert logit.points is not None
    assert share.points is not None


def test_layers_answer_over_the_plane_as_in_use_not_as_in_training(make: Make) -> None:
    net = make(
        {
            "data": ("Data", {"dataset": "moons"}),
            "fc1": ("Linear", {"out_features": 4}),
            "drop": ("Dropout", {"p": 0.9}),
            "fc2": ("Linear", {"out_features": 1}),
            "loss": ("BCEWithLogitsLoss", {}),
        },
        *("data.x fc1.x", "fc1.out drop.x", "drop.out fc2.x"),
        *("fc2.out loss.y_hat", "data.y loss.y"),
    )

    pictures = photograph(Trainer(net)).nodes

    before, after = pictures["fc1"].picture, pictures["drop"].picture
    assert isinstance(before, Tiles)
    assert isinstance(after, Tiles)
    assert (before.levels == after.levels).all()


def test_more_than_two_classes_keep_their_numbers(make: Make, tmp_path) -> None:
    rows = "\n".join(f"{i % 7},{i % 5},{'abc'[i % 3]}" for i in range(60))
    path = tmp_path / "three.csv"
    path.write_text(f"x0,x1,kind\n{rows}\n", encoding="utf-8")
    net = make(
        {
            "data": ("Data", {"dataset": "csv", "path": str(path), "target": "kind"}),
            "fc1": ("Linear", {"out_features": 3}),
            "loss": ("CrossEntropyLoss", {}),
        },
        *("data.x fc1.x", "fc1.out loss.y_hat", "data.y loss.y"),
    )

    scatter = photograph(Trainer(net)).nodes["data"].picture

    assert isinstance(scatter, Scatter)
    assert scatter.classes == 3
    assert set(scatter.tones.tolist()) == {0.0, 1.0, 2.0}


# Images, sequences, and the rest


def test_images_are_pictured_by_the_first_samples_feature_maps() -> None:
    trainer = trained("convnet", steps=1)
    session = trainer.session.beside()
    session.forward(trainer.batch)

    maps = photograph(trainer).nodes["conv1"].picture

    assert isinstance(maps, Tiles)
    assert maps.of == "maps"
    assert_shows(maps, session.value("conv1.out")[0])


def test_many_and_large_maps_are_cut_down() -> None:
    tiles = draw(torch.rand(2, 40, 90, 70), ("N", 40, 90, 70))

    assert isinstance(tiles, Tiles)
    assert tiles.levels.shape == (TILES, 32, 32)
    assert tiles.count == 40


def test_a_sequence_is_pictured_by_its_first_sample_wherever_samples_run() -> None:
    value = torch.randn(5, 3, 4)

    first = draw(value, ("N", 3, 4))
    second = draw(value, (5, "N", 4))

    assert isinstance(first, Tiles)
    assert isinstance(second, Tiles)
    assert_shows(first, value[0])
    assert_shows(second, value[:, 0])


NUMBERS = st.floats(width=32, allow_nan=True, allow_infinity=True)


@given(arrays.arrays(np.float32, st.integers(1, 300), elements=NUMBERS))
def test_every_finite_number_is_in_one_bin(numbers: np.ndarray) -> None:
    found = histogram(torch.from_numpy(numbers.copy()))

    finite = numbers[np.isfinite(numbers)]
    assert len(found.counts) == BINS
    assert found.counts.sum() == len(finite)
    assert found.bad == len(numbers) - len(finite)
    assert found.low <= found.high
    if len(finite):
        assert found.low <= float(finite.min())
        assert found.high >= float(finite.max())
        assert found.zeros == pytest.approx((finite == 0).mean())


def test_a_histogram_counts_what_lies_in_each_bin() -> None:
    numbers = torch.cat([torch.arange(24) + 0.5, torch.tensor([0.0, 24.0, 24.0])])

    found = draw(numbers, (27,))

    assert isinstance(found, Histogram)
    assert (found.low, found.high) == (0.0, 24.0)
    assert found.counts.tolist() == [2, *[1] * 22, 3]


def test_numbers_that_are_none_are_shown_as_missing() -> None:
    maps = draw(torch.tensor([[[[1.0, torch.nan], [torch.inf, -2.0]]]]), ("N", 1, 2, 2))

    assert isinstance(maps, Tiles)
    assert maps.limit == 2.0
    assert maps.levels.tolist() == [[[191, 255], [254, 0]]]


def test_single_numbers_are_told_as_they_are(scalar: Graph) -> None:
    pictures = photograph(Trainer(scalar)).nodes

    assert {id: node.picture for id, node in pictures.items()} == {
        "a": Number(3.0),
        "b": Number(5.0),
        "c": Number(15.0),
    }


def test_pictures_are_small_and_live_on_the_cpu() -> None:
    for node in photograph(trained("convnet", 1)).nodes.values():
        parts = vars(node.picture).values()
        arrays = [part for part in parts if isinstance(part, np.ndarray)]
        assert not any(isinstance(part, torch.Tensor) for part in parts)
        assert sum(array.nbytes for array in arrays) < 20_000


# Gauges


def test_a_gauge_is_the_norm_of_the_gradient_that_the_next_step_uses(net: Graph) -> None:
    trainer = Trainer(net)
    session = trainer.session.beside()
    session.forward(trainer.batch, trainer.batch_seed)
    gradients = session.backward()

    pictures = photograph(trainer).nodes

    whole = torch.cat([gradients["fc1.w"].flatten(), gradients["fc1.b"].flatten()])
    assert (gauge := pictures["fc1"].gauge) is not None
    assert (gauge.of, gauge.mark) == ("weights", "")
    assert gauge.norm == pytest.approx(float(whole.norm()))
    assert (gauge := pictures["tanh1"].gauge) is not None
    assert (gauge.of, gauge.mark) == ("output", "")
    assert gauge.norm == pytest.approx(float(session.gradient("tanh1.out").norm()))
    assert pictures["data"].gauge is None
    assert pictures["loss"].gauge is None


def test_the_lower_layers_of_a_deep_sigmoid_net_are_marked_as_vanishing(deep: Graph) -> None:
    pictures = photograph(Trainer(deep)).nodes

    marks = [pictures[f"fc{number}"].gauge for number in range(12)]
    assert all(gauge is not None for gauge in marks)
    assert [gauge.mark for gauge in marks[:4] if gauge] == ["vanishing"] * 4
    assert [gauge.mark for gauge in marks[-2:] if gauge] == ["", ""]


def test_a_layer_that_no_gradient_reaches_is_marked_as_vanishing(make: Make) -> None:
    net = make(
        {
            "data": ("Data", {"dataset": "moons"}),
            "fc1": ("Linear", {"out_features": 4}),
            "dead": ("ReLU", {}),
            "fc2": ("Linear", {"out_features": 1}),
            "loss": ("BCEWithLogitsLoss", {}),
        },
        *("data.x fc1.x", "fc1.out dead.x", "dead.out fc2.x"),
        *("fc2.out loss.y_hat", "data.y loss.y"),
    )

    weights = Trainer(net).weights
    weights["fc1.b"].fill_(-1e6)

    gauge = photograph(Trainer(net, weights=weights)).nodes["fc1"].gauge

    assert gauge is not None
    assert (gauge.norm, gauge.mark) == (0.0, "vanishing")


def test_gradients_of_a_run_that_diverges_are_marked_as_exploding(steep: Graph) -> None:
    trainer = Trainer(steep)
    early = photograph(trainer).nodes["fc1"].gauge
    trainer.run()

    late = photograph(trainer).nodes["fc1"].gauge

    assert trainer.state == "diverged"
    assert early is not None
    assert early.mark == "exploding"
    assert late is not None
    assert late.mark == "exploding"
    assert not np.isfinite(late.norm)


@pytest.mark.parametrize("name", ["digits_mlp", "convnet", "spiral", "residual_digits"])
def test_nothing_is_marked_in_the_nets_that_learn(name: str) -> None:
    pictures = photograph(trained(name, 1)).nodes

    assert {node.gauge.mark for node in pictures.values() if node.gauge} == {""}


# No trace in the run


@pytest.mark.parametrize("optimizer", ["SGD", "Adam"])
@pytest.mark.parametrize("normed", [False, True])
def test_a_run_with_pictures_is_the_run_without(
    make: Make, bits: Callable[[Trainer], Any], optimizer: str, normed: bool
) -> None:
    between = ("BatchNorm1d", {}) if normed else ("Dropout", {"p": 0.3})
    net = make(
        {
            "data": ("Data", {"dataset": "spiral", "samples": 100}),
            "fc1": ("Linear", {"out_features": 8}),
            "mid": between,
            "tanh1": ("Tanh", {}),
            "fc2": ("Linear", {"out_features": 1}),
            "loss": ("BCEWithLogitsLoss", {}),
        },
        *("data.x fc1.x", "fc1.out mid.x", "mid.out tanh1.x", "tanh1.out fc2.x"),
        *("fc2.out loss.y_hat", "data.y loss.y"),
    )
    settings = {"epochs": 6, "batch_size": 16, "optimizer": optimizer, "seed": 5}
    watched, alone = Trainer(net, **settings), Trainer(net, **settings)
    alone.run()
    generator = torch.get_rng_state()

    watched.start()
    while watched.state == "running":
        photograph(watched)
        watched.advance(0.0)

    assert bits(watched) == bits(alone)
    assert torch.equal(torch.get_rng_state(), generator)


# When


@pytest.fixture
def clock(monkeypatch) -> list[float]:
    """The time that the camera reads, to be set."""
    now = [100.0]
    monkeypatch.setattr(observer, "perf_counter", lambda: now[0])
    return now


def test_a_camera_that_is_off_takes_no_pictures(net: Graph) -> None:
    taken: list[Pictures] = []
    trainer = Trainer(net)

    Camera(taken.append).take(trainer)

    assert not taken


def test_a_glance_takes_at_most_four_pictures_a_second(net: Graph, clock: list[float]) -> None:
    taken: list[Pictures] = []
    watch, trainer = Camera(taken.append), Trainer(net)
    watch.is_on = True

    for _ in range(101):
        watch.glance(trainer)
        clock[0] += 0.01

    assert len(taken) == 5


def test_costly_pictures_are_taken_seldom(net: Graph, clock: list[float]) -> None:
    taken: list[Pictures] = []

    def slowly(pictures: Pictures) -> None:
        taken.append(pictures)
        clock[0] += 1.0

    watch, trainer = Camera(slowly), Trainer(net)
    watch.is_on = True
    start = clock[0]
    while clock[0] < start + 100:
        watch.glance(trainer)
        clock[0] += 0.1

    assert (len(taken) - 2) / (clock[0] - start) <= observer.SHARE


def test_another_trainer_is_pictured_at_once(net: Graph, clock: list[float]) -> None:
    taken: list[Pictures] = []
    watch = Camera(taken.append)
    watch.is_on = True

    watch.glance(Trainer(net))
    watch.glance(Trainer(net))

    assert len(taken) == 2


def test_a_device_without_room_for_pictures_goes_on_training(
    net: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken: list[Pictures] = []
    watch, trainer = Camera(taken.append), Trainer(net)
    watch.is_on = True

    def full(*args: object) -> None:
        raise torch.OutOfMemoryError("out of memory")

    with monkeypatch.context() as broken:
        broken.setattr(type(trainer.session), "start_backward", full)
        with pytest.raises(TrainingError, match="no pictures are shown of this run"):
            watch.take(trainer)
    watch.take(trainer)

    assert not taken
    trainer.step()
    assert trainer.state == "paused"


# Edits


def test_what_is_edited_on_the_walk_is_in_the_pictures_at_once_and_gone_when_put_back() -> None:
    taken: list[Pictures] = []
    watch, trainer = Camera(taken.append), trained("digits_mlp")
    watch.is_on = True
    stepper = trainer.walk()
    stepper.run_to_end()
    watch.catch_up(trainer)

    stepper.edit("dfc1_w", (2, 3), 5.0)
    watch.catch_up(trainer)
    expected = gauges(stepper.session)["fc1"].norm
    stepper.put_back()
    watch.catch_up(trainer)

    norms = [pictures.nodes["fc1"].gauge.norm for pictures in taken]
    assert norms[1] == pytest.approx(expected)
    assert norms[1] > 4
    assert norms[2] == norms[0] < 4


def test_an_edit_that_a_call_ahead_cannot_compute_with_leaves_the_pictures() -> None:
    taken: list[Pictures] = []
    watch, trainer = Camera(taken.append), trained("digits_mlp")
    watch.is_on = True
    stepper = trainer.walk()
    stepper.step()
    watch.catch_up(trainer)

    stepper.edit("data_y", (0,), 99)
    watch.catch_up(trainer)
    stepper.put_back()
    watch.catch_up(trainer)

    assert len(taken) == 2
