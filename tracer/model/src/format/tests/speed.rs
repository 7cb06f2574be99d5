//! How long a format takes per event.
//! `cargo test --release -p tracer-model --lib format::tests::speed -- --ignored --nocapture`

use std::{hint::black_box, time::Instant};

use super::{cases, golden};
use crate::format::{Audit, Format, Json};

#[test]
#[ignore = "a measurement, for an optimised build"]
fn nanoseconds_per_event() {
    let cases = cases::all();
    for name in ["open", "rename", "exec", "hostile-utf8", "loss"] {
        let (_, item) = cases
            .iter()
            .find(|(case, _)| *case == name)
            .expect("a case");
        let formats: [(&str, Box<dyn Format>); 3] = [
            ("json", Box::new(Json::new(None))),
            ("audit", Box::new(Audit::new(1))),
            ("text", Box::new(golden::text())),
        ];
        for (label, mut format) in formats {
            let mut out = Vec::with_capacity(1 << 16);
            let (mut best, rounds) = (u128::MAX, 20_000);
            for _ in 0..10 {
                let start = Instant::now();
                for _ in 0..rounds {
                    out.clear();
                    format.item(&mut out, black_box(item));
                    black_box(&out);
                }
                best = best.min(start.elapsed().as_nanos() / rounds);
            }
            println!("{name:14} {label:6} {best:6} ns {:6} bytes", out.len());
        }
    }
}
