//! The command line of `cargo xtask`, as typed.

use std::{ffi::OsString, path::PathBuf};

use clap::{Args, Parser, Subcommand};

use crate::machine::Machine;

/// Builds, runs, tests and measures tracer.
#[derive(Debug, Parser)]
#[command(
    name = "cargo xtask",
    bin_name = "cargo xtask",
    disable_version_flag = true
)]
pub(crate) struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// Every command of xtask.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Find or install what a build needs: a Rust toolchain for BPF, bpf-linker, rustfmt, clippy
    Setup(SetupArgs),
    /// Build tracer, with the eBPF programs inside
    Build(BuildArgs),
    /// Build tracer and run it as root (through sudo where needed)
    Run(RunArgs),
    /// Run every test, those that need root included
    Test(TestArgs),
    /// Hold what tracer writes into audit logs against programs that read such logs
    Readers,
    /// Make the manual pages, and have what reads such pages look for mistakes
    Man,
    /// Make the tarball and the Debian packages
    Dist(DistArgs),
    /// Make the package for Python: a wheel for every Python from 3.9 on
    Wheel(WheelArgs),
    /// Draw the HTML pages in a browser, wide and narrow, to be looked at
    Pages,
    /// Feed what reads the bytes of others with what a fuzzer makes up
    Fuzz(FuzzArgs),
    /// What CI runs before the tests: format, clippy for host and BPF, docs, generated files, rooms, packages
    Check(CheckArgs),
    /// Hold the packages of Cargo.lock against deny.toml: licences, and where they come from
    Deny,
    /// Write the tables of constants anew from the sources of the pinned crates
    Codegen,
    /// Measure what tracer costs, beside strace, bpftrace and perf
    Bench(BenchArgs),
    /// Run the tests on other kernels, in virtual machines
    Vm(VmArgs),
    /// Do what the README says in a new Debian 12 root: its first command, then every test
    Fresh(FreshArgs),
    /// The loops that `bench` measures
    #[command(hide = true)]
    Workload(WorkloadArgs),
}

/// Arguments of `setup`.
#[derive(Debug, Args)]
pub(crate) struct SetupArgs {
    /// Also install what the tests trace and compare with (`test` does it by itself)
    #[arg(long)]
    pub(crate) test: bool,
    /// Also install the tools that `bench` compares with, where apt has them
    #[arg(long)]
    pub(crate) bench: bool,
}

/// Arguments of `build`.
#[derive(Debug, Args)]
pub(crate) struct BuildArgs {
    /// With optimisation, to install from the clone
    #[arg(long)]
    pub(crate) release: bool,
    /// With optimisation of the whole as one program, which takes longer: what packages have
    #[arg(long, conflicts_with = "release")]
    pub(crate) dist: bool,
}

/// Arguments of `run`.
#[derive(Debug, Args)]
pub(crate) struct RunArgs {
    /// Run the optimised build, which takes longer to build
    #[arg(long)]
    pub(crate) release: bool,
    /// Arguments for tracer
    #[arg(last = true, value_name = "ARGS")]
    pub(crate) args: Vec<OsString>,
}

/// Arguments of `test`.
#[derive(Debug, Args)]
pub(crate) struct TestArgs {
    /// Arguments for `cargo test`, such as a filter
    #[arg(last = true, value_name = "ARGS")]
    pub(crate) args: Vec<OsString>,
}

/// Arguments of `fuzz`.
#[derive(Debug, Args)]
pub(crate) struct FuzzArgs {
    /// Only these targets (the files of tracer/fuzz/targets)
    #[arg(value_name = "TARGET")]
    pub(crate) targets: Vec<String>,
    /// Inputs for each target
    #[arg(long, value_name = "N", default_value_t = 100_000)]
    pub(crate) runs: u64,
    /// As many inputs as go into this time, for each target
    #[arg(long, value_name = "S", conflicts_with = "runs")]
    pub(crate) seconds: Option<u64>,
}

/// Arguments of `dist`.
#[derive(Debug, Args)]
pub(crate) struct DistArgs {
    /// Of the build that the tests take, which runs on this system only: to see that it works
    #[arg(long, conflicts_with = "machine")]
    pub(crate) quick: bool,
    /// For this machine instead of the one that builds
    #[arg(long, value_enum, value_name = "NAME")]
    pub(crate) machine: Option<Machine>,
    /// Install, use, upgrade, remove and purge them in a new Debian 12 root
    #[arg(long, conflicts_with = "machine")]
    pub(crate) test: bool,
    /// The stage in the new namespaces
    #[arg(long, hide = true, value_name = "DIR")]
    pub(crate) inside: Option<PathBuf>,
}

/// Arguments of `wheel`.
#[derive(Debug, Args)]
pub(crate) struct WheelArgs {
    /// Of the build that the tests take, which runs on this system only: to see that it works
    #[arg(long)]
    pub(crate) quick: bool,
    /// Install it in a new environment and run its tests there
    #[arg(long)]
    pub(crate) test: bool,
}

/// Arguments of `check`.
#[derive(Debug, Args)]
pub(crate) struct CheckArgs {
    /// Rewrite what has drifted instead of failing
    #[arg(long)]
    pub(crate) bless: bool,
    /// Only how the source is built: its figures, and what its rooms use of each other
    #[arg(long)]
    pub(crate) house: bool,
}

/// Arguments of `bench`.
#[derive(Debug, Args)]
pub(crate) struct BenchArgs {
    /// Only the measurements whose name contains this (repeatable)
    #[arg(long, value_name = "NAME")]
    pub(crate) only: Vec<String>,
    /// Fewer and shorter rounds: to see that it works, not to quote
    #[arg(long)]
    pub(crate) quick: bool,
    /// Leave out strace, bpftrace and perf
    #[arg(long)]
    pub(crate) no_peers: bool,
    /// Rounds of the paired measurements
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub(crate) rounds: Option<u32>,
    /// Measure this tracer instead of building one
    #[arg(long, value_name = "FILE")]
    pub(crate) tracer: Option<PathBuf>,
    /// Measure this tracer, built before, too, and print how many times its figures the new ones are
    #[arg(long, value_name = "FILE")]
    pub(crate) against: Option<PathBuf>,
}

/// Arguments of `vm`.
#[derive(Debug, Args)]
pub(crate) struct VmArgs {
    /// Series of Debian's cloud kernels, such as 6.12 [default: 5.10 6.1 6.12 6.18 7.3]
    #[arg(value_name = "KERNEL")]
    pub(crate) kernels: Vec<String>,
    /// Another machine than this one: tracer is built for it, and does what a person would have it do, because the test
    /// programs are for x86-64
    #[arg(long, value_enum, value_name = "NAME", conflicts_with = "test")]
    pub(crate) machine: Option<Machine>,
    /// Only this module of the package `tests` (repeatable)
    #[arg(long, value_name = "NAME")]
    pub(crate) test: Vec<String>,
    /// Run this tracer instead of building one
    #[arg(long, value_name = "FILE")]
    pub(crate) tracer: Option<PathBuf>,
    /// Seconds that one machine may take
    #[arg(long, value_name = "N", default_value_t = 900)]
    pub(crate) timeout: u32,
    /// Run this shell command in the machine instead of the tests; tracer is in PATH
    #[arg(last = true, value_name = "COMMAND")]
    pub(crate) run: Vec<String>,
}

/// Arguments of `fresh`.
#[derive(Debug, Args)]
pub(crate) struct FreshArgs {
    /// Only this part
    #[arg(long, value_enum)]
    pub(crate) only: Option<FreshPart>,
    /// Where the root is made [default: target/fresh]
    #[arg(long, value_name = "DIR")]
    pub(crate) dir: Option<PathBuf>,
    /// Leave the root there
    #[arg(long)]
    pub(crate) keep: bool,
    /// The stage in the new namespaces
    #[arg(long, hide = true, value_name = "DIR")]
    pub(crate) inside: Option<PathBuf>,
    /// Arguments for `cargo test`, such as a filter
    #[arg(last = true, value_name = "ARGS")]
    pub(crate) args: Vec<OsString>,
}

/// One of the README's commands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum FreshPart {
    /// `cargo xtask run -- watch /etc`
    Run,
    /// `cargo xtask test`
    Test,
}

impl FreshPart {
    /// As it is typed.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Run => "run",
            Self::Test => "test",
        }
    }
}

/// Arguments of `workload`.
#[derive(Debug, Args)]
pub(crate) struct WorkloadArgs {
    /// Which loop.
    #[command(subcommand)]
    pub(crate) workload: Workload,
}

/// One loop, timed inside its own process.
#[derive(Debug, Subcommand)]
pub(crate) enum Workload {
    /// Open and close one file in DIR
    OpenClose {
        /// How often.
        iterations: u32,
        /// Where.
        dir: PathBuf,
    },
    /// Create, rename and unlink one file in DIR
    RenameUnlink {
        /// How often.
        iterations: u32,
        /// Where.
        dir: PathBuf,
    },
    /// Fork, run /bin/true, wait
    ForkExec {
        /// How often.
        iterations: u32,
    },
    /// Call getppid
    Getppid {
        /// How often.
        iterations: u32,
    },
    /// Call getppid at a fixed rate, in bursts of a millisecond's calls
    Bursts {
        /// Calls per second.
        #[arg(long)]
        rate: u32,
        /// How often in all.
        #[arg(long)]
        calls: u32,
    },
    /// Open and close files in DIR at a fixed rate
    Flood {
        /// Opens per second, of all processes together.
        #[arg(long)]
        rate: u64,
        /// For how long, in seconds.
        #[arg(long)]
        seconds: u64,
        /// From how many processes.
        #[arg(long)]
        processes: u64,
        /// Where.
        dir: PathBuf,
    },
    /// Short-lived processes that open files in DIR; waits for a line on stdin at half and at end
    Churn {
        /// How many processes.
        #[arg(long)]
        processes: u64,
        /// Opens of each.
        #[arg(long)]
        opens: u64,
        /// Where.
        dir: PathBuf,
    },
    /// Open DIR/tracer-mark again and again until stdin ends
    Mark {
        /// Where.
        dir: PathBuf,
    },
}
