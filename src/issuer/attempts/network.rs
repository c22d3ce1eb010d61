//! What counts as one address.

use core::net::{IpAddr, Ipv6Addr};

use super::AttemptsError;

/// The network that an address counts for, as text: an IPv4 address is its own; of IPv6 the first 64 bits count, because who
/// has one address has all the others of that network; one of IPv4 in the form of IPv6 is one of IPv4. A zone (`%eth0`) is
/// passed over.
///
/// Let the address be one that the platform tells, or a proxy of your own: who may write it makes a new one for each guess.
///
/// # Errors
///
/// [`AttemptsError::Address`].
///
/// ```
/// use portcullis::issuer::attempts::network_of;
///
/// assert_eq!(network_of("2001:db8:1:2:3:4:5:6")?, "2001:db8:1:2::/64");
/// assert_eq!(network_of("::ffff:192.0.2.7")?, "192.0.2.7");
/// # Ok::<(), portcullis::issuer::attempts::AttemptsError>(())
/// ```
pub fn network_of(address: &str) -> Result<String, AttemptsError> {
    let (address, is_zoned) = match address.split_once('%') {
        Some((address, zone)) if !zone.is_empty() => (address, true),
        Some(_) => return Err(AttemptsError::Address),
        None => (address, false),
    };
    match address.parse::<IpAddr>() {
        Ok(IpAddr::V4(own)) if !is_zoned => Ok(own.to_string()),
        Ok(IpAddr::V6(own)) => Ok(own.to_ipv4_mapped().map_or_else(|| first_half(own), |own| own.to_string())),
        _ => Err(AttemptsError::Address),
    }
}

fn first_half(address: Ipv6Addr) -> String {
    let [first, second, third, fourth, ..] = address.segments();
    format!("{}/64", Ipv6Addr::new(first, second, third, fourth, 0, 0, 0, 0))
}
