#!/bin/bash
# watchdog 6.0.0 (PyPI), recursive observer on Linux: a directory that is moved into the watched tree is told, and
# what lies in it at that moment is told as "created" (synthetic). One would think that it is watched from then on, as a
# directory that is made there is. It is not: nothing that happens in it later is ever told.
#
# Seen: "created m", "created m/before"; no event of m/after. In a directory that was made in place: "created made/after".
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
python3 -m venv "$dir/venv"
"$dir/venv/bin/pip" --quiet --disable-pip-version-check install watchdog==6.0.0
cat >"$dir/watch.py" <<'PY'
import os, sys, threading
from watchdog.observers.inotify import InotifyObserver
from watchdog.events import FileSystemEventHandler

top = sys.argv[1]
tree, outside = os.path.join(top, "tree"), os.path.join(top, "outside")
os.makedirs(tree)
os.makedirs(os.path.join(outside, "m"))
open(os.path.join(outside, "m", "before"), "w").close()
seen, change = set(), threading.Condition()


class Keep(FileSystemEventHandler):
    def on_any_event(self, event):
        line = "%s %s" % (event.event_type, os.path.relpath(event.src_path, tree))
        with change:
            if line not in seen:
                print(line, flush=True)
            seen.add(line)
            change.notify_all()


def wait_for(line):
    with change:
        assert change.wait_for(lambda: line in seen, 20), "no event: " + line


observer = InotifyObserver()
observer.schedule(Keep(), tree, recursive=True)
observer.start()
os.mkdir(os.path.join(tree, "made"))
wait_for("created made")
os.rename(os.path.join(outside, "m"), os.path.join(tree, "m"))
wait_for("created m/before")
open(os.path.join(tree, "m", "after"), "w").close()
open(os.path.join(tree, "made", "after"), "w").close()
wait_for("created made/after")
# What comes later than this has passed everything that was before it.
open(os.path.join(tree, "last"), "w").close()
wait_for("created last")
observer.stop()
observer.join()
told = [line for line in seen if line.endswith("m/after")]
print("events of m/after:", told)
sys.exit(1 if told else 0)
PY
"$dir/venv/bin/python" "$dir/watch.py" "$dir/work"
