"""Who did what to which file or system call, when, and with what result.

>>> for event in tracer.watch("/etc"):
...     print(event.comm, event.op, event.path)
>>> for event in tracer.search("/var/log/audit", key="passwd-changes"):
...     print(event.time, event.comm, event.paths)

`tracer.compat` has what programs written for other libraries import.
"""

import json as _json

from . import _native
from ._native import LogEvent, LogEvents, LogRecord, message, report, search
from .live import Event, Events, FileInEvent, Loss, Rules, trace, watch

__all__ = [
    "Event",
    "Events",
    "FileInEvent",
    "LogEvent",
    "LogEvents",
    "LogRecord",
    "Loss",
    "Rules",
    "message",
    "report",
    "search",
    "status",
    "trace",
    "watch",
]


def status():
    """How tracer's daemon is: the object of `tracer status --format json`."""
    return _json.loads(_native.status())
