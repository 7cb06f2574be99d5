//! Adds to an event what its source could not know: names of users, resolved paths.

pub mod files;
pub mod lookup;
pub mod mounts;
pub mod paths;
pub mod pids;
pub mod users;
