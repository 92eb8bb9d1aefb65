//! The calls of the system that a worker still needs: memory, threads, and the descriptors it was given. All others are
//! refused as if it had no right to them.
use std::collections::BTreeMap;
use std::env::consts::ARCH;

use seccompiler::{
    BpfProgram, Error, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter, SeccompRule,
    TargetArch, apply_filter,
};

/// Whatever their arguments are.
const ALWAYS: &[i64] = &[
    // Memory.
    libc::SYS_brk,
    libc::SYS_madvise,
    libc::SYS_mremap,
    libc::SYS_munmap,
    // Threads, and how they wait and end.
    libc::SYS_clone3,
    libc::SYS_exit,
    libc::SYS_exit_group,
    libc::SYS_futex,
    libc::SYS_getpid,
    libc::SYS_gettid,
    libc::SYS_membarrier,
    libc::SYS_restart_syscall,
    libc::SYS_rseq,
    libc::SYS_rt_sigaction,
    libc::SYS_rt_sigprocmask,
    libc::SYS_rt_sigreturn,
    libc::SYS_sched_getaffinity,
    libc::SYS_sched_yield,
    libc::SYS_set_robust_list,
    libc::SYS_sigaltstack,
    libc::SYS_tgkill,
    // Time and chance.
    libc::SYS_clock_gettime,
    libc::SYS_clock_nanosleep,
    libc::SYS_getrandom,
    libc::SYS_nanosleep,
    // What it was given.
    libc::SYS_close,
    libc::SYS_fallocate,
    libc::SYS_fstat,
    libc::SYS_ftruncate,
    libc::SYS_lseek,
    libc::SYS_ppoll,
    libc::SYS_pread64,
    libc::SYS_pwrite64,
    libc::SYS_read,
    libc::SYS_recvfrom,
    libc::SYS_recvmsg,
    libc::SYS_sendmsg,
    libc::SYS_sendto,
    libc::SYS_statx,
    libc::SYS_write,
    libc::SYS_writev,
];

/// Flag of `clone` for a thread of this process, in the first argument.
const THREAD: u64 = libc::CLONE_THREAD as u64;
/// Memory that can be run, in the third argument of `mmap` and `mprotect`.
const RUN: u64 = libc::PROT_EXEC as u64;
/// Duplicates of descriptors and their flags, in the second argument of `fcntl`.
const DESCRIPTORS: &[i32] = &[libc::F_GETFD, libc::F_SETFD, libc::F_GETFL, libc::F_DUPFD_CLOEXEC];

/// Refuses the rest to this thread and to those it starts.
pub(super) fn filtered() -> Result<(), Error> {
    let arch = TargetArch::try_from(ARCH)?;
    let refused = |number: i32| SeccompAction::Errno(number.unsigned_abs());
    let masked = |index, mask, value| -> Result<_, Error> {
        let condition = SeccompCondition::new(index, SeccompCmpArgLen::Qword, SeccompCmpOp::MaskedEq(mask), value)?;
        Ok(SeccompRule::new(vec![condition])?)
    };
    let mut rules: BTreeMap<i64, Vec<SeccompRule>> = ALWAYS.iter().map(|call| (*call, Vec::new())).collect();
    rules.insert(libc::SYS_clone, vec![masked(0, THREAD, THREAD)?]);
    rules.insert(libc::SYS_mmap, vec![masked(2, RUN, 0)?]);
    rules.insert(libc::SYS_mprotect, vec![masked(2, RUN, 0)?]);
    let duplicates = DESCRIPTORS.iter().map(|what| masked(1, u64::from(u32::MAX), u64::from(what.unsigned_abs())));
    rules.insert(libc::SYS_fcntl, duplicates.collect::<Result<_, _>>()?);
    let needed = SeccompFilter::new(rules, refused(libc::EPERM), SeccompAction::Allow, arch)?;
    // Its flags lie in memory, where no filter looks; who finds it missing falls back to `clone`.
    let newer = [(libc::SYS_clone3, Vec::new())].into();
    let missing = SeccompFilter::new(newer, SeccompAction::Allow, refused(libc::ENOSYS), arch)?;
    for filter in [missing, needed] {
        apply_filter(&BpfProgram::try_from(filter)?)?;
    }
    Ok(())
}
