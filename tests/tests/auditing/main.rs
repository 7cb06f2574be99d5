//! Rules, the daemon, and the logs of the Linux audit system.

mod audit_logs;
mod audit_tools;
mod daemon;
mod daemon_faults;
mod daemon_place;
mod search_output;
