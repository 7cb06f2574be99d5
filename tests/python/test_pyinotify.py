"""tracer.compat.pyinotify and inotifyx, where the real ones are wrong or end without a word."""

import asyncio
import os
import pathlib
import shutil
import tempfile
import threading
import unittest

from tracer.compat import inotifyx, pyinotify


class Room(unittest.TestCase):
    def setUp(self):
        self.room = pathlib.Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.room)


class Watched(Room):
    """A manager and a notifier that collect what is told."""

    def setUp(self):
        super().setUp()
        self.top = self.room / "top"
        self.top.mkdir()
        self.manager = pyinotify.WatchManager()
        self.told = []
        self.notifier = pyinotify.Notifier(self.manager, self.told.append, timeout=0)
        self.addCleanup(self.notifier.stop)

    def events(self):
        """What has happened since: name of the event and path."""
        while self.notifier.check_events():
            self.notifier.read_events()
            self.notifier.process_events()
        told = [(event.maskname.removeprefix("IN_").split("|")[0], event.pathname) for event in self.told]
        self.told.clear()
        return [(name, os.path.relpath(path, self.room)) for name, path in told]


class AutoAdd(Watched):
    def test_nothing_is_told_that_was_not_asked_for(self):
        self.manager.add_watch(str(self.top), pyinotify.IN_CLOSE_WRITE, rec=True, auto_add=True)
        (self.top / "new/inner").mkdir(parents=True)
        self.assertEqual(self.events(), [])
        (self.top / "new/inner/file").write_text("text")
        self.assertEqual(self.events(), [("CLOSE_WRITE", "top/new/inner/file")])

    def test_what_is_in_a_new_directory_is_told_once(self):
        self.manager.add_watch(str(self.top), pyinotify.IN_CREATE | pyinotify.IN_DELETE, auto_add=True)
        (self.top / "new/inner").mkdir(parents=True)
        (self.top / "new/file").touch()
        (self.top / "new/link").symlink_to("nowhere")
        first = self.events()
        names = ["top/new", "top/new/file", "top/new/inner", "top/new/link"]
        self.assertEqual(sorted(first), [("CREATE", name) for name in names])
        # The same names again are new again.
        (self.top / "new/file").unlink()
        (self.top / "new/file").touch()
        self.assertEqual(self.events(), [("DELETE", "top/new/file"), ("CREATE", "top/new/file")])

    def test_what_comes_again_is_new_though_nobody_asked_for_its_end(self):
        self.manager.add_watch(str(self.top), pyinotify.IN_CREATE, auto_add=True)
        (self.top / "new").mkdir()
        (self.top / "new/file").touch()
        self.assertEqual(self.events(), [("CREATE", "top/new"), ("CREATE", "top/new/file")])
        (self.top / "new/file").unlink()
        (self.top / "new/file").touch()
        self.assertEqual(self.events(), [("CREATE", "top/new/file")])

    def test_an_update_leaves_another_watch_alone(self):
        (self.top / "d").mkdir()
        old = self.manager.add_watch(str(self.top / "d"), pyinotify.IN_DELETE)[str(self.top / "d")]
        (self.top / "d").rename(self.room / "away")
        (self.top / "d").mkdir()
        new = self.manager.add_watch(str(self.top / "d"), pyinotify.IN_CREATE)[str(self.top / "d")]
        self.assertEqual(self.manager.update_watch(old, pyinotify.IN_MODIFY), {old: False})
        (self.top / "d/file").touch()
        self.assertEqual([event for event in self.events() if event[0] == "CREATE"], [("CREATE", "top/d/file")])
        self.assertEqual(self.manager.rm_watch(new), {new: True})

    def test_a_directory_that_is_moved_in_is_watched(self):
        self.manager.add_watch(str(self.top), pyinotify.IN_CREATE, rec=True, auto_add=True)
        (self.room / "outside/inner").mkdir(parents=True)
        (self.room / "outside").rename(self.top / "in")
        self.assertEqual(self.events(), [])
        (self.top / "in/inner/file").touch()
        self.assertEqual(self.events(), [("CREATE", "top/in/inner/file")])

    def test_a_directory_that_is_moved_inside_has_its_new_name(self):
        (self.top / "old/inner").mkdir(parents=True)
        self.manager.add_watch(str(self.top), pyinotify.IN_CREATE, rec=True, auto_add=True)
        (self.top / "old").rename(self.top / "now")
        (self.top / "now/inner/file").touch()
        self.assertEqual(self.events(), [("CREATE", "top/now/inner/file")])
        self.assertEqual(self.manager.get_path(self.manager.get_wd(str(self.top / "now"))), str(self.top / "now"))

    def test_it_can_be_asked_for_later(self):
        wd = self.manager.add_watch(str(self.top), pyinotify.IN_DELETE)[str(self.top)]
        self.assertEqual(self.manager.update_watch(wd, auto_add=True), {wd: True})
        (self.top / "new").mkdir()
        self.assertEqual(self.events(), [])
        (self.top / "new/file").touch()
        (self.top / "new/file").unlink()
        self.assertEqual(self.events(), [("DELETE", "top/new/file")])

    def test_excluded_directories(self):
        excluded = pyinotify.ExcludeFilter([".*/no"])
        self.manager.add_watch(str(self.top), pyinotify.IN_CREATE, auto_add=True, exclude_filter=excluded)
        for name in ("no", "yes"):
            (self.top / name).mkdir()
        self.events()
        (self.top / "no/file").touch()
        (self.top / "yes/file").touch()
        self.assertEqual(self.events(), [("CREATE", "top/yes/file")])


class Faults(Watched):
    def test_a_callback_that_raises_loses_nothing(self):
        seen = []

        def process(event):
            seen.append(event.name)
            if event.name == "b":
                raise KeyError("mine")

        self.manager.add_watch(str(self.top), pyinotify.IN_CREATE, proc_fun=process)
        for name in "abc":
            (self.top / name).touch()
        self.notifier.read_events()
        with self.assertRaises(KeyError):
            self.notifier.process_events()
        self.notifier.process_events()
        self.assertEqual(seen, ["a", "b", "c"])

    def test_paths_of_any_kind(self):
        name = b"caf\xe9"
        os.mkdir(os.fsencode(self.top) + b"/" + name)
        inner = os.fsencode(self.top) + b"/" + name
        for path in (os.fsdecode(inner), inner, pathlib.Path(os.fsdecode(inner))):
            wd = self.manager.add_watch(path, pyinotify.IN_CREATE)[os.fsdecode(inner)]
            self.assertGreater(wd, 0)
        with open(inner + b"/\xff", "w"):
            pass
        self.notifier.read_events()
        self.notifier.process_events()
        (event,) = self.told
        self.assertEqual(os.fsencode(event.pathname), inner + b"/\xff")
        self.assertEqual(os.fsencode(event.name), b"\xff")

    def test_wrong_types(self):
        for path in (7, None, [7]):
            with self.assertRaises(TypeError):
                self.manager.add_watch(path, pyinotify.IN_CREATE)
        with self.assertRaises(TypeError):
            self.manager.add_watch(str(self.top), "IN_CREATE")
        with self.assertRaises(ValueError):
            self.manager.add_watch("a\0b", pyinotify.IN_CREATE)
        with self.assertRaises(TypeError):
            pyinotify.ExcludeFilter(7)

    def test_what_cannot_be_watched(self):
        with self.assertLogs("pyinotify", "ERROR") as logged:
            self.assertEqual(self.manager.add_watch("/no/such", pyinotify.IN_CREATE), {"/no/such": -1})
        self.assertIn("ENOENT", logged.output[0])
        with self.assertRaises(pyinotify.WatchManagerError) as raised:
            self.manager.add_watch([str(self.top), "/no/such"], pyinotify.IN_CREATE, quiet=False)
        self.assertEqual(list(raised.exception.wmd), [str(self.top), "/no/such"])

    @unittest.skipUnless(os.geteuid() == 0, "only root can become somebody else")
    def test_no_permission(self):
        secret = self.top / "secret"
        secret.mkdir(mode=0o700)
        for directory in (self.room, self.top):
            directory.chmod(0o755)
        reader, writer = os.pipe()
        child = os.fork()
        if not child:
            os.setuid(65534)
            try:
                pyinotify.WatchManager().add_watch(str(secret), pyinotify.IN_CREATE, quiet=False)
            except pyinotify.WatchManagerError as error:
                os.write(writer, str(error).encode())
            finally:
                os._exit(0)
        os.waitpid(child, 0)
        os.close(writer)
        with os.fdopen(reader) as told:
            self.assertIn("Errno=Permission denied (EACCES)", told.read())

    def test_a_fork_with_an_open_watch(self):
        self.manager.add_watch(str(self.top), pyinotify.IN_CREATE)
        child = os.fork()
        if not child:
            # As a daemon does: it goes on with the same descriptor.
            (self.top / "child").touch()
            self.notifier.read_events()
            names = [raw.name for raw in self.notifier._eventq]
            os._exit(0 if names == ["child"] else 1)
        self.assertEqual(os.waitpid(child, 0)[1], 0)
        (self.top / "parent").touch()
        self.assertEqual(self.events(), [("CREATE", "top/parent")])

    def test_a_full_queue_is_told(self):
        class Process(pyinotify.ProcessEvent):
            overflows = 0

            def process_IN_Q_OVERFLOW(self, event):
                self.overflows += 1

        process = Process()
        notifier = pyinotify.Notifier(self.manager, process, timeout=0)
        self.manager.add_watch(str(self.top), pyinotify.IN_CREATE | pyinotify.IN_DELETE)
        for number in range(pyinotify.max_queued_events.value // 2 + 10):
            file = self.top / str(number)
            file.touch()
            file.unlink()
        while notifier.check_events():
            notifier.read_events()
            notifier.process_events()
        self.assertEqual(process.overflows, 1)

    def test_watches_end(self):
        inner = self.top / "inner"
        inner.mkdir()
        wd = self.manager.add_watch(str(inner), pyinotify.ALL_EVENTS)[str(inner)]
        inner.rmdir()
        self.assertEqual([name for name, _ in self.events()], ["DELETE_SELF", "IGNORED"])
        self.assertIsNone(self.manager.get_watch(wd))
        with self.assertLogs("pyinotify", "ERROR"):
            self.assertEqual(self.manager.rm_watch(wd), {wd: False})


class Loops(Watched):
    def test_threads(self):
        self.notifier.stop()
        threads = []
        for number in range(4):
            manager = pyinotify.WatchManager()
            done = threading.Event()

            def process(event, done=done):
                if event.name == "last":
                    done.set()

            notifier = pyinotify.ThreadedNotifier(manager, process)
            notifier.start()
            manager.add_watch(str(self.top), pyinotify.IN_CREATE)
            threads.append((notifier, done))
        (self.top / "last").touch()
        for notifier, done in threads:
            self.assertTrue(done.wait(60))
            notifier.stop()
            self.assertFalse(notifier.is_alive())

    def test_asyncio(self):
        async def main():
            found = asyncio.get_running_loop().create_future()
            manager = pyinotify.WatchManager()
            notifier = pyinotify.AsyncioNotifier(
                manager, asyncio.get_running_loop(), default_proc_fun=lambda event: found.set_result(event.name)
            )
            manager.add_watch(str(self.top), pyinotify.IN_CREATE)
            (self.top / "file").touch()
            name = await asyncio.wait_for(found, 60)
            notifier.stop()
            return name

        self.assertEqual(asyncio.run(main()), "file")

    def test_the_loop_ends_by_its_callback(self):
        notifier = pyinotify.Notifier(pyinotify.WatchManager())
        notifier.loop(callback=lambda notifier: True)
        self.assertIsNone(notifier._fd)

    def test_chains(self):
        class First(pyinotify.ProcessEvent):
            def my_init(self, stop):
                self.stop = stop

            def process_IN_CREATE(self, event):
                seen.append("first")
                return self.stop

        class Second(pyinotify.ProcessEvent):
            def process_IN_CREATE(self, event):
                seen.append("second")

        for stop, wanted in ((False, ["first", "second"]), (True, ["first"])):
            seen = []
            Second(First(stop=stop))(pyinotify.Event({"mask": pyinotify.IN_CREATE}))
            self.assertEqual(seen, wanted)


class Inotifyx(Room):
    def setUp(self):
        super().setUp()
        self.fd = inotifyx.init()
        self.addCleanup(os.close, self.fd)

    def test_less_than_nothing_is_for_ever(self):
        inotifyx.add_watch(self.fd, str(self.room), inotifyx.IN_CREATE)
        told = []
        waits = threading.Thread(target=lambda: told.extend(inotifyx.get_events(self.fd, -1)))
        waits.start()
        (self.room / "one").touch()
        waits.join()
        self.assertEqual([event.name for event in told], ["one"])

    def test_events(self):
        wd = inotifyx.add_watch(self.fd, str(self.room))
        (self.room / "one").touch()
        (self.room / "one").rename(self.room / "two")
        events = inotifyx.get_events(self.fd, 60)
        told = [(event.wd, event.get_mask_description(), event.name) for event in events]
        names = ["IN_CREATE", "IN_OPEN", "IN_CLOSE_WRITE", "IN_MOVED_FROM", "IN_MOVED_TO"]
        self.assertEqual(told, [(wd, name, "two" if name == "IN_MOVED_TO" else "one") for name in names])
        self.assertEqual(events[-1].cookie, events[-2].cookie)
        inotifyx.rm_watch(self.fd, wd)
        (gone,) = inotifyx.get_events(self.fd, 0)
        self.assertEqual((gone.get_mask_description(), gone.name), ("IN_IGNORED", None))
        self.assertEqual(str(gone), f"{wd}: IN_IGNORED")

    def test_descriptions_are_the_masks(self):
        for mask in (*inotifyx.constants.values(), 0):
            event = inotifyx.InotifyEvent(1, mask, 0, None)
            self.assertEqual(eval(event.get_mask_description(), vars(inotifyx)), mask)

    def test_nothing_comes(self):
        self.assertEqual(inotifyx.get_events(self.fd, 0), [])
        self.assertEqual(inotifyx.get_events(self.fd, 0.01), [])

    def test_wrong(self):
        self.assertRaises(FileNotFoundError, inotifyx.add_watch, self.fd, "/no/such")
        self.assertRaises(OSError, inotifyx.rm_watch, self.fd, 99)
        self.assertRaises(ValueError, inotifyx.add_watch, -1, "/")
        self.assertRaises(TypeError, inotifyx.add_watch, self.fd, 7)


if __name__ == "__main__":
    unittest.main()
