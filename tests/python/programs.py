"""Programs for pyinotify, run beside the real one."""

import contextlib
import os
import pathlib
import re
import signal
import subprocess
import sys
import time

PEERS = pathlib.Path(os.environ["PEERS"])
SOURCE = PEERS / "pyinotify-0.9.6"
#: As users bring programs of Python 2 to Python 3.
PYTHON_3 = (
    (r"^(\s*)print >>\s*(\S+), (.+)$", r"\1print(\3, file=\2)"),
    (r"^(\s*)print ([^(\n].*)$", r"\1print(\2)"),
    (r"^(\s*)print$", r"\1print()"),
    (r"except (\S+), (\w+):", r"except \1 as \2:"),
    (r"= file\(", "= open("),
    (r"(wdd\.values\(\))", r"list(\1)"),
    (r"^path = unicode\(.*\)$", ""),
)
#: What this process has and the programs have not: python3-audit.
DROPPED = ("PYTHONPATH", "LD_LIBRARY_PATH")
#: Longer than anything here takes.
PATIENCE = 60


def example(name):
    """An example of pyinotify, for Python 3."""
    for version in ("python3", "python2"):
        file = SOURCE / version / "examples" / name
        if file.exists():
            text = file.read_text()
            break
    for pattern, instead in PYTHON_3 if version == "python2" else ():
        text = re.sub(pattern, instead, text, flags=re.MULTILINE)
    return text


def until(holds, what):
    """Waits until something holds."""
    deadline = time.monotonic() + PATIENCE
    while not holds():
        if time.monotonic() > deadline:
            raise AssertionError(f"{what} has not come")
        time.sleep(0.01)


class Program:
    """A program that runs, with one pyinotify or the other."""

    def __init__(self, text, real, directory, *args, replace=()):
        for one, other in replace:
            assert one in text, one
            text = text.replace(one, other)
        if real:
            python = PEERS / "environment/bin/python"
        else:
            python = sys.executable
            text = text.replace("import pyinotify", "from tracer.compat import pyinotify")
        self.directory = pathlib.Path(directory)
        self.directory.mkdir(exist_ok=True)
        file = self.directory / "program.py"
        file.write_text(text)
        self.out = self.directory / "out"
        self.err = self.directory / "err"
        environment = {name: value for name, value in os.environ.items() if name not in DROPPED}
        environment["PYTHONUNBUFFERED"] = "1"
        with open(self.out, "wb") as out, open(self.err, "wb") as err:
            self.process = subprocess.Popen(
                [python, file, *args], stdout=out, stderr=err, cwd=self.directory, env=environment
            )

    def watches(self):
        """How many watches of inotify the process has."""
        count = 0
        folder = pathlib.Path(f"/proc/{self.process.pid}/fdinfo")
        with contextlib.suppress(OSError):
            for info in folder.iterdir():
                with contextlib.suppress(OSError):
                    count += info.read_text().count("inotify wd:")
        return count

    def ready(self, watches=1):
        until(lambda: self.watches() >= watches or self.process.poll() is not None, "a watch")
        if self.process.poll() is not None:
            raise AssertionError(f"it has ended: {self.err.read_text()}")

    @contextlib.contextmanager
    def stopped(self):
        """While it does not run: what happens comes to it at once."""
        os.kill(self.process.pid, signal.SIGSTOP)
        state = pathlib.Path(f"/proc/{self.process.pid}/stat")
        until(lambda: state.read_text().rsplit(")", 1)[1].split()[0] == "T", "the stop")
        yield
        os.kill(self.process.pid, signal.SIGCONT)

    def printed(self):
        return self.out.read_text()

    def wait_for(self, text, file=None):
        file = file or self.out
        until(lambda: file.exists() and text in file.read_text(), f"{text!r}: {self.err.read_text()}")

    def interrupt(self):
        self.process.send_signal(signal.SIGINT)
        self.process.wait(PATIENCE)

    def end(self):
        """Waits until it ends by itself."""
        self.process.wait(PATIENCE)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()


def said(text):
    """What the logger wrote, without times and tracebacks' places."""
    return re.sub(r"\[[-\d]+ [\d:,]+ ", "[", text)
