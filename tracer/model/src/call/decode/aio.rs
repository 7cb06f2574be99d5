//! Asynchronous input and output (`io_submit(2)`).

use super::{As, Layout, Writer, layout::number, tables};
use crate::calls::Arg;

/// Bytes of `struct iocb` and `struct io_event`.
const IOCB: usize = 64;
const EVENT: usize = 32;
/// Where the address of the buffer stands in `struct iocb`, with its length behind it.
const BUFFER: u8 = 24;

/// Addresses of `struct iocb`, as many as the argument before says.
pub(crate) const IOCBS: Arg = Arg::pointers(IOCB, 1, BUFFER, |w, _, at| {
    let count = w.args[1] as i64;
    let Ok(count) = u64::try_from(count) else {
        w.address(at);
        return;
    };
    w.array(at, 8, count, |w, at| {
        let one = w.read::<u64>(at).unwrap_or_default();
        w.shape_at(one, &As::By(IOCB as u16, 8, request));
    });
});
/// One that is called off.
pub(crate) const IOCB_CANCELLED: Arg = Arg::input(IOCB, |w, _, at| {
    w.shape_at(
        at,
        &As::By(IOCB as u16, 8, |w, b| {
            w.structure(|w| {
                head(w, b);
            });
        }),
    );
});
/// What has been done, as many as the result says.
pub(crate) const IO_EVENTS: Arg = Arg::results(EVENT, |w, _, at| {
    let Ok(count) = u64::try_from(w.call.ret) else {
        w.address(at);
        return;
    };
    w.array(at, EVENT as u64, count, |w, at| w.shape_at(at, &DONE));
});
/// What has become of one that was called off.
pub(crate) const IO_EVENT: Arg = Arg::filled(&DONE);

static DONE: As = As::Struct(&Layout(&[
    ("data", As::Hex(8)),
    ("obj", As::Hex(8)),
    ("res", As::Int(8)),
    ("res2", As::Int(8)),
]));

/// What all commands have; returns the name of this one.
fn head(w: &mut Writer<'_>, b: &[u8]) -> &'static str {
    const IOPRIO: u64 = 2;
    let command = number(&b[16..18]);
    w.field("aio_data").hex(number(&b[..8]));
    if b[8..12] != [0; 4] {
        w.field("aio_key").dec(number(&b[8..12]));
    }
    if b[12..16] != [0; 4] {
        w.field("aio_rw_flags")
            .flags(number(&b[12..16]), &tables::RWF);
    }
    w.field("aio_lio_opcode")
        .one_of_dec(command, command, &tables::IOCB_CMDS);
    if number(&b[56..60]) & IOPRIO != 0 {
        w.field("aio_reqprio");
        super::process::priority(w, number(&b[18..20]));
    } else if b[18..20] != [0; 2] {
        w.field("aio_reqprio").shape(&b[18..20], &As::Int(2));
    }
    w.field("aio_fildes").shape(&b[20..24], &As::Int(4));
    tables::IOCB_CMDS.of(command).unwrap_or_default()
}

fn request(w: &mut Writer<'_>, b: &[u8]) {
    let (buffer, len, offset) = (number(&b[24..32]), number(&b[32..40]), number(&b[40..48]));
    w.structure(|w| {
        let command = head(w, b);
        match command {
            "IOCB_CMD_PREAD" | "IOCB_CMD_PWRITE" => {
                w.field("aio_buf");
                if command == "IOCB_CMD_PWRITE" && len as i64 >= 0 {
                    w.buffer(buffer, len);
                } else {
                    w.hex(buffer);
                }
                w.field("aio_nbytes").dec(len);
                w.field("aio_offset").dec(offset as i64);
            }
            "IOCB_CMD_PREADV" | "IOCB_CMD_PWRITEV" => {
                // What the vector leads to is not captured.
                w.field("aio_buf").hex(buffer);
                w.field("aio_nbytes").dec(len);
                w.field("aio_offset").dec(offset as i64);
            }
            "IOCB_CMD_POLL" => {
                w.field("aio_buf").flags(buffer, &tables::POLL_EVENTS);
            }
            _ => return,
        }
        let flags = number(&b[56..60]);
        if flags != 0 {
            w.field("aio_flags").flags(flags, &tables::IOCB_FLAGS);
        }
        if flags & 1 != 0 {
            w.field("aio_resfd").shape(&b[60..64], &As::Int(4));
        } else if b[60..64] != [0; 4] {
            w.field("aio_resfd").hex(number(&b[60..64]));
        }
    });
}
