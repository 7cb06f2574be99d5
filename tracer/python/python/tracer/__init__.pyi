"""Who did what to which file or system call, when, and with what result."""

from typing import Any

from ._native import LogEvent as LogEvent
from ._native import LogEvents as LogEvents
from ._native import LogRecord as LogRecord
from ._native import message as message
from ._native import report as report
from ._native import search as search
from .live import Event as Event
from .live import Events as Events
from .live import FileInEvent as FileInEvent
from .live import Loss as Loss
from .live import Rules as Rules
from .live import trace as trace
from .live import watch as watch

def status() -> dict[str, Any]: ...
