//! Mach-O recipes, read back by goblin.
use goblin::mach::{Mach, MachO};

use crate::build;

const FULL: &str = r#"
kind = "macho"
install-name = "@rpath/Example.dylib"
libraries = ["/usr/lib/libSystem.B.dylib", "@rpath/libvendor.dylib"]
weak-libraries = ["/usr/lib/libz.1.dylib"]
rpaths = ["@loader_path/../Frameworks"]
uuid = "00112233-4455-6677-8899-aabbccddeeff"
defined = ["_example_open"]
undefined = ["_vendor_scan"]
local = ["_helper"]
sections = [{ segment = "__TEXT", name = "__objc_classname", parts = ["EXEngine\u0000"] }, { name = "__data", parts = ["marker"] }]
"#;

fn check(bytes: &[u8], wide: bool) {
    let macho = MachO::parse(bytes, 0).unwrap();
    assert_eq!((macho.is_64, macho.name), (wide, Some("@rpath/Example.dylib")));
    assert_eq!(macho.libs[1..], ["/usr/lib/libSystem.B.dylib", "@rpath/libvendor.dylib", "/usr/lib/libz.1.dylib"]);
    assert_eq!(macho.rpaths, ["@loader_path/../Frameworks"]);
    let symbols: Vec<_> = macho.symbols().map(|symbol| symbol.unwrap()).collect();
    let told: Vec<_> =
        symbols.iter().map(|(name, symbol)| (*name, symbol.is_undefined(), symbol.is_global())).collect();
    assert_eq!(told, [("_helper", false, false), ("_example_open", false, true), ("_vendor_scan", true, true)]);
    let mut sections = Vec::new();
    for (section, data) in macho.segments.sections().flatten().map(|section| section.unwrap()) {
        sections.push((section.name().unwrap().to_owned(), data.to_vec()));
    }
    assert_eq!(sections[1], ("__objc_classname".to_owned(), b"EXEngine\0".to_vec()));
    assert_eq!(sections[2], ("__data".to_owned(), b"marker".to_vec()));
}

#[test]
fn goblin_reads_every_table() {
    for (bits, big) in [(32, true), (32, false), (64, true), (64, false)] {
        check(&build(&format!("{FULL}bits = {bits}\nbig-endian = {big}")).unwrap(), bits == 64);
    }
    let object = build("kind = \"macho\"\ntype = \"object\"\nundefined = [\"_x\"]").unwrap();
    let object = MachO::parse(&object, 0).unwrap();
    assert_eq!((object.header.filetype, object.segments.len()), (1, 1));
}

#[test]
fn slices_and_signatures() {
    let slice = "{ recipe = { kind = \"macho\", install-name = \"a\", signature = { identifier = \"com.example.a\", \
                 team = \"AB12CD34EF\", entitlements = \"<plist/>\", cms = [{ hex = \"3000\" }] } } }";
    let recipe = format!(
        "kind = \"fat\"\nslices = [{{ cpu = 7, parts = [\"tiny\"] }}, {{ cpu = 0x01000007, parts = [{slice}] }}]"
    );
    let bytes = build(&recipe).unwrap();
    let Mach::Fat(fat) = Mach::parse(&bytes).unwrap() else { panic!("not fat") };
    let arches = fat.arches().unwrap();
    assert_eq!(arches[0].slice(&bytes), b"tiny");
    let slice = arches[1].slice(&bytes);
    let end = slice.len();
    let at = slice.windows(4).position(|window| window == b"\xfa\xde\x0c\xc0").unwrap();
    assert_eq!(usize::try_from(u32::from_be_bytes(slice[at + 4..at + 8].try_into().unwrap())).unwrap(), end - at);
    for text in ["com.example.a\0", "AB12CD34EF\0", "<plist/>"] {
        assert!(slice[at..].windows(text.len()).any(|window| window == text.as_bytes()), "{text}");
    }
}
