//! Two files that import each other are one file in two pieces: neither can be read first. So are more in a ring, and so are folders.

use std::collections::{BTreeMap, BTreeSet};

use crate::source::{Source, src};

/// The rings of folders that are left, with the reason. This list only gets shorter.
const FOLDERS: [(&str, &str); 7] = [
    ("src/list/cells src/list/tables", "a table is read by its cells, and a cell by the table and the header around it"),
    (
        "src/manifest/check.rs src/manifest/definition src/manifest/file.rs src/manifest/file_read.rs src/manifest/form src/manifest/people \
         src/manifest/secrets.rs src/manifest/snapshot src/manifest/workspaces",
        "the form lists the keys of all documents for editors, and the readers of the documents use the keys",
    ),
    (
        "src/model/lists src/model/plans src/model/roster src/model/state src/model/table src/model/values",
        "the types of the model are parts of each other; the folders say what they are about",
    ),
    (
        "src/reconcile/changes src/reconcile/doubts src/reconcile/guards src/reconcile/list",
        "a plan is a draft that one part after another adds to",
    ),
    (
        "src/reconcile/changes/draft.rs src/reconcile/changes/employees src/reconcile/changes/rights.rs",
        "the draft has the register of employee records, and records are added to the draft",
    ),
    (
        "src/server/access src/server/api src/server/calls src/server/members src/server/route.rs src/server/scim src/server/write.rs",
        "a call knows its caller, whose rights are those of an account that the calls of SCIM describe; a change of an account sends mail to its \
         holder",
    ),
    ("src/store/tables src/store/vault.rs", "a key that is lost is written to the log, and code words are sealed in their table"),
];

/// The path of a module below the crate's root.
type Module = Vec<String>;

/// A file of the crate, with what it imports.
struct Imports<'s> {
    path: &'s str,
    /// Imported paths by the name that they have in the file.
    names: BTreeMap<String, Module>,
    /// All paths in the file that begin at a known place.
    paths: Vec<Module>,
}

fn segments(path: &str) -> Module {
    path.split("::").map(|part| part.trim().to_owned()).collect()
}

/// The module of a file, by its path.
fn module(path: &str) -> Module {
    let inner = path.trim_start_matches("src/").trim_end_matches(".rs").trim_end_matches("/mod");
    inner.split('/').filter(|part| *part != "lib").map(str::to_owned).collect()
}

/// The paths of a `use`, each with the name that it gives.
fn expanded(text: &str) -> Vec<(Module, String)> {
    let text = text.trim();
    let Some((before, inner)) = text.strip_suffix('}').and_then(|text| text.split_once('{')) else {
        let (path, name) = text.split_once(" as ").unwrap_or((text, text.rsplit("::").next().unwrap_or(text)));
        return vec![(segments(path), name.trim().to_owned())];
    };
    let before: Module = segments(before).into_iter().filter(|part| !part.is_empty()).collect();
    let (mut depth, mut from, mut items) = (0, 0, Vec::new());
    for (at, c) in inner.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                items.push(&inner[from..at]);
                from = at + 1;
            }
            _ => {}
        }
    }
    items.push(&inner[from..]);
    let whole = |(path, name): (Module, String)| {
        if path == ["self"] { (before.clone(), before.last().cloned().unwrap_or(name)) } else { ([before.clone(), path].concat(), name) }
    };
    items.into_iter().filter(|item| !item.trim().is_empty()).flat_map(expanded).map(whole).collect()
}

/// A path from the crate's root; `None` if it begins at another crate.
fn absolute(path: &[String], here: &[String], modules: &BTreeSet<Module>) -> Option<Module> {
    let climbs = path.iter().take_while(|part| *part == "super" || *part == "self").filter(|part| *part == "super").count();
    let rest: Module = path.iter().skip_while(|part| *part == "super" || *part == "self").cloned().collect();
    let first = path.first()?;
    if first == "crate" {
        return Some(path[1..].to_vec());
    }
    let inside = [here, &path[..1]].concat();
    (first == "super" || first == "self" || modules.contains(&inside)).then(|| [&here[..here.len().saturating_sub(climbs)], &rest].concat())
}

fn imports<'s>(source: &'s Source, modules: &BTreeSet<Module>) -> Imports<'s> {
    let here = module(&source.path);
    let (mut names, mut paths) = (BTreeMap::new(), Vec::new());
    let lines: Vec<&str> = source.code().into_iter().map(|(_, line)| line.split(" // ").next().unwrap_or(line)).collect();
    let text = lines.join("\n");
    let mut rest = String::new();
    for statement in text.split_inclusive(';') {
        let line = statement
            .rfind("\nuse ")
            .map(|at| at + 1)
            .or_else(|| statement.rfind(" use ").map(|at| at + 1))
            .or_else(|| statement.starts_with("use ").then_some(0));
        match line {
            Some(at) => {
                rest.push_str(&statement[..at]);
                for (path, name) in expanded(statement[at + 4..].trim_end_matches(';')) {
                    if let Some(path) = absolute(&path, &here, modules) {
                        paths.push(path.clone());
                        // A module is what a longer path goes through, whatever else has its name.
                        if modules.contains(&path) || !names.contains_key(&name) {
                            names.insert(name, path);
                        }
                    }
                }
            }
            None => rest.push_str(statement),
        }
    }
    for word in rest.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == ':')).filter(|word| word.contains("::")) {
        let path: Module = segments(word.trim_matches(':'));
        let Some(first) = path.first() else { continue };
        match names.get(first) {
            Some(known) => paths.push([known, &path[1..]].concat()),
            None => paths.extend(absolute(&path, &here, modules)),
        }
    }
    Imports { path: &source.path, names, paths }
}

/// The module that a path leads to, also where another one exports what it names.
fn resolved(path: &[String], files: &BTreeMap<Module, Imports<'_>>, depth: usize) -> Module {
    let mut at = Module::new();
    for (i, part) in path.iter().enumerate() {
        let inner = [at.as_slice(), std::slice::from_ref(part)].concat();
        // A module that is written inside another file has its own files below it.
        if files.contains_key(&inner) || files.keys().any(|module| module.starts_with(&inner)) {
            at = inner;
            continue;
        }
        let export = files.get(&at).and_then(|file| file.names.get(part)).filter(|export| *export != path && depth > 0);
        return export.map_or(at, |export| resolved(&[export, &path[i + 1..]].concat(), files, depth - 1));
    }
    at
}

/// Returns what each file imports, by the paths of the files. Imports between a `mod.rs` and the files in its folder do not count.
fn graph(sources: &[Source]) -> BTreeMap<String, BTreeSet<String>> {
    let sources: Vec<&Source> = sources.iter().filter(|source| source.path != "src/main.rs" && !source.is_test()).collect();
    let modules: BTreeSet<Module> = sources.iter().map(|source| module(&source.path)).collect();
    let files: BTreeMap<Module, Imports<'_>> = sources.iter().map(|source| (module(&source.path), imports(source, &modules))).collect();
    let used = |one: &Module, file: &Imports<'_>| {
        let modules =
            file.paths.iter().map(|path| resolved(path, &files, 12)).filter(|other| !other.starts_with(one) && !one.starts_with(other));
        modules.filter_map(|other| Some(files.get(&other)?.path.to_owned())).collect()
    };
    files.iter().map(|(module, file)| (file.path.to_owned(), used(module, file))).collect()
}

/// The pairs of files that import each other.
fn pairs(graph: &BTreeMap<String, BTreeSet<String>>) -> Vec<(String, String)> {
    let imports = |one: &String, other: &String| graph.get(one).is_some_and(|others| others.contains(other));
    let all = graph.iter().flat_map(|(one, others)| others.iter().map(move |other| (one, other)));
    all.filter(|(one, other)| one < other && imports(other, one)).map(|(one, other)| (one.clone(), other.clone())).collect()
}

/// The rings: sets in which each imports each other one, perhaps over several steps. Each set is complete and in order.
fn rings(graph: &BTreeMap<String, BTreeSet<String>>) -> Vec<Vec<String>> {
    let mut walk = Tarjan { graph, seen: BTreeMap::new(), path: Vec::new(), rings: Vec::new() };
    for one in graph.keys() {
        if !walk.seen.contains_key(one.as_str()) {
            walk.lowest(one);
        }
    }
    let mut rings = walk.rings;
    rings.sort();
    rings
}

/// The algorithm of Tarjan, which finds all rings in one walk.
struct Tarjan<'g> {
    graph: &'g BTreeMap<String, BTreeSet<String>>,
    /// The time at which each was first seen, and whether it is still on the path.
    seen: BTreeMap<&'g str, (usize, bool)>,
    path: Vec<&'g str>,
    rings: Vec<Vec<String>>,
}

impl<'g> Tarjan<'g> {
    /// Walks on from one that was not seen before, and returns the earliest on the path that can be reached from it.
    fn lowest(&mut self, one: &'g str) -> usize {
        let (own, at) = (self.seen.len(), self.path.len());
        self.seen.insert(one, (own, true));
        self.path.push(one);
        let graph = self.graph;
        let mut lowest = own;
        for next in graph.get(one).into_iter().flatten() {
            match self.seen.get(next.as_str()) {
                None => lowest = lowest.min(self.lowest(next)),
                Some((earlier, true)) => lowest = lowest.min(*earlier),
                Some((_, false)) => {}
            }
        }
        if lowest == own {
            let ring: Vec<&str> = self.path.drain(at..).collect();
            for one in &ring {
                self.seen.entry(one).and_modify(|(_, is_on_path)| *is_on_path = false);
            }
            if ring.len() > 1 {
                let mut ring: Vec<String> = ring.into_iter().map(str::to_owned).collect();
                ring.sort();
                self.rings.push(ring);
            }
        }
        lowest
    }
}

/// Returns what the entries of each folder import of each other, in each folder that has folders; paths are as in `graph`.
fn entries(graph: &BTreeMap<String, BTreeSet<String>>) -> BTreeMap<String, BTreeSet<String>> {
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (one, others) in graph {
        for other in others {
            let (ours, theirs): (Vec<&str>, Vec<&str>) = (one.split('/').collect(), other.split('/').collect());
            let common = ours.iter().zip(&theirs).take_while(|(a, b)| a == b).count();
            let entry = |parts: &[&str]| parts[..=common].join("/");
            found.entry(entry(&theirs)).or_default();
            found.entry(entry(&ours)).or_default().insert(entry(&theirs));
        }
    }
    found
}

#[test]
fn no_two_files_import_each_other() {
    let found: Vec<String> = pairs(&graph(&src())).into_iter().map(|(one, other)| format!("{one} and {other} import each other")).collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn no_files_import_each_other_in_a_ring() {
    let found: Vec<String> = rings(&graph(&src())).into_iter().map(|ring| ring.join(", ")).collect();
    assert!(found.is_empty(), "each of these files imports each other one, perhaps over others:\n{}", found.join("\n"));
}

#[test]
fn folders_import_each_other_in_a_ring_only_where_it_is_listed() {
    let files = graph(&src());
    let found = rings(&entries(&files));
    let is_of_folders = |ring: &&Vec<String>| ring.iter().any(|entry| !files.contains_key(entry));
    let found: BTreeSet<String> = found.iter().filter(is_of_folders).map(|ring| ring.join(" ")).collect();
    let listed: BTreeSet<String> = FOLDERS.iter().map(|(ring, _)| (*ring).to_owned()).collect();
    let new: Vec<&String> = found.difference(&listed).collect();
    assert!(new.is_empty(), "a ring that is new or has more in it: {new:#?}");
    let old: Vec<&String> = listed.difference(&found).collect();
    assert!(old.is_empty(), "a ring that is gone, or has less in it: take it off the list: {old:#?}");
}

#[test]
fn a_ring_is_reported_once_and_a_chain_is_not() {
    let root = ("src/model/mod.rs", "mod four;\nmod one;\nmod three;\nmod two;\npub use one::One;\n");
    let files = |last: &str| {
        let all = [
            root,
            ("src/model/one.rs", "use super::two::Two;\n"),
            ("src/model/two.rs", "use super::three::Three;\n"),
            ("src/model/three.rs", "use super::four::Four;\n"),
            ("src/model/four.rs", last),
        ];
        all.map(|(path, text)| Source::snippet(path, text))
    };
    let ring = ["four", "one", "three", "two"].map(|name| format!("src/model/{name}.rs"));
    for last in ["use super::one::One;\n", "use crate::model::One;\n", "fn a() -> super::one::One {}\n"] {
        assert_eq!(rings(&graph(&files(last))), std::slice::from_ref(&ring), "{last}");
    }
    assert_eq!(
        rings(&graph(&files("use super::two::Two;\n"))),
        [ring.iter().filter(|path| !path.contains("one")).cloned().collect::<Vec<_>>()]
    );
    for chain in ["use super::Kind;\n", "// use super::one::One;\n"] {
        assert!(rings(&graph(&files(chain))).is_empty(), "{chain}");
    }
}

#[test]
fn a_ring_of_folders_is_found_though_no_files_are_in_one() {
    let folders = |last: &str| {
        let all = [
            ("src/a/mod.rs", "mod b;\nmod c;\nmod d;\n"),
            ("src/a/b/one.rs", "use crate::a::c::two::Two;\n"),
            ("src/a/c/two.rs", ""),
            ("src/a/c/three.rs", "use crate::a::d::Four;\n"),
            ("src/a/d.rs", last),
            ("src/a/b/five.rs", ""),
        ];
        let graph = graph(&all.map(|(path, text)| Source::snippet(path, text)));
        assert!(rings(&graph).is_empty(), "{last}");
        rings(&entries(&graph))
    };
    assert_eq!(folders("use super::b::five::Five;\n"), [["src/a/b", "src/a/c", "src/a/d.rs"]]);
    assert!(folders("use crate::b::five::Five;\n").is_empty());
}

#[test]
fn a_pair_is_found_in_whatever_form_it_is_written() {
    let files = |one: &str, other: &str| {
        let root = "mod one;\nmod other;\npub use one::One;\npub use other::{Other, Third as Fourth};\n";
        let all = [("src/model/mod.rs", root), ("src/model/one.rs", one), ("src/model/other.rs", other)];
        all.map(|(path, text)| Source::snippet(path, text))
    };
    let back = "use super::one::One;\n";
    for one in [
        "use super::other::Other;\n",
        "use crate::model::Other;\n",
        "use crate::model::{\n    Other,\n};\n",
        "use crate::model::Fourth;\n",
        "use super::other;\n\nfn a() -> other::Other {}\n",
        "fn a() {\n    super::other::b();\n}\n",
        "use crate::model;\n\nfn a() -> model::Other {}\n",
    ] {
        assert_eq!(pairs(&graph(&files(one, back))).len(), 1, "{one}");
        assert!(pairs(&graph(&files(one, "use super::Kind;\n"))).is_empty(), "{one}");
    }
    assert!(
        pairs(&graph(&files("// use super::other::Other;\n#[cfg(test)]\nmod tests {\n    use super::super::Other;\n}\n", back))).is_empty()
    );
}
