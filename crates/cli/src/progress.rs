//! A progress bar on standard error, on a terminal only.
use std::io::{self, IsTerminal as _};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use interdict_scan::Progress;

use crate::args::When;

/// Bytes and files looked at.
pub(crate) struct Bar {
    bar: ProgressBar,
}

impl Bar {
    pub(crate) fn new(when: When) -> Self {
        let shown = match when {
            When::Always => true,
            When::Never => false,
            When::Auto => io::stderr().is_terminal(),
        };
        let target = if shown { ProgressDrawTarget::stderr_with_hz(8) } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(Some(0), target);
        if let Ok(style) = ProgressStyle::with_template("{bar:30} {bytes}/{total_bytes} · {msg} files · {eta}") {
            bar.set_style(style);
        }
        Self { bar }
    }

    pub(crate) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

impl Progress for Bar {
    fn planned(&self, files: u64, bytes: u64) {
        self.bar.set_length(bytes);
        self.bar.set_message(files.to_string());
    }

    fn done(&self, bytes: u64) {
        self.bar.inc(bytes);
    }
}
