#!/bin/bash
# ausearch --format csv (audit 3.0.9, Debian 12): one would think that a field with a comma is quoted, as CSV readers
# expect (RFC 4180). Nothing is: a file name with a comma or a quotation mark moves all columns behind it.
#
# Seen, for the deletion of '/srv/report, final.txt': a header of 16 columns and a line of 17; column OBJ_PRIME is
# "/srv/report", and "how" (the program) stands one column too far.
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
# The name is hexadecimal, because it has a blank: that is how the kernel writes it.
name=$(printf '/srv/report, final.txt' | od -An -v -tx1 | tr -d ' \n' | tr a-f A-F)
id='msg=audit(1700000000.100:1):'
ids='auid=0 uid=0 gid=0 euid=0 suid=0 fsuid=0 egid=0 sgid=0 fsgid=0'
cat >audit.log <<LOG
type=SYSCALL $id arch=c000003e syscall=87 success=yes exit=0 a0=1 a1=0 a2=0 a3=0 items=1 ppid=1 pid=2 $ids tty=pts0 ses=1 comm="rm" exe="/usr/bin/rm" key="k"
type=CWD $id cwd="/"
type=PATH $id item=0 name=$name inode=1 dev=fe:00 mode=0100644 ouid=0 ogid=0 rdev=00:00 nametype=DELETE cap_fp=0 cap_fi=0 cap_fe=0 cap_fver=0 cap_frootid=0
LOG
root/sbin/ausearch -if audit.log --format csv 2>/dev/null | tee out.csv
header=$(head -1 out.csv | awk -F, '{ print NF }')
line=$(tail -1 out.csv | awk -F, '{ print NF }')
echo "columns: header $header, line $line"
[ "$header" = 16 ] && [ "$line" = 17 ] && ! grep -q '"' out.csv
