//! Laws about reviews: nobody is merged by a guess, nobody is lost, and the order of rows does not matter.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::date;
use rosterctl::directory::SnapshotDirectory;
use rosterctl::manifest::{Source, Sources, read};
use rosterctl::model::{
    Access, Actual, Connection, Desired, LoginName, OnPayroll, Review, Row, Staff, StaffName, StaffRow, StaffUserName, WrongAccess,
};
use rosterctl::reconcile::{Payroll, Reviewed, review};

/// 28 November 2026, 17:00 in Phoenix.
const NOW: i64 = 1_795_910_400_000;
/// The number of worlds that are reviewed.
const WORLDS: u64 = 300;

/// A small generator (xorshift64*), so that a failing world can be made again by its number.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        usize::try_from(self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33).unwrap() % limit
    }

    fn pick<'a>(&mut self, all: &[&'a str]) -> &'a str {
        all[self.below(all.len())]
    }

    fn shuffle<T>(&mut self, all: &mut [T]) {
        for at in (1..all.len()).rev() {
            all.swap(at, self.below(at + 1));
        }
    }
}

const FIRST: [&str; 3] = ["Ana", "Kim", "Lee"];
const LAST: [&str; 4] = ["Ruiz", "Park", "Ruiz-Park", "Old"];
const LOGINS: [&str; 6] = ["ana@a.example", "kim@a.example", "lee@a.example", "desk@a.example", "ana@b.example", "o@b.example"];
const NAMES: [&str; 3] = ["aruiz", "kpark", "desk"];

/// Workspaces with lists of a few people whose names and addresses repeat.
struct World {
    desired: Vec<Desired>,
    actual: Vec<Actual>,
    staff: Staff,
}

impl World {
    fn new(seed: u64) -> Self {
        let mut random = Random(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1);
        let (mut desired, mut actual) = (Vec::new(), Vec::new());
        for name in ["one", "two", "three"] {
            let mut rows = BTreeMap::new();
            for _ in 0..random.below(5) {
                let (first, last) = (random.pick(&FIRST), random.pick(&LAST));
                let state = random.pick(&["active", "inactive", "pending"]);
                let (login, beside) = if random.below(3) == 0 {
                    (random.pick(&NAMES), format!(", email: {}", random.pick(&LOGINS)))
                } else {
                    (random.pick(&LOGINS), String::new())
                };
                rows.insert(login, format!("  {login}: {{ first_name: {first}, last_name: {last}{beside}, status: {state} }}\n"));
            }
            let listed = random.pick(&LOGINS);
            let service = if random.below(4) == 0 { ", service: { owner: boss@a.example }" } else { "" };
            let spa = format!(
                "workspace: {name}\nplatform: generic\nconnection: {{ snapshot: list.yaml }}\nmanage: {}\nusers:\n  {listed}: {{ first_name: Ana{service} }}\n",
                random.pick(&["exact", "additive"])
            );
            let list = format!(
                "snapshot: {name}\ntabs: {{ all: {{ total: {}, taken: 2026-11-27T17:00:00-07:00 }} }}\nshows: [first_name, last_name, email, status]\naccounts:{}{}",
                rows.len(),
                if rows.is_empty() { " {}\n" } else { "\n" },
                rows.into_values().collect::<String>()
            );
            let file = |name: &str, text: &str| Source { name: name.to_owned(), bytes: text.as_bytes().to_vec() };
            let files = vec![file("spa.yaml", &spa), file("list.yaml", &list)];
            let roster = read(&Sources { files }).unwrap_or_else(|mistakes| panic!("{mistakes}\n{list}"));
            let one = roster.workspaces.into_iter().next().unwrap();
            let Connection::Snapshot(to) = &one.connection else { panic!("it names a list") };
            actual.push(SnapshotDirectory::new(&one, to.snapshot.as_deref().unwrap(), NOW).actual().clone());
            desired.push(one);
        }
        let staff_row = |row: u64, random: &mut Random| {
            let mut emails: Vec<_> = (0..random.below(3)).map(|_| random.pick(&LOGINS).parse().unwrap()).collect();
            emails.sort();
            emails.dedup();
            let user_name = (random.below(3) == 0).then(|| StaffUserName { name: random.pick(&NAMES).to_owned(), product: None });
            let user_names = user_name.into_iter().collect();
            let (first, last) = (Some(random.pick(&FIRST).to_owned()), Some(random.pick(&LAST).to_owned()));
            let other_first = (random.below(3) == 0).then(|| random.pick(&FIRST).to_owned());
            let name = StaffName { first, last, other_first, ..StaffName::default() };
            let number = (random.below(2) == 0).then(|| random.below(3).to_string());
            let end = (random.below(4) == 0).then(|| date(2026, 1, 31));
            StaffRow { row, number, name, emails, user_names, is_terminated: false, is_to_start: false, is_struck: false, end }
        };
        let rows = (0..random.below(6) as u64).map(|row| staff_row(row + 2, &mut random)).collect();
        Self { desired, actual, staff: Staff { rows, has_logins: true, has_ends: true, ..Staff::default() } }
    }

    fn review(&self, staff: &Staff) -> Review {
        let reviewed: Vec<Reviewed<'_>> = self
            .desired
            .iter()
            .zip(&self.actual)
            .map(|(desired, actual)| Reviewed { desired, actual, shown: actual, by_hand: None })
            .collect();
        review(&reviewed, Some(Payroll { staff, today: date(2026, 11, 29) }))
    }
}

/// A review without the numbers of rows.
fn without_numbers(mut review: Review) -> Review {
    for row in review.people.iter_mut().flat_map(|person| &mut person.staff) {
        row.row = 0;
    }
    for person in &mut review.people {
        person.staff.sort_by(|a, b| format!("{a:?}").cmp(&format!("{b:?}")));
    }
    review
}

#[test]
fn nobody_is_lost_and_nobody_is_merged_by_a_guess() {
    let (mut joined, mut questions) = (0, 0);
    for seed in 1..=WORLDS {
        let world = World::new(seed);
        let review = world.review(&world.staff);
        let mut seen: BTreeSet<(usize, usize)> = BTreeSet::new();
        let mut rows = 0;
        for person in &review.people {
            // Everything that is one person's is connected by addresses, or by user names of the payroll: a name connects nothing.
            let mut parts: Vec<BTreeSet<String>> = Vec::new();
            for account in &person.accounts {
                assert!(seen.insert((account.workspace, account.account)), "{seed}: an account is one person's");
                let read = &world.actual[account.workspace].accounts[account.account];
                let mut keys = BTreeSet::from([read.email.to_string()]);
                if !read.id.0.contains('@') && !person.staff.is_empty() {
                    keys.insert(read.id.0.clone());
                }
                let row = LoginName::parse(&read.id.0).ok().and_then(|login| {
                    let list = world.actual[account.workspace].list.as_deref()?;
                    list.snapshot.accounts.get(&login)
                });
                keys.extend(row.and_then(Row::address).map(str::to_owned));
                parts.push(keys);
            }
            rows += person.staff.len();
            parts.extend(person.staff.iter().map(|row| {
                let employee = row.number.iter().map(|number| format!("{number} {}", row.name.shown().unwrap_or_default()));
                row.emails
                    .iter()
                    .map(ToString::to_string)
                    .chain(row.user_names.iter().map(|own| own.name.clone()))
                    .chain(employee)
                    .collect()
            }));
            while parts.len() > 1 {
                let first = parts.remove(0);
                let Some(at) = parts.iter().position(|part| !part.is_disjoint(&first)) else {
                    panic!("{seed}: {person:#?}");
                };
                parts[at].extend(first);
                joined += 1;
            }
        }
        assert_eq!(seen.len(), world.actual.iter().map(|actual| actual.accounts.len()).sum::<usize>(), "{seed}");
        assert_eq!(rows, world.staff.rows.len(), "{seed}");
        questions += review.alike.len();
    }
    assert!(joined > 100 && questions > 100, "{joined} {questions}");
}

#[test]
fn the_order_of_the_payroll_does_not_matter() {
    for seed in 1..=WORLDS {
        let world = World::new(seed);
        let mut staff = world.staff.clone();
        Random(seed | 1).shuffle(&mut staff.rows);
        for (row, number) in staff.rows.iter_mut().zip(2..) {
            row.row = number;
        }
        assert_eq!(without_numbers(world.review(&world.staff)), without_numbers(world.review(&staff)), "{seed}");
    }
}

#[test]
fn access_is_wrong_exactly_if_nobody_is_paid_for_it_or_an_exact_roster_lacks_it() {
    let mut wrong = 0;
    for seed in 1..=WORLDS {
        let world = World::new(seed);
        let review = world.review(&world.staff);
        for person in &review.people {
            for account in &person.accounts {
                let has = |why: WrongAccess| account.wrong.contains(&why);
                if account.access == Access::No {
                    assert!(account.wrong.is_empty(), "{seed}");
                    continue;
                }
                let is_counted = person.service.is_none();
                assert_eq!(has(WrongAccess::NotOnPayroll), is_counted && person.on_payroll == Some(OnPayroll::No), "{seed}");
                assert_eq!(has(WrongAccess::Left), is_counted && person.on_payroll == Some(OnPayroll::Left), "{seed}");
                wrong += usize::from(!account.wrong.is_empty());
            }
        }
    }
    assert!(wrong > 100, "{wrong}");
}
