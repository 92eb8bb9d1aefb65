//! Where a file is looked at: in this process what readers of our own making read, in a worker everything else.
use std::io;
use std::path::{Path, PathBuf};

use interdict_model::{Gap, GapReason, Locator, Unseen, examined};
use interdict_unpack::{Layer, layer};

#[cfg(target_os = "linux")]
use crate::bytes::READ_UP_TO;
use crate::bytes::{Bytes, Opened};
#[cfg(target_os = "linux")]
use crate::crew::{Crew, nothing};
use crate::error::Error;
use crate::examine::{Means, Subject, gap_on, name_of};
use crate::isolation::Isolation;
use crate::limits::MEMBER;
use crate::opening::Budget;
use crate::pipe::{Content, Drained, drained, joined};
use crate::repeats::Repeats;
use crate::request::Request;
#[cfg(target_os = "linux")]
use crate::sniff::{HEAD, is_text};
use crate::trace::{Cells, Trace};
use crate::walk::unreadable;
use crate::watch::Watch;
use crate::yielded::Yielded;

/// A file to look at, by its name.
#[derive(Clone, Copy)]
pub(crate) struct Errand<'e> {
    pub(crate) locator: &'e Locator,
    pub(crate) owned_path: &'e str,
    pub(crate) is_target: bool,
    /// Whether nothing is asked but which names are in it.
    pub(crate) is_listed: bool,
}

pub(crate) struct Route<'a> {
    means: &'a Means<'a>,
    scratch: Option<&'a Path>,
    #[cfg(target_os = "linux")]
    crew: Option<Crew<'a>>,
}

impl<'a> Route<'a> {
    #[cfg(target_os = "linux")]
    pub(crate) fn new(means: &'a Means<'a>, request: &'a Request<'a>, threads: usize) -> Result<Self, Error> {
        let crew = request.workers.as_ref().map(|_| Crew::new(request, means, threads));
        if request.workers.as_ref().is_some_and(|workers| workers.must_be_full) {
            let mustered = crew.as_ref().map(Crew::muster).transpose();
            match mustered.map_err(|error| Error::Contained(format!("no worker could be started: {error}")))? {
                Some(Isolation::Full) => {}
                had => {
                    let had = had.unwrap_or(Isolation::None).name();
                    return Err(Error::Contained(format!("this system gives `{had}`")));
                }
            }
        }
        Ok(Self { means, scratch: request.scratch.as_deref(), crew })
    }

    #[cfg(not(target_os = "linux"))]
    pub(crate) fn new(means: &'a Means<'a>, request: &'a Request<'a>, _: usize) -> Result<Self, Error> {
        if request.workers.as_ref().is_some_and(|workers| workers.must_be_full) {
            return Err(Error::Contained("this system is not Linux".to_owned()));
        }
        Ok(Self { means, scratch: request.scratch.as_deref() })
    }

    /// How those who looked at anything were contained.
    pub(crate) fn isolation(&self) -> Isolation {
        #[cfg(target_os = "linux")]
        if let Some(crew) = &self.crew {
            return crew.isolation();
        }
        Isolation::None
    }

    /// What a file gives.
    pub(crate) fn file(&self, path: &Path, errand: &Errand<'_>) -> Yielded {
        let given = Opened::at(path).and_then(|mut opened| {
            if !opened.is_whole() {
                return self.piped(&opened, errand);
            }
            let mut out = self.opened(&mut opened, errand)?;
            if opened.changed() {
                out.gaps.push(changed(errand.locator, "its size or time stamp changed while it was read"));
            }
            Ok(out)
        });
        given.unwrap_or_else(|error| unreadable_file(errand.locator, &error))
    }

    /// What an archive gives whose volumes these files are, in their order.
    pub(crate) fn volumes<'p>(&self, paths: impl Iterator<Item = &'p PathBuf>, errand: &Errand<'_>) -> Yielded {
        let joined = || {
            let opened = paths.map(|path| Opened::at(path)).collect::<io::Result<Vec<_>>>()?;
            let file = joined(&opened, self.scratch, self.means.watch.progress)?;
            let mut out = self.opened(&mut Opened::over(file)?, errand)?;
            if opened.iter().any(Opened::changed) {
                out.gaps.push(changed(errand.locator, "a volume's size or time stamp changed while it was read"));
            }
            Ok(out)
        };
        joined().unwrap_or_else(|error| unreadable_file(errand.locator, &error))
    }

    /// What comes out of something that does not say how long it is: a pipe that is a target, or an empty file, which may be
    /// one that the system makes up.
    fn piped(&self, opened: &Opened, errand: &Errand<'_>) -> io::Result<Yielded> {
        if !opened.is_regular && !errand.is_target {
            return Err(io::Error::other("it is no file any more"));
        }
        let limits = self.means.limits();
        let Drained { content, is_over } =
            drained(&opened.file, limits.member, self.scratch, self.means.watch.progress)?;
        let mut out = match content {
            Content::Bytes(bytes) => self.bytes(&bytes, errand),
            Content::File(file) => self.opened(&mut Opened::over(file)?, errand)?,
        };
        if is_over {
            let unseen = MEMBER.met(limits, "more came through the pipe; the rest was not looked at");
            out.gaps.push(gap_on(errand.locator, "scan", None, unseen));
        }
        Ok(out)
    }

    #[cfg(target_os = "linux")]
    fn opened(&self, opened: &mut Opened, errand: &Errand<'_>) -> io::Result<Yielded> {
        let Some(crew) = &self.crew else { return self.read_here(opened, errand) };
        // Nothing is mapped here: cut short by somebody else, a mapping ends its process.
        if opened.size() <= READ_UP_TO && is_text(&opened.head(HEAD)?) {
            let bytes = opened.bytes()?;
            if let Some(mut given) = self.ours(&bytes, errand) {
                told_short(opened, &bytes, errand.locator, &mut given);
                return Ok(given);
            }
        }
        match crew.examined(errand, opened) {
            Ok(given) => Ok(given),
            Err(_) if crew.may_do_without() => self.read_here(opened, errand),
            Err(error) => Ok(unattended(errand, opened, &error)),
        }
    }

    #[cfg(not(target_os = "linux"))]
    fn opened(&self, opened: &mut Opened, errand: &Errand<'_>) -> io::Result<Yielded> {
        self.read_here(opened, errand)
    }

    fn read_here(&self, opened: &mut Opened, errand: &Errand<'_>) -> io::Result<Yielded> {
        let bytes = opened.bytes()?;
        let mut out = self.here(&bytes, errand);
        told_short(opened, &bytes, errand.locator, &mut out);
        Ok(out)
    }

    /// What these bytes give, which came from elsewhere than a file.
    pub(crate) fn bytes(&self, bytes: &[u8], errand: &Errand<'_>) -> Yielded {
        #[cfg(target_os = "linux")]
        if let Some(crew) = &self.crew {
            if let Some(given) = self.ours(bytes, errand) {
                return given;
            }
            let opened = match Opened::holding(bytes) {
                Ok(opened) => opened,
                Err(error) => return unreadable_file(errand.locator, &error),
            };
            match crew.examined(errand, &opened) {
                Ok(given) => return given,
                Err(error) if !crew.may_do_without() => return unattended(errand, &opened, &error),
                Err(_) => {}
            }
        }
        self.here(bytes, errand)
    }

    /// What a layer of an image has in it; read here only where there are no workers.
    pub(crate) fn layer(&self, path: &Path, locator: &Locator) -> io::Result<Layer> {
        let mut opened = Opened::at(path)?;
        #[cfg(target_os = "linux")]
        if let Some(crew) = &self.crew {
            let errand = Errand { locator, owned_path: "", is_target: false, is_listed: true };
            match crew.examined(&errand, &opened) {
                Ok(Yielded { layer: Some(listed), .. }) => return listed.layer(),
                Ok(_) => return Err(io::Error::other("its reader failed on it")),
                Err(error) if !crew.may_do_without() => return Err(error),
                Err(_) => {}
            }
        }
        layer(&opened.bytes()?, &name_of(locator))
    }

    /// What our own readers say, where they are the only ones to speak.
    #[cfg(target_os = "linux")]
    fn ours(&self, bytes: &[u8], errand: &Errand<'_>) -> Option<Yielded> {
        let name = name_of(errand.locator);
        examined(bytes, || self.means.is_ours(bytes, &name).then(|| self.looked_at(bytes, errand)))
    }

    fn here(&self, bytes: &[u8], errand: &Errand<'_>) -> Yielded {
        examined(bytes, || self.looked_at(bytes, errand))
    }

    fn looked_at(&self, bytes: &[u8], errand: &Errand<'_>) -> Yielded {
        let cells = Cells::default();
        let trace = Trace::new(&cells, &[]);
        let repeats = Repeats::default();
        let watch = Watch { trace: &trace, ..self.means.watch };
        let means = Means { watch, repeats: Some(&repeats), ..*self.means };
        let Errand { locator, owned_path, is_target, .. } = *errand;
        let subject = Subject { locator, owned_path, bytes, renames: &[], around: None, is_target };
        let mut out = Yielded::default();
        means.looked_at(&subject, &mut Budget::of(means.limits(), bytes.len()), &mut out);
        out
    }
}

/// A file that is not what it was.
fn changed(locator: &Locator, detail: &str) -> Gap {
    let unseen = Unseen::new(GapReason::Changed, detail).needing("a run over files that nobody writes");
    gap_on(locator, "scan", None, unseen)
}

/// Says of a file that fewer bytes of it were to be had than it has.
pub(crate) fn told_short(opened: &Opened, bytes: &Bytes, locator: &Locator, out: &mut Yielded) {
    if opened.falls_short(bytes) {
        let detail = format!("{} bytes of its {} were to be had", bytes.len(), opened.size());
        out.gaps.push(changed(locator, &detail));
    }
}

/// A file for which no worker was to be had, where there must be one.
#[cfg(target_os = "linux")]
fn unattended(errand: &Errand<'_>, opened: &Opened, error: &io::Error) -> Yielded {
    let detail = format!("no worker process was to be had for it: {}", error.kind());
    nothing(errand, opened, Unseen::new(GapReason::Unreadable, detail).needing("room for one more process"))
}

/// A file that the operating system does not give.
pub(crate) fn unreadable_file(locator: &Locator, error: &io::Error) -> Yielded {
    let formats = [("unreadable".to_owned(), 1)].into();
    Yielded { artifacts: 1, formats, gaps: vec![unreadable(locator, error)], ..Yielded::default() }
}
