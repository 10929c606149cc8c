//! Measures an import of 10,000 users, compared with the plan of the same workspace.

use std::collections::{BTreeMap, BTreeSet};

use rosterctl::import::{Imported, Request, import};
use rosterctl::manifest::{Folder, Importing, Source, Sources, read_folder};
use tokio::runtime::Runtime;

use crate::measure::{Report, by_turns};
use crate::{Folder as Directory, generate, over, world};

/// Measures reading the workspace, writing its users, and checking them by reading and planning, all that the command does but the file.
pub(crate) fn section(runtime: &Runtime, report: &mut Report) {
    let users = generate::MOST_IN_A_FILE;
    let folder = Directory::new();
    let sources = world::sources(&generate::roster(users, 0));
    let settled = world::load(&sources).workspaces.remove(0);
    runtime.block_on(world::settle(&folder.0, &settled));
    let head = format!("workspace: {}\nplatform: {}\nconnection: {{ embedded: {{}} }}\n", settled.workspace, settled.platform);
    let begun = Sources { files: vec![Source { name: "practice-0.yaml".to_owned(), bytes: head.into_bytes() }] };
    let (ours, theirs) = by_turns(
        7,
        || {
            let actual = runtime.block_on(world::read(&folder.0, &settled));
            let imported = imported(&begun, &actual);
            assert_eq!((imported.users, imported.not_imported.len()), (users, 0), "everybody is imported");
            imported
        },
        || {
            let desired = world::load(&sources).workspaces.remove(0);
            let actual = runtime.block_on(world::read(&folder.0, &desired));
            let plan = rosterctl::reconcile::diff(&desired, &actual);
            assert!(plan.is_empty(), "nothing differs");
            world::approve(&desired, &actual, plan)
        },
    );
    report.note(&format!("import of {users} users"), &ours.shown());
    report.note(&format!("plan of the same {users} users"), &theirs.shown());
    report.at_most(&format!("{users} users: import, of the processor time of a plan"), over(&ours, &theirs), 2.0, "x");
}

fn imported(begun: &Sources, actual: &rosterctl::model::Actual) -> Imported {
    let folder = |importing| Folder { sizes: &NO_SIZES, is_created: &|_| true, importing };
    let mut roster = match read_folder(begun, &folder(Importing::Everything)) {
        Ok(roster) => roster,
        Err(mistakes) => panic!("three keys are enough: {}", mistakes.render("in the workspace", false)),
    };
    let request = Request {
        sources: begun,
        folder: &folder(Importing::Nothing),
        desired: &roster.workspaces.remove(0),
        actual,
        without_address: &BTreeSet::new(),
        main_admin: None,
        by: None,
        is_update: false,
    };
    match import(&request) {
        Ok(imported) => imported,
        Err(why) => panic!("a generated workspace can be imported: {why}"),
    }
}

static NO_SIZES: BTreeMap<String, u64> = BTreeMap::new();
