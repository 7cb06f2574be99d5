//! Events as sentences (`--format text`).

use super::Printer;
use crate::{
    query::{normal::Normal, told},
    replay::Event,
};

impl Printer {
    pub(super) fn sentence(&mut self, out: &mut Vec<u8>, event: &Event<'_>) {
        let time = self.stamps.format("%H:%M:%S %x", event.id().sec);
        match event.node() {
            Some(node) => {
                out.extend_from_slice(b"On ");
                self.interpreter.escape.write(out, node);
                out.extend_from_slice(format!(" at {time} ").as_bytes());
            }
            None => out.extend_from_slice(format!("At {time} ").as_bytes()),
        }
        if let Some(lost) = lost(event) {
            out.extend_from_slice(&lost);
            return;
        }
        let normal = Normal::of(event, &mut self.interpreter);
        let mut text = Vec::new();
        if let Some(subject) = normal.subject {
            subject.read(&mut self.interpreter, &mut text);
            out.extend_from_slice(if text == b"unset" { b"system" } else { &text });
        }
        if let Some(acting) = normal.acting
            && let Some(id) = acting.number()
            // A label is no user, and counts as 0.
            && normal
                .subject
                .is_some_and(|subject| subject.number().unwrap_or(0) != id)
            && id != u32::MAX
        {
            out.extend_from_slice(b", acting as ");
            acting.read(&mut self.interpreter, out);
            out.push(b',');
        }
        out.extend_from_slice(match normal.success {
            Some(true) => b" successfully ",
            Some(false) => b" unsuccessfully ",
            None => b" ",
        });
        let action = normal.action.as_deref().unwrap_or("did-unknown");
        out.extend_from_slice(action.as_bytes());
        out.push(b' ');
        if let Some(object) = normal.object_text(&mut self.interpreter) {
            let is_address = normal.object.is_some_and(|spot| spot.is_called(b"saddr"));
            out.extend_from_slice(if is_address { peer(&object) } else { &object });
            out.push(b' ');
        }
        if let Some(process) = normal.signalled {
            out.push(b'(');
            process.read(&mut self.interpreter, out);
            out.extend_from_slice(b") ");
        }
        if let Some(second) = normal.object2_text(&mut self.interpreter) {
            out.extend_from_slice(b"to ");
            out.extend_from_slice(&second);
            out.push(b' ');
        }
        // "ended a session using sshd", "executed cat using cat": of no use.
        if let Some(how) = &normal.how
            && !action.starts_with('e')
            && normal.action.is_some()
        {
            out.extend_from_slice(b"using ");
            out.extend_from_slice(how);
        }
        out.push(b'\n');
    }
}

/// Events that were lost, as the rest of a sentence: how many, and why.
fn lost(event: &Event<'_>) -> Option<Vec<u8>> {
    let lost = told::loss(event)?;
    let count = lost.count.unwrap_or(b"an unknown number of");
    let s = if count == b"1" { "" } else { "s" };
    let mut text = [b"system lost ", count].concat();
    text.extend_from_slice(format!(" event{s}: ").as_bytes());
    text.extend(lost.reason.iter().filter(|byte| byte.is_ascii_graphic()));
    text.push(b'\n');
    Some(text)
}

/// Of a readable socket address (`{ saddr_fam=inet laddr=192.0.2.1 lport=443 }`) what a sentence
/// needs: the address, else its family.
fn peer(address: &[u8]) -> &[u8] {
    for (field, end) in [
        (&b"laddr="[..], &b" "[..]),
        (b"path=", b" }"),
        (b"saddr_fam=", b" "),
    ] {
        if let Some(at) = memchr::memmem::find(address, field) {
            let value = &address[at + field.len()..];
            let end = memchr::memmem::find(value, end).unwrap_or(value.len());
            return &value[..end];
        }
    }
    address
}
