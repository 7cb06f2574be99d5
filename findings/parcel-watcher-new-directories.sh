#!/bin/bash
# @parcel/watcher 2.6.0 (npm; inotify backend): subscribe() is recursive, and by its README a "create" comes for what is
# made. One would think that a directory which is copied, unpacked or moved into the tree is told with its files, and is
# watched from then on. Of a tree that was made before its watch was there only the top is told, and of one that was moved
# in only the top, always; directories below a moved one stay unwatched. After a rename, what is below a directory of the
# renamed one is told under a path that does not exist.
#
# Seen: "create made", "create moved" and nothing of made/sub/file, moved/before and moved/sub/later (written when
# "moved" had been told); for renamed/sub/later "create old/sub/later".
set -euo pipefail
dir=$(mktemp -d)
watcher=
trap '[ -z "$watcher" ] || kill "$watcher" || true; rm -rf "$dir"' EXIT
cd "$dir"
echo '{"private": true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts @parcel/watcher@2.6.0
mkdir -p tree/old/sub outside/moved/sub
touch outside/moved/before
cat >watch.mjs <<'JS'
import fs from "node:fs";
import path from "node:path";
import watcher from "@parcel/watcher";

const tree = fs.realpathSync("tree");
await watcher.subscribe(tree, (error, events) => {
  if (error) throw error;
  for (const event of events) console.log(event.type, path.relative(tree, event.path));
});
console.log("ready");
JS
node watch.mjs >told &
watcher=$!
until_told() {
    for _ in $(seq 300); do
        ! grep -qx "$1" told || return 0
        sleep 0.1
    done
    echo "not told: $1" >&2
    exit 2
}
until_told ready
# As if the watching program were busy for a moment: the tree is whole before its watch can be there.
kill -STOP "$watcher"
mkdir -p tree/made/sub
touch tree/made/sub/file
mv outside/moved tree/moved
mv tree/old tree/renamed
kill -CONT "$watcher"
until_told "create renamed"
touch tree/moved/sub/later tree/renamed/sub/later tree/last
until_told "create last"
sort told
grep -qx "create made" told && grep -qx "create moved" told && grep -qx "create old/sub/later" told &&
    ! grep -qE " (made|moved|renamed)/" told
