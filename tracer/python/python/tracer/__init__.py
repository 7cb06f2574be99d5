"""Who did what to which file or system call: audit logs and file events.

>>> for event in tracer.search("/var/log/audit", key="passwd-changes"):
...     print(event.time, event.comm, event.paths)

`tracer.compat` has what programs written for other libraries import.
"""

from ._native import LogEvent, LogEvents, LogRecord, search

__all__ = ["LogEvent", "LogEvents", "LogRecord", "search"]
