"""`explain`: one number of a net, from its formula to the sum that it is, and the chain to it."""

from typing import Any

from explorer.cli import calls, files, lines
from explorer.cli.stepping import at_first_batch
from explorer.layers import shape_text
from explorer.program import Call, Stepper
from explorer.program.explanation import (
    Explanation,
    Term,
    Total,
    UnknownElementError,
    explain,
    number,
    parse,
)


def explain_element(file: str, element: str, json: bool) -> int:
    """Print what there is to say of `element`: "fc1", "fc1.dw" or "fc1.dw[3, 5]"."""
    stepper = at_first_batch(files.read(file))
    node, _, rest = element.partition(".")
    name, index = parse(rest) if rest else (None, None)
    call = _call(stepper, node.strip(), name)
    stepper.go_to(call.index + 1)
    found = explain(stepper.session, call, name, index)
    if json:
        lines.print_json({"file": file, **_as_json(found)})
        return 0
    for line in _told(found):
        # Spaces in front of a line mean something: those of one_line would not stay.
        lines.say_aligned(line)
    return 0


def _call(stepper: Stepper, node: str, name: str | None) -> Call:
    """The call that computes what is asked for; without a name the node's last one."""
    mine = calls.of_node(stepper.session.program, node)
    layers = [call for call in mine if call.layer]
    if name is None:
        return layers[-1]
    for call in (*layers, *mine):
        if any(name in (written.label, written.variable) for written in call.writes):
            return call
    known = ", ".join(w.label for call in layers for w in call.writes if w.role != "cache")
    raise UnknownElementError(f"{node} computes no {name}: it computes {known}")


def _told(found: Explanation) -> list[str]:
    call, element = found.call, found.element
    told = [f"{call.node} · {found.meeting or f'{call.layer} {call.phase}'}"]
    name = element.source.name if element else ""
    for equation in found.equations:
        told.append(f"  {equation.formula}")
        if equation.name == name and equation.shaped not in ("", equation.formula):
            told.append(f"  {equation.shaped}")
    if element is not None:
        told += ["", *_sum(found)]
    if found.chain is not None:
        target = found.chain.symbol
        paths = found.chain.products or (f"a sum over {found.chain.paths:,} paths",)
        told += [
            "",
            *(f"{target if not n else ''} {'+' if n else '='} {p}" for n, p in enumerate(paths)),
        ]
    said = (*(found.zero.sentences if found.zero else ()), *found.without)
    return [*told, *(["", *said] if said else [])]


def _sum(found: Explanation) -> list[str]:
    element, total = found.element, found.total
    assert element is not None
    pattern = found.in_numbers or (total.pattern if total else "")
    is_one = total is not None and total.is_sum and total.count == 1
    if is_one and total is not None and not pattern:
        pattern = _names(total.terms[0])
    middle = f" = {pattern}" if pattern else ""
    told = [f"{element.text}{middle} = {number(element.value)}"]
    if found.refusal:
        return [*told, found.refusal]
    return told if total is None or is_one else [*told, *_terms(total)]


def _terms(total: Total) -> list[str]:
    """A line for each term, in columns, and one for all the others."""
    if not total.is_sum:
        return [
            f"  {term.entry.text} = {number(term.entry.value)}, slope {number(term.slope)}"
            for term in total.terms
        ]
    rows = [(_names(term), _numbers(term), number(term.value)) for term in total.terms]
    if total.more:
        rows.append((f"{total.more:,} more", "", number(total.rest)))
    widths = [max(len(row[column]) for row in rows) for column in range(3)]
    return [f"  {row[0]:{widths[0]}}  {row[1]:{widths[1]}}  {row[2]:>{widths[2]}}" for row in rows]


def _names(term: Term) -> str:
    return " · ".join(name or number(value) for name, value in term.product)


def _numbers(term: Term) -> str:
    written = (number(value) for _, value in term.product)
    return " · ".join(f"({each})" if each.startswith("−") else each for each in written)


def _as_json(found: Explanation) -> dict[str, Any]:
    call, element, total, chain = found.call, found.element, found.total, found.chain
    return {
        "node": call.node,
        "layer": call.layer,
        "phase": call.phase,
        "element": element
        and {"name": element.source.name, "index": element.index, "value": element.value},
        "equations": {each.name: each.formula for each in found.equations},
        "shapes": {each.name: shape_text(each.shape) for each in found.written},
        "is_sum": bool(total and total.is_sum),
        "pattern": total.pattern if total else "",
        "terms": [
            {"product": dict(term.product), "value": term.value}
            for term in (total.terms if total else ())
        ],
        "more": total.more if total else 0,
        "rest": total.rest if total else 0.0,
        "total": total.total if total else None,
        "refusal": found.refusal,
        "chain": [
            {"symbol": f.symbol, "node": f.node, "arriving": f.arriving, "leaving": f.leaving}
            for f in (chain.factors if chain else ())
        ],
        "why_zero": list(found.zero.sentences) if found.zero else [],
        "without_gradient": list(found.without),
    }
