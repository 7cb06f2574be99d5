"""Who reads events and has them processed: in a loop, in a thread, in another library's loop."""

import atexit
import fcntl
import os
import select
import struct
import sys
import termios
import threading
import time
from collections import deque

from ..._native import inotify_decode
from .events import EventsCodes, PyinotifyError, _RawEvent, log
from .processing import PrintAllEvents
from .system import SystemProcessing

IN_CREATE = EventsCodes.OP_FLAGS["IN_CREATE"]
IN_IGNORED = EventsCodes.EVENT_FLAGS["IN_IGNORED"]
IN_Q_OVERFLOW = EventsCodes.EVENT_FLAGS["IN_Q_OVERFLOW"]
#: Told whatever was asked for.
ALWAYS = sum(EventsCodes.EVENT_FLAGS.values())
#: Names that are not there any more.
GONE = EventsCodes.OP_FLAGS["IN_DELETE"] | EventsCodes.OP_FLAGS["IN_MOVED_FROM"]


class NotifierError(PyinotifyError):
    """Events cannot be read, or the program cannot become a daemon."""


class Notifier:
    """Reads events and calls for each one the functor of its watch, else the one that is given here."""

    def __init__(self, watch_manager, default_proc_fun=None, read_freq=0, threshold=0, timeout=None):
        self._watch_manager = watch_manager
        self._fd = watch_manager.get_fd()
        self._pollobj = select.poll()
        self._pollobj.register(self._fd, select.POLLIN)
        self._pipe = (-1, -1)
        self._eventq = deque()
        self._sys_proc_fun = SystemProcessing(watch_manager, self)
        self._default_proc_fun = PrintAllEvents() if default_proc_fun is None else default_proc_fun
        self._read_freq = read_freq
        self._threshold = threshold
        self._timeout = timeout
        self._coalesce = False
        self._eventset = set()

    def append_event(self, event):
        self._eventq.append(event)

    def proc_fun(self):
        return self._default_proc_fun

    def coalesce_events(self, coalesce=True):
        """Events that are equal and come in the same batch are one."""
        self._coalesce = coalesce
        if not coalesce:
            self._eventset.clear()

    def check_events(self, timeout=None):
        """Is there something to read, within so many milliseconds?"""
        ready = self._pollobj.poll(self._timeout if timeout is None else timeout)
        if not ready or ready[0][0] == self._pipe[0]:
            return False
        return ready[0][1] & select.POLLIN

    def read_events(self):
        """Puts what the kernel has into the queue."""
        waiting = struct.unpack("i", fcntl.ioctl(self._fd, termios.FIONREAD, b"\0" * 4))[0]
        if waiting < self._threshold or not waiting:
            return
        try:
            events = inotify_decode(os.read(self._fd, waiting))
        except OSError as error:
            raise NotifierError(error) from error
        for event in events:
            if self._coalesce:
                if event in self._eventset:
                    continue
                self._eventset.add(event)
            self._eventq.append(_RawEvent(*event))

    def process_events(self):
        """Has everything in the queue processed."""
        manager, queue = self._watch_manager, self._eventq
        while queue:
            raw = queue.popleft()
            if manager.ignore_events:
                continue
            watch = raw._watch = manager.known(raw.wd)
            if watch is None and not raw.mask & IN_Q_OVERFLOW:
                if not raw.mask & IN_IGNORED:
                    log.warning("There is no watch any more for %r", raw)
                continue
            if watch is not None and watch._told and self._was_told(raw, watch):
                continue
            event = self._sys_proc_fun(raw)
            if watch is None:
                self._default_proc_fun(event)
            elif not watch.auto_add or raw.mask & (watch.mask | ALWAYS):
                (watch.proc_fun or self._default_proc_fun)(event)
        self._sys_proc_fun.cleanup()
        self._eventset.clear()

    @staticmethod
    def _was_told(raw, watch):
        """Has the creation of a file that was found in a new directory been told already?"""
        if raw.mask & GONE:
            watch._told.discard(raw.name)
        elif raw.mask & IN_CREATE and not hasattr(raw, "_found") and raw.name in watch._told:
            watch._told.discard(raw.name)
            return True
        return False

    @staticmethod
    def _daemonize(pid_file=None, stdin=os.devnull, stdout=os.devnull, stderr=os.devnull):
        if pid_file is None:
            name = os.path.basename(sys.argv[0]) or "pyinotify"
            pid_file = f"/var/run/{name}.pid"
        if pid_file is not False and os.path.lexists(pid_file):
            raise NotifierError(f"Cannot daemonize: pid file {pid_file} already exists.")
        if os.fork():
            os._exit(0)
        os.setsid()
        if os.fork():
            os._exit(0)
        os.chdir("/")
        os.umask(0o022)
        for to, name in enumerate((stdin, stdout, stderr)):
            flags = os.O_WRONLY | os.O_CREAT if to else os.O_RDONLY
            os.dup2(os.open(name, flags, 0o600), to)
        if pid_file is not False:
            flags = os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW | os.O_EXCL
            with open(os.open(pid_file, flags, 0o600), "w") as file:
                file.write(f"{os.getpid()}\n")
            atexit.register(os.unlink, pid_file)

    def _sleep(self, ref_time):
        left = self._read_freq - (time.time() - ref_time)
        if self._read_freq > 0 and left > 0:
            time.sleep(left)

    def loop(self, callback=None, daemonize=False, **args):
        """Processes events until Ctrl-C, or until the callback returns True."""
        if daemonize:
            self._daemonize(**args)
        while True:
            try:
                self.process_events()
                if callback is not None and callback(self) is True:
                    break
                ref_time = time.time()
                if self.check_events():
                    self._sleep(ref_time)
                    self.read_events()
            except KeyboardInterrupt:
                log.debug("Pyinotify stops monitoring.")
                break
        self.stop()

    def stop(self):
        """Closes the descriptor, and so ends every watch."""
        if self._fd is not None:
            self._pollobj.unregister(self._fd)
            self._watch_manager.close()
            self._fd = None
        self._sys_proc_fun = None


class ThreadedNotifier(threading.Thread, Notifier):
    """Does it in a thread: start() and stop()."""

    def __init__(self, watch_manager, default_proc_fun=None, read_freq=0, threshold=0, timeout=None):
        threading.Thread.__init__(self)
        self._stop_event = threading.Event()
        Notifier.__init__(self, watch_manager, default_proc_fun, read_freq, threshold, timeout)
        self._pipe = os.pipe()
        self._pollobj.register(self._pipe[0], select.POLLIN)

    def stop(self):
        """Ends the thread and waits for it."""
        self._stop_event.set()
        os.write(self._pipe[1], b"stop")
        self.join()
        Notifier.stop(self)
        self._pollobj.unregister(self._pipe[0])
        for end in self._pipe:
            os.close(end)

    def loop(self):
        while not self._stop_event.is_set():
            self.process_events()
            ref_time = time.time()
            if self.check_events():
                self._sleep(ref_time)
                self.read_events()

    def run(self):
        self.loop()


class _InLoop(Notifier):
    """In the loop of another library, which says when there is something to read."""

    handle_read_callback = None

    def handle_read(self, *args, **kwargs):
        self.read_events()
        self.process_events()
        if self.handle_read_callback is not None:
            self.handle_read_callback(self)


class TornadoAsyncNotifier(_InLoop):
    """In a loop of Tornado."""

    def __init__(
        self,
        watch_manager,
        ioloop,
        callback=None,
        default_proc_fun=None,
        read_freq=0,
        threshold=0,
        timeout=None,
        channel_map=None,
    ):
        self.io_loop = ioloop
        self.handle_read_callback = callback
        super().__init__(watch_manager, default_proc_fun, read_freq, threshold, timeout)
        ioloop.add_handler(self._fd, self.handle_read, ioloop.READ)

    def stop(self):
        self.io_loop.remove_handler(self._fd)
        super().stop()


class AsyncioNotifier(_InLoop):
    """In a loop of asyncio."""

    def __init__(
        self, watch_manager, loop, callback=None, default_proc_fun=None, read_freq=0, threshold=0, timeout=None
    ):
        self.loop = loop
        self.handle_read_callback = callback
        super().__init__(watch_manager, default_proc_fun, read_freq, threshold, timeout)
        loop.add_reader(self._fd, self.handle_read)

    def stop(self):
        self.loop.remove_reader(self._fd)
        super().stop()


class AsyncNotifier(_InLoop):
    """In a loop of asyncore, which Python has until 3.11."""

    def __init__(
        self, watch_manager, default_proc_fun=None, read_freq=0, threshold=0, timeout=None, channel_map=None
    ):
        try:
            import asyncore
        except ImportError:
            why = "this Python has no asyncore (it is gone since 3.12): use AsyncioNotifier, or Notifier"
            raise NotifierError(why) from None
        super().__init__(watch_manager, default_proc_fun, read_freq, threshold, timeout)
        dispatcher = asyncore.file_dispatcher(self._fd, channel_map)
        dispatcher.handle_read = lambda: self.handle_read()
        dispatcher.writable = lambda: False
        self._dispatcher = dispatcher

    def stop(self):
        self._dispatcher.close()
        super().stop()
