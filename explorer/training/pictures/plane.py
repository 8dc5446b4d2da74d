"""What each unit answers over the whole plane, for a net that reads points (N, 2).

Source of the idea: Smilkov & Carter 2016, TensorFlow Playground.
"""

from collections.abc import Mapping

import numpy as np
import torch
from torch import Tensor

from explorer.program import Call, Program, Session, threads
from explorer.training.pictures.drawing import planes
from explorer.training.pictures.kinds import Extent, Scatter, Tiles

SIDE = 48
"""Points of the grid each way."""
_MARGIN = 0.1
"""What is added around the data, as a share of its width."""
_POINTS = 300
"""The most points of the data that are shown."""
_SURE = 0.5
"""How far a prediction is from its centre, at least, to be shown in the strongest colour."""
_PROBABILITIES = ("BCELoss",)
"""Losses whose prediction is on one side or the other of 0.5, not of 0."""


def read_by(program: Program) -> str | None:
    """The one port that feeds a program points of a plane, "data.x"; None where there is none."""
    feeds = [
        path
        for path, spec in program.feeds.items()
        if spec.dtype.is_floating_point and tuple(spec.shape) == ("N", 2)
    ]
    inputs = [path for path in feeds if path not in program.targets]
    return inputs[0] if len(inputs) == 1 else None


class Plane:
    """The part of the plane where a program's data lies, and its answers there.

    `sample` are rows of the data by port path; `port` is the one of them that lies on the plane.
    """

    def __init__(self, program: Program, port: str, sample: Mapping[str, Tensor]):
        self.port = port
        self._program = program
        self._extent = _around(sample[port])
        self._grid = _grid(self._extent)
        self._calls = _calls(program, port)
        self.points = _scatter(sample, port, self._extent)

    @property
    def grid(self) -> Tensor:
        """Where the answers are: (SIDE * SIDE, 2), top row first, on the CPU."""
        return self._grid

    def answers(self, session: Session) -> dict[str, Tiles]:
        """A picture for each output (N, units) that depends on the point alone, by its path.

        Layers compute as in use, not as in training. The session is left as it is.
        """
        program, other = self._program, session.beside()
        other.training = False
        other.release()
        other.namespace[program.values[self.port]] = other.fed(self.port, self._grid)
        with threads.suited_to(0):
            for call in self._calls:
                other.run(call)
        found = {}
        for call in self._calls:
            for operand in call.writes:
                value = other.namespace.get(operand.variable)
                if operand.role == "output" and isinstance(value, Tensor) and _is_answer(value):
                    tiles = self._picture(operand.variable, value)
                    found[f"{call.node}.{operand.label}"] = tiles
        return found

    def _picture(self, variable: str, value: Tensor) -> Tiles:
        is_prediction = variable == next(iter(self._program.compared), "")
        is_probability = is_prediction and self._program.loss_kind in _PROBABILITIES
        centre, least = 0.5 if is_probability else 0.0, _SURE if is_prediction else 0.0
        tiles = planes(value.reshape(SIDE, SIDE, -1), centre, least)
        if not (is_prediction and tiles.count == 1):
            return tiles
        return Tiles(tiles.of, tiles.levels, tiles.centre, tiles.limit, 1, self.points)


def _is_answer(value: Tensor) -> bool:
    return value.dtype.is_floating_point and value.dim() in (1, 2) and len(value) == SIDE * SIDE


def _calls(program: Program, port: str) -> list[Call]:
    """The forward calls that need nothing but the point and weights."""
    fed = {program.values[path] for path in program.feeds}
    known = {program.values[port]}
    found = []
    for call in program.forward_calls:
        read = {operand.variable for operand in call.reads if operand.role == "input"}
        if read <= known and not fed.intersection(call.outputs):
            found.append(call)
            known.update(call.outputs)
    return found


def _around(points: Tensor) -> Extent:
    low, high = points.amin(0).tolist(), points.amax(0).tolist()
    sides = []
    for start, end in zip(low, high, strict=True):
        room = _MARGIN * (end - start) or 1.0
        sides.append((start - room, end + room))
    return sides[0], sides[1]


def _grid(extent: Extent) -> Tensor:
    (left, right), (bottom, top) = extent
    x, y = torch.linspace(left, right, SIDE), torch.linspace(top, bottom, SIDE)
    return torch.stack([x.expand(SIDE, SIDE), y[:, None].expand(SIDE, SIDE)], dim=2).reshape(-1, 2)


def _scatter(sample: Mapping[str, Tensor], port: str, extent: Extent) -> Scatter:
    points = sample[port][:_POINTS].to(torch.float64)
    (left, right), (bottom, top) = extent
    start = torch.tensor([left, top], dtype=torch.float64)
    span = torch.tensor([right - left, bottom - top], dtype=torch.float64)
    target = sample.get(f"{port.partition('.')[0]}.y")
    tones, classes = _tones(target[:_POINTS]) if target is not None else (None, 0)
    places = ((points - start) / span).to(torch.float32).numpy()
    shown = np.zeros(len(points), dtype=np.float32) if tones is None else tones
    return Scatter(places, shown, classes, extent)


def _tones(target: Tensor) -> tuple[np.ndarray | None, int]:
    """Targets (N,), (N, 1) or one-hot (N, C) from -1 to 1, or as classes where more than two."""
    if target.dim() == 2 and target.shape[1] > 1:
        target = target.argmax(1)
    if target.dim() > 2:
        return None, 0
    numbers = target.reshape(-1).to(torch.float32)
    low, high = float(numbers.min()), float(numbers.max())
    is_class = not target.dtype.is_floating_point
    if is_class and high > 1:
        return numbers.numpy(), int(high) + 1
    share = (numbers - low) / ((high - low) or 1.0)
    return (2 * share - 1).numpy(), 2 if is_class or set(numbers.tolist()) <= {0.0, 1.0} else 0
