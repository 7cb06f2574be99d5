#!/bin/bash
# watchpack 2.6.4 (npm; what webpack watches with): "directories" are watched with all that is below. One would think that
# a directory which takes the place of another one under the same name, as a checkout or a deployment makes it, is told
# and watched like the one before. If the program is busy for that moment, as it is while it builds, it is not: neither
# the change nor what is written in the new directory later, for good.
#
# Seen, after "mv lib ../was; mv ../next lib": nothing of lib, nor of lib/module and lib/new, which are written again and
# again; tree/beside and tree/other/module are told.
set -euo pipefail
dir=$(mktemp -d)
watcher=
trap '[ -z "$watcher" ] || kill "$watcher" || true; rm -rf "$dir"' EXIT
cd "$dir"
echo '{"private": true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts watchpack@2.6.4
mkdir -p tree/lib tree/other next
touch tree/lib/module tree/other/module next/module
cat >watch.mjs <<'JS'
import path from "node:path";
import Watchpack from "watchpack";

const watchpack = new Watchpack({ aggregateTimeout: 20 });
watchpack.watch({ directories: [path.resolve("tree")], startTime: Date.now() });
watchpack.on("change", (file) => console.log("change", path.relative("", file)));
watchpack.on("remove", (file) => console.log("remove", path.relative("", file)));
JS
node watch.mjs >>told &
watcher=$!
# Writes the file until that is told.
until_told() {
    for _ in $(seq 60); do
        date +%N >"$1"
        ! grep -qx "change $1" told || return 0
        sleep 0.5
    done
    echo "not told: $1" >&2
    exit 2
}
until_told tree/lib/module
until_told tree/other/module
: >told
kill -STOP "$watcher"
mv tree/lib was
mv next tree/lib
kill -CONT "$watcher"
until_told tree/beside
date +%N >tree/lib/module
touch tree/lib/new
: >told
until_told tree/other/module
date +%N >tree/lib/module
date +%N >tree/lib/new
until_told tree/beside
until_told tree/other/module
sort -u told
! grep -q tree/lib told
