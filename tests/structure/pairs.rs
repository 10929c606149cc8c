//! Two files that import each other are one file in two pieces: neither can be read first.

use std::collections::{BTreeMap, BTreeSet};

use crate::source::{Source, src};

/// The pairs that are left, with the reason.
const EXCEPT: [(&str, &str, &str); 1] = [(
    "src/model/table/fields.rs",
    "src/model/table/packed.rs",
    "one type with its packed form: callers see the type, and only the type sees the form",
)];

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

/// The pairs of files that import each other. A `mod.rs` and the files in its folder do not count as a pair.
fn pairs(sources: &[Source]) -> Vec<(String, String)> {
    let sources: Vec<&Source> = sources.iter().filter(|source| source.path != "src/main.rs" && !source.is_test()).collect();
    let modules: BTreeSet<Module> = sources.iter().map(|source| module(&source.path)).collect();
    let files: BTreeMap<Module, Imports<'_>> = sources.iter().map(|source| (module(&source.path), imports(source, &modules))).collect();
    let used = |file: &Imports<'_>| file.paths.iter().map(|path| resolved(path, &files, 12)).collect::<BTreeSet<Module>>();
    let uses: BTreeMap<&Module, BTreeSet<Module>> = files.iter().map(|(module, file)| (module, used(file))).collect();
    let mut found = Vec::new();
    for (one, others) in &uses {
        for other in others.iter().filter(|other| *one < *other && !other.starts_with(one)) {
            if uses.get(other).is_some_and(|back| back.contains(*one)) {
                found.push((files[*one].path.to_owned(), files[other].path.to_owned()));
            }
        }
    }
    found
}

#[test]
fn no_two_files_import_each_other() {
    let found = pairs(&src());
    let is_excepted = |(one, other): &&(String, String)| !EXCEPT.iter().any(|(a, b, _)| a == one && b == other);
    let new: Vec<String> = found.iter().filter(is_excepted).map(|(one, other)| format!("{one} and {other} import each other")).collect();
    assert!(new.is_empty(), "{}", new.join("\n"));
    for (one, other, _) in EXCEPT {
        assert!(found.contains(&(one.to_owned(), other.to_owned())), "{one} and {other} need no exception");
    }
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
        assert_eq!(pairs(&files(one, back)).len(), 1, "{one}");
        assert!(pairs(&files(one, "use super::Kind;\n")).is_empty(), "{one}");
    }
    assert!(pairs(&files("// use super::other::Other;\n#[cfg(test)]\nmod tests {\n    use super::super::Other;\n}\n", back)).is_empty());
}
