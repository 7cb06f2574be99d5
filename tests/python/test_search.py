"""tracer.search, beside `tracer search` on the same log."""

import datetime
import json
import os
import pathlib
import subprocess
import tempfile
import threading
import unittest

import tracer

LOG = pathlib.Path(os.environ["LOGS"]) / "audit-reference/audit.log"


def printed(*args):
    """What the program finds, as JSON."""
    command = [os.environ["TRACER_BIN"], "search", "-if", LOG, "--format", "json", *args]
    # It fails where it finds nothing.
    output = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False).stdout
    return [json.loads(line) for line in output.splitlines()]


class Shared(unittest.TestCase):
    def test_two_threads_take_each_event_once(self):
        events, taken = tracer.search(LOG), []
        takes = [threading.Thread(target=lambda: taken.extend(event.serial for event in events)) for _ in range(2)]
        for one in takes:
            one.start()
        for one in takes:
            one.join()
        self.assertEqual(sorted(taken), sorted(event.serial for event in tracer.search(LOG)))

    def test_a_child_is_told_that_it_is_one(self):
        events = tracer.search(LOG)
        first = next(events).serial
        child = os.fork()
        if not child:
            try:
                next(events)
            except RuntimeError as error:
                os._exit(0 if "fork" in str(error) else 1)
            finally:
                os._exit(2)
        self.assertEqual(os.waitpid(child, 0)[1], 0)
        self.assertNotEqual(next(events).serial, first)


class Search(unittest.TestCase):
    def same(self, args, **conditions):
        found = [json.loads(event.json()) for event in tracer.search(LOG, **conditions)]
        self.assertEqual(found, printed(*args))
        return found

    def test_conditions(self):
        first = next(event for event in tracer.search(LOG, type="SYSCALL") if event.key)
        file = next(event.paths[0] for event in tracer.search(LOG, type="PATH") if event.paths)
        for args, conditions in (
            ((), {}),
            (("-k", first.key), {"key": first.key}),
            (("-k", first.key, "-w"), {"key": first.key, "word": True}),
            (("-sc", "openat"), {"syscall": "openat"}),
            (("-sv", "no"), {"success": False}),
            (("-p", str(first.pid)), {"pid": first.pid}),
            (("-c", first.comm), {"comm": first.comm}),
            (("-x", first.exe), {"exe": first.exe}),
            (("-ui", "0"), {"uid": 0}),
            (("-ui", "root"), {"uid": "root"}),
            (("-m", "EXECVE,CWD"), {"type": ["execve", "CWD"]}),
            (("-f", file), {"file": file}),
            (("-f", file), {"file": os.fsencode(file)}),
            (("-a", str(first.serial)), {"serial": first.serial}),
            (("--where", "exit < 0 and uid == 0"), {"where": "exit < 0 and uid == 0"}),
        ):
            with self.subTest(conditions=conditions):
                self.assertTrue(self.same(args, **conditions))

    def test_times(self):
        events = list(tracer.search(LOG))
        middle = events[len(events) // 2].time.replace(microsecond=0)
        later = list(tracer.search(LOG, start=middle))
        self.assertEqual([event.serial for event in later], [e.serial for e in events if e.time >= middle])
        for start in (middle.timestamp(), int(middle.timestamp()), middle.strftime("%Y-%m-%dT%H:%M:%S")):
            self.assertEqual(len(list(tracer.search(LOG, start=start))), len(later))
        before = tracer.search(LOG, end=middle - datetime.timedelta(seconds=1))
        self.assertEqual(len(list(before)) + len(later), len(events))

    def test_what_an_event_has(self):
        for event in tracer.search(LOG, syscall="unlink", success=True):
            as_json = json.loads(event.json())
            self.assertEqual(event.serial, as_json["serial"])
            self.assertEqual(event.time, datetime.datetime.fromisoformat(as_json["time"]))
            self.assertAlmostEqual(event.timestamp, event.time.timestamp(), 3)
            self.assertEqual([record.type for record in event.records], [r["type"] for r in as_json["records"]])
            call = event.records[0]
            self.assertEqual(call.fields["pid"], str(event.pid))
            self.assertEqual(call.means["syscall"], event.syscall)
            self.assertEqual((event.exit, event.arch, event.type), (0, "x86_64", "SYSCALL"))
            self.assertEqual(event.text.count("\n") + 1, len(event.records))
            self.assertTrue(event.paths and event.cwd and event.exe and event.keys == [event.key])
            break
        else:
            self.fail("there is none")

    def test_names_of_any_bytes(self):
        names = {name for event in tracer.search(LOG) for name in event.paths}
        self.assertTrue(any(os.fsencode(name).startswith(b"\xff\xfe") for name in names))

    def test_report(self):
        for by, option in (("key", "-k"), ("exe", "-x"), ("file", "-f"), ("syscall", "-s")):
            command = [os.environ["TRACER_BIN"], "report", "-if", LOG, option, "--summary", "-i"]
            text = subprocess.run(command, check=True, capture_output=True, encoding="utf-8", errors="replace").stdout
            rows = [line.split(maxsplit=1) for line in text.splitlines() if line[:1].isdigit()]
            told = tracer.report(LOG, by)
            self.assertEqual([count for _, count in told], [int(count) for count, _ in rows], by)
            self.assertEqual(told[0][0], rows[0][1])
        failed = tracer.report(LOG, "syscall", success=False)
        self.assertLess(sum(count for _, count in failed), sum(count for _, count in tracer.report(LOG, "syscall")))
        with self.assertRaisesRegex(ValueError, "give one of file"):
            tracer.report(LOG, "color")

    def test_several_logs_and_directories(self):
        count = len(list(tracer.search(LOG)))
        self.assertEqual(len(list(tracer.search([LOG, str(LOG)]))), 2 * count)
        self.assertEqual(len(list(tracer.search(LOG.parent))), count)
        self.assertEqual(len(list(tracer.search(LOG, threads=4))), count)

    def test_threads_of_python(self):
        events = tracer.search(LOG)
        counts = []
        threads = [threading.Thread(target=lambda: counts.append(sum(1 for _ in events))) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(sum(counts), len(list(tracer.search(LOG))))

    def test_it_can_be_left(self):
        for _ in range(50):
            next(tracer.search(LOG))

    def test_lines_that_are_no_records(self):
        with tempfile.NamedTemporaryFile("w", suffix=".log") as file:
            file.write("type=USER msg=audit(1.000:1): pid=7\nnothing\n\ntype=USER msg=audit(2.000:2): pid=8\n")
            file.flush()
            events = tracer.search(file.name)
            self.assertEqual([event.pid for event in events], [7, 8])
            self.assertGreater(events.malformed, 0)

    def test_wrong(self):
        for error, args, conditions in (
            (FileNotFoundError, ["/no/such/log"], {}),
            (TypeError, [7], {}),
            (TypeError, [LOG], {"kye": "x"}),
            (TypeError, [LOG], {"pid": "x"}),
            (TypeError, [LOG], {"success": "yes"}),
            (ValueError, [LOG], {"type": "SYSCAL"}),
            (ValueError, [LOG], {"where": "pid =="}),
            (ValueError, [LOG], {"start": "yesteday"}),
            (ValueError, [LOG], {"start": -1}),
            (TypeError, [LOG], {"start": []}),
            (KeyError, [LOG], {"uid": "nobody-has-this-name"}),
        ):
            with self.subTest(conditions=conditions), self.assertRaises(error) as raised:
                tracer.search(*args, **conditions)
            self.assertTrue(str(raised.exception))
        with self.assertRaisesRegex(ValueError, "did you mean `SYSCALL`"):
            tracer.search(LOG, type="SYSCAL")


if __name__ == "__main__":
    unittest.main()
