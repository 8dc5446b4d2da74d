"""What the scripts of all ways share: constants, data, parameters, and the loop that trains."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from explorer.exchange import datasets
from explorer.exchange.datasets import Loading
from explorer.exchange.draft import Draft
from explorer.exchange.page import CannotExpress
from explorer.graph import Graph
from explorer.layers import ParameterSpec, shape_text
from explorer.layers.initialisation import Given, Start
from explorer.layers.sources import Data
from explorer.program import Program
from explorer.program.source import one_line

LOOP_NAMES = frozenset(
    {
        *("torch", "model", "criterion", "optimizer", "data", "rows", "held", "shuffling"),
        *("epoch", "total", "chosen", "batch", "loss"),
    }
)
"""Variables of the loop that trains."""


@dataclass(frozen=True)
class Loop:
    """What differs between the ways in the loop that trains.

    Attributes:
        takes: the argument of `train`, "parameters", and `makes`, what it is made by.
        setup: lines ahead of the loop.
        step: lines that train on `batch` and give `loss`.
        evaluate: lines that give the `loss` of the held-back rows in `batch`.
    """

    takes: str
    makes: str
    setup: Sequence[str]
    step: Sequence[str]
    evaluate: Sequence[str]


def summary(program: Program, how: str) -> str:
    """The first line of a page."""
    return f"{one_line(program.name)}, {how}."


def sources(graph: Graph, program: Program) -> dict[str, Data]:
    """The Data nodes that feed a program, by id."""
    ids = dict.fromkeys(path.partition(".")[0] for path in program.feeds)
    layers = {id: graph.nodes[id].layer for id in ids}
    return {id: layer for id, layer in layers.items() if isinstance(layer, Data)}


def write_head(draft: Draft, graph: Graph, program: Program) -> None:
    """The settings of the training, and a function that loads the data."""
    settings = graph.training
    draft.add(f"EPOCHS = {settings.epochs}")
    if program.feeds:
        draft.add(f"BATCH_SIZE = {settings.batch_size}")
    draft.add(f"LEARNING_RATE = {settings.learning_rate!r}", f"SEED = {settings.seed}")
    if settings.precision == "mixed":
        draft.add("# In float32 throughout: mixed precision would hide what is computed.")
    if program.feeds:
        _write_loading(draft, graph, program)


def _write_loading(draft: Draft, graph: Graph, program: Program) -> None:
    loadings = {id: datasets.loading(layer) for id, layer in sources(graph, program).items()}
    for function in dict.fromkeys(f for each in loadings.values() for f in each.functions):
        draft.add("", "", function)
    for id, each in loadings.items():
        _write_set(draft, graph, program, id, each, "load" if len(loadings) == 1 else f"load_{id}")
    by_hand = [path for path in program.feeds if path.partition(".")[0] not in loadings]
    if len(loadings) == 1 and not by_hand:
        return
    draft.add("", "", "def load():", '    """Everything that the net is fed."""')
    for path in by_hand:
        shape = ", ".join(map(str, program.feeds[path].shape[1:]))
        line = f"{program.values[path]} = torch.randn({graph.training.batch_size}, {shape})"
        draft.of((path.partition(".")[0],), line, comment="fed by hand: put your own rows here")
    found = [f"*load_{id}()" for id in loadings] + [program.values[path] for path in by_hand]
    draft.add(f"    return {', '.join(found)}" + "," * (len(found) == 1))


def _write_set(
    draft: Draft, graph: Graph, program: Program, id: str, loading: Loading, name: str
) -> None:
    shapes = " and ".join(
        f"{port} {shape_text(program.feeds[f'{id}.{port}'].shape)}" for port in ("x", "y")
    )
    draft.add("", "", f"def {name}():", f'    """The rows of {id}: {shapes}."""')
    for line in loading.body:
        if line:
            draft.of((id,), line)
        else:
            draft.add("")
    exact = graph.training.precision == "float64"
    pair = [
        f"{port}.double()"
        if exact and program.feeds[f"{id}.{port}"].dtype.is_floating_point
        else port
        for port in ("x", "y")
    ]
    draft.add(f"    return {', '.join(pair)}")


def write_init(draft: Draft, graph: Graph, program: Program, wants_grad: bool) -> None:
    """A function that draws the parameters as training starts with them, and one for buffers."""
    draft.add("", "", "def init(seed=SEED):")
    draft.add('    """Fresh parameters, the very numbers that Backprop Explorer starts with."""')
    draft.add("    generator = torch.Generator().manual_seed(seed)")
    draft.add("    fresh = {" if wants_grad else "    return {")
    _write_starts(draft, graph, program.specs)
    if wants_grad:
        frozen = [f'"{path}"' for path in program.parameters if path not in program.gradients]
        learns = f"path not in ({', '.join(frozen)},)" if frozen else ""
        grad = f"value.requires_grad_({learns})"
        draft.add(f"    return {{path: {grad} for path, value in fresh.items()}}")
    if program.buffers:
        draft.add("", "", "def fresh_buffers():")
        draft.add('    """What is kept up to date from batch to batch, as it starts."""')
        draft.add("    return {")
        _write_starts(draft, graph, program.buffer_specs)


def _write_starts(draft: Draft, graph: Graph, specs: Mapping[str, ParameterSpec]) -> None:
    exact = ".double()" if graph.training.precision == "float64" else ""
    for path, spec in specs.items():
        node = path.partition(".")[0]
        text = start_of(spec, path).text("generator")
        draft.of((node,), f'    "{path}": {text}{exact},')
    draft.add("    }")


def start_of(spec: ParameterSpec, path: str) -> Start | Given:
    """How a parameter starts, as something that says so in Python."""
    init = spec.init
    if not isinstance(init, (Start, Given)):
        node = path.partition(".")[0]
        raise CannotExpress(f"{path} does not say how it starts: draw it by `initial`", node)
    return init


def arguments(program: Program) -> list[str]:
    """What a function that runs the net is called with."""
    fed, kept = ["batch"] * bool(program.feeds), ["buffers"] * bool(program.buffers)
    return [*fed, "parameters", *kept]


def write_unpacking(draft: Draft, program: Program) -> None:
    """Lines that give everything that is fed, learned and kept its variable."""
    if program.feeds:
        fed = [program.values[path] for path in program.feeds]
        nodes = dict.fromkeys(path.partition(".")[0] for path in program.feeds)
        draft.of(tuple(nodes), f"{targets(fed)} = batch", "forward")
    for name, variables in (("parameters", program.parameters), ("buffers", program.buffers)):
        if variables:
            _write_values(draft, list(variables.values()), name)


def _write_values(draft: Draft, variables: list[str], name: str) -> None:
    line = f"    {targets(variables)} = {name}.values()"
    if len(line) <= 96:
        draft.add(line)
    else:
        draft.items("    (", variables, f") = {name}.values()")


def targets(variables: list[str]) -> str:
    """What a tuple is unpacked into."""
    return ", ".join(variables) if len(variables) > 1 else f"({variables[0]},)"


def write_training(draft: Draft, graph: Graph, program: Program, loop: Loop) -> None:
    """The loop that trains, and the lines that start it."""
    if program.feeds and graph.training.validation:
        _write_hold_back(draft, graph, program)
    if scaled := [layer for layer in sources(graph, program).values() if layer.standardize]:
        _write_standardizing(draft, len(scaled))
    draft.add("", "", f"def train({loop.takes}):")
    draft.add('    """Train, and print the mean loss of each epoch."""')
    if not program.feeds:
        _write_loop_without_data(draft, loop)
    else:
        _write_loop(draft, graph, program, loop)
    draft.add(f"    return {loop.takes}", "", "")
    draft.add('if __name__ == "__main__":')
    if program.modes:
        draft.add("    torch.manual_seed(SEED)")
    draft.add(f"    train({loop.makes})")


def _write_loop_without_data(draft: Draft, loop: Loop) -> None:
    draft.add(*(f"    {line}" for line in loop.setup))
    draft.add("    for epoch in range(1, EPOCHS + 1):")
    draft.add(*(f"        {line}" for line in loop.step))
    draft.add('        print(f"epoch {epoch}: loss {loss.item():.4f}")')


def _write_loop(draft: Draft, graph: Graph, program: Program, loop: Loop) -> None:
    settings = graph.training
    draft.add("    data = list(load())")
    if settings.validation:
        place = list(program.feeds).index(f"{next(iter(sources(graph, program)), '')}.y")
        draft.add(f"    rows, held = hold_back(data[{place}])")
    else:
        draft.add("    rows = torch.arange(len(data[0]))")
    for id, layer in sources(graph, program).items():
        if layer.standardize and program.feeds[f"{id}.x"].dtype.is_floating_point:
            place = list(program.feeds).index(f"{id}.x")
            draft.add(f"    data[{place}] = standardized(data[{place}], rows)")
    if settings.shuffle:
        draft.add("    shuffling = torch.Generator().manual_seed(SEED)")
    draft.add(*(f"    {line}" for line in loop.setup))
    order = "rows[torch.randperm(len(rows), generator=shuffling)]" if settings.shuffle else "rows"
    draft.add("    for epoch in range(1, EPOCHS + 1):", "        total = 0.0")
    draft.add(f"        for chosen in {order}.split(BATCH_SIZE):")
    draft.add("            batch = [each[chosen] for each in data]")
    draft.add(*(f"            {line}" for line in loop.step))
    draft.add("            total += loss.item() * len(chosen)")
    told = "epoch {epoch}: loss {total / len(rows):.4f}"
    if settings.validation:
        draft.add("        batch = [each[held] for each in data]")
        draft.add(*(f"        {line}" for line in loop.evaluate))
        told += ", held back {loss.item():.4f}"
    draft.add(f'        print(f"{told}")')


def _write_hold_back(draft: Draft, graph: Graph, program: Program) -> None:
    first = next(iter(sources(graph, program).values()), None)
    if first is None:
        raise CannotExpress("rows that are fed by hand cannot be held back: set validation to 0")
    count = f"round({graph.training.validation} * len(y))"
    draft.add("", "", "def hold_back(y):")
    draft.add('    """The rows to train on, and those to validate on: their numbers."""')
    draft.add("    order = torch.randperm(len(y), generator=torch.Generator().manual_seed(SEED))")
    draft.add(f"    count = min(max({count}, 1), len(y) - 1)")
    if not datasets.loading(first).are_classes:
        draft.add("    return order[count:], order[:count]")
        return
    draft.add(*_BY_CLASS)


_BY_CLASS = (
    "    # Each class is shared out in proportion.",
    "    classes = y.flatten()[order]",
    "    place = torch.empty(len(y))",
    "    for each in classes.unique():",
    "        members = classes == each",
    "        number = int(members.sum())",
    "        place[members] = (torch.arange(number) + 0.5) / number",
    "    held = torch.zeros(len(y), dtype=torch.bool)",
    "    held[order[place.argsort(stable=True)[:count]]] = True",
    "    return order[~held[order]], order[held[order]]",
)


def _write_standardizing(draft: Draft, count: int) -> None:
    draft.add("", "", "def standardized(x, rows):")
    draft.add('    """Each feature with mean 0 and deviation 1 over the rows to train on."""')
    draft.add("    mean, deviation = x[rows].mean(0), x[rows].std(0, correction=0)")
    draft.add("    return (x - mean) / deviation.where(deviation > 0, torch.ones(()))")
