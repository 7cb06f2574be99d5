//! Searches and reports: folds over the events of audit logs. Knows nothing of command lines.

pub mod checkpoint;
pub mod clock;
pub mod criteria;
pub mod expression;
pub mod history;
pub mod interpret;
pub mod items;
pub mod logged;
pub mod normal;
pub mod output;
pub mod report;
pub mod told;
mod wanted;
