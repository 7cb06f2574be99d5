//! The rule language against what the real auditctl said, and its round trip.

mod decide;
mod pass;
mod reference;
mod round_trip;
