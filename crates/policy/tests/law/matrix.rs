//! The verdict matrix, cell by cell.
use interdict_policy::matrix;

use crate::data::{NOW, at, profiles, regimes};

/// Regime, and what it says of the situations (a) to (e) on the day; held against the law as it was read.
const ROWS: &[(&str, &str)] = &[
    ("us-bis-icts-kaspersky", "VVNNX"),
    ("us-bis-entity-list-kaspersky", "RRNNR"),
    ("us-ofac-kaspersky-executives", "NNNNR"),
    ("us-dhs-bod-17-01", "XXNNX"),
    ("us-ndaa-1634", "VVRVV"),
    ("us-far-52-204-23", "VVRVV"),
    ("us-far-case-2026-001", "FFNFF"),
    ("us-fcc-covered-2022", "LLNRV"),
    ("us-fcc-covered-2024", "VVNNN"),
    // History: over since 2018.
    ("us-gsa-2017", "NNNNN"),
    ("us-vt-2019", "LLNRR"),
    ("us-md-2022", "LLNRR"),
    ("us-nj-2023", "LLNRR"),
    ("us-nv-2023", "LLNRR"),
    ("us-tx", "LLNRR"),
    // Nobody saw the vendor on these three lists.
    ("us-me-2024", "RRNRR"),
    ("us-nh", "RRNRR"),
    ("us-fl", "RRNRR"),
    ("de-bsi-warning-2022", "AANNN"),
    ("nl-precaution-2018", "LLNNN"),
    ("uk-ncsc-2017", "AANNN"),
    ("uk-ncsc-2022", "AANNA"),
    ("ca-gc-mobile-2023", "RRNNN"),
    ("au-pspf-002-2025", "XRNRV"),
    ("it-dl21-2022-art29", "VVNNN"),
    ("ro-law-354-2022", "VVNNR"),
    ("lt-gov-2017", "LLNRR"),
    ("lt-procurement-2022", "VVNRR"),
    ("pl-sanctions-2022", "RRNNR"),
    ("pl-ksc-recommendation", "AANNN"),
    // The term of the last renewal that was found is over; the resolution of 2025 carries the row.
    ("ua-sanctions", "RRNRR"),
    ("ua-cmu-1335", "LLNRR"),
    ("eu-ep-2018", "AANNN"),
    ("eu-csa2", "FFNFF"),
    ("fr-anssi-2022", "AANNN"),
    ("cz-nukib-2022", "AANNA"),
    ("dk-cfcs-2024", "AANNN"),
    ("lv-vdd-2019", "AANNA"),
    ("lv-cmr-397", "AANNN"),
    ("ee-ria-2017", "AANNN"),
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
