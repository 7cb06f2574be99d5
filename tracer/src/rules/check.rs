//! Can this machine, and tracer on it, supply what a rule asks for? What cannot be is refused by
//! name and reason, so that no rule waits for what never comes.

use std::path::Path;

use super::{
    ast::{AuditRule, Cmp, Test, Value},
    field::{Field, Kind},
};

/// What is lacking, and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lack {
    /// What.
    pub what: String,
    /// What to do.
    pub help: String,
}

/// All that is lacking for a rule, with the number of the test that asks for it.
pub fn rule(rule: &AuditRule) -> Vec<(usize, Lack)> {
    let tests = rule.tests.iter().enumerate();
    tests
        .filter_map(|(at, asked)| Some((at, test(asked).err()?)))
        .collect()
}

fn test(test: &Test) -> Result<(), Lack> {
    match test {
        Test::Field(field, cmp, value) => {
            supplied(*field)?;
            reachable(*field, *cmp, value)
        }
        Test::Compare(left, _, right) => {
            supplied(*left)?;
            supplied(*right)
        }
    }
}

fn supplied(field: Field) -> Result<(), Lack> {
    let (why, help) = match field {
        field if field.kind() == Kind::Label => {
            if Path::new("/sys/fs/selinux/enforce").exists() {
                ("tracer does not read security labels", "leave it out")
            } else {
                (
                    "SELinux is off on this machine, so that nothing has a label",
                    "leave it out",
                )
            }
        }
        Field::Auid | Field::SessionId if !Path::new("/proc/self/loginuid").exists() => (
            "this kernel has no login ids (CONFIG_AUDIT is off)",
            "use uid",
        ),
        _ => return Ok(()),
    };
    Err(Lack {
        what: format!("{} cannot be tested: {why}", field.as_str()),
        help: help.to_owned(),
    })
}

/// A tree that is not there cannot be watched, nor a file in a directory that is not there, as
/// with the kernel's own rules.
fn reachable(field: Field, cmp: Cmp, value: &Value) -> Result<(), Lack> {
    let (Cmp::Eq, Value::Text(path)) = (cmp, value) else {
        return Ok(());
    };
    let must_be = match field {
        Field::Dir => Some(Path::new(path)),
        Field::Path => Path::new(path).parent(),
        _ => None,
    };
    if let Some(Err(error)) = must_be.map(std::fs::metadata) {
        return Err(Lack {
            what: format!("cannot watch {path}: {error}"),
            help: "create the directory first, or leave the rule out".to_owned(),
        });
    }
    Ok(())
}
