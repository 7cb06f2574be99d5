//! Attributes of netlink messages: a type, a length, and something. What it is follows from the
//! name of the type.

use super::super::{
    As, Layout, Names, Writer,
    layout::{number, size_of_members},
    tables,
};

/// The attributes of one kind of message: the names of their types, and what those are that are no
/// bytes. A line without names is about all that no other line is about.
#[derive(Debug)]
pub(super) struct Attributes {
    pub(super) names: &'static Names,
    pub(super) values: &'static [(&'static [&'static str], Value)],
}

/// What an attribute is.
#[derive(Clone, Copy, Debug)]
pub(super) enum Value {
    /// A number or a structure, in the beginning of the bytes.
    Is(&'static As),
    /// The same, and what is behind it.
    Tailed(&'static As),
    /// The same, and there is nothing behind it.
    Only(&'static As),
    /// A structure of at least so many bytes, which may have more.
    Grows(&'static Layout, u64),
    /// Bytes, whatever the others are.
    Bytes,
    /// Text with a NUL at its end.
    Text,
    /// Further attributes.
    Nested(&'static Attributes),
    /// An address of the message's family.
    Address,
    /// An address of this family.
    AddressOf(i32),
    /// A hardware address.
    Hardware,
    /// A structure without what fills it up.
    Packed(&'static Layout),
    /// As many of these as there is room for.
    ArrayOf(&'static As),
    /// A number of 4 or 8 bytes, of which so many are a second.
    Time(u64),
    /// Of these the largest there is room for.
    AnyOf(&'static [&'static As]),
}

/// What nothing is known of.
pub(super) static UNKNOWN: Attributes = Attributes {
    names: &Names::NONE,
    values: &[],
};

/// What an answer says beside an error.
pub(super) static OF_ERRORS: Attributes = Attributes {
    names: &tables::NLMSGERR_ATTRS,
    values: &[
        (&["NLMSGERR_ATTR_MSG"], Value::Text),
        (&["NLMSGERR_ATTR_OFFS"], Value::Is(&As::Uint(4))),
    ],
};

/// Families of generic netlink.
pub(super) static OF_FAMILIES: Attributes = Attributes {
    names: &tables::CTRL_ATTRS,
    values: &[
        (&["CTRL_ATTR_FAMILY_ID"], Value::Is(&As::Uint(2))),
        (&["CTRL_ATTR_FAMILY_NAME"], Value::Text),
        (
            &[
                "CTRL_ATTR_VERSION",
                "CTRL_ATTR_HDRSIZE",
                "CTRL_ATTR_MAXATTR",
                "CTRL_ATTR_OP",
            ],
            Value::Is(&As::Uint(4)),
        ),
    ],
};

/// Bytes of `struct nlattr`.
const HEAD: u64 = 4;
/// Marks in a type (`NLA_F_NESTED`, `NLA_F_NET_BYTEORDER`).
const NESTED: u64 = 0x8000;
const NET_ORDER: u64 = 0x4000;

/// `len` bytes of attributes, of a message of this address family.
pub(super) fn list(w: &mut Writer<'_>, at: u64, len: u64, of: &Attributes, family: u64) {
    super::sequence(w, at, len, HEAD, 2, &mut |w, at, len| {
        one(w, at, len, of, family);
    });
}

fn one(w: &mut Writer<'_>, at: u64, len: u64, of: &Attributes, family: u64) {
    let Some(word) = w.read::<u32>(at).map(u64::from) else {
        w.address(at);
        return;
    };
    let (size, kind) = (word & 0xffff, word >> 16);
    let own = size.min(len);
    let head = |w: &mut Writer<'_>| {
        w.structure(|w| {
            w.field("nla_len").dec(size);
            w.field("nla_type");
            for (mark, name) in [(NESTED, "NLA_F_NESTED"), (NET_ORDER, "NLA_F_NET_BYTEORDER")] {
                if kind & mark != 0 {
                    w.constant(mark, name);
                    w.text("|");
                }
            }
            w.one_of(kind & !(NESTED | NET_ORDER), of.names);
        });
    };
    if own <= HEAD {
        head(w);
        return;
    }
    w.group(["[", "]"], |w| {
        w.separate();
        head(w);
        w.separate();
        let name = of.names.of(kind & !(NESTED | NET_ORDER));
        let line = of.values.iter().find(|(names, _)| {
            names.is_empty() && (name.is_some() || of.names.entries.is_empty())
                || name.is_some_and(|name| names.contains(&name))
        });
        value(w, line.map(|line| line.1), at + HEAD, own - HEAD, family);
    });
}

fn value(w: &mut Writer<'_>, what: Option<Value>, at: u64, len: u64, family: u64) {
    match what {
        Some(Value::Is(shape)) if len >= shape.size() as u64 => {
            let call = w.call;
            match call.memory(at).filter(|bytes| bytes.len() >= shape.size()) {
                Some(bytes) => w.shape(bytes, shape),
                None => w.address(at),
            }
        }
        Some(Value::Tailed(shape)) if len >= shape.size() as u64 => {
            let size = shape.size() as u64;
            value(w, Some(Value::Is(shape)), at, size, family);
            if len > size {
                w.separate();
                w.raw(at + size, len - size);
            }
        }
        Some(Value::Only(shape)) if len == shape.size() as u64 => {
            value(w, Some(Value::Is(shape)), at, len, family);
        }
        Some(Value::Grows(layout, least)) if len >= least => {
            let call = w.call;
            let whole = len.min(layout.size() as u64) as usize;
            match call.memory(at).filter(|bytes| bytes.len() >= whole) {
                Some(bytes) => w.structure(|w| w.members_there(&bytes[..whole], layout)),
                None => w.address(at),
            }
        }
        Some(Value::Packed(layout)) if len >= size_of_members(layout.0) as u64 => {
            let call = w.call;
            let size = size_of_members(layout.0);
            match call.memory(at).filter(|bytes| bytes.len() >= size) {
                Some(bytes) => w.structure(|w| w.members_there(&bytes[..size], layout)),
                None => w.address(at),
            }
        }
        Some(Value::ArrayOf(shape)) if len >= shape.size() as u64 => {
            let size = shape.size() as u64;
            w.array(at, size, len / size, |w, at| w.element(at, shape));
        }
        Some(Value::Time(second)) if len == 4 || len == 8 => {
            let call = w.call;
            match call.memory(at).filter(|bytes| bytes.len() as u64 >= len) {
                Some(bytes) => w.fraction(number(&bytes[..len as usize]), second),
                None => w.address(at),
            }
        }
        Some(Value::AnyOf(shapes)) => {
            let fits = |shape: &&&As| len >= shape.size() as u64;
            let shape = shapes.iter().filter(fits).max_by_key(|shape| shape.size());
            value(w, shape.map(|shape| Value::Is(shape)), at, len, family);
        }
        Some(Value::AddressOf(family)) => address(w, at, len, family as u64),
        Some(Value::Text) => text(w, at, len),
        Some(Value::Nested(of)) => list(w, at, len, of, family),
        Some(Value::Address) => address(w, at, len, family),
        Some(Value::Hardware) => match w.call.memory(at) {
            Some(bytes) if bytes.len() as u64 >= len => {
                let bytes = bytes[..len as usize].to_vec();
                w.hardware_address(&bytes);
            }
            _ => w.address(at),
        },
        _ => w.raw(at, len),
    }
}

/// Text; the NUL at its end is expected.
fn text(w: &mut Writer<'_>, at: u64, len: u64) {
    let call = w.call;
    let limit = w.options.strings;
    match call.memory(at).filter(|bytes| bytes.len() as u64 >= len) {
        Some(bytes) => {
            let bytes = &bytes[..len as usize];
            let (text, ends) = match bytes {
                [text @ .., 0] => (text, true),
                text => (text, false),
            };
            w.quoted(text, text.len() > limit || !ends, limit);
        }
        None => w.address(at),
    }
}

/// An internet address, or bytes.
fn address(w: &mut Writer<'_>, at: u64, len: u64, family: u64) {
    let needed = match family as i32 {
        libc::AF_INET => 4,
        libc::AF_INET6 => 16,
        _ => return w.raw(at, len),
    };
    if len < needed {
        w.raw(at, len);
        return;
    }
    let call = w.call;
    match call.memory(at).filter(|bytes| bytes.len() as u64 >= needed) {
        Some(bytes) => w.internet_address(&bytes[..needed as usize]),
        None => w.address(at),
    }
}

/// A number in the order of the network.
pub(super) const BE16: As = As::By(2, 1, |w, b| {
    w.text(&format!("htons({})", u16::from_be_bytes([b[0], b[1]])));
});
/// The number of a network interface, with its name.
pub(super) const INDEX: As = As::By(4, 4, |w, b| w.interface(number(b) as u32));

/// Times of an address, a route or a neighbour.
pub(super) static ADDRESS_CACHE: As = As::Struct(&Layout(&[
    ("ifa_prefered", As::Uint(4)),
    ("ifa_valid", As::Uint(4)),
    ("cstamp", As::Uint(4)),
    ("tstamp", As::Uint(4)),
]));
