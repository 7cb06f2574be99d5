//! What tracing tells: calls, processes, filters, recordings, summaries.

mod actor;
mod command;
mod conservation;
mod decoded;
mod diff;
mod docs;
mod doctor;
mod families;
mod faults;
mod filters;
mod io_uring;
mod life;
mod names;
mod outputs;
mod recording;
mod refused;
mod shapes;
mod summary;
mod timeline;
mod tree;
