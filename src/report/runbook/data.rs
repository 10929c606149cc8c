//! The data that a runbook carries for `attest`, and the way in which a ticked one is read.

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::model::{Action, Change, Digest, LoginName, StepId, StepKind, StepValues};

/// The data that `attest` needs of a step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StepData {
    /// The id.
    pub id: StepId,
    /// The workspace.
    pub workspace: String,
    /// The user; `None` if it is about a clinic, a role, an employee record or the code word, which nobody attests.
    pub user: Option<LoginName>,
    /// The kind of change.
    pub change: Action,
    /// The values that it sets.
    pub set: StepValues,
    /// The digest of the workspace's plan.
    pub plan: Digest,
    /// The time at which the plan was made, epoch milliseconds.
    pub as_of: i64,
}

/// A step that a person has ticked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TickedStep {
    /// The step.
    pub step: StepData,
    /// The time at which it was ticked, epoch milliseconds; `None` if the file does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<i64>,
    /// The note of the person about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// The content of a ticked runbook.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ticks {
    /// The ticked steps, in the order of the file.
    pub done: Vec<TickedStep>,
    /// The reasons why some steps are refused; the others are not affected.
    pub refused: Vec<RunbookFault>,
    /// The number of steps that are not ticked.
    pub left: usize,
}

/// The reason why a file is not accepted as a ticked runbook, or a step in it as ticked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RunbookFault {
    /// It has no steps.
    #[error("this is not a runbook: it has no steps of `rosterctl plan --format runbook` or of the page of `--format html`")]
    NotRunbook,
    /// It is the page, and not what the page downloads.
    #[error("this is the page itself: open it, press \"Download the ticks\", and give that file")]
    Page,
    /// Something other than a tick is in a box.
    #[error("line {0}: nobody can say what `{1}` in the box of this step means: write `[x]` if it is done, and `[ ]` if not")]
    OtherMark(usize, String),
    /// A step cannot be read.
    #[error("line {0}: the data of this step is damaged: take the step from the runbook again")]
    Damaged(usize),
    /// The content of a step is not what its id says.
    #[error("step {0} differs from its id: it was edited, so nobody can say what was done; make the runbook again")]
    Edited(StepId),
    /// A step is ticked, and its data is missing.
    #[error("line {0}: the data of step {1} is missing below its box: take the step from the runbook again")]
    NoData(usize, StepId),
    /// A box and the data below it are about different steps.
    #[error("line {0}: the box above this data does not name step {1}: keep each step's box and data together")]
    OtherBox(usize, StepId),
}

/// The beginning of the data of a step in Markdown; ` -->` ends it.
const BEGIN: &str = "<!-- rosterctl step ";
const END: &str = " -->";

/// The file that the page of `--format html` lets people download.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Download {
    rosterctl: String,
    ticks: Vec<TickedStep>,
    left: usize,
}

/// The first member of a download.
pub(in crate::report) const DOWNLOAD: &str = "ticks 1";

/// Computes the id of a step about a clinic, a role, an employee record or the code word.
pub(super) fn other_id(workspace: &str, change: &Change) -> StepId {
    let mut hash = Sha256::new();
    let said = serde_json::to_string(&(change.subject(), change.action(), change.record_values())).unwrap_or_default();
    for text in ["rosterctl other step 1", workspace, &said] {
        // The length first, so that two texts cannot be confused with one.
        hash.update((text.len() as u64).to_be_bytes());
        hash.update(text.as_bytes());
    }
    let mut digits = data_encoding::HEXLOWER.encode(&hash.finalize());
    digits.truncate(8);
    StepId(digits)
}

impl StepData {
    /// Returns whether the id is that of the content.
    #[must_use]
    pub fn is_intact(&self) -> bool {
        self.user.as_ref().is_none_or(|user| self.id == StepId::new(&self.workspace, user, StepKind::Done(self.change), &self.set))
    }

    /// Returns the data as a comment of Markdown and HTML, on one line.
    pub(in crate::report) fn comment(&self) -> String {
        format!("{BEGIN}{}{END}", json(self))
    }
}

/// Returns JSON in which nothing ends a comment, a script or a line.
pub(in crate::report) fn json(value: &impl Serialize) -> String {
    let mut safe = String::new();
    for c in serde_json::to_string(value).unwrap_or_default().chars() {
        match c {
            '<' | '>' | '&' | '\'' => {
                let _ = write!(safe, "\\u{:04x}", u32::from(c));
            }
            c => safe.push(c),
        }
    }
    let safe = safe.replace("--", "-\\u002d");
    crate::report::clean::clean_json(&safe)
}

/// Reads a ticked runbook: Markdown, or the download of the page. A step that was damaged or edited is refused by itself.
///
/// # Errors
/// Fails if it is not a runbook.
pub fn ticks(text: &str) -> Result<Ticks, RunbookFault> {
    let text = text.trim_start_matches('\u{feff}');
    let mut ticks = match serde_json::from_str::<Download>(text) {
        Ok(download) if download.rosterctl == DOWNLOAD => Ticks { done: download.ticks, left: download.left, refused: Vec::new() },
        Ok(_) => return Err(RunbookFault::NotRunbook),
        Err(_) if text.trim_start().get(..9).is_some_and(|start| start.eq_ignore_ascii_case("<!doctype")) => {
            return Err(RunbookFault::Page);
        }
        Err(_) => markdown(text)?,
    };
    let (done, edited): (Vec<TickedStep>, Vec<TickedStep>) = ticks.done.into_iter().partition(|tick| tick.step.is_intact());
    ticks.done = done;
    ticks.refused.extend(edited.into_iter().map(|tick| RunbookFault::Edited(tick.step.id)));
    Ok(ticks)
}

fn markdown(text: &str) -> Result<Ticks, RunbookFault> {
    let mut ticks = Ticks::default();
    // The boxes since the last data: what is written about a step can look like one, too.
    let mut boxes: Vec<TickBox<'_>> = Vec::new();
    for (at, line) in text.lines().enumerate() {
        if let Some(mark) = mark(line.trim()) {
            boxes.push(TickBox { at, mark, line });
        }
        let Some((_, rest)) = line.split_once(BEGIN) else { continue };
        let step = rest.split_once(END).and_then(|(json, _)| serde_json::from_str::<StepData>(json).ok());
        let boxes = std::mem::take(&mut boxes);
        let Some(step) = step.filter(|_| !boxes.is_empty()) else {
            ticks.refused.push(RunbookFault::Damaged(at + 1));
            continue;
        };
        // Its own box is above everything that is written about it.
        let own = boxes.iter().position(|one| one.names(&step.id));
        ticks.refused.extend(boxes.iter().take(own.unwrap_or_default()).filter_map(TickBox::without_data));
        match own.and_then(|own| boxes.get(own)).map(|own| own.mark) {
            None => ticks.refused.push(RunbookFault::OtherBox(at + 1, step.id)),
            Some(BoxMark::Ticked) => ticks.done.push(TickedStep { step, at: None, note: None }),
            Some(BoxMark::Blank) => ticks.left += 1,
            Some(BoxMark::Other(mark)) => ticks.refused.push(RunbookFault::OtherMark(at + 1, mark.to_owned())),
        }
    }
    if ticks == Ticks::default() {
        return Err(RunbookFault::NotRunbook);
    }
    ticks.refused.extend(boxes.iter().filter_map(TickBox::without_data));
    Ok(ticks)
}

/// A line with a box.
struct TickBox<'l> {
    /// The number of the line, from 0.
    at: usize,
    mark: BoxMark<'l>,
    line: &'l str,
}

impl TickBox<'_> {
    /// Returns whether the line has the id of a step as a word of its own.
    fn names(&self, id: &StepId) -> bool {
        self.line.split(|c: char| !c.is_ascii_alphanumeric()).any(|word| word == id.0)
    }

    /// The fault of a ticked box that ends with the id of a step and has no data below it.
    fn without_data(&self) -> Option<RunbookFault> {
        let (_, id) = self.line.trim_end().strip_suffix('`')?.rsplit_once('`')?;
        let id = StepId::parse(id).filter(|_| self.mark == BoxMark::Ticked)?;
        Some(RunbookFault::NoData(self.at + 1, id))
    }
}

/// The mark in a box.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum BoxMark<'l> {
    Ticked,
    Blank,
    Other(&'l str),
}

/// Returns the mark in the box of a line; `None` if the line has no box.
fn mark(line: &str) -> Option<BoxMark<'_>> {
    // A mail quotes a line with `>`, an editor numbers the items of a list, and some put a backslash before brackets.
    let line = line.trim_start_matches(['>', ' ']);
    let numbered = || line.trim_start_matches(|c: char| c.is_ascii_digit()).strip_prefix(['.', ')']);
    let rest = line.strip_prefix(['-', '*', '+']).or_else(numbered)?.trim_start();
    let Some(inside) = rest.trim_start_matches('\\').strip_prefix('[') else { return replaced(rest) };
    let (mark, step) = inside.split_once(']')?;
    // A step that is struck out was not done.
    if step.trim_start().starts_with("~~") {
        return Some(BoxMark::Other("~~"));
    }
    let mark = mark.trim_end_matches('\\');
    match mark.trim() {
        "" => Some(BoxMark::Blank),
        "x" | "X" | "✓" | "✔" | "☑" | "✅" => Some(BoxMark::Ticked),
        other => (other.chars().count() < 9).then_some(BoxMark::Other(other)),
    }
}

/// Returns the mark that somebody put in the place of a box.
fn replaced(rest: &str) -> Option<BoxMark<'_>> {
    let (mark, step) = rest.split_once(' ')?;
    // A step begins in bold.
    if mark.starts_with(char::is_alphanumeric) || !step.trim_start_matches(['!', '\\', ' ']).starts_with("**") {
        return None;
    }
    match mark.trim_end_matches('\u{fe0f}') {
        "☑" | "✅" | "✓" | "✔" => Some(BoxMark::Ticked),
        "☐" => Some(BoxMark::Blank),
        other => (other.chars().count() < 9).then_some(BoxMark::Other(mark)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Field, Fields, Value};

    fn step(role: &str) -> StepData {
        let (user, change) = (LoginName::parse("ana@glow.example").unwrap(), Action::Update);
        let fields = Fields::from_iter([(Field::Role, Value::Text(role.to_owned()))]);
        let set = StepValues { fields, ..StepValues::default() };
        let id = StepId::new("glow", &user, StepKind::Done(change), &set);
        StepData { id, workspace: "glow".to_owned(), user: Some(user), change, set, plan: Digest("7".repeat(64)), as_of: 1 }
    }

    fn item(mark: &str, step: &StepData) -> String {
        format!("- [{mark}] **Update** `{}`\n  - Role: x\n  {}\n", step.id, step.comment())
    }

    #[test]
    fn a_ticked_list_is_read_as_it_was_written_whatever_is_in_its_values() {
        let (one, two) = (step("--><script>'\u{2028}\n```"), step("provider"));
        let text = format!("# Runbook\r\n\r\n{}\n{}", item("x", &one), item(" ", &two)).replace('\n', "\r\n");
        let read = ticks(&text).unwrap();
        assert_eq!((read.done.len(), read.left), (1, 1));
        assert_eq!(read.done[0].step, one);
    }

    #[test]
    fn an_edited_text_is_refused() {
        let (one, two) = (step("front-desk"), step("provider"));
        let whole = item("x", &two);
        let refused = |text: &str| {
            let read = ticks(&format!("{text}\n{whole}")).unwrap();
            assert_eq!(read.done.iter().map(|tick| &tick.step).collect::<Vec<_>>(), [&two], "the other step is not affected");
            read.refused
        };
        let edited = item("x", &one).replace("front-desk", "administrator");
        assert_eq!(refused(&edited), [RunbookFault::Edited(one.id.clone())]);
        let other = item("x", &one).replacen(&one.id.0, &two.id.0, 1);
        assert_eq!(refused(&other), [RunbookFault::OtherBox(3, one.id.clone())]);
        let (box_alone, _) = item("x", &one).split_once('\n').map(|(first, rest)| (first.to_owned(), rest.to_owned())).unwrap();
        assert_eq!(refused(&box_alone), [RunbookFault::NoData(1, one.id.clone())]);
        assert_eq!(refused(&item("x", &one).replace("\"set\"", "\"sat\"")), [RunbookFault::Damaged(3)]);
        assert_eq!(refused(&one.comment()), [RunbookFault::Damaged(1)]);
        assert_eq!(refused(&item("-", &one)), [RunbookFault::OtherMark(3, "-".to_owned())]);
        assert_eq!(ticks(&item("✓", &one)).unwrap().done.len(), 1);
        for mark in ["☑", "✅", "✔\u{fe0f}"] {
            let read = ticks(&item("x", &one).replace("[x]", mark)).unwrap();
            assert_eq!((read.done.len(), read.refused.as_slice()), (1, [].as_slice()), "{mark}");
        }
        assert_eq!(ticks(&item("x", &one).replace("[x]", "☐")).unwrap().left, 1);
        let struck = item("x", &one).replace("[x] **Update**", "[x] ~~**Update**~~");
        assert_eq!(refused(&struck), [RunbookFault::OtherMark(3, "~~".to_owned())]);
        for mark in ["☒", "(x)", "~~[x]"] {
            assert_eq!(refused(&item("x", &one).replace("[x]", mark)), [RunbookFault::OtherMark(3, mark.to_owned())], "{mark}");
        }
        for (from, to) in [("- [x]", "1. [x]"), ("- [x]", "> - [x]"), ("- [x]", "- \\[x\\]"), ("- [x]", "12) [X]")] {
            let read = ticks(&item("x", &one).replace(from, to)).unwrap();
            assert_eq!((read.done.len(), read.refused.as_slice()), (1, [].as_slice()), "{to}");
        }
        assert_eq!(ticks("<!DOCTYPE html>\n<html>"), Err(RunbookFault::Page));
        for text in ["", "# a page\n- [x] milk\n", "{}", "{\"rosterctl\":\"plan\",\"ticks\":[],\"left\":0}"] {
            assert_eq!(ticks(text), Err(RunbookFault::NotRunbook), "{text}");
        }
    }

    #[test]
    fn nothing_that_is_written_about_a_step_is_its_box() {
        let one = step("provider");
        for (own, other) in [("x", " "), (" ", "x"), ("x", "-")] {
            for line in ["- [{}] Active must be off", "  - \\[{}\\] Active", "1. [{}] `{id}`", "    - [{}] License: `{id}`"] {
                let line = line.replace("{}", other).replace("{id}", &one.id.0);
                let text = item(own, &one).replace("  - Role: x", &line);
                let read = ticks(&text).unwrap();
                assert_eq!((read.done.len(), read.refused), (usize::from(own == "x"), Vec::new()), "{text}");
            }
        }
    }

    #[test]
    fn a_download_has_the_time_and_the_note_of_each_tick() {
        let text = format!(
            "{{\"rosterctl\":\"{DOWNLOAD}\",\"left\":2,\"ticks\":[{{\"step\":{},\"at\":5,\"note\":\"asked Kim\"}}]}}",
            json(&step("x"))
        );
        let read = ticks(&text).unwrap();
        assert_eq!((read.done[0].at, read.done[0].note.as_deref(), read.left), (Some(5), Some("asked Kim"), 2));
    }
}
