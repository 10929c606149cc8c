//! The token goes to no server whose certificate is not valid for the address in the roster, and to none in plain text (N6).

use std::io::Read as _;
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::process::Command;
use std::sync::{Arc, Mutex};

use rustls::crypto::ring::default_provider;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use crate::soak::Trials;
use crate::support::Roster;

const TOKEN: &str = "canary-token-5d2a91";
const AUTHORITY: &str = "[req]\ndistinguished_name=dn\nx509_extensions=ca\nprompt=no\n[dn]\nCN=Authority\n\
                         [ca]\nbasicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign\n";
const LEAF: &str = "[req]\ndistinguished_name=dn\nprompt=no\n[dn]\nCN=server\n";
const NEW_KEY: &str = "-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes";

fn openssl(folder: &Path, arguments: &str) {
    let made =
        Command::new("openssl").args(arguments.split(' ')).current_dir(folder).output().expect("this test needs the program openssl");
    assert!(made.status.success(), "{arguments}: {}", String::from_utf8_lossy(&made.stderr));
}

/// Makes an authority, and a certificate of it for a name and so many days; returns the folder.
fn certify(name: &str, days: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path();
    std::fs::write(path.join("ca.cnf"), AUTHORITY).unwrap();
    std::fs::write(path.join("leaf.cnf"), LEAF).unwrap();
    std::fs::write(path.join("leaf.ext"), format!("subjectAltName=DNS:{name}\nbasicConstraints=critical,CA:FALSE\n")).unwrap();
    openssl(path, &format!("req -x509 {NEW_KEY} -days 2 -config ca.cnf -keyout ca.key -out ca.pem"));
    openssl(path, &format!("req {NEW_KEY} -config leaf.cnf -keyout leaf.key -out leaf.csr"));
    openssl(path, &format!("x509 -req -in leaf.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days {days} -extfile leaf.ext -out leaf.pem"));
    folder
}

/// Listens with a certificate and its key, or in plain text; keeps what clients send, once it is decrypted.
fn listen(keys: Option<&Path>) -> (SocketAddr, Arc<Mutex<Vec<u8>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let (address, got) = (listener.local_addr().unwrap(), Arc::new(Mutex::new(Vec::new())));
    let config = keys.map(|keys| {
        let certificate = CertificateDer::from_pem_file(keys.join("leaf.pem")).unwrap();
        let key = PrivateKeyDer::from_pem_file(keys.join("leaf.key")).unwrap();
        let config = ServerConfig::builder_with_provider(Arc::new(default_provider())).with_safe_default_protocol_versions().unwrap();
        Arc::new(config.with_no_client_auth().with_single_cert(vec![certificate], key).unwrap())
    });
    let kept = Arc::clone(&got);
    std::thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let (config, kept) = (config.clone(), Arc::clone(&kept));
            std::thread::spawn(move || {
                let mut bytes = [0; 4096];
                let read = match config {
                    Some(config) => StreamOwned::new(ServerConnection::new(config).unwrap(), stream).read(&mut bytes),
                    None => { stream }.read(&mut bytes),
                };
                kept.lock().unwrap().extend_from_slice(&bytes[..read.unwrap_or(0)]);
            });
        }
    });
    (address, got)
}

/// Plans with a server at this URL, trusting this authority; returns the exit code and what was said.
fn plan(url: &str, authority: &Path) -> (i32, String) {
    let mut roster = Roster::empty();
    roster.set("SSL_CERT_FILE", authority.to_str().unwrap());
    roster.set("CANARY_TOKEN", TOKEN);
    roster.write(
        "far.yaml",
        &format!(
            "workspace: far-away\nplatform: generic\nconnection: {{ scim: {{ url: \"{url}/far/scim/v2\", token: {{ env: CANARY_TOKEN }} }} }}\n\
             users:\n  zoe.hart@far.example: {{ first_name: Zoe, last_name: Hart }}\n"
        ),
    );
    let said = roster.run(&["plan", "."]);
    (said.code, format!("{}{}", said.stdout, said.stderr))
}

// N6
#[test]
fn a_token_goes_only_to_a_server_with_a_good_certificate() {
    let (good, expired, elsewhere) = (certify("localhost", "2"), certify("localhost", "-1"), certify("elsewhere.example", "2"));
    let asked = |keys: Option<&Path>, scheme: &str, host: &str, authority: &Path| {
        let (address, got) = listen(keys);
        let (code, said) = plan(&format!("{scheme}://{host}:{}", address.port()), authority);
        let got = String::from_utf8_lossy(&got.lock().unwrap()).into_owned();
        (code, said, got)
    };
    let authority = |of: &tempfile::TempDir| of.path().join("ca.pem");
    // The control: the same server with a good certificate gets the token.
    let (_, said, got) = asked(Some(good.path()), "https", "localhost", &authority(&good));
    assert!(got.contains(&format!("Bearer {TOKEN}")), "{got}{said}");
    let own = good.path().join("leaf.pem");
    let [of_good, of_expired, of_elsewhere] = [&good, &expired, &elsewhere].map(authority);
    let cases: [(&str, Option<&Path>, &str, &Path); 6] = [
        ("an unknown authority", Some(good.path()), "localhost", &of_expired),
        ("its own authority", Some(elsewhere.path()), "localhost", &own),
        ("expired", Some(expired.path()), "localhost", &of_expired),
        ("another name", Some(elsewhere.path()), "localhost", &of_elsewhere),
        ("an address in place of a name", Some(good.path()), "127.0.0.1", &of_good),
        ("plain text behind https", None, "localhost", &of_good),
    ];
    // At the same time, since the program tries several times to reach a server.
    let cases: Vec<_> = std::thread::scope(|scope| {
        let all = cases.map(|(what, keys, host, authority)| (what, scope.spawn(move || asked(keys, "https", host, authority))));
        all.into_iter().map(|(what, one)| (what, one.join().unwrap())).collect()
    });
    let mut trials = Trials::default();
    for (what, (code, said, got)) in &cases {
        assert_eq!(*code, 1, "{what}: {said}");
        trials.count(!got.contains("Bearer") && !got.contains(TOKEN), || format!("{what}: {got}"));
        assert!(!said.contains(TOKEN), "{what}: {said}");
    }
    // A host that is not this machine gets no token in plain text, and is not even asked.
    let (code, said) = plan("http://staff.practice.example", &authority(&good));
    trials.count(code == 1 && said.contains("https"), || said.clone());
    trials.covered("N6", "servers whose certificate is not good, or that speak plain text; none got a byte of the token");
}
