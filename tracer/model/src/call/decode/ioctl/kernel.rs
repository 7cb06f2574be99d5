//! Namespaces, user faults, performance events, filters of system calls.

use super::{
    super::{As, Layout, Member, Writer, tables},
    Argument::{By, Filled, Given, Grows, Nothing, Value},
    Commands, bits,
};

/// The commands.
pub(super) const COMMANDS: Commands = &[
    (
        &["NS_GET_USERNS", "NS_GET_PARENT", "NS_GET_NSTYPE"],
        Nothing,
    ),
    (&["NS_GET_OWNER_UID"], Filled(&As::Id)),
    (&["NS_GET_MNTNS_ID"], Filled(&As::Hex(8))),
    (
        &["NS_GET_PID_IN_PIDNS", "NS_GET_TGID_IN_PIDNS"],
        Value(&As::Pid),
    ),
    (
        &["NS_GET_PID_FROM_PIDNS", "NS_GET_TGID_FROM_PIDNS"],
        Value(&As::Int(4)),
    ),
    (
        &["NS_MNT_GET_INFO", "NS_MNT_GET_NEXT", "NS_MNT_GET_PREV"],
        Filled(&MOUNTS),
    ),
    (&["UFFDIO_API"], By(api)),
    (
        &["UFFDIO_COPY"],
        Grows(
            &[
                ("dst", As::Hex(8)),
                ("src", As::Hex(8)),
                ("len", As::Hex(8)),
                ("mode", As::Flags(8, &tables::UFFDIO_COPY)),
            ],
            &[("dst", As::Pad(32)), ("copy", As::Hex(8))],
        ),
    ),
    (
        &["UFFDIO_REGISTER"],
        Grows(
            &[
                ("range", As::Struct(&RANGE)),
                ("mode", As::Flags(8, &tables::UFFDIO_REGISTER)),
            ],
            &[("range", As::Pad(24)), ("ioctls", As::By(8, 8, ioctls))],
        ),
    ),
    (
        &["UFFDIO_UNREGISTER", "UFFDIO_WAKE"],
        Given(&As::Struct(&RANGE)),
    ),
    (
        &["UFFDIO_ZEROPAGE"],
        Grows(
            &[
                ("range", As::Struct(&RANGE)),
                ("mode", As::Flags(8, &tables::UFFDIO_ZEROPAGE)),
            ],
            &[("range", As::Pad(24)), ("zeropage", As::Hex(8))],
        ),
    ),
    (
        &["UFFDIO_WRITEPROTECT"],
        Given(&As::Struct(&Layout(&[
            ("range", As::Struct(&RANGE)),
            ("mode", As::Flags(8, &tables::UFFDIO_WRITEPROTECT)),
        ]))),
    ),
    (
        &["UFFDIO_CONTINUE"],
        Grows(
            &[
                ("range", As::Struct(&RANGE)),
                ("mode", As::Flags(8, &tables::UFFDIO_CONTINUE)),
            ],
            &[("range", As::Pad(24)), ("mapped", As::Uint(8))],
        ),
    ),
    (
        &["UFFDIO_POISON"],
        Grows(
            &[
                ("range", As::Struct(&RANGE)),
                ("mode", As::Flags(8, &tables::UFFDIO_POISON)),
            ],
            &[("range", As::Pad(24)), ("updated", As::Uint(8))],
        ),
    ),
    (
        &[
            "PERF_EVENT_IOC_ENABLE",
            "PERF_EVENT_IOC_DISABLE",
            "PERF_EVENT_IOC_RESET",
        ],
        Value(&As::Flags(4, &tables::PERF_IOC_FLAGS)),
    ),
    (&["PERF_EVENT_IOC_REFRESH"], Value(&As::Int(4))),
    (&["PERF_EVENT_IOC_PERIOD"], Given(&As::Uint(8))),
    (
        &["PERF_EVENT_IOC_SET_OUTPUT", "PERF_EVENT_IOC_SET_BPF"],
        Value(&As::Fd),
    ),
    (&["PERF_EVENT_IOC_PAUSE_OUTPUT"], Value(&As::Uint(8))),
    (&["PERF_EVENT_IOC_SET_FILTER"], By(string)),
    (&["PERF_EVENT_IOC_ID"], Filled(&As::Uint(8))),
    (&["PERF_EVENT_IOC_QUERY_BPF"], By(query)),
    (&["SECCOMP_IOCTL_NOTIF_RECV"], Filled(&NOTICE)),
    (
        &["SECCOMP_IOCTL_NOTIF_SEND"],
        Given(&As::Struct(&Layout(&[
            ("id", As::Hex(8)),
            ("val", As::Int(8)),
            ("error", As::By(4, 4, error)),
            ("flags", As::Flags(4, &tables::SECCOMP_NOTIF_FLAGS)),
        ]))),
    ),
    (&["SECCOMP_IOCTL_NOTIF_ID_VALID"], Given(&As::Hex(8))),
    (
        &["SECCOMP_IOCTL_NOTIF_ADDFD"],
        Given(&As::Struct(&Layout(&[
            ("id", As::Hex(8)),
            ("flags", As::Flags(4, &tables::SECCOMP_ADDFD)),
            ("srcfd", As::Fd),
            ("newfd", As::Int(4)),
            ("newfd_flags", As::Flags(4, &tables::OPEN_FLAGS)),
        ]))),
    ),
    (
        &["SECCOMP_IOCTL_NOTIF_SET_FLAGS"],
        Value(&As::Flags(8, &tables::SECCOMP_USER_NOTIF)),
    ),
];

static MOUNTS: As = As::Struct(&Layout(&[
    ("size", As::Uint(4)),
    ("nr_mounts", As::Uint(4)),
    ("mnt_ns_id", As::Hex(8)),
]));

static RANGE: Layout = Layout(&[("start", As::Hex(8)), ("len", As::Hex(8))]);

static NOTICE: As = As::Struct(&Layout(&[
    ("id", As::Hex(8)),
    ("pid", As::Pid),
    ("flags", As::Hex(4)),
    (
        "data",
        As::Struct(&Layout(&[
            ("nr", As::By(4, 4, call_name)),
            ("arch", As::OneOf(4, &tables::AUDIT_ARCHS)),
            ("instruction_pointer", As::Address),
            ("args", As::Array(&As::Hex(8), 6)),
        ])),
    ),
]));

fn call_name(w: &mut Writer<'_>, bytes: &[u8]) {
    let nr = super::super::layout::number(bytes) as u32;
    match crate::calls::Arch::NATIVE.name(nr) {
        Some(name) => w.meant(|w| w.hex(nr.into()), |w| w.text(&format!("__NR_{name}"))),
        None => w.nameless(|w| w.hex(nr.into()), &tables::NR),
    }
}

fn error(w: &mut Writer<'_>, bytes: &[u8]) {
    let error = super::super::layout::number(bytes) as i32;
    if (-4095..0).contains(&error) {
        w.meant(
            |w| w.dec(error),
            |w| w.text(&format!("-{}", super::super::names::errno(-error))),
        );
    } else {
        w.dec(error);
    }
}

/// Which version and features, and what the kernel has of them.
fn api(w: &mut Writer<'_>, at: u64) {
    let Some([version, features]) = w.read_before::<[u64; 2]>(at) else {
        w.address(at);
        return;
    };
    w.structure(|w| {
        w.field("api").hex(version);
        w.field("features").flags(features, &tables::UFFD_FEATURES);
        let Some([_, after, ioctls]) = w.read::<[u64; 3]>(at).filter(|_| w.succeeded()) else {
            return;
        };
        if after != features {
            w.text(" => ");
            w.text("features=");
            w.flags(after, &tables::UFFD_FEATURES);
        }
        w.field("ioctls");
        bits(w, ioctls, &tables::UFFDIO_NUMBERS, "_UFFDIO_???");
    });
}

fn ioctls(w: &mut Writer<'_>, bytes: &[u8]) {
    let value = super::super::layout::number(bytes);
    bits(w, value, &tables::UFFDIO_NUMBERS, "1<<_UFFDIO_???");
}

fn string(w: &mut Writer<'_>, at: u64) {
    w.string_at(at);
}

const QUERY: &[Member] = &[("ids_len", As::Uint(4))];

/// Room for numbers of programs, and which there are.
fn query(w: &mut Writer<'_>, at: u64) {
    let Some(len) = w.read_before::<u32>(at) else {
        w.address(at);
        return;
    };
    w.structure(|w| {
        w.members_of(&len.to_ne_bytes(), QUERY);
        let Some([_, count]) = w.read::<[u32; 2]>(at).filter(|_| w.succeeded()) else {
            w.more();
            return;
        };
        w.field("prog_cnt").dec(count);
        w.field("ids");
        w.array(at + 8, 4, count.into(), |w, at| {
            let id = w.read::<u32>(at).unwrap_or_default();
            w.dec(id);
        });
    });
}
