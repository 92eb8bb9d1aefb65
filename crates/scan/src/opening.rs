//! The one way out of a container: every member is named, counted against the budget, and examined in its turn.
mod volumes;

use std::io::Read;
use std::ops::ControlFlow;

use interdict_model::{Again, Anomaly, GapReason, Locator, Member, Members, Unpacker, Unseen};
use interdict_unpack::{is_in_parts, is_volume};

use self::volumes::Volume;
use crate::covered::Covered;
use crate::examine::{Means, Subject, gap_on};
use crate::limits::{Limit, Limits, MEMBER, MEMBERS, RATIO, TOTAL};
use crate::trace::Trace;
use crate::watch::{Left, Timed, Timer, stays};
use crate::yielded::Yielded;

/// What the containers of one input may still give.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Budget {
    pub(crate) bytes: u64,
    pub(crate) members: u64,
    /// Which limit the bytes are of.
    pub(crate) of: Limit,
    /// Whether archives are gone through while they are decoded; after one that had to be begun again, none is.
    pub(crate) passes: bool,
}

impl Budget {
    /// For an input of this length. Each container in another may hold all of the other's content once more, so what one
    /// container may give is what each level may.
    pub(crate) fn of(limits: &Limits, input: usize) -> Self {
        let grown = most(input, limits).saturating_mul(limits.depth.max(1));
        let of = if grown < limits.total { RATIO } else { TOTAL };
        Self { bytes: limits.total.min(grown), members: limits.members, of, passes: true }
    }
}

/// What is odd in one container, and what of it could not be seen, is listed this often.
const MOST_TOLD: u64 = 200_000;
const MORE: &str = "more is odd in it, or could not be seen, than is listed";

/// Past this a container's growth is measured.
const FREE: u64 = 10 << 20;

/// How much something of this length may grow to.
fn most(length: usize, limits: &Limits) -> u64 {
    FREE.max((length as u64).saturating_mul(limits.ratio))
}

pub(crate) struct Opening<'a, 'o> {
    means: &'a Means<'a>,
    unpacker: &'a Unpacker,
    container: &'a Subject<'a>,
    /// Where members lie: in the container, or in one of its members that is gone through.
    place: Locator,
    budget: &'o mut Budget,
    out: &'o mut Yielded,
    given: u64,
    /// It is gone through while it is decoded: how long it is nobody knows yet.
    pub(crate) is_passed: bool,
    /// Nothing was said of it yet.
    pub(crate) is_silent: bool,
    /// Time of the unpacker itself.
    timer: Timer,
    /// What of the container became members.
    pub(crate) covered: Covered,
    /// The same, and what its reader read besides; nothing where it does not say all that it read.
    pub(crate) claimed: Covered,
    pub(crate) leaves_rest: bool,
    /// How often its reader spoke of something that holds no bytes: what is listed, and all.
    told: u64,
    ticks: u64,
    /// Members that may be volumes of one archive, until all are there.
    volumes: Vec<Volume<'a>>,
}

impl<'a, 'o> Opening<'a, 'o> {
    pub(crate) fn new(
        means: &'a Means<'a>,
        unpacker: &'a Unpacker,
        container: &'a Subject<'a>,
        budget: &'o mut Budget,
        out: &'o mut Yielded,
    ) -> Self {
        let place = container.locator.clone();
        Self {
            means,
            unpacker,
            container,
            place,
            budget,
            out,
            given: 0,
            is_passed: false,
            is_silent: true,
            timer: Timer::start(),
            covered: Covered::default(),
            claimed: Covered::default(),
            leaves_rest: false,
            told: 0,
            ticks: 0,
            volumes: Vec::new(),
        }
    }

    fn examine(&mut self, member: &Member<'_>, bytes: &[u8]) {
        let (locator, owned_path) = self.place_of(member);
        let renames = member.renames;
        let around = Some(self.container);
        let subject = Subject { locator: &locator, owned_path: &owned_path, bytes, renames, around, is_target: false };
        self.timer.pause();
        self.means.examine_member(&subject, self.budget, self.out);
        self.timer.go_on();
    }

    /// Where a member is, and its path below the container.
    fn place_of(&self, member: &Member<'_>) -> (Locator, String) {
        let named = self.named(member.name);
        let name = String::from_utf8_lossy(named);
        let owned_path = format!("/{}", name.trim_start_matches(['.', '/', '\\']).replace('\\', "/"));
        (self.place.member(named), owned_path)
    }

    /// Goes through a member as an archive while it is decoded; false where it is none that can be gone through so.
    pub(crate) fn passed(&mut self, member: &Member<'_>, bytes: &mut dyn Again) -> bool {
        if !self.budget.passes || !member.renames.is_empty() {
            return false;
        }
        let (locator, owned_path) = self.place_of(member);
        let (most, _) = self.allowance(self.means.limits().member);
        let mut budget = *self.budget;
        let mut out = Yielded { is_found: self.asks_hidden(), ..Yielded::default() };
        self.timer.pause();
        let (around, renames) = (Some(self.container), &[][..]);
        let place =
            Subject { locator: &locator, owned_path: &owned_path, bytes: &[], renames, around, is_target: false };
        let (told, is_begun) = self.means.passed(&place, bytes, most, &mut budget, &mut out);
        self.timer.go_on();
        // As if it had been taken in whole before its members were.
        let left = told.and_then(|length| budget.bytes.checked_sub(length).filter(|left| *left > 0));
        let Some((left, length)) = left.zip(told) else {
            self.budget.passes &= !is_begun;
            return false;
        };
        *self.budget = Budget { bytes: left, ..budget };
        self.given = self.given.saturating_add(length);
        let before = std::mem::take(self.out);
        *self.out = before.and(out);
        true
    }

    /// A member's name as what holds its container has it, else as the container does.
    fn named<'n>(&self, name: &'n [u8]) -> &'n [u8]
    where
        'a: 'n,
    {
        let renames = self.container.renames;
        let place = renames.binary_search_by(|(inner, _)| inner.as_slice().cmp(name)).ok();
        place.and_then(|place| renames.get(place)).map_or(name, |(_, outer)| outer)
    }

    /// One more member; refused once their number, their bytes or the time are spent.
    fn counted(&mut self) -> ControlFlow<()> {
        self.is_silent = false;
        if let Err(left) = self.means.watch.check(&self.timer) {
            return self.leave(left);
        }
        let left = self.budget.members.checked_sub(1).zip(self.grows());
        if let Some((rest, _)) = left.filter(|_| self.budget.bytes > 0) {
            self.budget.members = rest;
            return ControlFlow::Continue(());
        }
        let (limit, seen) = if self.budget.members == 0 {
            (MEMBERS, "there are more members in this input; they were not looked at".to_owned())
        } else if self.budget.bytes == 0 {
            (self.budget.of, "there is more in this input; further members were not looked at".to_owned())
        } else {
            let own = self.container.bytes.len();
            (RATIO, format!("{own} bytes gave {}; further members were not looked at", self.given))
        };
        self.place_missed(limit.met(self.means.limits(), &seen));
        ControlFlow::Break(())
    }

    fn leave(&mut self, left: Left) -> ControlFlow<()> {
        self.place_missed(left.unseen(self.means.limits()));
        ControlFlow::Break(())
    }

    /// How many entries of the list came before this one.
    fn told(&mut self) -> u64 {
        self.ticked();
        self.told += 1;
        self.told - 1
    }

    /// Looks at the clock now and then where no bytes come out that would do it.
    fn ticked(&mut self) {
        const EVERY: u64 = 256;
        self.ticks += 1;
        if self.ticks.is_multiple_of(EVERY) {
            stays(self.means.watch.check(&self.timer));
        }
    }

    fn trace(&self) -> &'a Trace<'a> {
        self.means.watch.trace
    }

    fn place_missed(&mut self, gap: Unseen) {
        self.is_silent = false;
        self.out.gaps.push(gap_on(&self.place, self.unpacker.id, Some(self.unpacker.id), gap));
    }

    fn missed(&mut self, member: &Member<'_>, gap: Unseen) {
        self.is_silent = false;
        let locator = self.place.member(self.named(member.name));
        self.out.gaps.push(gap_on(&locator, self.unpacker.id, Some("member"), gap));
    }

    /// Its decoder died before it gave anything: the other members are to be had all the same.
    fn lost(&mut self, member: &Member<'_>, left: Left) -> ControlFlow<()> {
        self.missed(member, left.unseen(self.means.limits()));
        ControlFlow::Continue(())
    }

    /// How many bytes this container may still give for its size; nothing once it gave them all.
    fn grows(&self) -> Option<u64> {
        if self.is_passed {
            return Some(u64::MAX);
        }
        let most = most(self.container.bytes.len(), self.means.limits());
        most.checked_sub(self.given).filter(|left| *left > 0)
    }

    /// How many bytes the next member may have, and which limit says so.
    fn allowance(&self, member: u64) -> (u64, Limit) {
        let mut least = (member, MEMBER);
        for (left, limit) in [(self.budget.bytes, self.budget.of), (self.grows().unwrap_or_default(), RATIO)] {
            if left < least.0 {
                least = (left, limit);
            }
        }
        least
    }

    /// Holds what a decoder makes of a member, and looks at it.
    fn taken_in(&mut self, member: &Member<'_>, bytes: &mut dyn Read) -> ControlFlow<()> {
        let (allowance, limit) = self.allowance(self.means.limits().member);
        let mut timed = Timed { watch: self.means.watch, timer: &self.timer, bytes, left: None, calls: 0 };
        let taken = self.means.store.take(&mut timed, allowance);
        let (left, length) = (timed.left, taken.held.len());
        self.spend(length as u64);
        match (taken.fault, left) {
            (Some(_), Some(left @ Left::Died(_))) => self.missed(member, left.unseen(self.means.limits())),
            (Some(error), _) => {
                let detail = format!("the content breaks off after {length} bytes: {error}");
                let reason = if left.is_some() { GapReason::TimedOut } else { GapReason::Malformed };
                self.missed(member, Unseen::new(reason, detail).needing("an intact copy"));
            }
            (None, _) => {}
        }
        if let Some(error) = taken.no_room {
            let detail =
                format!("no room to hold more than {length} bytes of it: {}; the rest was not looked at", error.kind());
            self.missed(member, Unseen::new(GapReason::OverLimit, detail).needing("room for temporary files"));
        }
        if taken.is_over {
            self.over(member, allowance, &limit);
        }
        if is_volume(member.name) && is_in_parts(member.name, &taken.held) {
            self.hold(member, taken.held);
        } else {
            self.examine(member, &taken.held);
        }
        stays(self.trace().heard());
        match left {
            None | Some(Left::Died(_)) => ControlFlow::Continue(()),
            Some(left) => self.leave(left),
        }
    }

    fn spend(&mut self, bytes: u64) {
        self.given = self.given.saturating_add(bytes);
        self.budget.bytes = self.budget.bytes.saturating_sub(bytes);
    }

    fn over(&mut self, member: &Member<'_>, allowance: u64, limit: &Limit) {
        let seen = format!("longer than the {allowance} bytes that were left for it; the rest was not looked at");
        self.missed(member, limit.met(self.means.limits(), &seen));
    }
}

impl Members for Opening<'_, '_> {
    fn stored(&mut self, member: &Member<'_>, bytes: &[u8]) -> ControlFlow<()> {
        self.counted()?;
        stays(self.trace().call());
        // It costs no memory, only time: its own size is no matter, but many that overlap are.
        let (allowance, limit) = self.allowance(u64::MAX);
        let held = usize::try_from(allowance).ok().and_then(|most| bytes.get(..most));
        self.spend(held.unwrap_or(bytes).len() as u64);
        if held.is_some_and(|held| held.len() < bytes.len()) {
            self.over(member, allowance, &limit);
        }
        let held = held.unwrap_or(bytes);
        if is_volume(member.name) && is_in_parts(member.name, held) {
            let taken = self.means.store.take(&mut &*held, held.len() as u64);
            if taken.no_room.is_some() {
                self.examine(member, held);
            } else {
                self.hold(member, taken.held);
            }
        } else {
            self.examine(member, held);
        }
        // What was found inside something else by its marks is not known to be one.
        self.claimed.add(self.container.bytes, held);
        if self.unpacker.id != "embedded" {
            self.covered.add(self.container.bytes, held);
        }
        stays(self.trace().heard());
        ControlFlow::Continue(())
    }

    fn streamed(&mut self, member: &Member<'_>, bytes: &mut dyn Read) -> ControlFlow<()> {
        self.counted()?;
        match self.trace().call() {
            Ok(()) => self.taken_in(member, bytes),
            Err(left) => self.lost(member, left),
        }
    }

    fn decoded(&mut self, member: &Member<'_>, bytes: &mut dyn Again) -> ControlFlow<()> {
        self.counted()?;
        if let Err(left) = self.trace().call() {
            return self.lost(member, left);
        }
        if self.passed(member, bytes) {
            stays(self.trace().heard());
            return ControlFlow::Continue(());
        }
        bytes.again();
        self.taken_in(member, bytes)
    }

    fn inside(
        &mut self,
        member: &Member<'_>,
        go: &mut dyn FnMut(&mut dyn Members) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        self.counted()?;
        stays(self.trace().call());
        stays(self.trace().heard());
        let inside = self.place.member(member.name);
        let around = std::mem::replace(&mut self.place, inside);
        let flow = go(self);
        self.place = around;
        flow
    }

    fn unseen(&mut self, member: &Member<'_>, gap: Unseen) {
        stays(self.trace().call());
        match self.told() {
            0..MOST_TOLD => self.missed(member, gap),
            MOST_TOLD => {
                let detail = format!("{MORE}; the next is that {}", gap.detail);
                self.place_missed(Unseen::new(GapReason::OverLimit, detail));
            }
            _ => {}
        }
        stays(self.trace().heard());
    }

    fn gap(&mut self, gap: Unseen) {
        stays(self.trace().call());
        self.place_missed(gap);
        stays(self.trace().heard());
    }

    fn covers(&mut self, piece: &[u8]) {
        self.is_silent = false;
        self.covered.add(self.container.bytes, piece);
    }

    fn claims(&mut self, piece: &[u8]) {
        self.ticked();
        self.claimed.add(self.container.bytes, piece);
    }

    fn leaves_rest(&mut self) {
        self.leaves_rest = true;
    }

    fn asks_hidden(&self) -> bool {
        self.out.is_found || !self.out.matches.is_empty() || !self.out.in_containers.is_empty()
    }

    fn hidden(&mut self, path: &[&[u8]], detail: String) {
        let locator = path.iter().fold(self.place.clone(), |locator, name| locator.member(name));
        self.out.hidden.insert(locator, detail);
    }

    fn entry(&mut self, _name: &[u8]) {
        self.is_silent = false;
    }

    fn anomaly(&mut self, member: Option<&[u8]>, kind: &'static str, detail: String) {
        self.is_silent = false;
        let on = member.map_or_else(|| self.place.clone(), |name| self.place.member(self.named(name)));
        stays(self.trace().call());
        match self.told() {
            0..MOST_TOLD => self.out.anomalies.push(Anomaly { on, kind: kind.to_owned(), detail }),
            MOST_TOLD => self.place_missed(Unseen::new(GapReason::OverLimit, MORE)),
            _ => {}
        }
        stays(self.trace().heard());
    }
}
