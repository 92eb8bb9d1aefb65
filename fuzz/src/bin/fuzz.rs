//! One target under LLVM's fuzzer: `INTERDICT_FUZZ` names it. `cargo xtask fuzz` builds and runs this.
#![no_main]
#![expect(clippy::disallowed_methods, clippy::expect_used, reason = "the fuzzer's own arguments are the engine's")]
use std::cell::OnceCell;

use interdict_fuzz::{Target, targets};
use libfuzzer_sys::fuzz_target;

thread_local! {
    static TARGET: OnceCell<Target> = const { OnceCell::new() };
}

fn named() -> Target {
    let name = std::env::var("INTERDICT_FUZZ").expect("INTERDICT_FUZZ names the target");
    targets().into_iter().find(|target| target.name == name).expect("a target of this name")
}

fuzz_target!(|bytes: &[u8]| TARGET.with(|target| target.get_or_init(named).run(bytes)));
