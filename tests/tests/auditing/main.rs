//! Rules, the daemon, and the logs of the Linux audit system.

mod audit_forms;
mod audit_logs;
mod audit_machine;
mod audit_tools;
mod daemon;
mod daemon_faults;
mod daemon_place;
mod follow;
mod history;
mod packaged_rules;
mod page;
mod path_items;
mod presets;
mod readers;
mod seal;
mod search_output;
