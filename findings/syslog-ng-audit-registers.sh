#!/bin/bash
# syslog-ng 3.38.1 (Debian 12), linux-audit-parser(): hexadecimal text is decoded in a0, a1 and so on, which have the
# arguments of a program in EXECVE records. One would think that the fields of the same names in SYSCALL records, which
# are the registers of the call, are left alone. They are decoded as soon as their bytes are ones that would not be
# printed: sizes, flags and descriptors become control characters. Of cwd, exe and key, which are hexadecimal for the same
# reasons as name and comm, nothing is decoded.
#
# Seen, for a0=3 a1=7ffc a2=1000 a3=12: "3", "7ffc", TAB behind a byte 0x10, and a byte 0x12; for a directory with a blank
# in its name: cwd "2F7372762F6120", but name "/srv/a ".
set -euo pipefail
dir=$(mktemp -d)
daemon=
trap '[ -z "$daemon" ] || { kill "$daemon" && wait "$daemon"; } || true; rm -rf "$dir"' EXIT
cd "$dir"
chmod 755 .
for package in syslog-ng-core=3.38.1-5+deb12u1 libivykis0 libnet1 libjson-c5 libwrap0 libpcre3 libglib2.0-0 libcap2 \
    libssl3 libsystemd0; do
    apt-get -qq download "$package" 2>/dev/null
done
for package in *.deb; do dpkg -x "$package" root; done
LD_LIBRARY_PATH=$dir/root/usr/lib/syslog-ng:$dir/root/usr/lib/x86_64-linux-gnu:$dir/root/lib/x86_64-linux-gnu
export LD_LIBRARY_PATH
cat >syslog-ng.conf <<'CONF'
@version: 3.35
source records { file("/dev/stdin" flags(no-parse)); };
parser audit { linux-audit-parser(prefix("audit.")); };
destination json { file("/dev/stdout" template("$(format-json --scope none --key audit.*)\n")); };
log { source(records); parser(audit); destination(json); };
CONF
id='msg=audit(1700000000.101:101):'
cat >audit.log <<LOG
type=SYSCALL $id arch=c000003e syscall=0 success=yes exit=9 a0=3 a1=7ffc a2=1000 a3=12 items=0 ppid=1 pid=2 auid=0 uid=0 gid=0 euid=0 suid=0 fsuid=0 egid=0 sgid=0 fsgid=0 tty=pts0 ses=1 comm="cat" exe="/usr/bin/cat" key="k"
type=CWD $id cwd=2F7372762F6120
type=PATH $id item=0 name=2F7372762F6120 inode=9 dev=fe:00 mode=040755 ouid=0 ogid=0 rdev=00:00 nametype=NORMAL cap_fp=0 cap_fi=0 cap_fe=0 cap_fver=0 cap_frootid=0
LOG
root/usr/sbin/syslog-ng --version | sed -n 1p
root/usr/sbin/syslog-ng --foreground --module-path="$dir/root/usr/lib/syslog-ng/3.38" --cfgfile=syslog-ng.conf \
    --persist-file="$dir/persist" --control="$dir/control" --pidfile="$dir/pid" <audit.log >json 2>errors &
daemon=$!
for _ in $(seq 300); do
    [ "$(wc -l <json)" -lt 3 ] || break
    sleep 0.1
done
cat errors
grep -oE '"(a[0-3]|cwd|name)":"[^"]*"' json | sort | tee seen
[ "$(paste -sd ' ' seen)" = '"a0":"3" "a1":"7ffc" "a2":"\u0010\t" "a3":"\u0012" "cwd":"2F7372762F6120" "name":"/srv/a "' ]
