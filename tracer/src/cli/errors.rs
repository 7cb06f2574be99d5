//! What clap says of wrong arguments, in words that fit this program.

use clap::error::{ContextKind, ContextValue, Error};

use super::expression;

/// The same error without tips that lead nowhere, and with the reason where an option of strace is
/// not offered.
pub(super) fn in_our_words(mut error: Error) -> Error {
    let option = match error.get(ContextKind::InvalidArg) {
        Some(ContextValue::String(option)) => option.clone(),
        _ => return error,
    };
    // "to pass '--x' as a value, use '-- --x'": nobody wants to.
    let tip = match expression::not_offered(&option) {
        Some(why) => {
            error.remove(ContextKind::SuggestedArg);
            ContextValue::StyledStrs(vec![format!("{option} is not offered: {why}").into()])
        }
        None => ContextValue::None,
    };
    if error.get(ContextKind::Suggested).is_some() || tip != ContextValue::None {
        error.insert(ContextKind::Suggested, tip);
    }
    error
}
