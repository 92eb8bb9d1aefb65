//! What the reader says of small documents, line by line.
use super::*;
use interdict_model::Needles;

fn check(input: &str, expected: &expect_test::Expect) {
    expected.assert_eq(&interdict_testkit::lines(&ENTRY, "bom.json", input.as_bytes(), &Needles::default()));
}
