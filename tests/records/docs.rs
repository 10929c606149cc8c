//! Checks that the documents match the program. `BLESS=1 cargo test --test records docs` writes the parts that are made from data.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use rosterctl::model::{Field, Guard, Guards};
use rosterctl::platform::catalog::RolesReach;
use rosterctl::platform::field_rules::ChangedBy;
use rosterctl::platform::seats::SeatsBy;
use rosterctl::platform::{Catalog, built_in};

use crate::bless;

fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

fn read(name: &str) -> String {
    fs::read_to_string(path(name)).unwrap_or_else(|why| panic!("{name}: {why}"))
}

/// Compares a document with what it should be, or writes it.
fn agree(name: &str, wanted: &str) {
    assert!(bless::agrees(&path(name), wanted), "{name} is out of date: BLESS=1 cargo test --test records docs");
}

/// A text in which the usual limits have the places of their names.
fn with_limits(text: &str) -> String {
    let Guards { removals_count, removals_share, administrators_at_least } = Guards::USUAL;
    text.replace("{count}", &removals_count.to_string())
        .replace("{share}", &removals_share.as_fraction().to_string())
        .replace("{fewest}", &Guards::FEWEST_OF_SHARE.to_string())
        .replace("{at_least}", &administrators_at_least.to_string())
        .replace("{lookups}", &Guards::MOST_LOOK_UPS.to_string())
}

/// The rows of the guards: what the first comment of each guard's file says, and whether a waiver lifts it.
fn guards() -> String {
    let mut rows = String::new();
    let leaves = built_in().iter().filter_map(|platform| {
        let Catalog { platform, needed_colleague, .. } = platform.catalog();
        needed_colleague.as_ref().map(|colleague| format!("`{platform}`: {}", colleague.leaves))
    });
    let leaves = leaves.collect::<Vec<_>>().join("; ");
    for guard in Guard::ALL {
        let mut file = String::new();
        for c in format!("{guard:?}").chars() {
            file.extend(c.is_uppercase().then_some('_'));
            file.extend(c.to_lowercase());
        }
        let file = format!("src/reconcile/guards/{}.rs", file.trim_start_matches('_'));
        let comment: Vec<String> = read(&file).lines().map_while(|line| Some(line.strip_prefix("//!")?.trim().to_owned())).collect();
        let comment = with_limits(&format!("{} ", comment.join(" "))).replace("{leaves}", &leaves);
        let cell = |from: &str, to: &str| {
            let (_, said) = comment.split_once(from).unwrap_or_else(|| panic!("{file} does not say `{from}`"));
            said.split_once(to).map_or(said, |(said, _)| said).trim().to_owned()
        };
        let (when, why) = (cell("- Stops a plan when:", "- Why:"), cell("- Why:", "- What to do:"));
        let (what, waiver) = (cell("- What to do:", "//!"), if guard.is_waivable() { "yes" } else { "no" });
        writeln!(rows, "| `{}` | {when} | {why} | {what} | {waiver} |", guard.code()).expect("text");
    }
    rows
}

#[test]
fn every_guard_has_the_row_that_its_file_gives_with_the_limits_of_the_model() {
    let document = read("docs/guards.md");
    let is_row = |line: &&str| line.starts_with("| `");
    let (before, rest) = document.split_once("| `").expect("a row");
    let after = rest.lines().skip(1).skip_while(is_row).collect::<Vec<_>>().join("\n");
    let (after, rest) = after.split_once("guards:\n").expect("the limits");
    let rest = rest.lines().skip(2).collect::<Vec<_>>().join("\n");
    let limits = with_limits("guards:\n  removals: { count: {count}, share: {share} }\n  administrators: { at_least: {at_least} }\n");
    agree("docs/guards.md", &format!("{before}{}{after}{limits}{rest}\n", guards()));
}

#[test]
fn the_platforms_page_is_what_the_catalogs_say() {
    agree("docs/platforms.md", &platforms());
}

/// The page about platforms: every fact of every catalog with where it comes from.
fn platforms() -> String {
    let mut page = String::from(
        "# Platforms\n\n\
         This page is made from the catalogs in `src/platform`, and a test fails when it is out of date. The column *from* names an RFC, or the\n\
         requirement from the vendor's own help pages. **assumed** marks what those pages leave open and we decided. An assumption may be wrong for\n\
         your workspace: check it before you rely on it.\n",
    );
    overview(&mut page);
    for platform in built_in() {
        one(&mut page, platform.catalog());
    }
    page
}

/// Says whether a platform has something.
type Has = fn(&Catalog) -> bool;

fn overview(page: &mut String) {
    page.push_str("\n|");
    for platform in built_in() {
        write!(page, " | `{}`", platform.word()).expect("text");
    }
    page.push_str(" |\n|---|---|---|---|---|\n");
    let rows: [(&str, Has); 8] = [
        ("clinics", |c| c.clinics),
        ("custom roles", |c| c.custom_roles || c.open_roles),
        ("privileges per member", |c| c.field(Field::PrivilegeChanges).is_some()),
        ("blocking", |c| c.states.blocked),
        ("passcode", |c| c.passcode),
        ("temporary first password", |c| c.initial_password),
        ("code word", |c| c.code_word.is_some()),
        ("employee records", |c| c.employees),
    ];
    for (what, has) in rows {
        write!(page, "| {what}").expect("text");
        for platform in built_in() {
            page.push_str(if has(platform.catalog()) { " | yes" } else { " | –" });
        }
        page.push_str(" |\n");
    }
    page.push_str("| a change of a role affects");
    for platform in built_in() {
        page.push_str(match platform.catalog().roles_reach {
            RolesReach::AllHolders => " | everyone who has it",
            RolesReach::FutureHolders => " | only members who get it later",
        });
    }
    page.push_str(" |\n");
}

fn one(page: &mut String, catalog: &Catalog) {
    let Catalog { platform, name, privileges, roles, prices, seats, user_name_change, manages_users, .. } = catalog;
    write!(page, "\n## {name} (`{platform}`)\n\n").expect("text");
    if let Some(privilege) = manages_users {
        write!(page, "Anyone whose effective privileges include `{privilege}` is an administrator. ").expect("text");
    }
    writeln!(
        page,
        "The e-mail address is changed by {} ({}). {}.",
        by(user_name_change.by),
        from(user_name_change.source.as_deref(), user_name_change.assumed),
        match seats.by {
            SeatsBy::Plan => "All seats have the price of the subscription's plan",
            SeatsBy::Role => "Seats are counted per role",
            SeatsBy::Account => "All seats count the same",
        }
    )
    .expect("text");
    page.push_str("\n| field in the roster | required | changed by | from |\n|---|---|---|---|\n");
    for (field, rule) in catalog.known_fields() {
        let required = if rule.required { "yes" } else { "" };
        let key = catalog.yaml_key(field);
        writeln!(page, "| `{key}` | {required} | {} | {} |", field_by(rule.by), from(rule.source.as_deref(), rule.assumed)).expect("text");
    }
    if !roles.is_empty() {
        page.push_str("\n| role | privileges | from |\n|---|---|---|\n");
        for (key, role) in roles {
            let listed = role.privileges.iter().map(|p| format!("`{p}`")).collect::<Vec<_>>().join(", ");
            let doubt = if role.ambiguous { "; the source is ambiguous" } else { "" };
            writeln!(page, "| `{key}` ({}) | {listed} | {}{doubt} |", role.name, from(role.source.as_deref(), role.assumed)).expect("text");
        }
    }
    if !privileges.is_empty() {
        page.push_str("\n| privilege | from |\n|---|---|\n");
        for (key, privilege) in privileges {
            let name = privilege.name.as_ref().map(|n| format!(" ({n})")).unwrap_or_default();
            writeln!(page, "| `{key}`{name} | {} |", from(privilege.source.as_deref(), privilege.assumed)).expect("text");
        }
    }
    if !prices.is_empty() {
        page.push_str("\n| seat | a month | from |\n|---|---|---|\n");
        for price in prices {
            let (dollars, cents) = (price.cents / 100, price.cents % 100);
            writeln!(page, "| {} | {dollars}.{cents:02} USD | {}, as of {} |", price.kind, price.source, price.as_of).expect("text");
        }
    }
    click_paths(page, catalog);
}

/// The click path of each kind of change.
fn click_paths(page: &mut String, catalog: &Catalog) {
    page.push_str("\n| change by hand | click path | from |\n|---|---|---|\n");
    for (action, path) in &catalog.runbook {
        let parts = path.parts.iter().filter(|part| !part.path.is_empty());
        for (own, fields) in
            std::iter::once((path, String::new())).chain(parts.map(|part| (part, format!(" ({})", part.fields.join(", ")))))
        {
            let clicks = own.path.join(" › ").replace("{name}", "*name*").replace("{email}", "*address*");
            writeln!(page, "| {}{fields} | {clicks} | {} |", action.as_str(), from(own.source.as_deref(), own.assumed)).expect("text");
        }
    }
}

fn by(who: ChangedBy) -> &'static str {
    match who {
        ChangedBy::Admin => "an admin",
        ChangedBy::Member => "the member only",
        ChangedBy::Suggestion => "an admin until the member confirms it",
        ChangedBy::BeforeAcceptance => "an admin before the first login",
    }
}

fn field_by(who: ChangedBy) -> &'static str {
    match who {
        ChangedBy::Member => "an admin while nobody has accepted and no invitation is open (not on a list of users), then the member only",
        ChangedBy::Admin | ChangedBy::Suggestion | ChangedBy::BeforeAcceptance => by(who),
    }
}

fn from(source: Option<&str>, assumed: bool) -> String {
    match (source, assumed) {
        (Some(source), false) => source.to_owned(),
        (Some(source), true) => format!("{source}, **assumed**"),
        (None, true) => "**assumed**".to_owned(),
        (None, false) => "–".to_owned(),
    }
}

#[test]
fn every_link_between_the_documents_leads_somewhere() {
    let mut documents: Vec<PathBuf> =
        ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md"].into_iter().map(path).collect();
    for folder in ["docs", "docs/guides"] {
        documents.extend(fs::read_dir(path(folder)).expect("docs").map(|e| e.expect("an entry").path()).filter(|path| path.is_file()));
    }
    let mut broken = Vec::new();
    for document in documents {
        let text = fs::read_to_string(&document).expect("a document can be read");
        for link in text.split("](").skip(1).filter_map(|rest| rest.split_once(')').map(|(link, _)| link)) {
            let target = link.split('#').next().unwrap_or_default();
            let folder = document.parent().expect("a folder");
            if !target.is_empty() && !target.contains("://") && !folder.join(target).exists() {
                broken.push(format!("{}: {link}", document.display()));
            }
        }
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn every_path_that_the_guides_name_exists() {
    let mut missing = Vec::new();
    for guide in ["ARCHITECTURE.md", "CONTRIBUTING.md"] {
        let text = read(guide);
        let quoted = text.split('`').skip(1).step_by(2);
        let named = quoted.filter(|word| ["src/", "tests/", "docs/", "examples/"].iter().any(|folder| word.starts_with(folder)));
        // A name in capitals is a place to fill in.
        let exact = named.filter(|word| !word.contains("NAME") && !word.contains(char::is_whitespace));
        missing.extend(exact.filter(|word| !path(word).exists()).map(|word| format!("{guide}: {word}")));
    }
    assert!(missing.is_empty(), "{}", missing.join("\n"));
}
