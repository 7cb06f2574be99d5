"""Events while they happen: watch() and trace()."""

import datetime
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from types import TracebackType
from typing import Any, Literal, Optional, Union

from ._native import _Path

__all__ = ["Event", "Events", "FileInEvent", "Loss", "Rules", "trace", "watch"]

class _Named:
    data: dict[str, Any]
    def __init__(self, data: dict[str, Any]) -> None: ...

class FileInEvent(_Named):
    role: Optional[str]
    arg: Optional[int]
    requested: Optional[str]
    path: Optional[str]
    via: Optional[str]
    deleted: Optional[bool]
    inode: Optional[int]
    dev: Optional[str]
    mode: Optional[str]
    ouid: Optional[int]
    ogid: Optional[int]
    rdev: Optional[str]

class _Timed(_Named):
    @property
    def time(self) -> datetime.datetime: ...
    mono_ns: Optional[int]
    cpu: Optional[int]

class Loss(_Timed):
    count: Optional[int]
    reason: str

class Event(_Timed):
    op: str
    syscall: Optional[str]
    arch: Optional[str]
    nr: Optional[int]
    args: Optional[list[str]]
    ret: Optional[int]
    success: Optional[bool]
    errno: Optional[str]
    duration_ns: Optional[int]
    cpu_ns: Optional[int]
    pid: Optional[int]
    tid: Optional[int]
    ppid: Optional[int]
    host_pid: Optional[int]
    host_tid: Optional[int]
    host_ppid: Optional[int]
    uid: Optional[int]
    gid: Optional[int]
    suid: Optional[int]
    sgid: Optional[int]
    euid: Optional[int]
    egid: Optional[int]
    fsuid: Optional[int]
    fsgid: Optional[int]
    auid: Optional[int]
    session: Optional[int]
    comm: Optional[str]
    exe: Optional[str]
    exe_deleted: Optional[bool]
    cwd: Optional[str]
    root: Optional[str]
    cgroup: Optional[int]
    mnt_ns: Optional[int]
    proctitle: Optional[str]
    personality: Optional[str]
    argv: Optional[list[str]]
    argc: Optional[int]
    argv_incomplete: Optional[bool]
    texts: Optional[list[Any]]
    create_mode: Optional[str]
    flags: Optional[list[str]]
    decoded: Optional[list[str]]
    result: Optional[str]
    exit: Any
    signal: Any
    is_dir: Optional[bool]
    synthesised: Optional[bool]
    key: Optional[str]
    backend: str
    seq: Optional[int]
    unknown: Optional[dict[str, str]]
    @property
    def paths(self) -> list[FileInEvent]: ...
    @property
    def path(self) -> Optional[str]: ...

_Item = Union[Event, Loss]
_Words = Union[str, Iterable[str], None]
_Source = Literal["auto", "ebpf", "fanotify", "inotify"]

class Events(Iterator[_Item], AsyncIterator[_Item]):
    def __init__(self, asked: dict[str, Any]) -> None: ...
    def __iter__(self) -> Events: ...
    def __next__(self) -> _Item: ...
    def __aiter__(self) -> Events: ...
    async def __anext__(self) -> _Item: ...
    def next(self, timeout: Optional[float] = None) -> Optional[_Item]: ...
    def run(self, callback: Callable[[_Item], object]) -> None: ...
    def stop(self) -> None: ...
    def close(self) -> None: ...
    def fileno(self) -> int: ...
    @property
    def backend(self) -> str: ...
    @property
    def why(self) -> str: ...
    @property
    def lacks(self) -> list[str]: ...
    @property
    def child(self) -> Optional[int]: ...
    @property
    def outcome(self) -> Optional[dict[str, Any]]: ...
    def __enter__(self) -> Events: ...
    def __exit__(
        self,
        kind: Optional[type[BaseException]],
        error: Optional[BaseException],
        place: Optional[TracebackType],
    ) -> None: ...

def watch(
    path: Union[_Path, Iterable[_Path]],
    *,
    recursive: Optional[bool] = None,
    exclude: _Words = None,
    op: _Words = None,
    events: Optional[int] = None,
    uid: Optional[int] = None,
    gid: Optional[int] = None,
    comm: Optional[str] = None,
    exe: Optional[str] = None,
    success: Optional[bool] = None,
    source: Optional[_Source] = None,
) -> Events: ...
def trace(
    command: Union[_Path, Iterable[Union[str, bytes]], None] = None,
    *,
    pid: Union[int, Iterable[int], None] = None,
    follow: Optional[bool] = None,
    calls: Optional[str] = None,
    path: Union[_Path, Iterable[_Path], None] = None,
    op: _Words = None,
    uid: Optional[int] = None,
    gid: Optional[int] = None,
    comm: Optional[str] = None,
    exe: Optional[str] = None,
    success: Optional[bool] = None,
    strings: Optional[int] = None,
) -> Events: ...

class Rules:
    files: list[Union[str, bytes]]
    def __init__(self, *files: _Path) -> None: ...
    def watch(self) -> Events: ...
