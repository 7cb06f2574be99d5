"""tracer.watch, tracer.trace and the daemon, on the running kernel."""

import asyncio
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import unittest

import tracer
from programs import until
from tracer.compat import audit

#: What somebody else does in a directory: a process does not see its own calls.
CHANGES = "import os, sys; os.chdir(sys.argv[1]); open('one', 'w').close(); os.rename('one', 'two'); os.unlink('two')"


def change(directory, code=CHANGES):
    return subprocess.run([sys.executable, "-c", code, directory], check=True)


def only(events):
    """Without losses: other processes of the machine may flood the buffer."""
    return (event for event in events if isinstance(event, tracer.Event))


class Room(unittest.TestCase):
    def setUp(self):
        self.room = pathlib.Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.room)


class Watch(Room):
    def test_who_did_what(self):
        for source in ("ebpf", "inotify"):
            with self.subTest(source=source), tracer.watch(self.room, op=["create", "rename", "delete"], source=source) as events:
                self.assertEqual(events.backend, source)
                change(self.room)
                told = []
                for event in only(events):
                    told.append(event)
                    if event.op == "delete":
                        break
                self.assertEqual([event.op for event in told], ["create", "rename", "delete"])
                self.assertEqual(told[0].path, str(self.room / "one"))
                self.assertEqual(told[2].path, str(self.room / "two"))
                if source == "ebpf":
                    self.assertEqual((told[0].uid, told[0].success, told[0].backend), (os.getuid(), True, "ebpf"))
                    self.assertEqual(told[0].ppid, os.getpid())
                    self.assertEqual([file.path for file in told[1].paths], [str(self.room / n) for n in ("one", "two")])
                    self.assertEqual(told[1].pid, told[0].pid)

    def test_the_same_names_as_in_json(self):
        with tracer.trace([sys.executable, "-c", CHANGES, str(self.room)]) as events:
            seen = set()
            for event in only(events):
                for name, value in event.data.items():
                    if name in ("type", "time", "paths") or name.endswith("_hex"):
                        continue
                    self.assertEqual(getattr(event, name), value)
                    seen.add(name)
                for file, data in zip(event.paths, event.data.get("paths", ())):
                    for name in data:
                        self.assertTrue(name.endswith("_hex") or hasattr(file, name), name)
            self.assertTrue({"syscall", "pid", "success", "decoded", "backend"} <= seen)
            with self.assertRaises(AttributeError):
                event.no_such_name

    def test_it_waits_no_longer_than_asked(self):
        with tracer.watch(self.room) as events:
            self.assertIsNone(events.next(0))
            self.assertIsNone(events.next(0.05))
            events.stop()
            self.assertEqual(list(only(events)), [])
            self.assertEqual(events.outcome["written"], 0)

    def test_names_of_any_bytes(self):
        with tracer.watch(self.room, op="create") as events:
            change(self.room, "import os, sys; os.chdir(sys.argv[1]); open(b'caf\\xe9', 'w').close()")
            event = next(only(events))
            self.assertEqual(os.fsencode(event.path), os.fsencode(self.room) + b"/caf\xe9")

    def test_rules(self):
        file = self.room / "my.rules"
        file.write_text(f"-w {self.room} -p wa -k mine\n")
        with tracer.Rules(file).watch() as events:
            change(self.room)
            event = next(only(events))
            self.assertEqual(event.key, "mine")
            self.assertIn(str(self.room / "one"), [file.path for file in event.paths])
        file.write_text("-w relative -p wa\n")
        with self.assertRaises(ValueError) as raised:
            tracer.Rules(file)
        self.assertIn("my.rules:1", str(raised.exception))

    def test_callbacks(self):
        with tracer.watch(self.room, op="create") as events:
            change(self.room)
            seen = []
            events.run(lambda event: isinstance(event, tracer.Event) and not seen.append(event.op))
            self.assertEqual(seen, ["create"])
            change(self.room)
            with self.assertRaisesRegex(KeyError, "mine"):
                events.run(lambda event: isinstance(event, tracer.Event) and {}["mine"])
            # It goes on with the next one.
            change(self.room)
            self.assertEqual(next(only(events)).op, "create")

    def test_another_thread_ends_it(self):
        events = tracer.watch(self.room)
        thread = threading.Thread(target=lambda: list(only(events)))
        thread.start()
        events.stop()
        thread.join(60)
        self.assertFalse(thread.is_alive())
        events.close()
        events.close()
        self.assertRaises(StopIteration, next, events)

    def test_ctrl_c(self):
        code = "import sys, tracer\nprint('ready', flush=True)\nfor _ in tracer.watch(sys.argv[1]): pass"
        program = subprocess.Popen(
            [sys.executable, "-c", code, self.room], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        self.assertEqual(program.stdout.readline(), "ready\n")
        program.send_signal(signal.SIGINT)
        _, said = program.communicate(timeout=60)
        self.assertIn("KeyboardInterrupt", said)
        self.assertNotEqual(program.returncode, 0)

    def test_what_came_of_it_is_known_behind_a_with(self):
        with tracer.trace(["sh", "-c", "exit 7"]) as events:
            for _ in events:
                pass
            self.assertGreaterEqual(events.fileno(), 0)
        self.assertEqual(events.outcome["returncode"], 7)
        self.assertRaises(ValueError, events.fileno)

    def test_a_fork_with_an_open_watch(self):
        with tracer.watch(self.room, op="create") as events:
            child = os.fork()
            if not child:
                try:
                    next(only(events))
                except RuntimeError as error:
                    os._exit(0 if "fork" in str(error) else 1)
                finally:
                    os._exit(2)
            self.assertEqual(os.waitpid(child, 0)[1], 0)
            change(self.room)
            self.assertEqual(next(only(events)).op, "create")

    def test_wrong(self):
        for error, call in (
            (FileNotFoundError, lambda: tracer.watch("/no/such")),
            (TypeError, lambda: tracer.watch(7.5)),
            (TypeError, lambda: tracer.watch(self.room, uid="x")),
            (ValueError, lambda: tracer.watch(self.room, op="wriet")),
            (ValueError, lambda: tracer.watch(self.room, source="magic")),
            (ValueError, lambda: tracer.trace()),
            (ValueError, lambda: tracer.trace(["true"], calls="no_such_call")),
            (FileNotFoundError, lambda: tracer.trace(["/no/such/program"])),
            (ProcessLookupError, lambda: tracer.trace(pid=2**22 + 1)),
        ):
            with self.assertRaises(error) as raised:
                call()
            self.assertTrue(str(raised.exception))

    @unittest.skipUnless(os.geteuid() == 0, "only root can become somebody else")
    def test_no_permission(self):
        self.room.chmod(0o755)
        code = "import tracer\ntry: tracer.watch('/tmp', source='ebpf')\nexcept PermissionError as error: print(error)"
        site = pathlib.Path(tracer.__file__).parent.parent
        copy = self.room / "copy"
        shutil.copytree(site / "tracer", copy / "tracer")
        program = ["/usr/bin/python3", "-c", code]
        said = subprocess.run(
            program, env={"PYTHONPATH": str(copy)}, user=65534, group=65534, extra_groups=[], capture_output=True, text=True
        )
        self.assertIn("root", said.stdout, said.stderr)


class Trace(Room):
    def test_a_command(self):
        with tracer.trace([sys.executable, "-c", CHANGES, str(self.room)], calls="%file") as events:
            calls = [(event.syscall, event.path) for event in only(events) if event.path and str(self.room) in event.path]
            self.assertIn(("unlink", str(self.room / "two")), calls)
            self.assertEqual(events.outcome["returncode"], 0)
        with tracer.trace(["sh", "-c", "exit 7"]) as events:
            list(only(events))
            self.assertEqual(events.outcome["returncode"], 7)

    def test_a_process(self):
        reader, writer = os.pipe()
        code = "import os, sys; sys.stdin.read(); os.mkdir(sys.argv[1])"
        process = subprocess.Popen([sys.executable, "-c", code, self.room / "new"], stdin=reader)
        os.close(reader)
        with tracer.trace(pid=process.pid, calls="mkdir") as events:
            os.close(writer)
            self.assertEqual([(event.syscall, event.path) for event in only(events)], [("mkdir", str(self.room / "new"))])
        self.assertEqual(process.wait(60), 0)


class Asyncio(Room):
    def test_async_for(self):
        async def main():
            with tracer.watch(self.room, op=["create", "delete"]) as events:
                process = await asyncio.create_subprocess_exec(sys.executable, "-c", CHANGES, self.room)
                told = []
                async for event in events:
                    if isinstance(event, tracer.Loss):
                        continue
                    told.append(event.op)
                    if event.op == "delete":
                        break
                await process.wait()
                return told

        self.assertEqual(asyncio.run(asyncio.wait_for(main(), 60)), ["create", "delete"])

    def test_it_ends(self):
        async def main():
            with tracer.trace(["true"]) as events:
                return [event async for event in events]

        self.assertTrue(asyncio.run(asyncio.wait_for(main(), 60)))


@unittest.skipUnless(os.geteuid() == 0, "the daemon needs root")
class Daemon(Room):
    """What a program says into the log."""

    def setUp(self):
        super().setUp()
        (self.room / "rules.d").mkdir()
        names = {
            "rules": "rules.d",
            "log_file": "log/audit.log",
            "control_socket": "control.sock",
            "message_socket": "message.sock",
        }
        settings = self.room / "tracer.toml"
        settings.write_text("".join(f'{key} = "{self.room / name}"\n' for key, name in names.items()))
        self.environment = {"TRACER_CONFIG": str(settings)}
        os.environ.update(self.environment)
        self.addCleanup(os.environ.pop, "TRACER_CONFIG")

    def start(self):
        command = [os.environ["TRACER_BIN"], "daemon"]
        self.daemon = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
        self.addCleanup(self.daemon.stderr.close)
        self.addCleanup(self.daemon.wait)
        self.addCleanup(self.daemon.terminate)
        line = self.daemon.stderr.readline()
        while "ready" not in line:
            self.assertTrue(line, "the daemon has ended")
            line = self.daemon.stderr.readline()

    def test_nobody_answers(self):
        for call in (lambda: tracer.message("text"), tracer.status):
            with self.assertRaisesRegex(FileNotFoundError, "is `tracer daemon` running"):
                call()

    def test_messages(self):
        self.start()
        tracer.message("backup begins")
        self.assertIn("serial", json.dumps(tracer.status()))
        fd = audit.audit_open()
        audit.audit_log_user_message(fd, audit.AUDIT_USER, "op=mine", "there", "192.0.2.1", "/dev/tty9", 1)
        audit.audit_log_acct_message(fd, audit.AUDIT_ADD_USER, "me", "add-user", "ana", 0, None, None, None, 0)
        audit.audit_log_user_command(fd, audit.AUDIT_USER_CMD, "ls -l", None, 1)
        audit.audit_close(fd)
        log = self.room / "log/audit.log"
        until(lambda: "USER_CMD" in log.read_text(), "the messages")
        types = [event.type for event in tracer.search(log) if event.pid == os.getpid()]
        self.assertEqual(types, ["USER", "USER", "ADD_USER", "USER_CMD"])
        self.assertIn("msg='text=backup begins ", log.read_text())
        mine = [event.records[0].fields["text"] for event in tracer.search(log) if event.pid == os.getpid()][1:]
        self.assertEqual(
            [re.sub(r"terminal=\S+", "terminal=T", bytes.fromhex(text).decode()) for text in mine],
            [
                "op=mine hostname=there addr=192.0.2.1 terminal=T res=success",
                'op=add-user acct="ana" hostname=? addr=? terminal=T res=failed',
                f'cwd="{os.getcwd()}" cmd=6C73202D6C hostname=? addr=? terminal=T res=success',
            ],
        )

    def test_what_there_is_not(self):
        with self.assertRaisesRegex(NotImplementedError, "tracer rules"):
            audit.audit_add_watch
        with self.assertRaises(AttributeError):
            audit.no_such_thing


if __name__ == "__main__":
    unittest.main()
