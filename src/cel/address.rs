//! Addresses of the Internet Protocol. The standard library's parser would be twice the size.

use core::net::IpAddr;

/// Reads an address, as `ip()` of Kubernetes does: no zeros in front of a decimal number, no zone, and no IPv4 address
/// as IPv6 (`::ffff:…`), which would be a second name of the same host.
pub(super) fn ip(text: &str) -> Option<IpAddr> {
    let text = text.as_bytes();
    if text.contains(&b':') {
        let bytes = v6(text)?;
        let is_mapped = bytes.starts_with(&[0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff]);
        return (!is_mapped).then_some(IpAddr::from(bytes));
    }
    v4(text).map(IpAddr::from)
}

/// `192.0.2.1`
fn v4(text: &[u8]) -> Option<[u8; 4]> {
    let mut bytes = [0; 4];
    let mut parts = text.split(|byte| *byte == b'.');
    for byte in &mut bytes {
        *byte = decimal(parts.next()?)?;
    }
    parts.next().is_none().then_some(bytes)
}

/// 0 to 255, without a zero in front.
fn decimal(digits: &[u8]) -> Option<u8> {
    let number = number(digits, 10)?;
    let is_plain = matches!(digits, [_] | [b'1'..=b'9', ..]);
    u8::try_from(number).ok().filter(|_| is_plain)
}

/// Groups of hexadecimal digits. `::` stands for one group of zeros or more, and the last two may be written as IPv4.
///
/// Spec: RFC 4291 §2.2.
fn v6(text: &[u8]) -> Option<[u8; 16]> {
    // A colon at an end is one of `::`, which is an empty part when it is gone.
    let (is_open, is_left_open) = (text.starts_with(b":"), text.ends_with(b":"));
    let text = text.get(usize::from(is_open)..text.len() - usize::from(is_left_open))?;
    let (mut bytes, mut gap, mut is_over) = (Vec::new(), None, false);
    for part in text.split(|byte| *byte == b':') {
        if is_over || (part.is_empty() && gap.replace(bytes.len()).is_some()) {
            return None;
        }
        is_over = part.contains(&b'.');
        if is_over {
            bytes.extend_from_slice(&v4(part)?);
        } else if !part.is_empty() {
            bytes.extend_from_slice(&u16::try_from(number(part, 16)?).ok()?.to_be_bytes());
        }
    }
    if (is_open && gap != Some(0)) || (is_left_open && gap != Some(bytes.len())) {
        return None;
    }
    if let Some(gap) = gap {
        let behind = bytes.split_off(gap);
        let zeros = 14_usize.checked_sub(gap + behind.len())? + 2;
        bytes.resize(gap + zeros, 0);
        bytes.extend_from_slice(&behind);
    }
    <[u8; 16]>::try_from(bytes.as_slice()).ok()
}

/// Up to four digits.
fn number(digits: &[u8], base: u32) -> Option<u32> {
    if digits.len() > 4 {
        return None;
    }
    let mut number = 0;
    for digit in digits {
        number = number * base + char::from(*digit).to_digit(base)?;
    }
    Some(number)
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
        let (address, prefix) = (ip(address)?, decimal(prefix.as_bytes())?);
        let most = if address.is_ipv4() { 32 } else { 128 };
        (prefix <= most).then_some(Self { address, prefix })
    }

    /// Whether the address is one of them. No IPv4 address is in an IPv6 network, and the other way round.
    pub(super) fn contains(self, address: IpAddr) -> bool {
        let same = match (self.address, address) {
            (IpAddr::V4(own), IpAddr::V4(other)) => same_bits(&own.octets(), &other.octets()),
            (IpAddr::V6(own), IpAddr::V6(other)) => same_bits(&own.octets(), &other.octets()),
            _ => return false,
        };
        same >= u32::from(self.prefix)
    }
}

/// How many bits are the same, up to the first that is not.
fn same_bits(left: &[u8], right: &[u8]) -> u32 {
    let mut same = 0;
    for (left, right) in left.iter().zip(right) {
        let zeros = (left ^ right).leading_zeros();
        same += zeros;
        if zeros < 8 {
            break;
        }
    }
    same
}

#[cfg(test)]
mod tests {
    use super::{Network, ip};
    use core::net::IpAddr;

    /// What the standard library reads, but for IPv4 as IPv6.
    fn standard(text: &str) -> Option<IpAddr> {
        let address: IpAddr = text.parse().ok()?;
        let is_mapped = matches!(address, IpAddr::V6(address) if address.to_ipv4_mapped().is_some());
        (!is_mapped).then_some(address)
    }

    #[test]
    fn addresses_are_read_as_the_standard_library_reads_them() {
        let right = [
            "0.0.0.0",
            "192.0.2.1",
            "255.255.255.255",
            "::",
            "::1",
            "1::",
            "2001:db8::abcd",
            "2001:DB8::ABCD",
            "1:2:3:4:5:6:7:8",
            "1:2:3:4:5:6:7::",
            "::2:3:4:5:6:7:8",
            "1::3:4:5:6:7:8",
            "64:ff9b::192.0.2.1",
            "1:2:3:4:5:6:192.0.2.1",
            "::192.0.2.1",
            "0001::",
        ];
        for text in right {
            assert!(ip(text).is_some(), "{text}");
            assert_eq!(ip(text), standard(text), "{text}");
        }
        let wrong = [
            "",
            ":",
            ":::",
            "::1::",
            "1",
            "1.2.3",
            "1.2.3.4.5",
            "1.2.3.",
            ".1.2.3",
            "1..2.3",
            "01.2.3.4",
            "00.2.3.4",
            "256.2.3.4",
            "1.2.3.1000",
            "+1.2.3.4",
            "1.2.3.4 ",
            "1:",
            ":1",
            ":1::",
            "::1:",
            "1:2:3:4:5:6:7",
            "1:2:3:4:5:6:7:8:9",
            "1:2:3:4::5:6:7:8",
            "::1:2:3:4:5:6:7:8",
            "1:2:3:4:5:6:7:8::",
            "12345::",
            "00001::",
            "g::",
            "fe80::1%eth0",
            "[::1]",
            "1.2.3.4::",
            "::1.2.3.4:5",
            "::1.2.3",
            "::1.2.3.04",
            "::1.2.3.4:",
            "1:2:3:4:5:6:7:1.2.3.4",
            "::1/128",
        ];
        for text in wrong {
            assert_eq!(ip(text), None, "{text}");
            assert_eq!(standard(text), None, "{text}");
        }
    }

    #[test]
    fn random_texts_are_read_as_the_standard_library_reads_them() {
        let mut state = 0x2545_f491_4f6c_dd1d_u64;
        let mut below = |bound: u64| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            (state >> 11) % bound
        };
        let mut read = 0;
        for _ in 0..20_000 {
            let mut text = String::new();
            for _ in 0..below(10) {
                let part = ["0", "1", "ff", "abcd", ":", "::", "1.2.3.4", "10.", "256", "ffff"];
                text.push_str(part.get(usize::try_from(below(10)).unwrap_or(0)).unwrap_or(&""));
                text.push_str(if below(3) == 0 { "" } else { ":" });
            }
            let text = if below(2) == 0 { text.trim_end_matches(':') } else { &text };
            assert_eq!(ip(text), standard(text), "{text}");
            read += usize::from(ip(text).is_some());
        }
        assert!(read > 500, "{read}");
    }

    #[test]
    fn an_ipv4_address_has_no_second_name() {
        for text in ["::ffff:192.0.2.1", "::ffff:c000:201", "0:0:0:0:0:FFFF:1:1"] {
            assert!(text.parse::<IpAddr>().is_ok(), "{text}");
            assert_eq!(ip(text), None, "{text}");
            assert_eq!(Network::parse(&format!("{text}/128")), None, "{text}");
        }
        assert!(ip("::fffe:1:1").is_some());
        assert!(ip("1::ffff:1:1").is_some());
    }

    #[test]
    fn a_network_holds_the_addresses_that_begin_as_it_does() {
        let cases = [
            ("10.0.0.0/8", "10.255.0.1", true),
            ("10.0.0.0/8", "11.0.0.0", false),
            ("10.1.2.3/8", "10.9.9.9", true),
            ("192.168.0.0/17", "192.168.127.255", true),
            ("192.168.0.0/17", "192.168.128.0", false),
            ("192.0.2.1/32", "192.0.2.1", true),
            ("192.0.2.1/32", "192.0.2.0", false),
            ("0.0.0.0/0", "255.0.0.1", true),
            ("0.0.0.0/0", "::", false),
            ("::/0", "0.0.0.0", false),
            ("::/0", "ff::1", true),
            ("2001:db8::/32", "2001:db8:ffff::1", true),
            ("2001:db8::/32", "2001:db9::", false),
            ("2001:db8::/33", "2001:db8:8000::", false),
            ("::1/128", "::1", true),
            ("::1/128", "::", false),
        ];
        for (network, address, expected) in cases {
            let holds = Network::parse(network).zip(ip(address)).map(|(network, address)| network.contains(address));
            assert_eq!(holds, Some(expected), "{network} {address}");
        }
    }

    #[test]
    fn the_prefix_of_a_network_is_a_plain_number_that_its_family_has() {
        for text in
            ["10.0.0.0", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/08", "10.0.0.0/00", "10.0.0.0/+8", "10.0.0.0/8/8"]
        {
            assert_eq!(Network::parse(text), None, "{text}");
        }
        for text in ["::/129", "::/256", "::/1000", "::/-1", "/8", "x/8", "10.0.0.0/ 8", "10.0.0.0/255.0.0.0"] {
            assert_eq!(Network::parse(text), None, "{text}");
        }
        assert!(Network::parse("10.0.0.0/0").is_some() && Network::parse("::/128").is_some());
    }
}
