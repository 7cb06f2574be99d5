//! `tracer man`: manual pages, made from what `--help` is made from.

mod sections;

use std::{fs, io, path::PathBuf, process::ExitCode};

use clap::{Args, Command, CommandFactory};
use clap_mangen::{Man, roff::Roff};

use super::{
    args::Cli,
    audit, auditctl, complete,
    exit::{Code, Failure},
    names, parse, stdout,
};

/// `tracer man`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  tracer man watch | man -l -                    read the page of `tracer watch`
  tracer man rules add > tracer-rules-add.1
  tracer man --dir /usr/local/share/man          the pages of all commands, below man1 and man8

The pages of the other names (tracer install-links) are among them.")]
pub(super) struct ManArgs {
    /// Which command [default: tracer itself]
    #[arg(conflicts_with = "dir")]
    command: Vec<String>,
    /// Write the pages of all commands below this directory
    #[arg(long, value_name = "DIR", value_parser = parse::path())]
    dir: Option<PathBuf>,
}

/// Runs `tracer man`.
pub(super) fn run(args: &ManArgs) -> Result<ExitCode, Failure> {
    let pages = pages()?;
    if let Some(dir) = &args.dir {
        for page in pages {
            let section = dir.join(format!("man{}", page.section));
            let file = section.join(format!("{}.{}", page.name, page.section));
            let written = fs::create_dir_all(&section).and_then(|()| fs::write(&file, &page.text));
            written.map_err(|error| {
                let text = format!("cannot write {}: {error}", file.display());
                Failure::new(Code::Failed, text)
            })?;
        }
        return Ok(ExitCode::SUCCESS);
    }
    let asked = args.command.join("-");
    let tracers = match asked.as_str() {
        "" => complete::TRACER.to_owned(),
        name => format!("{}-{name}", complete::TRACER),
    };
    let page = pages
        .iter()
        .find(|page| page.name == tracers || page.name == asked);
    let Some(page) = page else {
        let text = format!(
            "there is no command `{}`: see `tracer --help`",
            args.command.join(" ")
        );
        return Err(Failure::usage(text));
    };
    stdout::print(&page.text).map(|()| ExitCode::SUCCESS)
}

/// A manual page.
struct Page {
    /// What it is found by: `tracer-rules-add`.
    name: String,
    /// 1: commands, 8: commands for root.
    section: &'static str,
    /// In the language of man(7).
    text: String,
}

/// The page of every command that `--help` names, and of every other name.
fn pages() -> io::Result<Vec<Page>> {
    let mut tracer = Cli::command().disable_help_subcommand(true);
    tracer.build();
    let mut pages = Vec::new();
    collect(&tracer, &mut pages)?;
    for name in names::all() {
        let mut command = complete::alone(name);
        command.build();
        pages.push(page(&command)?);
    }
    Ok(pages)
}

/// The page of a command, and those of the commands below it.
fn collect(command: &Command, pages: &mut Vec<Page>) -> io::Result<()> {
    pages.push(page(command)?);
    let below = command
        .get_subcommands()
        .filter(|below| !below.is_hide_set());
    below
        .into_iter()
        .try_for_each(|below| collect(below, pages))
}

fn page(command: &Command) -> io::Result<Page> {
    let name = command
        .get_display_name()
        .unwrap_or_else(|| command.get_name())
        .to_owned();
    let section = sections::number(&name);
    // What takes the options of the audit tools has a table of its own, which clap does not know.
    let help = match sections::tool(&name) {
        "search" | "ausearch" => Some(audit::search::help()),
        "report" | "aureport" => Some(audit::report::help()),
        _ => None,
    };
    let mut command = command.clone();
    let mut usage = command.render_usage().to_string();
    if let Some(help) = &help {
        let about = command.get_about().cloned();
        command = command
            .about(about.unwrap_or_else(|| help.about.into()))
            .long_about(help.about)
            .after_help(help.end);
    } else if name == "auditctl" {
        command = command.about(auditctl::ABOUT);
    }
    if help.is_some() || name == "auditctl" {
        let called = command.get_bin_name().unwrap_or_else(|| command.get_name());
        usage = format!("{called} [options]");
    }
    let usage = usage.trim_start_matches("Usage: ").to_owned();
    let after = command.get_after_help().map(ToString::to_string);
    let arguments = command.get_arguments().any(|arg| !arg.is_hide_set());
    let commands = command.get_subcommands().any(|below| !below.is_hide_set());
    let man = Man::new(command.clone().override_usage(usage))
        .title(name.to_uppercase())
        .section(section)
        .date(date())
        .source(format!("tracer {}", env!("CARGO_PKG_VERSION")))
        .manual("tracer manual");
    let mut text = Vec::new();
    man.render_title(&mut text)?;
    man.render_name_section(&mut text)?;
    man.render_synopsis_section(&mut text)?;
    man.render_description_section(&mut text)?;
    let mut more = Roff::new();
    match &help {
        Some(help) => sections::options(&mut more, &help.options),
        None if name == "auditctl" => sections::verbatim(&mut more, "OPTIONS", auditctl::options()),
        None if arguments => man.render_options_section(&mut text)?,
        None => {}
    }
    if commands {
        man.render_subcommands_section(&mut text)?;
    }
    sections::after_help(&mut more, after.as_deref().unwrap_or_default());
    sections::of_command(&mut more, &name, &command);
    more.to_writer(&mut text)?;
    // An empty line between two breaks, as clap_mangen writes it, is a fault to mandoc.
    let text = String::from_utf8_lossy(&text).replace("\n.br\n\n.br\n", "\n.sp\n");
    Ok(Page {
        name,
        section,
        text,
    })
}

/// The day of the commit that this program was built from; a build outside of git knows none.
fn date() -> &'static str {
    let day = env!("TRACER_COMMIT").split(['(', ')']).nth(1);
    day.filter(|day| day.starts_with(|first: char| first.is_ascii_digit()))
        .unwrap_or_default()
}
