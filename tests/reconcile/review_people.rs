//! Reviews of small worlds, in full: who is one person, who may be, what their access is and why it should not be.

use std::path::Path;

use jiff::civil::date;
use rosterctl::directory::SnapshotDirectory;
use rosterctl::list::staff::{self, StaffWords};
use rosterctl::manifest::{Source, Sources, read};
use rosterctl::model::{
    Access, Actual, Alike, Block, BlockReason, Connection, Desired, Invitation, InvitationState, RemoteId, Review, State,
};
use rosterctl::reconcile::{Payroll, Reviewed, review};

use crate::bless::{agrees, difference};

/// 28 November 2026, 17:00 in Phoenix.
const NOW: i64 = 1_795_910_400_000;

/// A workspace that lists its users: what its roster says of them, and the rows of its list.
struct Practice {
    desired: Desired,
    actual: Actual,
}

impl Practice {
    /// `rows` are "LOGIN FIRST/LAST", and what else the list shows.
    fn new(at: usize, users: &str, rows: &[&str]) -> Self {
        let users =
            if users.contains("users:") { users.to_owned() } else { format!("{users}\nusers: {{ boss@w.example: {{ first_name: Bo }} }}") };
        let spa = format!("workspace: spa{at}\nplatform: generic\nconnection: {{ snapshot: list.yaml }}\n{users}\n");
        let row = |row: &&str| {
            let (login, rest) = row.split_once(' ').unwrap();
            let (name, rest) = rest.split_once(',').unwrap_or((rest, ""));
            let (first, last) = name.split_once('/').unwrap();
            let part = |key: &str, text: &str| if text.is_empty() { String::new() } else { format!("{key}: \"{text}\", ") };
            let status = if rest.contains("status:") { "" } else { ", status: active" };
            format!("  {login}: {{ {}{}{rest}{status} }}\n", part("first_name", first), part("last_name", last))
                .replace(", ,", ",")
                .replace("{ ,", "{ ")
        };
        let accounts: String = rows.iter().map(row).collect();
        let list = format!(
            "snapshot: spa{at}\ntabs: {{ all: {{ total: {}, taken: 2026-11-27T17:00:00-07:00 }} }}\nshows: [first_name, last_name, email, phones, status]\naccounts:\n{accounts}",
            rows.len()
        );
        let file = |name: &str, text: &str| Source { name: name.to_owned(), bytes: text.as_bytes().to_vec() };
        let roster = read(&Sources { files: vec![file("spa.yaml", &spa), file("list.yaml", &list)] });
        let desired = roster.unwrap_or_else(|mistakes| panic!("{mistakes}\n{spa}{list}")).workspaces.remove(0);
        let Connection::Snapshot(to) = &desired.connection else { panic!("it names a list") };
        let actual = SnapshotDirectory::new(&desired, to.snapshot.as_deref().unwrap(), NOW).actual().clone();
        Self { desired, actual }
    }
}

/// Reviews lists of users with a payroll in separated values.
fn reviewed(practices: &[Practice], payroll: &str) -> Review {
    let all: Vec<Reviewed<'_>> =
        practices.iter().map(|Practice { desired, actual }| Reviewed { desired, actual, shown: actual, by_hand: None }).collect();
    let today = date(2026, 11, 28);
    if payroll.is_empty() {
        return review(&all, None);
    }
    let staff = staff::read(payroll.as_bytes(), today, &StaffWords::default()).unwrap_or_else(|why| panic!("{why:?}\n{payroll}"));
    review(&all, Some(Payroll { staff: &staff, today }))
}

/// Everybody in a line: the name, other names, logins, accounts with access and findings, rows of the payroll; then who may be one person.
fn lines(review: &Review, practices: &[Practice]) -> Vec<String> {
    let mut all = Vec::new();
    let name = |at: &usize| review.people[*at].name.clone().unwrap_or_else(|| review.people[*at].logins.join(","));
    for person in &review.people {
        let accounts = person.accounts.iter().map(|one| {
            let id = &practices[one.workspace].actual.accounts[one.account].id.0;
            format!(
                " spa{}:{id} {:?}{}",
                one.workspace,
                one.access,
                if one.wrong.is_empty() { String::new() } else { format!(" {:?}", one.wrong) }
            )
        });
        let rows = person.staff.iter().map(|row| format!(" row {}", row.row)).collect::<Vec<_>>().concat();
        let state = person.on_payroll.map(|state| format!(" {state:?}")).unwrap_or_default();
        let service = person.service.as_ref().map(|service| format!(" of {} {:?}", service.owner, service.state)).unwrap_or_default();
        let other = if person.other_names.is_empty() { String::new() } else { format!(" ({})", person.other_names.join(", ")) };
        let shown = person.name.as_deref().unwrap_or("-");
        all.push(format!("{shown}{other} [{}]{}{rows}{state}{service}", person.logins.join(" "), accounts.collect::<Vec<_>>().concat()));
    }
    all.extend(
        review.alike.iter().map(|alike| format!("{:?}: {}", alike.why, alike.people.iter().map(name).collect::<Vec<_>>().join(" / "))),
    );
    all
}

/// Judges the worlds of a file: each has a title, the workspaces' rosters and rows, the payroll, and what the review says.
fn judge(file: &str) {
    let path = format!("tests/reviews/{file}");
    let text = std::fs::read_to_string(&path).unwrap();
    let mut written = String::new();
    for world in text.split("== ").skip(1) {
        let (title, rest) = world.split_once('\n').unwrap();
        let said = rest.lines().filter(|line| !line.is_empty()).map(|line| line.split_once(' ').unwrap());
        let all = |key: &str| -> Vec<&str> { said.clone().filter(|(own, _)| *own == key).map(|(_, text)| text).collect() };
        let mut practices = Vec::new();
        for at in 0.. {
            let (users, rows): (Vec<&str>, Vec<&str>) = all(&format!("spa{at}")).into_iter().partition(|line| line.starts_with("roster "));
            if users.is_empty() && rows.is_empty() {
                break;
            }
            let users: Vec<&str> = users.into_iter().filter_map(|line| line.strip_prefix("roster ")).collect();
            practices.push(Practice::new(at, &users.join("\n"), &rows));
        }
        let found = lines(&reviewed(&practices, &all("staff").join("\n")), &practices);
        let kept = rest.lines().filter(|line| !line.is_empty() && !line.starts_with("-> "));
        let shown = found.iter().map(|line| format!("-> {line}"));
        written.extend(std::iter::once(format!("== {title}")).chain(kept.map(str::to_owned)).chain(shown).map(|line| line + "\n"));
        written.push('\n');
    }
    assert!(agrees(Path::new(&path), &written), "{}", difference(&text, &written));
}

#[test]
fn an_address_user_name_number_or_roster_joins_rows_of_a_person_and_a_name_joins_nobody() {
    judge("people.txt");
}

#[test]
fn people_who_may_be_one_are_shown_with_the_reason_and_not_joined() {
    judge("alike.txt");
}

#[test]
fn more_than_sixty_names_in_common_are_not_compared() {
    for (what, account, row) in [("forms", "Bob/Hill", "Robert,Hill"), ("spellings", "Kate/Smith", "Kate,Smyth")] {
        for others in [58, 59] {
            let mut payroll = format!("First name,Last name,Email\n{row},one@home.example\n");
            for at in 0..others {
                let letters = format!("{}{}", char::from(b'a' + at / 26), char::from(b'a' + at % 26));
                let (first, last) = row.split_once(',').unwrap();
                let other = if what == "forms" { format!("Q{letters}q,{last}") } else { format!("{first},Qw{letters}er") };
                payroll.extend([other.as_str(), ",", &letters, "@home.example\n"]);
            }
            let practices = [Practice::new(0, "", &[&format!("one@w.example {account}")])];
            let why = |alike: &Alike| format!("{:?}", alike.why);
            let found: Vec<String> = reviewed(&practices, &payroll).alike.iter().filter(|alike| alike.people.len() == 2).map(why).collect();
            let expected: &[&str] = match (what, others) {
                (_, 59) => &[],
                ("forms", _) => &["FormOfName"],
                _ => &["Spelling"],
            };
            assert_eq!(found, expected, "{what} with {others} others");
        }
    }
}

#[test]
fn the_access_on_a_server_is_that_of_the_account_and_of_its_open_invitation() {
    let sent = |state, expires_at| Some(Invitation { state, sent_at: 0, expires_at });
    let open = InvitationState::Open;
    for (what, has_extension, inactive, accepted, blocked, invitation, expected) in [
        ("active", true, false, true, false, None, Access::Yes),
        ("inactive", true, true, true, false, None, Access::No),
        ("blocked", true, false, true, true, None, Access::No),
        ("pending, the link is valid", true, false, false, false, sent(open, NOW + 1), Access::Yes),
        ("pending, the link is over now", true, false, false, false, sent(open, NOW), Access::No),
        ("pending, withdrawn", true, false, false, false, sent(InvitationState::Killed, NOW + 1), Access::No),
        ("pending without an invitation on a server that shows them", true, false, false, false, None, Access::No),
        ("pending on a server that shows no invitations", false, false, false, false, None, Access::Unknown),
    ] {
        let mut practice = Practice::new(0, "", &["ana@w.example Ana/Ruiz"]);
        practice.actual.list = None;
        practice.actual.as_of = NOW;
        practice.actual.capabilities.practice_extension = has_extension;
        let block = blocked.then_some(Block { reason: BlockReason::ActivityReview, note: None });
        let account = &mut practice.actual.accounts[0];
        account.id = RemoteId("17".to_owned());
        account.state = State { inactive, accepted, invitation, block };
        let review = reviewed(&[practice], "");
        assert_eq!(review.people[0].accounts[0].access, expected, "{what}");
        assert_eq!(review.people[0].logins, ["ana@w.example"], "an id of a server is not a login");
    }
}
