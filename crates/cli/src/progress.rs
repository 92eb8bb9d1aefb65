//! A progress bar on standard error, on a terminal only; and whether the user wants the run to end.
use std::io::{self, IsTerminal as _};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use interdict_scan::Progress;
use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;

use crate::args::When;

/// Bytes, files and artifacts looked at.
pub(crate) struct Bar {
    shown: ProgressBar,
    files: AtomicU64,
    planned: AtomicU64,
    artifacts: AtomicU64,
    is_stopped: Arc<AtomicBool>,
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
        if let Ok(style) = ProgressStyle::with_template("{bar:30} {bytes}/{total_bytes} · {msg} · {eta} left") {
            bar.set_style(style);
        }
        let [files, planned, artifacts] = [0; 3].map(AtomicU64::new);
        Self { shown: bar, files, planned, artifacts, is_stopped: heard() }
    }

    /// What was looked at, beside the bytes.
    fn say(&self) {
        let [files, planned, artifacts] =
            [&self.files, &self.planned, &self.artifacts].map(|number| number.load(Ordering::Relaxed));
        self.shown.set_message(format!("{files}/{planned} files, {artifacts} artifacts"));
    }

    pub(crate) fn finish(&self) {
        self.shown.finish_and_clear();
    }
}

impl Progress for Bar {
    fn planned(&self, files: u64, bytes: u64) {
        self.shown.set_length(bytes);
        self.planned.store(files, Ordering::Relaxed);
        self.say();
    }

    fn done(&self, bytes: u64, artifacts: u64) {
        self.files.fetch_add(1, Ordering::Relaxed);
        self.artifacts.fetch_add(artifacts, Ordering::Relaxed);
        self.say();
        self.shown.inc(bytes);
    }

    fn stopped(&self) -> bool {
        self.is_stopped.load(Ordering::Relaxed)
    }
}

/// Set by the first signal to end: what was seen until then is still reported. The second one ends at once.
fn heard() -> Arc<AtomicBool> {
    let is_stopped = Arc::new(AtomicBool::new(false));
    for signal in [SIGINT, SIGTERM] {
        // In this order: the first signal sets what the second one finds set. Where neither can be had, signals do as always.
        let _ = flag::register_conditional_default(signal, Arc::clone(&is_stopped));
        let _ = flag::register(signal, Arc::clone(&is_stopped));
    }
    // A file that may not grow is told of where it is written, and ends nothing.
    #[cfg(unix)]
    let _ = flag::register(signal_hook::consts::SIGXFSZ, Arc::default());
    is_stopped
}
