//! What is in the binary: the packages of others, with their licences, as a text and as a bill of materials
//! (SBOM, by the format `CycloneDX` 1.5).

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
    process::Command,
};

use anyhow::{Context as _, Result};
use serde_json::{Value, json};

use super::epoch;
use crate::{machine::Machine, setup, shell};

/// What the packages of the workspace are together.
const OWN: &str = "pkg:cargo/tracer@";
/// From the registry of Python packages, what has the schema and holds a file against it: 3 MB to download.
const VALIDATOR: &str = "cyclonedx-python-lib[json-validation]==11.12.0";
/// Reads a file, and fails where it is not what the schema asks for.
const VALIDATE: &str = "\
import sys
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
wrong = JsonStrictValidator(SchemaVersion.V1_5).validate_str(open(sys.argv[1]).read())
sys.exit(str(wrong) if wrong else 0)
";

/// A package of somebody else.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Part {
    name: String,
    version: String,
    licence: String,
    repository: String,
}

impl Part {
    /// As package URLs name it.
    fn url(&self) -> String {
        format!("pkg:cargo/{}@{}", self.name, self.version)
    }
}

/// All of them.
pub(super) struct Parts {
    all: BTreeSet<Part>,
    /// What each needs, by their URLs.
    needs: BTreeMap<String, BTreeSet<String>>,
}

impl Parts {
    /// Those of the program for a machine, and of the eBPF programs inside.
    pub(super) fn read(machine: Machine) -> Result<Self> {
        let mut tree = shell::cargo();
        tree.args(["tree", "--edges", "normal", "--prefix", "depth"])
            .args(["--no-dedupe", "--format", "|{p}|{l}|{r}"])
            .args([
                "--package",
                "tracer",
                "--package",
                "tracer-c",
                "--package",
                "tracer-ebpf",
            ])
            .args(["--features", "tracer-ebpf/programs"])
            .args(["--target", &machine.target()]);
        Ok(Self::of(&shell::output(&mut tree)?))
    }

    /// Those in what `cargo tree` says.
    fn of(said: &str) -> Self {
        let (mut all, mut needs) = (BTreeSet::new(), BTreeMap::new());
        let own = format!("{OWN}{}", env!("CARGO_PKG_VERSION"));
        // The packages from the root to that of the line before.
        let mut above: Vec<Option<String>> = Vec::new();
        for line in said.lines() {
            let fields: Vec<_> = line.split('|').collect();
            let &[depth, package, licence, repository] = &fields[..] else {
                continue;
            };
            above.truncate(depth.parse().unwrap_or(0));
            let mut words = package.split(' ');
            let (Some(name), Some(version)) = (words.next(), words.next()) else {
                continue;
            };
            let is_macro = package.contains("(proc-macro)");
            // A macro and what it needs is in no binary.
            if is_macro || above.last().is_some_and(Option::is_none) {
                above.push(None);
                continue;
            }
            // Those of the workspace are named with their directory.
            let url = if words.next().is_some() {
                own.clone()
            } else {
                let part = Part {
                    name: name.to_owned(),
                    version: version.trim_start_matches('v').to_owned(),
                    // An older way to write it.
                    licence: licence.replace('/', " OR "),
                    repository: repository.to_owned(),
                };
                let url = part.url();
                all.insert(part);
                url
            };
            if let Some(parent) = above
                .last()
                .cloned()
                .flatten()
                .filter(|parent| *parent != url)
            {
                let of_parent: &mut BTreeSet<_> = needs.entry(parent).or_default();
                of_parent.insert(url.clone());
            }
            above.push(Some(url));
        }
        Self { all, needs }
    }

    /// For people.
    pub(super) fn text(&self) -> String {
        let lines = self.all.iter().map(|part| {
            let Part {
                name,
                version,
                licence,
                repository,
            } = part;
            format!("{name} v{version}  {licence}  {repository}\n")
        });
        "Packages in the binary, with their licences. btf-rs is LGPL-2.1-or-later: what that means, and how to\n\
         link with a changed one, is in docs/design.md, \"Licences\".\n\n"
            .to_owned()
            + &lines.collect::<String>()
    }

    /// For programs.
    pub(super) fn bill(&self) -> Result<String> {
        let lock = fs::read_to_string(shell::root().join("Cargo.lock"))?;
        let sums = sums(&lock);
        let components = self.all.iter().map(|part| {
            let mut component = json!({
                "type": "library", "bom-ref": part.url(), "name": part.name, "version": part.version,
                "purl": part.url(), "licenses": [{"expression": part.licence}],
            });
            if let Some(sum) = sums.get(&(&*part.name, &*part.version)) {
                component["hashes"] = json!([{"alg": "SHA-256", "content": sum}]);
            }
            if !part.repository.is_empty() {
                component["externalReferences"] = json!([{"type": "vcs", "url": part.repository}]);
            }
            component
        });
        let components: Vec<Value> = components.collect();
        let own = format!("{OWN}{}", env!("CARGO_PKG_VERSION"));
        let needs = self
            .needs
            .iter()
            .map(|(of, what)| json!({"ref": of, "dependsOn": what}));
        let needs: Vec<Value> = needs.collect();
        let mut date = Command::new("date");
        let time = shell::output(
            date.args(["--utc", "+%Y-%m-%dT%H:%M:%SZ", "--date"])
                .arg(format!("@{}", epoch()?)),
        )?;
        let bill = json!({
            "bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1,
            "metadata": {
                "timestamp": time.trim(),
                "component": {
                    "type": "application", "bom-ref": own, "name": "tracer", "version": env!("CARGO_PKG_VERSION"),
                    "purl": own, "licenses": [{"license": {"id": "MIT"}}],
                    "externalReferences": [{"type": "vcs", "url": env!("CARGO_PKG_REPOSITORY")}],
                },
            },
            "components": components, "dependencies": needs,
        });
        Ok(serde_json::to_string_pretty(&bill)? + "\n")
    }
}

/// The hash of each package, by name and version, as a lock file has them.
fn sums(lock: &str) -> BTreeMap<(&str, &str), &str> {
    lock.split("[[package]]")
        .filter_map(|entry| {
            let of = |key: &str| {
                let line = entry.lines().find_map(|line| line.strip_prefix(key))?;
                line.strip_prefix(" = \"")?.strip_suffix('"')
            };
            Some(((of("name")?, of("version")?), of("checksum")?))
        })
        .collect()
}

/// Holds a bill of materials against the schema.
pub(super) fn validate(room: &Path, bill: &Path) -> Result<()> {
    setup::once(room, "cyclonedx", |dir| {
        setup::say(
            "installing cyclonedx-python-lib, which holds the SBOM against its schema (3 MB to download)",
        );
        setup::install(&["python3", "python3-venv"])?;
        setup::environment(dir)?;
        shell::run(setup::pip_install(dir).arg(VALIDATOR))
    })?;
    let mut validate = Command::new(room.join("cyclonedx/bin/python"));
    shell::quiet(validate.args(["-c", VALIDATE]).arg(bill)).context("the SBOM is not CycloneDX 1.5")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_macros_need_is_not_in_it() {
        let parts = Parts::of(
            "0|tracer v0.1.0 (/somewhere)|MIT|\n\
             1|a v1.0.0|MIT/Apache-2.0|https://a\n\
             2|b v2.0.0|Zlib|\n\
             2|derive v1.0.0 (proc-macro)|MIT|\n\
             3|syn v1.0.0|MIT|\n\
             4|b v2.0.0|Zlib|\n\
             1|tracer-model v0.1.0 (/somewhere/model)|MIT|\n\
             2|c v3.0.0|MIT|\n",
        );
        let names: Vec<_> = parts
            .all
            .iter()
            .map(|part| (&*part.name, &*part.licence))
            .collect();
        assert_eq!(
            names,
            [("a", "MIT OR Apache-2.0"), ("b", "Zlib"), ("c", "MIT")]
        );
        let own = format!("{OWN}{}", env!("CARGO_PKG_VERSION"));
        let of_own: Vec<_> = parts.needs[&own].iter().map(String::as_str).collect();
        assert_eq!(of_own, ["pkg:cargo/a@1.0.0", "pkg:cargo/c@3.0.0"]);
        assert_eq!(parts.needs.len(), 2);
    }

    #[test]
    fn hashes_of_a_lock_file() {
        let lock = "version = 4\n\n[[package]]\nname = \"a\"\nversion = \"1.0.0\"\nsource = \"x\"\nchecksum = \"ab\"\n\n\
                    [[package]]\nname = \"own\"\nversion = \"0.1.0\"\n";
        assert_eq!(sums(lock), [(("a", "1.0.0"), "ab")].into());
    }
}
