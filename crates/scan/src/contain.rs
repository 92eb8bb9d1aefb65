//! What a worker gives up before it looks at anything: memory without end, files, processes, the network.
mod calls;

use landlock::{
    ABI, Access as _, AccessFs, AccessNet, CompatLevel, Compatible as _, Ruleset, RulesetAttr as _, RulesetError, Scope,
};
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
    // Either by itself is worth having; only both are the whole.
    let is_closed = closed().is_ok();
    let is_filtered = calls::filtered().is_ok();
    if is_closed && is_filtered { Isolation::Full } else { Isolation::LimitsOnly }
}

fn limited(limits: &Limits) -> rustix::io::Result<()> {
    let memory = BASE.saturating_add(limits.heap).saturating_add(limits.buffers);
    // Members in members lie behind each other in the scratch file, each with room for the longest.
    let scratch = limits.total.max(limits.member.saturating_mul(limits.depth));
    // Not how many processes: that counts all of the user's, and the filter lets none be started. Not the processor's time: a
    // worker serves file after file, each step of a file has its own, and the run ends a worker that is late.
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

/// Opens no file any more: what it may look at is handed to it. The network and other processes too, where the system
/// knows how (Landlock from its fourth and sixth version on).
fn closed() -> Result<(), RulesetError> {
    const NEWEST: ABI = ABI::V6;
    Ruleset::default()
        .set_compatibility(CompatLevel::HardRequirement)
        .handle_access(AccessFs::from_all(ABI::V1))?
        .set_compatibility(CompatLevel::BestEffort)
        .handle_access(AccessFs::from_all(NEWEST))?
        .handle_access(AccessNet::from_all(NEWEST))?
        .scope(Scope::from_all(NEWEST))?
        .create()?
        .restrict_self()
        .map(|_| ())
}
