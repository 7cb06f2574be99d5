//! What comes in at the daemon's control socket: no request, or one whose rules are refused or applied as
//! those of a file are.

use tracer::{
    daemon::sockets::Request,
    rules::{RuleSet, parse},
};

use crate::rules::{apply, listed};

/// Checks one request as it comes off the socket.
///
/// # Panics
/// When what is refused changes something, or the rules are others than their listing says.
pub fn check(bytes: &[u8]) {
    let Ok(request) = serde_json::from_slice::<Request>(bytes) else {
        return;
    };
    let again = serde_json::to_vec(&request).expect("JSON");
    let again: Request = serde_json::from_slice(&again).expect("a request");
    assert_eq!(again, request);
    let (Request::Auditctl(args) | Request::Rules(args)) = request else {
        return;
    };
    let mut set = RuleSet::default();
    if let Ok(parsed) = parse::args(&args) {
        parsed.commands.iter().for_each(|c| apply(&mut set, c));
    }
    listed(&set);
}
