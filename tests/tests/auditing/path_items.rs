//! PATH records of calls that make, move and remove names, as the kernel writes them.

use std::{fs, os::unix::fs::MetadataExt as _, process::Command};

use tests::{AuditRecord, Daemon, require_root};

/// `NAMETYPE NAME INODE` of each PATH record of the event of this program.
fn items(log: &str, comm: &str) -> Vec<(String, String, Option<u64>)> {
    let records = AuditRecord::read(log.as_bytes());
    let comm = format!("\"{comm}\"");
    let is_call = |r: &&AuditRecord| r.kind == "SYSCALL" && r.fields.get("comm") == Some(&comm);
    let call = records.iter().find(is_call);
    let id = &call.unwrap_or_else(|| panic!("no {comm}: {log}")).id;
    let of = records.iter().filter(|r| r.kind == "PATH" && r.id == *id);
    of.map(|r| {
        let name = r.string("name").unwrap_or_default();
        let inode = r.fields.get("inode").and_then(|text| text.parse().ok());
        (
            r.fields["nametype"].clone(),
            String::from_utf8(name).expect("UTF-8"),
            inode,
        )
    })
    .collect()
}

#[test]
fn directories_and_what_is_moved() {
    require_root();
    let mut daemon = Daemon::start("-w HERE/watched -p wa -k items\n", "");
    let script = "mkdir v w && echo x > w/f && mv w/f v/g && mkdir -m 700 w/d/ && \
                  mv w/d w/e && mkdir -m 711 w/d";
    let status = Command::new("sh")
        .args(["-c", script])
        .current_dir(daemon.watched(""))
        .status();
    assert!(status.expect("sh runs").success());
    let inode = |name: &str| fs::metadata(daemon.watched(name)).map(|m| m.ino()).ok();
    let (to, from, file) = (inode("v"), inode("w"), inode("v/g"));
    let (first, second) = (inode("w/e"), inode("w/d"));
    daemon.stop();
    let text = daemon.log().text;
    let wanted = |kind: &str, name: &str, inode| (kind.to_owned(), name.to_owned(), inode);
    assert_eq!(
        items(&text, "mv"),
        [
            wanted("PARENT", "w/", from),
            wanted("PARENT", "v/", to),
            wanted("DELETE", "w/f", file),
            wanted("CREATE", "v/g", file),
        ]
    );
    // The old name is another directory by now.
    assert_ne!(first, second);
    let rest = text.split("name=\"v/g\"").nth(1).expect("it was moved");
    let rest = &rest[rest.find('\n').expect("a line") + 1..];
    let rest = &rest[rest.find("type=SYSCALL").expect("more calls")..];
    assert_eq!(
        items(rest, "mv"),
        [
            wanted("PARENT", "w/", from),
            wanted("PARENT", "w/", from),
            wanted("DELETE", "w/d", first),
            wanted("CREATE", "w/e", first),
        ]
    );
    assert_eq!(items(rest, "mkdir")[0], wanted("PARENT", "w/", from));
}
