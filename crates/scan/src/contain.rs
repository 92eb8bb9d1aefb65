//! What a worker gives up before it looks at anything: memory without end, files, processes, the network.
use rustix::process::{Resource, Rlimit, Signal, set_parent_process_death_signal, setrlimit};
use rustix::thread::set_no_new_privs;

use crate::isolation::Isolation;
use crate::limits::Limits;

/// Memory beside readers' own: the stack, the built-in knowledge, what an answer is written into.
const BASE: u64 = 192 << 20;
/// Open files: what it was given, and a few more.
const FILES: u64 = 64;

/// Gives it up, and says how much of it went.
pub(crate) fn contain(limits: &Limits) -> Isolation {
    // Who dies leaves nobody behind.
    let _ = set_parent_process_death_signal(Some(Signal::KILL));
    if limited(limits).is_err() || set_no_new_privs(true).is_err() {
        return Isolation::None;
    }
    Isolation::LimitsOnly
}

fn limited(limits: &Limits) -> rustix::io::Result<()> {
    let memory = BASE.saturating_add(limits.heap).saturating_add(limits.buffers);
    // Members in members lie behind each other in the scratch file, each with room for the longest.
    let scratch = limits.total.max(limits.member.saturating_mul(limits.depth));
    for (resource, most) in [
        (Resource::Data, memory),
        (Resource::Fsize, scratch),
        (Resource::Nofile, FILES),
        (Resource::Core, 0),
        (Resource::Memlock, 0),
        (Resource::Msgqueue, 0),
    ] {
        setrlimit(resource, Rlimit { current: Some(most), maximum: Some(most) })?;
    }
    Ok(())
}
