//! YAML to JSON, event by event: every document of a stream, aliases within a budget, and what was wrong.
mod node;

use granit_parser::{ErrorKind, Event, Parser, ScanError};
use interdict_model::{GapReason, Malformed, Unseen};

use node::Nodes;

/// Lists and objects inside each other, in block and in flow style.
const DEPTH: usize = 128;

/// Where, what was wrong, what was assumed.
pub(crate) type Repair = (String, String, &'static str);

/// A YAML stream as one JSON object.
#[derive(Debug)]
pub(crate) struct Transcoded {
    pub(crate) json: String,
    pub(crate) repairs: Vec<Repair>,
    pub(crate) gaps: Vec<Unseen>,
    /// Why reading stopped before the end.
    pub(crate) fault: Option<Malformed>,
}

/// The documents of a stream; the members of all that are mappings stand in one object.
pub(crate) fn transcode(text: &str) -> Transcoded {
    let options = granit_parser::options! {
        flow_nesting_limit: DEPTH,
        block_nesting_limit: DEPTH,
        emit_unresolved_aliases: true,
        simple_key_max_lookahead: 4096,
    };
    let mut parser = Parser::new_from_str_with_options(text, options);
    let mut nodes = Nodes::default();
    let mut fault = None;
    while let Some(next) = parser.next_event() {
        match next {
            Ok((Event::StreamEnd, _)) => break,
            Ok((event, span)) => {
                if !nodes.event(event, &span.start) {
                    break;
                }
            }
            Err(error) => {
                nodes.abandon();
                stop(&error, &mut nodes, &mut fault);
                // What stands in further documents is read all the same.
                if !matches!(parser.proceed_next_document(), Ok(true)) {
                    break;
                }
            }
        }
    }
    let (json, repairs, gaps) = nodes.finish();
    Transcoded { json, repairs, gaps, fault }
}

fn stop(error: &ScanError, nodes: &mut Nodes, fault: &mut Option<Malformed>) {
    let place = node::place(error.marker());
    if *error.kind() == ErrorKind::RecursionLimitExceeded {
        let detail = format!("{place}: nested deeper than {DEPTH} lists and objects, the limit; the rest was not read");
        nodes.gap(Unseen::new(GapReason::OverLimit, detail).needing("a flatter document"));
    } else if fault.is_none() {
        *fault = Some(Malformed::at(place, format!("no YAML: {}", error.kind())));
    }
}

#[cfg(test)]
mod tests;
