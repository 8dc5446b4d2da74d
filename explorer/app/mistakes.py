"""An exception that nobody foresaw: it is logged, the user is told, and the work stays."""

import logging
import sys
from types import TracebackType

from explorer.app.toast import Toast

_LOG = logging.getLogger(__name__)


def tell_of_mistakes(toast: Toast) -> None:
    """Have Python, and Qt by it, hand on there what nobody has caught."""

    def tell(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if not issubclass(kind, Exception):
            sys.__excepthook__(kind, error, trace)
            return
        _LOG.critical("the window failed", exc_info=(kind, error, trace))
        words = f"the program made a mistake ({kind.__name__}: {error}): save, then start anew"
        toast.tell(words, refused=True)

    sys.excepthook = tell
