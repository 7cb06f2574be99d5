//! The rule language against what the real auditctl said, and its round trip.

mod reference;
mod round_trip;
