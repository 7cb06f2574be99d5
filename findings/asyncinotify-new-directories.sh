#!/bin/bash
# asyncinotify 4.4.4 (PyPI), RecursiveInotify.add_recursive_watch(path, mask): "automatically adds and removes
# subdirectories". One would think that a directory which is made later is watched for what was asked, as those are that
# were there. It is watched only for what the library itself needs to follow directories: a program that waits for
# CLOSE_WRITE or DELETE gets CREATE from there, which it did not ask for, and neither of the two. A directory that is
# renamed goes the same way.
#
# Seen, with CLOSE_WRITE|DELETE: "old/f CLOSE_WRITE", "old/f DELETE"; of made/f and renamed/f only "CREATE".
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
python3 -m venv env
env/bin/pip --quiet --disable-pip-version-check install asyncinotify==4.4.4
mkdir -p tree/old tree/before
cat >watch.py <<'PY'
import asyncio, os, pathlib, sys
from asyncinotify import Mask, RecursiveInotify

told = []


async def until(watcher, line):
    while line not in told:
        event = await asyncio.wait_for(watcher.get(), 20)
        if event.mask & Mask.ISDIR == 0 and event.mask & Mask.IGNORED == 0:
            kinds = "|".join(kind.name for kind in Mask if kind & event.mask and kind.value.bit_count() == 1)
            told.append(f"{event.path.relative_to('tree')} {kinds}")


def write_and_delete(name):
    path = pathlib.Path("tree", name)
    path.write_text("x")
    path.unlink()


async def main():
    with RecursiveInotify() as watcher:
        watcher.add_recursive_watch(pathlib.Path("tree"), Mask.CLOSE_WRITE | Mask.DELETE)
        os.mkdir("tree/made")
        os.rename("tree/before", "tree/renamed")
        write_and_delete("now")
        await until(watcher, "now DELETE")
        for directory in ("made", "renamed", "old"):
            write_and_delete(f"{directory}/f")
        await until(watcher, "old/f DELETE")
    lines = [line for line in told if "/" in line]
    print("\n".join(lines))
    of = {name: [line.split()[1] for line in lines if line.startswith(name)] for name in ("old", "made", "renamed")}
    wrong = of["made"] == ["CREATE"] and of["renamed"] == ["CREATE"]
    sys.exit(0 if wrong and of["old"][-2:] == ["CLOSE_WRITE", "DELETE"] else 1)


asyncio.run(main())
PY
env/bin/python watch.py
