#!/bin/bash
# laurel 0.5.1 (Debian 12), audit records to JSON: one would think that a number of a record stays that number. A field
# that it does not know and that has an even count of digits is taken for hexadecimal text: the id of a BPF program, which
# is decimal and which every load and unload by systemd writes, becomes a letter, a control character or two bytes that are
# no text, depending on the number. With an odd count of digits it is left alone. (The crate linux-audit-parser 0.2.8, by
# the same author, knows this field.)
#
# Seen, for prog-id=75, 12, 9999 and 123: "u", "%12", "%99%99" and "123".
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
chmod 755 .
apt-get -qq download laurel=0.5.1-1 2>/dev/null
dpkg -x laurel_*.deb root
mkdir out
cat >laurel.toml <<TOML
directory = "$dir/out"
input = "stdin"
[auditlog]
file = "audit.json"
TOML
serial=100
for id in 75 12 9999 123; do
    serial=$((serial + 1))
    echo "type=BPF msg=audit(1700000000.$serial:$serial): prog-id=$id op=LOAD"
done >audit.log
root/usr/sbin/laurel --version
root/usr/sbin/laurel -c laurel.toml <audit.log 2>/dev/null
grep -o '"BPF".*' out/audit.json | tee seen
[ "$(grep -oE '"prog-id":[^,]+' seen | paste -sd ' ')" = '"prog-id":"u" "prog-id":"%12" "prog-id":"%99%99" "prog-id":"123"' ]
