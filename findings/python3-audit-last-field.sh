#!/bin/bash
# python3-audit 3.0.9 (Debian 12, with libauparse0): find_field(NAME) is described (auparse_find_field(3)) as a search
# from where the cursor is through all records of the event. From the last field of a record it finds nothing, though a
# later record has the field: a program that looks for one field after the other gets None for the path of a file that
# is in the event. From any other field of the same record it finds it.
#
# Seen: "from syscall: True", "from key, the last of its record: False".
set -euo pipefail
[ -x /usr/bin/python3.11 ] || { echo "needs Debian 12's python3, which the package is built for" >&2; exit 2; }
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
chmod 755 .
for package in python3-audit libaudit1 libauparse0; do
    apt-get -qq download "$package=1:3.0.9-1" 2>/dev/null
done
for package in *.deb; do dpkg -x "$package" root; done
LD_LIBRARY_PATH=$(dirname "$(find root -name libauparse.so.0 | head -1)")
export LD_LIBRARY_PATH
PYTHONPATH=$(dirname "$(find root -name 'auparse.cpython-311-*.so' -o -name auparse.so | head -1)")
export PYTHONPATH
cat >audit.log <<'LOG'
type=SYSCALL msg=audit(1700000000.101:101): arch=c000003e syscall=257 success=yes exit=3 items=1 pid=2 comm="sh" key="k"
type=PATH msg=audit(1700000000.101:101): item=0 name="/etc/demo" inode=7 nametype=NORMAL
LOG
cat >find.py <<'PY'
import auparse

for first, said in (("syscall", ""), ("key", ", the last of its record")):
    parser = auparse.AuParser(auparse.AUSOURCE_FILE, "audit.log")
    parser.parse_next_event()
    parser.first_record()
    assert parser.find_field(first)
    print("from %s%s: %s" % (first, said, bool(parser.find_field("nametype"))))
PY
/usr/bin/python3.11 find.py | tee seen
printf '%s\n' "from syscall: True" "from key, the last of its record: False" | cmp -s - seen ||
    { echo "not what was seen before" >&2; exit 1; }
