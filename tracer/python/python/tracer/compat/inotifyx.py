"""inotifyx 0.2: inotify(7) as functions.

    fd = inotifyx.init()
    wd = inotifyx.add_watch(fd, "/path", inotifyx.IN_ALL_EVENTS)
    for event in inotifyx.get_events(fd, 5.0):
        print(event.wd, event.get_mask_description(), event.name)
"""

import os
import select

from .._native import inotify_add_watch, inotify_decode, inotify_init, inotify_rm_watch
from .pyinotify.events import EventsCodes

__version__ = "0.2.2"

_SEVERAL = {"IN_ALL_EVENTS": EventsCodes.ALL_FLAGS["ALL_EVENTS"], "IN_CLOSE": 0x18, "IN_MOVE": 0xC0}
#: Every mask by its name.
constants = {name: value for name, value in EventsCodes.ALL_FLAGS.items() if name != "ALL_EVENTS"}
constants.update(_SEVERAL)
globals().update(constants)
IN_ALL_EVENTS = constants["IN_ALL_EVENTS"]

__all__ = ["InotifyEvent", "add_watch", "constants", "get_events", "init", "rm_watch", *constants]

#: What fits many events; a longer name than the kernel has does not exist.
_BUFFER = 64 << 10


def init():
    """A new descriptor of inotify."""
    return inotify_init(os.O_CLOEXEC)


def add_watch(fd, path, mask=IN_ALL_EVENTS):
    """Watches a path; gives the watch descriptor."""
    return inotify_add_watch(fd, path, mask)


def rm_watch(fd, wd):
    """Ends a watch; its last event is IN_IGNORED."""
    inotify_rm_watch(fd, wd)
    return 0


class InotifyEvent:
    """An event as the kernel gives it."""

    def __init__(self, wd, mask, cookie, name):
        self.wd = wd
        self.mask = mask
        self.cookie = cookie
        self.name = name

    def __str__(self):
        return f"{self.wd}: {self.get_mask_description()}"

    def __repr__(self):
        return f"{type(self).__name__}({self.wd!r}, {self.mask!r}, {self.cookie!r}, {self.name!r})"

    def get_mask_description(self):
        """The mask in names, divided by `|`, which together are the mask; `0` where there is none."""
        names = [name for name, value in constants.items() if self.mask & value and name not in _SEVERAL]
        return "|".join(names) or "0"


def get_events(fd, timeout=None):
    """Waits for events, for at most so many seconds (None, or less than 0: for ever), and gives all that are there."""
    # Not select(2): it takes no descriptor beyond 1023.
    poll = select.poll()
    poll.register(fd, select.POLLIN)
    events = []
    wait = None if timeout is None or timeout < 0 else timeout * 1000
    while poll.poll(wait):
        found = inotify_decode(os.read(fd, _BUFFER))
        events += [InotifyEvent(wd, mask, cookie, name or None) for wd, mask, cookie, name in found]
        wait = 0
    return events
