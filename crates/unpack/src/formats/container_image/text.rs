//! The JSON of manifests, taken as it comes: what is not there or not of its type is nothing.
use serde_json::Value;

/// Larger ones are refused by registries too (their limit is 4 MiB).
pub(super) const LARGEST: usize = 8 << 20;

pub(super) fn parse(bytes: &[u8]) -> Result<Value, String> {
    if bytes.len() > LARGEST {
        return Err(format!("{} bytes of JSON; no more than {LARGEST} are read", bytes.len()));
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    serde_json::from_slice(bytes).map_err(|why| why.to_string())
}

pub(super) fn text<'v>(value: &'v Value, field: &str) -> &'v str {
    value.get(field).and_then(Value::as_str).unwrap_or_default()
}

pub(super) fn list<'v>(value: &'v Value, field: &str) -> &'v [Value] {
    value.get(field).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}
