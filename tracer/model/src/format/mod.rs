//! Output formats: an [`Item`] becomes lines. No I/O and no decisions about what is worth showing;
//! where the lines go is the sink's business. `docs/records.md` describes every field.

mod audit;
mod audit_own;
mod audit_text;
mod call_info;
mod clock;
mod csv;
mod dump;
mod escape;
mod fit;
pub mod html;
mod json;
mod json_read;
mod siginfo;
mod stamp;
mod strace;
mod template;
mod text;
mod text_details;
mod unknowns;

#[cfg(test)]
pub(crate) mod tests;

pub use audit::{Audit, OWN_TYPE, value as audit_value};
pub use csv::{Columns, Csv};
pub use dump::Dump;
pub use json::Json;
pub use json_read::{bytes_of, element_bytes};
pub use stamp::{Precision, Stamp, Times};
pub use strace::{Lines, Prefix, Strace};
pub use template::{Dialect, Names, Shown, Template};
pub use text::{Text, Width};

pub use escape::{c_quoted, drives_a_terminal, json_string, one_line, shell_word};

use crate::{
    decode::{names, number},
    event::Item,
};

/// No line at all: where something else is made of the items.
pub struct Silent;

impl Format for Silent {
    fn item(&mut self, _out: &mut Vec<u8>, _item: &Item) {}
}

/// Turns items into lines.
pub trait Format {
    /// Appends what stands above the first item.
    fn head(&mut self, _out: &mut Vec<u8>) {}

    /// Appends the lines of one item to `out`, including the final newline(s).
    fn item(&mut self, out: &mut Vec<u8>, item: &Item);
}
