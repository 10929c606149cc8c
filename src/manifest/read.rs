//! The files of a roster, read together.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::path::Component;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use crate::model::{Connection, Desired, Waiver};
use crate::yaml::{self, Finding, Kind, Lines, Mark, Marks, Mistake, Mistakes, NodeRef, Sink, Span, Spot, Tree, Warning, one_of, suggest};

use super::entries::{StartEntry, WaiversEntry};
use super::file::File;
use super::keys;
use super::start::start;
use super::waivers::waivers;
use super::workspace::{Workspace, workspace};

/// How many files are read at a time at most.
const THREADS: usize = 4;

/// One file of a roster.
#[derive(Clone, Debug)]
pub struct Source {
    /// Its path relative to the roster directory, with `/` between the parts.
    pub name: String,
    /// Its content.
    pub bytes: Vec<u8>,
}

/// The files of a roster, in any order.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    /// Every YAML file below the roster directory, starts included.
    pub files: Vec<Source>,
}

/// The desired state that a roster describes.
#[derive(Clone, Debug)]
pub struct Roster {
    /// Workspaces, sorted by name.
    pub workspaces: Vec<Desired>,
    /// Warnings, sorted by file and place.
    pub warnings: Vec<Warning>,
}

/// The content of a file.
#[derive(Default)]
enum What<'s> {
    #[default]
    Nothing,
    Workspace(Box<Workspace>),
    Waivers(Vec<(Waiver, Span)>),
    /// Kept until its workspace is known.
    Start {
        tree: Tree<'s>,
        lines: Lines,
        workspace: String,
        name: Span,
    },
}

#[derive(Default)]
struct FileRead<'s> {
    sink: Sink,
    what: What<'s>,
}

/// Reads a roster: the desired state of every workspace, or every mistake in all files.
///
/// # Errors
/// All mistakes, each with file, line and column; never empty.
pub fn read(sources: &Sources) -> Result<Roster, Mistakes> {
    let mut files: Vec<&Source> = sources.files.iter().collect();
    files.sort_by(|a, b| a.name.cmp(&b.name));
    let mut reads = read_all(&files);
    let mut workspaces: BTreeMap<String, (usize, Box<Workspace>)> = BTreeMap::new();
    for i in 0..reads.len() {
        let Some(read) = reads.get_mut(i) else { break };
        let Some(found) = read.what.take_workspace() else { continue };
        let name = found.desired.workspace.clone();
        match workspaces.get(&name) {
            Some((first, other)) if !name.is_empty() => read.sink.push(
                Finding::new("duplicate-workspace", found.name, format!("two workspaces have the name `{name}`"))
                    .hint("rename one of the workspaces, or keep only one of the files")
                    .also_in(*first, other.name, "first given here"),
            ),
            _ => {
                workspaces.insert(name, (i, found));
            }
        }
    }
    hand_out_waivers(&mut reads, &mut workspaces);
    begin(&files, &mut reads, &mut workspaces);
    conclude(&files, reads, workspaces)
}

impl What<'_> {
    /// Returns the workspace if it is one.
    fn take_workspace(&mut self) -> Option<Box<Workspace>> {
        match std::mem::take(self) {
            Self::Workspace(workspace) => Some(workspace),
            other @ (Self::Nothing | Self::Waivers(_) | Self::Start { .. }) => {
                *self = other;
                None
            }
        }
    }
}

/// Reads the files separately, several at a time; the results are in the order of the files.
fn read_all<'s>(files: &[&'s Source]) -> Vec<FileRead<'s>> {
    let next = AtomicUsize::new(0);
    let slots: Vec<Mutex<FileRead<'s>>> = files.iter().map(|_| Mutex::default()).collect();
    let work = || {
        loop {
            let i = next.fetch_add(1, Ordering::Relaxed);
            let (Some(source), Some(slot)) = (files.get(i), slots.get(i)) else { break };
            let read = read_one(source);
            *slot.lock().unwrap_or_else(PoisonError::into_inner) = read;
        }
    };
    // A file that is read is in memory several times: more files than there are processors only cost memory.
    let threads = std::thread::available_parallelism().map_or(1, NonZeroUsize::get).min(THREADS);
    std::thread::scope(|scope| {
        for _ in 1..files.len().min(threads) {
            scope.spawn(work);
        }
        work();
    });
    slots.into_iter().map(|slot| slot.into_inner().unwrap_or_else(PoisonError::into_inner)).collect()
}

fn read_one(source: &Source) -> FileRead<'_> {
    let mut sink = Sink::default();
    let what = document(source, &mut sink).unwrap_or_default();
    FileRead { sink, what }
}

fn document<'s>(source: &'s Source, sink: &mut Sink) -> Option<What<'s>> {
    let tree = yaml::tree(&source.bytes, sink)?;
    let text = tree.source();
    let lines = Lines::new(text);
    let Some(root) = tree.root().filter(|r| !r.is_null() && r.kind() == Kind::Map && r.entries().next().is_some()) else {
        let message =
            if tree.root().is_none_or(NodeRef::is_null) { "the file has no content" } else { "a document must consist of keys and values" };
        sink.push(
            Finding::at("empty", tree.root().map_or(Spot::File, |r| Spot::Text(r.span())), message)
                .hint("start the file with `workspace: NAME`, `waivers:` or `start: WORKSPACE`, or delete it"),
        );
        return None;
    };
    let (key, value) = root.entries().next()?;
    let mut file = File::new(Arc::from(source.name.as_str()), &tree, &lines, std::mem::take(sink));
    let what = match key.text() {
        "workspace" => workspace(&mut file, root).map(|w| What::Workspace(Box::new(w))),
        "waivers" => {
            let entry: Option<WaiversEntry> = file.decoder.decode(root);
            entry.map(|entry| What::Waivers(waivers(&file, &entry.waivers, None)))
        }
        "start" => {
            let (name, workspace) = (value.span(), value.text().to_owned());
            *sink = file.decoder.into_sink();
            return Some(What::Start { tree, lines, workspace, name });
        }
        other => {
            let known = ["workspace", "waivers", "start"];
            let finding = match other {
                "people" | "coverage" => {
                    Finding::new("next-release", key.span(), keys::next_release(other)).hint("move the file out of the roster for now")
                }
                _ => Finding::new("unknown-document", key.span(), format!("a document cannot begin with `{other}`"))
                    .hint(format!("its first key must be {}", one_of(&known))),
            };
            file.push(finding);
            None
        }
    };
    *sink = file.decoder.into_sink();
    what
}

/// Gives each waiver to its workspace.
fn hand_out_waivers(reads: &mut [FileRead<'_>], workspaces: &mut BTreeMap<String, (usize, Box<Workspace>)>) {
    let names: Vec<String> = workspaces.keys().cloned().collect();
    for read in reads {
        let What::Waivers(list) = &mut read.what else { continue };
        for (waiver, place) in std::mem::take(list) {
            match workspaces.get_mut(&waiver.workspace) {
                Some((_, workspace)) => workspace.desired.waivers.push(waiver),
                None => read.sink.push(
                    Finding::new("unknown-workspace", place, format!("there is no workspace `{}` in this roster", waiver.workspace))
                        .hint(suggest(&waiver.workspace, &names)),
                ),
            }
        }
    }
}

/// Reads the start files of embedded workspaces.
fn begin(files: &[&Source], reads: &mut [FileRead<'_>], workspaces: &mut BTreeMap<String, (usize, Box<Workspace>)>) {
    let mut used = vec![false; files.len()];
    for (at, workspace) in workspaces.values_mut() {
        let Some((path, span)) = workspace.start.clone() else { continue };
        let refuse = |reads: &mut [FileRead<'_>], message: String, hint: &str| {
            if let Some(read) = reads.get_mut(*at) {
                read.sink.push(Finding::new("start", span, message).hint(hint));
            }
        };
        let Some(i) = files.iter().position(|f| Some(&f.name) == plain(&path).as_ref()) else {
            refuse(
                reads,
                format!("`{path}` is not a file in this roster"),
                "write the path of a start file relative to the roster directory; the file must begin with `start:`",
            );
            continue;
        };
        let Some(read) = reads.get_mut(i) else { continue };
        let What::Start { tree, lines, workspace: whose, .. } = &read.what else {
            if read.sink.found.is_empty() {
                refuse(reads, format!("`{path}` is not a start file"), "its first key must be `start:` with the name of this workspace");
            }
            continue;
        };
        if *whose != workspace.desired.workspace {
            let message = format!("`{path}` is the start file of `{whose}`");
            refuse(reads, message, "give the path of this workspace's own start file");
            continue;
        }
        let Some(slot) = used.get_mut(i) else { continue };
        *slot = true;
        let Some(root) = tree.root() else { continue };
        let name = files.get(i).map_or_else(|| Arc::from(""), |f| Arc::from(f.name.as_str()));
        let mut file = File::new(name, tree, lines, std::mem::take(&mut read.sink));
        let begun = start(&mut file, root, &workspace.desired);
        read.sink = file.decoder.into_sink();
        if let Connection::Embedded { start, .. } = &mut workspace.desired.connection {
            *start = begun;
        }
    }
    for (read, used) in reads.iter_mut().zip(used) {
        let What::Start { tree, lines, workspace, name } = &read.what else { continue };
        if used {
            continue;
        }
        let file = File::new(Arc::from(""), tree, lines, std::mem::take(&mut read.sink));
        if let Some(root) = tree.root() {
            let _ = file.decoder.decode::<StartEntry>(root);
        }
        let finding = if workspaces.contains_key(workspace) {
            Finding::new("unused-start", *name, format!("`{workspace}` does not use this start file"))
                .hint("add it to the workspace: `connection: { embedded: { start: FILE } }`")
                .warning()
        } else {
            let known: Vec<&String> = workspaces.keys().collect();
            Finding::new("unknown-workspace", *name, format!("there is no workspace `{workspace}` in this roster"))
                .hint(suggest(workspace, &known))
        };
        file.push(finding);
        read.sink = file.decoder.into_sink();
    }
}

/// A path without `./` parts; `None` where it leaves the roster.
fn plain(path: &str) -> Option<String> {
    let mut parts = Vec::new();
    for part in std::path::Path::new(path).components() {
        match part {
            Component::Normal(part) => parts.push(part.to_str()?),
            Component::CurDir => {}
            Component::Prefix(_) | Component::RootDir | Component::ParentDir => return None,
        }
    }
    Some(parts.join("/"))
}

/// Mistakes, or else the roster with its warnings.
fn conclude(
    files: &[&Source],
    reads: Vec<FileRead<'_>>,
    workspaces: BTreeMap<String, (usize, Box<Workspace>)>,
) -> Result<Roster, Mistakes> {
    let marks: Vec<Option<Marks<'_>>> = files
        .iter()
        .zip(&reads)
        .map(|(file, read)| {
            let pointed_at = reads.iter().any(|r| r.sink.found.iter().any(|f| matches!(f.also, Some((Some(_), ..)))));
            (pointed_at || !read.sink.found.is_empty()).then(|| Marks::new(&file.name, &file.bytes, &read.sink.found, keys::SECRETS))
        })
        .collect();
    let (mut list, mut warnings, mut more) = (Vec::new(), Vec::new(), 0);
    for (i, read) in reads.into_iter().enumerate() {
        more += read.sink.more;
        let mut found = read.sink.found;
        found.sort_by_key(|f| f.spot);
        for finding in found {
            let mark_of = |file: usize, spot: Spot, unparsed| -> Option<Mark> { Some(marks.get(file)?.as_ref()?.mark(spot, unparsed)) };
            let Some(mark) = mark_of(i, finding.spot, finding.unparsed) else { continue };
            let also = finding
                .also
                .and_then(|(file, span, label)| mark_of(file.unwrap_or(i), Spot::Text(span), finding.unparsed).map(|m| (m, label)));
            let warning = finding.warning;
            let mistake = Mistake::new(&finding, mark, also);
            if warning { warnings.push(Warning(mistake)) } else { list.push(mistake) }
        }
    }
    if list.is_empty() {
        let workspaces = workspaces.into_values().map(|(_, workspace)| workspace.desired).collect();
        return Ok(Roster { workspaces, warnings });
    }
    Err(Mistakes { list, more })
}
