//! How rare one byte is behind another, counted: the table by which the search for needles picks what to look for first.
use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

const USAGE: &str = "cargo xtask pairs FOLDER...   each folder counts as much as any other";
/// Of each file so much is counted.
const MOST: u64 = 8 << 20;
/// Folded bytes: ASCII, each with the bit set that tells upper from lower case.
const FOLDED: usize = 64;
/// As `model::needles` folds.
const FOLD: u8 = 0x20;

pub(crate) fn run(words: &[String]) -> Result<(), String> {
    if words.is_empty() {
        return Err(USAGE.to_owned());
    }
    let mut shares = vec![0.0; FOLDED * FOLDED];
    for folder in words {
        let counts = counted(Path::new(folder))?;
        for (row, share) in counts.chunks(FOLDED + 1).zip(shares.chunks_mut(FOLDED)) {
            #[expect(clippy::cast_precision_loss, reason = "counts of bytes, rounded to powers of two")]
            let all = (row.iter().sum::<u64>() as f64).max(1.0);
            for (count, share) in row.iter().zip(share) {
                #[expect(clippy::cast_precision_loss, reason = "as above")]
                let part = *count as f64 / all;
                *share += part;
            }
        }
    }
    let folders = f64::from(u32::try_from(words.len()).unwrap_or(u32::MAX));
    for row in shares.chunks(FOLDED) {
        let bits = |share: &f64| (-(share / folders).max(1e-9).log2()).round().clamp(0.0, 9.0);
        println!("    b\"{}\",", row.iter().map(|share| bits(share).to_string()).collect::<String>());
    }
    Ok(())
}

/// For each folded byte, how often each other stands behind it; the last column is everything that is not ASCII.
fn counted(folder: &Path) -> Result<Vec<u64>, String> {
    let mut counts = vec![0_u64; FOLDED * (FOLDED + 1)];
    for file in files(folder)? {
        let mut bytes = Vec::new();
        let Ok(file) = File::open(&file) else { continue };
        if file.take(MOST).read_to_end(&mut bytes).is_err() {
            continue;
        }
        for pair in bytes.windows(2) {
            if let [first, second] = pair
                && let Some(row) = column(*first)
                && let Some(count) = counts.get_mut(row * (FOLDED + 1) + column(*second).unwrap_or(FOLDED))
            {
                *count += 1;
            }
        }
    }
    Ok(counts)
}

/// Which row or column a byte has.
fn column(byte: u8) -> Option<usize> {
    let folded = usize::from(byte | FOLD);
    match folded {
        0x20..0x40 => Some(folded - 0x20),
        0x60..0x80 => Some(folded - 0x40),
        _ => None,
    }
}

fn files(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let (mut folders, mut files) = (vec![folder.to_owned()], Vec::new());
    while let Some(folder) = folders.pop() {
        let entries = std::fs::read_dir(&folder).map_err(|error| format!("`{}`: {error}", folder.display()))?;
        for entry in entries.flatten() {
            let Ok(kind) = entry.file_type() else { continue };
            if kind.is_dir() {
                folders.push(entry.path());
            } else if kind.is_file() {
                files.push(entry.path());
            }
        }
    }
    files.sort();
    Ok(files)
}
