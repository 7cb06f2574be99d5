"""inotifyx 0.2."""

from typing import Final, Optional

from .._native import _Path

__version__: Final[str]
constants: Final[dict[str, int]]

def init() -> int: ...
def add_watch(fd: int, path: _Path, mask: int = ...) -> int: ...
def rm_watch(fd: int, wd: int) -> int: ...
def get_events(fd: int, timeout: Optional[float] = None) -> list[InotifyEvent]: ...

class InotifyEvent:
    wd: int
    mask: int
    cookie: int
    name: Optional[str]
    def __init__(self, wd: int, mask: int, cookie: int, name: Optional[str]) -> None: ...
    def get_mask_description(self) -> str: ...

IN_ACCESS: Final[int]
IN_ALL_EVENTS: Final[int]
IN_ATTRIB: Final[int]
IN_CLOSE: Final[int]
IN_CLOSE_NOWRITE: Final[int]
IN_CLOSE_WRITE: Final[int]
IN_CREATE: Final[int]
IN_DELETE: Final[int]
IN_DELETE_SELF: Final[int]
IN_DONT_FOLLOW: Final[int]
IN_EXCL_UNLINK: Final[int]
IN_IGNORED: Final[int]
IN_ISDIR: Final[int]
IN_MASK_ADD: Final[int]
IN_MODIFY: Final[int]
IN_MOVE: Final[int]
IN_MOVED_FROM: Final[int]
IN_MOVED_TO: Final[int]
IN_MOVE_SELF: Final[int]
IN_ONESHOT: Final[int]
IN_ONLYDIR: Final[int]
IN_OPEN: Final[int]
IN_Q_OVERFLOW: Final[int]
IN_UNMOUNT: Final[int]
