#!/bin/bash
# aureport -s (audit 3.0.9, Debian 12): one would think that the report about system calls has every call of the log.
# On x86-64 read(2) has the number 0, and 0 is "none" there: no read is in it, nor in its summary, and a read that failed
# is not among the failed calls, by which those who were refused something are looked for. ausearch finds all of them.
#
# Seen, of a read that worked, one that was refused (EACCES), and a write: only the write; "Number of failed syscalls: 0".
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
    echo "type=SYSCALL msg=audit(1700000000.$1:$1): arch=c000003e syscall=$2 success=$3 exit=$4 a0=3 a1=7ffe0000 a2=10 a3=0 items=0 ppid=1 pid=2 $ids tty=pts0 ses=1 comm=\"dd\" exe=\"/usr/bin/dd\" key=\"k\""
}
{
    call 101 0 yes 16
    call 102 0 no -13
    call 103 1 yes 16
} >audit.log
root/sbin/ausearch -if audit.log -sc read 2>/dev/null | grep -c '^type=SYSCALL' | sed 's/^/ausearch -sc read: /' | tee found
root/sbin/aureport -if audit.log -s -i 2>/dev/null | grep -E '^[0-9]+\. ' | tee calls
root/sbin/aureport -if audit.log --summary 2>/dev/null | grep 'failed syscalls' | tee summary
grep -q ': 2$' found && [ "$(wc -l <calls)" = 1 ] && grep -q ' write ' calls && grep -q ': 0$' summary
