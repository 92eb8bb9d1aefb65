//! ELF recipes, read back by goblin.
use goblin::elf::Elf;

use crate::build;

const FULL: &str = r#"
kind = "elf"
bits = BITS
endian = "ENDIAN"
needed = ["libkave8.so", "libc.so.6"]
soname = "libscanhook.so.2"
runpath = "$ORIGIN"
build-id = "0123456789abcdef0123456789abcdef01234567"
comment = ["GCC: (GNU) 14.2.0", "clang"]
debuglink = "libscanhook.so.debug"
notes = [{ section = ".note.package", owner = "FDO", type = 0xcafe1a7e, parts = ['{"type":"deb"}'] }]
sections = [
  { name = ".rodata", parts = ["marker"] },
  { name = ".data", flags = "aw", parts = [{ u32 = 7 }] },
  { name = ".bss", flags = "aw", zeros = 8192 },
  { name = ".extra", flags = "", parts = ["unloaded"] },
]
needs-versions = [{ library = "libc.so.6", version = "GLIBC_2.14", symbols = ["memcpy"] }, { library = "libc.so.6", version = "GLIBC_2.2.5", symbols = ["free"] }]
defines-versions = { HOOK_2 = ["hook_open"] }

[dynamic]
defined = ["hook_open", "hook_close"]
undefined = ["kaveScanFile", "memcpy", "free"]
weak = ["__gmon_start__"]

[static-symbols]
defined = ["hook_open"]
undefined = ["kaveScanFile"]
local = ["helper"]
files = ["hook.c"]
"#;

fn full(bits: &str, endian: &str) -> String {
    FULL.replace("BITS", bits).replace("ENDIAN", endian)
}

#[test]
fn goblin_reads_every_table() {
    for (bits, endian) in [("32", "little"), ("32", "big"), ("64", "little"), ("64", "big")] {
        let bytes = build(&full(bits, endian)).unwrap();
        let elf = Elf::parse(&bytes).unwrap();
        assert_eq!((elf.is_64, elf.little_endian, elf.is_lib), (bits == "64", endian == "little", true));
        assert_eq!(elf.libraries, ["libkave8.so", "libc.so.6"]);
        assert_eq!((elf.soname, elf.runpaths.as_slice()), (Some("libscanhook.so.2"), ["$ORIGIN"].as_slice()));
        let named = |table: &goblin::elf::Symtab<'_>, strings: &goblin::strtab::Strtab<'_>, undefined: bool| {
            let wanted = table.iter().filter(|symbol| symbol.st_name > 0 && symbol.is_import() == undefined);
            let named = wanted.filter_map(|symbol| strings.get_at(symbol.st_name).map(str::to_owned));
            named.collect::<Vec<_>>().join(" ")
        };
        assert_eq!(named(&elf.dynsyms, &elf.dynstrtab, true), "kaveScanFile memcpy free __gmon_start__");
        assert_eq!(named(&elf.dynsyms, &elf.dynstrtab, false), "hook_open hook_close");
        assert_eq!(named(&elf.syms, &elf.strtab, true), "kaveScanFile");
        assert_eq!(named(&elf.syms, &elf.strtab, false), "hook.c helper hook_open");
        let notes: Vec<_> = elf.iter_note_sections(&bytes, None).unwrap().map(|note| note.unwrap().name).collect();
        assert_eq!(notes, ["GNU", "FDO"]);
        let needs = elf.verneed.as_ref().unwrap();
        let versions: Vec<_> =
            needs.iter().flat_map(|need| need.iter().map(|aux| aux.vna_name).collect::<Vec<_>>()).collect();
        assert_eq!(
            versions.iter().map(|name| elf.dynstrtab.get_at(*name).unwrap()).collect::<Vec<_>>(),
            ["GLIBC_2.14", "GLIBC_2.2.5"]
        );
    }
}

#[test]
fn without_section_headers_the_segments_tell() {
    let bytes = build(&full("64", "little").replace("endian", "section-headers = false\nendian")).unwrap();
    let elf = Elf::parse(&bytes).unwrap();
    assert!(elf.section_headers.is_empty());
    assert_eq!(elf.libraries, ["libkave8.so", "libc.so.6"]);
    assert_eq!(elf.dynsyms.iter().count(), 7);
}

#[test]
fn executables_and_objects() {
    let recipe = "kind = \"elf\"\ntype = \"exec\"\nstatic-symbols = { defined = [\"main\"] }";
    let bytes = build(recipe).unwrap();
    let elf = Elf::parse(&bytes).unwrap();
    assert!(elf.dynamic.is_none() && elf.entry > 0x40_0000 && !elf.is_lib);
    let recipe = "kind = \"elf\"\ntype = \"rel\"\nstatic-symbols = { undefined = [\"printk\"] }\n\
                  sections = [{ name = \".modinfo\", parts = [\"license=GPL\"] }]";
    let bytes = build(recipe).unwrap();
    let elf = Elf::parse(&bytes).unwrap();
    assert!(elf.program_headers.is_empty());
    assert_eq!(elf.syms.iter().count(), 2);
}

#[test]
fn slips_are_told() {
    for (recipe, why) in [
        ("bits = 8", "32 or 64"),
        ("type = \"rel\"\nneeded = [\"x\"]", "relocatable"),
        ("build-id = \"0\"", "hexadecimal"),
        ("defines-versions = { V = [\"x\"] }", "`x` has a version"),
        ("sections = [{ name = \".bss\", zeros = 1 }]", "must be writable"),
        ("endian = \"middle\"", "unknown variant"),
    ] {
        let told = build(&format!("kind = \"elf\"\n{recipe}")).unwrap_err();
        assert!(told.contains(why), "{recipe} said {told}");
    }
}
