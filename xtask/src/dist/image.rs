//! A container image, made without a daemon: one layer with tracer, the libraries of C and busybox, in the form of the
//! OCI image specification, as an archive that podman, skopeo, containerd and docker load.

use std::{
    fs,
    os::unix::fs::symlink,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};

use super::{Product, epoch, pack, say, tree::write};
use crate::{machine::Machine, setup, shell};

/// Names of busybox in it: a shell, and what the `DaemonSet` calls.
const APPLETS: [&str; 12] = [
    "cat", "chmod", "cp", "kill", "ls", "mkdir", "mv", "nsenter", "ps", "rm", "sh", "sleep",
];
/// What is taken of Debian's packages, with their licences.
const TAKEN: [&str; 4] = ["bin/busybox", "lib", "lib64", "usr/share/doc"];
/// From the registry of Python packages, what has the schemas of Kubernetes: 13 MB to download.
const VALIDATOR: &str = "kubernetes-validate==1.37.0";
/// Holds a file against the schema, with no field beyond it, and prints it as JSON.
const VALIDATE: &str = "\
import json, sys, yaml, kubernetes_validate
documents = list(yaml.safe_load_all(open(sys.argv[1])))
for document in documents:
    for version in sys.argv[2:]:
        kubernetes_validate.validate(document, version, strict=True)
print(json.dumps(documents))
";
/// Against which versions.
const KUBERNETES: [&str; 2] = ["1.28", "1.37"];

/// The name of the archive.
pub(super) fn name(machine: Machine) -> String {
    format!(
        "tracer-{}-{}.oci.tar",
        env!("CARGO_PKG_VERSION"),
        machine.name()
    )
}

/// Makes the archive from the tree of the tarball and an unpacked system.
pub(super) fn make(
    product: &Product,
    tree: &Path,
    system: &Path,
    out: &Path,
    level: u8,
) -> Result<PathBuf> {
    let root = out.join("image");
    for taken in TAKEN.iter().filter(|taken| system.join(taken).exists()) {
        let to = root.join(taken);
        fs::create_dir_all(to.parent().unwrap_or(&root))?;
        copy(&system.join(taken), &to)?;
    }
    // Of the documents, the licences are enough.
    for file in shell::below(&root.join("usr/share/doc"))? {
        let is_licence = file.file_name().is_some_and(|name| name == "copyright");
        if !file.is_dir() && !is_licence {
            fs::remove_file(file)?;
        }
    }
    for applet in APPLETS {
        symlink("busybox", root.join("bin").join(applet))?;
    }
    copy(tree, &root.join("usr/share/tracer"))?;
    fs::create_dir_all(root.join("usr/bin"))?;
    symlink("../share/tracer/bin/tracer", root.join("usr/bin/tracer"))?;
    for place in ["host", "proc", "rules", "sys", "tmp"] {
        fs::create_dir_all(root.join(place))?;
    }
    write(&root.join("etc/passwd"), "root:x:0:0:root:/:/bin/sh\n")?;
    write(&root.join("etc/group"), "root:x:0:\n")?;

    let archive = out.join("archive");
    let blobs = archive.join("blobs/sha256");
    fs::create_dir_all(&blobs)?;
    let layer = out.join("layer.tar");
    pack(&root, None, &layer)?;
    let plain = digest(&layer)?;
    shell::quiet(Command::new("gzip").arg(format!("-{level}n")).arg(&layer))?;
    let layer = stored(&blobs, &out.join("layer.tar.gz"))?;
    let made = shell::output(
        Command::new("date")
            .args(["-u", "+%Y-%m-%dT%H:%M:%SZ", "-d"])
            .arg(format!("@{}", epoch()?)),
    )?;
    let config = json!({
        "created": made.trim(),
        "architecture": product.machine.debian(),
        "os": "linux",
        "config": {
            "Env": ["PATH=/usr/bin:/bin"],
            "Entrypoint": ["/usr/bin/tracer"],
            "Cmd": ["--help"],
            "Labels": {
                "org.opencontainers.image.title": "tracer",
                "org.opencontainers.image.version": env!("CARGO_PKG_VERSION"),
                "org.opencontainers.image.licenses": "MIT",
            },
        },
        "rootfs": { "type": "layers", "diff_ids": [format!("sha256:{plain}")] },
        "history": [{ "created": made.trim(), "created_by": "cargo xtask dist" }],
    });
    let config = kept(&blobs, out, &config)?;
    let manifest = json!({
        "schemaVersion": 2,
        "mediaType": "application/vnd.oci.image.manifest.v1+json",
        "config": config.described("application/vnd.oci.image.config.v1+json"),
        "layers": [layer.described("application/vnd.oci.image.layer.v1.tar+gzip")],
    });
    let manifest = kept(&blobs, out, &manifest)?;
    let mut manifest = manifest.described("application/vnd.oci.image.manifest.v1+json");
    manifest["annotations"] = json!({ "org.opencontainers.image.ref.name": format!("tracer:{}", env!("CARGO_PKG_VERSION")) });
    manifest["platform"] = json!({ "architecture": product.machine.debian(), "os": "linux" });
    let index = json!({
        "schemaVersion": 2,
        "mediaType": "application/vnd.oci.image.index.v1+json",
        "manifests": [manifest],
    });
    write(&archive.join("index.json"), &index.to_string())?;
    write(
        &archive.join("oci-layout"),
        r#"{"imageLayoutVersion":"1.0.0"}"#,
    )?;
    let file = out.join(name(product.machine));
    pack(&archive, None, &file)?;
    for done in [&root, &archive] {
        fs::remove_dir_all(done)?;
    }
    Ok(file)
}

/// What is stored under its digest.
struct Blob {
    digest: String,
    size: u64,
}

impl Blob {
    fn described(&self, kind: &str) -> Value {
        json!({ "mediaType": kind, "digest": format!("sha256:{}", self.digest), "size": self.size })
    }
}

/// Moves a file to its digest.
fn stored(blobs: &Path, file: &Path) -> Result<Blob> {
    let digest = digest(file)?;
    let size = fs::metadata(file)?.len();
    fs::rename(file, blobs.join(&digest))?;
    Ok(Blob { digest, size })
}

/// Writes an object to its digest.
fn kept(blobs: &Path, out: &Path, object: &Value) -> Result<Blob> {
    let file = out.join("object");
    write(&file, &object.to_string())?;
    stored(blobs, &file)
}

fn digest(file: &Path) -> Result<String> {
    let said = shell::output(Command::new("sha256sum").arg(file))?;
    let digest = said.split_whitespace().next();
    Ok(digest.context("sha256sum says nothing")?.to_owned())
}

/// Copies a file, or a tree with its links.
fn copy(from: &Path, to: &Path) -> Result<()> {
    shell::quiet(
        Command::new("cp")
            .args(["-a", "--no-target-directory"])
            .args([from, to]),
    )
}

/// Holds the image against what reads images, and the `DaemonSet` against its schema. Leaves in `packages` what the
/// trial in a fresh root takes: the unpacked layer, and the file as JSON.
pub(super) fn validate(archive: &Path, room: &Path, packages: &Path) -> Result<()> {
    setup::install(&["skopeo"])?;
    let copy = room.join("image-copy");
    if copy.exists() {
        fs::remove_dir_all(&copy)?;
    }
    let mut skopeo = Command::new("skopeo");
    skopeo.args(["--insecure-policy", "copy", "--quiet"]);
    skopeo.arg(format!("oci-archive:{}", archive.display()));
    // It unpacks nothing, and holds every part against its digest.
    shell::quiet(skopeo.arg(format!("dir:{}", copy.display())))?;
    let manifest: Value = serde_json::from_slice(&fs::read(copy.join("manifest.json"))?)?;
    let layer = manifest["layers"][0]["digest"]
        .as_str()
        .context("no layer")?;
    let layer = copy.join(layer.trim_start_matches("sha256:"));
    let unpacked = packages.join("image");
    fs::create_dir_all(&unpacked)?;
    shell::quiet(
        Command::new("tar")
            .arg("-xzf")
            .arg(layer)
            .arg("-C")
            .arg(&unpacked),
    )?;
    fs::remove_dir_all(&copy)?;
    say("skopeo takes the image");

    setup::once(room, "kubernetes", |dir| {
        setup::say(
            "installing kubernetes-validate, which holds the DaemonSet against its schema (13 MB to download)",
        );
        setup::install(&["python3", "python3-venv"])?;
        setup::environment(dir)?;
        shell::run(setup::pip_install(dir).arg(VALIDATOR))
    })?;
    let mut validate = Command::new(room.join("kubernetes/bin/python"));
    validate.args(["-c", VALIDATE]);
    validate.arg(shell::root().join("contrib/kubernetes/tracer.yaml"));
    let documents = shell::output(validate.args(KUBERNETES))
        .context("the DaemonSet is not what Kubernetes takes")?;
    let version = format!("tracer:{}", env!("CARGO_PKG_VERSION"));
    ensure!(
        documents.matches(&format!("\"{version}\"")).count() == 2,
        "the DaemonSet names another image than {version}"
    );
    fs::write(packages.join("tracer.json"), documents)?;
    say(&format!(
        "Kubernetes {} takes the DaemonSet",
        KUBERNETES.join(" and ")
    ));
    Ok(())
}
