//! System calls: the one table of them with what each argument is, and what arguments and results
//! mean, in strace's notation.

pub mod calls;
pub mod decode;
