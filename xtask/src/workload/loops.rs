//! The loops that say what one call costs: as often as asked, as fast as possible.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result};

use super::{check, file_in, touch, wait};

/// Open and close one file.
pub(super) fn open_close(iterations: u32, dir: &Path) -> Result<()> {
    let path = file_in(dir, "open-close")?;
    touch(&path, libc::O_CREAT)?;
    timed(iterations, || Ok(touch(&path, libc::O_RDONLY)?))
}

/// Create, rename and unlink one file.
pub(super) fn rename_unlink(iterations: u32, dir: &Path) -> Result<()> {
    let from = file_in(dir, "rename-from")?;
    let to = file_in(dir, "rename-to")?;
    timed(iterations, || {
        touch(&from, libc::O_CREAT | libc::O_EXCL)?;
        // SAFETY: both names are C strings that live through the call.
        check(unsafe { libc::rename(from.as_ptr(), to.as_ptr()) })?;
        // SAFETY: the name is a C string that lives through the call.
        check(unsafe { libc::unlink(to.as_ptr()) })?;
        Ok(())
    })
}

/// Fork, run `/bin/true`, wait.
pub(super) fn fork_exec(iterations: u32) -> Result<()> {
    let program = c"/bin/true";
    let argv = [program.as_ptr(), std::ptr::null()];
    timed(iterations, || {
        let child = super::fork(|| {
            // SAFETY: the program is a C string; argv is an array of them with a null at its end.
            check(unsafe { libc::execv(program.as_ptr(), argv.as_ptr()) })?;
            Ok(())
        })?;
        wait(child)
    })
}

/// A call that does nothing, and that nobody asks a tracer about.
pub(super) fn getppid(iterations: u32) {
    let result = timed(iterations, || {
        // SAFETY: getppid takes nothing and always succeeds. By number, so that no library is between.
        std::hint::black_box(unsafe { libc::syscall(libc::SYS_getppid) });
        Ok(())
    });
    debug_assert!(result.is_ok(), "nothing in it can fail");
}

/// Does it so often and prints the nanoseconds of one: by the clock, and of CPU time.
fn timed(iterations: u32, mut work: impl FnMut() -> Result<()>) -> Result<()> {
    // The first ones pay for caches and page faults.
    for _ in 0..=iterations / 20 {
        work()?;
    }
    let (start, cpu) = (Instant::now(), cpu_time());
    for _ in 0..iterations {
        work().context("the loop failed")?;
    }
    let (wall, cpu) = (start.elapsed(), cpu_time().saturating_sub(cpu));
    let each = |time: Duration| time.as_secs_f64() * 1e9 / f64::from(iterations);
    println!("{:.1} {:.1}", each(wall), each(cpu));
    Ok(())
}

/// CPU time of this process and of the children that it has waited for.
fn cpu_time() -> Duration {
    let mut own = libc::timespec {
        tv_sec: 0,
        tv_nsec: 0,
    };
    // SAFETY: the clock exists since Linux 2.6.12, and the time is ours to write to.
    unsafe { libc::clock_gettime(libc::CLOCK_PROCESS_CPUTIME_ID, &raw mut own) };
    // SAFETY: a struct of integers, for which zero is a value.
    let mut children: libc::rusage = unsafe { std::mem::zeroed() };
    // SAFETY: the struct is ours to write to.
    unsafe { libc::getrusage(libc::RUSAGE_CHILDREN, &raw mut children) };
    let micros =
        |time: libc::timeval| Duration::new(time.tv_sec as u64, time.tv_usec as u32 * 1000);
    Duration::new(own.tv_sec as u64, own.tv_nsec as u32)
        + micros(children.ru_utime)
        + micros(children.ru_stime)
}
