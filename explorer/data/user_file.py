"""A file that the user names: found as it is now, or a sentence that says why it cannot be."""

from dataclasses import dataclass
from pathlib import Path
from stat import S_ISDIR, S_ISREG

from explorer.data.dataset import DataError


@dataclass(frozen=True)
class UserFile:
    """A file as it was at one moment: a change on disk makes it another key to the caches."""

    path: Path
    modified_ns: int
    size: int


def find(path: str, kind: str) -> UserFile:
    """The file at `path`, a leading ~ meaning home; `kind` says in errors what it should be."""
    if not path.strip():
        raise DataError(f"No {kind} is chosen: set path to one.")
    try:
        file = Path(path).expanduser()
        stat = file.stat()
    except (FileNotFoundError, NotADirectoryError):
        raise DataError(f"There is no file '{path}': check the path.") from None
    except RuntimeError:
        raise DataError(f"'{path}' begins with nobody's home folder: check the path.") from None
    except (OSError, ValueError) as error:
        raise DataError(f"'{path}' cannot be opened ({reason(error)}): check the path.") from error
    if S_ISDIR(stat.st_mode):
        raise DataError(f"'{path}' is a folder: choose a {kind} in it.")
    if not S_ISREG(stat.st_mode):
        raise DataError(f"'{path}' is no ordinary file: choose a {kind}.")
    return UserFile(file.absolute(), stat.st_mtime_ns, stat.st_size)


def unreadable(file: UserFile, error: OSError) -> DataError:
    return DataError(f"'{file.path.name}' cannot be read ({reason(error)}): check who may read it.")


def reason(error: Exception) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error)
