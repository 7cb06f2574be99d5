#!/bin/bash
# tail 2.2.6 (npm), new Tail(file): its option follow, "simulate tail -F", is on. One would think that it goes on at the
# beginning of the new file when a log is rotated by renaming, as auditd rotates its own. It goes on a second later at the
# place where it was in the old one; what comes next only moves it to the end of the new file, and is lost with all before.
# If the file is named without its directory, it stays with the old one for ever. It says nothing of either.
#
# Seen, of records 1 to 6 with a rotation behind 2: 1 2 6, and by the name alone 1 2. GNU tail -F has all six.
set -euo pipefail
dir=$(mktemp -d)
followers=
trap '[ -z "$followers" ] || kill $followers || true; rm -rf "$dir"' EXIT
cd "$dir"
echo '{"private": true}' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts tail@2.2.6
cat >follow.cjs <<'JS'
const { Tail } = require("tail");
const tail = new Tail(process.argv[2]);
tail.on("line", (line) => console.log(line));
tail.on("error", (error) => console.log(`error: ${error}`));
JS
record() {
    echo "type=TEST msg=audit(1700000000.000:$1): a=1" >>audit.log
}
# The old file is the larger one.
for _ in $(seq 50); do record 0; done
node follow.cjs "$dir/audit.log" >path.told &
followers="$!"
node follow.cjs audit.log >name.told &
followers="$followers $!"
tail -n 0 -F audit.log >gnu.told 2>gnu.errors &
followers="$followers $!"
# Writes a record until all of these have told it.
until_told() {
    local serial=$1
    shift
    for _ in $(seq 120); do
        record "$serial"
        sleep 0.5
        [ "$(grep -l ":$serial)" "$@" | wc -l)" != $# ] || return 0
    done
    echo "not told: $serial" >&2
    exit 2
}
serials() {
    grep -oE ':[0-9]+\)' "$1" | tr -dc '0-9\n' | sort -nu | paste -sd ' '
}
until_told 1 path.told name.told gnu.told
until_told 2 path.told name.told gnu.told
mv audit.log audit.log.1
record 3
record 4
# Longer than the second after which it watches again.
sleep 4
record 5
sleep 1
until_told 6 path.told gnu.told
for told in path name gnu; do echo "$told: $(serials $told.told)"; done
! grep -q error path.told name.told &&
    [ "$(serials path.told)" = "1 2 6" ] && [ "$(serials name.told)" = "1 2" ] && [ "$(serials gnu.told)" = "1 2 3 4 5 6" ]
