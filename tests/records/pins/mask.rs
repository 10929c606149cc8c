//! Takes out of a text what differs from run to run, and what may differ from version to version.

use std::collections::BTreeSet;

/// The parts that vary in the texts of one case.
pub(crate) struct Mask {
    /// Paths of this run, and what to say instead; the longer first.
    pub(crate) paths: Vec<(String, &'static str)>,
    /// The text of the roster itself: days in it do not depend on the clock.
    pub(crate) given: String,
}

/// A plan's JSON without what its saved form has besides: ids and times, in types.
fn without(text: &str, members: &[(&str, &str)]) -> String {
    let mut text = text.to_owned();
    for (begin, end) in members {
        while let Some(from) = text.find(begin) {
            let after = from + begin.len();
            let Some(to) = text[after..].find(end) else { break };
            text.replace_range(from..after + to + end.len(), "");
        }
    }
    text
}

/// A text without the number of days since something was.
fn without_age(text: &str) -> String {
    let mut parts = text.split(" days ago");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        out.truncate(out.trim_end_matches(|c: char| c.is_ascii_digit()).len());
        out.push_str("[some] days ago");
        out.push_str(part);
    }
    out
}

impl Mask {
    /// The text with paths, times, days, ids, digests and the format's number taken out.
    pub(crate) fn apply(&self, text: &str) -> String {
        let mut text = without(
            text,
            &[
                ("  \"checksum\": \"", "\n"),
                (",\n      \"exact\": {", "\n      }"),
                (",\n  \"people\": {}", ""),
                (",\n  \"people\": {\n", "\n  }"),
            ],
        );
        for (path, name) in &self.paths {
            text = text.replace(path.as_str(), name);
        }
        text = without_age(&text);
        let digests: BTreeSet<String> = words(&text).filter(|w| is_digest(w)).map(str::to_owned).collect();
        let short: BTreeSet<&str> = digests.iter().map(|d| &d[..12]).collect();
        let mut out = String::with_capacity(text.len());
        let mut rest = text.as_str();
        while let Some(begin) = rest.find(is_part) {
            let (before, word_and_rest) = rest.split_at(begin);
            let end = word_and_rest.find(|c| !is_part(c)).unwrap_or(word_and_rest.len());
            let (word, after) = word_and_rest.split_at(end);
            out.push_str(before);
            out.push_str(&self.word(word, &short));
            rest =
                if is_time(word) { after.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, ':' | '.' | 'Z')) } else { after };
        }
        out.push_str(rest);
        for name in ["\"format\":", "\"format\": "] {
            for number in 1..=9 {
                out = out.replace(&format!("{name}{number},"), &format!("{name}[format],"));
            }
        }
        out
    }

    fn word(&self, word: &str, short: &BTreeSet<&str>) -> String {
        if is_digest(word) {
            "[digest]".to_owned()
        } else if is_run(word) {
            "[run]".to_owned()
        } else if short.contains(word) {
            "[12 digits]".to_owned()
        } else if is_id(word) {
            "[id]".to_owned()
        } else if is_time(word) {
            "[time]".to_owned()
        } else if is_day(word) && !self.given.contains(word) {
            "[day]".to_owned()
        } else {
            word.to_owned()
        }
    }
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c| !is_part(c))
}

fn is_part(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '-'
}

fn is_digest(word: &str) -> bool {
    word.len() == 64 && word.bytes().all(|b| b.is_ascii_hexdigit())
}

/// The name of a run: when it was, and the first digits of its digest.
fn is_run(word: &str) -> bool {
    word.len() == 32 && word.as_bytes()[8] == b'T' && word.as_bytes()[18..20] == *b"Z-"
}

fn is_id(word: &str) -> bool {
    word.len() == 36 && uuid::Uuid::try_parse(word).is_ok()
}

fn is_time(word: &str) -> bool {
    word.len() == 13 && is_day(&word[..10]) && word.as_bytes()[10] == b'T'
}

fn is_day(word: &str) -> bool {
    word.len() == 10 && word.bytes().enumerate().all(|(at, b)| if at == 4 || at == 7 { b == b'-' } else { b.is_ascii_digit() })
}

#[test]
fn values_that_vary_are_taken_out_and_those_of_the_roster_stay() {
    let mask = Mask { paths: vec![("/x/y".to_owned(), "[roster]")], given: "until: 2027-01-31".to_owned() };
    let digest = "0123456789abcdef".repeat(4);
    let text = format!(
        "20261128T161638129Z-7a8ebef77495 {digest} 0123456789ab /x/y/z 2027-01-31 2026-11-28 2026-11-28T10:00:00Z \"format\": 1, 16025550100, 12 days ago"
    );
    assert_eq!(
        mask.apply(&text),
        "[run] [digest] [12 digits] [roster]/z 2027-01-31 [day] [time] \"format\": [format], 16025550100, [some] days ago"
    );
}
