//! A dump of everything an unpacker offers, one sorted line a member.
use std::io::Read;
use std::ops::ControlFlow;

use interdict_model::{Digest, Head, Malformed, Member, Members, Needles, Source, Unpacker, Unseen};

use crate::lines::gap;

/// Bytes read from one container before the dump refuses more, as the pipeline does.
const CAP: u64 = 16 << 20;

/// What `unpacker` offers of these bytes, sorted, one line each:
///
/// ```text
/// anomaly duplicate-name `a.txt` : "stands twice"
/// gap encrypted "locked" at whole needs "a password" on `secret.txt`
/// malformed at offset 0x40 : "…"
/// member `a.txt` 12 bytes sha256 5891b5b522d5df08 stored
/// member `a.txt` 12 bytes sha256 5891b5b522d5df08 streamed stated 13
/// rename `fil01` in `data.cab` -> `bin/x.dll`
/// member `link` link -> `a.txt` 0 bytes … stored
/// refused
/// ```
///
/// Names are escaped to printable ASCII. After 16 MiB in sum it breaks off as the pipeline's budget would, with a line
/// `cap`.
pub fn members(unpacker: &Unpacker, name: &str, bytes: &[u8]) -> String {
    let mut heard = Heard::default();
    if !(unpacker.accepts)(&Head { bytes, name }) {
        heard.lines.push("refused".to_owned());
    }
    match (unpacker.unpack)(&Source { bytes, name, needles: &Needles::default() }, &mut heard) {
        Ok(()) => {}
        Err(Malformed::NotThis) => heard.lines.push("malformed : not of this format".to_owned()),
        Err(Malformed::Broken { at, detail }) => heard.lines.push(format!("malformed at {at} : {detail:?}")),
    }
    heard.lines.sort();
    heard.lines.into_iter().fold(String::new(), |mut out, line| {
        out.push_str(&line);
        out.push('\n');
        out
    })
}

#[derive(Default)]
struct Heard {
    lines: Vec<String>,
    /// The members that are gone through, each with `!/` behind it.
    around: String,
    spent: u64,
}

impl Heard {
    fn full(&self, name: &[u8]) -> String {
        format!("{}{}", self.around, name.escape_ascii())
    }

    fn member(&mut self, member: &Member<'_>, bytes: &[u8], how: &str) -> ControlFlow<()> {
        let link = member.link.map(|to| format!(" link -> `{}`", to.escape_ascii())).unwrap_or_default();
        let size = bytes.len();
        let stated = member.stated_size.filter(|stated| usize::try_from(*stated) != Ok(size));
        let stated = stated.map(|stated| format!(" stated {stated}")).unwrap_or_default();
        let digest = Digest::of(bytes);
        let digest = digest.hex().get(..16).unwrap_or_default();
        let name = self.full(member.name);
        self.lines.push(format!("member `{name}`{link} {size} bytes sha256 {digest} {how}{stated}"));
        for (inner, outer) in member.renames {
            self.lines.push(format!("rename `{}` in `{name}` -> `{}`", inner.escape_ascii(), outer.escape_ascii()));
        }
        self.spent = self.spent.saturating_add(size as u64);
        if self.spent >= CAP {
            self.lines.push("cap".to_owned());
            return ControlFlow::Break(());
        }
        ControlFlow::Continue(())
    }
}

impl Members for Heard {
    fn stored(&mut self, member: &Member<'_>, bytes: &[u8]) -> ControlFlow<()> {
        self.member(member, bytes, "stored")
    }

    fn streamed(&mut self, member: &Member<'_>, bytes: &mut dyn Read) -> ControlFlow<()> {
        let mut all = Vec::new();
        let ended = bytes.take(CAP.saturating_sub(self.spent)).read_to_end(&mut all);
        if let Err(why) = ended {
            let why = why.to_string();
            self.lines.push(format!("gap while reading {why:?} on `{}`", self.full(member.name)));
        }
        self.member(member, &all, "streamed")
    }

    fn inside(
        &mut self,
        member: &Member<'_>,
        go: &mut dyn FnMut(&mut dyn Members) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let length = self.around.len();
        self.around = format!("{}!/", self.full(member.name));
        let flow = go(self);
        self.around.truncate(length);
        flow
    }

    fn unseen(&mut self, member: &Member<'_>, unseen: Unseen) {
        self.lines.push(format!("{} on `{}`", gap(&unseen), self.full(member.name)));
    }

    fn gap(&mut self, unseen: Unseen) {
        self.lines.push(gap(&unseen));
    }

    fn asks_hidden(&self) -> bool {
        true
    }

    fn hidden(&mut self, path: &[&[u8]], detail: String) {
        let path: Vec<String> = path.iter().map(|name| name.escape_ascii().to_string()).collect();
        self.lines.push(format!("hidden `{}` : {detail:?}", path.join("!/")));
    }

    fn anomaly(&mut self, member: Option<&[u8]>, kind: &'static str, detail: String) {
        let on = member.map_or_else(|| "-".to_owned(), |name| format!("`{}`", self.full(name)));
        self.lines.push(format!("anomaly {kind} {on} : {detail:?}"));
    }
}

#[cfg(test)]
mod tests {
    use interdict_model::GapReason;

    use super::*;

    const BOX: Unpacker = Unpacker {
        id: "box",
        revision: 1,
        title: "",
        limitations: &[],
        accepts: |_| true,
        unpack: |source, members| {
            let member = Member { name: b"a\xff", stated_size: Some(3), ..Member::default() };
            let _ = members.stored(&member, source.bytes);
            let _ = members.streamed(&Member { link: Some(b"b"), ..member.clone() }, &mut &source.bytes[..1]);
            members.unseen(&member, Unseen::new(GapReason::Encrypted, "locked"));
            members.anomaly(None, "odd", "d".to_owned());
            // An endless member is cut by the cap and the unpacker is told to stop.
            match members.streamed(&Member { name: b"endless", ..Member::default() }, &mut std::io::repeat(0)) {
                ControlFlow::Break(()) => Ok(()),
                ControlFlow::Continue(()) => Err(Malformed::NotThis),
            }
        },
    };

    #[test]
    fn one_line_a_member_and_an_end_to_everything() {
        expect_test::expect![[r#"
            anomaly odd - : "d"
            cap
            gap encrypted "locked" at whole needs - on `a\xff`
            member `a\xff` 3 bytes sha256 ba7816bf8f01cfea stored
            member `a\xff` link -> `b` 1 bytes sha256 ca978112ca1bbdca streamed stated 3
            member `endless` 16777212 bytes sha256 ee8e7f27281c1c35 streamed
        "#]]
        .assert_eq(&members(&BOX, "", b"abc"));
    }
}
