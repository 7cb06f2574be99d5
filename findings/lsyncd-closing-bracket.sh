#!/bin/bash
# lsyncd 2.2.3 (Debian 12), which mirrors a directory by rsync: it hands rsync the names of what has changed as filter
# rules, and masks what rsync would take for a pattern. One would think that all names are mirrored then. It masks a
# closing bracket, too, and rsync takes the backslash for a part of the name where there is no pattern in it: a file with
# "]" and without "[", "*" or "?" in its name is not copied, and lsyncd's log says that it was, with exit code 0.
#
# Seen: "b[1]" and "c" are at the target, "a]" is not.
set -euo pipefail
dir=$(mktemp -d)
daemon=
trap '[ -z "$daemon" ] || { kill "$daemon" && wait "$daemon"; } || true; rm -rf "$dir"' EXIT
cd "$dir"
chmod 755 .
for package in lsyncd=2.2.3-1+b1 rsync liblua5.3-0 libpopt0 libxxhash0 liblz4-1 libzstd1; do
    apt-get -qq download "$package" 2>/dev/null
done
for package in *.deb; do dpkg -x "$package" root; done
LD_LIBRARY_PATH=$(dirname "$(find "$dir/root" -name liblua5.3.so.0)")
export LD_LIBRARY_PATH
mkdir source target
cat >lsyncd.lua <<LUA
settings { nodaemon = true, logfile = "$dir/log" }
sync { default.rsync, source = "$dir/source", target = "$dir/target", delay = 1,
    rsync = { binary = "$dir/root/usr/bin/rsync" } }
LUA
root/usr/bin/lsyncd --version
root/usr/bin/rsync --version | sed -n 1p
touch source/first
root/usr/bin/lsyncd lsyncd.lua >/dev/null &
daemon=$!
until_there() {
    for _ in $(seq 300); do
        [ ! -e "target/$1" ] || return 0
        sleep 0.1
    done
    echo "not copied: $1" >&2
    exit 2
}
until_there first
touch 'source/a]' 'source/b[1]' source/c
until_there c
until_there 'b[1]'
touch source/last
until_there last
ls target
grep -E '^/|exitcode' log | sort -u
[ ! -e 'target/a]' ] && grep -q '^/a.*]$' log && ! grep -q 'exitcode: [^0]' log
