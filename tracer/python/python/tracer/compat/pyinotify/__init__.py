"""pyinotify 0.9.6, for Python 3.9 and later: a program runs with only its import changed.

It is inotify(7) itself: watch descriptors, cookies and masks are the kernel's. What is different on purpose is said in
docs/python.md.
"""

import logging

from . import events as _events
from .events import (
    ALL_EVENTS,
    ColoredOutputFormat,
    Event,
    EventsCodes,
    PyinotifyError,
    RawOutputFormat,
    _Event,
    _RawEvent,
    log,
    logger_init,
    output_format,
)
from .notifiers import AsyncioNotifier, AsyncNotifier, Notifier, NotifierError, ThreadedNotifier, TornadoAsyncNotifier
from .processing import ChainIfTrue, PrintAllEvents, ProcessEvent, ProcessEventError, Stats, _ProcessEvent
from .watches import (
    ExcludeFilter,
    ProcINotify,
    Watch,
    WatchManager,
    WatchManagerError,
    max_queued_events,
    max_user_instances,
    max_user_watches,
)

__version__ = "0.9.6"

globals().update(EventsCodes.ALL_FLAGS)


class InotifyBindingNotFoundError(PyinotifyError):
    """Raised by pyinotify where there is no inotify. Here there always is."""

    def __init__(self):
        super().__init__("Couldn't find any inotify binding")


def compatibility_mode():
    """Gives events `is_dir` and `event_name`, and EventsCodes the constants, as pyinotify 0.7.1 had them."""
    for name, value in EventsCodes.ALL_FLAGS.items():
        setattr(EventsCodes, name, value)
    _events.compatibility = True


def command_line():
    """What `python -m tracer.compat.pyinotify` does: shows events until Ctrl-C."""
    from .__main__ import main

    main()


__all__ = [
    "ALL_EVENTS",
    "AsyncNotifier",
    "AsyncioNotifier",
    "ChainIfTrue",
    "ColoredOutputFormat",
    "Event",
    "EventsCodes",
    "ExcludeFilter",
    "InotifyBindingNotFoundError",
    "Notifier",
    "NotifierError",
    "PrintAllEvents",
    "ProcINotify",
    "ProcessEvent",
    "ProcessEventError",
    "PyinotifyError",
    "RawOutputFormat",
    "Stats",
    "ThreadedNotifier",
    "TornadoAsyncNotifier",
    "Watch",
    "WatchManager",
    "WatchManagerError",
    "command_line",
    "compatibility_mode",
    "log",
    "logger_init",
    "logging",
    "max_queued_events",
    "max_user_instances",
    "max_user_watches",
    "output_format",
]
__all__ += [name for name in EventsCodes.ALL_FLAGS if name not in __all__]
