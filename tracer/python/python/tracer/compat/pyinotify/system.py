"""What has to be done for an event before the program sees it: new directories are watched, moved ones keep their
names right, watches that are gone are forgotten."""

import os
import time

from . import events
from .events import Event, EventsCodes, _RawEvent, log
from .processing import _ProcessEvent

IN_ISDIR = events.IN_ISDIR
IN_CREATE = EventsCodes.OP_FLAGS["IN_CREATE"]
OF_ITSELF = EventsCodes.OP_FLAGS["IN_DELETE_SELF"] | EventsCodes.OP_FLAGS["IN_MOVE_SELF"]
#: After so many seconds, nobody comes for the other half of a move.
HALF_LIFE = 60


class SystemProcessing(_ProcessEvent):
    """Makes events of raw events."""

    def __init__(self, manager, notifier):
        self._manager = manager
        self._notifier = notifier
        self._sources = {}  # cookie: (path, when)
        self._moved = set()  # watches whose paths were changed, and whose IN_MOVE_SELF has not come

    def cleanup(self):
        """Forgets what was moved away long ago."""
        if self._sources:
            oldest = time.monotonic() - HALF_LIFE
            self._sources = {cookie: source for cookie, source in self._sources.items() if source[1] > oldest}

    def process_IN_CREATE(self, raw):
        watch = raw._watch
        if not raw.mask & IN_ISDIR or not watch.auto_add:
            return self.process_default(raw)
        created = os.path.join(watch.path, raw.name)
        if not watch.exclude_filter(created):
            wd = self._watch(created, watch).get(created)
            if wd is not None and wd > 0:
                self._tell_what_is_inside(wd, created)
        return self.process_default(raw)

    def _watch(self, path, parent, rec=False):
        if not rec and not os.path.isdir(path):
            # It is gone already.
            return {}
        add = self._manager.add_watch
        return add(path, parent.mask, parent.proc_fun, rec, True, exclude_filter=parent.exclude_filter)

    def _tell_what_is_inside(self, wd, path):
        """What came into a new directory before it was watched. What came since is told by the kernel, too, but only
        once by us."""
        watch = self._manager.get_watch(wd)
        if watch is None:
            # Somebody has removed it.
            return
        known = {other.path for other in list(self._manager.watches.values())}
        try:
            entries = list(os.scandir(path))
        except OSError as error:
            log.debug("%s is gone again: %s", path, error)
            return
        for entry in entries:
            if entry.path not in known:
                mask = IN_CREATE | (IN_ISDIR if entry.is_dir(follow_symlinks=False) else 0)
                event = _RawEvent(wd, mask, 0, entry.name)
                event._found = True
                watch._told.add(entry.name)
                self._notifier.append_event(event)

    def process_IN_MOVED_FROM(self, raw):
        watch = raw._watch
        source = os.path.normpath(os.path.join(watch.path, raw.name))
        self._sources[raw.cookie] = (source, time.monotonic())
        return self.process_default(raw, {"cookie": raw.cookie})

    def process_IN_MOVED_TO(self, raw):
        watch = raw._watch
        path = os.path.normpath(os.path.join(watch.path, raw.name))
        more = {"cookie": raw.cookie}
        source = self._sources.pop(raw.cookie, None)
        is_watched = False
        if source is not None:
            more["src_pathname"] = source[0]
            is_watched = self._rename(source[0], path)
        if raw.mask & IN_ISDIR and watch.auto_add and not is_watched and not watch.exclude_filter(path):
            self._watch(path, watch, rec=True)
        return self.process_default(raw, more)

    def _rename(self, source, path):
        """Gives the watches on a path, and below, their new paths. Says whether the path itself has one."""
        below = source + "/"
        is_watched = False
        for watch in list(self._manager.watches.values()):
            if watch.path == source:
                watch.path = path
                is_watched = True
                self._moved.add(watch.wd)
            elif watch.path.startswith(below):
                watch.path = path + watch.path[len(source) :]
        return is_watched

    def process_IN_MOVE_SELF(self, raw):
        watch = raw._watch
        if raw.wd in self._moved:
            self._moved.discard(raw.wd)
        elif not watch.path.endswith("-unknown-path"):
            log.error(
                "%s was moved to where nothing is watched, so its path is not known any more: watch %s, too, and "
                "where it is moved to.",
                watch.path,
                os.path.dirname(watch.path),
            )
            watch.path += "-unknown-path"
        return self.process_default(raw)

    def process_IN_Q_OVERFLOW(self, raw):
        return Event({"mask": raw.mask})

    def process_IN_IGNORED(self, raw):
        event = self.process_default(raw)
        self._manager.del_watch(raw.wd)
        self._moved.discard(raw.wd)
        return event

    def process_default(self, raw, more=None):
        watch = raw._watch
        # Of itself, the kernel does not say whether it is a directory.
        is_dir = watch.dir if raw.mask & OF_ITSELF else bool(raw.mask & IN_ISDIR)
        attributes = {"wd": raw.wd, "mask": raw.mask, "path": watch.path, "name": raw.name, "dir": is_dir}
        if events.compatibility:
            attributes["is_dir"] = is_dir
        if more:
            attributes.update(more)
        return Event(attributes)
