//! Workbooks that claim to be much larger than they are end in a clear error, and the program stays small.

use std::io::{Cursor, Write as _};
use std::process::Command;

use crate::support::Roster;

/// The most memory that the program may use, KiB.
const MOST: u64 = 256 * 1024;

fn ods(content: &str) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default().compression_method(zip::CompressionMethod::Deflated);
    archive.start_file("mimetype", options).unwrap();
    archive.write_all(b"application/vnd.oasis.opendocument.spreadsheet").unwrap();
    archive.start_file("content.xml", options).unwrap();
    archive.write_all(content.as_bytes()).unwrap();
    archive.finish().unwrap().into_inner()
}

fn sheet(rows: &str) -> Vec<u8> {
    ods(&format!("<document><body><spreadsheet><table table:name='Users'>{rows}</table></spreadsheet></body></document>"))
}

/// Takes a list from a file, and returns the exit code, what the program said, and the most memory that it used, KiB.
fn snapshot(file: &[u8]) -> (i32, String, u64) {
    let roster = Roster::empty();
    roster.write("glow.yaml", "workspace: glow\nplatform: generic\nconnection: { snapshot: snapshots/glow.yaml }\n");
    std::fs::write(roster.path().join("users.ods"), file).unwrap();
    let script = "import resource, subprocess, sys\nrun = subprocess.run(sys.argv[1:], capture_output=True)\n\
                  print(run.returncode, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)\n\
                  print(run.stdout.decode() + run.stderr.decode())";
    let output = Command::new("python3")
        .args(["-c", script, env!("CARGO_BIN_EXE_rosterctl"), "snapshot", "glow", "--active", "users.ods"])
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
    for (what, file, says) in [
        ("columns that repeat one cell", sheet(&format!("{head}{}", row("1", &cell("16384", "x")))), "2,000 columns"),
        ("long cells that are repeated", sheet(&format!("{head}{}", row("1", &cell("2000", &long)))), "24 MiB in all cells"),
        ("rows of many cells", sheet(&format!("{head}{}", row("1048576", &cell("1900", "x")))), "1,000,000 cells"),
        ("rows that repeat one row", sheet(&format!("{head}{}", row("1048576", &cell("1", "x")))), "100,000 rows"),
        ("rows of a long cell", sheet(&format!("{head}{}", row("1048576", &cell("1", &long)))), "24 MiB in all cells"),
        ("tags inside each other", ods(&"<a>".repeat(2_000_000)), "256 elements inside each other"),
        ("tags of a table inside each other", ods(&"<table><table-row><table-cell>".repeat(500_000)), "256 elements inside each other"),
        ("entities that grow", ods(&entities), "the file is damaged"),
    ] {
        let (code, text, memory) = snapshot(&file);
        assert!(code == 1 && text.contains(says) && text.contains("Nothing was written"), "{what}: {code} {text}");
        assert!(memory < MOST, "{what}: {memory} KiB");
        println!("{what}: {memory} KiB");
    }
}
