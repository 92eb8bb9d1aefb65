//! The JSON Schema of the report, as `report` makes it from the types that are written.
pub(super) fn page() -> Result<String, String> {
    let text = serde_json::to_string_pretty(&interdict_report::schema()).map_err(|error| error.to_string())?;
    Ok(text + "\n")
}
