//! A rule as text, normalised as `auditctl -l` lists it.

use std::fmt::{self, Write};

use super::{
    ast::{AuditRule, Cmp, List, Test},
    call_names,
    field::Field,
    value,
};
use crate::calls::Arch;

impl fmt::Display for AuditRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.listing(false))
    }
}

impl AuditRule {
    /// The line of `auditctl -l`, with `interpret` that of `auditctl -l -i`.
    pub fn listing(&self, interpret: bool) -> String {
        let mut out = String::new();
        // Writing into a string does not fail.
        let _ = if self.reads_as_watch() {
            self.write_watch(&mut out, interpret)
        } else {
            self.write_rule(&mut out, interpret)
        };
        out
    }

    /// auditctl shows as a watch what could have been one: all calls, and nothing but a file,
    /// permissions and keys.
    fn reads_as_watch(&self) -> bool {
        let field = |test: &Test| match test {
            Test::Field(field, ..) => Some(*field),
            Test::Compare(..) => None,
        };
        self.list == List::Exit
            && self.calls.is_none()
            && self.tests.iter().any(|t| field(t) == Some(Field::Perm))
            && self
                .tests
                .iter()
                .all(|t| matches!(field(t), Some(Field::Perm | Field::Path | Field::Dir)))
    }

    fn write_watch(&self, out: &mut String, interpret: bool) -> fmt::Result {
        let mut gap = "";
        for test in &self.tests {
            let Test::Field(field, cmp, value) = test else {
                continue;
            };
            // Without a file auditctl begins with a space.
            let lead = if *field == Field::Perm { " -p " } else { "-w " };
            write!(out, "{gap}{lead}")?;
            let at = out.len();
            value::write(out, *field, *cmp, value, interpret)?;
            escape(out, at);
            gap = if *field == Field::Perm { " " } else { "" };
        }
        for key in &self.keys {
            out.push_str(" -k ");
            let at = out.len();
            out.push_str(key);
            escape(out, at);
        }
        Ok(())
    }

    /// The architecture that the numbers of the calls are meant in.
    pub fn arch(&self) -> Option<Arch> {
        match self.equal(Field::Arch) {
            Some(super::ast::Value::Number(n)) => value::arch_of(*n),
            _ => None,
        }
    }

    fn write_rule(&self, out: &mut String, interpret: bool) -> fmt::Result {
        write!(out, "-a {},{}", self.action.as_str(), self.list.as_str())?;
        let is_arch = |t: &&Test| matches!(t, Test::Field(Field::Arch, ..));
        for test in self.tests.iter().filter(is_arch) {
            write_test(out, test, interpret)?;
        }
        match &self.calls {
            None if self.list == List::Exit || self.list == List::IoUring => {
                out.push_str(" -S all");
            }
            None => {}
            Some(calls) => {
                let names = calls.iter().map(|nr| {
                    call_names::name(self.list, self.arch(), *nr)
                        .map_or_else(|| nr.to_string(), str::to_owned)
                });
                write!(out, " -S {}", names.collect::<Vec<_>>().join(","))?;
            }
        }
        for test in self.tests.iter().filter(|t| !is_arch(t)) {
            write_test(out, test, interpret)?;
        }
        for key in &self.keys {
            out.push_str(" -F key=");
            let at = out.len();
            out.push_str(key);
            escape(out, at);
        }
        Ok(())
    }
}

fn write_test(out: &mut String, test: &Test, interpret: bool) -> fmt::Result {
    match test {
        Test::Field(field, cmp, value) => {
            write!(out, " -F {}{}", field.as_str(), cmp.as_str())?;
            let at = out.len();
            value::write(out, *field, *cmp, value, interpret)?;
            escape(out, at);
            Ok(())
        }
        Test::Compare(left, cmp, right) => {
            debug_assert!(matches!(cmp, Cmp::Eq | Cmp::Ne), "a checked rule");
            write!(
                out,
                " -C {}{}{}",
                left.as_str(),
                cmp.as_str(),
                right.as_str()
            )
        }
    }
}

/// Spaces from byte `at` on as a rule file takes them.
fn escape(out: &mut String, at: usize) {
    if out[at..].contains(' ') {
        let tail = out.split_off(at).replace(' ', "\\ ");
        out.push_str(&tail);
    }
}
