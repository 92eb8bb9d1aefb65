//! Products that are known to integrate an entity, or to have done so: a row becomes a rule for the versions that are meant, and one
//! that only mentions for all others.
use interdict_model::{Certainty, FactKind, Relation};
use toml::{Table, Value};

use crate::rule::Integrator;
use crate::source::{RawIntegrator, RawRule, RawScope};

/// What the id of the second rule ends in.
const OTHER: &str = "-another-version";

impl RawIntegrator {
    pub(super) fn integrator(&self) -> Integrator {
        Integrator {
            product: self.product.clone(),
            technology: self.technology.clone(),
            versions: self.versions.clone(),
            period: self.period.clone(),
            status: self.status.clone(),
            confirm: self.confirm.clone(),
        }
    }

    /// The two as if they were written out; the second only where versions are told apart.
    pub(super) fn rules(&self) -> Vec<RawRule> {
        let about = self.integrator();
        let held = RawRule {
            id: self.id.clone(),
            identifies: self.identifies.clone(),
            relation: Relation::Declares,
            certainty: toml::Spanned::new(self.identifies.span(), Certainty::Possible),
            because: about.to_string(),
            source: self.source.clone(),
            scope: RawScope::Thing,
            when: self.clauses(true),
            holds: self.holds.clone(),
            fails: self.fails.iter().chain(&self.other_versions).cloned().collect(),
        };
        if self.versions.is_empty() {
            return vec![held];
        }
        let because = format!("Its version is another one, or not stated. {about}");
        let other = RawRule {
            id: format!("{}{OTHER}", self.id),
            identifies: self.identifies.clone(),
            relation: Relation::Mentions,
            certainty: toml::Spanned::new(self.identifies.span(), Certainty::Possible),
            because,
            source: self.source.clone(),
            scope: RawScope::Thing,
            when: self.clauses(false),
            holds: self.holds.iter().chain(&self.other_versions).cloned().collect(),
            fails: self.fails.clone(),
        };
        vec![held, other]
    }

    fn clauses(&self, in_range: bool) -> Vec<toml::Spanned<std::collections::BTreeMap<String, Value>>> {
        let ranges = if in_range { self.versions.as_slice() } else { &[] };
        let span = self.identifies.span();
        let mut clauses = Vec::new();
        let mut add = |lines: Vec<(&str, Value)>| {
            let lines = lines.into_iter().map(|(kind, test)| (kind.to_owned(), test)).collect();
            clauses.push(toml::Spanned::new(span.clone(), lines));
        };
        let versions = |table: &mut Table| {
            if !ranges.is_empty() {
                let list = ranges.iter().map(|range| {
                    let ends = [("from", &range.from), ("before", &range.before)];
                    Value::Table(
                        ends.iter().map(|(key, at)| ((*key).to_owned(), Value::String((*at).clone()))).collect(),
                    )
                });
                table.insert("versions".to_owned(), Value::Array(list.collect()));
            }
        };
        if !self.cpe.is_empty() {
            let products = self.cpe.iter().cloned().map(Value::String).collect();
            let mut test = Table::from_iter([("products".to_owned(), Value::Array(products))]);
            versions(&mut test);
            add(vec![(FactKind::Cpe.name(), Value::Table(test))]);
        }
        let named = self.name.iter().map(|pattern| (FactKind::Name.name(), pattern, "regex"));
        let packaged = self.package_name.iter().map(|name| (FactKind::PackageName.name(), name, "one-of"));
        let located = self.purl.iter().map(|start| (FactKind::Purl.name(), start, "prefix"));
        for (kind, pattern, test) in named.chain(packaged).chain(located) {
            let text = Value::String(pattern.clone());
            let text = if test == "one-of" { Value::Array(vec![text]) } else { text };
            let mut lines = vec![(kind, Value::Table(Table::from_iter([(test.to_owned(), text)])))];
            if let Some(supplier) = &self.supplier {
                let held = Table::from_iter([("contains".to_owned(), Value::String(supplier.clone()))]);
                lines.push((FactKind::Supplier.name(), Value::Table(held)));
            }
            if !ranges.is_empty() {
                let mut range = Table::new();
                versions(&mut range);
                lines.push((FactKind::Version.name(), Value::Table(range)));
            }
            add(lines);
        }
        clauses
    }
}
