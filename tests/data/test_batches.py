"""Batches: every row once per epoch, the same for the same seed, paused and taken up at will."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Generator

from explorer.data import Batches, DataError, Dataset, load


def counted(rows: int) -> Dataset:
    """Rows whose only feature and target is their number."""
    x = torch.arange(rows, dtype=torch.float32).unsqueeze(1)
    return Dataset("counted", x, x.clone(), None, (), ("row",))


def seeded(seed: int = 0) -> Generator:
    return Generator().manual_seed(seed)


@given(
    rows=st.integers(1, 40),
    batch_size=st.integers(1, 50),
    shuffle=st.booleans(),
    seed=st.integers(0, 2**32),
)
def test_an_epoch_visits_every_row_exactly_once(
    rows: int, batch_size: int, shuffle: bool, seed: int
) -> None:
    batches = Batches(counted(rows), batch_size, shuffle, seeded(seed))

    for epoch in range(3):
        seen = list(batches)

        assert len(seen) == len(batches)
        assert batches.epoch == epoch
        assert batches.position == len(batches)
        assert all(torch.equal(x, y) for x, y in seen), "rows lost their targets"
        assert [len(x) for x, _ in seen[:-1]] == [batch_size] * (len(seen) - 1)
        visited = torch.cat([x for x, _ in seen]).flatten().tolist()
        assert sorted(visited) == list(range(rows))
        if not shuffle:
            assert visited == list(range(rows))


@given(
    rows=st.integers(1, 30),
    batch_size=st.integers(1, 10),
    shuffle=st.booleans(),
    before=st.integers(0, 30),
)
def test_a_paused_run_goes_on_as_if_nothing_had_happened(
    rows: int, batch_size: int, shuffle: bool, before: int
) -> None:
    first = Batches(counted(rows), batch_size, shuffle, seeded(1))
    for _ in range(before):
        first.next()
    state = first.state()
    missed = [first.next()[0] for _ in range(20)]

    second = Batches(counted(rows), batch_size, shuffle, seeded(99))
    second.restore(state)

    assert (second.epoch, second.position) == (state.epoch, state.position)
    resumed = [second.next()[0] for _ in range(20)]
    assert all(torch.equal(a, b) for a, b in zip(missed, resumed, strict=True))


def test_the_same_seed_deals_the_same_batches() -> None:
    def dealt(seed: int) -> list[float]:
        batches = Batches(counted(20), 6, True, seeded(seed))
        return torch.cat([batches.next()[0] for _ in range(8)]).flatten().tolist()

    assert dealt(4) == dealt(4)
    assert dealt(4) != dealt(5)


def test_each_epoch_has_an_order_of_its_own() -> None:
    batches = Batches(counted(100), 10, True, seeded())
    first, second = (torch.cat([x for x, _ in batches]) for _ in range(2))
    assert not torch.equal(first, second)


def test_position_and_epoch_tell_where_a_run_stands() -> None:
    batches = Batches(counted(5), 2, True, seeded())
    places = [(batches.epoch, batches.position)]
    for _ in range(4):
        batches.next()
        places.append((batches.epoch, batches.position))
    assert places == [(0, 0), (0, 1), (0, 2), (0, 3), (1, 1)]


def test_iterating_in_the_middle_of_an_epoch_gives_what_is_left_of_it() -> None:
    batches = Batches(counted(5), 2, False, seeded())
    batches.next()
    assert [x.flatten().tolist() for x, _ in batches] == [[2, 3], [4]]


def test_a_batch_larger_than_the_data_is_the_whole_data() -> None:
    iris = load("iris")
    batches = Batches(iris, 10_000, False, seeded())
    x, y = batches.next()
    assert len(batches) == 1
    assert torch.equal(x, iris.x) and torch.equal(y, iris.y)


def test_batches_in_order_copy_nothing() -> None:
    dataset = counted(6)
    batches = Batches(dataset, 2, False, seeded())
    for at, (x, _) in enumerate(batches):
        assert x.data_ptr() == dataset.x[2 * at :].data_ptr()


def test_batches_in_order_leave_the_generator_alone() -> None:
    generator = seeded(3)
    list(Batches(counted(6), 2, False, generator))
    assert torch.equal(generator.get_state(), seeded(3).get_state())


def test_batches_are_dealt_on_the_device_asked_for() -> None:
    batches = Batches(counted(6), 4, True, seeded(), device="meta")
    assert {tensor.device.type for batch in batches for tensor in batch} == {"meta"}


@pytest.mark.gpu
@pytest.mark.skipif(not torch.cuda.is_available(), reason="no CUDA device")
def test_an_accelerator_deals_the_batches_that_the_cpu_does() -> None:
    ours, theirs = (Batches(counted(50), 8, True, seeded(), device=d) for d in ("cpu", "cuda"))
    for (x, _), (other, _) in zip(ours, theirs, strict=True):
        assert other.device.type == "cuda"
        assert torch.equal(x, other.cpu())


@pytest.mark.parametrize("batch_size", [0, -3])
def test_an_empty_batch_is_told_in_a_sentence(batch_size: int) -> None:
    with pytest.raises(DataError, match="The batch size cannot be"):
        Batches(counted(5), batch_size, False, seeded())
