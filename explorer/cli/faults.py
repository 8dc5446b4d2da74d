"""What a person's input or machine can cause, as a sentence and an exit code."""

FAILED = 1
UNUSABLE = 2


def foreseen() -> tuple[type[Exception], ...]:
    """The exceptions that the rooms below raise on purpose; any other one is a bug."""
    from explorer.data import DataError
    from explorer.exchange.page import CannotExpress
    from explorer.graph import FileError, GraphError
    from explorer.program import FeedError, WeightsError
    from explorer.program.explanation import UnknownElementError
    from explorer.program.watching import WatchError
    from explorer.training import DeviceError, TrainingError

    of_graphs = DataError, FileError, GraphError, CannotExpress
    of_numbers = FeedError, UnknownElementError, WatchError, WeightsError
    return *of_graphs, *of_numbers, DeviceError, TrainingError


def is_out_of_memory(error: Exception) -> bool:
    """Whether this machine's memory was too small for what was asked."""
    from explorer.training.faults import is_out_of_memory

    return is_out_of_memory(error)


def sentence(error: Exception) -> str:
    """What to say of a foreseen exception; of a graph's many problems, the first."""
    from explorer.graph import GraphError

    if not isinstance(error, GraphError) or len(error.problems) == 1:
        return str(error)
    more = len(error.problems) - 1
    return f"{error.problems[0]} (and {more} more: python main.py check FILE lists them all)"


def exit_code(error: Exception) -> int:
    """1 where what was asked was tried and failed, 2 where the input could not be used."""
    from explorer.exchange.page import CannotExpress
    from explorer.training import TrainingError

    return FAILED if isinstance(error, (TrainingError, CannotExpress)) else UNUSABLE
