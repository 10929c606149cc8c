//! Addresses of networks: where a server listens, and which proxies it trusts.

// Values without the network: these types alone come from `core`.
use core::net::{IpAddr, SocketAddr};
use std::str::FromStr;

/// One address, or all addresses with the same beginning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    first: IpAddr,
    /// The number of bits that all its addresses share.
    shared: u8,
}

/// The reason why a text is not a network whose machines can be trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InvalidNetwork {
    /// It is not an address, or the number after the slash is wrong.
    Malformed,
    /// The address is in the middle of the network, whose first one is this.
    NotFirst(Network),
    /// It has every address there is.
    Everything,
}

impl Network {
    /// Returns whether an address belongs to the network. An IPv4 address in the form of an IPv6 one is the same address.
    #[must_use]
    pub fn contains(&self, address: IpAddr) -> bool {
        let (own, width) = bits(self.first);
        let (other, other_width) = bits(address.to_canonical());
        width == other_width && masked(own, width, self.shared) == masked(other, width, self.shared)
    }
}

/// Returns an address as a number, and how many bits it has.
fn bits(address: IpAddr) -> (u128, u8) {
    match address {
        IpAddr::V4(address) => (u128::from(address.to_bits()), 32),
        IpAddr::V6(address) => (address.to_bits(), 128),
    }
}

/// Clears all bits after the shared ones.
fn masked(address: u128, width: u8, shared: u8) -> u128 {
    let rest = u32::from(width.saturating_sub(shared));
    address.checked_shr(rest).unwrap_or_default().checked_shl(rest).unwrap_or_default()
}

impl FromStr for Network {
    type Err = InvalidNetwork;

    fn from_str(text: &str) -> Result<Self, InvalidNetwork> {
        let (address, shared) = text.split_once('/').map_or((text, None), |(address, shared)| (address, Some(shared)));
        let address: IpAddr = address.parse().map_err(|_| InvalidNetwork::Malformed)?;
        let (number, width) = bits(address);
        let shared = match shared {
            None => width,
            Some(digits) if digits.bytes().all(|byte| byte.is_ascii_digit()) => {
                digits.parse().ok().filter(|shared| *shared <= width).ok_or(InvalidNetwork::Malformed)?
            }
            Some(_) => return Err(InvalidNetwork::Malformed),
        };
        if shared == 0 {
            return Err(InvalidNetwork::Everything);
        }
        // The proxy's own address arrives in its IPv4 form, which this would never match.
        if address.to_canonical() != address {
            return Err(InvalidNetwork::Malformed);
        }
        let first = masked(number, width, shared);
        if first != number {
            let first = match address {
                IpAddr::V4(_) => IpAddr::from(u32::try_from(first).unwrap_or_default().to_be_bytes()),
                IpAddr::V6(_) => IpAddr::from(first.to_be_bytes()),
            };
            return Err(InvalidNetwork::NotFirst(Self { first, shared }));
        }
        Ok(Self { first: address, shared })
    }
}

impl std::fmt::Display for Network {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.first, self.shared)
    }
}

/// The address where a server listens if nothing else is said.
pub const LISTEN: &str = "127.0.0.1:8080";

/// Returns whether a text is a host and a port, such as `localhost:8080` or `[::1]:8080`.
#[must_use]
pub fn is_host_and_port(text: &str) -> bool {
    let is_host = |host: &str| !host.is_empty() && !host.contains([':', '/']) && !host.contains(char::is_whitespace);
    text.parse::<SocketAddr>().is_ok()
        || text
            .rsplit_once(':')
            .is_some_and(|(host, port)| is_host(host) && port.bytes().all(|byte| byte.is_ascii_digit()) && port.parse::<u16>().is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn has(network: &str, address: &str) -> bool {
        network.parse::<Network>().unwrap().contains(address.parse().unwrap())
    }

    #[test]
    fn a_network_has_the_addresses_with_its_beginning() {
        for (network, inside, outside) in [
            ("10.0.0.0/8", "10.255.0.1", "11.0.0.0"),
            ("192.0.2.7", "192.0.2.7", "192.0.2.6"),
            ("192.0.2.128/25", "192.0.2.255", "192.0.2.127"),
            ("128.0.0.0/1", "255.255.255.255", "127.255.255.255"),
            ("fd00::/8", "fdff::1", "fe00::1"),
            ("::1", "::1", "::2"),
            ("10.0.0.0/8", "::ffff:10.0.0.1", "::10.0.0.1"),
        ] {
            assert!(has(network, inside), "{network} {inside}");
            assert!(!has(network, outside), "{network} {outside}");
        }
    }

    #[test]
    fn other_texts_are_not_networks() {
        let parse = |text: &str| text.parse::<Network>();
        for text in ["", "proxy", "10.0.0", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/+8", "10.0.0.0/8/8", "::/129", "::ffff:10.0.0.1", " ::1"]
        {
            assert_eq!(parse(text), Err(InvalidNetwork::Malformed), "{text}");
        }
        assert_eq!(parse("0.0.0.0/0"), Err(InvalidNetwork::Everything));
        assert_eq!(parse("10.1.2.3/8"), Err(InvalidNetwork::NotFirst(parse("10.0.0.0/8").unwrap())));
        assert_eq!(parse("fd00::1/8"), Err(InvalidNetwork::NotFirst(parse("fd00::/8").unwrap())));
    }

    #[test]
    fn a_host_and_a_port_are_needed() {
        for text in ["localhost:8080", "[::1]:8080", "0.0.0.0:0", "server.example:443"] {
            assert!(is_host_and_port(text), "{text}");
        }
        for text in
            ["localhost", ":8080", "::1:8080", "localhost:", "localhost:+80", "localhost:65536", "http://localhost:80", "local host:80"]
        {
            assert!(!is_host_and_port(text), "{text}");
        }
    }
}
