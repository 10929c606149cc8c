//! One story for each platform: from the roster to the mail, from the mail to the pages, and out again.

use std::time::{SystemTime, UNIX_EPOCH};

use super::post::Post;
use super::practice::Practice;
use super::visitor::Visitor;
use crate::serving::served::Served;
use crate::serving::tls::certify;

const WORDS: &str = "tram lens moss 8";
const NOA: &str =
    "noa@glow.example: { first_name: Noa, last_name: Reed, role: front-desk, clinics: [downtown], phones: [\"+1 602 555 0177\"]";

fn noa(more: &str) -> String {
    format!("{NOA}{more} }}")
}

/// Accepts the invitation to a medspa: link, code to the cell phone, password. `field` is the one for a new or the present password.
fn accept<'p>(practice: &'p Practice, workspace: &str, field: &str) -> Visitor<'p> {
    let link = practice.post.link("noa@glow.example", &format!("You are invited to {workspace}"));
    let mut visitor = Visitor::new(&practice.served);
    assert_eq!(visitor.get(&link).heading(), format!("Join {workspace}"));
    visitor.post(&format!("{link}/code"), &[]);
    let code = practice.post.code("+16025550177");
    let proof = visitor.post(&link, &[("code", &code)]).hidden("proof");
    let page = visitor.post(&link, &[("proof", &proof), (field, WORDS)]);
    assert_eq!(page.heading(), "Welcome, Noa Reed", "{}", page.text);
    visitor
}

// AR-2 to AR-4, AR-15, AR-18 to AR-22, X-5, X-6.
#[test]
fn somebody_joins_a_medspa_is_blocked_at_work_comes_back_and_leaves_and_another_medspa_sees_nothing() {
    let practice = Practice::open();
    practice.apply("glow", &[&noa("")]);
    let mut desk = accept(&practice, "glow", "new-password");
    practice.apply("spa", &[&noa("")]);
    let mut elsewhere = accept(&practice, "spa", "password");
    let mut phone = Visitor::new(&practice.served);
    assert_eq!(phone.sign_in("glow", "noa@glow.example", WORDS).heading(), "Welcome, Noa Reed");
    let before = practice.logged("spa", "noa@glow.example");

    practice.apply("glow", &[&noa(", blocked: { reason: activity-review }")]);
    for visitor in [&mut desk, &mut phone] {
        assert_eq!(visitor.get("/glow/").heading(), "Sign in");
        assert_eq!(visitor.post("/glow/profile", &[("first-name", "N"), ("last-name", "R")]).status, 401);
    }
    assert_eq!(phone.sign_in("glow", "noa@glow.example", WORDS).heading(), "You are blocked here");
    assert_eq!(elsewhere.get("/spa/").heading(), "Welcome, Noa Reed");

    practice.apply("glow", &[&noa(", blocked: false")]);
    assert_eq!(desk.get("/glow/").heading(), "Sign in", "what has ended stays ended");
    assert_eq!(desk.sign_in("glow", "noa@glow.example", WORDS).heading(), "Welcome, Noa Reed");
    practice.apply("glow", &[&noa(", status: inactive")]);
    assert_eq!(desk.get("/glow/").heading(), "Sign in");
    assert_eq!(desk.sign_in("glow", "noa@glow.example", WORDS).heading(), "Your account is inactive");

    let logged = practice.logged("glow", "noa@glow.example");
    let expected = [
        "invite",
        "send-code",
        "accept-invitation",
        "sign-in",
        "block: confirmed with the number ending in 0100",
        "sign-in denied: the account is blocked",
        "unblock",
        "sign-in",
        "inactivate",
        "sign-in denied: the account is inactive",
    ];
    assert_eq!(logged, expected);
    assert_eq!(elsewhere.get("/spa/").heading(), "Welcome, Noa Reed");
    assert_eq!(practice.logged("spa", "noa@glow.example"), before, "another workspace of the same login has seen nothing");
    practice.verify();
}

// AR-13: a roster that has the old address means the same account, and says what to write.
#[test]
fn a_roster_finds_somebody_who_changed_the_address_and_says_what_to_write() {
    let practice = Practice::open();
    practice.apply("glow", &[&noa("")]);
    let mut desk = accept(&practice, "glow", "new-password");
    desk.post("/glow/profile/address", &[("email", "noa.reed@home.example"), ("password", WORDS)]);
    let link = practice.post.link("noa.reed@home.example", "Confirm your e-mail address");
    assert_eq!(desk.post(&link, &[("password", WORDS)]).heading(), "Your e-mail address is changed");
    practice.post.mail("noa@glow.example", "Your e-mail address for Aesthetic Record was changed");
    let roster = practice.roster("glow");
    let roster = roster.to_str().unwrap();
    let advice = "write noa.reed@home.example wherever the roster has noa@glow.example";
    for more in [&[][..], &["--user", "noa@glow.example"]] {
        let (code, said) = practice.run("glow", &[&["plan", roster, "--detailed-exitcode"], more].concat());
        assert_eq!(code, 0, "{said}");
        assert!(said.contains(advice), "{said}");
        let (before, _) = said.split_once(advice).expect("the advice");
        assert!(before.contains("Look at these first: members with another address (1)"), "{said}");
    }
    // Access that is taken away is taken from the account that the old address means.
    practice.write("glow", &[&noa(", status: inactive")]);
    let (code, said) = practice.run("glow", &["apply", roster, "--yes"]);
    assert_eq!(code, 0, "{said}");
    assert_eq!(desk.get("/glow/").heading(), "Sign in");
    let right = NOA.replace("noa@glow.example:", "noa.reed@home.example:");
    practice.apply("glow", &[&format!("{right}, formerly: [noa@glow.example] }}")]);
    let (_, said) = practice.run("glow", &["plan", roster]);
    assert!(!said.contains(advice), "{said}");
    practice.verify();
}

// PBN-4, PBN-7, X-5, X-6.
#[test]
fn somebody_joins_a_dental_practice_by_link_and_code_word_and_leaves_in_the_middle_of_a_session() {
    let practice = Practice::open();
    let who = |more: &str| format!("rob@bright.example: {{ first_name: Rob, last_name: Hale, role: hygienist, employee: rob-hale{more} }}");
    let record = "employees: [{ id: rob-hale, first_name: Rob, last_name: Hale, active: true, external: false }]";
    let apply = |more: &str| {
        practice.write("bright", &[&who(more)]);
        let path = practice.roster("bright").join("roster.yaml");
        let text = std::fs::read_to_string(&path).unwrap();
        std::fs::write(&path, format!("{text}{record}\n")).unwrap();
        practice.apply_again("bright");
    };
    apply("");
    let link = practice.post.link("rob@bright.example", "You are invited to bright");
    let database = practice.database();
    let roster = practice.roster("bright");
    let show = ["code-word", "show", "bright", roster.to_str().unwrap(), "--database", database.to_str().unwrap()];
    let (code, said) = practice.run("bright", &show);
    assert_eq!(code, 0, "{said}");
    let word = said.lines().next().unwrap().to_owned();
    let mut visitor = Visitor::new(&practice.served);
    let wrong = visitor.post(&link, &[("code-word", "no-such-word"), ("new-password", WORDS)]);
    assert!(wrong.text.contains("The code word is not right"), "{}", wrong.text);
    let page = visitor.post(&link, &[("code-word", &word.to_uppercase()), ("new-password", WORDS)]);
    assert_eq!(page.heading(), "Welcome, Rob Hale", "{}", page.text);
    assert_eq!(Visitor::new(&practice.served).sign_in("bright", "rob@bright.example", WORDS).heading(), "Welcome, Rob Hale");
    apply(", status: inactive");
    assert_eq!(visitor.get("/bright/").heading(), "Sign in");
    assert_eq!(visitor.sign_in("bright", "rob@bright.example", WORDS).heading(), "Your account is inactive");
    apply(", status: active");
    assert_eq!(visitor.get("/bright/").heading(), "Sign in", "what has ended stays ended");
    assert_eq!(visitor.sign_in("bright", "rob@bright.example", WORDS).heading(), "Welcome, Rob Hale");
    apply(", status: inactive");
    let logged = practice.logged("bright", "rob@bright.example");
    let expected = [
        "invite",
        "accept-invitation",
        "sign-in",
        "inactivate",
        "sign-in denied: the account is inactive",
        "activate",
        "sign-in",
        "inactivate",
    ];
    assert_eq!(logged, expected);
    practice.verify();
}

/// The code that an authenticator app shows now, or after some steps of 30 seconds.
#[expect(clippy::disallowed_methods, reason = "the app of a person has the time of that person's phone")]
fn shown(key: &str, steps: u64) -> String {
    let bytes = data_encoding::BASE32_NOPAD.decode(key.as_bytes()).unwrap();
    let totp = totp_rs::Builder::new().with_secret(bytes).build().unwrap();
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    totp.generate(now + 30 * steps).to_string()
}

// CHR-4, CHR-5, X-5, X-6.
#[test]
fn somebody_joins_a_clinic_with_a_second_factor_and_leaves_in_the_middle_of_a_session() {
    let practice = Practice::open();
    let who = |more: &str| {
        format!("will@lakeside.example: {{ first_name: Will, last_name: Hart, title: Clerk, type: staff, two_factor: true{more} }}")
    };
    practice.apply("lakeside", &[&who("")]);
    let link = practice.post.link("will@lakeside.example", "You are invited to lakeside");
    let mut visitor = Visitor::new(&practice.served);
    let form = [("first-name", "Will"), ("last-name", "Hart"), ("title", "Clerk"), ("new-password", WORDS)];
    let page = visitor.post(&link, &form);
    assert_eq!(page.heading(), "Set up a second factor", "{}", page.text);
    let key = page.key();
    let done = visitor.post("/lakeside/second-factor/set-up", &[("key", &page.hidden("key")), ("code", &shown(&key, 0))]);
    assert_eq!(done.heading(), "Your second factor is set up", "{}", done.text);
    let recovery = done.codes();
    assert_eq!(visitor.get("/lakeside/").heading(), "Welcome, Will Hart");
    let mut phone = Visitor::new(&practice.served);
    assert_eq!(phone.sign_in("lakeside", "will@lakeside.example", WORDS).heading(), "Type your code");
    assert_eq!(phone.get("/lakeside/").heading(), "Type your code", "the password alone opens nothing");
    assert_eq!(phone.post("/lakeside/sign-in/code", &[("code", &shown(&key, 1))]).heading(), "Welcome, Will Hart");
    practice.apply("lakeside", &[&who(", status: inactive")]);
    for visitor in [&mut visitor, &mut phone] {
        assert_eq!(visitor.get("/lakeside/").heading(), "Sign in");
    }
    practice.apply("lakeside", &[&who(", status: active")]);
    assert_eq!(phone.get("/lakeside/").heading(), "Sign in", "what has ended stays ended");
    phone.sign_in("lakeside", "will@lakeside.example", WORDS);
    let page = phone.post("/lakeside/sign-in/code", &[("with", "recovery-code"), ("code", &recovery[0])]);
    assert_eq!(page.heading(), "Welcome, Will Hart", "{}", page.text);
    practice.apply("lakeside", &[&who(", status: inactive")]);
    assert_eq!(phone.get("/lakeside/").heading(), "Sign in");
    let logged = practice.logged("lakeside", "will@lakeside.example");
    let expected = [
        "invite",
        "accept-invitation",
        "set-up-second-factor",
        "sign-in: with a second factor",
        "inactivate",
        "activate",
        "sign-in: with a recovery code",
        "inactivate",
    ];
    assert_eq!(logged, expected);
    practice.verify();
}

// mail leaves by STARTTLS, after the server has shown a certificate that the configuration names.
#[test]
fn mail_leaves_encrypted_and_signed_in_or_not_at_all() {
    let keys = tempfile::tempdir().unwrap();
    certify(keys.path());
    let path = |name: &str| keys.path().join(name).display().to_string();
    let (certificate, key) = (path("certificate.pem"), path("key.pem"));
    std::fs::write(path("password"), "kelp-dune\n").unwrap();
    let post = Post::start(&[&certificate, &key, "accounts", "kelp-dune"]);
    let start = "start: lakeside\naccounts:\n  iyer@lakeside.example: { first_name: Asha, last_name: Iyer, type: practitioner, needs: [schedule] }\n";
    let serve = |authority: &str| {
        let mail = format!(
            "mail: {{ server: \"localhost:{}\", from: accounts@practice.example, user: accounts, password: {{ file: {} }}{authority} }}\n",
            post.mail_port(),
            path("password")
        );
        let workspaces = "workspaces: { lakeside: { platform: telus-chr, start: start.yaml, main_admin: iyer@lakeside.example } }\n";
        Served::hosting(&format!("{mail}{workspaces}"), &[("start.yaml", start)], ("lakeside", "iyer@lakeside.example"))
    };
    let link = |served: &Served| {
        Visitor::new(served).post("/lakeside/reset", &[("email", "iyer@lakeside.example")]);
    };
    let stranger = serve("");
    link(&stranger);
    stranger.logged("a message (reset) was not sent: the mail server has no valid certificate");
    drop(stranger);
    let served = serve(&format!(", authority: {certificate}"));
    link(&served);
    let mail = post.mail("iyer@lakeside.example", "Choose a new password for lakeside");
    assert_eq!((&mail["encrypted"], &mail["user"]), (&serde_json::json!(true), &serde_json::json!("accounts")), "{mail}");
    assert_eq!(mail["from"], "accounts@practice.example");
    let text = mail["text"].as_str().unwrap();
    let line = text.lines().find(|line| line.starts_with("http")).unwrap();
    assert!(mail["html"].as_str().unwrap().contains(&format!("<a href=\"{line}\"")), "{mail}");
}
