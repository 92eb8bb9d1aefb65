//! What a waiver says in the words of VEX: the risk is known and accepted, which is neither absence nor repair.
use interdict_model::{Certainty, Finding, Witness};
use serde_json::{Value, json};

use crate::inert::brief;
use crate::said::{self, WIDE};
use crate::view::{View, product_name};

/// Why these two states stands in `docs/decisions/0006-a-waiver-accepts.md`.
pub(super) fn analysis(view: &View<'_>, finding: &Finding, component: &str, name: &str) -> Value {
    let state = if is_settled(finding) { "exploitable" } else { "in_triage" };
    let waiver = view.waiver(finding).map(said::waiver).unwrap_or_default();
    json!({
        "bom-ref": format!("{name}-waiver"),
        "id": format!("interdict:{}", brief(finding.entity.as_str(), WIDE)),
        "source": { "name": brief(&view.report.tool.name, WIDE) },
        "description": said::finding(finding),
        "affects": [{ "ref": component }],
        "analysis": {
            "state": state,
            "response": ["will_not_fix"],
            "detail": format!("{waiver} in {}", brief(&product_name(&finding.product), WIDE)),
        },
    })
}

/// Whether what the waiver sets aside was shown to be there: a waiver makes nothing surer than it was.
pub(crate) fn is_settled(finding: &Finding) -> bool {
    finding.certainty > Certainty::Possible && finding.witness != Witness::DeclaredOnly
}
