"""What can be typed: every command with its options, by Typer."""

from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from explorer.cli.forms import Form
from explorer.cli.parts import Parts

# Of its usage errors Typer hands on only this one; their common base stands right above it.
UsageError: Any = typer.BadParameter.__mro__[1]


class _FileOrCommand(TyperGroup):
    """Takes a first word that is no command, and looks like none, for a FILE to open."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        word = args[0]
        mistyped = get_close_matches(word, self.commands, cutoff=0.7) and not Path(word).exists()
        if word in self.commands or word.startswith("-") or mistyped:
            return super().resolve_command(ctx, args)
        return super().resolve_command(ctx, ["open", *args])


app = typer.Typer(
    cls=_FileOrCommand,
    subcommand_metavar="[FILE | COMMAND [ARGS]...]",
    add_completion=False,
    help="Draw a neural net, train it, and walk through its backward pass node by node.\n\n"
    "Without a command, the window opens; with FILE, it opens that graph.",
)

File = Annotated[
    str, typer.Argument(metavar="FILE", help="A graph's file, or the name of a starter graph")
]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON document, for machines")]


@app.command("open", hidden=True)
def open_(ctx: typer.Context, file: File) -> int:
    """Open the window with FILE."""
    from explorer.cli.opening import open_window

    parts: Parts = ctx.obj
    return open_window(file, parts)


@app.command()
def train(
    file: File,
    device: Annotated[str, typer.Option(help="auto, cpu, cuda, cuda:1, mps, xpu")] = "auto",
    epochs: Annotated[int | None, typer.Option(help="Passes over the training rows")] = None,
    batch_size: Annotated[int | None, typer.Option(help="Rows in each step")] = None,
    learning_rate: Annotated[float | None, typer.Option(help="How far each step goes")] = None,
    seed: Annotated[int | None, typer.Option(help="Starts all random numbers")] = None,
    out: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Where weights and history are written")
    ] = None,
    json: Json = False,
) -> int:
    """Train FILE; what is not given here is as FILE has it."""
    from explorer.cli.training import train_graph

    settings = {
        "epochs": epochs,
        "batch_size": batch_size,
        "learning_rate": learning_rate,
        "seed": seed,
    }
    given = {name: value for name, value in settings.items() if value is not None}
    return train_graph(file, device, given, out, json)


@app.command()
def step(
    file: File,
    backward: Annotated[bool, typer.Option("--backward", help="Go on to the gradients")] = False,
    until: Annotated[
        str | None,
        typer.Option(metavar="NODE[.forward|.backward]", help="Stop right behind this node's call"),
    ] = None,
    show: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME",
            help="Print a value in full at the end: fc1.dw, dw of the last call, or what is "
            "computed of such, dw.norm() / w.norm(); may be given several times",
        ),
    ] = None,
    json: Json = False,
) -> int:
    """Print each call of FILE on its first batch, with what it computes."""
    from explorer.cli.stepping import step_through

    return step_through(file, backward, until, show or (), json)


@app.command()
def explain(
    file: File,
    element: Annotated[
        str, typer.Argument(metavar="ELEMENT", help="What to explain: fc1, fc1.dw, fc1.dw[3,5]")
    ],
    json: Json = False,
) -> int:
    """Explain a number of FILE's first batch: its formula, its sum, the chain, why it is 0."""
    from explorer.cli.explaining import explain_element

    return explain_element(file, element, json)


@app.command()
def check(file: File, json: Json = False) -> int:
    """List the problems and shapes of FILE, and verify every gradient."""
    from explorer.cli.checking import check_graph

    return check_graph(file, json)


@app.command()
def code(
    file: File,
    form: Annotated[
        Form,
        typer.Option(
            "--as",
            help="naive: gradients written by hand; program: what training executes; "
            "autograd: torch's operations and .backward(); module: torch.nn",
        ),
    ] = Form.PROGRAM,
    out: Annotated[
        Path | None, typer.Option(metavar="PAGE", help="A file to write instead of printing")
    ] = None,
    json: Json = False,
) -> int:
    """Print FILE as a page of Python, in one of four ways."""
    from explorer.cli.source_page import print_code

    return print_code(file, form, out, json)


@app.command()
def show(
    ctx: typer.Context,
    file: File,
    out: Annotated[Path, typer.Option(metavar="PICTURE", help="The .png, .svg or .pdf to write")],
    json: Json = False,
) -> int:
    """Draw FILE as a picture."""
    from explorer.cli.picture import draw_picture

    parts: Parts = ctx.obj
    return draw_picture(file, out, parts, json)


@app.command()
def layers(json: Json = False) -> int:
    """List every layer with its ports and settings."""
    from explorer.cli.list_layers import list_layers

    return list_layers(json)


@app.command()
def devices(json: Json = False) -> int:
    """List the devices that nets can be trained on."""
    from explorer.cli.list_devices import list_devices

    return list_devices(json)


@app.command()
def examples(json: Json = False) -> int:
    """List the starter graphs."""
    from explorer.cli.list_examples import list_examples

    return list_examples(json)
