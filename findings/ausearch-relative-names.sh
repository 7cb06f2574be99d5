#!/bin/bash
# ausearch --format text (audit 3.0.9, Debian 12): one would think that a name which is relative to a directory descriptor,
# as rm -r, tar and find -delete pass it, is shown as it is, or behind that directory. It is put behind the working
# directory of the process, which it has nothing to do with: a file is told to be deleted that was not, and that may well
# be there.
#
# Seen, for "rm -r /srv/old" run in /etc, whose unlinkat(2) deletes "passwd" in the directory behind descriptor 4:
# "successfully deleted /etc/passwd".
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
id='msg=audit(1700000000.101:101):'
rest='ouid=0 ogid=0 rdev=00:00'
caps='cap_fp=0 cap_fi=0 cap_fe=0 cap_fver=0 cap_frootid=0'
# a0 is the descriptor of the directory; the working directory would be ffffff9c (AT_FDCWD). For such a name the kernel
# itself calls the parent by the name of the working directory, with the inode of the one behind the descriptor.
cat >audit.log <<LOG
type=SYSCALL $id arch=c000003e syscall=263 success=yes exit=0 a0=4 a1=55d0c0de a2=0 a3=0 items=2 ppid=1 pid=2 $ids tty=pts0 ses=1 comm="rm" exe="/usr/bin/rm" key="k"
type=CWD $id cwd="/etc"
type=PATH $id item=0 name="/etc" inode=90 dev=fe:00 mode=040755 $rest nametype=PARENT $caps
type=PATH $id item=1 name="passwd" inode=91 dev=fe:00 mode=0100644 $rest nametype=DELETE $caps
type=PROCTITLE $id proctitle=726D002D72002F7372762F6F6C64
LOG
root/sbin/ausearch -if audit.log --format text 2>/dev/null | tee told
grep -q 'deleted /etc/passwd using /usr/bin/rm' told
