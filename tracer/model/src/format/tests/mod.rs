//! Tests of the formats as a whole: golden files, properties, speed. What a single function does is
//! tested beside it.

pub(crate) mod cases;
mod golden;
mod properties;
mod speed;
