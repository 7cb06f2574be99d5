#!/bin/bash
# pyinotify 0.9.6 (PyPI; imports on Python 3.11 and earlier), add_watch(..., IN_CLOSE_WRITE, rec=True, auto_add=True):
# one would think that a program which asks for IN_CLOSE_WRITE gets IN_CLOSE_WRITE. With auto_add it gets an IN_CREATE
# of every file and directory too, and of a file written in a new directory before that was watched a made-up
# IN_CREATE, and never the IN_CLOSE_WRITE that was asked for. A directory that is moved in is not watched, and not told.
#
# Seen: "IN_CREATE|IN_ISDIR a", "IN_CREATE a/f" and no IN_CLOSE_WRITE of it; "IN_CREATE plain", "IN_CLOSE_WRITE plain";
# nothing of m/g.
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

top = sys.argv[1]
tree, outside = os.path.join(top, "tree"), os.path.join(top, "outside")
os.makedirs(tree)
os.makedirs(os.path.join(outside, "m"))
seen = []


class Keep(pyinotify.ProcessEvent):
    def process_default(self, event):
        seen.append("%s %s" % (event.maskname, os.path.relpath(event.pathname, tree)))
        print(seen[-1], flush=True)


manager = pyinotify.WatchManager()
notifier = pyinotify.Notifier(manager, Keep())
manager.add_watch(tree, pyinotify.IN_CLOSE_WRITE, rec=True, auto_add=True)


def write(*path):
    open(os.path.join(tree, *path), "w").close()


def all_until(line):
    """The kernel queues events in order: what was before this one has been read when it has."""
    while line not in seen:
        assert notifier.check_events(20000), "no event: " + line
        notifier.read_events()
        notifier.process_events()


os.mkdir(os.path.join(tree, "a"))
write("a", "f")
write("plain")
all_until("IN_CLOSE_WRITE plain")
os.rename(os.path.join(outside, "m"), os.path.join(tree, "m"))
write("m", "g")
write("last")
all_until("IN_CLOSE_WRITE last")
ok = (
    "IN_CREATE|IN_ISDIR a" in seen
    and "IN_CREATE a/f" in seen
    and "IN_CREATE plain" in seen
    and "IN_CLOSE_WRITE a/f" not in seen
    and not [line for line in seen if " m" in line]
)
sys.exit(0 if ok else 1)
PY
"$dir/venv/bin/python" "$dir/watch.py" "$dir/work"
