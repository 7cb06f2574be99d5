//! `tracer.toml`: where the daemon reads its rules and writes its log, and what it does in need.
//! An unknown key is refused, so that no mistake passes for a setting.

use std::{
    io,
    path::{Path, PathBuf},
};

use serde::Deserialize;

use super::node::{self, NameFormat};
use crate::{
    own_file,
    rules::RuleError,
    sink::{AtSize, Flush, Keeping},
    toml_file,
};

/// Where the configuration is looked for.
pub const DEFAULT_PATH: &str = "/etc/tracer/tracer.toml";

/// Where rules are looked for; it need not be there.
pub const DEFAULT_RULES: &str = "/etc/tracer/rules.d";

/// Largest file that is read.
const FILE_MAX: u64 = 1 << 20;

/// The environment variable that names another one.
pub const VARIABLE: &str = "TRACER_CONFIG";

/// The configuration that the environment names.
pub fn named() -> Option<PathBuf> {
    std::env::var_os(VARIABLE)
        .filter(|path| !path.is_empty())
        .map(Into::into)
}

/// The file as it is written. Every key can be left out.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// Directory of `*.rules`, or one file; `None` is [`DEFAULT_RULES`].
    pub rules: Option<PathBuf>,
    /// The log.
    pub log_file: PathBuf,
    /// Permissions of the log, as octal text.
    pub log_mode: String,
    /// Whether records have the names of their numbers.
    pub log_format: LogFormat,
    /// What this machine is called in its records.
    pub name_format: NameFormat,
    /// Its name, for `name_format = "user"`.
    pub name: Option<String>,
    /// Whether calls have our own record beside the kernel's.
    pub own_records: bool,
    /// MiB of a segment; 0 is no limit.
    pub max_log_file: u64,
    /// What happens at that size.
    pub max_log_file_action: AtSizeWord,
    /// Segments that are kept.
    pub num_logs: u32,
    /// What is done with segments that were rotated away.
    pub compress: Compress,
    /// What is written is sealed ([`crate::seal`]).
    pub seal: bool,
    /// When the log is brought to the disk.
    pub flush: FlushWord,
    /// Records between two flushes (`incremental`).
    pub freq: u32,
    /// MiB below which `space_left_action` is taken; 0 is never.
    pub space_left: u64,
    /// What is done then.
    pub space_left_action: String,
    /// What is done when nothing can be written.
    pub disk_full_action: String,
    /// `halt` may be used as an action.
    pub allow_halt: bool,
    /// Bytes of the ring buffer between kernel and daemon, such as `16M`.
    pub buffer: String,
    /// MiB of records that are kept in memory while nothing can be written.
    pub backlog: u64,
    /// The control socket.
    pub control_socket: PathBuf,
    /// The socket for messages of programs.
    pub message_socket: PathBuf,
    /// Its permissions, as octal text: who may send.
    pub message_socket_mode: String,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            rules: None,
            log_file: "/var/log/tracer/audit.log".into(),
            log_mode: "0600".to_owned(),
            log_format: LogFormat::Raw,
            name_format: NameFormat::None,
            name: None,
            own_records: true,
            max_log_file: 64,
            max_log_file_action: AtSizeWord::Rotate,
            num_logs: 5,
            compress: Compress::None,
            seal: false,
            flush: FlushWord::Incremental,
            freq: 1000,
            space_left: 75,
            space_left_action: "syslog".to_owned(),
            disk_full_action: "syslog".to_owned(),
            allow_halt: false,
            buffer: "64M".to_owned(),
            backlog: 64,
            control_socket: "/run/tracer/control.sock".into(),
            message_socket: "/run/tracer/message.sock".into(),
            message_socket_mode: "0600".to_owned(),
        }
    }
}

/// `log_format`
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "UPPERCASE")]
pub enum LogFormat {
    /// Numbers, as the kernel has them.
    #[serde(alias = "raw")]
    Raw,
    /// Their names on this machine behind them.
    #[serde(alias = "enriched")]
    Enriched,
}

/// `max_log_file_action`
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum AtSizeWord {
    /// Nothing.
    Ignore,
    /// The oldest segment goes.
    Rotate,
    /// No segment ever goes.
    KeepLogs,
}

/// `compress`
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum Compress {
    /// They stay as they are.
    None,
    /// They are packed, so that `search` need not unpack all of them.
    Zstd,
}

/// `flush`
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum FlushWord {
    /// When the kernel does it.
    None,
    /// Every `freq` records, without waiting.
    Incremental,
    /// At once.
    Sync,
}

/// What is done in need.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// Nothing.
    Ignore,
    /// A message to the system log.
    Syslog,
    /// A new segment, so that an old one goes.
    Rotate,
    /// A program is started.
    Exec(PathBuf),
    /// The machine is halted.
    Halt,
}

/// A configuration that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("cannot read the configuration {}: {error}{}", .path.display(), what_to_do(path, error))]
    Read {
        /// Which.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// It is no such TOML.
    #[error(transparent)]
    Parse(#[from] Box<RuleError>),
    /// A value is none.
    #[error("{key} = {value:?}: {why}")]
    Value {
        /// Which key.
        key: &'static str,
        /// What it is.
        value: String,
        /// What it should be.
        why: String,
    },
}

/// A checked configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// As written.
    pub config: Config,
    /// How the log is kept.
    pub keeping: Keeping,
    /// When the disk is low.
    pub space_left_action: Action,
    /// When the disk is full.
    pub disk_full_action: Action,
    /// Permissions of the message socket.
    pub message_socket_mode: u32,
    /// Bytes of the ring buffer.
    pub ring_size: u32,
    /// What this machine is called in its records.
    pub node: Option<String>,
}

/// Where the settings of a daemon are: a file, and what the command line says beside it.
#[derive(Clone, Debug)]
pub struct Place {
    path: Option<PathBuf>,
    seal: bool,
}

impl Place {
    /// The file (the default one where there is none), and whether the log is sealed whatever it says.
    pub fn new(path: Option<PathBuf>, seal: bool) -> Self {
        Self { path, seal }
    }

    /// Reads the settings, as they are now, of a file that only root can write.
    pub fn read(&self) -> Result<Settings, ConfigError> {
        let mut settings = Settings::read_by(self.path.as_deref(), own_file::read)?;
        settings.keeping.seal |= self.seal;
        Ok(settings)
    }
}

impl Settings {
    /// Reads a file; the default file need not be there.
    pub fn read(path: Option<&Path>) -> Result<Self, ConfigError> {
        Self::read_by(path, own_file::read_any)
    }

    fn read_by(path: Option<&Path>, read: own_file::Read) -> Result<Self, ConfigError> {
        let given = path.is_some();
        let path = path.unwrap_or(Path::new(DEFAULT_PATH));
        let text = read(path, FILE_MAX).and_then(|bytes| {
            String::from_utf8(bytes).map_err(|_| io::Error::other("it is not UTF-8"))
        });
        let text = match text {
            Ok(text) => text,
            Err(error) if !given && error.kind() == io::ErrorKind::NotFound => String::new(),
            Err(error) => {
                return Err(ConfigError::Read {
                    path: path.to_owned(),
                    error,
                });
            }
        };
        Self::check(toml_file::read(path, &text)?)
    }

    /// Checks what TOML does not.
    pub fn check(config: Config) -> Result<Self, ConfigError> {
        let at_size = match config.max_log_file_action {
            AtSizeWord::Ignore => AtSize::Ignore,
            AtSizeWord::Rotate => AtSize::Rotate(config.num_logs),
            AtSizeWord::KeepLogs => AtSize::KeepLogs,
        };
        if !(2..=999).contains(&config.num_logs) {
            return Err(bad(
                "num_logs",
                &config.num_logs.to_string(),
                "expected 2 to 999",
            ));
        }
        let flush = match config.flush {
            FlushWord::None => Flush::None,
            FlushWord::Incremental => Flush::Incremental(config.freq.max(1)),
            FlushWord::Sync => Flush::Sync,
        };
        if config.name_format == NameFormat::User && config.name.is_none() {
            return Err(bad("name_format", "user", "it needs a name = \"...\""));
        }
        let node = node::name(config.name_format, config.name.as_deref()).map_err(|error| {
            let name = config.name.as_deref().unwrap_or_default();
            bad("name", name, &error.to_string())
        })?;
        let action = |key, text: &str| action(key, text, config.allow_halt);
        Ok(Self {
            keeping: Keeping {
                max_size: config.max_log_file << 20,
                at_size,
                flush,
                mode: octal("log_mode", &config.log_mode)?,
                seal: config.seal,
            },
            space_left_action: action("space_left_action", &config.space_left_action)?,
            disk_full_action: action("disk_full_action", &config.disk_full_action)?,
            message_socket_mode: octal("message_socket_mode", &config.message_socket_mode)?,
            ring_size: crate::source::ebpf::ring_size(&config.buffer)
                .map_err(|why| bad("buffer", &config.buffer, &why))?,
            node,
            config,
        })
    }
}

/// What helps where a configuration cannot be read.
fn what_to_do(path: &Path, error: &io::Error) -> String {
    if path.is_dir() {
        return ": name the file in it, as in --config DIR/tracer.toml".to_owned();
    }
    match error.kind() {
        io::ErrorKind::NotFound => format!(
            ": --config and {VARIABLE} name another; without both it is {DEFAULT_PATH}, which need \
             not be there (docs/daemon.md has its keys)"
        ),
        io::ErrorKind::PermissionDenied => ": run as root, or with another --config".to_owned(),
        _ => String::new(),
    }
}

fn bad(key: &'static str, value: &str, why: &str) -> ConfigError {
    ConfigError::Value {
        key,
        value: value.to_owned(),
        why: why.to_owned(),
    }
}

fn octal(key: &'static str, text: &str) -> Result<u32, ConfigError> {
    u32::from_str_radix(text, 8)
        .ok()
        .filter(|mode| *mode <= 0o777)
        .ok_or_else(|| bad(key, text, "expected permissions such as \"0600\""))
}

fn action(key: &'static str, text: &str, allow_halt: bool) -> Result<Action, ConfigError> {
    let exec = text.strip_prefix("exec ").map(str::trim_start);
    Ok(match (text, exec) {
        ("ignore", _) => Action::Ignore,
        ("syslog", _) => Action::Syslog,
        ("rotate", _) => Action::Rotate,
        ("halt", _) if allow_halt => Action::Halt,
        ("halt", _) => return Err(bad(key, text, "halt needs allow_halt = true")),
        (_, Some(program)) if program.starts_with('/') => Action::Exec(program.into()),
        _ => {
            return Err(bad(
                key,
                text,
                "expected ignore, syslog, rotate, halt or exec /PROGRAM",
            ));
        }
    })
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn texts() {
        for (text, wanted) in [
            ("", ""),
            ("rules = \"/tmp/r\"\nmax_log_file = 1\nflush = \"sync\"", ""),
            ("max_log_file_action = \"keep-logs\"", ""),
            ("disk_full_action = \"exec /bin/true\"", ""),
            ("disk_full_action = \"halt\"\nallow_halt = true", ""),
            (
                "disk_full_action = \"halt\"",
                "halt needs allow_halt = true",
            ),
            (
                "disk_full_action = \"exec true\"",
                "expected ignore, syslog",
            ),
            ("nosuchkey = 1", "unknown key `nosuchkey`"),
            ("num_logs = 1", "expected 2 to 999"),
            ("num_logs = \"x\"", "invalid type"),
            ("flush = \"often\"", "no such word: `often`"),
            ("compress = \"zstd\"", ""),
            ("seal = true", ""),
            ("seal = 1", "invalid type"),
            ("compress = \"gzip\"", "no such word: `gzip`"),
            ("log_mode = \"9\"", "expected permissions"),
            (
                "log_format = \"ENRICHED\"\nown_records = false\nname_format = \"user\"\nname = \"web1\"",
                "",
            ),
            ("log_format = \"raw\"\nname_format = \"HOSTNAME\"", ""),
            ("log_format = \"NOLOG\"", "no such word: `NOLOG`"),
            ("name_format = \"user\"", "it needs a name"),
            (
                "name_format = \"user\"\nname = \"a b\"",
                "`a b` is no name of a machine",
            ),
            ("buffer = \"2G\"", "expected a size"),
            ("max_log_file = -1", "invalid value"),
        ] {
            let dir = tempfile::tempdir().unwrap();
            let path = dir.path().join("tracer.toml");
            fs::write(&path, text).unwrap();
            match Settings::read(Some(&path)) {
                Ok(_) => assert_eq!(wanted, "", "{text} was accepted"),
                Err(error) => {
                    let error = error.to_string();
                    assert!(
                        !wanted.is_empty() && error.contains(wanted),
                        "{text}: {error}"
                    );
                }
            }
        }
        assert!(Settings::read(Some(Path::new("/nonexistent"))).is_err());
    }
}
