//! The names in a layer of an image, as a worker says them.
use std::io;

use interdict_unpack::{Entry, Layer};
use serde::{Deserialize, Serialize};

/// Names are bytes, each of them a character here.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum Listed {
    /// Each name with whether it is a folder and whether it is a file.
    Layer {
        entries: Vec<(String, bool, bool)>,
        steps: Vec<String>,
    },
    Fault(String),
}

impl Listed {
    pub(crate) fn of(layer: io::Result<Layer>) -> Self {
        match layer {
            Ok(layer) => {
                let entry = |entry: &Entry| (spelled(&entry.name), entry.is_folder, entry.is_file);
                let steps = layer.steps.iter().map(|step| spelled(step)).collect();
                Self::Layer { entries: layer.entries.iter().map(entry).collect(), steps }
            }
            Err(why) => Self::Fault(why.to_string()),
        }
    }

    pub(crate) fn layer(self) -> io::Result<Layer> {
        match self {
            Self::Layer { entries, steps } => {
                let entry =
                    |(name, is_folder, is_file): (String, bool, bool)| Entry { name: read(&name), is_folder, is_file };
                let steps = steps.iter().map(|step| read(step)).collect();
                Ok(Layer { entries: entries.into_iter().map(entry).collect(), steps })
            }
            Self::Fault(why) => Err(io::Error::other(why)),
        }
    }
}

fn spelled(name: &[u8]) -> String {
    name.iter().map(|byte| char::from(*byte)).collect()
}

fn read(name: &str) -> Vec<u8> {
    name.chars().filter_map(|character| u8::try_from(character).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_come_through_as_they_are() {
        let entry = |name: &[u8], is_folder, is_file| Entry { name: name.to_vec(), is_folder, is_file };
        let all: Vec<u8> = (0..=255).collect();
        let entries = vec![entry(&all, false, true), entry(b"usr/", true, false), entry("ж".as_bytes(), false, false)];
        let layer = Layer { entries, steps: vec![b"layer.tar".to_vec()] };
        let said = serde_json::to_string(&Listed::of(Ok(layer.clone()))).unwrap();
        assert_eq!(serde_json::from_str::<Listed>(&said).unwrap().layer().unwrap(), layer);
        assert!(Listed::of(Err(io::Error::other("broken"))).layer().unwrap_err().to_string().contains("broken"));
    }
}
