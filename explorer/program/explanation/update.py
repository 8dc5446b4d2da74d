"""The update of one weight, explained: the optimizer's formula with the numbers of one element."""

import re

from torch import Tensor

from explorer.program.explanation.chain import chain_to
from explorer.program.explanation.equations import Equation, number
from explorer.program.explanation.page import Explanation, choose, written_by
from explorer.program.explanation.places import Source, largest, place, ravel
from explorer.program.program import Call
from explorer.program.session import Session


def explain_update(
    session: Session, call: Call, name: str | None, index: tuple[int, ...] | None
) -> Explanation:
    """Explain an optimizer's step that has run; as `explain`."""
    held = session.namespace
    tensors = {o.label: held[o.variable] for o in call.writes if o.role in ("new", "memory")}
    written = written_by(call, tensors)
    chosen = choose(written, name, tensors)
    (gradient,) = (o.variable for o in call.reads if o.role == "gradient")
    formulas = tuple(Equation("", formula, "") for formula in call.text.split("; "))
    page = Explanation(call, written, formulas, chain=chain_to(session, gradient))
    if chosen is None:
        return page
    tensor = tensors[chosen.name]
    at = largest(tensor) if index is None else ravel(index, tuple(tensor.shape))
    is_weight = chosen == written[0]
    return Explanation(
        call=call,
        written=written,
        equations=formulas,
        element=place(Source("output", chosen.name), tensor, at),
        in_numbers=_in_numbers(session, call, tensor, at) if is_weight else "",
        chain=page.chain,
    )


def _in_numbers(session: Session, call: Call, new: Tensor, at: int) -> str:
    """The formula of the new weight with the numbers of one element."""
    _, _, right = call.text.split("; ")[-1].partition(" = ")
    held = session.namespace
    values = {}
    for operand in (*call.reads, *call.writes):
        tensor = held[operand.variable]
        if operand.label == "lr":
            values["lr"] = number(float(tensor))
        elif tensor.shape == new.shape:
            written = number(float(tensor.flatten()[at]))
            values[operand.variable] = f"({written})" if written.startswith("−") else written
    names = re.compile(rf"\b(?:{'|'.join(map(re.escape, values))})\b")
    return names.sub(lambda found: values[found.group()], right).replace("*", "·").replace("-", "−")
