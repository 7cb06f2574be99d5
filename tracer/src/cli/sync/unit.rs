//! A systemd unit for a command line of `tracer sync`.

use std::{ffi::OsString, path::Path};

use super::{super::exit::Failure, SyncArgs};

/// The unit's text. Paths of this machine are made absolute, because a service has another
/// working directory.
pub(super) fn text(args: &SyncArgs) -> Result<String, Failure> {
    let program = std::env::current_exe()?;
    let absolute = |path: &Path| std::path::absolute(path).map(std::path::PathBuf::into_os_string);
    let mut words = vec![program.into_os_string()];
    for word in std::env::args_os().skip(1) {
        let is = |path: &Option<std::path::PathBuf>| {
            path.as_ref().is_some_and(|path| path.as_os_str() == word)
        };
        if word == "--print-unit" {
            continue;
        }
        if is(&args.src) || is(&args.config) || is(&args.state_dir) {
            words.push(absolute(Path::new(&word))?);
        } else if args.dests.contains(&word) {
            let dest = crate::sync::Dest::parse(&word).map_err(Failure::usage)?;
            words.push(dest.text().to_owned());
        } else {
            words.push(word);
        }
    }
    let command: Vec<String> = words.iter().map(quoted).collect();
    Ok(format!(
        "\
[Unit]
Description=Keeps copies of directories equal
Documentation=man:rsync(1)
Wants=network-online.target
After=network-online.target local-fs.target

[Service]
Type=exec
ExecStart={}
# The queues, which outlive a restart: /var/lib/tracer/sync
StateDirectory=tracer
Restart=on-failure
RestartSec=5
# Wrong arguments or no rsync: starting again does not help.
RestartPreventExitStatus=2 127
IOSchedulingClass=best-effort
IOSchedulingPriority=6

[Install]
WantedBy=multi-user.target
",
        command.join(" ")
    ))
}

/// A word of a command line of systemd (systemd.service(5), COMMAND LINES).
fn quoted(word: &OsString) -> String {
    let text = word.to_string_lossy();
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '%' => out.push_str("%%"),
            '$' => out.push_str("$$"),
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            c => out.push(c),
        }
    }
    let is_plain = !text.is_empty()
        && text
            .chars()
            .all(|c| c.is_alphanumeric() || "_-+=./:,@%".contains(c));
    if is_plain { out } else { format!("\"{out}\"") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words() {
        for (word, wanted) in [
            ("/usr/bin/tracer", "/usr/bin/tracer"),
            ("*.tmp", "\"*.tmp\""),
            ("a b", "\"a b\""),
            ("100%", "100%%"),
            ("$x\"\\", "\"$$x\\\"\\\\\""),
            ("", "\"\""),
        ] {
            assert_eq!(quoted(&OsString::from(word)), wanted);
        }
    }
}
