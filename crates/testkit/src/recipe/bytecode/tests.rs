//! Byte code, its tables followed by hand.
use crate::build;

fn number(bytes: &[u8], at: usize) -> usize {
    u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap()) as usize
}

#[test]
fn dex_tables_say_what_is_defined() {
    let recipe =
        "kind = \"dex\"\ndefines = [\"com/example/Main\"]\nreferences = [\"com/vendor/Api\"]\nstrings = [\"hello\"]";
    let bytes = build(recipe).unwrap();
    assert_eq!((&bytes[..8], number(&bytes, 0x20)), (b"dex\n035\0".as_slice(), bytes.len()));
    let text = |index: usize| {
        let at = number(&bytes, number(&bytes, 0x3c) + 4 * index);
        let length = usize::from(bytes[at]);
        String::from_utf8(bytes[at + 1..at + 1 + length].to_vec()).unwrap()
    };
    let name = |index: usize| text(number(&bytes, number(&bytes, 0x44) + 4 * index));
    let strings: Vec<_> = (0..number(&bytes, 0x38)).map(text).collect();
    assert_eq!(strings, ["Lcom/example/Main;", "Lcom/vendor/Api;", "Ljava/lang/Object;", "hello"]);
    assert_eq!((0..number(&bytes, 0x40)).map(name).collect::<Vec<_>>(), strings[..3]);
    let class = number(&bytes, 0x64);
    assert_eq!((number(&bytes, 0x60), name(number(&bytes, class))), (1, "Lcom/example/Main;".to_owned()));
    let map = number(&bytes, 0x34);
    assert_eq!(map + 4 + 12 * number(&bytes, map), bytes.len());
    assert!(build("kind = \"dex\"\nversion = \"1\"").unwrap_err().contains("three digits"));
}

#[test]
fn class_files_name_what_they_use() {
    let recipe = "kind = \"class\"\ndefines = \"a/B\"\nimplements = [\"a/I\"]\nreferences = [\"c/D\"]\ncalls = [\"e/F.run()V\"]\n\
                  strings = [\"text\", \"\\u0000é😀\"]\nsource = \"B.java\"";
    let bytes = build(recipe).unwrap();
    assert_eq!(bytes[..8], *b"\xca\xfe\xba\xbe\0\0\0\x34");
    for name in ["a/B", "java/lang/Object", "a/I", "c/D", "e/F", "run", "()V", "text", "B.java"] {
        let entry = [&[1, 0, u8::try_from(name.len()).unwrap()], name.as_bytes()].concat();
        assert_eq!(bytes.windows(entry.len()).filter(|window| *window == entry).count(), 1, "{name}");
    }
    let hard = b"\x01\0\x0a\xc0\x80\xc3\xa9\xed\xa0\xbd\xed\xb8\x80";
    assert!(bytes.windows(hard.len()).any(|window| window == hard));
    assert!(build("kind = \"class\"\ndefines = \"a\"\ncalls = [\"x\"]").unwrap_err().contains("`x`"));
}
