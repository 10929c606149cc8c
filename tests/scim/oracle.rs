//! PATCH and filters against scim2-models, an independent engine, on random inputs.
//!
//! `./test` installs it below `target/interop/venv`; `ROSTERCTL_INTEROP` names another venv.

#![expect(clippy::disallowed_methods, reason = "a test program has switches of its own")]

use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Command, Stdio};

use rosterctl::platform::named;
use rosterctl::scim::{Filter, ResourceType, ResourceTypes, patch, validate};
use serde_json::{Value, json};

use crate::known;
use crate::random::Random;

const CASES: usize = 1500;

#[test]
fn patches_mean_what_they_mean_to_another_engine() {
    for platform in [named("aesthetic-record").unwrap(), named("generic").unwrap()] {
        let catalog = ResourceTypes::for_platform(platform.catalog());
        let of = catalog.users();
        let mut random = Random::new(7);
        let questions: Vec<Value> =
            (0..CASES).map(|_| json!({ "kind": "patch", "resource": random.user(of), "ops": random.patch(of) })).collect();
        let answers = ask(of, &questions);
        let mut unknown = Vec::new();
        let mut agreed = 0;
        for (question, theirs) in questions.iter().zip(answers) {
            let ours = match patch::apply(&question["ops"], &question["resource"], of) {
                Ok(patched) => json!({ "ok": true, "changed": patched.changed, "resource": patched.resource }),
                Err(why) => json!({ "ok": false, "error": why.scim_type.map(rosterctl::scim::ScimType::as_str), "detail": &*why.detail }),
            };
            if alike(&ours, &theirs, of) {
                agreed += 1;
            } else if known::patch(question, &ours, &theirs).is_none() {
                unknown
                    .push(format!("{}\n  on    {}\n  ours  {ours}\n  other {theirs}", question["ops"]["Operations"], question["resource"]));
            }
        }
        assert!(
            unknown.is_empty(),
            "{}: {agreed} of {CASES} alike, {} unexplained:\n{}",
            platform.word(),
            unknown.len(),
            unknown.into_iter().take(12).collect::<Vec<_>>().join("\n")
        );
        assert!(agreed * 2 > CASES, "{agreed} of {CASES} alike: the explanations explain too much");
    }
}

#[test]
fn filters_mean_what_they_mean_to_another_engine() {
    let catalog = ResourceTypes::for_platform(named("aesthetic-record").unwrap().catalog());
    let of = catalog.users();
    let mut random = Random::new(11);
    let questions: Vec<Value> =
        (0..CASES).map(|_| json!({ "kind": "filter", "resource": random.user(of), "filter": random.filter(2) })).collect();
    let answers = ask(of, &questions);
    let mut unknown = Vec::new();
    let mut agreed = 0;
    for (question, theirs) in questions.iter().zip(answers) {
        let ours = match Filter::read(question["filter"].as_str().unwrap(), of) {
            Ok(filter) => json!({ "ok": true, "matches": filter.matches(&question["resource"], of) }),
            Err(why) => json!({ "ok": false, "error": why.scim_type.map(rosterctl::scim::ScimType::as_str), "detail": &*why.detail }),
        };
        if ours["ok"] == theirs["ok"] && ours["matches"] == theirs["matches"] {
            agreed += 1;
        } else if known::filter(question, &ours, &theirs).is_none() {
            unknown.push(format!("{}\n  on    {}\n  ours  {ours}\n  other {theirs}", question["filter"], question["resource"]));
        }
    }
    assert!(
        unknown.is_empty(),
        "{agreed} of {CASES} alike, {} unexplained:\n{}",
        unknown.len(),
        unknown.into_iter().take(12).collect::<Vec<_>>().join("\n")
    );
    assert!(agreed * 10 > CASES * 9, "{agreed} of {CASES} alike: the explanations explain too much");
}

/// Both refuse (the kind may differ), or both end in the same state and agree that it is a new one; but theirs counts each operation,
/// ours compares the state after the request with the one before.
fn alike(ours: &Value, theirs: &Value, of: &ResourceType) -> bool {
    if ours["ok"] != json!(true) || theirs["ok"] != json!(true) {
        return ours["ok"] == theirs["ok"];
    }
    match validate::stored(&theirs["resource"], of) {
        Ok(state) => {
            validate::stored(&ours["resource"], of).is_ok_and(|ours| ours == state)
                && (ours["changed"] == theirs["changed"] || ours["changed"] == json!(false))
        }
        Err(_) => false,
    }
}

fn ask(of: &ResourceType, questions: &[Value]) -> Vec<Value> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let venv = std::env::var_os("ROSTERCTL_INTEROP").map_or_else(|| root.join("target/interop/venv"), PathBuf::from);
    let python = venv.join("bin/python");
    let schemas = json!({ "kind": "schemas", "user": of.schema.to_json("https://scim.example"), "extension": of.extensions.first().map(|e| e.to_json("https://scim.example")) });
    let mut child = Command::new(&python)
        .arg(root.join("tests/interop/oracle.py"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap_or_else(|why| panic!("{} does not start ({why}): `./test tools` installs it, or set ROSTERCTL_INTEROP", python.display()));
    let mut stdin = child.stdin.take().unwrap();
    let lines: Vec<String> = std::iter::once(&schemas).chain(questions).map(Value::to_string).collect();
    let writer = std::thread::spawn(move || {
        for line in lines {
            writeln!(stdin, "{line}").unwrap();
        }
    });
    let mut answers: Vec<Value> =
        BufReader::new(child.stdout.take().unwrap()).lines().map(|line| serde_json::from_str(&line.unwrap()).unwrap()).collect();
    writer.join().unwrap();
    assert!(child.wait().unwrap().success(), "the other engine broke down");
    assert_eq!(answers.len(), questions.len() + 1);
    let schemas = answers.remove(0);
    assert_eq!(schemas["ok"], json!(true), "our /Schemas does not load there: {schemas}");
    answers
}
