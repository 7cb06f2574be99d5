"""Events while they happen: watch() and trace()."""

import asyncio
import datetime
import json
import os

from ._native import Live, check_rules

__all__ = ["Event", "Events", "FileInEvent", "Loss", "Rules", "trace", "watch"]


def _exact(data, name):
    """A string as Python has names of files: with surrogates for what is no UTF-8."""
    known = data.get(name + "_hex")
    value = data.get(name) if known is None else os.fsdecode(bytes.fromhex(known))
    if isinstance(value, list):
        return [os.fsdecode(bytes.fromhex(one["hex"])) if isinstance(one, dict) and "hex" in one else one for one in value]
    return value


class _Named:
    """An object of the JSON, whose members are attributes; one that is not there is None."""

    __slots__ = ("data",)
    _names = frozenset()

    def __init__(self, data):
        #: The object of the JSON.
        self.data = data

    def __getattr__(self, name):
        if name in self._names:
            return _exact(self.data, name)
        raise AttributeError(f"{type(self).__name__} has no {name!r}")

    def __eq__(self, other):
        return type(self) is type(other) and self.data == other.data

    __hash__ = None

    def __dir__(self):
        return [*super().__dir__(), *self._names]


class FileInEvent(_Named):
    """A file that an event is about."""

    __slots__ = ()
    _names = frozenset("role arg requested path via deleted inode dev mode ouid ogid rdev".split())

    def __repr__(self):
        return f"<FileInEvent {self.role} {self.path!r}>"


class _Timed(_Named):
    __slots__ = ()

    @property
    def time(self):
        """When, as a `datetime` in UTC; `data["time"]` has the nanoseconds."""
        text = self.data["time"]
        second, part = text.rstrip("Z").split(".")
        moment = datetime.datetime.strptime(second, "%Y-%m-%dT%H:%M:%S")
        return moment.replace(microsecond=int(part[:6]), tzinfo=datetime.timezone.utc)


class Event(_Timed):
    """Something that happened; docs/records.md says what each attribute means."""

    __slots__ = ()
    _names = frozenset(
        "mono_ns op syscall arch nr args ret success errno duration_ns cpu_ns pid tid ppid host_pid host_tid host_ppid"
        " uid gid suid sgid euid egid fsuid fsgid auid session comm exe exe_deleted cwd root cgroup mnt_ns proctitle"
        " personality argv argc argv_incomplete texts create_mode flags decoded result exit signal is_dir synthesised"
        " key backend cpu seq unknown".split()
    )

    @property
    def paths(self):
        """The files that it is about, in the order of the arguments."""
        return [FileInEvent(data) for data in self.data.get("paths", ())]

    @property
    def path(self):
        """The absolute path of the first one of them, where it is known."""
        files = self.paths
        return files[0].path if files else None

    def __repr__(self):
        return f"<Event {self.syscall or self.op} {self.path!r} pid={self.pid} comm={self.comm!r}>"


class Loss(_Timed):
    """Records that were lost here: `count` (None where the kernel does not count them) and `reason`."""

    __slots__ = ()
    _names = frozenset("mono_ns cpu count reason".split())

    def __repr__(self):
        return f"<Loss {self.count} {self.reason}>"


def _made(line):
    data = json.loads(line)
    return (Loss if data["type"] == "loss" else Event)(data)


class Events:
    """Events as an iterator, and for `async for`; a context manager ends it."""

    def __init__(self, asked):
        self._live = Live(asked)
        self._taken = 0

    def __iter__(self):
        return self

    def __next__(self):
        return _made(self._live.next())

    def next(self, timeout=None):
        """The next one; None if none comes within so many seconds, StopIteration if none comes any more."""
        line = self._live.next(timeout)
        return None if line is None else _made(line)

    def __aiter__(self):
        return self

    async def __anext__(self):
        self._taken += 1
        if self._taken % 64 == 0:
            # Others have their turn, too, where there is always something.
            await asyncio.sleep(0)
        while True:
            try:
                event = self.next(0)
            except StopIteration:
                raise StopAsyncIteration from None
            if event is not None:
                return event
            await self._readable()

    async def _readable(self):
        loop = asyncio.get_running_loop()
        ready = loop.create_future()
        # Its own descriptor: several tasks may wait.
        fd = os.dup(self._live.fileno())
        loop.add_reader(fd, lambda: ready.done() or ready.set_result(None))
        try:
            await ready
        finally:
            loop.remove_reader(fd)
            os.close(fd)

    def run(self, callback):
        """Calls back for each one, until no more comes or the callback returns True. What it raises is raised here."""
        for event in self:
            if callback(event) is True:
                break

    def stop(self):
        """What the kernel already has still comes, and then nothing more. Any thread may call it."""
        self._live.stop()

    def close(self):
        """Ends it at once."""
        self._live.close()

    def fileno(self):
        """A descriptor that is readable when something may be there: then call next(0) until it gives None. ValueError
        after close()."""
        return self._live.fileno()

    @property
    def backend(self):
        """Where events come from: ebpf, fanotify or inotify."""
        return self._live.backend

    @property
    def why(self):
        """Which source it is and, if it is not the best one, why."""
        return self._live.why

    @property
    def lacks(self):
        """What is not known on this kernel."""
        return self._live.lacks

    @property
    def child(self):
        """The process of the command."""
        return self._live.child

    @property
    def outcome(self):
        """Once no more comes: seen, written, filtered and lost events, warnings, the command's returncode."""
        return self._live.outcome()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def _begin(one_or_more, given):
    """The options that are given; those of which there may be several are lists."""
    asked = {}
    for name, value in given.items():
        if value is None:
            continue
        plural = one_or_more.get(name)
        if plural:
            value = [value] if isinstance(value, (str, bytes, os.PathLike, int)) else list(value)
        asked[plural or name] = value
    return Events(asked)


def watch(
    path,
    *,
    recursive=None,
    exclude=None,
    op=None,
    events=None,
    uid=None,
    gid=None,
    comm=None,
    exe=None,
    success=None,
    source=None,
):
    """Tells what anybody does to files and trees: `for event in tracer.watch("/etc", op="write")`."""
    given = dict(locals())
    return _begin({"path": "paths", "exclude": "excludes", "op": "ops"}, given)


def trace(
    command=None,
    *,
    pid=None,
    follow=None,
    calls=None,
    path=None,
    op=None,
    uid=None,
    gid=None,
    comm=None,
    exe=None,
    success=None,
    strings=None,
):
    """Tells the system calls of a command with its descendants, or of processes: `tracer.trace(["make"])`,
    `tracer.trace(pid=7, follow=True)`."""
    given = dict(locals())
    if isinstance(command, (str, bytes, os.PathLike)):
        given["command"] = [os.fspath(command)]
    return _begin({"pid": "pids", "path": "paths", "op": "ops"}, given)


class Rules:
    """Audit rules of files, or of directories of them. A mistake is a ValueError that shows it."""

    def __init__(self, *files):
        self.files = [os.fspath(file) for file in files]
        check_rules(self.files)

    def watch(self):
        """Tells what they report, without a daemon."""
        return Events({"rules": self.files})
