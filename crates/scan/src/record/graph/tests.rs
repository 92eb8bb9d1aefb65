//! Ways through circles, what stands twice, and what is kept without ways.
use super::*;

fn component(name: &str, is_subject: bool) -> Declared<'_> {
    Declared { pointer: "/x", reference: name, name, is_subject, ..Declared::default() }
}

fn titles(way: &[Step]) -> Vec<&str> {
    way.iter().map(|step| step.name.as_str()).collect()
}

#[test]
fn ways_survive_circles() {
    let mut graph = Graph::default();
    let parts: Vec<Part> =
        ["root", "a", "b", "c"].iter().map(|name| graph.add(&component(name, *name == "root"))).collect();
    for (from, to) in
        [("root", "a"), ("a", "b"), ("b", "a"), ("b", "c"), ("a", "a"), ("root", "gone"), ("c", "root"), ("root", "b")]
    {
        graph.depends(from, to);
    }
    let document = Locator::input(b"bom.json");
    let way = graph.way(&document, parts[3], 0);
    assert_eq!(titles(&way.path), ["root", "b", "c"]);
    let introducers: Vec<_> = way.introducers.iter().map(|way| titles(way)).collect();
    assert_eq!(introducers, [vec!["root", "a", "b", "c"], vec!["root", "b", "c"]]);
    assert_eq!(graph.way(&document, parts[3], WALKS).introducers.len(), 0);
    assert_eq!(titles(&graph.way(&document, parts[0], 0).path), ["root"]);
    assert_eq!(graph.product(&document).unwrap().name, "root");
    assert_eq!(graph.len(), 3);
}

#[test]
fn unreachable_and_doubled() {
    for without_ways in [false, true] {
        let mut graph = Graph::new(without_ways);
        let one = graph.add(&Declared { pointer: "/components/0", ..component("x", false) });
        graph.keep(one);
        graph.add(&Declared { pointer: "/components/1", ..component("x", false) });
        let document = Locator::input(b"bom.json");
        assert_eq!(graph.locator(&document, one).as_str(), "bom.json#x~/components/0");
        assert_eq!(graph.way(&document, one, 0).path.len(), 2);
    }
}

#[test]
fn without_ways_only_what_is_named_is_kept() {
    let mut graph = Graph::new(true);
    let named: Vec<Part> = ["a", "b", "c"]
        .iter()
        .map(|name| {
            let part = graph.add(&component(name, false));
            if *name == "b" {
                graph.keep(part);
            }
            part
        })
        .collect();
    assert_eq!(graph.kept.len(), 1);
    assert_eq!(graph.locator(&Locator::input(b"d"), named[1]).as_str(), "d#b");
    assert_eq!(graph.len(), 3);
}
