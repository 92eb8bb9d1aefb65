//! Lines that write a registry key or create a service, in the languages of scripts and installers.
use std::borrow::Cow;
use std::sync::LazyLock;

use interdict_model::{Case, Encoding, FactKind, Needle, Needles, Sink};
use memchr::memmem;

use super::lines::Lines;
use crate::read::{index, text};

/// What every line of interest holds one of, in any case; most files hold none.
const HINTS: &[&str] = &[
    "hkey_",
    "hklm",
    "hkcu",
    "hkcr",
    "hku",
    "hkcc",
    "hkr",
    "shctx",
    "shell_context",
    "sc create",
    "sc.exe",
    "new-service",
    "addservice",
    "installservice",
    "serviceinstall",
    "systemctl enable",
    "execstart=",
];

static HINT_NEEDLES: LazyLock<Needles> = LazyLock::new(|| {
    let needle = |hint: &&str| Needle {
        name: (*hint).to_owned(),
        bytes: hint.as_bytes().to_vec(),
        encodings: vec![Encoding::Bytes],
        case: Case::Fold,
        word: false,
        at: None,
        then: None,
        line: false,
    };
    Needles::new(HINTS.iter().map(needle).collect())
});

/// Words after which a service's name stands.
const SERVICES: &[&str] = &[
    "sc create ",
    "sc.exe create ",
    "new-service -name ",
    "new-service ",
    "systemctl enable --now ",
    "systemctl enable ",
    "simplesc::installservice ",
    "nsis_service_lib::installservice ",
];
/// Words after which a key stands that is written.
const KEYS: &[&str] = &[
    "reg add ",
    "reg.exe add ",
    "writeregstr ",
    "writeregdword ",
    "writeregexpandstr ",
    "writeregbin ",
    "writeregmultistr ",
    "new-item -path ",
    "new-item ",
    "new-itemproperty -path ",
    "new-itemproperty ",
    "set-itemproperty -path ",
    "set-itemproperty ",
];
/// Roots of the registry, as languages write them.
const ROOTS: &[&str] = &[
    "hkey_local_machine",
    "hkey_current_user",
    "hkey_classes_root",
    "hkey_users",
    "hkey_current_config",
    "hklm",
    "hkcu",
    "hkcr",
    "hku",
    "hkcc",
    "hkr",
    "shctx",
    "shell_context",
];

/// States the keys and services.
pub(super) fn observe(lines: &Lines<'_>, name: &str, sink: &mut Sink<'_>) {
    let mut is_unit = false;
    let is_registry = is_registry_file(lines.bytes());
    let mut read_to = 0;
    HINT_NEEDLES.search(lines.bytes(), usize::MAX, &mut |hit| {
        // One line may hold several hints.
        let at = index(hit.start);
        if at < read_to {
            return;
        }
        let (start, line) = lines.around(at);
        read_to = start + line.len();
        is_unit |= observe_line(lines, start, line, is_registry, sink);
    });
    if is_unit && name.to_ascii_lowercase().ends_with(".service") {
        sink.fact(FactKind::ServiceName, name, interdict_model::At::Whole);
    }
}

/// States what one line says; true where it is one of a unit file that starts a program.
fn observe_line(lines: &Lines<'_>, start: usize, line: &[u8], is_registry: bool, sink: &mut Sink<'_>) -> bool {
    let lower = line.to_ascii_lowercase();
    let trimmed = lower.trim_ascii();
    let is_comment = [&b"#"[..], b";", b"rem ", b"//"].iter().any(|mark| trimmed.starts_with(mark));
    if is_comment {
        return false;
    }
    let key = if is_registry { bracketed(line) } else { written_key(line, &lower) };
    if let Some((at, len, key)) = key {
        sink.fact(FactKind::RegistryKey, &key, lines.place(start + at, len));
    }
    if let Some((at, service)) = created_service(line, &lower) {
        sink.fact(FactKind::ServiceName, &text(service), lines.place(start + at, service.len()));
    }
    trimmed.starts_with(b"execstart=")
}

fn is_registry_file(bytes: &[u8]) -> bool {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start();
    bytes.starts_with(b"Windows Registry Editor") || bytes.starts_with(b"REGEDIT4")
}

/// `[HKEY_…\Key]` of a registry file; with a minus it is deleted.
fn bracketed(line: &[u8]) -> Option<(usize, usize, Cow<'_, str>)> {
    let start = line.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
    let inner = line.get(start..)?.strip_prefix(b"[").filter(|rest| !rest.starts_with(b"-"))?;
    let end = memchr::memrchr(b']', inner)?;
    Some((start + 1, end, text(inner.get(..end)?)))
}

fn written_key<'a>(line: &'a [u8], lower: &[u8]) -> Option<(usize, usize, Cow<'a, str>)> {
    let after = KEYS.iter().find_map(|word| word_at(lower, word));
    // Without a command: `Root: HKLM; Subkey: "…"`, `<RegistryKey Root="HKLM" Key="…"`, and `HKLM,"…"` of an INF file.
    let inno = || word_at(lower, "subkey:").filter(|_| root_in(lower, "root:"));
    let wix = || attribute(lower, "key=").filter(|_| root_in(lower, "root="));
    let inf = || {
        let start = lower.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
        let root =
            ROOTS.iter().find(|root| lower.get(start..).is_some_and(|rest| rest.starts_with(root.as_bytes())))?;
        let comma = start + root.len();
        (lower.get(comma) == Some(&b',')).then_some(comma + 1)
    };
    let at = match after {
        Some(at) => begins_with_root(lower, at)?,
        None => inno().or_else(wix).or_else(inf)?,
    };
    let (start, value) = argument(line, at)?;
    if after.is_none() {
        return (!value.is_empty()).then(|| (start, value.len(), text(value)));
    }
    // NSIS writes root and key as two words.
    let is_root_alone = ROOTS.iter().any(|root| value.eq_ignore_ascii_case(root.as_bytes()));
    if is_root_alone {
        let (start, value) = argument(line, start + value.len())?;
        return Some((start, value.len(), text(value)));
    }
    Some((start, value.len(), text(value)))
}

fn created_service<'a>(line: &'a [u8], lower: &[u8]) -> Option<(usize, &'a [u8])> {
    let inf = || {
        let at = word_at(lower, "addservice")?;
        let sign = lower.get(at..)?.iter().take_while(|byte| byte.is_ascii_whitespace()).count() + at;
        (lower.get(sign) == Some(&b'=')).then_some(sign + 1)
    };
    let wix = || attribute(lower, "name=").filter(|_| memmem::find(lower, b"<serviceinstall").is_some());
    let at = SERVICES.iter().find_map(|word| word_at(lower, word)).or_else(inf).or_else(wix)?;
    argument(line, at).filter(|(_, name)| !name.is_empty() && !name.starts_with(b"-"))
}

/// Where the text after a word starts; the word must not be the tail of another.
fn word_at(lower: &[u8], word: &str) -> Option<usize> {
    let at = memmem::find(lower, word.as_bytes())?;
    let before = at.checked_sub(1).and_then(|before| lower.get(before));
    let is_whole = before.is_none_or(|byte| !byte.is_ascii_alphanumeric() && !matches!(byte, b'_' | b'-' | b'.'));
    is_whole.then_some(at + word.len())
}

/// Where the value of an XML attribute starts.
fn attribute(lower: &[u8], name: &str) -> Option<usize> {
    word_at(lower, name)
}

fn root_in(lower: &[u8], word: &str) -> bool {
    word_at(lower, word).is_some_and(|at| begins_with_root(lower, at).is_some())
}

/// The same place, where a root of the registry stands there, perhaps in quotes.
fn begins_with_root(lower: &[u8], at: usize) -> Option<usize> {
    let rest = lower.get(at..)?.trim_ascii_start();
    let rest = rest.strip_prefix(b"\"").or_else(|| rest.strip_prefix(b"'")).unwrap_or(rest);
    let rest = rest.strip_prefix(b"registry::").unwrap_or(rest);
    ROOTS.iter().any(|root| rest.starts_with(root.as_bytes())).then_some(at)
}

/// The next argument: in quotes, or up to white space or a comma.
fn argument(line: &[u8], at: usize) -> Option<(usize, &[u8])> {
    let start = at + line.get(at..)?.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
    let rest = line.get(start..)?;
    if let Some(quote @ (b'"' | b'\'')) = rest.first() {
        let inner = rest.get(1..)?;
        return Some((start + 1, inner.get(..memchr::memchr(*quote, inner).unwrap_or(inner.len()))?.trim_ascii_end()));
    }
    let end = rest.iter().position(|byte| byte.is_ascii_whitespace() || matches!(byte, b',' | b';' | b'>'));
    Some((start, rest.get(..end.unwrap_or(rest.len()))?)).filter(|(_, word)| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_that_are_written() {
        for (line, key) in [
            (r#"reg add "HKLM\SOFTWARE\Example Lab" /v x"#, Some(r"HKLM\SOFTWARE\Example Lab")),
            (r"REG.EXE ADD HKCU\Software\Example /f", Some(r"HKCU\Software\Example")),
            (r#"  WriteRegStr HKLM "Software\Example\Lab" "a" "b""#, Some(r"Software\Example\Lab")),
            (r#"Root: HKLM; Subkey: "Software\Example"; Flags: x"#, Some(r"Software\Example")),
            (r#"HKLM,"SOFTWARE\Example",a,,b"#, Some(r"SOFTWARE\Example")),
            (r#"<RegistryKey Root="HKLM" Key="Software\Example">"#, Some(r"Software\Example")),
            (r"New-Item -Path 'HKLM:\SOFTWARE\Example' -Force", Some(r"HKLM:\SOFTWARE\Example")),
            (r"New-Item -Path C:\Example", None),
            (r#"ReadRegStr $0 HKLM "Software\Example" x"#, None),
            (r"reg query HKLM\SOFTWARE\Example", None),
            (r"if exists HKLM\SOFTWARE\Example", None),
        ] {
            let lower = line.to_ascii_lowercase();
            let found = written_key(line.as_bytes(), lower.as_bytes());
            assert_eq!(found.as_ref().map(|(.., key)| key.as_ref()), key, "{line}");
            if let Some((at, len, key)) = found {
                assert_eq!(&line[at..at + len], key, "{line}");
            }
        }
    }

    #[test]
    fn services_that_are_created() {
        for (line, name) in [
            ("sc create examplesvc binPath= x", Some("examplesvc")),
            ("  SC.EXE create \"Example Service\" start= auto", Some("Example Service")),
            ("New-Service -Name Example -BinaryPathName x", Some("Example")),
            ("AddService = exampledrv, 0x2, Section", Some("exampledrv")),
            (r#"<ServiceInstall Id="a" Name="Example" Start="auto"/>"#, Some("Example")),
            ("systemctl enable exampled.service", Some("exampled.service")),
            ("sc query examplesvc", None),
            ("misc create x", None),
            ("systemctl enable --quiet", None),
        ] {
            let lower = line.to_ascii_lowercase();
            let found = created_service(line.as_bytes(), lower.as_bytes()).map(|(_, name)| text(name).into_owned());
            assert_eq!(found.as_deref(), name, "{line}");
        }
    }
}
