//! An explanation as text.
use std::io;

use interdict_model::{Match, Verdict, Via};

use super::Explanation;
use crate::formats::Look;
use crate::page::{Page, Text, Tone};
use crate::view::product_name;
use crate::words;

const COLUMN: usize = 12;

impl Explanation<'_> {
    /// Writes it for a person. It is not cut to a screen: this is where everything stands.
    pub fn write(&self, look: &Look, out: &mut dyn io::Write) -> io::Result<()> {
        let page = &mut Page::new(look, out);
        self.head(page)?;
        self.matches(page)?;
        self.path(page)?;
        self.law(page)?;
        self.unseen(page)?;
        list("What would raise it", &self.would_raise, page)?;
        list("What would clear it", &self.would_clear, page)
    }

    fn head(&self, page: &mut Page<'_>) -> io::Result<()> {
        let finding = self.finding;
        page.spread(0, Text::new().say(Tone::Strong, &finding.title), &finding.id.0)?;
        let mut row = |label: &str, text: Text| page.labelled(2, label, COLUMN, &text);
        row(
            "in",
            Text::new().plain(product_name(&finding.product)).quiet(" known from ").plain(&finding.product.known_from),
        )?;
        if let Some(own) = words::makers_own(&finding.product) {
            row("", Text::new().plain(own))?;
        }
        row("where", Text::new().plain(finding.on.as_str()))?;
        if let Some(digest) = &finding.digest {
            row("digest", Text::new().plain(digest.to_string()))?;
        }
        row("relation", Text::new().plain(format!("{}: {}", finding.relation, words::relation(finding.relation))))?;
        row("certainty", Text::new().plain(format!("{}: {}", finding.certainty, words::certainty(finding.certainty))))?;
        row("witness", Text::new().say(Tone::Strong, words::witness(finding)).plain(": ").plain(self.witness_means))?;
        if let Some(told) = crate::said::agreement(finding) {
            row("", Text::new().prose(&told))?;
        }
        row("scope", Text::new().plain(words::scope(finding.scope).unwrap_or("in what is delivered, at run time")))?;
        row("fingerprint", Text::new().plain(finding.fingerprint.to_string()))?;
        for (at, entity) in self.entities.iter().enumerate() {
            let text = Text::new()
                .plain(entity.id.as_str())
                .plain(format!(" ({}, made by {}): ", entity.class, entity.made_by))
                .plain(&entity.title)
                .quiet(" · ")
                .quiet(&entity.source);
            row(if at == 0 { "entity" } else { "part of" }, text)?;
        }
        match self.waiver {
            None => Ok(()),
            Some(waiver) => row(
                "set aside",
                Text::new()
                    .plain(format!("until {} by ", waiver.until))
                    .plain(&waiver.owner)
                    .plain(": ")
                    .prose(&waiver.reason)
                    .plain(waiver.ticket.as_ref().map(|ticket| format!(" ({ticket})")).unwrap_or_default()),
            ),
        }
    }

    fn matches(&self, page: &mut Page<'_>) -> io::Result<()> {
        title("Why: every rule that was met", page)?;
        for one in &self.finding.matches {
            self.one_match(one, page)?;
        }
        Ok(())
    }

    fn one_match(&self, one: &Match, page: &mut Page<'_>) -> io::Result<()> {
        page.spread(
            2,
            Text::new().say(Tone::Strong, one.rule.as_str()),
            &format!("{}, {}", one.relation, one.certainty),
        )?;
        page.text(4, &Text::new().prose(&one.because))?;
        let how: Vec<&str> = one.techniques.iter().map(|technique| words::technique(*technique)).collect();
        if !how.is_empty() {
            page.labelled(4, "known by", COLUMN, &Text::new().plain(how.join(", ")))?;
        }
        if one.on != self.finding.on {
            page.labelled(4, "on", COLUMN, &Text::new().plain(one.on.as_str()))?;
        }
        for (at, seen) in one.proof.iter().enumerate() {
            let mut text = Text::new().plain(seen.fact.kind.name()).plain(" = ").say(Tone::Strong, &seen.fact.value);
            if let Some(place) = words::place(&seen.at) {
                text = text.quiet(" at ").plain(place);
            }
            if seen.on != one.on {
                text = text.quiet(" in ").plain(seen.on.as_str());
            }
            page.labelled(4, if at == 0 { "proof" } else { "" }, COLUMN, &text.quiet(" by ").quiet(&seen.by.0))?;
        }
        Ok(())
    }

    fn path(&self, page: &mut Page<'_>) -> io::Result<()> {
        if self.finding.path.is_empty() {
            return Ok(());
        }
        title("How it got in", page)?;
        for (depth, step) in self.finding.path.iter().enumerate() {
            // Past eight steps the indent stays, so that a hostile depth does not leave the page.
            let via = if step.via == Via::Product { String::new() } else { format!("{} ", words::via(step.via)) };
            let text = Text::new().quiet(via).plain(&step.name).quiet("  ").quiet(step.locator.as_str());
            page.text(2 + depth.min(8) * 2, &text)?;
        }
        self.introducers(page)?;
        for anomaly in crate::view::lower_layers(self.report, self.finding) {
            page.text(2, &Text::new().prose(&anomaly.detail))?;
        }
        Ok(())
    }

    /// Each thing that brings it in, with its way on one line.
    fn introducers(&self, page: &mut Page<'_>) -> io::Result<()> {
        let ways = &self.finding.introducers;
        if ways.len() < 2 && self.finding.introducers_untold == 0 {
            return Ok(());
        }
        let count = ways.len() as u64 + self.finding.introducers_untold;
        page.text(2, &Text::new().plain(format!("{count} things bring it in:")))?;
        for way in ways {
            let names: Vec<&str> = way.iter().skip(1).map(|step| step.name.as_str()).collect();
            page.text(4, &Text::new().plain(names.join(" → ")))?;
        }
        if self.finding.introducers_untold > 0 {
            let more = format!("and {} more", self.finding.introducers_untold);
            page.text(4, &Text::new().quiet(more))?;
        }
        Ok(())
    }

    fn law(&self, page: &mut Page<'_>) -> io::Result<()> {
        title("What the law says", page)?;
        let profile = &self.report.profile;
        let whom = if profile.is_given() { profile.name.as_str() } else { "nobody in particular" };
        page.text(2, &Text::new().plain("Judged for ").plain(whom).plain(format!(", as of {}.", self.report.as_of)))?;
        if self.verdicts.is_empty() {
            return page.text(2, &Text::new().plain("No regime that was asked speaks of it."));
        }
        for verdict in &self.verdicts {
            self.verdict(verdict, page)?;
        }
        Ok(())
    }

    fn verdict(&self, verdict: &Verdict, page: &mut Page<'_>) -> io::Result<()> {
        let note = self.report.legend.regimes.get(verdict.regime.as_str());
        let place = [verdict.regime.as_str(), verdict.provision.as_str()].into_iter().filter(|part| !part.is_empty());
        let head = Text::new()
            .say(Tone::of_effect(verdict.effect), verdict.effect.name().to_uppercase())
            .plain(verdict.since.map(|since| format!(" since {since}")).unwrap_or_default())
            .plain("  ")
            .say(Tone::Strong, place.collect::<Vec<_>>().join(" / "))
            .quiet("  ")
            .quiet(words::effect(verdict.effect));
        page.text(2, &head)?;
        if let Some(note) = note {
            let text = Text::new()
                .plain(&note.title)
                .plain(" (")
                .plain(&note.jurisdiction)
                .plain("; ")
                .plain(&note.authority)
                .plain(")");
            page.text(4, &text)?;
        }
        page.text(4, &Text::new().prose(&verdict.because))?;
        let text = Text::new().prose(&verdict.citation).quiet(" · ").quiet(words::text_of_law(verdict.text));
        page.labelled(4, "citation", COLUMN, &text)
    }

    fn unseen(&self, page: &mut Page<'_>) -> io::Result<()> {
        if self.gaps.is_empty() {
            return Ok(());
        }
        title("Not examined in the same input", page)?;
        for gap in &self.gaps {
            let mut text = Text::new().plain(gap.on.as_str()).quiet(" · ").prose(&gap.detail);
            if let Some(needs) = &gap.needs {
                text = text.quiet(" · needs ").plain(needs);
            }
            page.labelled(2, gap.reason.name(), COLUMN, &text)?;
        }
        Ok(())
    }
}

fn title(words: &str, page: &mut Page<'_>) -> io::Result<()> {
    page.blank()?;
    page.text(0, &Text::new().say(Tone::Strong, words))
}

fn list(head: &str, items: &[String], page: &mut Page<'_>) -> io::Result<()> {
    if items.is_empty() {
        return Ok(());
    }
    title(head, page)?;
    for item in items {
        page.labelled(2, "-", 2, &Text::new().prose(item))?;
    }
    Ok(())
}
