#!/bin/bash
# fswatch 1.14.0 (Debian 12), inotify monitor, -r: one would think that what happens in a directory after it was renamed
# inside the watched tree is told under its new name, or at worst under the old one. A file right in it is told as if it
# were in the root directory, an absolute path that a script may act on; one that is deeper under the old name. The true
# paths are never told.
#
# Seen, after "mv tree/old tree/new" was told: the new file tree/new/f is "/f", and tree/new/sub/g is "tree/old/sub/g".
set -euo pipefail
dir=$(mktemp -d)
watcher=
trap '[ -z "$watcher" ] || kill "$watcher" || true; rm -rf "$dir"' EXIT
cd "$dir"
chmod 755 .
apt-get -qq download fswatch=1.14.0+repack-13.1+b1 2>/dev/null
dpkg -x fswatch_*.deb root
LD_LIBRARY_PATH=$(dirname "$(find "$dir/root" -name libfswatch.so.11)")
export LD_LIBRARY_PATH
root/usr/bin/fswatch --version | sed -n 1p
mkdir -p tree/old/sub
root/usr/bin/fswatch -r --event Created "$dir/tree" >told &
watcher=$!
marks=0
# What comes later than all that is of interest has been told when this returns.
all_told() {
    local before
    before=$(wc -l <told)
    for _ in $(seq 150); do
        marks=$((marks + 1))
        : >"tree/mark-$marks"
        sleep 0.2
        ! tail -n "+$((before + 1))" told | grep -q /tree/mark- || return 0
    done
    echo "fswatch tells nothing" >&2
    exit 2
}
all_told
mv tree/old tree/new
all_told
touch tree/new/f tree/new/sub/g
all_told
sed "s#^$dir/##" told | grep -v mark- | tee seen
grep -qx /f seen && grep -qx tree/old/sub/g seen && ! grep -q ^tree/new/ seen
