//! Addresses of the Internet Protocol.

use core::net::IpAddr;

/// Reads an address, as `ip()` of Kubernetes does: no zeros in front of a decimal number, no zone, and no IPv4 address
/// as IPv6 (`::ffff:…`), which would be a second name of the same host.
pub(super) fn ip(text: &str) -> Option<IpAddr> {
    let address = text.parse().ok()?;
    let is_mapped = matches!(address, IpAddr::V6(address) if address.to_ipv4_mapped().is_some());
    (!is_mapped).then_some(address)
}

/// The addresses that begin with the same bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Network {
    pub(crate) address: IpAddr,
    pub(crate) prefix: u8,
}

impl Network {
    /// Reads `10.0.0.0/8`. Bits behind the prefix may be set; they do not count.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (address, prefix) = text.split_once('/')?;
        let address = ip(address)?;
        let most = if address.is_ipv4() { 32 } else { 128 };
        let prefix = match prefix.as_bytes() {
            b"0" => 0,
            [b'1'..=b'9', ..] => prefix.parse().ok()?,
            _ => return None,
        };
        (prefix <= most).then_some(Self { address, prefix })
    }

    /// Whether the address is one of them. No IPv4 address is in an IPv6 network, and the other way round.
    pub(super) fn contains(self, address: IpAddr) -> bool {
        // What differs has a first bit that differs, which must be behind the prefix.
        let prefix = u32::from(self.prefix);
        match (self.address, address) {
            (IpAddr::V4(own), IpAddr::V4(other)) => (own.to_bits() ^ other.to_bits()).leading_zeros() >= prefix,
            (IpAddr::V6(own), IpAddr::V6(other)) => (own.to_bits() ^ other.to_bits()).leading_zeros() >= prefix,
            _ => false,
        }
    }
}
