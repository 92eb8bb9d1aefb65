//! Signatures of packs, as minisign makes them: Ed25519 over the exact bytes, and a comment that names pack and version.
#![expect(clippy::disallowed_methods, reason = "the roof reads keys and signatures (invariant 2)")]
use std::ffi::OsString;
use std::io::Cursor;
use std::path::{Path, PathBuf};

use interdict_scan::rules::Meta;
use minisign::{KeyPair, PublicKey, PublicKeyBox, SecretKeyBox, SignatureBox};

use crate::knowledge::text;
use crate::outputs;
use crate::outputs::print;
use crate::status::{Fault, Status};

/// What a signature is for: no signature of anything else is taken for one of a pack.
const CONTEXT: &str = "interdict.pack/1";

/// A key that packs may be signed with.
pub(crate) struct Key(PublicKey);

/// The comment of a signature that holds.
#[derive(Debug)]
pub(crate) struct Signature {
    comment: String,
}

fn fault(what: impl Into<String>) -> Fault {
    Fault::new(Status::Pack, what)
}

/// A key by its file, or by the text in it.
pub(crate) fn key(given: &str) -> Result<Key, Fault> {
    let bad = |_| fault(format!("`{given}` is neither a public key of minisign nor a file with one"));
    let path = Path::new(given);
    let read = if path.is_file() {
        let text =
            std::fs::read_to_string(path).map_err(|error| fault(format!("could not read `{given}`: {error}")))?;
        PublicKeyBox::from_string(&text).and_then(PublicKey::from_box).map_err(bad)?
    } else {
        PublicKey::from_base64(given).map_err(bad)?
    };
    Ok(Key(read))
}

/// The signature beside a pack, if one of these keys made it over exactly this text.
pub(crate) fn held(file: &Path, text: &str, keys: &[Key]) -> Result<Signature, Fault> {
    let beside = beside(file);
    let name = file.display();
    if !beside.exists() {
        return Err(fault(format!("the pack `{name}` is not signed: `{}` is not there", beside.display()))
            .hint("interdict catalog sign makes a signature"));
    }
    let read = self::text(&beside)?;
    let signature = SignatureBox::from_string(&read)
        .map_err(|error| fault(format!("`{}` is no signature of minisign: {error}", beside.display())))?;
    let holds =
        |key: &Key| minisign::verify(&key.0, &signature, Cursor::new(text.as_bytes()), true, false, false).is_ok();
    if !keys.iter().any(holds) {
        return Err(fault(format!(
            "the signature of the pack `{name}` does not hold: it was altered, or signed with another key"
        )));
    }
    let comment = signature.trusted_comment().map_err(|error| fault(format!("`{}`: {error}", beside.display())))?;
    Ok(Signature { comment })
}

impl Signature {
    /// Whether it was made for this pack in this version.
    pub(crate) fn is_of(&self, name: &str, meta: &Meta) -> Result<(), Fault> {
        if self.comment == comment(meta) {
            return Ok(());
        }
        let inert: String = self.comment.chars().take(120).flat_map(char::escape_default).collect();
        Err(fault(format!("the signature of the pack `{name}` was made for `{inert}`, not for `{}`", comment(meta))))
    }
}

fn comment(meta: &Meta) -> String {
    format!("{CONTEXT} {} {}", meta.id, meta.version)
}

/// Where the signature of a file stands.
fn beside(file: &Path) -> PathBuf {
    let mut name = OsString::from(file);
    name.push(".minisig");
    name.into()
}

/// Makes a pair of keys: the public one is printed and written beside the secret one, with `.pub` behind its name.
pub(crate) fn keygen(file: &Path) -> Result<Status, Fault> {
    let made = || -> Result<(String, String, String), minisign::PError> {
        let pair = KeyPair::generate_unencrypted_keypair()?;
        let secret = pair.sk.to_box(Some("interdict: signs packs; keep it to yourself"))?.into_string();
        Ok((secret, pair.pk.to_box()?.into_string(), pair.pk.to_base64()))
    };
    let (secret, public, short) = made().map_err(|error| Fault::new(Status::Internal, error.to_string()))?;
    if file.exists() {
        return Err(Fault::new(Status::Usage, format!("`{}` is there already", file.display())));
    }
    outputs::replace_private(file, secret.as_bytes())?;
    let mut name = OsString::from(file);
    name.push(".pub");
    outputs::replace(Path::new(&name), public.as_bytes())?;
    print(&short)?;
    Ok(Status::Clear)
}

/// Signs a pack: the signature is written beside it, with `.minisig` behind its name.
pub(crate) fn sign(file: &Path, key: &Path) -> Result<Status, Fault> {
    let text = text(file)?;
    let name = file.display().to_string();
    let base = interdict_scan::catalog::Knowledge::built_in();
    let known = interdict_scan::catalog::Knowledge::compile(&name, &text, &base)
        .map_err(|errors| fault(format!("the pack is invalid\n{}", errors.join("\n"))))?;
    let meta = known.pack.contents().packs.first().map(|(meta, _)| meta.clone()).unwrap_or_default();
    let read =
        std::fs::read_to_string(key).map_err(|error| fault(format!("could not read `{}`: {error}", key.display())))?;
    let made = || -> Result<String, minisign::PError> {
        let secret = SecretKeyBox::from_string(&read)?.into_unencrypted_secret_key()?;
        let signature = minisign::sign(None, &secret, Cursor::new(text.as_bytes()), Some(&comment(&meta)), None)?;
        Ok(signature.into_string())
    };
    let signature = made().map_err(|error| fault(format!("could not sign with `{}`: {error}", key.display())))?;
    outputs::replace(&beside(file), signature.as_bytes())?;
    print(&format!("{}: {}", beside(file).display(), comment(&meta)))?;
    Ok(Status::Clear)
}

/// Says whether the signature beside a pack holds, and of what it is.
pub(crate) fn verify(file: &Path, keys: &[String]) -> Result<Status, Fault> {
    let keys: Vec<Key> = keys.iter().map(|given| key(given)).collect::<Result<_, _>>()?;
    let signature = held(file, &text(file)?, &keys)?;
    if !signature.comment.starts_with(CONTEXT) {
        return Err(fault(format!("the signature of `{}` is of no pack", file.display())));
    }
    print(&format!("{}: signed as {}", file.display(), signature.comment))?;
    Ok(Status::Clear)
}
