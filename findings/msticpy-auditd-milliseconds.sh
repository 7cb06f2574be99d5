#!/bin/bash
# msticpy 3.0.2, read_from_file of its module for auditd logs: one would think that records belong to one event by the
# id that they share, msg=audit(TIME:SERIAL), and that a command line is all of its arguments. It takes the time alone,
# so that of two events of one millisecond only one is left (the records of a type take each other's place), and the
# command line has the first three arguments.
#
# Seen, for `rm -r -f /srv/data` and, in the same millisecond, `id`: one row, which is that of id. With a millisecond
# between them: two rows, and rm is "rm -r -f", without what it removed.
set -euo pipefail
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
cd "$dir"
python3 -m venv env
env/bin/pip install -q --disable-pip-version-check --only-binary :all: pandas==2.3.3 ipython==9.13.0 tqdm==4.70.1 \
    packaging==26.4 typing_extensions==4.16.0 azure-kusto-data==6.0.3
env/bin/pip install -q --disable-pip-version-check --no-deps --target packages msticpy==3.0.2
ids='auid=0 uid=0 gid=0 euid=0 suid=0 fsuid=0 egid=0 sgid=0 fsgid=0'
rm_and_id() {
    cat <<LOG
type=SYSCALL msg=audit(1700000000.100:1): arch=c000003e syscall=59 success=yes exit=0 a0=1 a1=2 a2=3 a3=4 items=1 ppid=1 pid=10 $ids tty=pts0 ses=1 comm="rm" exe="/usr/bin/rm" key="k"
type=EXECVE msg=audit(1700000000.100:1): argc=4 a0="rm" a1="-r" a2="-f" a3="/srv/data"
type=SYSCALL msg=audit(1700000000.$1:2): arch=c000003e syscall=59 success=yes exit=0 a0=1 a1=2 a2=3 a3=4 items=1 ppid=1 pid=11 $ids tty=pts0 ses=1 comm="id" exe="/usr/bin/id" key="k"
type=EXECVE msg=audit(1700000000.$1:2): argc=1 a0="id"
LOG
}
rm_and_id 100 >same.log
rm_and_id 101 >other.log
cat >read.py <<'PY'
import importlib, os, sys, types
# Its packages import all that they have; this needs one module.
for name in ("msticpy", "msticpy.transform", "msticpy.common", "msticpy.analysis"):
    module = types.ModuleType(name)
    module.__path__ = [os.path.join("packages", *name.split("."))]
    sys.modules[name] = module
reader = importlib.import_module("msticpy.transform.auditdextract")
frame = reader.read_from_file(sys.argv[1])
for _, row in frame.iterrows():
    print("row:", row["pid"], repr(row["cmdline"].strip()))
PY
for log in same other; do
    env/bin/python read.py "$log.log" 2>/dev/null | grep '^row:' | tee "$log.out"
done
[ "$(wc -l <same.out)" = 1 ] && [ "$(wc -l <other.out)" = 2 ] && grep -q "'rm -r -f'" other.out && ! grep -q /srv other.out
