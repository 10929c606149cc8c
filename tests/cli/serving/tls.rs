//! HTTPS, with a certificate that `openssl` makes for the test.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use rustls::crypto::ring::default_provider;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

use super::served::{PATIENCE, SETTINGS_TLS, Served};
use crate::support::Roster;

/// The content of a certificate for this machine; an authority's own would be refused.
const REQUEST: &str = "[req]\ndistinguished_name=dn\nx509_extensions=ext\nprompt=no\n[dn]\nCN=localhost\n[ext]\n\
                       subjectAltName=DNS:localhost\nbasicConstraints=critical,CA:FALSE\n";

/// Writes a new certificate and its key to a folder, and returns the certificate.
pub(crate) fn certify(folder: &Path) -> CertificateDer<'static> {
    std::fs::create_dir_all(folder).unwrap();
    std::fs::write(folder.join("request.cnf"), REQUEST).unwrap();
    let made = Command::new("openssl")
        .args(["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"])
        .args(["-config", "request.cnf", "-keyout", "key.pem", "-out", "certificate.pem"])
        .current_dir(folder)
        .output()
        .expect("this test needs the program openssl");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    CertificateDer::from_pem_file(folder.join("certificate.pem")).unwrap()
}

/// Asks over HTTPS, trusting one certificate only.
fn ask(served: &Served, trusted: &CertificateDer<'static>, path: &str) -> std::io::Result<String> {
    let mut roots = RootCertStore::empty();
    roots.add(trusted.clone()).unwrap();
    let config = ClientConfig::builder_with_provider(Arc::new(default_provider())).with_safe_default_protocol_versions().unwrap();
    let config = config.with_root_certificates(roots).with_no_client_auth();
    let client = ClientConnection::new(Arc::new(config), ServerName::try_from("localhost").unwrap()).unwrap();
    let stream = TcpStream::connect_timeout(&served.address, PATIENCE)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    let mut stream = StreamOwned::new(client, stream);
    let head = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {}\r\nConnection: close\r\n\r\n", served.token());
    stream.write_all(head.as_bytes())?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer)
}

#[test]
fn the_server_speaks_https_and_reads_a_renewed_certificate_at_sighup() {
    let keys = tempfile::tempdir().unwrap();
    let old = certify(keys.path());
    let mut served = Served::configured(&SETTINGS_TLS.replace("FOLDER", keys.path().to_str().unwrap()));
    let answer = ask(&served, &old, "/lakeside/scim/v2/Me").unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 ") && answer.contains("\"https://localhost/lakeside/scim/v2/Users/"), "{answer}");
    served.logged("\nhttps://127.0.0.1:");
    // N7: in plain text it answers nothing, not even to monitors.
    assert!(!served.send("GET /healthz", "").is_ok_and(|answer| answer.contains("HTTP/1.1")));

    let new = certify(keys.path());
    assert!(ask(&served, &new, "/healthz").is_err(), "the new certificate is not shown yet");
    served.signal("HUP");
    while ask(&served, &new, "/healthz").is_err() {
        assert!(served.child.try_wait().unwrap().is_none(), "it has ended");
    }
    assert!(ask(&served, &old, "/healthz").is_err());
    served.logged("The certificate was read again.");

    // Files that cannot be used leave the certificate as it is.
    std::fs::write(keys.path().join("key.pem"), "").unwrap();
    served.signal("HUP");
    served.logged("The old certificate stays: ");
    assert!(ask(&served, &new, "/readyz").unwrap().starts_with("HTTP/1.1 200 "));

    // A client that never greets does not keep the server from stopping.
    let silent = TcpStream::connect(served.address).unwrap();
    served.signal("TERM");
    let (status, _) = served.ended();
    assert!(status.success(), "{status}");
    drop(silent);
}

#[test]
fn a_certificate_that_does_not_fit_its_key_starts_nothing() {
    let roster = Roster::example("lakeside");
    let config = "server: s\nlisten: 127.0.0.1:0\ntls: { certificate: a/certificate.pem, key: b/key.pem }\nworkspaces: { lakeside: { roster: . } }\n";
    roster.write("server.yaml", config);
    let said = roster.expect(1, &["serve", "--config", "server.yaml"]);
    assert!(said.stderr.contains("there is no file `a/certificate.pem`, since there is no folder `a`"), "{}", said.stderr);
    certify(&roster.path().join("a"));
    certify(&roster.path().join("b"));
    let said = roster.expect(1, &["serve", "--config", "server.yaml"]);
    assert!(said.stderr.contains("cannot use the certificate `a/certificate.pem` with the key `b/key.pem`"), "{}", said.stderr);
    assert!(!said.stderr.contains("PRIVATE KEY"), "{}", said.stderr);
    roster.write("b/key.pem", "no key");
    let said = roster.expect(1, &["serve", "--config", "server.yaml"]);
    assert!(said.stderr.contains("has no private key in PEM form"), "{}", said.stderr);
}
