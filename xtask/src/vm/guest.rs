//! One run of a virtual machine: boots a kernel with a system in memory, has it do something,
//! and gives back what that said.

use std::{
    fs,
    path::Path,
    process::{Command, Stdio},
    time::Instant,
};

use anyhow::{Context as _, Result};

use super::{HOME, Tree, kernels::Kernel};
use crate::machine::Machine;

/// How often a kernel is booted that panics.
const ATTEMPTS: u32 = 3;

/// What the guest prints on its console with the exit status, when it is done.
const MARK: &str = "tracer-vm: status ";

/// A machine that is about to run.
pub(super) struct Guest<'a> {
    pub(super) machine: Machine,
    pub(super) kernel: &'a Kernel,
    pub(super) tree: &'a Tree,
    /// How long it may take.
    pub(super) seconds: u32,
}

/// What came of it.
pub(super) struct Outcome {
    /// Exit status of the script, or why there is none.
    pub(super) status: Result<i32, String>,
    /// Standard output and error of the script.
    pub(super) said: String,
    /// The end of the kernel's messages.
    pub(super) console: String,
    pub(super) seconds: u64,
}

impl Guest<'_> {
    /// Boots, runs the shell script as root in [`HOME`], shuts down. A kernel that dies of the
    /// emulation is given another chance.
    pub(super) fn run(&self, script: &str) -> Result<Outcome> {
        for _ in 1..ATTEMPTS {
            let outcome = self.run_once(script)?;
            if !outcome.console.contains("Kernel panic") {
                return Ok(outcome);
            }
            eprintln!("{} panicked; once more", self.kernel.release);
        }
        self.run_once(script)
    }

    fn run_once(&self, script: &str) -> Result<Outcome> {
        let dir = tempfile::tempdir()?;
        let [initrd, console, said] =
            ["initrd", "console", "said"].map(|name| dir.path().join(name));
        let mut tree = self.tree.clone();
        tree.script("/init", &init(self.says_on()));
        tree.script(&format!("{HOME}/script"), script);
        fs::write(&initrd, tree.archive())?;
        let start = Instant::now();
        eprintln!("booting {}", self.kernel.release);
        let output = self
            .qemu(&initrd, &console, &said)
            .stdin(Stdio::null())
            .output()
            .context("timeout and qemu cannot be started")?;
        let console = fs::read(&console).unwrap_or_default();
        let console = String::from_utf8_lossy(&console).into_owned();
        let status = console
            .lines()
            .filter_map(|line| line.split(MARK).nth(1)?.trim().parse().ok())
            .next_back();
        let said = fs::read(&said).unwrap_or_default();
        let said = String::from_utf8_lossy(&said).replace('\r', "");
        Ok(Outcome {
            status: status.ok_or_else(|| match output.status.code() {
                Some(124) => format!("not done after {} s", self.seconds),
                _ => format!("died: {}", String::from_utf8_lossy(&output.stderr).trim()),
            }),
            said,
            console: last_lines(&console, 30),
            seconds: start.elapsed().as_secs(),
        })
    }

    /// The serial line that has nothing but what the script says.
    fn says_on(&self) -> &'static str {
        match self.machine {
            Machine::X86_64 => "ttyS1",
            // Its first one is no 8250.
            Machine::Aarch64 => "ttyS0",
        }
    }

    /// qemu under `timeout`. What its emulation has wrong and Linux panics of now and then:
    /// `cmpxchg16b` of qemu 7.2 corrupts the flags (`cx16=off`), and one processor may run code that
    /// the other is just patching (`thread=single` would help, and take twice as long). `/dev/kvm` may be there and useless where the
    /// processor shows no virtualisation.
    fn qemu(&self, initrd: &Path, console: &Path, said: &Path) -> Command {
        let cpu = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
        let kvm = self.machine.is_here()
            && Path::new("/dev/kvm").exists()
            && cpu
                .split_whitespace()
                .any(|word| matches!(word, "vmx" | "svm"));
        let (accel, model) = match self.machine {
            Machine::X86_64 if kvm => ("kvm", "host"),
            Machine::X86_64 => ("tcg,thread=multi", "max,la57=off,cx16=off"),
            // Emulated, signed pointers take most of the time.
            Machine::Aarch64 => ("tcg,thread=multi", "max,pauth=off"),
        };
        let serial = format!("file:{}", said.display());
        let (board, says, tty): (&[&str], Vec<String>, _) = match self.machine {
            Machine::X86_64 => (&[], vec!["-serial".into(), serial], "ttyS0"),
            Machine::Aarch64 => {
                let chardev = format!("file,id=said,path={}", said.display());
                let device = "pci-serial,chardev=said".into();
                let says = vec!["-chardev".into(), chardev, "-device".into(), device];
                (&["-M", "virt"], says, "ttyAMA0")
            }
        };
        let mut command = Command::new("timeout");
        command
            .args(["-k", "5", &self.seconds.to_string()])
            .arg(format!("qemu-system-{}", self.machine.name()))
            .args(board)
            .args(["-accel", accel, "-cpu", model, "-smp", "2", "-m", "1536"])
            .args([
                "-nodefaults",
                "-no-user-config",
                "-display",
                "none",
                "-no-reboot",
            ])
            .arg("-kernel")
            .arg(&self.kernel.image)
            .arg("-initrd")
            .arg(initrd)
            .arg("-serial")
            .arg(format!("file:{}", console.display()))
            .args(says)
            .arg("-append")
            .arg(format!(
                "console={tty} quiet panic=-1 oops=panic mitigations=off nokaslr no_timer_check nowatchdog"
            ));
        command
    }
}

/// The guest's first process.
fn init(says_on: &str) -> String {
    format!(
        "#!/bin/busybox sh\n\
         export PATH={HOME}:/bin HOME=/root TERM=dumb CI=true TRACER_BIN={HOME}/tracer\n\
         mount -t proc proc /proc; mount -t sysfs sysfs /sys; mount -t devtmpfs dev /dev\n\
         mkdir -p /dev/pts /dev/shm; mount -t devpts devpts /dev/pts; mount -t tmpfs tmpfs /dev/shm\n\
         mount -t tmpfs tmpfs /tmp; chmod 1777 /tmp\n\
         mount -t securityfs securityfs /sys/kernel/security\n\
         mount -t cgroup2 cgroup2 /sys/fs/cgroup; mount -t tracefs tracefs /sys/kernel/tracing\n\
         ip link set lo up\n\
         stty -F /dev/{says_on} raw -echo\n\
         cd {HOME}\n\
         setsid sh ./script </dev/null >/dev/{says_on} 2>&1; status=$?\n\
         sync; sleep 0.2\n\
         echo \"<0>{MARK}$status\" >/dev/kmsg\n\
         reboot -f\n"
    )
}

fn last_lines(text: &str, count: usize) -> String {
    let lines: Vec<_> = text.lines().collect();
    lines[lines.len().saturating_sub(count)..].join("\n")
}
