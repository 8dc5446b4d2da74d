"""What a run needs to know of a graph."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from explorer import program as programs
from explorer.graph import Graph, GraphError, Problem, TrainingSettings
from explorer.graph.making import make_training
from explorer.layers.sources import Data
from explorer.program import Call, Program
from explorer.training import updates


@dataclass(frozen=True)
class Job:
    """All that a run needs of a graph; immutable, so that it may go to another thread."""

    program: Program
    sources: dict[str, Data]
    settings: TrainingSettings

    @classmethod
    def of(cls, graph: Graph, program: Program | None = None, **settings: Any) -> "Job":
        """A graph's job; `settings` override the graph's own.

        Raises GraphError, naming each problem, where the graph or a setting is not fit to train.
        """
        chosen = make_training({**graph.training.model_dump(), **settings})
        if program is None or program.is_mixed != (chosen.precision == "mixed"):
            program = programs.compile(graph, chosen.loss or None, precision=chosen.precision)
        sources = {id: n.layer for id, n in graph.nodes.items() if isinstance(n.layer, Data)}
        used = {id: layer for id, layer in sources.items() if id not in program.left_out}
        if not any(path in program.gradients for path in program.parameters):
            text = "there is nothing to learn: no weight reaches the loss"
            raise GraphError(Problem.error(text, "add a layer with weights, such as Linear"))
        return cls(program, used, chosen)

    @cached_property
    def calls(self) -> tuple[Call, ...]:
        """All that a walk through a batch steps through: the program's calls, then the updates."""
        return (*self.program.calls, *updates.calls(self.program, self.settings))

    def adjusted(self, **settings: Any) -> "Job":
        """The same job with some other settings. GraphError for one that is out of range."""
        return replace(self, settings=make_training({**self.settings.model_dump(), **settings}))
