//! A terminal of the test's own.

use std::{
    fs::File,
    io,
    os::fd::{FromRawFd, OwnedFd},
    ptr,
};

/// A terminal of so many columns: what programs write to, and where that can be read.
///
/// # Panics
/// When there is no terminal to be had.
pub fn terminal(columns: u16) -> (OwnedFd, File) {
    let size = libc::winsize {
        ws_row: 40,
        ws_col: columns,
        ws_xpixel: 0,
        ws_ypixel: 0,
    };
    let (mut screen, mut programs) = (-1, -1);
    // SAFETY: each pointer is null or to something that lives.
    let made = unsafe {
        libc::openpty(
            &raw mut screen,
            &raw mut programs,
            ptr::null_mut(),
            ptr::null(),
            &raw const size,
        )
    };
    assert_eq!(made, 0, "no terminal: {}", io::Error::last_os_error());
    // SAFETY: both are new and nobody else's.
    unsafe { (OwnedFd::from_raw_fd(programs), File::from_raw_fd(screen)) }
}
