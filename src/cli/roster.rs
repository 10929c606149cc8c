//! Loads a roster: every `*.yaml` file of a directory and of its folders.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::{fs, io};

use anyhow::Context as _;

use crate::manifest::{self, Folder, Importing, Mistakes, Roster, Source, Sources, Warning};
use crate::model::Desired;
use crate::report::of_system;
use crate::yaml::{MOST_BYTES, did_you_mean, nearest};

use super::left_out::{LeftOutParts, LinkedFolder, ensure_stored, hidden, is_of_system};
use super::terminal::Terminal;
use crate::cli::files::database_file::{self, Presence};
use crate::cli::files::path_text::shown;
use crate::cli::files::state_dir;

/// The most bytes read from one file: one more than `manifest` accepts, so that it can report the file as too large.
const LIMIT: u64 = MOST_BYTES as u64 + 1;

/// The result of loading a roster.
pub(in crate::cli) enum Loaded {
    /// The roster is valid.
    Roster(Roster),
    /// The roster has these mistakes.
    Mistakes(Mistakes),
}

/// Reads the roster files of a directory and of its folders.
///
/// # Errors
/// Fails if a directory or a file cannot be read, or if there is no YAML file: an unreadable file never counts as an empty one.
pub(in crate::cli) fn load(directory: &Path, terminal: Terminal) -> anyhow::Result<Loaded> {
    load_warning(directory, terminal, &|_| true)
}

/// Loads a roster, and prints only some of its warnings.
fn load_warning(directory: &Path, terminal: Terminal, is_meant: &dyn Fn(&Warning) -> bool) -> anyhow::Result<Loaded> {
    let mut files = RosterFiles::read(directory, terminal)?;
    Ok(files.parse(Importing::Nothing, terminal, is_meant))
}

/// The files of a roster.
pub(in crate::cli) struct RosterFiles {
    directory: PathBuf,
    /// Their content; of a large one, only the beginning.
    pub(in crate::cli) sources: Sources,
    sizes: BTreeMap<String, u64>,
    left_out: LeftOutParts,
}

impl RosterFiles {
    /// Reads the files of a directory and of its folders.
    ///
    /// # Errors
    /// See [`load`].
    pub(in crate::cli) fn read(directory: &Path, terminal: Terminal) -> anyhow::Result<Self> {
        let (mut files, mut sizes, mut left_out) = (Vec::new(), BTreeMap::new(), LeftOutParts::default());
        for name in names(directory, &mut left_out, terminal)? {
            let path = directory.join(&name);
            let (bytes, size) = read(&path).with_context(|| format!("cannot read `{}`", shown(&path)))?;
            sizes.insert(name.clone(), size);
            files.push(Source { name, bytes });
        }
        keep_apart();
        Ok(Self { directory: directory.to_owned(), sources: Sources { files }, sizes, left_out })
    }

    /// Gives what the folder says besides its files to a function.
    pub(in crate::cli) fn with_folder<T>(&self, importing: Importing<'_>, work: impl FnOnce(&Folder<'_>) -> T) -> T {
        let is_created =
            |desired: &Desired| database_file::path_of(desired, &self.directory).is_some_and(|path| Presence::look(&path).may_be_there());
        work(&Folder { sizes: &self.sizes, is_created: &is_created, importing })
    }

    fn parse(&mut self, importing: Importing<'_>, terminal: Terminal, is_meant: &dyn Fn(&Warning) -> bool) -> Loaded {
        match self.with_folder(importing, |folder| manifest::read_folder(&self.sources, folder)) {
            Ok(mut roster) => {
                std::mem::take(&mut self.left_out).note_in(&mut roster.workspaces);
                for warning in roster.warnings.iter().filter(|warning| is_meant(warning)) {
                    terminal.say(&warning.render(terminal.colors_stderr()));
                }
                Loaded::Roster(roster)
            }
            Err(mistakes) => Loaded::Mistakes(mistakes),
        }
    }

    /// Reads the roster into which a workspace is imported, or shows its mistakes and returns `None`. Warnings are left to `validate`.
    pub(in crate::cli) fn load_to_import(&mut self, terminal: Terminal) -> Option<Roster> {
        self.parse(Importing::Everything, terminal, &|_| false).or_show(terminal)
    }
}

/// Loads a roster, or shows its mistakes and returns `None`.
///
/// # Errors
/// See [`load`].
pub(in crate::cli) fn load_or_show(directory: &Path, terminal: Terminal) -> anyhow::Result<Option<Roster>> {
    Ok(load(directory, terminal)?.or_show(terminal))
}

/// Loads a roster for the command that writes lists of users: it needs no warning that there is none yet, nor
/// that there are no users.
///
/// # Errors
/// See [`load`].
pub(in crate::cli) fn load_for_list(directory: &Path, terminal: Terminal) -> anyhow::Result<Option<Roster>> {
    Ok(load_warning(directory, terminal, &|warning| !["snapshot", "no-users"].contains(&warning.details().code()))?.or_show(terminal))
}

/// Loads a roster again: its warnings are known.
///
/// # Errors
/// See [`load`].
pub(in crate::cli) fn load_again(directory: &Path, terminal: Terminal) -> anyhow::Result<Option<Roster>> {
    Ok(load_warning(directory, terminal, &|_| false)?.or_show(terminal))
}

impl Loaded {
    fn or_show(self, terminal: Terminal) -> Option<Roster> {
        match self {
            Self::Roster(roster) => Some(roster),
            Self::Mistakes(mistakes) => {
                show(&mistakes, terminal);
                None
            }
        }
    }
}

/// Keeps a place between the texts of a roster and its trees, which come next. Without it they are one large piece when they are freed, and
/// the allocator fills smaller pieces that it never used first. Nothing is written there, so that it takes no memory.
fn keep_apart() {
    const LARGE: usize = 256 * 1024;
    static PLACE: OnceLock<Vec<u8>> = OnceLock::new();
    PLACE.get_or_init(|| Vec::with_capacity(LARGE));
}

/// Shows every mistake with its file and line.
pub(in crate::cli) fn show(mistakes: &Mistakes, terminal: Terminal) {
    terminal.say(&mistakes.render("in the roster", terminal.colors_stderr()));
}

/// Lists the YAML files below a directory by their relative names, sorted. Hidden files and folders are left out.
fn names(directory: &Path, left_out: &mut LeftOutParts, terminal: Terminal) -> anyhow::Result<Vec<String>> {
    if directory.is_file() {
        let folder = directory.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
        anyhow::bail!("`{}` is a file: give the folder that contains the roster files, `{}`", shown(directory), shown(folder));
    }
    anyhow::ensure!(
        directory.is_dir(),
        "cannot read the roster directory `{}`: give the directory that contains the YAML files",
        shown(directory)
    );
    ensure_stored(directory)?;
    let mut names = Vec::new();
    let mut folders = VecDeque::from([PathBuf::new()]);
    let mut links = VecDeque::new();
    let mut seen = BTreeSet::new();
    let mut followed: Vec<LinkedFolder> = Vec::new();
    let mut adding = Vec::new();
    // Links come last: a folder that is in the roster has its own name, and one that leads back is not read again.
    while let Some(folder) = folders.pop_front().or_else(|| followed_link(&mut links, &mut followed)) {
        let path = directory.join(&folder);
        let why = || format!("cannot read the folder `{}`", shown(&path));
        let real = path.canonicalize().with_context(why)?;
        let mut behind = followed.iter_mut().find(|link| link.has(&folder));
        behind.as_ref().map_or(Ok(()), |link| link.enter(&real))?;
        if !seen.insert(real) {
            continue;
        }
        let mut entries = fs::read_dir(&path).with_context(why)?.collect::<Result<Vec<_>, _>>().with_context(why)?;
        entries.sort_by_key(fs::DirEntry::file_name);
        for entry in entries {
            let relative = folder.join(entry.file_name());
            left_out.pass(directory, &relative)?;
            if entry.file_name().as_encoded_bytes().starts_with(b".") {
                hidden(directory, &relative, left_out, terminal);
                continue;
            }
            let found = fs::metadata(entry.path());
            match roster_file(&relative, &entry.path(), found, left_out, terminal)? {
                FolderEntry::File(name) => names.push(name),
                // A link that leads back, also to the roster's own folder.
                FolderEntry::Folder if entry.path().canonicalize().is_ok_and(|real| seen.contains(&real)) => {}
                FolderEntry::Folder => match users_of_another(&relative, &entry.path())? {
                    Some(theirs) => {
                        adding.extend(theirs);
                        left_out.folder(&relative);
                        let said =
                            format!("`{}` has its own `.rosterctl` folder, so it is another roster and is not read", shown(&relative));
                        terminal.warn(&said);
                    }
                    None if entry.path().is_symlink() => links.push_back(relative),
                    None => folders.push_back(relative),
                },
                FolderEntry::Other => behind.as_mut().map_or(Ok(()), |link| link.pass())?,
            }
        }
    }
    names.sort_unstable();
    for (file, workspace) in adding {
        let has_it =
            |name: &String| read(&directory.join(name)).is_ok_and(|(bytes, _)| manifest::workspace_in(&bytes).as_ref() == Some(&workspace));
        anyhow::ensure!(!names.iter().any(has_it), adds_users(&file));
    }
    if let Some(copies) = left_out.copies() {
        terminal.say(&copies);
    }
    anyhow::ensure!(
        !names.is_empty(),
        "there is no .yaml file in `{}`: give the directory that contains the roster, as in `rosterctl plan examples/glow`",
        shown(directory)
    );
    Ok(names)
}

/// Takes the next link to a folder, which is followed from now on.
fn followed_link(links: &mut VecDeque<PathBuf>, followed: &mut Vec<LinkedFolder>) -> Option<PathBuf> {
    let link = links.pop_front()?;
    followed.push(LinkedFolder::new(link.clone()));
    Some(link)
}

/// Returns the files with which a folder that has its own state adds users to workspaces of its own; `None` if it has no state. Such a folder is
/// planned and applied by itself: its workspaces are not those of the roster around it.
///
/// # Errors
/// Fails if such a folder may add users to a workspace of another one, also from a folder inside it. Without them, the workspace would lose
/// these users.
fn users_of_another(relative: &Path, folder: &Path) -> anyhow::Result<Option<Vec<(PathBuf, String)>>> {
    if !folder.join(state_dir::NAME).is_dir() {
        return Ok(None);
    }
    let why = || format!("cannot read the folder `{}`", shown(folder));
    let (mut seen, mut folders) = (BTreeSet::new(), vec![PathBuf::new()]);
    let (mut own, mut adding, mut linked) = (BTreeSet::new(), Vec::new(), LinkedFolder::new(relative.to_owned()));
    while let Some(inside) = folders.pop() {
        let path = folder.join(&inside);
        let real = path.canonicalize().with_context(why)?;
        linked.enter(&real)?;
        if !seen.insert(real) {
            continue;
        }
        for entry in fs::read_dir(&path).with_context(why)? {
            let entry = entry.with_context(why)?;
            if entry.file_name().as_encoded_bytes().starts_with(b".") {
                continue;
            }
            let (path, inside) = (entry.path(), inside.join(entry.file_name()));
            if path.is_dir() {
                folders.push(inside);
                continue;
            }
            if path.extension().is_some_and(|e| e.eq_ignore_ascii_case("yaml")) && path.is_file() {
                let (bytes, _) = read(&path).with_context(why)?;
                own.extend(manifest::workspace_in(&bytes));
                adding.extend(manifest::may_add_users(&bytes).then(|| (relative.join(inside), manifest::users_of_in(&bytes))));
            } else if folder.is_symlink() {
                linked.pass()?;
            }
        }
    }
    let to_own = |(file, workspace): (PathBuf, Option<String>)| match workspace.filter(|workspace| own.contains(workspace)) {
        Some(workspace) => Ok((file, workspace)),
        None => Err(anyhow::anyhow!(adds_users(&file))),
    };
    adding.into_iter().map(to_own).collect::<anyhow::Result<Vec<_>>>().map(Some)
}

/// Says that a file of a folder with its own state adds users to a workspace.
fn adds_users(file: &Path) -> String {
    format!(
        "`{}` adds users to a workspace, but its folder has its own `.rosterctl` folder, as another roster has: move the file to another folder; \
         leave `.rosterctl` where it is, since it may have the database of a workspace",
        shown(file)
    )
}

/// An entry of a folder.
enum FolderEntry {
    /// A roster file, with its name.
    File(String),
    /// A folder, which may contain more.
    Folder,
    /// A file that does not belong to the roster.
    Other,
}

/// Says what an entry of a folder is to the roster.
fn roster_file(
    relative: &Path,
    path: &Path,
    found: io::Result<fs::Metadata>,
    left_out: &mut LeftOutParts,
    terminal: Terminal,
) -> anyhow::Result<FolderEntry> {
    let ends_in = |extension: &str| relative.extension().is_some_and(|e| e.eq_ignore_ascii_case(extension));
    if let Err(why) = &found
        && !ends_in("yaml")
        && may_be_folder(path)
    {
        // The users in it would count as gone.
        anyhow::bail!(
            "cannot tell whether `{}` is a folder of the roster: {}",
            shown(relative),
            if path.is_symlink() && why.kind() == io::ErrorKind::NotFound {
                "it is a link that leads nowhere. Restore what it leads to, or remove the link".to_owned()
            } else {
                of_system(why)
            }
        );
    }
    if found.is_err() && path.is_symlink() && !ends_in("yaml") {
        terminal.warn(&format!("`{}` is a link that leads nowhere, and is ignored", shown(relative)));
    }
    let is_folder = found.as_ref().is_ok_and(fs::Metadata::is_dir);
    if ends_in("yml") && !is_folder {
        left_out.file(relative, path);
        terminal.warn(&format!("`{}` is ignored: the names of roster files end in .yaml, so rename it", shown(relative)));
    }
    if !ends_in("yaml") && !ends_in("yml") && !is_folder && left_out.misnamed(relative, path) {
        terminal.warn(&format!("`{}` is ignored: the names of roster files end in .yaml, so rename it", shown(relative)));
    }
    if !ends_in("yaml") {
        return Ok(if is_folder { FolderEntry::Folder } else { FolderEntry::Other });
    }
    let name = relative.to_str().with_context(|| not_utf8(relative))?;
    // Reading a pipe would wait forever, and skipping a folder would silently leave out its content.
    let target = found.with_context(|| format!("cannot read `{}`", shown(path)))?;
    let is_of_system = || path.is_symlink() && path.canonicalize().is_ok_and(|real| is_of_system(&real));
    if !target.is_file() || is_of_system() {
        let what = if target.is_dir() { "a folder" } else { "not a regular file" };
        anyhow::bail!("`{}` is {what}, but its name ends in .yaml: rename it, or remove it from the roster", shown(path));
    }
    Ok(FolderEntry::File(name.to_owned()))
}

/// Ends of names that files have, and folders hardly ever.
const OF_FILES: [&str; 20] = [
    "txt", "md", "json", "yaml", "yml", "csv", "tsv", "xlsx", "ods", "html", "pdf", "log", "plan", "sh", "py", "js", "toml", "lock", "db",
    "key",
];

/// Returns whether something that could not be looked at may be a folder of users: a link into a folder that is not mounted now, say.
fn may_be_folder(path: &Path) -> bool {
    let target = fs::read_link(path).unwrap_or_else(|_| path.to_owned());
    let is_file = target.extension().is_some_and(|end| OF_FILES.iter().any(|of_file| end.eq_ignore_ascii_case(of_file)));
    // A link that leads to itself is nothing.
    let is_nothing = path.is_symlink() && path.parent().is_some_and(|folder| folder.join(target) == path);
    !is_file && !is_nothing
}

/// Says which part of a path is not UTF-8.
fn not_utf8(path: &Path) -> String {
    let mut names = path.iter().scan(PathBuf::new(), |folder, name| {
        folder.push(name);
        Some((folder.clone(), name.to_str().is_some()))
    });
    let folder = names.find(|(_, is_utf8)| !is_utf8).map(|(folder, _)| folder).filter(|folder| folder != path);
    match folder {
        Some(folder) => format!("the folder name `{}` is not UTF-8: rename the folder", shown(&folder)),
        None => format!("the file name `{}` is not UTF-8: rename the file", shown(path)),
    }
}

/// Reads a file, and returns its size in bytes; one that is too large is not read to its end.
pub(in crate::cli) fn read(path: &Path) -> io::Result<(Vec<u8>, u64)> {
    use std::io::Read as _;
    let file = fs::File::open(path)?;
    let size = file.metadata()?.len();
    // Reserving the room at once avoids a second copy of the bytes while the buffer grows.
    let room = usize::try_from(size.min(LIMIT)).unwrap_or_default();
    let mut bytes = Vec::with_capacity(room + 1);
    file.take(LIMIT).read_to_end(&mut bytes)?;
    let read = bytes.len() as u64;
    Ok((bytes, size.max(read)))
}

/// Finds a workspace by its name among those of a place, such as a roster.
///
/// # Errors
/// Says which one was probably meant, or which ones there are.
pub(in crate::cli) fn find_workspace<'d>(workspaces: &'d [Desired], name: &str, place: &str) -> anyhow::Result<&'d Desired> {
    let known = || workspaces.iter().map(|desired| desired.workspace.clone()).collect::<Vec<_>>();
    let found = workspaces.iter().find(|desired| desired.workspace == name);
    found.ok_or_else(|| anyhow::anyhow!(no_workspace(place, name, &known())))
}

/// Says that a place, such as the roster, does not have a workspace, and which one was probably meant, or which ones it has.
pub(in crate::cli) fn no_workspace(place: &str, name: &str, known: &[String]) -> String {
    let hint = nearest(name, known).map_or_else(|| format!("it has {}", known.join(", ")), did_you_mean);
    format!("{place} has no workspace `{name}`: {hint}")
}
