//! The files of a roster, read together.

use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use crate::yaml::{self, Finding, Lines, Mistakes, NodeKind, NodeRef, Sink, Span, Spot, one_of};

use super::attached::{StartConditions, Workspaces, begin, find_lists, unknown_workspace};
use super::connections::find_shared;
use super::definition::{DEFINE_PLATFORM, Definitions};
use super::entries::{UsersOfEntry, WaiversEntry};
use super::file::File;
use super::file_read::{FileRead, Unfinished, What, conclude};
use super::keys;
use super::part::{PartKind, USERS_OF, WorkspaceFile, conflict, part, too_large, workspace_in};
use super::server::{self, SERVER};
use super::snapshot::SNAPSHOT;
use super::snapshot::entries::SnapshotEntry;
use super::sources::{Folder, Importing, Roster, Source, Sources};
use super::waivers::waivers;
use super::workspace::{MISSING, RosterWorkspace, workspace};

/// The most files that are read at a time.
const THREADS: usize = 4;

/// Reads a roster: the desired state of every workspace, or every mistake in all files.
///
/// # Errors
/// All mistakes, each with file, line and column; never empty.
pub fn read(sources: &Sources) -> Result<Roster, Mistakes> {
    read_folder(sources, &Folder { sizes: &BTreeMap::new(), is_created: &|_| false, importing: Importing::Nothing })
}

/// Reads the roster of a folder.
///
/// # Errors
/// See [`read`].
pub fn read_folder(sources: &Sources, folder: &Folder<'_>) -> Result<Roster, Mistakes> {
    let sizes = folder.sizes;
    let mut files: Vec<&Source> = sources.files.iter().collect();
    files.sort_by(|a, b| a.name.cmp(&b.name));
    let parts: Vec<Option<WorkspaceFile<'_>>> = in_parallel(files.len(), |i| files.get(i).and_then(|file| part(file)));
    let mut definitions = Definitions::read(&files, &|file| too_large(file, sizes).is_none());
    let mut reads: Vec<FileRead<'_>> = in_parallel(files.len(), |i| {
        let Some(file) = files.get(i) else { return FileRead::default() };
        match too_large(file, sizes) {
            None if definitions.has(i) => FileRead::default(),
            Some(finding) => FileRead { sink: Sink { found: vec![finding], more: 0 }, what: What::Nothing },
            None => read_one(file, i, &files, Before { parts: &parts, definitions: &definitions, folder }),
        }
    });
    for (i, sink) in definitions.take_sinks() {
        if let Some(read) = reads.get_mut(i) {
            read.sink = sink;
        }
    }
    let unreadable = unreadable(&files, &reads);
    let mut workspaces = collect(&mut reads);
    find_workspaces(&parts, &mut reads, &workspaces, &unreadable);
    find_shared(&mut reads, &workspaces);
    find_lists(&files, &parts, &mut reads, &mut workspaces);
    hand_out_waivers(&mut reads, &mut workspaces, &unreadable);
    begin(&files, &mut reads, &mut workspaces, &StartConditions { unreadable: &unreadable, is_created: folder.is_created });
    conclude(&files, reads, workspaces)
}

/// The workspaces whose own file could not be read at all: other files may name them.
fn unreadable(files: &[&Source], reads: &[FileRead<'_>]) -> Vec<String> {
    let is_unread = |read: &FileRead<'_>| read.what.is_nothing() && !read.sink.found.is_empty();
    files.iter().zip(reads).filter(|(_, read)| is_unread(read)).filter_map(|(file, _)| workspace_in(&file.bytes)).collect()
}

/// Takes the workspaces from the files, and reports a name that is given twice.
fn collect(reads: &mut [FileRead<'_>]) -> BTreeMap<String, (usize, Box<RosterWorkspace>)> {
    let mut workspaces: BTreeMap<String, (usize, Box<RosterWorkspace>)> = BTreeMap::new();
    let mut unfinished: BTreeMap<String, (usize, Span)> = BTreeMap::new();
    let twice = |name: &str, at: Span, (first, place): (usize, Span)| {
        Finding::new("duplicate-workspace", at, format!("the workspace `{name}` is given twice"))
            .hint(format!(
                "to split a workspace over several files, begin this file with `users_of: {name}` and keep only `users:` in it; if this is \
                 another workspace, choose another name"
            ))
            .also_in(first, place, "first given here")
    };
    for i in 0..reads.len() {
        let Some(read) = reads.get_mut(i) else { break };
        let Some(found) = read.what.take_workspace() else { continue };
        let name = found.desired.workspace.clone();
        match workspaces.get(&name) {
            Some((first, other)) if !name.is_empty() => read.sink.push(twice(&name, found.name, (*first, other.name))),
            _ => {
                workspaces.insert(name, (i, found));
            }
        }
    }
    for (i, read) in reads.iter_mut().enumerate() {
        let What::Unfinished(Unfinished { name, place, has_platform }) = &read.what else { continue };
        let first = workspaces.get(name).map(|(first, other)| (*first, other.name)).or_else(|| unfinished.get(name).copied());
        let Some(first) = first else {
            unfinished.insert(name.clone(), (i, *place));
            continue;
        };
        if !has_platform {
            // What such a file lacks is in the other one.
            read.sink.found.retain(|finding| finding.code != MISSING || finding.spot != Spot::Text(*place));
        }
        read.sink.push(twice(name, *place, first));
    }
    for (_, workspace) in workspaces.values_mut() {
        for (i, sink) in std::mem::take(&mut workspace.more) {
            if let Some(read) = reads.get_mut(i) {
                read.sink = sink;
            }
        }
    }
    workspaces
}

/// Reports files whose workspace does not exist.
fn find_workspaces(parts: &[Option<WorkspaceFile<'_>>], reads: &mut [FileRead<'_>], workspaces: &Workspaces, unreadable: &[String]) {
    let unfinished = |read: &FileRead<'_>| if let What::Unfinished(found) = &read.what { Some(found.name.clone()) } else { None };
    let known: Vec<String> =
        workspaces.keys().cloned().chain(reads.iter().filter_map(unfinished)).chain(unreadable.iter().cloned()).collect();
    for (i, (part, read)) in parts.iter().zip(reads).enumerate() {
        let Some(part) = part else { continue };
        if !known.contains(&part.workspace) {
            let file = part.file(Arc::from(""), i);
            if let Some(root) = part.tree.root() {
                match part.kind {
                    PartKind::Users => drop(file.decoder.decode::<UsersOfEntry>(root)),
                    PartKind::Snapshot => drop(file.decoder.decode::<SnapshotEntry>(root)),
                }
            }
            read.sink = file.decoder.into_sink();
            // A value that is not a text names no workspace.
            if !read.sink.found.iter().any(|finding| finding.spot == Spot::Text(part.name)) {
                read.sink.push(unknown_workspace(part.name, &part.workspace, &known));
            }
        }
    }
}

/// Does a piece of work for each number below `count`, several at a time; the results are in order.
fn in_parallel<T: Default + Send>(count: usize, work: impl Fn(usize) -> T + Sync) -> Vec<T> {
    let next = AtomicUsize::new(0);
    let slots: Vec<Mutex<T>> = (0..count).map(|_| Mutex::default()).collect();
    let work = || {
        loop {
            let i = next.fetch_add(1, Ordering::Relaxed);
            let Some(slot) = slots.get(i) else { break };
            let done = work(i);
            *slot.lock().unwrap_or_else(PoisonError::into_inner) = done;
        }
    };
    // A file that is read is in memory several times: more files than there are processors only cost memory. Asking how many processors
    // there are reads files itself, which is not worth it for one.
    let threads = if count > 1 { std::thread::available_parallelism().map_or(1, NonZeroUsize::get).min(THREADS) } else { 1 };
    std::thread::scope(|scope| {
        for _ in 1..count.min(threads) {
            scope.spawn(work);
        }
        work();
    });
    slots.into_iter().map(|slot| slot.into_inner().unwrap_or_else(PoisonError::into_inner)).collect()
}

/// Everything that is read before the workspaces.
#[derive(Clone, Copy)]
struct Before<'b, 's> {
    /// The files that belong to workspaces.
    parts: &'b [Option<WorkspaceFile<'s>>],
    /// The platforms that the roster defines.
    definitions: &'b Definitions,
    folder: &'b Folder<'b>,
}

fn read_one<'s>(source: &'s Source, index: usize, files: &[&Source], before: Before<'_, 's>) -> FileRead<'s> {
    if before.parts.get(index).is_some_and(Option::is_some) {
        return FileRead::default();
    }
    let mut sink = Sink::default();
    let mut what = document(source, index, files, before, &mut sink).unwrap_or_default();
    what.pack();
    FileRead { sink, what }
}

/// Reads a workspace, with the users that other files add to it.
fn workspace_of<'s>(file: File<'_>, root: NodeRef<'_>, files: &[&Source], before: Before<'_, 's>, sink: &mut Sink) -> What<'s> {
    let Before { parts, definitions, folder } = before;
    let Some((key, value)) = root.entries().next() else { return What::Nothing };
    let (name, place, has_platform) = (value.text().to_owned(), key.span(), root.get("platform").is_some());
    let of_name = parts.iter().enumerate().filter_map(|(i, part)| Some((i, part.as_ref().filter(|part| part.workspace == name)?)));
    let (mut all, mut lists) = (vec![file], Vec::new());
    for (i, part) in of_name {
        let file = part.file(Arc::from(files.get(i).map_or("", |file| file.name.as_str())), i);
        match part.kind {
            PartKind::Users => all.push(file),
            PartKind::Snapshot => lists.push(file),
        }
    }
    let found = workspace(&mut all, &mut lists, root, folder, definitions);
    let mut sinks = all.into_iter().chain(lists).map(|file| (file.index, file.decoder.into_sink()));
    *sink = sinks.next().map(|(_, sink)| sink).unwrap_or_default();
    match found {
        Some(workspace) => What::Workspace(Box::new(RosterWorkspace { more: sinks.collect(), ..workspace })),
        None => What::Unfinished(Unfinished { name, place, has_platform }),
    }
}

fn document<'s>(source: &'s Source, index: usize, files: &[&Source], before: Before<'_, 's>, sink: &mut Sink) -> Option<What<'s>> {
    if let Some(finding) = conflict(&source.bytes) {
        sink.push(finding);
        return None;
    }
    let tree = yaml::tree(&source.bytes, sink)?;
    let text = tree.source();
    let lines = Lines::new(text);
    let Some(root) = tree.root().filter(|r| !r.is_null() && r.kind() == NodeKind::Map && r.entries().next().is_some()) else {
        let message =
            if tree.root().is_none_or(NodeRef::is_null) { "the file has no content" } else { "a document must consist of keys and values" };
        sink.push(
            Finding::at("empty", tree.root().map_or(Spot::File, |r| Spot::Text(r.span())), message)
                .hint("start the file with `workspace: NAME`, `users_of: WORKSPACE`, `snapshot: WORKSPACE`, `waivers:`, `start: WORKSPACE` or `define_platform: NAME`, or delete it"),
        );
        return None;
    };
    let (key, value) = root.entries().next()?;
    let file = File::new(Arc::from(source.name.as_str()), index, &tree, &lines, std::mem::take(sink));
    let what = match key.text() {
        "workspace" => return Some(workspace_of(file, root, files, before, sink)),
        "waivers" => {
            let entry: Option<WaiversEntry> = file.decoder.decode(root);
            entry.map(|entry| What::Waivers(waivers(&file, &entry.waivers, None)))
        }
        "start" => {
            let (name, workspace) = (value.span(), value.text().to_owned());
            *sink = file.decoder.into_sink();
            return Some(What::Start { tree, lines, workspace, name });
        }
        // `serve` reads it; in a roster, only its mistakes count.
        SERVER => {
            server::document(&file, root);
            None
        }
        other => {
            let known = ["workspace", USERS_OF, SNAPSHOT, "waivers", "start", DEFINE_PLATFORM, SERVER];
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
fn hand_out_waivers(reads: &mut [FileRead<'_>], workspaces: &mut Workspaces, unreadable: &[String]) {
    let names: Vec<String> = workspaces.keys().cloned().collect();
    for read in reads {
        let What::Waivers(list) = &mut read.what else { continue };
        for (waiver, place) in std::mem::take(list) {
            match workspaces.get_mut(&waiver.workspace) {
                Some((_, workspace)) => workspace.desired.waivers.push(waiver),
                None if unreadable.contains(&waiver.workspace) => {}
                None => read.sink.push(unknown_workspace(place, &waiver.workspace, &names)),
            }
        }
    }
}
