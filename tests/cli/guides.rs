//! The guides do what they say: every command block, edit and shown output in `docs/guides` is run or compared, in reading order.
//!
//! A guide begins with a comment that names the example in whose copy it runs, or the files that lie beside its roster. A `sh` block is run; a comment `# exits with N` ends the
//! command whose code is not 0. A `text` block shows lines of the output before it, `…` for what is left out. A `yaml` block after
//! `<!-- write FILE -->` is written, a `diff` block after `<!-- edit FILE -->` is made. Workflow files are written, and their `run:` steps run
//! by `<!-- workflow FILE: JOB -->`, with a stand-in for the code host's own program.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::Duration;

/// A folder in which one guide is followed.
struct Story {
    folder: tempfile::TempDir,
    /// The output of the last commands.
    said: String,
    /// The number of blocks that were run or compared.
    blocks: usize,
}

/// A program named `gh` that keeps an issue as a file, as far as the guides need it; somebody has ticked each box when it is read.
const CODE_HOST: &str = r#"#!/bin/sh
set -eu
issues="$HOME/issues"
mkdir -p "$issues"
case "$1 $2" in
  "issue create")
    while [ $# -gt 0 ]; do
      case "$1" in
        --body-file) cp "$2" "$issues/7"; shift ;;
        --label) [ -e "$HOME/label-$2" ] || { echo "could not add label: '$2' not found" >&2; exit 1; }; shift ;;
      esac
      shift
    done
    echo "https://code.example/glow/roster/issues/7" ;;
  "label create") : > "$HOME/label-$3" ;;
  "issue view")
    sed 's/^- \[ \]/- [x]/' "$issues/7" ;;
  "issue comment") : ;;
  *) echo "no such command: $*" >&2; exit 2 ;;
esac
"#;

impl Story {
    fn of(guide: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let roster = folder.path().join("roster");
        let begins = |words: &str| guide.lines().find_map(|line| line.strip_prefix(words)?.strip_suffix(" -->"));
        if let Some(example) = begins("<!-- in a copy of ") {
            copy(Path::new(example), &roster);
        }
        for source in begins("<!-- beside ").into_iter().flat_map(|sources| sources.split(", ")) {
            copy(Path::new(source), &roster.join(Path::new(source).file_name().unwrap()));
        }
        assert!(roster.is_dir(), "the guide says where it runs");
        let tools = folder.path().join("bin");
        fs::create_dir_all(&tools).unwrap();
        std::os::unix::fs::symlink(env!("CARGO_BIN_EXE_rosterctl"), tools.join("rosterctl")).unwrap();
        fs::write(tools.join("gh"), CODE_HOST).unwrap();
        let remote = folder.path().join("remote.git");
        fs::write(
            folder.path().join(".gitconfig"),
            format!("[init]\n\tdefaultBranch = main\n[push]\n\tdefault = current\n[remote \"origin\"]\n\turl = {}\n", remote.display()),
        )
        .unwrap();
        fs::set_permissions(tools.join("gh"), std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
        let story = Self { folder, said: String::new(), blocks: 0 };
        assert!(story.shell("git init --quiet --bare ../remote.git").status.success(), "the remote repository is made");
        story
    }

    fn roster(&self) -> PathBuf {
        self.folder.path().join("roster")
    }

    /// Runs a script in the roster, as a shell that stops at the first failure would.
    #[expect(clippy::disallowed_methods, reason = "a test program starts others")]
    fn shell(&self, script: &str) -> Output {
        let path = std::env::join_paths(
            std::iter::once(self.folder.path().join("bin")).chain(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default())),
        );
        let mut command = Command::new("bash");
        command.env_clear().env("PATH", path.unwrap()).env("HOME", self.folder.path()).env("GH_TOKEN", "none");
        command.envs([("GIT_AUTHOR_NAME", "Olivia Stone"), ("GIT_COMMITTER_NAME", "Olivia Stone")]);
        command.envs([("GIT_AUTHOR_EMAIL", "olivia.stone@glow.example"), ("GIT_COMMITTER_EMAIL", "olivia.stone@glow.example")]);
        command.args(["-euo", "pipefail", "-c", script]).current_dir(self.roster()).output().unwrap()
    }

    /// Runs a block command by command, so that each has the code the guide says.
    fn run(&mut self, block: &str) {
        self.said.clear();
        for command in commands(block) {
            let expected = command.split_once("# exits with ").map_or(0, |(_, code)| code.trim().parse().expect("an exit code"));
            let output = self.shell(&command);
            self.said.push_str(&String::from_utf8_lossy(&output.stdout));
            self.said.push_str(&String::from_utf8_lossy(&output.stderr));
            assert_eq!(output.status.code(), Some(expected), "$ {command}\n{}", self.said);
            // Times have whole seconds.
            std::thread::sleep(Duration::from_millis(1_100));
        }
    }

    /// Compares lines, word by word, with what the last commands said; `…` matches anything.
    fn shows(&self, block: &str) {
        let said = self.said.split_whitespace().collect::<Vec<_>>().join(" ");
        let mut rest = said.as_str();
        for part in block.lines().flat_map(|line| line.split('…')).filter(|part| !part.trim().is_empty()) {
            let words = part.split_whitespace().collect::<Vec<_>>().join(" ");
            let (_, after) = rest.split_once(&words).unwrap_or_else(|| panic!("`{words}` is not in:\n{}", self.said));
            rest = after;
        }
    }

    fn edit(&self, file: &str, block: &str) {
        let side = |sign: char| -> String {
            let lines = block.lines().filter_map(|line| line.strip_prefix([sign, ' ']));
            joined(lines)
        };
        let path = self.roster().join(file);
        let text = fs::read_to_string(&path).unwrap();
        assert_eq!(text.matches(&side('-')).count(), 1, "{file} has not once:\n{}", side('-'));
        fs::write(path, text.replace(&side('-'), &side('+'))).unwrap();
    }

    /// Runs the steps of a job of a workflow.
    fn workflow(&mut self, file: &str, job: &str) {
        let workflow: serde_json::Value = serde_yaml::from_str(&fs::read_to_string(self.roster().join(file)).unwrap()).unwrap();
        let job = &workflow["jobs"][job];
        let steps = job["steps"].as_array().expect("the job has steps");
        let scripts: Vec<&str> = steps.iter().filter_map(|step| step["run"].as_str()).collect();
        assert!(!scripts.is_empty(), "{file}: a job runs nothing");
        let variables = joined(job["env"].as_object().into_iter().flatten().map(|(name, value)| {
            let value = match value.as_str().expect("a text") {
                "${{ github.token }}" => "none",
                "${{ github.event.issue.number }}" => "7",
                "${{ github.event.sender.login }}" => "olivia-stone",
                "${{ github.event.issue.closed_at }}" => "$(date -u +%Y-%m-%dT%H:%M:%SZ)",
                other => panic!("nobody knows {other}"),
            };
            format!("export {name}=\"{value}\"")
        }));
        self.said.clear();
        // A workflow works on what the code host has.
        assert!(self.shell("git push --quiet origin HEAD:main").status.success(), "the commits are pushed");
        for script in scripts {
            let output = self.shell(&format!("{variables}{script}"));
            self.said.push_str(&String::from_utf8_lossy(&output.stdout));
            self.said.push_str(&String::from_utf8_lossy(&output.stderr));
            assert!(output.status.success(), "{script}\n{}", self.said);
        }
        std::thread::sleep(Duration::from_millis(1_100));
    }

    /// Follows a guide from its first block to its last.
    fn follow(mut self, guide: &str) -> usize {
        let mut lines = guide.lines();
        let mut note = None;
        while let Some(line) = lines.next() {
            if let Some(comment) = line.strip_prefix("<!-- ").and_then(|line| line.strip_suffix(" -->")) {
                note = Some(comment);
                if let Some((file, job)) = comment.strip_prefix("workflow ").and_then(|rest| rest.split_once(": ")) {
                    self.workflow(file, job);
                    self.blocks += 1;
                }
                continue;
            }
            let Some(kind) = line.strip_prefix("```") else { continue };
            let block = joined(lines.by_ref().take_while(|line| !line.starts_with("```")));
            match (kind, note.take().and_then(|note| note.split_once(' '))) {
                ("sh", _) => self.run(&block),
                ("text", _) => self.shows(&block),
                ("yaml", Some(("write", file))) => {
                    let path = self.roster().join(file);
                    fs::create_dir_all(path.parent().unwrap()).unwrap();
                    fs::write(path, block).unwrap();
                }
                ("diff", Some(("edit", file))) => self.edit(file, &block),
                (kind, note) => panic!("nobody knows how to try a `{kind}` block after {note:?}:\n{block}"),
            }
            self.blocks += 1;
        }
        self.blocks
    }
}

/// Lines as a text, each with its end.
fn joined<L: AsRef<str>>(lines: impl Iterator<Item = L>) -> String {
    lines.fold(String::new(), |text, line| text + line.as_ref() + "\n")
}

/// Splits a block into commands: a line that ends with a backslash goes on, and so does a here-document.
fn commands(block: &str) -> Vec<String> {
    let mut commands: Vec<String> = Vec::new();
    let mut goes_on = false;
    for line in block.lines().filter(|line| !line.trim().is_empty()) {
        match commands.last_mut() {
            Some(last) if goes_on => {
                last.push('\n');
                last.push_str(line);
            }
            _ => commands.push(line.to_owned()),
        }
        goes_on = line.trim_end().ends_with('\\');
    }
    commands
}

fn copy(from: &Path, to: &Path) {
    if from.is_file() {
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        fs::copy(from, to).unwrap();
        return;
    }
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        copy(&entry.path(), &to.join(entry.file_name()));
    }
}

fn follow(name: &str) {
    let guide = fs::read_to_string(Path::new("docs/guides").join(name)).unwrap();
    let blocks = Story::of(&guide).follow(&guide);
    assert!(blocks >= 5, "{name} has only {blocks} blocks");
}

#[test]
fn somebody_leaves_a_workspace_without_an_interface() {
    follow("offboarding.md");
}

#[test]
fn a_runbook_is_an_issue_that_ci_opens() {
    follow("runbook-in-ci.md");
}

#[test]
fn a_workspace_is_adopted_in_an_afternoon() {
    follow("adopting.md");
}

#[test]
fn somebody_reviews_access_four_times_a_year() {
    follow("quarterly-review.md");
}

#[test]
fn every_guide_is_followed_by_a_test() {
    let here = fs::read_to_string(file!()).unwrap();
    for entry in fs::read_dir("docs/guides").unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(here.contains(&format!("follow(\"{name}\")")), "no test follows docs/guides/{name}");
    }
}
