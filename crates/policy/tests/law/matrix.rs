//! The verdict matrix, cell by cell.
use interdict_policy::matrix;

use crate::data::{NOW, at, profiles, regimes};

/// Regime, and what it says of the situations (a) to (e) on the day; held against the law as it was read.
const ROWS: &[(&str, &str)] = &[
    ("us-bis-icts-kaspersky", "VVNNX"),
    ("us-far-52-204-23", "VVRVV"),
    ("us-fcc-covered-2024", "VVNNN"),
    ("de-bsi-warning-2022", "AANNN"),
];

#[test]
fn cell_by_cell() {
    let rows = matrix(regimes(), profiles().all(), at(NOW));
    for (regime, letters) in ROWS {
        let row = rows.iter().find(|row| row.regime.as_str() == *regime).unwrap_or_else(|| panic!("no row {regime}"));
        let found: String = row.cells.iter().map(|cell| cell.letter).collect();
        assert_eq!(found, *letters, "{regime}: {:#?}", row.cells);
    }
    for row in &rows {
        assert!(ROWS.iter().any(|(regime, _)| *regime == row.regime.as_str()), "{} is not in the matrix", row.regime);
    }
}
