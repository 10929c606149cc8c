//! Catalogs are read alike by `serde_yaml`, which reads those compiled in, and by our own front end, which knows places.

use std::fs;
use std::path::Path;

use rosterctl::platform::Catalog;
use rosterctl::yaml::{Mistake, SecretWords, from_bytes};

/// The folders of vendors: those with a catalog.
fn vendors() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/platform");
    let entries = fs::read_dir(&folder).expect("the folder of platforms").map(|entry| entry.expect("an entry").path());
    let folders = entries.filter(|path| path.join("catalog.yaml").is_file());
    folders.filter_map(|path| path.file_name().and_then(|name| name.to_str()).map(str::to_owned)).collect()
}

fn text(vendor: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/platform").join(vendor).join("catalog.yaml");
    fs::read_to_string(&path).unwrap_or_else(|why| panic!("{}: {why}", path.display()))
}

fn read(text: &str) -> Result<Catalog, Vec<(String, u32, u32)>> {
    let place = |mistake: &Mistake| (mistake.message().to_owned(), mistake.line(), mistake.column());
    from_bytes("catalog.yaml", text.as_bytes(), SecretWords::NONE).map_err(|mistakes| mistakes.iter().map(place).collect())
}

#[test]
fn both_readers_make_the_same_of_every_catalog() {
    assert_eq!(vendors().len(), rosterctl::platform::built_in().len(), "each catalog belongs to a platform");
    for vendor in vendors() {
        let text = text(&vendor);
        let theirs: Catalog = serde_yaml::from_str(&text).unwrap_or_else(|why| panic!("{vendor}: {why}"));
        let ours = read(&text).unwrap_or_else(|mistakes| panic!("{vendor}: {mistakes:?}"));
        assert_eq!(format!("{ours:?}"), format!("{theirs:?}"), "{vendor}");
    }
}

#[test]
fn a_mistake_in_a_catalog_has_its_place() {
    let text = text("generic");
    let line = |beginning: &str| text.lines().position(|line| line.starts_with(beginning)).expect("the line is there") + 1;
    let at = u32::try_from(line("roles_reach:")).expect("a small file");
    let (value, after) = text.split_once("roles_reach: ").map(|(_, rest)| rest.split_once('\n').expect("a line end")).expect("it is there");
    let wrong = text.replace(&format!("roles_reach: {value}\n"), "roles_reach: nobody\nwherever: 1\nname: 7\n");
    assert!(!after.is_empty());
    let mistakes = read(&wrong).expect_err("it is wrong");
    let places: Vec<(u32, u32)> = mistakes.iter().map(|(_, line, column)| (*line, *column)).collect();
    assert!(places.contains(&(at, 14)), "{mistakes:?}");
    let missing = text.replace(&format!("roles_reach: {value}\n"), "");
    let mistakes = read(&missing).expect_err("it is wrong");
    assert_eq!(mistakes[0].0, "`roles_reach` is missing");
}
