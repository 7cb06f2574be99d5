"""The examples of pyinotify 0.9.6, with the real one under Python 3.11 and with tracer.compat.pyinotify: the same is
printed."""

import os
import pathlib
import re
import shutil
import signal
import tempfile
import unittest

from programs import Program, example, said, until


def files(directory):
    """Something of every kind happens to files."""
    directory = pathlib.Path(directory)
    (directory / "one").write_text("text")
    (directory / "one").read_text()
    os.chmod(directory / "one", 0o600)
    os.rename(directory / "one", directory / "two")
    os.mkdir(directory / "dir")
    os.rmdir(directory / "dir")
    os.unlink(directory / "two")
    (directory / "last").write_text("")
    os.unlink(directory / "last")


def without_cookies(text):
    return re.sub(r"cookie=\d+", "cookie=N", text)


LAST = "dir=False mask=0x200 maskname=IN_DELETE name=last"


class Examples(unittest.TestCase):
    def setUp(self):
        self.room = pathlib.Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.room)

    def both(self, name, play, *args, replace=()):
        """Runs an example with both, each in the same empty directory; gives what `play` made of the real one."""
        told = []
        for real in (True, False):
            watched = self.room / "watched"
            log = self.room / "log"
            for fresh in (watched, log):
                shutil.rmtree(fresh, ignore_errors=True)
                fresh.mkdir()
            text = example(name).replace("/tmp", str(watched)).replace("/var/log", str(log))
            place = self.room / ("real" if real else "own")
            with Program(text, real, place, *args, replace=replace) as program:
                told.append(play(program, watched, log))
        self.assertEqual(*told)
        self.assertTrue(told[0])
        return told[0]

    def events(self, program, watched, last=LAST):
        """Has files changed, and waits until the last change is told."""
        program.ready()
        with program.stopped():
            files(watched)
        program.wait_for(last)
        program.interrupt()
        # A cookie is the kernel's, and counts on.
        return without_cookies(program.printed()), said(program.err.read_text())

    def test_loop(self):
        printed, _ = self.both("loop.py", lambda p, watched, _: self.events(p, watched))
        self.assertIn("cookie=", printed)

    def test_coalesce(self):
        replace = [("read_freq=10", "read_freq=0.1")]
        self.both("coalesce.py", lambda p, watched, _: self.events(p, watched), replace=replace)

    def test_unicode(self):
        def play(program, watched, _):
            program.ready()
            until(lambda: len(list(watched.iterdir())) == 1, "the directory")
            inner = next(watched.iterdir())
            # The mask of the watch is there once all events are told.
            probe = pathlib.Path(f"/proc/{program.process.pid}/fdinfo")
            full = lambda: any("mask:fff" in info.read_text() for info in probe.iterdir())
            until(full, "the mask")
            with program.stopped():
                files(inner)
            program.wait_for(LAST)
            program.interrupt()
            return without_cookies(program.printed())

        self.both("unicode.py", play)

    def test_chain(self):
        def play(program, watched, log):
            program.ready()
            with program.stopped():
                files(watched)
            program.wait_for(LAST, log / "pyinotify_log")
            program.interrupt()
            return program.printed(), without_cookies((log / "pyinotify_log").read_text())

        self.both("chain.py", play)

    def test_tutorial(self):
        def play(program, watched, _):
            return self.events(program, watched, f"Removing: {watched}/last")

        self.both("tutorial_notifier.py", play)

    def test_tutorial_of_asyncore(self):
        def play(program, watched, _):
            program.ready()
            with program.stopped():
                files(watched)
            program.wait_for(f"Removing: {watched}/last")
            program.interrupt()
            return program.printed()

        self.both("tutorial_asyncnotifier.py", play)

    def test_tutorial_of_threads(self):
        def play(program, *_):
            program.end()
            return program.process.returncode, program.printed(), said(program.err.read_text()), "ended"

        self.assertEqual(self.both("tutorial_threadednotifier.py", play)[0], 0)

    def test_not_quiet(self):
        def play(program, *_):
            program.end()
            return program.printed(), said(program.err.read_text())

        printed, logged = self.both("not_quiet.py", play)
        self.assertIn("WD=42, Errno=Invalid argument (EINVAL)", printed)
        self.assertIn("ENOENT", logged)

    def test_exclude(self):
        def play(program, *_):
            shutil.copy(self.exclude, program.directory)
            program.end()
            return program.printed(), said(program.err.read_text()), program.process.returncode

        from programs import SOURCE

        self.exclude = SOURCE / "python2/examples/exclude.lst"
        # The list has to be there before the program is.
        for place in ("real", "own"):
            (self.room / place).mkdir()
            shutil.copy(self.exclude, self.room / place)
        self.both("exclude.py", play)

    def test_transient_file(self):
        def play(program, watched, _):
            program.ready()
            file = watched / "test1234"
            with program.stopped():
                for _ in range(10):
                    file.touch()
                    file.write_text("42")
                    file.unlink()
                (watched / "other").touch()
            until(lambda: program.printed().count("IN_DELETE") == 10, "the end")
            program.interrupt()
            return program.printed()

        self.assertIn("-> written", self.both("transient_file.py", play))

    def test_stats(self):
        def play(program, watched, _):
            program.ready()
            with program.stopped():
                files(watched)
            program.wait_for("IN_DELETE=3")
            program.interrupt()
            printed = re.sub(r"ElapsedTime=\w+", "ElapsedTime", program.printed())
            return printed.replace("Does nothing.\n", "").split("<Stats")[-1]

        self.both("stats.py", play, replace=[("read_freq=5", "read_freq=0")])

    def test_stats_of_threads(self):
        def play(program, watched, log):
            program.ready(2)
            with program.stopped():
                files(watched)
                files(log)
            count = lambda: program.printed().split("Thread 1")[-1].count("IN_DELETE=3")
            until(lambda: count() == 2, "the counts")
            program.interrupt()
            blocks = program.printed().replace("Does nothing.\n", "").split("Thread 1")
            whole = [block for block in blocks if block.count("IN_DELETE=3") == 2]
            return re.sub(r"ElapsedTime=\w+", "ElapsedTime", whole[0]).strip()

        self.both("stats_threaded.py", play, replace=[("sleep(5)", "sleep(0.2)")])

    def test_daemon(self):
        def play(program, watched, _):
            # What it writes is outside of what it watches: it would see itself.
            log, pid = self.room / "log/out", self.room / "log/pid"
            program.end()
            until(lambda: pid.exists() and pid.read_text().endswith("\n"), "the daemon")
            daemon = int(pid.read_text())
            self.addCleanup(lambda: os.path.exists(f"/proc/{daemon}") and os.kill(daemon, signal.SIGKILL))
            for number in range(5):
                (watched / str(number)).mkdir()
                if number < 4:
                    until(lambda: log.read_text().count("<Event") == number + 1, "the event")
            until(lambda: not pid.exists(), "the end")
            return log.read_text()

        outside = [("{}/pyinotify.pid", "pid"), ("{}/pyinotify.log", "out")]
        replace = [(one.format(self.room / "watched"), str(self.room / "log" / name)) for one, name in outside]
        self.both("daemon.py", play, replace=replace)

    def test_autocompile(self):
        def play(program, watched, _):
            program.ready()
            with program.stopped():
                (watched / "made.c").write_text("text")
                (watched / "other").write_text("text")
                (watched / "last.h").write_text("text")
            until(lambda: program.printed().count("made") == 2, "the commands")
            program.interrupt()
            return program.printed()

        self.both("autocompile.py", play, str(self.room / "watched"), ".c,.h", "echo made")

    def test_asyncio(self):
        self.both("asyncio_notifier.py", self.once)

    def test_tornado(self):
        # It is installed beside the real pyinotify.
        library = next(pathlib.Path(os.environ["PEERS"]).glob("environment/lib/python3*/site-packages/tornado"))
        for place in ("real", "own"):
            (self.room / place).mkdir()
            (self.room / place / "tornado").symlink_to(library)
        self.both("tornado_notifier.py", self.once)

    def once(self, program, watched, _):
        program.ready()
        with program.stopped():
            (watched / "dir").mkdir()
            (watched / "dir").rmdir()
        program.end()
        return program.printed(), program.process.returncode


class Model(unittest.TestCase):
    """The program of the issue: only the import differs."""

    TEXT = """
import sys
import pyinotify
directory = sys.argv[1]

class WatchLogProcessing(pyinotify.ProcessEvent):
    def process_IN_CLOSE_WRITE(self, event):
        print("processing %s" % (event.pathname))
wm = pyinotify.WatchManager()
notifier = pyinotify.Notifier(wm, WatchLogProcessing())
wm.add_watch(directory, pyinotify.IN_CLOSE_WRITE)
notifier.loop()
"""

    def test_it(self):
        with tempfile.TemporaryDirectory() as room:
            watched = pathlib.Path(room, "watched")
            watched.mkdir()
            with Program(self.TEXT, False, pathlib.Path(room, "own"), str(watched)) as program:
                program.ready()
                (watched / "read").touch()
                (watched / "written").write_text("text")
                program.wait_for(f"processing {watched}/written")
                program.interrupt()
                printed = "".join(f"processing {watched}/{name}\n" for name in ("read", "written"))
                self.assertEqual(program.printed(), printed)
                self.assertEqual(program.process.returncode, 0)


if __name__ == "__main__":
    unittest.main()
