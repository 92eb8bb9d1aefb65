//! The verdict matrix, cell by cell, against the table that was compiled by hand from the texts.
use std::collections::BTreeMap;

use interdict_model::{Act, Effect, Profile};
use interdict_policy::{MatrixRow, matrix};
use serde::Deserialize;

use crate::data::{NOW, at, profile, profiles, regimes};

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct AsRead {
    as_of: String,
    row: Vec<Row>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    regimes: Vec<String>,
    cells: Vec<String>,
    #[serde(default)]
    differs: Vec<Differs>,
}

/// Where the table cannot be had as it stands, with why.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Differs {
    regimes: Vec<String>,
    cells: String,
    because: String,
}

/// Rows that the table of the five situations does not have: what is over, what is proposed, and what stands in the text only.
const BESIDE: &[(&str, &str)] = &[
    ("us-far-case-2026-001", "FFNFF"),
    ("us-gsa-2017", "NNNNN"),
    ("eu-csa2", "FFNFF"),
    ("pl-ksc-recommendation", "AANNN"),
];

fn letters(row: &MatrixRow) -> String {
    row.cells.iter().map(|cell| cell.letter).collect()
}

#[test]
fn cell_by_cell() {
    let read: AsRead = toml::from_str(include_str!("as-read.toml")).unwrap();
    let rows = matrix(regimes(), profiles().all(), at(&read.as_of));
    let mut wanted: BTreeMap<String, Vec<Vec<char>>> = BTreeMap::new();
    for row in &read.row {
        assert_eq!(row.cells.len(), 5);
        for regime in &row.regimes {
            let differs = row.differs.iter().find(|differs| differs.regimes.contains(regime));
            let cells: Vec<Vec<char>> = match differs {
                Some(differs) => {
                    assert!(!differs.because.is_empty());
                    differs.cells.chars().map(|letter| vec![letter]).collect()
                }
                None => row.cells.iter().map(|cell| allowed(cell)).collect(),
            };
            assert!(wanted.insert(regime.clone(), cells).is_none(), "{regime} twice");
        }
    }
    for (regime, letters) in BESIDE {
        wanted.insert((*regime).to_owned(), letters.chars().map(|letter| vec![letter]).collect());
    }
    for (regime, cells) in &wanted {
        let row = rows.iter().find(|row| row.regime.as_str() == regime).unwrap_or_else(|| panic!("no row {regime}"));
        for (cell, allowed) in row.cells.iter().zip(cells) {
            let place = format!("{regime} ({})", cell.situation.letter());
            assert!(
                allowed.contains(&cell.letter),
                "{place}: {} is none of {allowed:?}: {}",
                cell.letter,
                cell.because
            );
        }
    }
    for row in &rows {
        assert!(wanted.contains_key(row.regime.as_str()), "{} is not in the matrix", row.regime);
    }
}

/// The letters that a cell allows: the first, and what stands behind `/` or `or`.
fn allowed(cell: &str) -> Vec<char> {
    let plain = cell.split(['(', ',']).next().unwrap_or_default();
    let plain = plain.split("->").next().unwrap_or_default().split(" if ").next().unwrap_or_default();
    let plain = plain.split(" for ").next().unwrap_or_default();
    plain
        .split_whitespace()
        .filter(|word| word.len() == 1 && *word != "/")
        .filter_map(|word| word.chars().next())
        .collect()
}

#[test]
fn a_cell_is_read_as_it_is_meant() {
    for (cell, letters) in [("V", "V"), ("R / X", "RX"), ("N or A", "NA"), ("R -> V if paid", "R"), ("V if paid", "V")]
    {
        assert_eq!(allowed(cell).into_iter().collect::<String>(), letters);
    }
    assert_eq!(allowed("N, low-confidence (R for strict mode)"), ['N']);
    assert_eq!(allowed("V for authorizable equipment, else N"), ['V']);
}

/// What the table says behind its arrows: whoever pays is another case.
#[test]
fn payment_turns_the_row_of_poland() {
    let mut payer: Vec<Profile> = profiles().all().to_vec();
    for profile in payer.iter_mut().filter(|profile| profile.name == "pl-any") {
        profile.acts.push(Act("pay".to_owned()));
    }
    let rows = matrix(regimes(), &payer, at(NOW));
    let row = rows.iter().find(|row| row.regime.as_str() == "pl-sanctions-2022").unwrap();
    assert_eq!(letters(row), "VVNNV");
    assert!(profile("pl-any").acts.iter().all(|act| act.0 != "pay"));
}

/// The same on the day before the first regime of all: nothing is in force, and nothing is called prohibited.
#[test]
fn before_everything_nothing_is_prohibited() {
    for row in matrix(regimes(), profiles().all(), at("2014-01-01")) {
        assert!(row.cells.iter().all(|cell| cell.effect < Effect::Advisory), "{}: {}", row.regime, letters(&row));
    }
}
