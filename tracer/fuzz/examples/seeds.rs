//! Writes what the fuzz targets start from: `seeds DIR` fills `DIR/TARGET/`.

use std::{fs, path::PathBuf};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let dir = std::env::args_os().nth(1).ok_or("usage: seeds DIR")?;
    for target in tracer_fuzz::seeds::all()? {
        let dir = PathBuf::from(&dir).join(target.name);
        fs::create_dir_all(&dir)?;
        for (number, seed) in target.seeds.iter().enumerate() {
            fs::write(dir.join(format!("seed-{number:03}")), seed)?;
        }
    }
    Ok(())
}
