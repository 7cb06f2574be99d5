//! `cargo xtask pages`: the HTML pages as a browser draws them, in a wide and in a narrow window. Fails
//! where a page is wider than its window; the pictures are to be looked at.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context as _, Result, bail};

use crate::{
    build::{self, Profile},
    setup::{self, say},
    shell,
};

/// The browser, and how large it is.
const BROWSER: &str = "chromium-headless-shell";
const SIZE: &str = "100 MB to download, 310 MB on disk";

/// Widths of the window; it is so high.
const WIDTHS: [u32; 2] = [1280, 600];
const HEIGHT: u32 = 1600;

/// What the pages are about: several processes at once, waits, failures, long names, an end by a signal.
const RUN: &str = "\
for i in 1 2 3; do (sleep 0.2; ls -R /usr/share/doc > /dev/null) & done; wait
sh -c 'sleep 0.1; sort /etc/passwd | uniq -c > /dev/null; kill -9 $$'
long=a-directory-with-a-name-that-is-rather-long-and-goes-on/and-another-one-of-that-kind-below
mkdir -p \"$long\"; touch \"$long/a file with <b>marks</b> & \\\"quotes\\\".txt\"
cat /none/of/these /etc/hostname > /dev/null
exit 0";

/// Says how wide the page is in its title.
const MEASURE: &str = "<script>document.title = \
    document.documentElement.scrollWidth + ' of ' + innerWidth</script>";

/// Says in the title whether a button shows a part of the time, and a key the part beside it. Without a
/// screen no frame is drawn, so what is to be done in one is done at once.
const ZOOM: &str = "<script>(() => {
  window.requestAnimationFrame = draw => setTimeout(draw, 0);
  const axis = () => document.querySelector('.axis').textContent;
  const whole = axis();
  document.querySelector('.zoom button').click();
  setTimeout(() => {
    const part = axis();
    dispatchEvent(new KeyboardEvent('keydown', {key: 'ArrowRight'}));
    setTimeout(() => { document.title = (part != whole) + ' and ' + (axis() != part); }, 20);
  }, 20);
})()</script>";

/// `cargo xtask pages`.
pub(crate) fn command() -> Result<()> {
    let target = shell::target_dir()?;
    let browser = target.join("browser");
    setup::once(&browser, "debian", |dir| {
        say(&format!(
            "unpacking {BROWSER}, which draws the pages ({SIZE})"
        ));
        let packages = setup::would_install(&[BROWSER])?;
        setup::unpack(&mut Command::new("apt-get"), &packages, dir)
    })?;
    let browser = browser.join("debian");
    let room = target.join("pages");
    let _ = fs::remove_dir_all(&room);
    fs::create_dir_all(room.join("work"))?;
    let pages = make(&build::tracer(Profile::Debug)?, &room)?;
    let mut too_wide = Vec::new();
    for page in &pages {
        for width in WIDTHS {
            picture(&browser, page, width)?;
            let measured = titled(&browser, page, width, MEASURE)?;
            let measured = measured
                .split(' ')
                .next()
                .and_then(|width| width.parse().ok());
            let measured: u32 = measured.context("the page cannot be measured")?;
            if measured > width {
                let page = page.display();
                too_wide.push(format!("{page} is {measured} wide in a window of {width}"));
            }
        }
    }
    if !too_wide.is_empty() {
        bail!("{}", too_wide.join("; "));
    }
    let zoomed = titled(&browser, &pages[0], WIDTHS[0], ZOOM)?;
    if zoomed != "true and true" {
        bail!("the timeline is not zoomed, or not moved: {zoomed}");
    }
    say(&format!("look at {}/*.png", room.display()));
    Ok(())
}

/// The pages of one run.
fn make(tracer: &Path, room: &Path) -> Result<Vec<PathBuf>> {
    let (timeline, report) = (room.join("timeline.html"), room.join("report.html"));
    let log = room.join("audit.log");
    let run = |options: &[&str], file: &Path| {
        let mut command = shell::as_root(tracer, true)?;
        command.args(["trace", "-q"]).args(options).arg(file);
        command.args(["--", "sh", "-c", RUN]);
        // What the run says of what it does not find is no news.
        command.stderr(fs::File::create(room.join("said"))?);
        shell::run(command.current_dir(room.join("work")))
    };
    run(&["-o", "/dev/null", "--timeline"], &timeline)?;
    run(
        &["-e", "file,process,creds", "--format", "audit", "-o"],
        &log,
    )?;
    let mut command = shell::as_root(tracer, true)?;
    command
        .args(["report", "--html"])
        .arg(&report)
        .arg("-if")
        .arg(&log);
    shell::run(&mut command)?;
    // Those of root are for root alone.
    let mut chmod = shell::as_root("chmod", false)?;
    shell::run(chmod.arg("a+r").args([&timeline, &report]))?;
    Ok(vec![timeline, report])
}

/// The browser with a window of this width.
fn window(browser: &Path, width: u32) -> Result<Command> {
    let machine = format!("{}-linux-gnu", env::consts::ARCH);
    let libraries = browser.join("usr/lib").join(&machine);
    let all = [
        libraries.clone(),
        libraries.join("pulseaudio"),
        browser.join("lib").join(machine),
    ];
    let mut command = Command::new(browser.join("usr/lib/chromium").join(BROWSER));
    command
        .env("LD_LIBRARY_PATH", env::join_paths(all)?)
        // It shows our own pages only, and root has no sandbox.
        .args(["--no-sandbox", "--disable-gpu"])
        .arg(format!("--window-size={width},{HEIGHT}"));
    Ok(command)
}

fn picture(browser: &Path, page: &Path, width: u32) -> Result<()> {
    let picture = page.with_extension(format!("{width}.png"));
    let mut command = window(browser, width)?;
    command.arg("--hide-scrollbars");
    command.arg(format!("--screenshot={}", picture.display()));
    shell::quiet(command.arg(format!("file://{}", page.display())))?;
    let drawn = fs::metadata(&picture).is_ok_and(|drawn| drawn.len() > 0);
    drawn
        .then_some(())
        .with_context(|| format!("{} was not drawn", picture.display()))
}

/// The title that a script gives to the page.
fn titled(browser: &Path, page: &Path, width: u32, script: &str) -> Result<String> {
    let asked = page.with_extension("asked.html");
    fs::write(&asked, fs::read_to_string(page)? + script)?;
    let mut command = window(browser, width)?;
    // As much of its own time as the script can need.
    command.args(["--virtual-time-budget=5000", "--dump-dom"]);
    let text = shell::output(command.arg(format!("file://{}", asked.display())))?;
    let title = text
        .split("<title>")
        .nth(1)
        .and_then(|rest| rest.split("</title>").next());
    let title = title.with_context(|| format!("{} has no title", page.display()))?;
    Ok(title.to_owned())
}
