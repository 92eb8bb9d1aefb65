//! The components of one document and what needs what: names in one arena, edges as numbers.
use std::collections::{HashMap, VecDeque};

use interdict_model::{Declared, Locator, Part, Product, Scope, Step, Via};

/// Everything about a document's components that a finding may need, and no more.
#[derive(Debug, Default)]
pub(crate) struct Graph {
    text: String,
    nodes: Vec<Node>,
    references: HashMap<Box<str>, u32>,
    /// Labels seen, and whether more than once: a locator must be unique.
    labels: HashMap<u64, u32>,
    edges: Vec<(Box<str>, Box<str>)>,
    subject: Option<u32>,
}

#[derive(Debug)]
struct Node {
    /// Offsets into the text: name, version, label, pointer, supplier, each up to the next.
    ends: [u32; 5],
    start: u32,
    scope: Scope,
}

impl Graph {
    pub(crate) fn add(&mut self, declared: &Declared<'_>) -> Part {
        let index = u32::try_from(self.nodes.len()).unwrap_or(u32::MAX - 1);
        let start = self.end();
        let mut ends = [0; 5];
        let version = declared.version.unwrap_or_default();
        let label = match declared.purl {
            Some(purl) => purl.to_owned(),
            None if declared.name.is_empty() => declared.pointer.to_owned(),
            None if version.is_empty() => declared.name.to_owned(),
            None => format!("{}@{version}", declared.name),
        };
        let parts = [declared.name, version, &label, declared.pointer, declared.supplier.unwrap_or_default()];
        for (end, part) in ends.iter_mut().zip(parts) {
            self.text.push_str(part);
            *end = u32::try_from(self.text.len()).unwrap_or(u32::MAX);
        }
        *self.labels.entry(hash(&label)).or_default() += 1;
        self.nodes.push(Node { ends, start, scope: declared.scope });
        if !declared.reference.is_empty() {
            self.references.entry(declared.reference.into()).or_insert(index);
        }
        if declared.is_subject && self.subject.is_none() {
            self.subject = Some(index);
        }
        Part(index)
    }

    pub(crate) fn depends(&mut self, from: &str, to: &str) {
        self.edges.push((from.into(), to.into()));
    }

    pub(crate) fn len(&self) -> u64 {
        self.nodes.len() as u64 - u64::from(self.subject.is_some())
    }

    /// `bom.json#pkg:npm/openssl@1`; the pointer is added where two components have the same label.
    pub(crate) fn locator(&self, document: &Locator, part: Part) -> Locator {
        let Some(node) = self.node(part) else { return document.clone() };
        let label = self.part(node, 2);
        if self.labels.get(&hash(label)).is_some_and(|count| *count > 1) {
            return document.part(&format!("{label}~{}", self.part(node, 3)));
        }
        document.part(label)
    }

    /// Every part whose locator might be asked for.
    pub(crate) fn parts(&self) -> impl Iterator<Item = Part> + '_ {
        (0..self.nodes.len()).filter_map(|index| u32::try_from(index).ok()).map(Part)
    }

    pub(crate) fn scope(&self, part: Part) -> Scope {
        self.node(part).map(|node| node.scope).unwrap_or_default()
    }

    /// What the component is, wherever it is declared.
    pub(crate) fn identity(&self, part: Part) -> String {
        self.node(part).map(|node| self.part(node, 2).to_owned()).unwrap_or_default()
    }

    /// What the document describes.
    pub(crate) fn product(&self, document: &Locator) -> Option<Product> {
        let node = self.nodes.get(usize::try_from(self.subject?).ok()?)?;
        let text = |at| Some(self.part(node, at).to_owned()).filter(|text| !text.is_empty());
        Some(Product {
            name: text(0).unwrap_or_else(|| document.name().to_owned()),
            version: text(1),
            supplier: text(4),
            known_from: document.to_string(),
        })
    }

    /// The shortest way from what the document describes to the component, by breadth; without one, the document itself.
    pub(crate) fn path(&self, document: &Locator, part: Part) -> Vec<Step> {
        let step = |via, part| {
            let name = self.node(part).map(|node| self.title(node)).unwrap_or_default();
            Step { via, name, locator: self.locator(document, part) }
        };
        let way = self.subject.and_then(|subject| self.shortest(subject, part.0));
        let Some(way) = way else {
            let whole = Step { via: Via::Product, name: document.name().to_owned(), locator: document.clone() };
            return vec![whole, step(Via::Contains, part)];
        };
        let via = |depth| if depth == 0 { Via::Product } else { Via::DependsOn };
        way.into_iter().enumerate().map(|(depth, index)| step(via(depth), Part(index))).collect()
    }

    fn shortest(&self, from: u32, to: u32) -> Option<Vec<u32>> {
        let mut next: Vec<Vec<u32>> = vec![Vec::new(); self.nodes.len()];
        for (a, b) in &self.edges {
            if let (Some(a), Some(b)) = (self.references.get(a), self.references.get(b))
                && let Some(list) = usize::try_from(*a).ok().and_then(|at| next.get_mut(at))
            {
                list.push(*b);
            }
        }
        let mut before: Vec<Option<u32>> = vec![None; self.nodes.len()];
        let mut open = VecDeque::from([from]);
        while let Some(at) = open.pop_front() {
            if at == to {
                let mut way = vec![to];
                while let Some(previous) =
                    way.last().filter(|last| **last != from).and_then(|last| *before.get(*last as usize)?)
                {
                    way.push(previous);
                }
                way.reverse();
                return Some(way);
            }
            for step in next.get(at as usize).into_iter().flatten() {
                if let Some(slot) = before.get_mut(*step as usize).filter(|slot| slot.is_none())
                    && *step != from
                {
                    *slot = Some(at);
                    open.push_back(*step);
                }
            }
        }
        None
    }

    fn title(&self, node: &Node) -> String {
        let (name, version) = (self.part(node, 0), self.part(node, 1));
        if version.is_empty() { name.to_owned() } else { format!("{name} {version}") }
    }

    fn node(&self, part: Part) -> Option<&Node> {
        self.nodes.get(usize::try_from(part.0).ok()?)
    }

    fn part(&self, node: &Node, at: usize) -> &str {
        let from = at.checked_sub(1).and_then(|before| node.ends.get(before)).copied().unwrap_or(node.start);
        let to = node.ends.get(at).copied().unwrap_or(from);
        self.text.get(from as usize..to as usize).unwrap_or_default()
    }

    fn end(&self) -> u32 {
        u32::try_from(self.text.len()).unwrap_or(u32::MAX)
    }
}

fn hash(text: &str) -> u64 {
    use std::hash::{BuildHasher as _, BuildHasherDefault, DefaultHasher};
    BuildHasherDefault::<DefaultHasher>::default().hash_one(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn component(name: &str, is_subject: bool) -> Declared<'_> {
        Declared { pointer: "/x", reference: name, name, is_subject, ..Declared::default() }
    }

    #[test]
    fn the_shortest_way_survives_circles() {
        let mut graph = Graph::default();
        let parts: Vec<Part> =
            ["root", "a", "b", "c"].iter().map(|name| graph.add(&component(name, *name == "root"))).collect();
        for (from, to) in
            [("root", "a"), ("a", "b"), ("b", "a"), ("b", "c"), ("a", "a"), ("root", "gone"), ("c", "root")]
        {
            graph.depends(from, to);
        }
        let document = Locator::input(b"bom.json");
        let names = |part: Part| graph.path(&document, part).iter().map(|s| s.name.clone()).collect::<Vec<_>>();
        assert_eq!(names(parts[3]), ["root", "a", "b", "c"]);
        assert_eq!(names(parts[0]), ["root"]);
        assert_eq!(graph.product(&document).unwrap().name, "root");
        assert_eq!(graph.len(), 3);
    }

    #[test]
    fn unreachable_and_doubled() {
        let mut graph = Graph::default();
        let one = graph.add(&Declared { pointer: "/components/0", ..component("x", false) });
        graph.add(&Declared { pointer: "/components/1", ..component("x", false) });
        let document = Locator::input(b"bom.json");
        assert_eq!(graph.locator(&document, one).as_str(), "bom.json#x~/components/0");
        assert_eq!(graph.path(&document, one).len(), 2);
    }
}
