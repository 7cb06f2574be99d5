"""tracer.compat.auparse beside python3-audit's auparse, call by call, on the same logs."""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

import auparse as theirs
from tracer.compat import auparse as ours

#: What auditd wrote, and what tracer writes.
LOGS = [pathlib.Path(os.environ["LOGS"]) / "audit-reference/audit.log"]
BOTH = (theirs, ours)

#: Something of every kind.
CALLS = """
import os, socket, subprocess
open("one", "w").close(); os.chmod("one", 0o600); os.rename("one", b"caf\\xe9 1"); os.unlink(b"caf\\xe9 1")
os.mkdir("dir"); os.symlink("dir", "link"); os.unlink("link"); os.rmdir("dir")
subprocess.call(["sh", "-c", "exit 3", "an argument", "another"])
socket.socket().bind(("127.0.0.1", 0))
try: open("/no/such")
except OSError: pass
"""


def setUpModule():
    room = tempfile.mkdtemp()
    unittest.addModuleCleanup(shutil.rmtree, room)
    log = pathlib.Path(room, "own.log")
    command = [os.environ["TRACER_BIN"], "trace", "--format", "audit", "-o", log, "--", sys.executable, "-c", CALLS]
    subprocess.run(command, check=True, cwd=room, stderr=subprocess.DEVNULL)
    LOGS.append(log)


def called(call, *args):
    """What a call gives, or the kind of its exception. What is no UTF-8 is one for the real binding."""
    try:
        told = call(*args)
        if isinstance(told, str):
            told.encode()
        return told
    except UnicodeError:
        return "no UTF-8"
    except (LookupError, OSError, RuntimeError, ValueError) as error:
        return type(error).__name__


def fields(parser):
    """Every field of a record, by every call that tells of one."""
    told = []
    more = parser.first_field()
    while more:
        name = called(parser.get_field_name)
        # What the fields of tracer's own record mean, only tracer knows.
        own = name.startswith("tr_")
        told.append(
            (
                name,
                called(parser.get_field_str),
                own or parser.get_field_type(),
                called(parser.get_field_int),
                own or called(parser.interpret_field),
                called(parser.interpret_sock_family),
                called(parser.interpret_sock_port),
                called(parser.interpret_sock_address),
            )
        )
        more = parser.next_field()
    return told


def records(parser):
    """Every record of an event."""
    told = []
    more = parser.first_record()
    while more:
        told.append(
            (
                parser.get_type(),
                parser.get_type_name(),
                parser.get_line_number(),
                parser.get_filename(),
                parser.get_num_fields(),
                called(parser.get_record_text),
                fields(parser),
            )
        )
        more = parser.next_record()
    return told


def stamp(parser):
    time = parser.get_timestamp()
    return time and (time.sec, time.milli, time.serial, time.host, str(time))


def walk(parser):
    """Everything that is told of every event."""
    while parser.parse_next_event():
        yield stamp(parser), parser.get_num_records(), records(parser)
    yield "end", stamp(parser), called(parser.get_type), called(parser.get_type_name), called(parser.get_field_name)


def differences(real, own):
    """Pairs of what differs in two nested answers."""
    if isinstance(real, (list, tuple)) and type(real) is type(own) and len(real) == len(own):
        return [pair for one, other in zip(real, own) for pair in differences(one, other)]
    return [] if real == own else [(real, own)]


def is_more(real, own):
    """Does tracer know more of a value than libauparse 3.0.9? (docs/python.md)"""
    if not isinstance(real, (str, int)) or not own:
        return False
    unknown = re.fullmatch(r"no UTF-8|0x[0-9a-f]+|unknown-syscall\W*\d+\W*", str(real))
    # What drives a terminal is escaped, the last one of ASCII, too.
    return bool(unknown) or (real, own) in MORE or str(real).replace("\x7f", r"\177") == own


#: Names of calls as the kernel has them. Of mknod(2) tracer knows the kind of the file. libauparse takes the octal flags of an OPENAT2 record for hexadecimal, and its mode for one with a file type.
MORE = {
    ("IGPWR", "SIGPWR"),
    ("pread", "pread64"),
    ("pwrite", "pwrite64"),
    ("0644", "socket,644"),
    ("O_WRONLY|O_NOCTTY", "O_WRONLY|O_CREAT"),
    (r"O_WRONLY\|O_NOCTTY", r"O_WRONLY\|O_CREAT"),
    ("000,644", "0644"),
    (theirs.AUPARSE_TYPE_MODE, theirs.AUPARSE_TYPE_MODE_SHORT),
}


class Walk(unittest.TestCase):

    def same(self, *args, escape=None, setup=None, tell=walk):
        """Both tell the same of a source, and something."""
        told = []
        for module in BOTH:
            parser = module.AuParser(*args)
            if escape is not None:
                parser.set_escape_mode(escape)
            if setup:
                setup(parser)
            told.append(list(tell(parser)))
        for number, (real, own) in enumerate(zip(*told)):
            wrong = [pair for pair in differences(real, own) if not is_more(*pair)]
            self.assertEqual(wrong, [], f"event {number}")
        self.assertEqual(len(told[0]), len(told[1]))
        return told[0]

    def test_files(self):
        for log in LOGS:
            with self.subTest(log=log):
                self.assertGreater(len(self.same(theirs.AUSOURCE_FILE, str(log))), 10)

    def test_escapes(self):
        for mode in range(4):
            with self.subTest(mode=mode):
                self.same(theirs.AUSOURCE_FILE, str(LOGS[0]), escape=mode)

    def test_several_files(self):
        names = [str(log) for log in LOGS]
        self.same(theirs.AUSOURCE_FILE_ARRAY, names)

    def test_buffers(self):
        text = LOGS[0].read_text()
        self.same(theirs.AUSOURCE_BUFFER, text)
        self.same(theirs.AUSOURCE_BUFFER_ARRAY, text.splitlines(keepends=True))

    def test_open_files(self):
        for log in LOGS:
            told = []
            for module in BOTH:
                with open(log) as file:
                    source = module.AUSOURCE_DESCRIPTOR, os.dup(file.fileno())
                    told.append([event[:2] for event in walk(module.AuParser(*source))])
            self.assertEqual(*told)

    def test_real_paths(self):
        # Asked first: the real one gives again what it has given of a field before.
        def tell(parser):
            while parser.parse_next_event():
                more = parser.first_record()
                while more:
                    parser.first_field()
                    name = parser.find_field("name") if parser.get_type_name() == "PATH" else None
                    # The real one does not go up for a `..` that is the last part.
                    yield name and (name.endswith('.."') or called(parser.interpret_realpath))
                    more = parser.next_record()

        self.same(theirs.AUSOURCE_FILE, str(LOGS[0]), tell=tell)

    def test_constants(self):
        for name in dir(theirs):
            if name.isupper() and not name.startswith("AUPARSE_TYPE_MACPROTO"):
                self.assertEqual(getattr(theirs, name), getattr(ours, name), name)

    def test_feed(self):
        def tell(parser):
            told = []

            def ready(parser, kind, data):
                data.append((kind, stamp(parser), records(parser)))

            parser.add_callback(ready, told)
            text = LOGS[0].read_text()
            for at in range(0, len(text), 777):
                parser.feed(text[at : at + 777])
            parser.flush_feed()
            told.append(parser.feed_has_data())
            return told

        self.assertGreater(len(self.same(theirs.AUSOURCE_FEED, tell=tell)), 100)

    def test_reset(self):
        def tell(parser):
            for _ in range(5):
                parser.parse_next_event()
            parser.reset()
            return walk(parser)

        self.same(theirs.AUSOURCE_FILE, str(LOGS[0]), tell=tell)

    def test_find_field(self):
        def tell(parser):
            while parser.parse_next_event():
                for name in ("type", "uid", "name", "key", "exe", "cwd", "none-of-it"):
                    parser.first_record()
                    yield parser.find_field(name), called(parser.get_type)
                    parser.first_record()
                    parser.next_field()
                    found = parser.find_field(name)
                    while found is not None:
                        yield found, parser.get_type_name(), called(parser.interpret_field)
                        found = parser.find_field_next()

        # The real one raises an OSError when something before it left an error number.
        def patient(parser):
            told = []
            try:
                for one in tell(parser):
                    told.append(one)
            except OSError:
                told.append("error")
            return told

        self.same(theirs.AUSOURCE_FILE, str(LOGS[0]), tell=patient)

    def test_records_by_number(self):
        def tell(parser):
            while parser.parse_next_event():
                for number in (0, 2, 1, 99, 0):
                    yield parser.goto_record_num(number), parser.get_type(), called(parser.get_field_name)

        self.same(theirs.AUSOURCE_FILE, str(LOGS[0]), tell=tell)

    def found(self, setup):
        def tell(parser):
            while parser.search_next_event():
                yield stamp(parser), parser.get_type(), called(parser.get_field_name), called(parser.get_field_str)

        return self.same(theirs.AUSOURCE_FILE, str(LOGS[0]), setup=setup, tell=tell)

    def test_search(self):
        clear, either, both = theirs.AUSEARCH_RULE_CLEAR, theirs.AUSEARCH_RULE_OR, theirs.AUSEARCH_RULE_AND
        setups = {
            "raw": lambda p: p.search_add_item("uid", "=", "0", clear),
            "other": lambda p: p.search_add_item("success", "!=", "yes", clear),
            "exists": lambda p: p.search_add_item("cwd", "exists", "", clear),
            "means": lambda p: p.search_add_interpreted_item("syscall", "=", "unlink", clear),
            "or": lambda p: (
                p.search_add_interpreted_item("syscall", "=", "unlink", clear),
                p.search_add_interpreted_item("syscall", "=", "rename", either),
                p.search_add_item("success", "=", "yes", both),
            ),
            "regex": lambda p: p.search_add_regex("nametype=(CREATE|DELETE)"),
            "time": lambda p: p.search_add_timestamp_item(">=", 1795377008, 0, clear),
        }
        for text in (
            r'\record_type == SYSCALL && uid == 0',
            r'!(syscall i= unlink) && \record_type == "SYSCALL"',
            r'uid r= "0" || name i!= "x"',
            r'\timestamp >= ts:1795377008.100',
            r'\regexp "nametype=PARENT"',
            r'auid > 1000 && success i= yes',
        ):
            setups[text] = lambda p, text=text: p.search_add_expression(text, clear)
        for name, setup in setups.items():
            for stop in range(3):
                with self.subTest(name=name, stop=stop):
                    self.assertTrue(self.found(lambda p: (setup(p), p.search_set_stop(stop))))

    def test_wrong(self):
        for module in BOTH:
            with self.subTest(module=module.__name__):
                parser = module.AuParser(module.AUSOURCE_FILE, str(LOGS[0]))
                self.assertRaises(OSError, module.AuParser, module.AUSOURCE_FILE, "/no/such/log")
                self.assertRaises(ValueError, module.AuParser, 99)
                self.assertRaises(ValueError, module.AuParser, module.AUSOURCE_FEED, "x")
                self.assertRaises(OSError, parser.search_next_event)
                self.assertRaises(OSError, parser.search_add_item, "a", "~", "b", 0)
                self.assertRaises(OSError, parser.search_add_item, "a", "=", "b", 7)
                self.assertRaises(ValueError, parser.search_set_stop, 5)
                self.assertRaises(RuntimeError, parser.get_num_records)
                self.assertRaises(RuntimeError, parser.get_line_number)
                self.assertRaises(TypeError, parser.goto_record_num, "x")
                for wrong in ("a ==", "(a r= b", "\\nothing == 1", "a == 1", "a b c", '"a', "a r= b )"):
                    with self.assertRaises(OSError, msg=wrong):
                        parser.search_add_expression(wrong, 0)

    def test_times_compare(self):
        parser = ours.AuParser(ours.AUSOURCE_FILE, str(LOGS[0]))
        parser.parse_next_event()
        first = parser.get_timestamp()
        while not parser.get_timestamp() > first:
            self.assertTrue(parser.parse_next_event())
        second = parser.get_timestamp()
        self.assertTrue(first < second and first == first and second > first and first != second)
        self.assertEqual(len({first, second, first}), 2)
        with self.assertRaises(TypeError):
            first < 1


class Own(unittest.TestCase):
    """What the real one cannot: docs/python.md."""

    def test_search_for_one_event(self):
        parser = ours.AuParser(ours.AUSOURCE_FILE, str(LOGS[0]))
        parser.parse_next_event()
        parser.parse_next_event()
        wanted = parser.get_timestamp()
        parser.reset()
        parser.search_add_timestamp_item_ex("=", wanted.sec, wanted.milli, wanted.serial, 0)
        self.assertTrue(parser.search_next_event())
        self.assertEqual(parser.get_timestamp(), wanted)
        self.assertFalse(parser.search_next_event())

    def test_a_callback_that_raises(self):
        seen = []

        def ready(parser, kind, data):
            seen.append(parser.get_timestamp().serial)
            if len(seen) == 2:
                raise KeyError("mine")

        parser = ours.AuParser(ours.AUSOURCE_FEED)
        parser.add_callback(ready, None)
        lines = "".join(f"type=USER msg=audit(1.000:{n}): pid=1\n" for n in range(1, 6))
        with self.assertRaises(KeyError):
            parser.feed(lines)
        parser.feed("")
        parser.flush_feed()
        self.assertEqual(seen, [1, 2, 3, 4, 5])

    def test_any_bytes(self):
        line = b'type=USER msg=audit(1.000:1): text="\xff\xfe" pid=1\n'
        parser = ours.AuParser(ours.AUSOURCE_BUFFER, line)
        self.assertTrue(parser.parse_next_event())
        text = parser.find_field("text")
        self.assertEqual(os.fsencode(text), b'"\xff\xfe"')

    def test_a_pipe_is_read_as_it_comes(self):
        reader, writer = os.pipe()
        parser = ours.AuParser(ours.AUSOURCE_DESCRIPTOR, reader)
        for serial in (1, 2):
            os.write(writer, f"type=USER msg=audit(1.000:{serial}): pid=1\n".encode())
            self.assertTrue(parser.parse_next_event())
            self.assertEqual(parser.get_timestamp().serial, serial)
        os.close(writer)
        self.assertFalse(parser.parse_next_event())
        os.close(reader)


if __name__ == "__main__":
    unittest.main()
