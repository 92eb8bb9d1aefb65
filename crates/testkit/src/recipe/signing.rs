//! What signs: `certificate` and `pkcs7`, in DER. Nothing here is signed by anyone: keys and signatures are made up.
pub(super) mod certificate;
mod der;
pub(super) mod pkcs7;

#[cfg(test)]
mod tests;
