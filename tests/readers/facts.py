"""What a reader of audit logs in Python makes of a log, one JSON object an event (plaso: a record).

usage: facts.py READER PACKAGES LOG

Strings are bytes as Latin-1. PACKAGES is the directory in which msticpy and plaso are, which are not installed: their
packages import everything that they have, and this needs one module of each.
"""

import importlib
import json
import os
import sys
import types


def only(names, packages):
    """Packages whose __init__ is not run."""
    for name in names:
        module = types.ModuleType(name)
        module.__path__ = [os.path.join(packages, *name.split("."))]
        sys.modules[name] = module


def text(value):
    return value.encode("utf-8", "surrogateescape").decode("latin-1")


def tell(**facts):
    print(json.dumps(facts))


def python3_audit(_, log):
    import auparse

    parser = auparse.AuParser(auparse.AUSOURCE_FILE, log)
    parser.set_escape_mode(auparse.AUPARSE_ESC_RAW)
    while parser.parse_next_event():
        event = {"records": 0, "argv": {}, "paths": [], "types": []}
        parser.first_record()
        more = True
        while more:
            event["records"] += 1
            kind = parser.get_type_name()
            event["types"].append(kind)
            parser.first_field()
            field = True
            while field:
                name, value = parser.get_field_name(), parser.interpret_field()
                if kind == "EXECVE" and name[0] == "a" and name[1:2].isdigit():
                    event["argv"][name] = text(value)
                elif kind == "PATH" and name == "name":
                    event["paths"].append(text(value))
                elif kind == "PROCTITLE" and name == "proctitle":
                    event["title"] = text(value)
                elif kind == "SOCKADDR" and name == "saddr":
                    event["address"] = text(value)
                field = parser.next_field()
            more = parser.next_record()
        tell(serial=parser.get_timestamp().serial, **event)


def msticpy(packages, log):
    only(["msticpy", "msticpy.transform", "msticpy.common", "msticpy.analysis"], packages)
    module = importlib.import_module("msticpy.transform.auditdextract")
    frame = module.read_from_file(log)
    for _, row in frame.iterrows():
        row = {key: value for key, value in row.items() if value == value and value is not None}
        known = {key: text(row[key]) for key in ("cmdline", "proctitle", "comm") if key in row}
        tell(time=row["mssg_id"], kind=row["EventType"], **known)


def plaso(packages, log):
    only(["plaso.parsers", "plaso.parsers.text_plugins"], packages)
    sys.path.insert(0, packages)
    selinux = importlib.import_module("plaso.parsers.text_plugins.selinux")

    class Mediator:
        """Takes what the parser makes."""

        def ProduceEventData(self, event):
            tell(
                serial=event.audit_serial,
                type=event.audit_type,
                pid=event.pid,
                exe=event.executable and text(event.executable),
                call=event.system_call,
                exit=event.exit_code,
            )

        def ProduceWarning(self, message):
            tell(warning=message)

        ProduceExtractionWarning = ProduceWarning

        def SampleMemoryUsage(self, *_):
            pass

        def __getattr__(self, name):
            # A switch that is off.
            return None

        def GetCodePage(self):
            return "utf-8"

    with open(log, "rb") as file:
        selinux.SELinuxTextPlugin().Process(Mediator(), file_object=file)


reader, packages, log = sys.argv[1:]
{"python3-audit": python3_audit, "msticpy": msticpy, "plaso": plaso}[reader](packages, log)
