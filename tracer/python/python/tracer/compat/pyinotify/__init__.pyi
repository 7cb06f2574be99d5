"""pyinotify 0.9.6."""

import asyncio
import logging
import threading
from collections.abc import Callable, Iterable
from typing import Any, Final, Optional, TextIO, Union

from ..._native import _Path

_Process = Callable[[Event], object]
_Exclude = Callable[[str], object]
_Wds = Union[int, Iterable[int]]

__version__: Final[str]
log: logging.Logger
output_format: RawOutputFormat

class PyinotifyError(Exception): ...
class InotifyBindingNotFoundError(PyinotifyError): ...
class NotifierError(PyinotifyError): ...
class ProcessEventError(PyinotifyError): ...

class WatchManagerError(Exception):
    wmd: dict[Any, Any]
    def __init__(self, msg: str, wmd: dict[Any, Any]) -> None: ...

class EventsCodes:
    OP_FLAGS: dict[str, int]
    EVENT_FLAGS: dict[str, int]
    SPECIAL_FLAGS: dict[str, int]
    FLAG_COLLECTIONS: dict[str, dict[str, int]]
    ALL_FLAGS: dict[str, int]
    ALL_VALUES: dict[int, str]
    @staticmethod
    def maskname(mask: int) -> str: ...

class _Event:
    def __init__(self, dict_: dict[str, Any]) -> None: ...

class _RawEvent(_Event):
    wd: int
    mask: int
    cookie: int
    name: str
    def __init__(self, wd: int, mask: int, cookie: int, name: str) -> None: ...

class Event(_Event):
    wd: int
    mask: int
    maskname: str
    path: str
    name: str
    pathname: str
    dir: bool
    cookie: int
    src_pathname: str
    def __init__(self, raw: dict[str, Any]) -> None: ...

class _ProcessEvent:
    def __call__(self, event: Event) -> Any: ...

class ProcessEvent(_ProcessEvent):
    pevent: Optional[_Process]
    def __init__(self, pevent: Optional[_Process] = None, **kargs: Any) -> None: ...
    def my_init(self, *args: Any, **kargs: Any) -> None: ...
    def nested_pevent(self) -> Optional[_Process]: ...
    def process_IN_Q_OVERFLOW(self, event: Event) -> Any: ...
    def process_default(self, event: Event) -> Any: ...

class PrintAllEvents(ProcessEvent):
    def my_init(self, out: Optional[TextIO] = None) -> None: ...

class ChainIfTrue(ProcessEvent):
    def my_init(self, func: _Process) -> None: ...

class Stats(ProcessEvent):
    def my_init(self) -> None: ...
    def __str__(self, scale: int = 45) -> str: ...
    def dump(self, filename: str) -> None: ...

class RawOutputFormat:
    format: dict[str, str]
    def __init__(self, format: Optional[dict[str, str]] = None) -> None: ...
    def simple(self, s: object, attribute: str) -> str: ...
    def punctuation(self, s: object) -> str: ...
    def field_value(self, s: object) -> str: ...
    def field_name(self, s: object) -> str: ...
    def class_name(self, s: object) -> str: ...

class ColoredOutputFormat(RawOutputFormat):
    def __init__(self) -> None: ...

class ProcINotify:
    value: int
    def __init__(self, attr: str) -> None: ...
    def get_val(self) -> int: ...
    def set_val(self, nval: int) -> None: ...

max_queued_events: ProcINotify
max_user_instances: ProcINotify
max_user_watches: ProcINotify

class ExcludeFilter:
    def __init__(self, arg_lst: Union[str, list[str]]) -> None: ...
    def __call__(self, path: str) -> bool: ...

class Watch:
    wd: int
    path: str
    mask: int
    proc_fun: Optional[_Process]
    auto_add: bool
    exclude_filter: _Exclude
    dir: bool
    def __init__(
        self,
        wd: int,
        path: str,
        mask: int,
        proc_fun: Optional[_Process],
        auto_add: bool,
        exclude_filter: _Exclude,
    ) -> None: ...

class WatchManager:
    ignore_events: bool
    def __init__(self, exclude_filter: _Exclude = ...) -> None: ...
    @property
    def watches(self) -> dict[int, Watch]: ...
    def close(self) -> None: ...
    def get_fd(self) -> int: ...
    def get_watch(self, wd: int) -> Optional[Watch]: ...
    def del_watch(self, wd: int) -> None: ...
    def get_ignore_events(self) -> bool: ...
    def set_ignore_events(self, nval: bool) -> None: ...
    def add_watch(
        self,
        path: Union[_Path, Iterable[_Path]],
        mask: int,
        proc_fun: Optional[_Process] = None,
        rec: bool = False,
        auto_add: bool = False,
        do_glob: bool = False,
        quiet: bool = True,
        exclude_filter: Optional[_Exclude] = None,
    ) -> dict[str, int]: ...
    def update_watch(
        self,
        wd: _Wds,
        mask: Optional[int] = None,
        proc_fun: Optional[_Process] = None,
        rec: bool = False,
        auto_add: bool = False,
        quiet: bool = True,
    ) -> dict[int, bool]: ...
    def rm_watch(self, wd: _Wds, rec: bool = False, quiet: bool = True) -> dict[int, bool]: ...
    def get_wd(self, path: str) -> Optional[int]: ...
    def get_path(self, wd: int) -> Optional[str]: ...
    def watch_transient_file(
        self, filename: str, mask: int, proc_class: Callable[[ProcessEvent], _Process]
    ) -> dict[str, int]: ...

class Notifier:
    def __init__(
        self,
        watch_manager: WatchManager,
        default_proc_fun: Optional[_Process] = None,
        read_freq: float = 0,
        threshold: int = 0,
        timeout: Optional[int] = None,
    ) -> None: ...
    def append_event(self, event: _RawEvent) -> None: ...
    def proc_fun(self) -> _Process: ...
    def coalesce_events(self, coalesce: bool = True) -> None: ...
    def check_events(self, timeout: Optional[int] = None) -> Union[int, bool]: ...
    def read_events(self) -> None: ...
    def process_events(self) -> None: ...
    def loop(
        self, callback: Optional[Callable[[Any], object]] = None, daemonize: bool = False, **args: Any
    ) -> None: ...
    def stop(self) -> None: ...

class ThreadedNotifier(threading.Thread, Notifier):
    def __init__(
        self,
        watch_manager: WatchManager,
        default_proc_fun: Optional[_Process] = None,
        read_freq: float = 0,
        threshold: int = 0,
        timeout: Optional[int] = None,
    ) -> None: ...
    def loop(self) -> None: ...  # type: ignore[override]

class AsyncNotifier(Notifier):
    def __init__(
        self,
        watch_manager: WatchManager,
        default_proc_fun: Optional[_Process] = None,
        read_freq: float = 0,
        threshold: int = 0,
        timeout: Optional[int] = None,
        channel_map: Any = None,
    ) -> None: ...
    def handle_read(self, *args: Any, **kwargs: Any) -> None: ...

class TornadoAsyncNotifier(Notifier):
    io_loop: Any
    def __init__(
        self,
        watch_manager: WatchManager,
        ioloop: Any,
        callback: Optional[Callable[[Any], object]] = None,
        default_proc_fun: Optional[_Process] = None,
        read_freq: float = 0,
        threshold: int = 0,
        timeout: Optional[int] = None,
        channel_map: Any = None,
    ) -> None: ...
    def handle_read(self, *args: Any, **kwargs: Any) -> None: ...

class AsyncioNotifier(Notifier):
    loop: asyncio.AbstractEventLoop  # type: ignore[assignment]
    def __init__(
        self,
        watch_manager: WatchManager,
        loop: asyncio.AbstractEventLoop,
        callback: Optional[Callable[[Any], object]] = None,
        default_proc_fun: Optional[_Process] = None,
        read_freq: float = 0,
        threshold: int = 0,
        timeout: Optional[int] = None,
    ) -> None: ...
    def handle_read(self, *args: Any, **kwargs: Any) -> None: ...

def logger_init() -> logging.Logger: ...
def compatibility_mode() -> None: ...
def command_line() -> None: ...

ALL_EVENTS: Final[int]
IN_ACCESS: Final[int]
IN_ATTRIB: Final[int]
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
IN_MOVED_FROM: Final[int]
IN_MOVED_TO: Final[int]
IN_MOVE_SELF: Final[int]
IN_ONESHOT: Final[int]
IN_ONLYDIR: Final[int]
IN_OPEN: Final[int]
IN_Q_OVERFLOW: Final[int]
IN_UNMOUNT: Final[int]
