#!/bin/bash
# pyinotify 0.9.6 (PyPI; imports on Python 3.11 and earlier): names of files are bytes, and one would think that a file
# whose name is no UTF-8 is told with the bytes in some form, as os.listdir() does, or at most not told itself.
# read_events() raises UnicodeDecodeError, and by then has taken everything that the kernel had from the descriptor: what
# comes behind that name is gone, too. loop() ends with the error; a program that catches it and goes on never hears of
# the other files, and nothing says so.
#
# Seen, of three files that are made, "one", "caf\xe9" (ISO 8859-1) and "two": "raised UnicodeDecodeError", then
# "nothing is left to read", "told: ['one']". With the names "one", "cafe", "two": "told: ['one', 'cafe', 'two']".
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python=$(command -v python3.11 || command -v python3.10 || command -v python3.9 || true)
[ -n "$python" ] || { echo "needs Python 3.9 to 3.11: pyinotify imports asyncore, which 3.12 does not have" >&2; exit 2; }
"$python" -m venv "$dir/venv"
"$dir/venv/bin/pip" --quiet --disable-pip-version-check install pyinotify==0.9.6
cat >"$dir/watch.py" <<'PY'
import os, sys
import pyinotify

top, middle = sys.argv[1].encode(), eval(sys.argv[2])
os.mkdir(top)
told = []


class Keep(pyinotify.ProcessEvent):
    def process_IN_CREATE(self, event):
        told.append(event.name)


manager = pyinotify.WatchManager()
notifier = pyinotify.Notifier(manager, Keep())
manager.add_watch(top.decode(), pyinotify.IN_CREATE)
for name in (b"one", middle, b"two"):
    open(os.path.join(top, name), "w").close()
# inotify(7) queues an event before open(2) returns: all three are there.
while notifier.check_events(0):
    try:
        notifier.read_events()
    except UnicodeDecodeError as error:
        print("raised", type(error).__name__)
    notifier.process_events()
print("nothing is left to read")
print("told:", told)
PY
seen=$("$dir/venv/bin/python" "$dir/watch.py" "$dir/a" 'b"caf\xe9"'; "$dir/venv/bin/python" "$dir/watch.py" "$dir/b" 'b"cafe"')
echo "$seen"
wanted="raised UnicodeDecodeError
nothing is left to read
told: ['one']
nothing is left to read
told: ['one', 'cafe', 'two']"
[ "$seen" = "$wanted" ] || { echo "not what was seen before" >&2; exit 1; }
