//! Packs as their authors write them: what compiles, what is refused and where, what matches.
use FactKind::{CompanyName, Name, ProductName, Section, Supplier, UndefinedSymbol};
use interdict_model::{Certainty, Fact, FactKind, Locator, Observation, Place, Relation};
use interdict_rules::{Met, Pack, Setting, SourceFile, fold};

const HEAD: &str = r#"
[pack]
id = "test"
version = "1"
[[organisation]]
id = "acme"
title = "Acme"
source = "test"
[[entity]]
id = "acme"
title = "Acme product"
class = "other-cybersecurity"
made-by = "acme"
source = "test"
[[entity]]
id = "acme/sdk"
title = "Acme SDK"
class = "anti-virus"
part-of = "acme"
made-by = "acme"
source = "test"
[[entity]]
id = "acme/kit"
title = "Acme test kit"
class = "non-security"
part-of = "acme"
made-by = "acme"
source = "test"
"#;

fn rule(body: &str) -> String {
    format!(
        "{HEAD}\n[[rule]]\nid = \"acme/sdk/x\"\nidentifies = \"acme/sdk\"\nrelation = \"links\"\n\
         certainty = \"confirmed\"\nbecause = \"b\"\nsource = \"s\"\n{body}"
    )
}

fn compile(text: &str) -> Result<Pack, String> {
    Pack::compile(&[SourceFile { name: "p.toml", text }])
        .map_err(|errors| errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
}

#[test]
fn faults_are_refused_at_their_place() {
    for (body, want) in [
        (
            "when = [{ need-library = \"a\" }]\nholds = [{name=\"a\"}]\nfails = [{name=\"a\"}]",
            "did you mean `needed-library`?",
        ),
        (
            "when = [{ name = \"a\" }]\nholds = [{name=\"b\"}]\nfails = [{name=\"c\"}]",
            "does not meet this case of its `holds`",
        ),
        ("when = [{ name = \"a\" }]\nholds = [{name=\"a\"}]\nfails = [{name=\"A\"}]", "meets this case of its `fails`"),
        ("when = [{ name = \"a\" }]\nholds = [{name=\"a\"}]", "needs at least one `fails`"),
        (
            "when = [{ content = \"kav\" }]\nholds = [{content=\"kav\"}]\nfails = [{content=\"x\"}]",
            "under 8 characters",
        ),
        (
            "when = [{ file-name = \"a.so\" }]\nholds = [{file-name=\"a.so\"}]\nfails = [{name=\"c\"}]",
            "never more than possible",
        ),
        (
            "when = [{ name = { regex = \"(\" } }]\nholds = [{name=\"a\"}]\nfails = [{name=\"c\"}]",
            "not a regular expression",
        ),
        (
            "when = [{ name = { of = [\"a\"], at-least = 2 } }]\nholds = [{name=\"a\"}]\nfails = [{name=\"c\"}]",
            "from 1 to 1",
        ),
        ("when = []\nholds = [{name=\"a\"}]\nfails = [{name=\"c\"}]", "needs a `when`"),
    ] {
        let error = compile(&rule(body)).map(|_| ()).unwrap_err();
        assert!(error.contains(want), "{body}\n→ {error}");
        let place: Vec<_> = error.split(':').take(3).collect();
        assert_eq!(place[0], "p.toml");
        assert!(place[1].parse::<usize>().unwrap() > 28, "{error}");
    }
    assert!(compile("nonsense").unwrap_err().starts_with("p.toml:1:"));
    let twice = format!("{HEAD}{}", HEAD.split("source = \"test\"\n").nth(1).unwrap_or_default());
    assert!(compile(&twice).is_err());
}

fn met(pack: &Pack, on: &str, facts: &[(FactKind, &str)]) -> Vec<Met> {
    let mut all = Vec::new();
    for (kind, raw) in facts {
        let value = interdict_model::canonical(*kind, raw).into_owned();
        pack.lines_met(*kind, &value, &mut |line| {
            let fact = Fact { kind: *kind, value: value.clone() };
            let on = Locator::input(on.as_bytes());
            all.push(Met { line, seen: Observation { on, fact, at: Place::Whole, by: "test".into() } });
        });
    }
    all
}

#[test]
fn every_line_on_the_same_thing() {
    let pack = compile(&rule(
        "when = [{ section = \".text\", undefined-symbol = { of = [\"a\", \"b\", \"c\"], at-least = 2 } }]\n\
         holds = [{ section = \".text\", undefined-symbol = [\"a\", \"c\"] }]\n\
         fails = [{ section = \".text\", undefined-symbol = [\"a\", \"a\"] }, { undefined-symbol = [\"a\", \"b\"] }]",
    ))
    .unwrap();
    let facts = [(Section, ".text"), (UndefinedSymbol, "a"), (UndefinedSymbol, "b")];
    let matches = pack.conclude(&met(&pack, "x", &facts));
    assert_eq!(matches.len(), 1);
    assert_eq!(matches[0].proof.len(), 3);
    let apart: Vec<_> = met(&pack, "x", &facts[..2]).into_iter().chain(met(&pack, "y", &facts[2..])).collect();
    assert!(pack.conclude(&apart).is_empty());
}

#[test]
fn a_wider_entity_joins_the_narrower_but_never_the_milder() {
    let rules = |entity: &str, kind: &str, certainty: &str| {
        format!(
            "\n[[rule]]\nid = \"{entity}/{kind}\"\nidentifies = \"{entity}\"\nrelation = \"is\"\ncertainty = \"{certainty}\"\n\
             because = \"b\"\nsource = \"s\"\nwhen = [{{ {kind} = \"acme\" }}]\nholds = [{{ {kind} = \"acme\" }}]\nfails = [{{ {kind} = \"b\" }}]"
        )
    };
    let text = format!(
        "{HEAD}{}{}{}{}",
        rules("acme", "company-name", "confirmed"),
        rules("acme", "supplier", "confirmed"),
        rules("acme/sdk", "product-name", "probable"),
        rules("acme/kit", "name", "confirmed")
    );
    let pack = compile(&text).unwrap();
    let entities = |facts: &[(FactKind, &str)]| -> Vec<(String, Relation, Certainty)> {
        let findings = fold(pack.conclude(&met(&pack, "x", facts)), &pack, &|_| Setting::default());
        findings.iter().map(|f| (f.entity.to_string(), f.relation, f.certainty)).collect()
    };
    let sdk = ("acme/sdk".to_owned(), Relation::Is, Certainty::Confirmed);
    let kit = ("acme/kit".to_owned(), Relation::Is, Certainty::Confirmed);
    let root = ("acme".to_owned(), Relation::Is, Certainty::Confirmed);
    assert_eq!(entities(&[(CompanyName, "Acme"), (ProductName, "Acme")]), [sdk]);
    assert_eq!(entities(&[(Supplier, "Acme"), (Name, "Acme")]), std::slice::from_ref(&kit));
    assert_eq!(entities(&[(CompanyName, "Acme"), (Name, "Acme")]), [root, kit]);
}
