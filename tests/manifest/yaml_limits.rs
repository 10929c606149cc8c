//! Hostile YAML is refused, or read right, within 64 MB and twenty times the work of harmless input of the same size (J3). Each case
//! runs in a process of its own, which measures itself. Work is processor time of one thread, since other tests run beside it.

use std::fs;
use std::process::Command;

use rosterctl::manifest::{Mistake, Source, Sources, read};

/// The factor by which hostile input may cause more work than harmless input of the same size.
const LIMIT: u64 = 20;
/// Milliseconds that any input may take; a measurement has an error of a few.
const LEAST: u64 = 50;

const MIB: usize = 1024 * 1024;
const FULL: usize = 8 * MIB;
const HEAD: &str = "workspace: w\nplatform: generic\nconnection: { scim: { url: https://w.example/scim, token: { env: W } } }\nusers:\n";

/// The way in which a case must end.
#[derive(Clone, Copy, Debug, PartialEq)]
enum End {
    /// With a mistake of this code.
    Refused(&'static str),
    /// Read.
    Read,
}

fn filled(head: &str, unit: &str, tail: &str) -> Vec<u8> {
    let times = (FULL - head.len() - tail.len()) / unit.len();
    format!("{head}{}{tail}", unit.repeat(times)).into_bytes()
}

fn numbered(head: &str, unit: impl Fn(usize) -> String, most: usize) -> Vec<u8> {
    let mut text = head.to_owned();
    for i in 0..most {
        let next = unit(i);
        if text.len() + next.len() > FULL {
            break;
        }
        text.push_str(&next);
    }
    text.into_bytes()
}

fn bomb() -> Vec<u8> {
    let mut text = "workspace: w\na0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for i in 1..=9 {
        let aliases = vec![format!("*a{}", i - 1); 9].join(", ");
        text = format!("{text}a{i}: &a{i} [{aliases}]\n");
    }
    text.into_bytes()
}

fn staircase() -> Vec<u8> {
    numbered("", |i| format!("{}a:\n", " ".repeat(i)), 100_000)
}

type Case = (&'static str, fn() -> Vec<u8>, End);

const PRACTICE: &str = "workspace: w\nplatform: aesthetic-record\nconnection: { embedded: {} }\nmain_admin: u0@g.example\nusers:\n";

const CASES: [Case; 35] = [
    ("alias bomb of 9 levels", bomb, End::Refused("aliases")),
    ("alias of itself", || b"workspace: &a [*a]\n".to_vec(), End::Refused("aliases")),
    ("a million aliases", || filled("a: &a x\nb:\n", "- *a\n", ""), End::Refused("aliases")),
    ("a million anchors", || numbered("a:\n", |i| format!("- &a{i} x\n"), 1_000_000), End::Refused("aliases")),
    ("100,000 lists in each other", || "[".repeat(100_000).into_bytes(), End::Refused("too-deep")),
    ("100,000 maps in each other", || "{a: ".repeat(100_000).into_bytes(), End::Refused("too-deep")),
    ("100,000 lists on one line", || "- ".repeat(100_000).into_bytes(), End::Refused("too-deep")),
    ("100,000 keys that are maps", || "? ".repeat(100_000).into_bytes(), End::Refused("too-deep")),
    ("a staircase of maps", staircase, End::Refused("too-deep")),
    ("8 MiB of opening brackets", || filled("", "[", ""), End::Refused("too-deep")),
    ("100 MB", || vec![b'#'; 100_000_000], End::Refused("too-large")),
    ("one byte more than allowed", || vec![b'#'; FULL + 1], End::Refused("too-large")),
    ("8 MiB of comment", || vec![b'#'; FULL], End::Refused("empty")),
    ("8 MiB of comments", || filled("", "# c\n", ""), End::Refused("empty")),
    ("8 MiB of empty lines", || vec![b'\n'; FULL], End::Refused("empty")),
    ("400,000 users without entries", || numbered(HEAD, |i| format!("  {i}:\n"), 400_000), End::Refused("too-large")),
    ("a million unknown keys", || numbered("workspace: w\n", |i| format!("{i}:\n"), 1_000_000), End::Refused("too-large")),
    ("a million keys in braces", || numbered("{workspace: w", |i| format!(",{i}"), 1_000_000), End::Refused("too-large")),
    ("300,000 users", || numbered(PRACTICE, |i| format!("  u{i}@g.example: {{}}\n"), 300_000), End::Refused("too-large")),
    ("a million equal keys", || filled("workspace: w\n", "a: b\n", ""), End::Refused("too-large")),
    ("99,999 equal keys", || format!("workspace: w\n{}", "a: b\n".repeat(99_999)).into_bytes(), End::Refused("duplicate-key")),
    ("a million values in lists of a thousand", || filled("", &format!("- [{}]\n", "a,".repeat(999)), ""), End::Refused("too-large")),
    ("100,001 users", || numbered(HEAD, |i| format!("  u{i}@g.example: {{}}\n"), 100_001), End::Refused("too-large")),
    ("a list of 4 million entries", || filled("a: [", "a,", "]"), End::Refused("too-large")),
    ("a list of 100,000 entries", || format!("a: [{}]", "a,".repeat(100_000)).into_bytes(), End::Refused("unknown-document")),
    ("a list of 100,001 entries", || format!("a: [{}]", "a,".repeat(100_001)).into_bytes(), End::Refused("too-large")),
    ("a list of 4 million lines", || filled("a:\n", "-\n", ""), End::Refused("too-large")),
    ("a text of 8 MiB", || filled("workspace: ", "a", "\n"), End::Refused("value")),
    ("a quoted text of 8 MiB", || filled("workspace: '", "''", "'\n"), End::Refused("value")),
    ("a block of text of 8 MiB", || filled("workspace: |\n", "  a\n", ""), End::Refused("value")),
    ("a folded text of 8 MiB", || filled("workspace: >\n", "  a\n\n", ""), End::Refused("value")),
    ("a key of 8 MiB", || filled("", "k", ": 1\n"), End::Refused("syntax")),
    (
        "umlauts on one line",
        || [numbered("{workspace: w", |i| format!(", ü{i}: ü"), 40_000), b"}".to_vec()].concat(),
        End::Refused("unknown-key"),
    ),
    ("tabs", || filled("workspace:\n", "\t", ""), End::Refused("missing")),
    (
        "10,000 users",
        || numbered(HEAD, |i| format!("  u{i}@x.example: {{ role: r, first_name: no, last_name: \"0123\" }}\n"), 10_000),
        End::Read,
    ),
];

/// Kilobytes of a line of `/proc/self/status`.
fn status(key: &str) -> u64 {
    let text = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = text.lines().find(|l| l.starts_with(key)).unwrap_or_default();
    line.split_whitespace().nth(1).and_then(|n| n.parse().ok()).unwrap_or(0)
}

/// Milliseconds of processor time of this thread so far.
fn worked() -> u64 {
    let text = fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    text.split_whitespace().next().and_then(|n| n.parse::<u64>().ok()).unwrap_or(0) / 1_000_000
}

/// Runs one case in this process and says how it went; does nothing unless asked to.
#[test]
#[expect(clippy::disallowed_methods, reason = "the parent process says by its environment which case is meant")]
fn one_case_measures_itself() {
    let Some(number) = std::env::var("ROSTERCTL_LIMIT_CASE").ok().and_then(|n| n.parse::<usize>().ok()) else { return };
    let (_, make, end) = CASES[number];
    let wanted = if let End::Refused(code) = end { code } else { "read" };
    let sources = Sources { files: vec![Source { name: "w.yaml".to_owned(), bytes: make() }] };
    let size = sources.files.first().map_or(0, |file| file.bytes.len());
    let _ = fs::write("/proc/self/clear_refs", "5");
    let (memory, time) = (status("VmHWM"), worked());
    let answer = read(&sources);
    let (time, memory) = (worked() - time, status("VmHWM").saturating_sub(memory));
    let codes: Vec<&str> = answer.as_ref().err().map_or_else(|| vec!["read"], |m| m.iter().map(Mistake::code).collect());
    let code = if codes.contains(&wanted) { wanted } else { codes[0] };
    println!("CASE {code} {time} {memory} {size}");
}

/// The measurements of one case.
struct Measured {
    code: String,
    /// Milliseconds.
    time: u64,
    /// Kilobytes.
    memory: u64,
    /// Bytes of YAML.
    size: u64,
}

/// Runs the case of this number in a process of its own.
///
/// # Errors
/// What the process said, if it died.
fn measure(number: usize) -> Result<Measured, String> {
    let output = Command::new(std::env::current_exe().expect("this program has a path"))
        .args(["--exact", "yaml_limits::one_case_measures_itself", "--nocapture", "--test-threads=1"])
        .env("ROSTERCTL_LIMIT_CASE", number.to_string())
        .output()
        .expect("the program runs");
    let text = String::from_utf8_lossy(&output.stdout);
    let line = text.lines().find_map(|l| l.split_once("CASE ")).map(|(_, rest)| rest);
    let words: Vec<&str> = line.unwrap_or_default().split_whitespace().collect();
    let [code, figures @ ..] = words.as_slice() else {
        return Err(format!("it died\n{text}{}", String::from_utf8_lossy(&output.stderr)));
    };
    let figures: Vec<u64> = figures.iter().filter_map(|figure| figure.parse().ok()).collect();
    let &[time, memory, size] = figures.as_slice() else { return Err(format!("it printed {text}")) };
    Ok(Measured { code: (*code).to_owned(), time, memory, size })
}

// J3
#[test]
fn hostile_yaml_costs_at_most_twenty_times_the_work_of_harmless_yaml_and_64_mb() {
    let (harmless, _, _) = CASES[CASES.len() - 1];
    let usual = measure(CASES.len() - 1).unwrap_or_else(|why| panic!("{harmless}: {why}"));
    let mut wrong = Vec::new();
    for (number, (name, _, end)) in CASES.into_iter().enumerate() {
        let Measured { code, time, memory, size } = match measure(number) {
            Ok(measured) => measured,
            Err(why) => {
                wrong.push(format!("{name}: {why}"));
                continue;
            }
        };
        let most = LEAST.max(LIMIT * usual.time * size / usual.size);
        println!("{name}: {code}, {time} ms of at most {most} ms, {memory} kB");
        let wanted = if let End::Refused(code) = end { code } else { "read" };
        if code != wanted || time > most || memory > 64 * 1024 {
            wrong.push(format!("{name}: {code} instead of {wanted}, {time} ms of at most {most} ms, {memory} kB"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
