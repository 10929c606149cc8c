//! Files that claim to be much larger than they are, or are, end in a clear error, and the program stays small.

use std::io::{Cursor, Write as _};
use std::process::Command;

use crate::support::Roster;

/// The most memory that the program may use, KiB.
const MOST: u64 = 256 * 1024;

fn archive(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
    for (name, content) in parts {
        archive.start_file(*name, options).unwrap();
        archive.write_all(content).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

fn ods(content: &str) -> Vec<u8> {
    archive(&[("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"), ("content.xml", content.as_bytes())])
}

/// A workbook of Excel with one sheet.
fn xlsx(sheet: &str) -> Vec<u8> {
    let book = "<workbook xmlns:r='r'><sheets><sheet name='Users' sheetId='1' r:id='rId1'/></sheets></workbook>";
    let links = "<Relationships><Relationship Id='rId1' Type='worksheet' Target='worksheets/sheet1.xml'/></Relationships>";
    archive(&[
        ("[Content_Types].xml", b"<Types/>"),
        ("xl/workbook.xml", book.as_bytes()),
        ("xl/_rels/workbook.xml.rels", links.as_bytes()),
        ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
    ])
}

fn sheet(rows: &str) -> Vec<u8> {
    ods(&format!("<document><body><spreadsheet><table table:name='Users'>{rows}</table></spreadsheet></body></document>"))
}

/// Takes a list from a file, and returns the exit code, what the program said, and the most memory that it used, KiB.
fn snapshot(file: &[u8]) -> (i32, String, u64) {
    let script = "import resource, subprocess, sys\nrun = subprocess.run(sys.argv[1:], capture_output=True)\n\
                  print(run.returncode, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)\n\
                  print(run.stdout.decode() + run.stderr.decode())";
    run(file, script, "users.ods")
}

/// Does the same with a page of 1 GiB that another program writes into the standard input for as long as somebody reads it.
fn piped() -> (i32, String, u64) {
    let script = "import resource, subprocess, sys\n\
                  run = subprocess.Popen(sys.argv[1:], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)\n\
                  rows = b'<tr><td>x</td><td>x@glow.example</td></tr>' * 25000\n\
                  try:\n    run.stdin.write(b'<table><tr><th>Name</th><th>Email</th></tr>')\n    for part in range(1024): run.stdin.write(rows)\n    \
                  run.stdin.close()\nexcept BrokenPipeError: pass\n\
                  said = run.stdout.read()\nrun.wait()\n\
                  print(run.returncode, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)\nprint(said.decode())";
    run(b"", script, "-")
}

/// Runs the program by a script of Python, which measures it.
fn run(file: &[u8], script: &str, name: &str) -> (i32, String, u64) {
    let roster = Roster::empty();
    roster.write("glow.yaml", "workspace: glow\nplatform: generic\nconnection: { snapshot: snapshots/glow.yaml }\n");
    std::fs::write(roster.path().join("users.ods"), file).unwrap();
    let output = Command::new("python3")
        .args(["-c", script, env!("CARGO_BIN_EXE_rosterctl"), "snapshot", "glow", "--active", name])
        .current_dir(roster.path())
        .output()
        .expect("Python runs");
    let said = String::from_utf8(output.stdout).unwrap();
    let (first, text) = said.split_once('\n').unwrap_or_else(|| panic!("{}", String::from_utf8_lossy(&output.stderr)));
    let (code, memory) = first.split_once(' ').unwrap();
    assert!(!roster.path().join("snapshots").exists() || code == "0", "{text}");
    (code.parse().unwrap(), text.to_owned(), memory.parse().unwrap())
}

#[test]
fn a_hostile_workbook_ends_in_a_clear_error_within_256_mib() {
    let cell = |repeated: &str, text: &str| {
        format!("<table-cell number-columns-repeated='{repeated}' value-type='string'><p>{text}</p></table-cell>")
    };
    let row = |repeated: &str, cells: &str| format!("<table-row number-rows-repeated='{repeated}'>{cells}</table-row>");
    let head = row("1", &[cell("1", "Email"), cell("1", "Name")].concat());
    let long = "x".repeat(30_000);
    let laughs: Vec<String> = (1..10).map(|at| format!("<!ENTITY l{at} '{}'>", format!("&l{};", at - 1).repeat(10))).collect();
    let laughs = laughs.concat();
    let entities = format!(
        "<!DOCTYPE d [<!ENTITY l0 'ha'>{laughs}]><document><table><table-row><table-cell><p>&l9;</p></table-cell></table-row></table></document>"
    );
    let wide = "<c t='inlineStr'><is><t>x</t></is></c>".repeat(1_000_000);
    for (what, file, says) in [
        ("columns that repeat one cell", sheet(&format!("{head}{}", row("1", &cell("16384", "x")))), "too large for a list of users"),
        ("long cells that are repeated", sheet(&format!("{head}{}", row("1", &cell("2000", &long)))), "24 MiB in all cells"),
        ("rows of many cells", sheet(&format!("{head}{}", row("1048576", &cell("1900", "x")))), "1,000,000 cells"),
        ("rows that repeat one row", sheet(&format!("{head}{}", row("1048576", &cell("1", "x")))), "100,000 rows"),
        ("rows of a long cell", sheet(&format!("{head}{}", row("1048576", &cell("1", &long)))), "24 MiB in all cells"),
        ("tags inside each other", ods(&"<a>".repeat(2_000_000)), "too large for a list of users"),
        ("tags of a table inside each other", ods(&"<table><table-row><table-cell>".repeat(500_000)), "too large for a list of users"),
        ("entities that grow", ods(&entities), "the file is damaged"),
        ("a workbook that unpacks to much more", xlsx(&" ".repeat(200 << 20)), "too large for a list of users"),
        ("a table that unpacks to much more", ods(&" ".repeat(200 << 20)), "too large for a list of users"),
        ("a million columns", format!("Email,Name{}\n", ",x".repeat(1_000_000)).into_bytes(), "1 MiB in a line"),
        (
            "a million columns of a workbook",
            xlsx(&format!("<worksheet><sheetData><row>{wide}</row></sheetData></worksheet>")),
            "too large for a list of users",
        ),
        (
            "elements of a page inside each other",
            format!("<table>{}", "<div>".repeat(400_000)).into_bytes(),
            "too large for a list of users",
        ),
        ("a page of 32 MiB and more", format!("<table>{}", "<tr><td>x".repeat(4 << 20)).into_bytes(), "too large for a list of users"),
    ] {
        let (code, text, memory) = snapshot(&file);
        assert!(code == 1 && text.contains(says) && text.contains("Nothing was written"), "{what}: {code} {text}");
        assert!(memory < MOST, "{what}: {memory} KiB");
        println!("{what}: {memory} KiB");
    }
}

#[test]
fn a_page_of_one_gib_through_a_pipe_is_not_read_to_its_end() {
    let (code, text, memory) = piped();
    assert!(code == 1 && text.contains("32 MiB"), "{code} {text}");
    assert!(memory < MOST, "{memory} KiB");
}

#[test]
fn formulas_are_not_evaluated_and_their_text_reaches_no_file() {
    for (formula, is_kept) in
        [("=HYPERLINK(\"\"https://x.example/\"\",\"\"Lin\"\")", false), ("=cmd|' /C calc'!A0", false), ("\"'=1+1\"", true)]
    {
        let cell = if formula.contains('"') && !is_kept { format!("\"{formula}\"") } else { formula.to_owned() };
        let roster = Roster::empty();
        roster.write("glow.yaml", "workspace: glow\nplatform: generic\nconnection: { snapshot: snapshots/glow.yaml }\n");
        roster.write("users.csv", &format!("Email,First name,Last name\nbo@glow.example,Bo,{cell}\n"));
        let said = roster.expect(0, &["snapshot", "glow", "--active", "users.csv"]);
        let list = std::fs::read_to_string(roster.path().join("snapshots/glow.yaml")).unwrap();
        assert_eq!(list.contains("last_name: "), is_kept, "{list}");
        assert_eq!(said.stdout.contains("is not known for row 2"), !is_kept, "{}", said.stdout);
        assert!(!list.contains("HYPERLINK") && !list.contains("cmd|"), "{list}");
    }
}
