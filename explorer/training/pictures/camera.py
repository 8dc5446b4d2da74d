"""Takes pictures of a trainer at work, seldom enough not to hold it up."""

from collections import deque
from collections.abc import Callable
from time import perf_counter

import torch

from explorer.program import Session, threads
from explorer.training import faults
from explorer.training.faults import TrainingError
from explorer.training.pictures import plane
from explorer.training.pictures.drawing import draw
from explorer.training.pictures.gauges import gauges
from explorer.training.pictures.kinds import NodePicture, Picture, Pictures
from explorer.training.trainer import Trainer

INTERVAL = 0.25
"""Seconds between pictures, at least."""
SHARE = 0.05
"""The most of the time that pictures may take from training."""
ROWS = 256
"""The most rows of a batch that are run for a picture."""
_COSTS = 3
"""Of so many pictures the cheapest tells what one costs: others share the machine with it."""
_EXTENT_ROWS = 1000
"""How many rows of the data say where on the plane it lies."""


class Camera:
    """Takes pictures of whichever trainer it is pointed at, while `is_on`.

    A picture runs the batch that the trainer stands at, forward and backward, beside the
    trainer's session: on the same weights, and leaving no trace in them or in its buffers.
    """

    def __init__(self, on_pictures: Callable[[Pictures], object]):
        self.is_on = False
        self._on_pictures = on_pictures
        self._trainer: Trainer | None = None
        self._plane: plane.Plane | None = None
        self._step = -1
        self._next = 0.0
        self._costs: deque[float] = deque(maxlen=_COSTS)
        self._cannot = False

    def glance(self, trainer: Trainer) -> None:
        """Take a picture if one is due."""
        if self._trainer is not trainer or perf_counter() >= self._next:
            self.take(trainer)

    def catch_up(self, trainer: Trainer) -> None:
        """Take a picture unless the last one is of where the trainer stands."""
        if self._trainer is not trainer or self._step != trainer.steps:
            self.take(trainer)

    def take(self, trainer: Trainer) -> None:
        """Take a picture now, unless the camera is off.

        Raises TrainingError where the device has no room for it; the trainer can go on, and no
        more pictures are taken of it.
        """
        if not self.is_on or trainer.state == "failed":
            return
        is_first = self._trainer is not trainer
        if is_first:
            self._point_at(trainer)
        if self._cannot:
            return
        start = perf_counter()
        try:
            self._on_pictures(self._picture(trainer))
        except (RuntimeError, MemoryError) as error:
            self._cannot = True
            why = faults.explain(error, trainer.device, trainer.settings.batch_size)
            raise TrainingError(f"no pictures are shown of this run: {why}") from error
        end, self._step = perf_counter(), trainer.steps
        if not is_first:  # which has much to get ready that later ones find
            self._costs.append(end - start)
        self._next = end + max(INTERVAL, min(self._costs, default=0.0) * (1 / SHARE - 1))

    def forget(self) -> None:
        """Let go of the trainer."""
        self._trainer, self._plane = None, None

    def _point_at(self, trainer: Trainer) -> None:
        self._trainer, self._plane, self._cannot = trainer, None, False
        self._costs.clear()
        program = trainer.job.program
        port = plane.read_by(program)
        if port is not None:
            self._plane = plane.Plane(program, port, trainer.sample(_EXTENT_ROWS))

    def _picture(self, trainer: Trainer) -> Pictures:
        batch = {path: value[:ROWS] for path, value in trainer.batch.items()}
        rows = max((len(value) for value in batch.values()), default=1)
        # Once for all calls: to change the number of threads at each takes longer than they do.
        suited = threads.suited_to(trainer.job.program.multiplications * rows)
        with torch.inference_mode(), suited:
            session = trainer.session.beside()
            session.forward(batch, trainer.batch_seed)
            session.backward()
            answers: dict[str, Picture] = {}
            if self._plane is not None:
                answers |= self._plane.answers(trainer.session)
                answers[self._plane.port] = self._plane.points
            return Pictures(trainer.steps, _of_nodes(session, answers))


def _of_nodes(session: Session, answers: dict[str, Picture]) -> dict[str, NodePicture]:
    """A picture of the first output of each node, in the order of the calls."""
    program, norms = session.program, gauges(session)
    found: dict[str, NodePicture] = {}
    for call in program.forward_calls:
        port = next(operand.label for operand in call.writes if operand.role == "output")
        path = f"{call.node}.{port}"
        picture = answers.get(path) or draw(session.value(path), program.shapes[path])
        found[call.node] = NodePicture(port, picture, norms.get(call.node))
    return found
