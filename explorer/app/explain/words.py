"""What a page says, as HTML: the formulas, the sum, the chain, and why something is zero."""

from html import escape

from explorer.app.explain import ink
from explorer.app.explain.ink import Ink
from explorer.app.panels.numbers import percent, plural
from explorer.program.explanation import Chain, Equation, Explanation, Place, Term, Total

DOT = " · "


def formulas(equations: tuple[Equation, ...], name: str, palette: Ink) -> str:
    """The formula for what is explained with this call's shapes, and below it the others."""
    first = [each for each in equations if each.name == name]
    others = [each for each in equations if each.name != name]
    rows = [_formula(each, palette, loud=True) for each in first]
    rows += [_formula(each, palette, loud=not first) for each in others]
    return "".join(rows)


def _formula(equation: Equation, palette: Ink, loud: bool) -> str:
    size = 10.5 if loud else 9.0
    row = ink.code(palette.formula(equation.formula), size)
    if loud and equation.shaped and equation.shaped != equation.formula:
        row += "<br>" + ink.code(escape(equation.shaped), 8.5, soft=True)
    return f"<p style='margin:0 0 5px 0'>{row}</p>"


def sentence_of(explanation: Explanation, palette: Ink) -> str:
    """dw[3, 5] = Σₙ x[n, 3] · dout[n, 5] = −0.0796."""
    element = explanation.element
    assert element is not None
    parts = [palette.formula(element.text)]
    total = explanation.total
    if total is not None and total.pattern:
        parts.append(palette.formula(total.pattern))
    elif explanation.in_numbers:
        parts.append(escape(explanation.in_numbers))
    parts.append(f"<b>{ink.number(element.value)}</b>")
    return ink.code("<br>&nbsp;&nbsp;= ".join(parts), 10.5)


def terms(total: Total, palette: Ink) -> str:
    """The terms, largest first: what is multiplied, its numbers, what comes of it."""
    told = total.terms
    if total.is_sum and total.count == 1 and not told[0].factors and told[0].scale == 1:
        told = () if total.element.value else told
    rows = [_term(term, palette) if total.is_sum else _reading(term, palette) for term in told]
    head = "" if total.is_sum else _row(ink.soft("made from"), ink.soft("value"), ink.soft("slope"))
    return (
        f"<table cellspacing='0' cellpadding='2' width='100%'>{head}{''.join(rows)}</table>"
        if rows
        else ""
    )


def rest(total: Total) -> str:
    """What is not told one by one."""
    said = []
    if total.more:
        more = plural(total.more, "more term")
        said.append(
            f"+ {more} that add up to {ink.number(total.rest)}" if total.is_sum else f"and {more}"
        )
    if total.idle and total.is_sum and total.count > 1:
        said.append(f"{total.idle:,} of the {total.count:,} terms are 0")
    return ". ".join(said)


def _term(term: Term, palette: Ink) -> str:
    names = [palette.formula(factor.text) for factor in term.factors]
    numbers = [ink.factor(factor.value) for factor in term.factors]
    if term.scale != 1 or not names:
        shown = ink.factor(term.scale)
        names.insert(0, shown if term.factors or not term.depends else "slope")
        numbers.insert(0, shown)
    if names == [ink.factor(1.0)]:
        names, numbers = [], []
    names.append(palette.formula(term.entry.text))
    numbers.append(ink.factor(term.entry.value))
    came = "".join(f"<br>{ink.soft('slope from ')}{_named(each, palette)}" for each in term.depends)
    return _row(DOT.join(names) + came, DOT.join(numbers), ink.number(term.value))


def _reading(term: Term, palette: Ink) -> str:
    return _row(
        palette.formula(term.entry.text), ink.number(term.entry.value), ink.number(term.slope)
    )


def _named(place: Place, palette: Ink) -> str:
    return f"{palette.formula(place.text)} = {ink.number(place.value)}"


def _row(names: str, numbers: str, value: str) -> str:
    told = ink.code(names, 9), ink.code(numbers, 8.5, soft=True), ink.code(value, 9)
    return f"<tr><td>{told[0]}<br>{told[1]}</td><td align='right'>{told[2]}</td></tr>"


def chain(found: Chain) -> str:
    """The product over each path, or how many paths there are."""
    if not found.products:
        return ink.soft(f"The gradient arrives over {found.paths:,} paths, which add up.")
    target = f"∂loss/∂{found.target}"
    rows = []
    for number, product in enumerate(found.products):
        sign = "= " if not number else "+ "
        rows.append(ink.code(f"{sign}{escape(product)}", 9))
    return f"{ink.code(escape(target), 9)}<br>{'<br>'.join(rows)}"


def shares(explanation: Explanation) -> str:
    """How much of what was written, and of what arrived, is 0."""
    zero, element = explanation.zero, explanation.element
    assert zero is not None
    assert element is not None
    said = f"Of {element.source.name} {_share(zero.share)} is 0"
    if zero.share_arriving is not None:
        said += f", of what arrives {_share(zero.share_arriving)}"
    return f"{said}."


def _share(share: float) -> str:
    return "nothing" if not share else "all" if share == 1 else percent(share)
