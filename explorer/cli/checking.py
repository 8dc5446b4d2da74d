"""`check`: what is wrong with a graph, its shapes, and every gradient verified."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from rich.text import Text

from explorer.cli import faults, files, lines, tables
from explorer.graph import Graph, Problem
from explorer.graph.chains import notes
from explorer.graph.quantities import in_bytes, rounded
from explorer.graph.totals import totals
from explorer.layers import shape_text
from explorer.program import Verification, verify


def check_graph(file: str, json: bool) -> int:
    """Print problems, shapes and gradients; 1 where something keeps the graph from being right.

    Gradients are verified only where no problem keeps the graph from running.
    """
    graph = files.read(file).graph
    problems = graph.problems()
    fault = _first_error(problems)
    verification = None
    if fault is None:
        with tables.console(stderr=True).status("verifying every gradient"):
            verification = verify(graph)
        fault = _first_wrong(verification)
    if json:
        lines.print_json(_document(file, graph, problems, verification))
    else:
        _show(graph, problems, verification)
    if fault is None:
        return 0
    lines.complain(fault)
    return faults.FAILED


def _first_error(problems: Sequence[Problem]) -> str | None:
    errors = [problem for problem in problems if problem.severity == "error"]
    if not errors:
        return None
    more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
    return f"the graph cannot run: {errors[0].message}{more}"


def _first_wrong(verification: Verification) -> str | None:
    if verification.blamed:
        guilty = verification.blamed[0]
        return (
            f"the backward of {guilty.node} ({guilty.layer}) is the first that is wrong, going "
            f"backward: its {guilty.gradient} is off by {guilty.error:.2g}"
        )
    wrong = verification.first_wrong
    if wrong is None:
        return None
    return (
        f"the gradient of {wrong.path} is the first that is wrong, going backward: it is off by "
        f"{wrong.against_autograd:.2g} against autograd and "
        f"{wrong.against_finite_differences:.2g} against finite differences"
    )


def _document(
    file: str, graph: Graph, problems: Sequence[Problem], verification: Verification | None
) -> dict[str, Any]:
    wrong = verification.first_wrong if verification else None
    return {
        "file": file,
        "ok": verification is not None and verification.ok,
        "problems": [asdict(problem) for problem in problems],
        "notes": notes(graph),
        "shapes": graph.shapes(),
        "totals": asdict(totals(graph)),
        "gradients": [asdict(check) | {"ok": check.ok} for check in verification or ()],
        "first_wrong": wrong.path if wrong else None,
        "blamed": [asdict(blame) for blame in verification.blamed] if verification else [],
    }


def _show(graph: Graph, problems: Sequence[Problem], verification: Verification | None) -> None:
    for problem in problems:
        lines.say(f"{problem.severity}: {problem}")
    if not problems:
        lines.say("No problems")
    for note in notes(graph):
        lines.say(f"note: {note}")
    _show_shapes(graph)
    if verification is not None:
        _show_gradients(verification)


def _show_shapes(graph: Graph) -> None:
    table = tables.table("Output", "Layer", "Shape")
    for path, shape in graph.shapes().items():
        kind = graph.nodes[path.partition(".")[0]].kind
        table.add_row(path, kind, shape_text(shape))
    if table.rows:
        lines.say("")
        tables.show(table)
    found = totals(graph)
    lines.say("")
    count = f"{found.parameters:,} parameter{'s' * (found.parameters != 1)}"
    memory = f"{in_bytes(found.bytes)} for a training step of {graph.training.batch_size:,} rows"
    lines.say(f"{count}, {rounded(found.multiplications)} MACs a row, {memory}")


def _show_gradients(verification: Verification) -> None:
    errors = ("Against autograd", "Against differences")
    table = tables.table("Gradient of", *errors, "Entries", "", numbers=(*errors, "Entries"))
    for check in verification:
        table.add_row(
            check.path,
            f"{check.against_autograd:.2g}",
            f"{check.against_finite_differences:.2g}",
            f"{check.checked} of {check.size:,}",
            Text("ok", "green") if check.ok else Text("WRONG", "bold red"),
        )
    lines.say("")
    tables.show(table)
    lines.say("")
    count, wrong = len(verification.checks), sum(not check.ok for check in verification)
    lines.say(f"{count} gradients verified: {f'{wrong} WRONG' if wrong else 'all ok'}")
