//! Watches of files by every backend, and what is built on them: top, sync, the inotify tools.

mod fanotify;
mod inotify;
mod inotify_tools;
mod since;
mod sync;
mod top;
mod watch;
mod watch_options;
mod watch_roots;
