#!/bin/bash
# aureport -f (audit 3.0.9, Debian 12), "Report about files": one would think that a row names the file that the call was
# about. It names the first PATH record of the event, which for whatever makes, deletes or renames a file is the directory
# that the file is in: who deleted or replaced which file cannot be seen there. The summary of the same report counts both
# the directories and the files.
#
# Seen, for the deletion of /srv/ledger, a rename of /etc/hosts.new to /etc/hosts and the reading of /etc/passwd: rows with
# /srv/, /etc/ and /etc/passwd; in the summary all of them.
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
    echo "type=SYSCALL msg=audit(1700000000.$1:$1): arch=c000003e syscall=$2 success=yes exit=0 a0=7ffe0000 a1=7ffe1000 a2=0 a3=0 items=$3 ppid=1 pid=2 $ids tty=pts0 ses=1 comm=\"sh\" exe=\"/usr/bin/sh\" key=\"k\""
    echo "type=CWD msg=audit(1700000000.$1:$1): cwd=\"/root\""
}
path() {
    echo "type=PATH msg=audit(1700000000.$1:$1): item=$2 name=\"$3\" inode=$2 dev=fe:00 mode=$4 ouid=0 ogid=0 rdev=00:00 nametype=$5 cap_fp=0 cap_fi=0 cap_fe=0 cap_fver=0 cap_frootid=0"
}
{
    call 101 87 2
    path 101 0 /srv/ 040755 PARENT
    path 101 1 /srv/ledger 0100644 DELETE
    call 102 82 4
    path 102 0 /etc/ 040755 PARENT
    path 102 1 /etc/ 040755 PARENT
    path 102 2 /etc/hosts.new 0100644 DELETE
    path 102 3 /etc/hosts 0100644 CREATE
    call 103 2 1
    path 103 0 /etc/passwd 0100644 NORMAL
} >audit.log
root/sbin/aureport -if audit.log -f -i 2>/dev/null | grep -E '^[0-9]+\. ' | tee rows
root/sbin/aureport -if audit.log -f --summary 2>/dev/null | grep -E '^[0-9]+ ' | tee summary
[ "$(awk '{ print $4 }' rows | paste -sd ' ')" = "/srv/ /etc/ /etc/passwd" ] &&
    grep -qw /srv/ledger summary && grep -qw /etc/hosts.new summary && grep -qx '1  /etc/hosts' summary
