//! Finds the files that define platforms, and reads them before the workspaces that use them.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::manifest::file::File;
use crate::manifest::part::{begins_with_key, may_begin_with};
use crate::manifest::sources::Source;
use crate::platform::{Platform, built_in, named};
use crate::yaml::{self, Finding, Given, Lines, NodeKind, Sink, Span, Tree, suggest};

use super::read::{DEFINE_PLATFORM, definition};

/// The platforms that a roster defines.
#[derive(Default)]
pub(in crate::manifest) struct Definitions {
    /// By key; `None` if its mistakes leave open what a workspace can say.
    platforms: BTreeMap<String, Option<&'static Arc<Platform>>>,
    /// The findings in each file that defines a platform, by position in the roster.
    sinks: BTreeMap<usize, Sink>,
}

/// A file that defines a platform.
struct DefinitionFile<'s> {
    tree: Tree<'s>,
    lines: Lines,
    /// The key of the platform, and its place.
    word: String,
    name: Span,
}

impl Definitions {
    /// Reads the definitions in the files of a roster.
    pub(in crate::manifest) fn read(files: &[&Source], is_readable: &dyn Fn(&Source) -> bool) -> Self {
        let mut definitions = Self::default();
        let mut first: BTreeMap<String, (usize, Span)> = BTreeMap::new();
        for (index, source) in files.iter().enumerate().filter(|(_, source)| is_readable(source)) {
            let Some(found) = find(source) else {
                // Its own mistake is enough: the workspaces that use it have none.
                let word = begins_with_key(&source.bytes, DEFINE_PLATFORM);
                definitions.platforms.extend(word.map(|word| (word, None)));
                continue;
            };
            let file = File::new(Arc::from(source.name.as_str()), index, &found.tree, &found.lines, Sink::default());
            let known = first.get(&found.word).copied();
            let is_new = known.is_none() && named(&found.word).is_none();
            let platform = is_new.then(|| found.tree.root().and_then(|root| definition(&file, root))).flatten();
            let mut sink = file.decoder.into_sink();
            if let Some((other, place)) = known {
                let finding = Finding::new("duplicate-platform", found.name, format!("the platform `{}` is defined twice", found.word));
                let finding = finding.hint("keep one of the definitions, or choose another name");
                sink.push(if other == index {
                    finding.also(place, "first defined here")
                } else {
                    finding.also_in(other, place, "first defined here")
                });
            } else if let Some(built_in) = named(&found.word) {
                let name = &built_in.catalog().name;
                let finding = Finding::new("built-in-platform", found.name, format!("rosterctl already has a platform `{}`", found.word));
                sink.push(finding.hint(format!("choose another name; `{}` is {name}, and needs no definition", found.word)));
            }
            first.entry(found.word.clone()).or_insert((index, found.name));
            definitions.platforms.entry(found.word).or_insert(platform);
            definitions.sinks.insert(index, sink);
        }
        definitions
    }

    /// Returns whether a file defines a platform.
    pub(in crate::manifest) fn has(&self, index: usize) -> bool {
        self.sinks.contains_key(&index)
    }

    /// Takes the findings in each file.
    pub(in crate::manifest) fn take_sinks(&mut self) -> BTreeMap<usize, Sink> {
        std::mem::take(&mut self.sinks)
    }

    /// Lists the keys of all platforms, those of the roster last.
    pub(in crate::manifest) fn words(&self) -> Vec<&str> {
        let own = self.platforms.keys().map(String::as_str).filter(|word| named(word).is_none());
        built_in().iter().map(|platform| platform.word()).chain(own).collect()
    }

    /// Returns the platform that a key of a workspace names, and reports a word that names none.
    pub(in crate::manifest) fn platform(&self, file: &File<'_>, given: &Given<String>) -> Option<&'static Arc<Platform>> {
        let (word, at) = given.read()?;
        if let Some(platform) = named(word) {
            return Some(platform);
        }
        if let Some(own) = self.platforms.get(word) {
            return *own;
        }
        let finding = Finding::new("value", file.node(at).span(), format!("`{word}` is not a platform"));
        file.push(finding.hint(suggest(word, &self.words())));
        None
    }
}

/// Parses a file that defines a platform; `None` for any other file, and for one that cannot be parsed.
fn find(source: &Source) -> Option<DefinitionFile<'_>> {
    if !may_begin_with(&source.bytes, DEFINE_PLATFORM) {
        return None;
    }
    let mut sink = Sink::default();
    let tree = yaml::tree(&source.bytes, &mut sink).filter(|_| sink.found.is_empty())?;
    let (key, value) = tree.root().filter(|root| root.kind() == NodeKind::Map)?.entries().next()?;
    if key.text() != DEFINE_PLATFORM {
        return None;
    }
    let (word, name) = (value.text().to_owned(), value.span());
    let lines = Lines::new(tree.source());
    Some(DefinitionFile { tree, lines, word, name })
}
