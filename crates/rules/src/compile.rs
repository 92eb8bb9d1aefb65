//! From the files of a pack to a pack that cannot be invalid.
mod integrator;

use std::collections::{BTreeMap, BTreeSet};

use interdict_model::{Certainty, Digest, Entity, EntityId, FactKind, Needle, OrganisationId, ProductClass, RuleId};

use crate::error::{Error, SourceFile};
use crate::line::line;
use crate::pack::{Contents, Pack};
use crate::portrait::{self, Portrait};
use crate::rule::{Clause, Integrator, Rule};
use crate::source::{File, Meta, RawRule, RawScope};
use crate::trial::trial;

impl Pack {
    /// Compiles and tests the files of a pack.
    ///
    /// # Errors
    /// Every fault with its file, line and column: what does not parse, an id used twice, a reference to nothing, a
    /// needle too short, a rule without tests, a rule whose `holds` fails or whose `fails` holds.
    pub fn compile(files: &[SourceFile<'_>]) -> Result<Self, Vec<Error>> {
        Self::compile_onto(files, &Self::default())
    }

    /// Compiles and tests the files of a pack that may refer to what another one defines.
    ///
    /// # Errors
    /// As [`Pack::compile`].
    pub fn compile_onto(files: &[SourceFile<'_>], base: &Self) -> Result<Self, Vec<Error>> {
        let mut build = Build::onto(base.contents());
        let mut parsed = Vec::new();
        for file in files {
            match toml::from_str::<File>(file.text) {
                Ok(contents) => parsed.push((file, contents)),
                Err(error) => {
                    let at = error.span().map_or(0, |span| span.start);
                    build.errors.push(file.error(at, error.message()));
                }
            }
        }
        for (file, contents) in &mut parsed {
            build.entities(file, contents);
        }
        build.references();
        for (file, contents) in &parsed {
            for rule in &contents.rule {
                build.rule(file, rule.span().start, rule.get_ref(), None);
            }
            for row in &contents.integrator {
                let about = row.get_ref().integrator();
                for rule in row.get_ref().rules() {
                    build.rule(file, row.span().start, &rule, Some(&about));
                }
            }
        }
        build.finish(files)
    }
}

struct Build<'a> {
    /// What is defined elsewhere.
    base: &'a Contents,
    errors: Vec<Error>,
    contents: Contents,
    entities: BTreeMap<EntityId, (Error, Entity)>,
    rules: BTreeMap<RuleId, Rule>,
    needles: Vec<Needle>,
}

impl<'a> Build<'a> {
    fn onto(base: &'a Contents) -> Self {
        let (entities, rules) = (BTreeMap::new(), BTreeMap::new());
        Self { base, errors: Vec::new(), contents: Contents::default(), entities, rules, needles: Vec::new() }
    }

    fn is_organisation(&self, id: &OrganisationId) -> bool {
        self.contents.organisations.iter().chain(&self.base.organisations).any(|known| known.id == *id)
    }

    fn entity(&self, id: &EntityId) -> Option<&Entity> {
        let own = self.entities.get(id).map(|(_, entity)| entity);
        own.or_else(|| self.base.entities.iter().find(|entity| entity.id == *id))
    }

    fn entities(&mut self, file: &SourceFile<'_>, contents: &mut File) {
        if let Some(meta) = contents.pack.take() {
            self.contents.packs.push((meta.into_inner(), Digest::of(&[])));
        }
        for organisation in contents.organisation.drain(..) {
            let at = organisation.span().start;
            let (organisation, portrait) = organisation.into_inner().split();
            self.portrait(file, at, organisation.id.as_str(), &portrait);
            if self.contents.organisations.iter().any(|known| known.id == organisation.id) {
                self.errors.push(file.error(at, format!("the organisation `{}` is defined twice", organisation.id)));
            }
            self.contents.organisations_known.insert(organisation.id.clone(), portrait);
            self.contents.organisations.push(organisation);
        }
        for entity in contents.entity.drain(..) {
            let at = entity.span().start;
            let (entity, portrait) = entity.into_inner().split();
            self.portrait(file, at, entity.id.as_str(), &portrait);
            self.contents.entities_known.insert(entity.id.clone(), portrait);
            let twice = file.error(at, format!("the entity `{}` is defined twice", entity.id));
            if self.entities.insert(entity.id.clone(), (twice.clone(), entity)).is_some() {
                self.errors.push(twice);
            }
        }
    }

    fn portrait(&mut self, file: &SourceFile<'_>, at: usize, of: &str, portrait: &Portrait) {
        let faults = portrait::faults(portrait).into_iter().map(|fault| file.error(at, format!("`{of}`: {fault}")));
        self.errors.extend(faults);
    }

    /// What an entity refers to exists, and leads to a root.
    fn references(&mut self) {
        let mut faults = Vec::new();
        for (id, (place, entity)) in &self.entities {
            let fault = |message: String| Error { message, ..place.clone() };
            if !self.is_organisation(&entity.made_by) {
                faults.push(fault(format!("`{id}` is made by `{}`, which is no organisation", entity.made_by)));
            }
            let is_open = entity.class == ProductClass::Undetermined;
            if is_open && entity.part_of.is_some() {
                faults.push(fault(format!("`{id}` is part of another entity, so its class is known")));
            }
            if entity.code_class.is_some_and(|class| !is_open || class == ProductClass::Undetermined) {
                faults.push(fault(format!("`{id}` has a `code-class`, which a determined class stands for already")));
            }
            let mut seen = BTreeSet::from([id]);
            let mut above = entity.part_of.as_ref();
            while let Some(parent) = above {
                match self.entity(parent) {
                    None => {
                        faults.push(fault(format!("`{id}` is part of `{parent}`, which is no entity")));
                        break;
                    }
                    Some(_) if !seen.insert(parent) => {
                        faults.push(fault(format!("`{id}` is part of itself")));
                        break;
                    }
                    Some(entity) => above = entity.part_of.as_ref(),
                }
            }
        }
        self.errors.append(&mut faults);
        for (id, portrait) in &self.contents.organisations_known {
            if let Some(wider) = portrait.part_of.as_ref().filter(|wider| *wider == id || !self.is_organisation(wider))
            {
                let message = format!("`{id}` is part of `{wider}`, which is no other organisation");
                self.errors.push(Error { file: String::new(), line: 1, column: 1, message });
            }
        }
    }

    fn rule(&mut self, file: &SourceFile<'_>, place: usize, raw: &RawRule, integrator: Option<&Integrator>) {
        let mut faults = Vec::new();
        if self.entity(&EntityId::from(raw.identifies.get_ref().as_str())).is_none() {
            faults.push((raw.identifies.span().start, format!("`{}` is no entity", raw.identifies.get_ref())));
        }
        for (what, missing) in [
            ("a `because`", raw.because.trim().is_empty()),
            ("a `source`", raw.source.trim().is_empty()),
            ("a `when`", raw.when.is_empty()),
            ("at least one `holds`", raw.holds.is_empty()),
            ("at least one `fails`", raw.fails.is_empty()),
        ] {
            if missing {
                faults.push((place, format!("`{}` needs {what}", raw.id)));
            }
        }
        let mut when = Vec::new();
        for clause in &raw.when {
            let lines = clause.get_ref().iter().map(|(kind, value)| line(kind, value, &mut self.needles));
            match lines.collect::<Result<Vec<_>, _>>() {
                Ok(lines) if lines.is_empty() => faults.push((clause.span().start, "an empty clause".to_owned())),
                Ok(lines) => when.push(Clause { lines }),
                Err(message) => faults.push((clause.span().start, message)),
            }
        }
        let in_container = raw.scope == RawScope::Container;
        let by_name = when.iter().any(|clause| clause.lines.iter().all(|line| line.kind == FactKind::FileName));
        if by_name && !in_container && *raw.certainty.get_ref() != Certainty::Possible {
            faults.push((raw.certainty.span().start, "a file name alone is never more than possible".to_owned()));
        }
        let rule = Rule {
            id: raw.id.as_str().into(),
            identifies: raw.identifies.get_ref().as_str().into(),
            relation: raw.relation,
            certainty: *raw.certainty.get_ref(),
            because: raw.because.trim().into(),
            source: raw.source.trim().to_owned(),
            in_container,
            when,
            integrator: integrator.cloned(),
        };
        if faults.is_empty() {
            faults.extend(trial(&rule, &self.needles, raw));
        }
        if self.rules.insert(rule.id.clone(), rule).is_some() {
            faults.push((place, format!("the rule `{}` is defined twice", raw.id)));
        }
        self.errors.extend(faults.into_iter().map(|(at, message)| file.error(at, message)));
    }

    fn finish(mut self, files: &[SourceFile<'_>]) -> Result<Pack, Vec<Error>> {
        if self.contents.packs.is_empty() {
            self.contents.packs.push((Meta::default(), Digest::of(&[])));
        }
        if let [(meta, _), ..] = self.contents.packs.as_slice()
            && (meta.id.is_empty() || meta.version.is_empty())
            && let Some(file) = files.first()
        {
            self.errors.push(file.error(0, "a pack needs a [pack] table with `id` and `version`"));
        }
        if !self.errors.is_empty() {
            self.errors.sort();
            return Err(self.errors);
        }
        let digest = digest(files);
        for (_, of_sources) in &mut self.contents.packs {
            *of_sources = digest.clone();
        }
        self.contents.organisations.sort_by(|a, b| a.id.cmp(&b.id));
        self.contents.entities = self.entities.into_values().map(|(_, entity)| entity).collect();
        self.contents.rules = self.rules.into_values().collect();
        self.contents.needles = self.needles;
        self.contents.needles.sort();
        Ok(Pack::from_contents(self.contents))
    }
}

/// Of one file its own, so that everybody can count it again; of several, that of their names and texts.
fn digest(files: &[SourceFile<'_>]) -> Digest {
    if let [file] = files {
        return Digest::of(file.text.as_bytes());
    }
    let mut sources: Vec<_> = files.iter().map(|file| (file.name, file.text)).collect();
    sources.sort_unstable();
    Digest::of(format!("{sources:?}").as_bytes())
}
