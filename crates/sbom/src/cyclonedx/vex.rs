//! What a document states of one vulnerability, whatever it is written in.
use interdict_model::Sink;

/// Components that one statement is kept of.
const AFFECTED: usize = 10_000;

/// One entry of the list of vulnerabilities as far as it was read.
#[derive(Debug, Default)]
pub(crate) struct Vex {
    pub(crate) id: String,
    pub(crate) state: String,
    pub(crate) justification: String,
    affected: Vec<String>,
}

impl Vex {
    pub(crate) fn affects(&mut self, reference: String) {
        if self.affected.len() < AFFECTED {
            self.affected.push(reference);
        }
    }

    /// Says what is stated of each component; an entry without an analysis states nothing.
    pub(crate) fn tell(&self, sink: &mut Sink<'_>) {
        if self.state.is_empty() && self.justification.is_empty() {
            return;
        }
        let [id, state, reason] = [&self.id, &self.state, &self.justification].map(|text| short(text));
        let reason = if reason.is_empty() { reason } else { format!(" ({reason})") };
        let statement = format!("{}: {state}{reason}", if id.is_empty() { "a vulnerability" } else { &id });
        for reference in &self.affected {
            sink.stated(reference, &statement);
        }
    }
}

fn short(text: &str) -> String {
    const SHOWN: usize = 60;
    text.trim().chars().filter(|c| !c.is_control()).take(SHOWN).collect()
}
