//! The page of a runbook in a real browser: ticks that stay, values that are copied, a download that can be read, and nothing inaccessible.

use std::path::{Path, PathBuf};
use std::process::Command;

use rosterctl::report::runbook::{StepData, ticks};
use serde_json::Value;

/// Returns where `./test` installs the packages.
#[expect(clippy::disallowed_methods, reason = "the packages may be elsewhere on a developer's machine")]
fn packages() -> PathBuf {
    let folder = std::env::var_os("ROSTERCTL_BROWSER")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("target/interop/browser"), PathBuf::from);
    assert!(folder.join("node_modules/puppeteer-core").exists(), "`{}` is missing: run ./test", folder.display());
    folder
}

fn text<'v>(found: &'v Value, key: &str) -> &'v str {
    found[key].as_str().unwrap_or_else(|| panic!("{key}: {found}"))
}

#[test]
fn the_page_of_a_runbook_works_in_a_browser_from_a_file() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = tempfile::tempdir().expect("a folder");
    let copy = folder.path().join("glow");
    let copied = Command::new("cp").arg("-R").arg(root.join("examples/glow")).arg(&copy).status().expect("cp runs");
    assert!(copied.success());
    let plan = Command::new(env!("CARGO_BIN_EXE_rosterctl")).args(["plan", "--format", "html"]).arg(&copy).output().expect("it runs");
    let page = folder.path().join("runbook.html");
    std::fs::write(&page, &plan.stdout).expect("written");
    let pictures = root.join("target/runbook-pages");
    std::fs::create_dir_all(&pictures).expect("a folder");
    for old in std::fs::read_dir(&pictures).expect("it can be read") {
        std::fs::remove_file(old.expect("an entry").path()).expect("removed");
    }
    let mut browser = Command::new("node");
    browser.arg(root.join("tests/interop/runbook.mjs")).arg(packages()).arg(&page).arg(&pictures);
    let output = browser.output().expect("node runs");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let found: Value = serde_json::from_str(&said).unwrap_or_else(|_| panic!("{said}{}", String::from_utf8_lossy(&output.stderr)));

    let list = |key: &str| found[key].as_array().cloned().unwrap_or_default();
    assert!(list("violations").is_empty(), "{:#?}", found["violations"]);
    assert!(list("errors").is_empty() && list("requests").is_empty(), "{found:#}");
    let markdown =
        Command::new(env!("CARGO_BIN_EXE_rosterctl")).args(["plan", "--format", "runbook"]).arg(&copy).output().expect("it runs");
    let markdown = String::from_utf8(markdown.stdout).expect("text");
    let all = ticks(&markdown.replace("- [ ] ", "- [x] ")).expect("a runbook").done;
    let number = all.len();
    assert_eq!(text(&found, "before"), format!("0 of {number} steps done"));
    assert_eq!(text(&found, "afterTwo"), format!("2 of {number} steps done"));
    assert_eq!((text(&found, "afterReload"), &found["isMadeAgain"]), (text(&found, "afterTwo"), &Value::from(true)), "ticks stay");
    assert_eq!(text(&found, "afterUntick"), format!("1 of {number} steps done"));
    assert_eq!(text(&found, "afterList"), format!("0 of {number} steps done"), "a tick that is older than the list counts no more");
    assert_eq!(text(&found, "copied"), format!("Copied: {}", text(&found, "copyOf")));
    assert!(text(&found["notKept"], "text").starts_with("This browser keeps no ticks"), "{found:#}");
    assert_eq!(found["notKept"]["isSeen"], true, "{found:#}");
    assert!(text(&found["notKept"], "afterCopy").starts_with("This browser keeps no ticks"), "the warning stays: {found:#}");
    assert_eq!(text(&found["notKept"], "count"), format!("1 of {number} steps done"), "the tick is there until the page is closed");
    assert_eq!(
        (&found["printedButtons"], &found["printedBodies"]),
        (&Value::from(0), &Value::from(0)),
        "paper has no buttons and every step"
    );
    let ids = list("withoutScript");
    assert!(ids.is_empty(), "an object");
    let shown: Vec<&str> = found["withoutScript"]["ids"].as_array().expect("ids").iter().filter_map(Value::as_str).collect();
    assert!(all.iter().all(|tick| shown.contains(&tick.step.id.0.as_str())), "without JavaScript: {shown:?}");
    assert_eq!(found["withoutScript"]["hasBar"], false);

    let download = std::fs::read_to_string(pictures.join(text(&found, "download"))).expect("the download");
    let read = ticks(&download).expect("it can be read");
    assert_eq!((read.done.len(), read.left), (1, number - 1));
    // Both commands read the workspace, each at its own time.
    let same_time = StepData { as_of: all[0].step.as_of, ..read.done[0].step.clone() };
    assert_eq!(same_time, all[0].step, "the page and the Markdown have the same data");
    assert!(read.done[0].at.is_some_and(|at| at >= read.done[0].step.as_of), "a tick has its time");
}

#[test]
fn the_page_of_a_review_works_in_a_browser_from_a_file_and_says_first_who_should_not_have_access() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let folder = tempfile::tempdir().expect("a folder");
    let copy = folder.path().join("vendor-glow");
    let copied = Command::new("cp").arg("-R").arg(root.join("examples/vendor-glow")).arg(&copy).status().expect("cp runs");
    assert!(copied.success());
    let payroll = "Name,Work email,Private email,Last day\nOlivia Stone,olivia.stone@glow.example,,\nAna Ruiz-Keller,,ana@home.example,\n\
                   Kim Park,kim.park@glow.example,,2026-01-31\n";
    std::fs::write(copy.join("payroll.csv"), payroll).expect("written");
    let page = folder.path().join("review.html");
    let made = Command::new(env!("CARGO_BIN_EXE_rosterctl"))
        .arg("review")
        .arg(&copy)
        .arg("--staff")
        .arg(copy.join("payroll.csv"))
        .args(["--format", "html", "--out"])
        .arg(&page)
        .status()
        .expect("it runs");
    assert_eq!(made.code(), Some(2));
    let pictures = root.join("target/review-pages");
    std::fs::create_dir_all(&pictures).expect("a folder");
    let mut browser = Command::new("node");
    browser.arg(root.join("tests/interop/review.mjs")).arg(packages()).arg(&page).arg(&pictures);
    let output = browser.output().expect("node runs");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let found: Value = serde_json::from_str(&said).unwrap_or_else(|_| panic!("{said}{}", String::from_utf8_lossy(&output.stderr)));
    let list = |key: &str| found[key].as_array().cloned().unwrap_or_default();
    assert!(list("violations").is_empty(), "{:#?}", found["violations"]);
    assert!(list("errors").is_empty() && list("requests").is_empty(), "{found:#}");
    let headings: Vec<String> = list("headings").iter().map(|heading| heading.as_str().unwrap_or_default().to_owned()).collect();
    let place =
        |word: &str| headings.iter().position(|heading| heading.starts_with(word)).unwrap_or_else(|| panic!("{word}: {headings:?}"));
    assert!(place("These people should not have access") < place("On the payroll, without an account"), "{headings:?}");
    assert!(place("On the payroll, without an account") < place("Everybody") && place("Everybody") < place("glow-medspa"), "{headings:?}");
    let text = text(&found, "text");
    assert!(text.contains("the payroll says that this person has left") && text.contains("perhaps the same as Ana Ruiz-Keller"), "{text}");
}
