//! The numbers that Prometheus reads.

use super::served::{Served, free_address, get};

#[test]
fn prometheus_reads_what_was_counted_on_a_listener_of_its_own() {
    let monitors = free_address();
    let served = Served::configured(&format!("metrics: {{ listen: {monitors} }}\n"));
    assert_eq!(served.status("/lakeside/scim/v2/Users").unwrap(), 200);
    assert_eq!(served.status("/lakeside/scim/v2/Users/nobody").unwrap(), 404);
    assert!(served.send("POST /lakeside/scim/v2/Users", "Authorization: Bearer wrong\r\n").unwrap().starts_with("HTTP/1.1 401 "));
    assert!(served.send("EVIL /lakeside/passwords/of/everybody", "").unwrap().starts_with("HTTP/1.1 401 "));
    let text = get(&monitors, "GET /metrics", "").unwrap();
    assert!(text.contains("application/openmetrics-text; version=1.0.0"), "{text}");
    for line in [
        "rosterctl_http_requests_total{method=\"GET\",route=\"/scim/v2/Users\",status=\"2xx\"} 1",
        "rosterctl_http_requests_total{method=\"GET\",route=\"/scim/v2/Users/{id}\",status=\"4xx\"} 1",
        "rosterctl_http_requests_total{method=\"POST\",route=\"/scim/v2/Users\",status=\"4xx\"} 1",
        "rosterctl_http_requests_total{method=\"other\",route=\"none\",status=\"4xx\"} 1",
        "rosterctl_callers_total{result=\"known\"} 2",
        "rosterctl_callers_total{result=\"unknown\"} 2",
        "rosterctl_http_request_duration_seconds_count{method=\"GET\",route=\"/scim/v2/Users\"} 1",
        "rosterctl_store_write_duration_seconds_count ",
    ] {
        assert!(text.lines().any(|written| written.starts_with(line)), "{line} is missing in\n{text}");
    }
    // No name of a workspace, a person or a path that somebody made up.
    assert!(!["lakeside", "iyer", "nobody", "EVIL", "passwords"].iter().any(|name| text.contains(name)), "{text}");
    assert!(get(&monitors, "GET /readyz", "").unwrap().starts_with("HTTP/1.1 200 "));
    // Members and machines that have a token cannot read it.
    assert_eq!(served.status("/metrics").unwrap(), 401);
    assert!(get(&monitors, "GET /lakeside/scim/v2/Users", "").unwrap().starts_with("HTTP/1.1 404 "));
}
