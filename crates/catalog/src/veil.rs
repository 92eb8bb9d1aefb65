//! How the compiled data stands in our own binary: not in the clear, or each needle would be found in it, and as cheap to read
//! as to copy, as every run begins with it.

/// The same bytes veiled, or unveiled.
pub(crate) fn veiled(bytes: &[u8]) -> Vec<u8> {
    bytes.iter().map(|byte| byte ^ 0xa5).collect()
}
