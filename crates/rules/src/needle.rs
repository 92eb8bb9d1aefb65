//! From a `content` test, as TOML, to a needle with a name of its own.
use interdict_model::{Case, Digest, Encoding, Needle};
use toml::{Table, Value};

/// Shorter needles meet too much by chance.
const SHORT: usize = 8;

pub(crate) fn needle(value: &Value) -> Result<Needle, String> {
    let needle = match value {
        Value::String(text) => of_text(text, &Table::new())?,
        Value::Table(table) => of_table(table)?,
        _ => return Err("`content` takes a text or a table".to_owned()),
    };
    if needle.bytes.len() < SHORT && needle.then.is_none() && (!needle.word || needle.case == Case::Fold) {
        return Err(format!(
            "the needle `{}` is under {SHORT} characters: it must have `word = true`, a `then`, and its case",
            needle.name
        ));
    }
    Ok(needle)
}

fn of_table(table: &Table) -> Result<Needle, String> {
    const KNOWN: [&str; 8] = ["text", "bytes", "word", "fold-case", "at", "encodings", "then", "line"];
    if let Some(key) = table.keys().find(|key| !KNOWN.contains(&key.as_str())) {
        return Err(format!("unknown key `{key}`; known are {}", KNOWN.join(", ")));
    }
    match (table.get("text").and_then(Value::as_str), table.get("bytes").and_then(Value::as_str)) {
        (Some(text), None) => of_text(text, table),
        (None, Some(hex)) => {
            let bytes = from_hex(hex)?;
            let name = format!("hex:{}", interdict_model::hex(&bytes));
            finish(name, bytes, &[Encoding::Bytes], table)
        }
        _ => Err("a needle needs either `text` or `bytes`".to_owned()),
    }
}

fn of_text(text: &str, table: &Table) -> Result<Needle, String> {
    if text.is_empty() {
        return Err("an empty needle stands everywhere".to_owned());
    }
    finish(text.escape_debug().to_string(), text.as_bytes().to_vec(), &[Encoding::Bytes, Encoding::Utf16Le], table)
}

fn finish(mut name: String, bytes: Vec<u8>, usual: &[Encoding], table: &Table) -> Result<Needle, String> {
    let flag = |key: &str| match table.get(key) {
        None => Ok(false),
        Some(Value::Boolean(flag)) => Ok(*flag),
        Some(_) => Err(format!("`{key}` takes true or false")),
    };
    let (word, fold) = (flag("word")?, flag("fold-case")?);
    let at = match table.get("at") {
        None => None,
        Some(value) => Some(value.as_integer().and_then(|at| u64::try_from(at).ok()).ok_or("`at` takes an offset")?),
    };
    let encodings = match table.get("encodings") {
        None if table.contains_key("line") => vec![Encoding::Bytes],
        None => usual.to_vec(),
        Some(value) => value
            .clone()
            .try_into::<Vec<Encoding>>()
            .map_err(|_| "`encodings` takes a list of bytes, utf16-le, utf16-be".to_owned())?,
    };
    let line = table.contains_key("line");
    if line && (table.contains_key("then") || encodings.iter().any(|encoding| *encoding != Encoding::Bytes)) {
        return Err("`line` stands without `then`, and with `encodings = [\"bytes\"]`".to_owned());
    }
    let then = match table.get("then").or_else(|| table.get("line")) {
        None => None,
        Some(value) => {
            let then = value.as_str().ok_or("`then` and `line` take a regular expression")?;
            regex::bytes::Regex::new(&format!("(?s-u)^(?:{then})")).map_err(|e| format!("`{then}`: {e}"))?;
            Some(then.to_owned())
        }
    };
    if let Some(then) = then.as_ref().filter(|_| line) {
        // Several lines may be asked for around one text: each has a number of its own.
        let number = Digest::of(then.as_bytes());
        name.extend([" [line ", number.hex().get(..4).unwrap_or_default(), "]"]);
    }
    for (set, mark) in [(word, "word"), (fold, "any case"), (then.is_some() && !line, "…")] {
        if set {
            name.extend([" [", mark, "]"]);
        }
    }
    if let Some(at) = at {
        name.extend([" [at ", &at.to_string(), "]"]);
    }
    if encodings != usual && !line {
        let words: Vec<_> = encodings.iter().map(|e| format!("{e:?}").to_lowercase()).collect();
        name.extend([" [", &words.join(" "), "]"]);
    }
    let case = if fold { Case::Fold } else { Case::Exact };
    Ok(Needle { name, bytes, encodings, case, word, at, then, line })
}

/// Hexadecimal, with white space between as one likes.
pub(crate) fn from_hex(text: &str) -> Result<Vec<u8>, String> {
    let digits: Vec<char> = text.chars().filter(|c| !c.is_whitespace()).collect();
    let bytes = digits.chunks(2).map(|pair| {
        let text: String = pair.iter().collect();
        (pair.len() == 2).then(|| u8::from_str_radix(&text, 16).ok()).flatten()
    });
    let bytes: Option<Vec<u8>> = bytes.collect();
    bytes.filter(|bytes| !bytes.is_empty()).ok_or_else(|| format!("`{text}` is not bytes in hexadecimal"))
}
