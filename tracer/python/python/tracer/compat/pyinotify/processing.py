"""What is done with events: functors that find a method by the event's name."""

import locale
import os
import sys
import threading
import time

from . import events
from .events import EventsCodes, PyinotifyError, log

IN_ISDIR = events.IN_ISDIR


class ProcessEventError(PyinotifyError):
    """An event that no method can be found for."""


class _ProcessEvent:
    """Calls process_IN_X, else process_IN_FAMILY, else process_default."""

    def __call__(self, event):
        name = EventsCodes.ALL_VALUES.get(event.mask & ~IN_ISDIR)
        if name is None:
            raise ProcessEventError("Unknown mask 0x%08x" % (event.mask & ~IN_ISDIR))
        method = getattr(self, "process_" + name, None)
        if method is None:
            method = getattr(self, "process_IN_" + name.split("_")[1], None)
        return (self.process_default if method is None else method)(event)

    def __repr__(self):
        return f"<{type(self).__name__}>"


class ProcessEvent(_ProcessEvent):
    """To be derived from: with process_IN_X, process_IN_FAMILY, process_default and my_init().

    A chained functor (`pevent`) is called first; where it returns something true, the chain ends there.
    """

    pevent = None

    def __init__(self, pevent=None, **kargs):
        self.pevent = pevent
        self.my_init(**kargs)

    def my_init(self, **kargs):
        """Takes the keyword arguments of the constructor."""

    def __call__(self, event):
        if self.pevent is not None and self.pevent(event):
            return None
        return _ProcessEvent.__call__(self, event)

    def nested_pevent(self):
        return self.pevent

    def process_IN_Q_OVERFLOW(self, event):
        """Events were lost: the kernel's queue was full."""
        log.warning("Event queue overflowed.")

    def process_default(self, event):
        """Whatever has no method of its own."""


class PrintAllEvents(ProcessEvent):
    """Writes events to a file, standard output if none is given."""

    def my_init(self, out=None):
        self._out = sys.stdout if out is None else out

    def process_default(self, event):
        text = str(event) + "\n"
        try:
            self._out.write(text)
        except UnicodeEncodeError as error:
            # A name that is no text there.
            self._out.write(text.encode(error.encoding, "backslashreplace").decode(error.encoding))
        self._out.flush()


class ChainIfTrue(ProcessEvent):
    """Goes on in the chain where a function returns something true."""

    def my_init(self, func):
        self._func = func

    def process_default(self, event):
        return not self._func(event)


class Stats(ProcessEvent):
    """Counts events by name."""

    def my_init(self):
        self._start_time = time.time()
        self._stats = {}
        self._stats_lock = threading.Lock()

    def process_default(self, event):
        with self._stats_lock:
            for name in event.maskname.split("|"):
                self._stats[name] = self._stats.get(name, 0) + 1

    def _stats_copy(self):
        with self._stats_lock:
            return dict(self._stats)

    def __repr__(self):
        elapsed = int(time.time() - self._start_time)
        minutes, hours = elapsed // 60, elapsed // 3600
        if elapsed < 60:
            text = f"{elapsed}sec"
        elif elapsed < 3600:
            text = f"{minutes}mn{elapsed % 60}sec"
        elif elapsed < 86400:
            text = f"{hours}h{minutes % 60}mn"
        else:
            text = f"{hours // 24}d{hours % 24}h"
        form = events.output_format
        stats = sorted({**self._stats_copy(), "ElapsedTime": text}.items())
        fields = "".join(f" {form.field_name(name)}={form.field_value(value)}" for name, value in stats)
        return f"<{form.class_name(type(self).__name__)}{fields} >"

    def __str__(self, scale=45):
        stats = self._stats_copy()
        if not stats:
            return ""
        form = events.output_format
        unit = scale / max(stats.values())
        width = len(form.field_value("@" * scale)) + 1
        return "\n".join(
            f"{form.field_name(name):<26}{form.field_value('@' * int(count * unit)):<{width}}{form.simple(count, 'yellow')}"
            for name, count in sorted(stats.items())
        )

    def dump(self, filename):
        """Writes the counts to a file, which must not be there yet."""
        flags = os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW | os.O_EXCL
        with open(os.open(filename, flags, 0o600), "w", encoding=locale.getpreferredencoding()) as file:
            file.write(str(self))
