//! The command that `tracer trace` starts: strace's options about it, and how it comes to be.

use std::{
    ffi::{OsStr, OsString},
    io,
    os::unix::{ffi::OsStrExt, process::CommandExt},
    process::Command,
};

use clap::Args;
use nix::unistd::{Uid, User};

use super::exit::{Code, Failure};
use crate::{sink::Stop, source::ebpf::Ebpf};

/// Options about the command.
#[derive(Args, Debug)]
#[command(next_help_heading = "The command")]
pub(super) struct StartArgs {
    /// Set this variable in the environment of the command, or take it out (repeatable)
    #[arg(short = 'E', long, value_name = "VAR[=VALUE]")]
    env: Vec<OsString>,
    /// What the command is told as its own name
    #[arg(long, value_name = "NAME")]
    argv0: Option<OsString>,
    /// Run the command as this user
    #[arg(long, value_name = "USER", value_parser = user)]
    user: Option<User>,
}

/// A user that passwd(5) knows.
fn user(name: &str) -> Result<User, String> {
    match User::from_name(name) {
        Ok(Some(user)) => Ok(user),
        Ok(None) => Err(format!("there is no user `{name}`")),
        Err(error) => Err(format!("cannot look the user up: {error}")),
    }
}

impl StartArgs {
    /// Is something said about a command?
    pub(super) fn any(&self) -> bool {
        !self.env.is_empty() || self.argv0.is_some() || self.user.is_some()
    }

    /// Runs the command as this user, as strace's `-u` says it; false when passwd(5) has none with this
    /// number, so that neither groups nor a group of its own are known.
    pub(super) fn run_as(&mut self, uid: u32) -> bool {
        self.user = User::from_uid(Uid::from_raw(uid)).ok().flatten();
        self.user.is_some()
    }

    /// Starts the command so that it is traced from its first instruction.
    pub(super) fn start(
        &self,
        source: &mut Ebpf,
        stop: &Stop,
        program: &OsString,
        args: &[OsString],
    ) -> Result<tokio::process::Child, Failure> {
        let mut command = Command::new(program);
        command.args(args);
        self.apply(&mut command);
        stop.unblock_in(&mut command);
        source.adopt_children()?;
        let child = tokio::process::Command::from(command).spawn();
        source.adopt_no_more();
        child.map_err(|error| {
            let code = if error.kind() == io::ErrorKind::NotFound {
                Code::NotFound
            } else {
                Code::CannotRun
            };
            Failure::new(code, format!("cannot run {}: {error}", program.display()))
        })
    }

    fn apply(&self, command: &mut Command) {
        for variable in &self.env {
            let bytes = variable.as_bytes();
            match memchr::memchr(b'=', bytes) {
                Some(at) => command.env(
                    OsStr::from_bytes(&bytes[..at]),
                    OsStr::from_bytes(&bytes[at + 1..]),
                ),
                None => command.env_remove(variable),
            };
        }
        if let Some(name) = &self.argv0 {
            command.arg0(name);
        }
        if let Some(user) = &self.user {
            let (name, uid, gid) = (user.name.clone(), user.uid, user.gid);
            let set_ids = move || {
                let name = std::ffi::CString::new(name.clone())?;
                nix::unistd::initgroups(&name, gid)?;
                nix::unistd::setresgid(gid, gid, gid)?;
                nix::unistd::setresuid(uid, uid, uid)?;
                Ok(())
            };
            // SAFETY: between fork and exec it makes system calls, and reads group(5) as
            // initgroups(3) does: tracer has one thread, so no lock is held by another.
            unsafe { command.pre_exec(set_ids) };
        }
    }
}
