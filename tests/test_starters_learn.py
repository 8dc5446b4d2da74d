"""The larger starter graphs learn what their notes say. They train for tens of seconds."""

from collections.abc import Callable

import pytest

from explorer import Trainer
from explorer.graph.examples import load_example
from explorer.training.events import EpochRow

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


def rows_until(name: str, reached: Callable[[EpochRow], bool]) -> EpochRow:
    """Train a starter graph as it is, until an epoch has reached that, or to its end."""
    trainer = Trainer(load_example(name))
    trainer.start()
    while trainer.state == "running":
        trainer.advance(0.5)
        epochs = trainer.result.epochs
        if found := next((row for row in epochs if reached(row)), None):
            return found
    return trainer.result.epochs[-1]


def test_convnet_reads_97_percent_of_the_digits_it_has_not_seen() -> None:
    row = rows_until("convnet", lambda row: (row.validation_accuracy or 0) >= 0.97)

    assert row.validation_accuracy is not None and row.validation_accuracy >= 0.97


def test_residual_digits_reads_97_percent_too() -> None:
    row = rows_until("residual_digits", lambda row: (row.validation_accuracy or 0) >= 0.97)

    assert row.validation_accuracy is not None and row.validation_accuracy >= 0.97


@pytest.mark.parametrize("name", ["char_lstm", "transformer_text"])
def test_a_character_costs_less_than_one_and_a_half_nats(name: str) -> None:
    assert rows_until(name, lambda row: row.loss < 1.5).loss < 1.5


def test_ctc_reads_strips_with_less_than_10_percent_of_characters_wrong() -> None:
    row = rows_until("ctc_digit_strips", lambda row: (row.validation_accuracy or 0) > 0.9)

    assert row.validation_accuracy is not None and row.validation_accuracy > 0.9


def test_the_autoencoder_draws_digits_better_than_their_mean_does() -> None:
    row = rows_until("autoencoder_digits", lambda row: (row.validation_loss or 1) < 0.02)

    assert row.validation_loss is not None and row.validation_loss < 0.02
