#!/bin/bash
# strace-process-tree 1.5.3 (PyPI), which draws a tree of processes from the output of strace -f: the kernel gives the
# number of a process that has ended to a later one, in a long build again and again. One would think that its end, which
# is in the trace, closes the first one. It does not: with the new process the old one moves to the new parent, and what
# the old one had started is not drawn at all.
#
# Seen, where make runs gcc (101), which runs as (102), and then sh (103), which runs rm (101 again): gcc below sh, no as.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
python3 -m venv env
env/bin/pip --quiet --disable-pip-version-check install strace-process-tree==1.5.3
forked() {
    echo "$1 clone(child_stack=NULL, flags=CLONE_CHILD_CLEARTID|CLONE_CHILD_SETTID|SIGCHLD, child_tidptr=0x7f5a10) = $2"
    echo "$2 execve(\"/usr/bin/$3\", [\"$3\"], 0x7ffc10 /* 9 vars */) = 0"
}
ended() {
    echo "$1 +++ exited with 0 +++"
}
{
    echo '100 execve("/usr/bin/make", ["make"], 0x7ffc10 /* 9 vars */) = 0'
    forked 100 101 gcc
    forked 101 102 as
    ended 102
    ended 101
    forked 100 103 sh
} >strace.log
env/bin/strace-process-tree -A strace.log | tee before
{
    forked 103 101 rm
    ended 101
    ended 103
    ended 100
} >>strace.log
env/bin/strace-process-tree -A strace.log | tee after
grep -q '102 as' before && [ "$(grep -oE '[0-9]+ [a-z]+' after | paste -sd ' ')" = "100 make 103 sh 101 gcc 101 rm" ]
