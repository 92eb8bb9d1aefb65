//! Where components stand in a BOM: from its lists or its subject down, by index.
use std::collections::BTreeMap;

/// Deeper nesting is not annotated: what was found there stands beside.
const DEEPEST: usize = 64;

/// The steps to a component or service: `components`, `3`, `components`, `0`.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Spot(pub(super) Vec<String>);

/// The components that stand, each with its `bom-ref`.
pub(super) type Standing = BTreeMap<Spot, Option<String>>;

impl Spot {
    /// The component that a fact at this pointer speaks of.
    pub(super) fn of(pointer: &str) -> Option<Self> {
        let mut steps = pointer.strip_prefix('/')?.split('/').peekable();
        let mut path = Vec::new();
        if steps.next_if_eq(&"metadata").is_some() {
            if !["component", "supplier", "manufacturer", "manufacture"].contains(&steps.next()?) {
                return None;
            }
            path.extend(["metadata".to_owned(), "component".to_owned()]);
        }
        while let Some(list) = steps.next_if(|step| ["components", "services"].contains(step)) {
            let index = steps.next().filter(|index| index.bytes().all(|byte| byte.is_ascii_digit()))?;
            path.extend([list.to_owned(), index.to_owned()]);
            if path.len() > DEEPEST {
                return None;
            }
        }
        (!path.is_empty()).then_some(Self(path))
    }

    /// Services have no evidence.
    pub(super) fn is_service(&self) -> bool {
        self.0.iter().rev().nth(1).is_some_and(|list| list == "services")
    }

    /// What the whole BOM is about.
    pub(super) fn subject() -> Self {
        Self(vec!["metadata".to_owned(), "component".to_owned()])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_component_that_a_pointer_is_in() {
        for (pointer, want) in [
            ("/components/3/purl", "components 3"),
            ("/components/3/pedigree/ancestors/0/publisher", "components 3"),
            ("/components/3/components/12/components", ""),
            ("/components/3/components/12", "components 3 components 12"),
            ("/metadata/component/components/0/name", "metadata component components 0"),
            ("/metadata/supplier/name", "metadata component"),
            ("/metadata/tools/components/0/name", ""),
            ("/services/0/services/1/name", "services 0 services 1"),
            ("/vulnerabilities/0", ""),
            ("/components/x", ""),
            ("components/3", ""),
            ("", ""),
        ] {
            assert_eq!(Spot::of(pointer).unwrap_or_default().0.join(" "), want, "{pointer}");
        }
        assert_eq!(Spot::of(&"/components/0".repeat(65)), None);
        assert!(Spot::of("/services/0/name").is_some_and(|spot| spot.is_service()));
    }
}
