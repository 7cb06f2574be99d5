//! Numbers of the kinds of values (`auparse_type_t` of auparse-defs.h).

use tracer_logs::query::interpret::Kind;
use tracer_model::records::RecordType;

/// The number that libauparse has for the kind of a field.
pub(super) fn number(record: RecordType, name: &[u8], raw: &[u8]) -> i32 {
    match Kind::of(record, name, raw) {
        Kind::Uid => 1,
        Kind::Gid => 2,
        Kind::Syscall => 3,
        Kind::Arch => 4,
        Kind::Exit => 5,
        Kind::Escaped => 6,
        Kind::Access => 7,
        Kind::Mode => 8,
        Kind::Address => 9,
        Kind::Promiscuous => 11,
        Kind::Capability => 12,
        // The result of a call is a word, which no table has.
        Kind::Success if name != b"success" => 13,
        Kind::Argument(number) => [14, 15, 16, 17][usize::from(number).min(3)],
        Kind::Signal => 18,
        Kind::List => 19,
        Kind::Keys => 20,
        Kind::Session => 21,
        Kind::Capabilities => 22,
        Kind::NetfilterProtocol => 23,
        Kind::IcmpType => 24,
        Kind::Protocol => 25,
        Kind::Host => 26,
        Kind::Personality => 27,
        Kind::SeccompCode => 28,
        Kind::OpenFlags => 29,
        Kind::MapFlags => 30,
        Kind::ModeShort => 31,
        Kind::Label => 32,
        Kind::Title => 33,
        Kind::Hook => 34,
        Kind::NetAction => 35,
        Kind::EtherType => 36,
        Kind::Ioctl => 37,
        Kind::Key => 38,
        Kind::File => 39,
        Kind::FanotifyAnswer => 40,
        Kind::NetlinkGroup => 41,
        Kind::Resolve => 42,
        Kind::Plain if record == RecordType::PATH && name == b"flags" => 10,
        _ => 0,
    }
}

/// Is it the id of a user or group?
pub(super) fn is_id(name: &[u8]) -> bool {
    matches!(Kind::of(RecordType(0), name, b""), Kind::Uid | Kind::Gid)
}
