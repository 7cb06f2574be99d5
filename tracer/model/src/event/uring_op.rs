//! Operations of `io_uring` and their names (`enum io_uring_op` of `linux/io_uring.h`), as audit
//! writes them in lower case.

/// Names by number, up to Linux 6.18.
#[rustfmt::skip]
pub const NAMES: &[&str] = &[
    "nop", "readv", "writev", "fsync", "read_fixed", "write_fixed", "poll_add", "poll_remove",
    "sync_file_range", "sendmsg", "recvmsg", "timeout", "timeout_remove", "accept",
    "async_cancel", "link_timeout", "connect", "fallocate", "openat", "close", "files_update",
    "statx", "read", "write", "fadvise", "madvise", "send", "recv", "openat2", "epoll_ctl",
    "splice", "provide_buffers", "remove_buffers", "tee", "shutdown", "renameat", "unlinkat",
    "mkdirat", "symlinkat", "linkat", "msg_ring", "fsetxattr", "setxattr", "fgetxattr",
    "getxattr", "socket", "uring_cmd", "send_zc", "sendmsg_zc", "read_multishot", "waitid",
    "futex_wait", "futex_wake", "futex_waitv", "fixed_fd_install", "ftruncate", "bind", "listen",
    "recv_zc", "epoll_wait", "readv_fixed", "writev_fixed", "pipe", "nop128", "uring_cmd128",
];

/// The system call that does the same, where it has another name than the operation.
const CALLS: &[(&str, &str)] = &[
    ("readv", "preadv2"),
    ("writev", "pwritev2"),
    ("accept", "accept4"),
    ("read", "pread64"),
    ("write", "pwrite64"),
    ("fadvise", "fadvise64"),
    ("send", "sendto"),
    ("recv", "recvfrom"),
    ("renameat", "renameat2"),
    ("pipe", "pipe2"),
];

/// The call that does the same as an operation; its own name where there is none.
pub fn call(number: u32) -> Option<&'static str> {
    let name = name(number)?;
    let call = CALLS.iter().find(|(op, _)| *op == name);
    Some(call.map_or(name, |(_, call)| call))
}

/// The operation that does the same as a call.
pub fn of_call(call: &str) -> Option<u32> {
    let op = CALLS.iter().find(|(_, name)| *name == call);
    match op {
        Some((op, _)) => number(op),
        None => number(call).filter(|number| self::call(*number) == Some(call)),
    }
}

/// Name of an operation.
pub fn name(number: u32) -> Option<&'static str> {
    NAMES.get(number as usize).copied()
}

/// Number of an operation.
pub fn number(name: &str) -> Option<u32> {
    NAMES.iter().position(|n| *n == name).map(|n| n as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_the_header() {
        for (wanted, text) in [
            (0, "nop"),
            (18, "openat"),
            (35, "renameat"),
            (55, "ftruncate"),
        ] {
            assert_eq!(number(text), Some(wanted), "{text}");
            assert_eq!(name(wanted), Some(text));
        }
        assert_eq!(name(1000), None);
    }

    #[test]
    fn calls_that_do_the_same() {
        for (op, text) in [
            (18, "openat"),
            (35, "renameat2"),
            (22, "pread64"),
            (0, "nop"),
        ] {
            assert_eq!(call(op), Some(text));
            assert_eq!(of_call(text), Some(op), "{text}");
        }
        // A call that is also the name of an operation that does more.
        for text in ["renameat", "read", "open"] {
            assert_eq!(of_call(text), None, "{text}");
        }
    }
}
