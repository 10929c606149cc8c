// What people have on paper and in files: lists of users, payrolls, snapshots and ticked runbooks.

use std::collections::BTreeMap;

use jiff::civil::Date;
use rosterctl::list::{self, staff, staff::StaffWords};
use rosterctl::manifest::{self, Folder, Importing, Source, Sources};
use rosterctl::model::{Connection, Snapshot};
use rosterctl::platform::{built_in, by_id};
use rosterctl::report::runbook;

/// The workspace whose list a snapshot is.
const WORKSPACE: &str = "workspace: glow-medspa\nplatform: aesthetic-record\nconnection: { snapshot: list.yaml }\n\
    clinics: { downtown: { name: Glow Downtown }, uptown: { name: Glow Uptown } }\n";

/// Reads a list of any kind on a platform with all columns.
pub(crate) fn any(data: &[u8]) {
    for platform in [0, 3] {
        let catalog = built_in()[platform].catalog();
        let clinics = BTreeMap::from([("uptown".to_owned(), "Glow Uptown".to_owned())]);
        let (own, roles) = (rosterctl::model::ListWords::default(), BTreeMap::new());
        let words = list::Words { catalog, own: &own, clinics: &clinics, roles: &roles, country: catalog.country, as_of: None };
        let input = list::Input { name: "list", bytes: data, tab: Some(rosterctl::model::Tab::Active) };
        let read = || list::read(&[input], &words, &BTreeMap::new());
        assert_eq!(read(), read(), "the same bytes give the same list");
    }
}

/// Reads text, with a header that is understood before it.
pub(crate) fn text(data: &[u8]) {
    any(data);
    for header in ["Name,Email,Role,Status,Clinics,Phone\n", "Name\tEmail\tStatus\n", "Name\nEmail\n"] {
        any(&[header.as_bytes(), data].concat());
    }
}

/// Reads a page, alone and inside of a table.
pub(crate) fn page(data: &[u8]) {
    any(data);
    any(&[b"<html><table><tr><th>Name<th>Email<th>Active<tr><td>".as_slice(), data, b"</table>".as_slice()].concat());
    any(&[b"<html><div role=grid><div role=row><i role=columnheader>Email</i><i role=columnheader>Name</i></div>".as_slice(), data]
        .concat());
}

/// Reads a payroll; the same bytes give the same people, and a refusal has a reason.
pub(crate) fn payroll(data: &[u8]) {
    let mut said = StaffWords::default();
    said.add_state("A", false);
    said.add_column("Paid until", "last-day");
    for said in [StaffWords::default(), said] {
        let read = || staff::read(data, Date::constant(2026, 11, 27), &said);
        let one = read();
        assert_eq!(one, read(), "the same bytes give the same payroll");
        match one {
            Ok(staff) => assert!(!staff.rows.is_empty(), "a payroll of nobody was accepted"),
            Err(problems) => assert!(!problems.is_empty(), "refused without a reason"),
        }
    }
}

/// Reads a snapshot; what was read and written is read again as the same, with the same bytes.
pub(crate) fn snapshot(data: &[u8]) {
    let Some((snapshot, catalog)) = snapshot_of(data) else { return };
    let written = manifest::snapshot::write(&snapshot, catalog);
    let (again, _) = snapshot_of(written.as_bytes()).unwrap_or_else(|| panic!("what was written cannot be read:\n{written}"));
    assert_eq!(again, snapshot, "another list came back from:\n{written}");
    assert_eq!(manifest::snapshot::write(&again, catalog), written, "the bytes are not stable");
}

/// The snapshot of a roster whose list is this file.
fn snapshot_of(data: &[u8]) -> Option<(Snapshot, &'static rosterctl::platform::Catalog)> {
    let file = |name: &str, bytes: &[u8]| Source { name: name.to_owned(), bytes: bytes.to_vec() };
    let sources = Sources { files: vec![file("glow.yaml", WORKSPACE.as_bytes()), file("list.yaml", data)] };
    let folder = Folder { sizes: &BTreeMap::new(), is_created: &|_| false, importing: Importing::Everything };
    let roster = manifest::read_folder(&sources, &folder).ok()?;
    roster.workspaces.into_iter().find_map(|desired| {
        let Connection::Snapshot(connection) = desired.connection else { return None };
        Some((*connection.snapshot?, by_id(&desired.platform).catalog()))
    })
}

/// Reads a ticked runbook: what was ticked is what the step's id says, and a refused runbook has no ticks.
pub(crate) fn ticks(data: &[u8]) {
    let text = list::decoded(data);
    let read = runbook::ticks(&text);
    assert_eq!(read, runbook::ticks(&text), "the same text gives the same ticks");
    for tick in read.iter().flat_map(|ticks| &ticks.done) {
        assert!(tick.step.is_intact(), "an edited step is ticked: {tick:?}");
    }
}
