"""The torch.nn way: an nn.Module, a criterion, and a loop."""

import inspect
from collections.abc import Mapping
from functools import cache
from typing import Any

from torch import Tensor, nn

from explorer.exchange import optimization, scripts
from explorer.exchange.autograd import STEP
from explorer.exchange.draft import Draft
from explorer.exchange.expressions import double_quoted
from explorer.exchange.forward import Forward
from explorer.exchange.nodes import Subject, as_python, subject
from explorer.exchange.page import Page
from explorer.graph import Graph
from explorer.graph.sharing import owner
from explorer.layers import Layer, Learning
from explorer.layers.written import Code, Lines
from explorer.program import Program
from explorer.program.names import Names

_WAY = "with torch.nn"


def page(graph: Graph, program: Program) -> Page:
    """CannotExpress where a layer is neither in torch.nn nor says what it is in torch."""
    return _Module(graph, program).page()


def state_dict(graph: Graph, program: Program, state: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """A session's parameters and buffers, by path, as the page's Net calls and lays them."""
    net = _Module(graph, program)
    found: dict[str, Tensor] = {}
    for path, tensor in state.items():
        node, _, weight = path.partition(".")
        name = net.state_name(node, weight)
        found[name.removesuffix(".T")] = tensor.t() if name.endswith(".T") else tensor
    return found


class _Module:
    def __init__(self, graph: Graph, program: Program):
        self.graph, self.program = graph, program
        self.draft = Draft()
        self.subjects = [subject(graph, program, call) for call in program.forward_calls]
        names = Names({*dir(nn.Module()), "training"})
        self.attributes = {one.id: names.new(one.id) for one in self.subjects}
        self.criterion = self._criterion()

    def page(self) -> Page:
        draft, program = self.draft, self.program
        scripts.write_head(draft, self.graph, program)
        draft.add("", "", "class Net(nn.Module):", "    def __init__(self):")
        draft.add("        super().__init__()")
        draft.indent = " " * 8
        for one in self.subjects:
            if one is not self.criterion and not one.layer.feeds():
                self._make(one)
        self._write_forward()
        scripts.write_training(draft, self.graph, program, self._loop())
        summary = scripts.summary(program, "with torch.nn: a module, a criterion, and a loop")
        return draft.page("module", program.name, summary)

    # What it is made of

    def _make(self, one: Subject) -> None:
        """The attributes of a node: torch.nn's module, or its weights themselves."""
        if owner(self.graph, one.id) != one.id:
            self._require_shareable(one)
            return
        name, kind = self.attributes[one.id], class_of(one.layer)
        if kind is not None:
            self._add(one, f"self.{name} = nn.{kind.__name__}({arguments(one, kind)})")
        for weight in one.layer.weights:
            path = f"{one.id}.{weight}"
            if path in self.program.specs:
                start = scripts.start_of(self.program.specs[path], path)
                self._start(one, path, start)
        if isinstance(one.layer, Learning) and one.layer.frozen and one.layer.weights:
            self._freeze(one, kind)

    def _start(self, one: Subject, path: str, start: Any) -> None:
        """A weight that torch.nn does not make itself, or starts in another way."""
        weight = path.partition(".")[2]
        state = self.state_name(one.id, weight)
        if class_of(one.layer) is None:
            made = start.text("").replace(", generator=", "")
            self._add(one, f"self.{state} = nn.Parameter({made})")
        elif not start.is_default:
            self._add(one, start.rule.text(f"self.{state.removesuffix('.T')}"))

    def _freeze(self, one: Subject, kind: type[nn.Module] | None) -> None:
        if kind is not None:
            self._add(one, f"self.{self.attributes[one.id]}.requires_grad_(False)")
            return
        for weight in one.layer.weights:
            if f"{one.id}.{weight}" in self.program.specs:
                self._add(one, f"self.{self.state_name(one.id, weight)}.requires_grad_(False)")

    def _add(self, one: Subject, line: str) -> None:
        self.draft.of((one.id,), line)

    def _require_shareable(self, one: Subject) -> None:
        """Raise CannotExpress where sharing weights would share what is kept of batches, too."""
        if any(path.partition(".")[0] == one.id for path in self.program.buffers):
            why = "borrows weights but keeps running statistics of its own"
            raise one.refused(why, _WAY, "leave its weights from empty")

    def state_name(self, id: str, weight: str) -> str:
        """What the Net's state_dict calls a weight; with ".T" where it lies transposed there."""
        layer = self._layer(id)
        name = self.attributes[id]
        if class_of(layer) is None:
            return name if layer.weights == (weight,) else f"{name}_{weight}"
        return f"{name}.{layer.nn_weights[weight]}"

    def _layer(self, id: str) -> Layer:
        layer = self.graph.nodes[id].layer
        assert isinstance(layer, Layer), "a program has no unusable layers"
        return layer

    # What it does

    def _write_forward(self) -> None:
        draft, program = self.draft, self.program
        inputs = [program.values[path] for path in self._inputs()]
        draft.add("", f"    def forward({', '.join(['self', *inputs])}):")
        forward = Forward(draft, program)
        for one in self.subjects:
            if one is not self.criterion and not one.layer.feeds():
                forward.write(one, self._lines(one), self._labels(one))
        draft.add(f"        return {self._output()}")
        draft.indent = ""
        if self.criterion is not None:
            self._write_criterion(self.criterion)

    def _lines(self, one: Subject) -> Lines:
        if class_of(one.layer) is None:
            return one.torch_lines(self.draft, _WAY)
        if lines := one.layer.nn_lines(*one.inputs):
            return lines
        wired = zip(one.layer.takes, one.inputs, strict=True)
        return {one.layer.gives[0]: f"module({', '.join(port for port, x in wired if x)})"}

    def _labels(self, one: Subject) -> dict[str, str]:
        """Variables by label; weights are the module's own."""
        mine = owner(self.graph, one.id)
        own = {
            weight: f"self.{self.state_name(mine, weight)}"
            for weight in one.layer.weights
            if class_of(one.layer) is None
        }
        module = {"module": f"self.{self.attributes[mine]}", "training": "self.training"}
        return {**one.names, **own, **module}

    # The loss

    def _criterion(self) -> Subject | None:
        """The loss as what stands beside the module: where it compares an output with a feed."""
        program = self.program
        last = next(one for one in self.subjects if one.id == program.loss.partition(".")[0])
        if last.layer.takes != ("y_hat", "y") or not last.layer.is_loss or last.layer.in_nn:
            return None
        y = _path_of(program, last.names["y"])
        is_target = y in program.targets and len(self.graph.readers(y)) == 1
        return last if is_target and class_of(last.layer) is not None else None

    def _inputs(self) -> list[str]:
        """The feeds that the module takes: those that something in it reads."""
        read = {
            name
            for call in self.program.forward_calls
            if self.criterion is None or call.node != self.criterion.id
            for name in call.inputs
        }
        return [path for path in self.program.feeds if self.program.values[path] in read]

    def _output(self) -> str:
        if self.criterion is not None:
            return self.criterion.names["y_hat"]
        return self.program.values[self.program.loss]

    def _write_criterion(self, one: Subject) -> None:
        kind = class_of(one.layer)
        assert kind is not None, "a criterion is one of torch.nn"
        self.draft.add("", "")
        self.draft.of((one.id,), f"criterion = nn.{kind.__name__}({arguments(one, kind)})")

    def _loop(self) -> scripts.Loop:
        program = self.program
        names = Names(scripts.LOOP_NAMES)
        fed = {path: names.new(program.values[path]) for path in program.feeds}
        loss = f"model({', '.join(fed[path] for path in self._inputs())})"
        if self.criterion is not None:
            y = _path_of(program, self.criterion.names["y"])
            loss = f"criterion({loss}, {fed[y]})"
        unpacked = [f"{scripts.targets(list(fed.values()))} = batch"] if fed else []
        modes = bool(program.modes)
        frozen = any(path not in program.gradients for path in program.parameters)
        weights = "model.parameters()"
        if frozen:
            weights = f"[each for each in {weights} if each.requires_grad]"
        exact = ["model.double()"] * (self.graph.training.precision == "float64")
        return scripts.Loop(
            takes="model",
            makes="Net()",
            setup=[*exact, f"optimizer = {optimization.by_torch(self.graph.training, weights)}"],
            step=[*["model.train()"] * modes, *unpacked, f"loss = {loss}", *STEP],
            evaluate=[
                *["model.eval()"] * modes,
                *unpacked,
                "with torch.no_grad():",
                f"    loss = {loss}",
            ],
        )


def _path_of(program: Program, variable: str) -> str:
    """The output whose value a variable holds."""
    return next(path for path, name in program.values.items() if name == variable)


def class_of(layer: Layer) -> type[nn.Module] | None:
    """torch.nn's class of the layer's name, if it has one that is a module."""
    kind = getattr(nn, layer.name(), None)
    return kind if isinstance(kind, type) and issubclass(kind, nn.Module) else None


def arguments(one: Subject, kind: type[nn.Module]) -> str:
    """What torch.nn's class is told: what it must be told by position, the rest by name."""
    usual = _defaults(kind.__name__)
    given = {n: getattr(one.layer, n) for n in type(one.layer).model_fields if n in usual}
    given |= one.layer.nn_settings(*one.inputs)
    must = [name for name, default in usual.items() if default is inspect.Parameter.empty]
    by_place = [_python(name, given.pop(name)) for name in must if name in given]
    by_name = [
        f"{name}={_python(name, value)}"
        for name, value in given.items()
        if not _is_usual(value, usual.get(name, inspect.Parameter.empty))
    ]
    return ", ".join([*by_place, *by_name])


@cache
def _defaults(name: str) -> dict[str, Any]:
    """What torch.nn's class of that name may be told, with its defaults."""
    kind = getattr(nn, name)
    # The subclasses of RNNBase hand everything on without saying what it is.
    base = nn.RNNBase if issubclass(kind, nn.RNNBase) else kind
    named = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)
    parameters = inspect.signature(base).parameters.items()
    found = {name: each.default for name, each in parameters if each.kind in named}
    if base is nn.RNNBase:
        del found["mode"]
    return found


def _is_usual(value: object, default: object) -> bool:
    """Whether a value is torch.nn's default: 1 and (1, 1) are one."""
    if isinstance(value, tuple) and isinstance(default, int) and not isinstance(default, bool):
        return set(value) == {default}
    return value == default


def _python(name: str, value: Any) -> str:
    return value if isinstance(value, Code) else double_quoted(as_python(name, value))
