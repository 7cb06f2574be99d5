//! `cargo xtask check --house`: how the source is built, in figures, and whether each room uses only
//! what the table of docs/design.md says that it may.

mod facts;
mod graph;
mod surface;
mod table;
mod tokens;

use std::{
    collections::{BTreeMap, BTreeSet},
    process::Command,
};

use anyhow::{Result, bail};

use crate::{codegen, shell};
use graph::{Crate, File, House, circles};
use table::Table;

/// Prints the figures; fails where a room uses what it may not.
pub(crate) fn command() -> Result<()> {
    let house = read()?;
    let uses = house.uses();
    let table = Table::read()?;
    let rooms = Rooms::new(&house, &uses, &table);
    print_sizes(&house);
    print_circles(&house, &uses, &rooms);
    rooms.check(&table)
}

/// Fails where a room uses what it may not.
pub(crate) fn check() -> Result<()> {
    let house = read()?;
    let table = Table::read()?;
    Rooms::new(&house, &house.uses(), &table).check(&table)
}

/// Fails where the public surface of a library is not what its list says; `bless` writes the list.
pub(crate) fn surface(bless: bool) -> Result<()> {
    let house = read()?;
    surface::LIBRARIES
        .iter()
        .try_for_each(|(library, part)| surface::hold(library, part, &house, bless))
}

/// Every source file that git knows, but for what is generated.
fn read() -> Result<House> {
    let root = shell::root();
    let listed = shell::output(
        Command::new("git")
            .current_dir(root)
            .args(["ls-files", "--cached", "--others", "--exclude-standard"])
            .args(["--", "*.rs", "*Cargo.toml"]),
    )?;
    let paths: Vec<String> = listed
        .lines()
        .filter(|path| root.join(path).exists())
        .map(str::to_owned)
        .collect();
    let files: Result<Vec<File>> = paths
        .iter()
        .filter(|path| !path.ends_with("Cargo.toml") && *path != codegen::OUTPUT)
        .map(|path| File::read(root, path))
        .collect();
    Ok(House::new(Crate::all(root, &paths)?, files?))
}

/// Lines of files and functions.
fn print_sizes(house: &House) {
    let lines: Vec<usize> = house.files.iter().map(|file| file.lines).collect();
    let total: usize = lines.iter().sum();
    println!("files by hand        {:>7}", lines.len());
    println!("lines by hand        {total:>7}");
    print_spread("lines of a file", lines);
    let functions = || {
        let outside = house.files.iter().filter(|file| !file.is_test);
        outside.flat_map(|file| file.facts.functions.iter().map(move |f| (file, f)))
    };
    let long = functions().filter(|(_, f)| f.lines > FUNCTION).count();
    print_spread(
        "lines of a function",
        functions().map(|(_, f)| f.lines).collect(),
    );
    println!("functions over {FUNCTION}    {long:>7}");
    let mut longest: Vec<_> = functions().filter(|(_, f)| f.lines > FUNCTION).collect();
    longest.sort_by_key(|(_, f)| std::cmp::Reverse(f.lines));
    for (file, function) in longest {
        println!(
            "  {:>4}  {} ({}:{})",
            function.lines, function.name, file.path, function.line
        );
    }
    let mut big: Vec<_> = house.files.iter().filter(|f| f.lines > FILE).collect();
    big.sort_by_key(|file| std::cmp::Reverse(file.lines));
    println!("files over {FILE}       {:>7}", big.len());
    for file in big {
        println!("  {:>4}  {}", file.lines, file.path);
    }
    print_docs(house);
}

/// A function longer than this is named.
const FUNCTION: usize = 60;
/// A file longer than this is named.
const FILE: usize = 600;

/// How a size is spread.
fn print_spread(what: &str, mut sizes: Vec<usize>) {
    sizes.sort_unstable();
    let part = |percent: usize| sizes.get(sizes.len() * percent / 100).copied().unwrap_or(0);
    println!(
        "{what:<20} {:>7} median, {} p90, {} max",
        part(50),
        part(90),
        sizes.last().copied().unwrap_or(0)
    );
}

/// The share of doc comments, by package.
fn print_docs(house: &House) {
    let mut packages: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for file in house.files.iter().filter(|file| !file.is_test) {
        let package = file.path.split("/src/").next().unwrap_or_default();
        for package in [package, "all"] {
            let sums = packages.entry(package).or_default();
            sums.0 += file.doc_lines;
            sums.1 += file.code_lines;
        }
    }
    println!("doc lines per line of code");
    for (package, (doc, code)) in packages {
        let tenths = (1000 * doc).checked_div(code).unwrap_or(0);
        println!("  {package:<18} {:>5}.{} %", tenths / 10, tenths % 10);
    }
}

/// The circles between files, inside rooms and over their borders.
fn print_circles(house: &House, uses: &[BTreeSet<usize>], rooms: &Rooms<'_>) {
    let circles = circles(uses);
    println!("circles of files     {:>7}", circles.len());
    for circle in &circles {
        let of: BTreeSet<_> = circle.iter().filter_map(|i| rooms.of_file[*i]).collect();
        let of: Vec<_> = of.into_iter().collect();
        println!("  {:>4} files, {}", circle.len(), of.join(", "));
        for i in circle {
            let inside: Vec<_> = uses[*i]
                .iter()
                .filter(|used| circle.contains(used))
                .map(|used| house.files[*used].path.as_str())
                .collect();
            println!("        {} -> {}", house.files[*i].path, inside.join(", "));
        }
    }
    let between = rooms.circles();
    println!("circles of rooms     {:>7}", between.len());
    for circle in between {
        println!("        {}", circle.join(", "));
    }
}

/// A file of one room that uses one of another.
struct Use<'a> {
    from: &'a str,
    to: &'a str,
}

/// Which room each file is in, and what they use of each other.
struct Rooms<'a> {
    of_file: Vec<Option<&'a str>>,
    uses: BTreeMap<(&'a str, &'a str), Vec<Use<'a>>>,
    /// Files of no room, where each must have one.
    homeless: Vec<&'a str>,
}

impl<'a> Rooms<'a> {
    fn new(house: &'a House, uses: &[BTreeSet<usize>], table: &'a Table) -> Self {
        let of_file: Vec<_> = house
            .files
            .iter()
            .map(|file| table.room_of(&file.path))
            .collect();
        let mut between: BTreeMap<_, Vec<Use<'a>>> = BTreeMap::new();
        for (i, used) in uses.iter().enumerate() {
            for used in used {
                if let (Some(from), Some(to)) = (of_file[i], of_file[*used])
                    && from != to
                {
                    between.entry((from, to)).or_default().push(Use {
                        from: &house.files[i].path,
                        to: &house.files[*used].path,
                    });
                }
            }
        }
        let homeless = house
            .files
            .iter()
            .zip(&of_file)
            .filter(|(file, room)| {
                let is_of_tracer = file.path.starts_with("tracer") && file.path.contains("/src/");
                room.is_none() && is_of_tracer && !file.is_test
            })
            .map(|(file, _)| file.path.as_str())
            .collect();
        Self {
            of_file,
            uses: between,
            homeless,
        }
    }

    /// Rooms that use each other in a loop.
    fn circles(&self) -> Vec<Vec<&'a str>> {
        let names: BTreeSet<&str> = self.of_file.iter().flatten().copied().collect();
        let names: Vec<&str> = names.into_iter().collect();
        let index = |name: &str| names.iter().position(|n| *n == name);
        let mut uses = vec![BTreeSet::new(); names.len()];
        for (from, to) in self.uses.keys() {
            if let (Some(from), Some(to)) = (index(from), index(to)) {
                uses[from].insert(to);
            }
        }
        let circles = circles(&uses).into_iter();
        circles
            .map(|circle| circle.into_iter().map(|i| names[i]).collect())
            .collect()
    }

    /// Holds what the rooms use against what they may.
    fn check(&self, table: &Table) -> Result<()> {
        let mut wrong = Vec::new();
        for file in &self.homeless {
            wrong.push(format!("{file} is in no room"));
        }
        for ((from, to), uses) in &self.uses {
            if !table.may(from, to) {
                wrong.push(format!("{from} may not use {to}"));
                wrong.extend(uses.iter().map(|u| format!("    {} -> {}", u.from, u.to)));
            }
        }
        for circle in self.circles() {
            wrong.push(format!("use each other: {}", circle.join(", ")));
        }
        for (from, to) in table.allowed() {
            if !self.uses.contains_key(&(from, to)) {
                wrong.push(format!("{from} does not use {to}: take it off the table"));
            }
        }
        if wrong.is_empty() {
            return Ok(());
        }
        bail!(
            "the house is not as the table of {} has it:\n  {}",
            table::PAGE,
            wrong.join("\n  ")
        )
    }
}
