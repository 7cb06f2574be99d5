//! Reading our JSON back: the exact bytes of a string field.

use serde_json::Value;

/// The exact bytes of the string `key` of an object: those of `<key>_hex` when that is there,
/// because the string itself could not hold them. `None` when the key is absent or null.
pub fn bytes_of(value: &Value, key: &str) -> Option<Vec<u8>> {
    match value.get(format!("{key}_hex")) {
        Some(hex) => unhex(hex.as_str()?),
        None => Some(value.get(key)?.as_str()?.as_bytes().to_vec()),
    }
}

/// The exact bytes of an element of an array of strings (`argv`): a string, or an object with the
/// bytes in `hex`.
pub fn element_bytes(element: &Value) -> Option<Vec<u8>> {
    match element {
        Value::String(text) => Some(text.as_bytes().to_vec()),
        Value::Object(object) => unhex(object.get("hex")?.as_str()?),
        _ => None,
    }
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    let digit = |b: u8| (b as char).to_digit(16).map(|d| d as u8);
    if !rest.is_empty() {
        return None;
    }
    pairs
        .iter()
        .map(|[high, low]| Some(digit(*high)? << 4 | digit(*low)?))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn strings_and_their_hex() {
        let value = json!({"a": "x", "b": "\u{fffd}", "b_hex": "fF00", "c": null, "d_hex": "0"});
        assert_eq!(bytes_of(&value, "a").unwrap(), b"x");
        assert_eq!(bytes_of(&value, "b").unwrap(), b"\xff\0");
        for absent in ["c", "d", "e"] {
            assert_eq!(bytes_of(&value, absent), None, "{absent}");
        }
        assert_eq!(element_bytes(&json!("x")).unwrap(), b"x");
        assert_eq!(
            element_bytes(&json!({"text": "?", "hex": "ff"})).unwrap(),
            b"\xff"
        );
        assert_eq!(element_bytes(&json!(1)), None);
    }
}
