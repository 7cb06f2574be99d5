//! Watches of files by every backend, and what is built on them: top, sync, the inotify tools.

mod backends;
mod bursts;
mod commands;
mod fanotify;
mod inotify;
mod inotify_tools;
mod many_paths;
mod other_roots;
mod replaced;
mod since;
mod sync;
mod terminal;
mod top;
mod watch;
mod watch_links;
mod watch_options;
mod watch_roots;
