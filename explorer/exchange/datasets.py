"""Data sets as Python that needs torch alone, and scikit-learn for what ships with it."""

import ast
import inspect
from collections.abc import Callable
from dataclasses import dataclass

from explorer.data import DATASETS, DatasetInfo, generated, table, targets
from explorer.exchange.expressions import double_quoted
from explorer.layers.sources import Data


@dataclass(frozen=True)
class Loading:
    """How a data set is loaded.

    Attributes:
        functions: definitions that the body calls.
        body: statements that end in x and y.
        are_classes: whether rows are held back class by class.
    """

    functions: tuple[str, ...]
    body: tuple[str, ...]
    are_classes: bool


_BUNDLED = {
    "digits": "load_digits()",
    "digits_32": "load_digits()",
    "iris": "load_iris()",
    "wine": "load_wine()",
    "breast_cancer": "load_breast_cancer()",
    "diabetes": "load_diabetes(scaled=False)",
}


def loading(source: Data) -> Loading:
    """How a Data node's rows are loaded."""
    info = DATASETS[source.dataset]
    if info.name in ("csv", "text", "digit_strips"):
        return _by_this_program(source)
    form = targets.form_of(source.labels, info.classes, info.name)
    if info.name in _BUNDLED:
        return _from_scikit_learn(info, form)
    if info.name == "random":
        return _random(source, form)
    return _two_classes(source, form)


def _from_scikit_learn(info: DatasetInfo, form: targets.Form) -> Loading:
    call = _BUNDLED[info.name]
    x = "torch.tensor(found.data, dtype=torch.float32)"
    lines = [f"from sklearn.datasets import {call.partition('(')[0]}", "", f"found = {call}"]
    if info.name == "digits":
        x += ".reshape(-1, 1, 8, 8) / 16"
    if info.name == "digits_32":
        lines.append(f"small = {x}.reshape(-1, 1, 8, 8) / 16")
        x = 'F.interpolate(small, size=32, mode="bicubic", align_corners=False).clamp(0, 1)'
    lines += [f"x = {x}", f"y = {_encoded('torch.tensor(found.target)', form)}"]
    return Loading((), tuple(lines), form != "real")


def _random(source: Data, form: targets.Form) -> Loading:
    features = generated.RANDOM_FEATURES
    draw = f"torch.rand({source.samples}, generator=generator)"
    target = draw if form == "real" else f"({draw} > 0.5)"
    lines = (
        f"generator = torch.Generator().manual_seed({source.seed})",
        f"x = torch.rand({source.samples}, {features}, generator=generator)",
        f"y = {_encoded(target, form)}",
    )
    return Loading((), lines, form != "real")


def _two_classes(source: Data, form: targets.Form) -> Loading:
    shape = generated.SHAPES[source.dataset]
    call = f"two_classes({source.dataset}, {source.samples}, {source.noise}, generator)"
    lines = (
        f"generator = torch.Generator().manual_seed({source.seed})",
        f"x, side = {call}",
        f"y = {_encoded('side', form)}",
    )
    functions = (
        _as_function(shape, source.dataset),
        _as_function(generated.two_classes, "two_classes"),
    )
    return Loading(functions, lines, form != "real")


def _by_this_program(source: Data) -> Loading:
    told = ", ".join(
        f"{name}={value!r}"
        for name, value in source.source.items()
        if name != "dataset" and value != type(source).model_fields[name].default
    )
    call = double_quoted(", ".join(filter(None, [repr(source.dataset), told])))
    lines = (
        "# This set is read by Backprop Explorer itself: put your own x and y here to do without.",
        "from explorer import data",
        "",
        f"found = data.load({call})",
        "x, y = found.x, found.y",
    )
    is_table = source.dataset == "csv"
    names = table.cached(source.path, source.target, source.labels).class_names if is_table else ()
    return Loading((), lines, bool(names))


def _encoded(target: str, form: targets.Form) -> str:
    """Class indices (N,), or numbers (N, 1)."""
    if form == "class":
        return f"{target}.long()"
    return f"{target}.reshape(-1, 1).float()"


def _as_function(function: Callable[..., object], name: str) -> str:
    """A function's own source under another name, without its types."""
    tree = ast.parse(inspect.getsource(function))
    definition = tree.body[0]
    assert isinstance(definition, ast.FunctionDef), "a data set is made by a function"
    definition.name, definition.returns = name, None
    for argument in definition.args.args:
        argument.annotation = None
    return ast.unparse(tree)
