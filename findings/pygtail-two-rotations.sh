#!/bin/bash
# pygtail 0.14.0 (PyPI), which reads what is new in a log each time that it is run, and "will even handle log files that
# have been rotated": it remembers the inode. One would think that it finds the file that it was reading by that, among
# the rotated ones beside it. It looks at the newest only. If auditd has rotated twice since, the rest of the one file and
# the whole of the other are passed over, though both are there (auditd keeps five): records are lost when there are many.
# All that it says is "log file was rotated to unknown location".
#
# Seen, of records 1 to 8 with rotations behind 4 and 6, read once after 2 and once at the end: 1, 2; 7, 8. With one
# rotation: all.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
python3 -m venv env
env/bin/pip --quiet --disable-pip-version-check install pygtail==0.14.0
cat >follow.py <<'PY'
import os, re, sys
from pygtail import Pygtail


def record(log, *serials):
    with open(log, "a") as out:
        for serial in serials:
            out.write(f"type=TEST msg=audit(1700000000.000:{serial}): a=1\n")


def rotate(log):
    """As auditd does: audit.log.1 is the newest."""
    for number in (2, 1):
        if os.path.exists(f"{log}.{number}"):
            os.rename(f"{log}.{number}", f"{log}.{number + 1}")
    os.rename(log, f"{log}.1")


def read(log):
    return [int(re.search(r":(\d+)\)", line).group(1)) for line in Pygtail(log)]


record("one.log", 1, 2)
one = read("one.log")
record("one.log", 3, 4)
rotate("one.log")
record("one.log", 5, 6)
one += read("one.log")
print("one rotation:", one)

record("two.log", 1, 2)
two = read("two.log")
record("two.log", 3, 4)
rotate("two.log")
record("two.log", 5, 6)
rotate("two.log")
record("two.log", 7, 8)
two += read("two.log")
print("two rotations:", two, "beside them:", sorted(name for name in os.listdir() if name.startswith("two.log.") and name[-1].isdigit()))
sys.exit(0 if one == [1, 2, 3, 4, 5, 6] and two == [1, 2, 7, 8] else 1)
PY
env/bin/python follow.py
