//! Sockets and network interfaces (netdevice(7)).

use super::{
    super::{As, Layout, Writer, layout::number, tables},
    Argument::{By, Filled, Given, Value},
    Commands,
};

/// The commands.
pub(super) const COMMANDS: Commands = &[
    (&["SIOCGIFCONF"], By(interfaces)),
    (&["SIOCBRADDBR", "SIOCBRDELBR"], Given(&As::Text(16))),
    (
        &[
            "FIOGETOWN",
            "SIOCATMARK",
            "SIOCGIFENCAP",
            "SIOCGPGRP",
            "SIOCOUTQNSD",
        ],
        Filled(&As::Int(4)),
    ),
    (
        &["FIOSETOWN", "SIOCSIFENCAP", "SIOCSPGRP"],
        Given(&As::Int(4)),
    ),
    (
        &["SIOCBRADDIF", "SIOCBRDELIF"],
        Given(&As::Struct(&Layout(&[
            ("ifr_name", As::Pad(16)),
            (
                "ifr_ifindex",
                As::By(4, 4, |w, b| w.interface(number(b) as u32)),
            ),
        ]))),
    ),
    (
        &[
            "SIOCADDMULTI",
            "SIOCDELMULTI",
            "SIOCSIFADDR",
            "SIOCSIFBRDADDR",
            "SIOCSIFDSTADDR",
            "SIOCSIFFLAGS",
            "SIOCSIFHWADDR",
            "SIOCSIFHWBROADCAST",
            "SIOCSIFMAP",
            "SIOCSIFMETRIC",
            "SIOCSIFMTU",
            "SIOCSIFNAME",
            "SIOCSIFNETMASK",
            "SIOCSIFSLAVE",
            "SIOCSIFTXQLEN",
        ],
        By(set_interface),
    ),
    (
        &[
            "SIOCGIFADDR",
            "SIOCGIFBRDADDR",
            "SIOCGIFDSTADDR",
            "SIOCGIFFLAGS",
            "SIOCGIFHWADDR",
            "SIOCGIFINDEX",
            "SIOCGIFMAP",
            "SIOCGIFMETRIC",
            "SIOCGIFMTU",
            "SIOCGIFNAME",
            "SIOCGIFNETMASK",
            "SIOCGIFSLAVE",
            "SIOCGIFTXQLEN",
        ],
        By(get_interface),
    ),
    (
        &[
            "SIOCADDDLCI",
            "SIOCADDRT",
            "SIOCBONDCHANGEACTIVE",
            "SIOCBONDENSLAVE",
            "SIOCBONDINFOQUERY",
            "SIOCBONDRELEASE",
            "SIOCBONDSETHWADDR",
            "SIOCBONDSLAVEINFOQUERY",
            "SIOCDARP",
            "SIOCDELDLCI",
            "SIOCDELRT",
            "SIOCDIFADDR",
            "SIOCDRARP",
            "SIOCETHTOOL",
            "SIOCGARP",
            "SIOCGHWTSTAMP",
            "SIOCGIFBR",
            "SIOCGIFCOUNT",
            "SIOCGIFMEM",
            "SIOCGIFPFLAGS",
            "SIOCGIFVLAN",
            "SIOCGMIIPHY",
            "SIOCGMIIREG",
            "SIOCGRARP",
            "SIOCGSKNS",
            "SIOCGSTAMP_OLD",
            "SIOCGSTAMP_NEW",
            "SIOCGSTAMPNS_OLD",
            "SIOCGSTAMPNS_NEW",
            "SIOCRTMSG",
            "SIOCSARP",
            "SIOCSHWTSTAMP",
            "SIOCSIFBR",
            "SIOCSIFLINK",
            "SIOCSIFMEM",
            "SIOCSIFPFLAGS",
            "SIOCSIFVLAN",
            "SIOCSMIIREG",
            "SIOCSRARP",
            "SIOCWANDEV",
        ],
        Value(&As::Address),
    ),
];

/// `struct ifreq`: a name and 24 bytes of something.
const REQUEST: usize = 40;
const NAME: As = As::Text(16);

fn set_interface(w: &mut Writer<'_>, at: u64) {
    w.shape_before(
        at,
        &As::By(REQUEST as u16, 8, |w, b| {
            w.structure(|w| {
                w.field("ifr_name").shape(b, &NAME);
                value(w, &b[16..]);
            });
        }),
    );
}

fn get_interface(w: &mut Writer<'_>, at: u64) {
    let call = w.call;
    let given = call.memory_before(at).or_else(|| call.memory(at));
    let Some(given) = given.filter(|bytes| bytes.len() >= REQUEST) else {
        w.address(at);
        return;
    };
    let is_name = command(w) == "SIOCGIFNAME";
    w.structure(|w| {
        if is_name {
            w.field("ifr_ifindex").shape(&given[16..], &As::Int(4));
        } else {
            w.field("ifr_name").shape(given, &NAME);
        }
        if let Some(filled) = call.memory(at).filter(|_| w.succeeded()) {
            if is_name {
                w.field("ifr_name").shape(filled, &NAME);
            } else {
                value(w, &filled[16..]);
            }
        }
    });
}

fn command(w: &Writer<'_>) -> &'static str {
    super::name(w.args[1] & 0xffff_ffff).unwrap_or_default()
}

/// What a request is about, behind `SIOCG` and `SIOCS`.
fn value(w: &mut Writer<'_>, b: &[u8]) {
    let number = |name, shape: &As, w: &mut Writer<'_>| {
        w.field(name).shape(b, shape);
    };
    match command(w) {
        "SIOCADDMULTI" | "SIOCDELMULTI" | "SIOCGIFHWADDR" | "SIOCSIFHWADDR"
        | "SIOCSIFHWBROADCAST" => hardware(w, b),
        other => match other.get(6..).unwrap_or_default() {
            "FADDR" => address(w, "ifr_addr", b),
            "FDSTADDR" => address(w, "ifr_dstaddr", b),
            "FBRDADDR" => address(w, "ifr_broadaddr", b),
            "FNETMASK" => address(w, "ifr_netmask", b),
            "FFLAGS" => number("ifr_flags", &As::Flags(2, &tables::IFF), w),
            "FINDEX" => number("ifr_ifindex", &As::Int(4), w),
            "FMETRIC" => number("ifr_metric", &As::Int(4), w),
            "FMTU" => number("ifr_mtu", &As::Int(4), w),
            "FSLAVE" => number("ifr_slave", &NAME, w),
            "FNAME" => number("ifr_newname", &NAME, w),
            "FTXQLEN" => number("ifr_qlen", &As::Int(4), w),
            "FMAP" => number("ifr_map", &MAP, w),
            _ => {}
        },
    }
}

static MAP: As = As::Struct(&Layout(&[
    ("mem_start", As::Hex(8)),
    ("mem_end", As::Hex(8)),
    ("base_addr", As::Hex(2)),
    ("irq", As::Hex(1)),
    ("dma", As::Hex(1)),
    ("port", As::Hex(1)),
]));

/// `struct sockaddr`
const ADDRESS: usize = 16;

fn address(w: &mut Writer<'_>, name: &str, b: &[u8]) {
    w.field(name).address_bytes(&b[..ADDRESS], 0);
}

fn hardware(w: &mut Writer<'_>, b: &[u8]) {
    let family = number(&b[..2]);
    w.field("ifr_hwaddr").structure(|w| {
        w.field("sa_family").one_of(family, &tables::ARPHRD);
        w.field("sa_data");
        w.hardware_address(&b[2..8]);
    });
}

/// Room for interfaces, and which there are.
fn interfaces(w: &mut Writer<'_>, at: u64) {
    let (given, filled) = (w.read_before::<[u64; 2]>(at), w.read::<[u64; 2]>(at));
    let (Some([len, buffer]), Some([new, _])) = (given, filled) else {
        w.address(at);
        return;
    };
    let (len, new) = (len as i32, new as i32);
    w.structure(|w| {
        w.field("ifc_len");
        if buffer != 0 {
            length(w, len);
        }
        if buffer != 0 && len != new {
            w.text(" => ");
        }
        if buffer == 0 || len != new {
            length(w, new);
        }
        w.field("ifc_buf").address(buffer);
    });
}

/// A length, by how many requests it has room for.
fn length(w: &mut Writer<'_>, len: i32) {
    let size = REQUEST as i32;
    if len == 0 || len % size != 0 {
        w.dec(len);
        return;
    }
    w.dec(len / size);
    w.text(" * sizeof(struct ifreq)");
}
