# What tracer does for a person, on a machine that the test programs are not built for. Each line of `expect` is a line
# of what was said.
wrong=0
expect() {
    if grep -q -- "$2" "$1"; then echo "ok: $2"; else echo "missing in $1: $2"; cat "$1"; wrong=1; fi
}
# Starts tracer, which says what it says to a new file.
starts() {
    said=$1; shift
    rm -f "$said"
    tracer "$@" >"$said" 2>&1 & pid=$!
    until grep -qs ready: "$said"; do
        kill -0 $pid || { cat "$said"; exit 1; }
        usleep 100000
    done
}
end() { kill -"$1" $pid; wait $pid; }

starts /watch watch /tmp
echo x >/tmp/a; mv /tmp/a /tmp/b; chmod 600 /tmp/b; rm /tmp/b
until grep -q unlink /watch; do usleep 100000; done
end INT
expect /watch ' openat .* /tmp/a  O_WRONLY'
expect /watch ' renameat.* /tmp/a -> /tmp/b'
expect /watch ' fchmodat.* /tmp/b  0600'
expect /watch ' unlinkat .* /tmp/b'
expect /watch 'lost 0'

for backend in fanotify inotify; do
    starts /watch watch --backend $backend /tmp
    echo x >/tmp/a; rm /tmp/a
    until grep -q delete /watch; do usleep 100000; done
    end INT
    expect /watch 'create .*/tmp/a'
done

# A name with a slash: busybox does what it knows itself without an exec.
tracer trace -o /trace -- sh -c '/bin/ls /etc; /bin/rmdir /nothing; /bin/nc 127.0.0.1 9; exit 3' >/said 2>&1
[ $? = 3 ] || { echo 'the status of the command is lost'; wrong=1; }
expect /trace 'execve("/bin/ls", \["/bin/ls", "/etc"\]'
expect /trace 'newfstatat(AT_FDCWD, "/etc", {st_mode=S_IFDIR|0755'
expect /trace 'unlinkat(AT_FDCWD, "/nothing", AT_REMOVEDIR) *= -1 ENOENT'
expect /trace "rt_sigreturn(.* = "
expect /trace 'connect(3, {sa_family=AF_INET, sin_port=htons(9), sin_addr=inet_addr("127.0.0.1")}, 16) = -1 ECONNREFUSED'
expect /trace 'exited with 3'

mkdir -p /var/log /etc/tracer/rules.d
printf -- '-w /etc/passwd -p rwa -k pw\n-a always,exit -F arch=b64 -S unlinkat -k del\n' >/etc/tracer/rules.d/a.rules
chmod 600 /etc/tracer/rules.d/a.rules
starts /daemon daemon
cat /etc/passwd >/dev/null; touch /tmp/x; rm /tmp/x
until tracer search -k del >/found 2>/dev/null; do usleep 200000; done
end TERM
tracer search -i -k pw >/found
expect /found "arch=$(uname -m) syscall=openat success=yes .*comm=cat exe=/bin/busybox key=pw"
tracer search -i -k del >/found
expect /found 'syscall=unlinkat success=yes'
expect /found 'name=/tmp/x .*nametype=DELETE'
expect /daemon 'lost 0'
exit $wrong
