//! Adds to an event what its source could not know: names of users, resolved paths.

pub mod paths;
pub mod users;
