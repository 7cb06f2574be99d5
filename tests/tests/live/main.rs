//! What tracing tells: calls, processes, filters, recordings, summaries.

mod actor;
mod as_strace;
mod command;
mod conservation;
mod decoded;
mod diff;
mod docs;
mod doctor;
mod families;
mod faults;
mod filters;
mod habits;
mod io_uring;
mod life;
mod names;
mod outputs;
mod pid_namespace;
mod questions;
mod recording;
mod refused;
mod shapes;
mod summary;
mod table;
mod timeline;
mod tree;
mod two_tracers;
