#!/bin/bash
# strace-process-tree 1.5.3 (PyPI): strace writes a byte of an argument that is no ASCII as its octal number, \303. One
# would think that a tool which reads back \n, \t and \" reads that, too, or leaves it as it is. It takes the first digit
# for a letter and drops the backslash: the command line that it draws has digits where the name has letters, and looks
# like one that could have been run.
#
# Seen, for "rm grün.c", in strace's output "gr\303\274n.c": "rm gr303274n.c".
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
python3 -m venv env
env/bin/pip --quiet --disable-pip-version-check install strace-process-tree==1.5.3
cat >strace.log <<'LOG'
100 execve("/usr/bin/rm", ["rm", "gr\303\274n.c", "two\twords"], 0x7ffc10 /* 9 vars */) = 0
100 unlinkat(AT_FDCWD, "gr\303\274n.c", 0) = 0
100 +++ exited with 0 +++
LOG
env/bin/strace-process-tree -A strace.log | tee tree
grep -qx "$(printf '100 rm gr303274n.c "two\twords"')" tree
