#!/bin/bash
# ausearch -i and --format text (audit 3.0.9, Debian 12): the kernel and its programs write a value in quotes or, where
# that cannot be, as hexadecimal. One would think that a value which is neither is left alone. Names of containers, which
# are written without quotes, are decoded as far as their first letters are hexadecimal digits: what was started is one or
# two bytes that are no text, and different images may become the same.
#
# Seen, for vm=centos:7, vm=debian:12 and vm=ubuntu:22.04: a byte 0xCE, the bytes 0xDE 0xB0, and "ubuntu:22.04".
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
serial=100
for name in centos:7 debian:12 ubuntu:22.04; do
    serial=$((serial + 1))
    echo "type=VIRT_CONTROL msg=audit(1700000000.$serial:$serial): pid=7 uid=0 auid=4294967295 ses=4294967295 msg='op=start vm=$name vm-pid=9 user=root exe=\"/usr/bin/dockerd\" hostname=? addr=? terminal=? res=success'"
done >audit.log
root/sbin/ausearch -if audit.log --format text 2>/dev/null | tee told
# Byte for byte: what stands between "to" and "using".
LC_ALL=C sed 's/.* start to //; s/ using .*//' told | od -An -v -tx1 | tr -d ' \n' >bytes
[ "$(cat bytes)" = "ce0adeb00a$(printf 'ubuntu:22.04\n' | od -An -v -tx1 | tr -d ' \n')" ]
