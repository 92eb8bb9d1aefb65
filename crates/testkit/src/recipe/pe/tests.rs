//! PE recipes, read back by goblin.
use goblin::pe::PE;

use crate::build;

const FULL: &str = r#"
kind = "pe"
bits = BITS
dll = true
debug-path = 'c:\build\engine.pdb'
imports = [{ dll = "KERNEL32.dll", functions = ["LoadLibraryW", "ExitProcess"] }, { dll = "WS2_32.dll", ordinals = [3] }]
delay-imports = [{ dll = "engine2.dll", functions = ["Start"], ordinals = [7] }]
exports = { module = "engine.dll", names = ["Scan", "Init"], ordinals-only = 2, forwarded = { Old = "NTDLL.RtlOld" } }
sections = [{ name = ".data", parts = ["marker", { utf16 = "wide" }] }, { name = ".bss", virtual-size = 12288 }]
resources = [{ type = 24, parts = ["<assembly/>"] }, { type = "PAYLOAD", id = "ONE", parts = ["MZ"] }]
certificates = [[{ hex = "3000" }], [{ hex = "3003020101" }]]
overlay = ["tail"]

[[version]]
number = "1.2.3.4"
strings = [{ values = { CompanyName = "Northwind", ProductName = "Gate" } }, { table = "041904e3", values = { CompanyName = "Север" } }]

[[version]]
language = 0x407
strings = [{ table = "040704b0", values = { CompanyName = "Nordwind GmbH" } }]
"#;

fn full(bits: &str) -> Vec<u8> {
    build(&FULL.replace("BITS", bits)).unwrap()
}

#[test]
fn goblin_reads_every_table() {
    for bits in ["32", "64"] {
        let bytes = full(bits);
        let pe = PE::parse(&bytes).unwrap();
        assert_eq!((pe.is_64, pe.is_lib), (bits == "64", true));
        let sections: Vec<_> = pe.sections.iter().map(|section| section.name().unwrap()).collect();
        assert_eq!(sections, [".text", ".data", ".bss", ".rdata", ".rsrc"]);
        let imports: Vec<_> = pe.imports.iter().map(|import| (import.dll, import.name.as_ref())).collect();
        assert_eq!(
            imports,
            [("KERNEL32.dll", "LoadLibraryW"), ("KERNEL32.dll", "ExitProcess"), ("WS2_32.dll", "ORDINAL 3")]
        );
        assert_eq!(pe.name, Some("engine.dll"));
        let exports: Vec<_> = pe.exports.iter().filter_map(|export| export.name).collect();
        assert_eq!(exports, ["Init", "Old", "Scan"]);
        assert_eq!(pe.export_data.as_ref().unwrap().export_address_table.len(), 5);
        let debug = pe.debug_data.as_ref().unwrap().codeview_pdb70_debug_info.unwrap();
        assert_eq!(debug.filename, b"c:\\build\\engine.pdb\0");
        assert_eq!(pe.certificates.len(), 2);
        assert_eq!(pe.certificates[1].certificate, [0x30, 3, 2, 1, 1]);
        assert!(pe.tls_data.is_none());
    }
}

#[test]
fn every_language_block_is_there() {
    let bytes = full("64");
    for value in ["Northwind", "Gate", "Север", "Nordwind GmbH", "041904e3", "wide"] {
        let wide: Vec<u8> = value.encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert!(bytes.windows(wide.len()).any(|window| window == wide), "{value}");
    }
    let pe = PE::parse(&bytes).unwrap();
    let resources = pe.resource_data.as_ref().unwrap();
    assert_eq!(resources.count(), 3);
    let version = resources.version_info.as_ref().unwrap();
    assert_eq!(version.string_info.company_name().as_deref(), Some("Nordwind GmbH"));
}

#[test]
fn the_smallest_and_the_wrong() {
    let bytes = build("kind = \"pe\"").unwrap();
    assert!(PE::parse(&bytes).unwrap().imports.is_empty());
    assert!(bytes.len() <= 1536, "{}", bytes.len());
    let efi = build("kind = \"pe\"\nmachine = 0xaa64\nsubsystem = 10").unwrap();
    assert_eq!(PE::parse(&efi).unwrap().header.coff_header.machine, 0xaa64);
    for (recipe, why) in [("bits = 16", "32 or 64"), ("sections = [{ name = \".too-long\" }]", "more than 8 bytes")] {
        assert!(build(&format!("kind = \"pe\"\n{recipe}")).unwrap_err().contains(why));
    }
}
