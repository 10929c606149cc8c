//! Commands that print secrets.

use crate::support::Roster;

#[test]
fn a_failing_secret_command_is_named_with_its_workspace() {
    let here = Roster::empty();
    for (command, said) in [
        ("[yes]", "the command `yes` is longer than 64 KiB"),
        ("[sh, -c, exit 3]", "the secret command `sh` failed with exit status: 3"),
        ("[no-such-program]", "cannot start the secret command `no-such-program`"),
    ] {
        here.write(
            "office.yaml",
            &format!(
                "workspace: office
platform: generic
connection: {{ scim: {{ url: \"http://127.0.0.1:9/scim/v2\", token: {{ command: {command} }} }} }}
users: {{}}
"
            ),
        );
        let shown = here.expect(1, &["plan"]).stdout;
        assert!(shown.starts_with("office\n"), "{shown}");
        let shown = shown.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(
            shown.contains(&format!("connection.scim.token: {said}"))
                || shown.contains(&format!("connection.scim.token: the secret from {said}")),
            "{shown}"
        );
    }
}
