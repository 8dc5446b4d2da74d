"""Takes pictures of a trainer at work."""

from collections.abc import Callable

import torch

from explorer.program import Session, Stepper, threads
from explorer.training.observer import Observer
from explorer.training.pictures import plane
from explorer.training.pictures.drawing import draw
from explorer.training.pictures.gauges import gauges
from explorer.training.pictures.kinds import NodePicture, Picture, Pictures
from explorer.training.standing import Standing

ROWS = 256
"""The most rows of a batch that are run for a picture."""
_EXTENT_ROWS = 1000
"""How many rows of the data say where on the plane it lies."""


class Camera(Observer):
    """Takes pictures of whichever trainer it is pointed at, while `is_on`.

    A picture runs the batch that the trainer stands at, forward and backward, beside the
    trainer's session: on the same weights, and leaving no trace in them or in its buffers.
    """

    refusal = "no pictures are shown of this run"

    def __init__(self, on_pictures: Callable[[Pictures], object]):
        super().__init__()
        self._on_pictures = on_pictures
        self._plane: plane.Plane | None = None

    def forget(self) -> None:
        super().forget()
        self._plane = None

    def _point_at(self, trainer: Standing) -> None:
        super()._point_at(trainer)
        self._plane = None
        program = trainer.job.program
        port = plane.read_by(program)
        if port is not None:
            self._plane = plane.Plane(program, port, trainer.sample(_EXTENT_ROWS))

    def _look(self, trainer: Standing) -> None:
        self._on_pictures(self._picture(trainer))

    def _picture(self, trainer: Standing) -> Pictures:
        # An edit may be in any row.
        shown = None if trainer.edits else ROWS
        batch = {path: value[:shown] for path, value in trainer.batch.items()}
        rows = max((len(value) for value in batch.values()), default=1)
        # Once for all calls: to change the number of threads at each takes longer than they do.
        suited = threads.suited_to(trainer.job.program.multiplications * rows)
        with torch.inference_mode(), suited:
            session = trainer.session.beside()
            stepper = Stepper(session, batch, trainer.batch_seed)
            stepper.begin_with(trainer.edits)
            stepper.run_to_end()
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
