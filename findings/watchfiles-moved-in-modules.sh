#!/bin/bash
# watchfiles 1.3.0 (PyPI), watch(tree, watch_filter=PythonFilter()), which says when Python files change: one would think
# that files which come into the tree, or go, with the directory that they are in are changes. Of a directory that is moved
# only itself is told, never a file in it, and the filter, which looks at the ends of names, drops that: a package that is
# renamed, installed or rolled back by mv changes nothing. Without the filter there is one line for the directory.
#
# Seen, for "mv tree/old tree/renamed" and "mv outside/moved tree/moved", each with a module in it: nothing with
# PythonFilter; without a filter "deleted old", "added renamed", "added moved". A module written in it later is told.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
python3 -m venv env
env/bin/pip --quiet --disable-pip-version-check install watchfiles==1.3.0
mkdir -p tree/old outside/moved
touch tree/old/module.py outside/moved/module.py
cat >watch.py <<'PY'
import os, pathlib, sys
from watchfiles import PythonFilter, watch

tree = pathlib.Path("tree").resolve()
python = PythonFilter()
seen = set()
steps = iter(
    [
        lambda: pathlib.Path("tree/start.py").touch(),
        lambda: (os.rename("tree/old", "tree/renamed"), os.rename("outside/moved", "tree/moved"), pathlib.Path("tree/next.py").touch()),
        lambda: (pathlib.Path("tree/moved/later.py").touch(), pathlib.Path("tree/last.py").touch()),
    ]
)
waits = iter(["start.py", "next.py", "last.py"])
wait = None
# An empty set comes every 200 ms, also when nothing has happened: the first one when all is watched.
for changes in watch(tree, watch_filter=None, step=20, debounce=100, rust_timeout=200, yield_on_timeout=True):
    for change, path in changes:
        seen.add((change, path))
    if wait is None or any(path.endswith("/" + wait) for _, path in seen):
        step = next(steps, None)
        if step is None:
            break
        wait = next(waits)
        step()


def line(change, path):
    return f"{change.raw_str()} {pathlib.Path(path).relative_to(tree)}"


everything = sorted(line(*one) for one in seen)
modules = sorted(line(*one) for one in seen if python(*one))
print("no filter:   ", ", ".join(everything))
print("PythonFilter:", ", ".join(modules))
ok = {"deleted old", "added renamed", "added moved"} <= set(everything) and not [one for one in everything if "module.py" in one]
sys.exit(0 if ok and modules == ["added last.py", "added moved/later.py", "added next.py", "added start.py"] else 1)
PY
env/bin/python watch.py
