"""From the words after `python main.py` to an exit code."""

import os
import sys
from collections.abc import Sequence

from explorer.cli import faults, lines
from explorer.cli.parts import Parts

PROGRAM = "python main.py"


def run(arguments: Sequence[str], parts: Parts) -> int:
    """Run a command, or open the window where none is named; the exit code.

    0: done. 1: what was asked failed. 2: bad usage or unusable input; one line on stderr says
    what is wrong. Any exception that comes out of here is a bug.
    """
    lines.prepare_streams()
    try:
        code = _run(arguments, parts)
        sys.stdout.flush()
    except BrokenPipeError:
        # Python flushes stdout once more as it exits; that must go somewhere.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return faults.FAILED
    except KeyboardInterrupt:
        lines.complain("stopped by Ctrl-C before it was done")
        return faults.FAILED
    except faults.foreseen() as error:
        lines.complain(faults.sentence(error))
        return faults.exit_code(error)
    except (RuntimeError, MemoryError) as error:
        if not faults.is_out_of_memory(error):
            raise
        lines.complain("this machine has too little memory for that net: make its layers narrower")
        return faults.FAILED
    return code


def _run(arguments: Sequence[str], parts: Parts) -> int:
    if not arguments:
        from explorer.cli.opening import open_window

        return open_window(None, parts)
    return _run_command(arguments, parts)


def _run_command(arguments: Sequence[str], parts: Parts) -> int:
    import typer

    from explorer.cli.commands import UsageError, app

    command = typer.main.get_command(app)
    try:
        with command.make_context(PROGRAM, list(arguments), obj=parts) as context:
            return command.invoke(context)
    except typer.Exit as done:
        return done.exit_code
    except UsageError as error:
        where = error.ctx.command_path if error.ctx else PROGRAM
        message = error.format_message().replace("Value error, ", "").rstrip(".")
        lines.complain(f"{message} ({where} --help shows how)")
        return faults.UNUSABLE
