//! A pack of somebody's own, as tests need one.

/// One rule, which finds what Contoso Imaging supplies; `more` stands behind what the pack says of itself.
pub fn pack(id: &str, version: &str, more: &str) -> String {
    format!(
        r#"[pack]
id = "{id}"
version = "{version}"
title = "Contoso's own"
issued = "2026-01-01"
{more}

[[organisation]]
id = "contoso"
title = "Contoso"
aliases = ["Contoso Imaging"]
source = "our own list"

[[entity]]
id = "contoso"
title = "Contoso's products"
class = "non-security"
made-by = "contoso"
source = "our own list"

[[rule]]
id = "contoso/named"
identifies = "contoso"
relation = "declares"
certainty = "confirmed"
because = "The document names Contoso Imaging as the supplier."
source = "our own list"
when = [{{ supplier = "Contoso Imaging" }}]
holds = [{{ supplier = "Contoso Imaging" }}, {{ supplier = "CONTOSO  IMAGING" }}]
fails = [{{ supplier = "Contoso" }}, {{ supplier = "Imaging" }}]
"#
    )
}
