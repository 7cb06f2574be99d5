"""Watches, and who keeps them."""

import errno
import glob
import os
import re
import threading

from ..._native import inotify_add_watch, inotify_init, inotify_rm_watch
from .events import EventsCodes, log, shown

IN_CREATE = EventsCodes.OP_FLAGS["IN_CREATE"]
#: What the kernel has to tell so that new directories are watched.
FOR_NEW = sum(EventsCodes.OP_FLAGS[name] for name in ("IN_CREATE", "IN_DELETE", "IN_MOVED_FROM", "IN_MOVED_TO"))
IN_MASK_ADD = EventsCodes.SPECIAL_FLAGS["IN_MASK_ADD"]


def _changed(path):
    """When something has come into a directory or gone; None where it cannot be asked."""
    try:
        return os.stat(path).st_mtime_ns
    except OSError:
        return None


def _directories(path):
    """Those in a directory; none in what is no directory, or gone."""
    try:
        with os.scandir(path) as entries:
            return [entry.path for entry in entries if entry.is_dir(follow_symlinks=False)]
    except OSError:
        return []


class ProcINotify:
    """A limit of inotify in /proc/sys/fs/inotify: `value` reads and sets it."""

    def __init__(self, attr):
        self._attr = attr
        self._file = "/proc/sys/fs/inotify/" + attr

    def get_val(self):
        with open(self._file) as file:
            return int(file.readline())

    def set_val(self, nval):
        with open(self._file, "w") as file:
            file.write(f"{nval}\n")

    value = property(get_val, set_val)

    def __repr__(self):
        return f"<{self._attr}={self.get_val()}>"


max_queued_events = ProcINotify("max_queued_events")
max_user_instances = ProcINotify("max_user_instances")
max_user_watches = ProcINotify("max_user_watches")


class Watch:
    """A file or directory that is watched."""

    __slots__ = ("wd", "path", "mask", "proc_fun", "auto_add", "exclude_filter", "dir", "_told")

    def __init__(self, wd, path, mask, proc_fun, auto_add, exclude_filter):
        self.wd = wd
        self.path = path
        self.mask = mask
        self.proc_fun = proc_fun
        self.auto_add = auto_add
        self.exclude_filter = exclude_filter
        self.dir = os.path.isdir(path)
        # Names whose creation was told because they were found, and not because the kernel said so.
        self._told = set()

    def __repr__(self):
        names = [name for name in self.__slots__ if not name.startswith("_")]
        return shown(self, [(name, getattr(self, name)) for name in names])


class ExcludeFilter:
    """Says of a path whether a regular expression of a list, or of a file with one a line, matches its beginning."""

    def __init__(self, arg_lst):
        if isinstance(arg_lst, str):
            arg_lst = self._load_patterns_from_file(arg_lst)
        elif not isinstance(arg_lst, list):
            raise TypeError(f"ExcludeFilter takes a list of patterns, or the name of a file, not {arg_lst!r}")
        self._lregex = [re.compile(pattern) for pattern in arg_lst]

    @staticmethod
    def _load_patterns_from_file(filename):
        with open(filename) as file:
            lines = [line.strip() for line in file]
        return [line for line in lines if line and not line.startswith("#")]

    def __call__(self, path):
        return any(regex.match(path) for regex in self._lregex)


class WatchManagerError(Exception):
    """A watch that cannot be had; `wmd` has those that could."""

    def __init__(self, msg, wmd):
        super().__init__(msg)
        self.wmd = wmd


def _as_list(param):
    """One, or several in a list or in what can be gone through (values of a dictionary, say)."""
    if isinstance(param, (str, bytes, os.PathLike)) or not hasattr(param, "__iter__"):
        return [param]
    return list(param)


def _named(number):
    return f"Errno={os.strerror(number)} ({errno.errorcode[number]})"


class WatchManager:
    """Keeps the watches of one descriptor of inotify."""

    def __init__(self, exclude_filter=lambda path: False):
        self._fd = -1
        self.ignore_events = False
        self._exclude_filter = exclude_filter
        self._wmd = {}
        self._adding = threading.RLock()  # a descriptor and its watch
        try:
            self._fd = inotify_init(os.O_CLOEXEC)
        except OSError as error:
            raise OSError(error.errno, f"Cannot initialize new instance of inotify, {_named(error.errno)}") from None

    def close(self):
        """Closes the descriptor, and with it every watch."""
        if self._fd >= 0:
            fd, self._fd = self._fd, -1
            os.close(fd)

    def get_fd(self):
        return self._fd

    def get_watch(self, wd):
        return self._wmd.get(wd)

    def del_watch(self, wd):
        """Forgets a watch that the kernel has removed."""
        if self._wmd.pop(wd, None) is None:
            log.error("Cannot delete unknown watch descriptor %s", wd)

    @property
    def watches(self):
        """The watches by their descriptors."""
        return self._wmd

    def get_ignore_events(self):
        return self.ignore_events

    def set_ignore_events(self, nval):
        self.ignore_events = nval

    def _add(self, path, mask, proc_fun, auto_add, exclude_filter):
        path = os.path.normpath(path)
        with self._adding:
            wd = inotify_add_watch(self._fd, path, mask | FOR_NEW if auto_add else mask)
            if mask & IN_MASK_ADD and wd in self._wmd:
                mask |= self._wmd[wd].mask
            self._wmd[wd] = Watch(wd, path, mask, proc_fun, auto_add, exclude_filter)
        return wd

    def known(self, wd):
        """The watch, also of a descriptor that another thread has just got from the kernel; None where there is none."""
        watch = self._wmd.get(wd)
        if watch is None:
            with self._adding:
                watch = self._wmd.get(wd)
        return watch

    def add_watch(
        self,
        path,
        mask,
        proc_fun=None,
        rec=False,
        auto_add=False,
        do_glob=False,
        quiet=True,
        exclude_filter=None,
    ):
        """Watches paths. Gives {path: wd}; -1 where it failed, -2 where it is excluded."""
        added = {}
        excluded = self._exclude_filter if exclude_filter is None else exclude_filter
        for named in _as_list(path):
            if isinstance(named, (bytes, os.PathLike)):
                named = os.fsdecode(named)
            if not isinstance(named, str):
                raise TypeError(f"a path must be str, bytes or os.PathLike, not {type(named).__name__}")
            for top in glob.iglob(named) if do_glob else [named]:
                for below in self._walk(top, rec):
                    if excluded(below):
                        added[below] = -2
                        continue
                    try:
                        added[below] = self._add(below, mask, proc_fun, auto_add, excluded)
                    except OSError as error:
                        added[below] = -1
                        self._failed(f"add_watch: cannot watch {below} WD=-1, {_named(error.errno)}", added, quiet)
        return added

    @staticmethod
    def _failed(what, done, quiet):
        if not quiet:
            raise WatchManagerError(what, done)
        log.error(what)

    @staticmethod
    def _walk(top, rec):
        """It, and with `rec` the directories below, without symlinks. Each is watched when it has been looked into, so that
        the look is no event; where something has come meanwhile, it is looked into again."""
        ahead = [top]
        while ahead:
            path = ahead.pop()
            if not rec or os.path.islink(path):
                yield path
                continue
            when, below = _changed(path), _directories(path)
            yield path
            if _changed(path) != when:
                below = _directories(path)
            ahead += reversed(below)

    def _below(self, wds):
        """Those watches and all that are on paths below theirs."""
        for wd in wds:
            root = self.get_path(wd)
            if root is None:
                continue
            yield wd
            if os.path.isdir(root):
                start = os.path.normpath(root).rstrip("/") + "/"
                for other in list(self._wmd.values()):
                    if other.path.startswith(start) and other.wd != wd:
                        yield other.wd

    def update_watch(self, wd, mask=None, proc_fun=None, rec=False, auto_add=False, quiet=True):
        """Changes watches. Gives {wd: whether that worked}."""
        done = {}
        wds = list(self._below(_as_list(wd)) if rec else _as_list(wd))
        for one in wds:
            watch = self._wmd.get(one)
            if watch is None:
                self._failed(f"update_watch: invalid WD={one}", done, quiet)
                continue
            watching_new = auto_add or watch.auto_add
            if mask or auto_add and not watch.auto_add:
                wanted = mask or watch.mask
                try:
                    found = inotify_add_watch(self._fd, watch.path, wanted | FOR_NEW if watching_new else wanted)
                except OSError as error:
                    done[one] = False
                    what = f"update_watch: cannot update {watch.path} WD=-1, {_named(error.errno)}"
                    self._failed(what, done, quiet)
                    continue
                if found != one:
                    # The path is another file now: it stays as it was, watched or not.
                    other = self._wmd.get(found)
                    if other is None:
                        inotify_rm_watch(self._fd, found)
                    else:
                        as_before = other.mask | FOR_NEW if other.auto_add else other.mask
                        inotify_add_watch(self._fd, watch.path, as_before)
                    done[one] = False
                    self._failed(f"update_watch: {watch.path} is not what WD={one} watches any more", done, quiet)
                    continue
                watch.mask = watch.mask | wanted if wanted & IN_MASK_ADD else wanted
            if proc_fun:
                watch.proc_fun = proc_fun
            if auto_add:
                watch.auto_add = auto_add
            done[one] = True
        return done

    def rm_watch(self, wd, rec=False, quiet=True):
        """Removes watches. Gives {wd: whether that worked}."""
        done = {}
        for one in list(self._below(_as_list(wd)) if rec else _as_list(wd)):
            try:
                inotify_rm_watch(self._fd, one)
            except OSError as error:
                done[one] = False
                self._failed(f"rm_watch: cannot remove WD={one}, {_named(error.errno)}", done, quiet)
                continue
            self._wmd.pop(one, None)
            done[one] = True
        return done

    def get_wd(self, path):
        """The watch on a path, or None."""
        path = os.path.normpath(path)
        return next((wd for wd, watch in self._wmd.items() if watch.path == path), None)

    def get_path(self, wd):
        """The path of a watch, or None."""
        watch = self._wmd.get(wd)
        return watch and watch.path

    def watch_transient_file(self, filename, mask, proc_class):
        """Watches a file that comes and goes, by its directory."""
        from .processing import ChainIfTrue

        directory, name = os.path.split(filename)
        if not directory:
            return {}
        chain = ChainIfTrue(func=lambda event: event.name == name)
        mask |= IN_CREATE | EventsCodes.OP_FLAGS["IN_DELETE"]
        return self.add_watch(directory, mask, proc_fun=proc_class(chain), exclude_filter=lambda path: False)
