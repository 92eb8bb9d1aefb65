//! The spdx-rs crate as a strict reader of SPDX 2.2 and 2.3.
use spdx_rs::models::SPDX;
use spdx_rs::parsers::spdx_from_tag_value;

use super::guarded;
use crate::encoding;
use crate::json::Json;

/// What it says against a JSON document; `None` for a version it does not know.
pub(super) fn json(bytes: &[u8]) -> Option<Vec<String>> {
    let decoded = encoding::decode(bytes);
    let text = &*decoded.text;
    let version = Json::new(text).says("spdxVersion")?;
    matches!(version.as_str(), "SPDX-2.2" | "SPDX-2.3")
        .then(|| guarded(|| serde_json::from_str::<SPDX>(text).err().map(|why| why.to_string()).into_iter().collect()))
}

/// What it says against a tag-value document.
pub(super) fn tag_value(bytes: &[u8]) -> Vec<String> {
    let decoded = encoding::decode(bytes);
    let text = &*decoded.text;
    // It stops without a word where it does not understand a line: what it read is held against what is there.
    let there = text.lines().filter(|line| line.trim_start().starts_with("PackageName:")).count();
    guarded(|| match spdx_from_tag_value(text) {
        Ok(spdx) if spdx.package_information.len() < there => {
            vec![format!("the strict reader understands {} of {there} packages", spdx.package_information.len())]
        }
        Ok(_) => Vec::new(),
        Err(why) => vec![why.to_string()],
    })
}
