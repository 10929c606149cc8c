//! Random users, patches and filters: small pools, so that things meet. The same seed gives the same cases.

use rosterctl::scim::ResourceType;
use rosterctl::scim::urn;
use serde_json::{Map, Value, json};

pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// splitmix64
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, n: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(n).unwrap()).unwrap()
    }

    fn one<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.below(of.len())]
    }

    fn often(&mut self) -> bool {
        self.below(3) > 0
    }

    fn text(&mut self) -> &'static str {
        self.one(&["a", "B", "ab", "Zoë", "a b", "ANNA"])
    }

    fn email(&mut self) -> Value {
        let mut out = json!({ "value": self.one(&["a@x.example", "B@x.example", "c@y.example"]) });
        if self.often() {
            out["type"] = json!(self.one(&["work", "home", "other"]));
        }
        out
    }

    fn emails(&mut self, most: usize) -> Value {
        let mut list: Vec<Value> = Vec::new();
        for _ in 0..self.below(most + 1) {
            let email = self.email();
            let key = |v: &Value| (v["value"].as_str().unwrap().to_lowercase(), v["type"].clone());
            if !list.iter().any(|e| key(e) == key(&email)) {
                list.push(email);
            }
        }
        if !list.is_empty() && self.often() {
            let at = self.below(list.len());
            list[at]["primary"] = json!(true);
        }
        json!(list)
    }

    fn phones(&mut self) -> Value {
        let mut list = Vec::new();
        for kind in ["mobile", "work"] {
            if self.below(2) == 0 {
                list.push(json!({ "value": self.one(&["+16025550100", "+16025550101"]), "type": kind }));
            }
        }
        json!(list)
    }

    fn name(&mut self) -> Value {
        let mut out = Map::new();
        for part in ["givenName", "familyName"] {
            if self.often() {
                out.insert(part.to_owned(), json!(self.text()));
            }
        }
        Value::Object(out)
    }

    fn clinics(&mut self) -> Value {
        json!(["c1", "c2", "c3"].into_iter().filter(|_| self.below(2) == 0).map(|id| json!({ "value": id })).collect::<Vec<_>>())
    }

    fn privileges(&mut self) -> Value {
        json!(["take-payments", "sign-charts", "view-reports"].into_iter().filter(|_| self.below(2) == 0).collect::<Vec<_>>())
    }

    pub(crate) fn user(&mut self, of: &ResourceType) -> Value {
        let mut user = json!({
            "schemas": [urn::USER],
            "id": "u1",
            "userName": self.one(&["a@x.example", "B@x.example"]),
            "active": self.often(),
            "emails": self.emails(3),
            "phoneNumbers": self.phones(),
            "name": self.name(),
        });
        if self.often() {
            user["externalId"] = json!(self.text());
        }
        if of.extension(urn::PRACTICE).is_some() && self.often() {
            user["schemas"] = json!([urn::USER, urn::PRACTICE]);
            user[urn::PRACTICE] = json!({
                "clinics": self.clinics(),
                "dashboardAccess": self.often(),
                "privilegeChanges": { "grant": self.privileges() },
                "goals": { "per": self.one(&["week", "month"]), "procedures": self.below(9) },
                "provider": { "active": self.often() },
                "accepted": true,
            });
        }
        rosterctl::scim::validate::stored(&user, of).unwrap()
    }

    pub(crate) fn patch(&mut self, of: &ResourceType) -> Value {
        let practice = of.extension(urn::PRACTICE).is_some();
        let operations: Vec<Value> = (0..=self.below(2)).map(|_| self.operation(practice)).collect();
        json!({ "schemas": [urn::PATCH_OP], "Operations": operations })
    }

    fn operation(&mut self, practice: bool) -> Value {
        let op = self.one(&["add", "replace", "remove", "Add", "Replace"]);
        let kinds = if practice { 17 } else { 11 };
        let (path, value) = self.target(kinds);
        if op == "remove" {
            return json!({ "op": op, "path": path });
        }
        if self.below(8) == 0 {
            return self.pathless(op, practice);
        }
        json!({ "op": op, "path": path, "value": value })
    }

    fn target(&mut self, kinds: usize) -> (String, Value) {
        let filter = match self.below(4) {
            0 => format!("value eq \"{}\"", self.one(&["a@x.example", "b@x.EXAMPLE"])),
            1 => "primary eq true".to_owned(),
            2 => format!("type eq \"{}\" and value co \"x.\"", self.one(&["work", "home"])),
            _ => format!("type eq \"{}\"", self.one(&["work", "home", "other"])),
        };
        let ext = |rest: &str| format!("{}:{rest}", urn::PRACTICE);
        match self.below(kinds) {
            0 => (self.one(&["userName", "USERNAME"]).to_owned(), json!(self.one(&["n@x.example", "a@x.example"]))),
            1 => ("active".to_owned(), [json!(true), json!("False"), json!("true")][self.below(3)].clone()),
            2 => ("name".to_owned(), self.name()),
            3 => (self.one(&["name.givenName", "NAME.familyname"]).to_owned(), json!(self.text())),
            4 => ("emails".to_owned(), self.emails(2)),
            5 => (format!("emails[{filter}]"), self.email()),
            6 => (format!("emails[{filter}].{}", self.one(&["value", "Type"])), json!(self.one(&["home", "z@x.example"]))),
            7 => (format!("emails[{filter}].primary"), json!(self.often())),
            8 => (format!("phoneNumbers[type eq \"{}\"].value", self.one(&["mobile", "fax"])), json!("+16025550199")),
            9 => (format!("{}:externalId", urn::USER), json!(self.text())),
            10 => (self.one(&["id", "nope", "emails.nope", "meta.created"]).to_owned(), json!("x")),
            11 => (ext("clinics"), self.clinics()),
            12 => (ext("clinics[value eq \"c1\"]"), json!({ "value": self.one(&["c1", "c9"]) })),
            13 => (ext(self.one(&["dashboardAccess", "provider.active", "DASHBOARDaccess"])), json!(self.often())),
            14 => (ext("privilegeChanges.grant"), self.privileges()),
            15 => (ext("goals"), json!({ "per": self.one(&["week", "month"]) })),
            _ => (ext(self.one(&["goals.procedures", "goals.salesUsd"])), json!(self.below(99))),
        }
    }

    fn pathless(&mut self, op: &str, practice: bool) -> Value {
        let mut value = Map::new();
        if self.often() {
            value.insert("name".to_owned(), self.name());
        }
        if self.often() {
            value.insert("active".to_owned(), json!(self.often()));
        }
        if self.often() {
            value.insert("name.familyName".to_owned(), json!(self.text()));
        }
        if practice && self.often() {
            value.insert(urn::PRACTICE.to_owned(), json!({ "dashboardAccess": self.often(), "goals": { "procedures": self.below(9) } }));
        }
        json!({ "op": op, "value": value })
    }

    pub(crate) fn filter(&mut self, depth: usize) -> String {
        if depth > 0 {
            match self.below(6) {
                0 => return format!("{} and {}", self.filter(depth - 1), self.filter(depth - 1)),
                1 => return format!("{} or {}", self.filter(depth - 1), self.filter(depth - 1)),
                2 => return format!("not ({})", self.filter(depth - 1)),
                3 => return format!("({})", self.filter(depth - 1)),
                _ => {}
            }
        }
        let text = self.one(&["eq", "ne", "co", "sw", "ew", "gt", "le", "EQ"]);
        let number = self.one(&["eq", "ne", "gt", "ge", "lt", "le"]);
        match self.below(14) {
            0 => format!("userName {text} \"{}\"", self.one(&["a@x.example", "A@X", "b"])),
            1 => format!("active {} {}", self.one(&["eq", "ne", "gt"]), self.one(&["true", "false"])),
            2 => format!("{} {text} \"{}\"", self.one(&["name.givenName", "NAME.FAMILYNAME"]), self.text()),
            3 => format!("externalId {text} \"{}\"", self.text()),
            4 => format!("emails {text} \"{}\"", self.one(&["a@x.example", "x.e"])),
            5 => format!("emails.type {text} \"{}\"", self.one(&["work", "HOME", "o"])),
            6 => format!("{} pr", self.one(&["title", "emails", "name", "emails.type", "phoneNumbers", "name.givenName", "active"])),
            7 => format!("emails[type {text} \"{}\" and value co \"{}\"]", self.one(&["work", "home"]), self.one(&["a", "y"])),
            8 => format!("emails[not (primary eq true) or type {} null]", self.one(&["eq", "ne"])),
            9 => format!("{}:goals.procedures {number} {}", urn::PRACTICE, self.below(9)),
            10 => format!("{}:dashboardAccess eq {}", urn::PRACTICE, self.one(&["true", "false"])),
            11 => format!("{}:clinics[value {text} \"c1\"]", urn::PRACTICE),
            12 => format!("{}:privilegeChanges.grant {text} \"sign-charts\"", urn::PRACTICE),
            _ => format!("{} {} \"x\"", self.one(&["nope", "emails.nope", "password"]), self.one(&["eq", "sw"])),
        }
    }
}
