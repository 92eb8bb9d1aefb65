//! Parts that a container asks for and that lie beside it after all.
use std::collections::BTreeSet;

use interdict_model::{Gap, GapReason, Locator};

/// Takes away the gaps on cabinets that an installer looks for beside itself, where such a cabinet was looked at.
pub(crate) fn supplied(gaps: &mut Vec<Gap>, cabinets: &BTreeSet<Locator>) {
    if cabinets.is_empty() {
        return;
    }
    // Windows does not tell upper from lower case.
    let there: BTreeSet<String> = cabinets.iter().map(|cabinet| cabinet.as_str().to_lowercase()).collect();
    gaps.retain(|gap| {
        let is_asked_for = gap.reason == GapReason::Missing && gap.by.0 == "compound";
        !is_asked_for || beside(&gap.on).is_none_or(|place| !there.contains(&place))
    });
}

/// The place beside a container that a member's name stands for.
fn beside(member: &Locator) -> Option<String> {
    let (container, name) = member.artifact().rsplit_once("!/")?;
    let folder = container.rfind('/').map_or("", |at| container.get(..=at).unwrap_or_default());
    Some(format!("{folder}{name}").to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_beside() {
        for (member, want) in [
            ("setup.msi!/Data1.cab", "data1.cab"),
            ("in/setup.msi!/Data1.cab", "in/data1.cab"),
            ("a.zip!/setup.msi!/Data1.cab", "a.zip!/data1.cab"),
            ("a.zip!/x/setup.msi!/Data1.cab", "a.zip!/x/data1.cab"),
        ] {
            assert_eq!(beside(&Locator::parsed(member)).as_deref(), Some(want));
        }
    }
}
