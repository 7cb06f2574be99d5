#!/bin/bash
# ausearch -i (audit 3.0.9, Debian 12): one would think that the flags of openat2(2) are read as the kernel writes them.
# It writes oflag= in octal, with a leading 0, and ausearch reads hexadecimal: an open that makes or truncates a file is
# shown with flags that were never passed, and without those that matter.
#
# Seen, for oflag=01101 (O_WRONLY|O_CREAT|O_TRUNC) mode=0600: "oflag=O_WRONLY|O_NOCTTY|O_DSYNC". The same flags in the
# a2= of openat(2), which is hexadecimal: "a2=O_WRONLY|O_CREAT|O_TRUNC".
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
chmod 755 .
for package in auditd libaudit1 libauparse0; do
    apt-get -qq download "$package=1:3.0.9-1" 2>/dev/null
done
for package in *.deb; do dpkg -x "$package" root; done
LD_LIBRARY_PATH=$(dirname "$(find root -name libaudit.so.1 | head -1)")
export LD_LIBRARY_PATH TZ=UTC
ids='auid=0 uid=0 gid=0 euid=0 suid=0 fsuid=0 egid=0 sgid=0 fsgid=0'
call() {
    echo "type=SYSCALL msg=audit(1700000000.$1:$1): arch=c000003e syscall=$2 success=yes exit=3 a0=ffffff9c a1=7ffe0000 a2=$3 a3=$4 items=0 ppid=1 pid=2 $ids tty=pts0 ses=1 comm=\"sh\" exe=\"/usr/bin/sh\" key=\"k\""
}
{
    call 101 257 241 180
    call 102 437 7ffe1000 18
    echo 'type=OPENAT2 msg=audit(1700000000.102:102): oflag=01101 mode=0600 resolve=0x8'
} >audit.log
root/sbin/ausearch -if audit.log -i 2>/dev/null | grep -oE '(syscall|oflag|a2)=[^ ]+' | tee words
grep -qx 'a2=O_WRONLY|O_CREAT|O_TRUNC' words && grep -qx 'oflag=O_WRONLY|O_NOCTTY|O_DSYNC' words
