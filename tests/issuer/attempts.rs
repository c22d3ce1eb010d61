//! Attempts: what waits, what is forgotten, what is given back, and what must never be locked.

use std::time::Duration;

use crate::chance::{Exhausted, Known};
use portcullis::UnixTime;
use portcullis::issuer::attempts::{
    AttemptsError, Begun, Budget, BudgetSettings, Counted, Devices, Limits, MOST_IN_A_ROW, State, States, is_device,
    network_of, new_device, withdrawn,
};
use portcullis::issuer::{Coded, RandomError, SystemRandom};
use proptest::prelude::*;

const NOW: i64 = 1_790_000_000;
/// Seconds: the longest wait by default.
const LONGEST: i64 = 900;

const fn at(seconds: i64) -> UnixTime {
    UnixTime::from_seconds(NOW + seconds)
}

fn begin(kept: &States, seconds: i64) -> Result<States, i64> {
    match Limits::default().begin(kept, at(seconds)) {
        Begun::Allowed { states, .. } => Ok(states),
        Begun::Locked { until } => Err(until.seconds() - NOW),
    }
}

/// Attempts one after the other, each as soon as it is allowed: the waits between them, in seconds.
fn waits(mut kept: States, count: usize) -> Vec<i64> {
    let mut now = 0;
    let mut waited = Vec::new();
    for _ in 0..count {
        if let Err(until) = begin(&kept, now) {
            waited.push(until - now);
            now = until;
        } else {
            waited.push(0);
        }
        let States { account, address, device } = begin(&kept, now).unwrap();
        kept = States {
            account: account.or(kept.account),
            address: address.or(kept.address),
            device: device.or(kept.device),
        };
    }
    waited
}

const DOUBLING: [i64; 18] = [0, 0, 0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, LONGEST, LONGEST];

#[test]
fn five_are_free_and_then_the_wait_doubles() {
    assert_eq!(waits(States::default(), 18), DOUBLING);
    assert_eq!(waits(States { device: Some(State::default()), ..States::default() }, 18), DOUBLING);
}

#[test]
fn what_is_locked_does_not_count() {
    let mut kept = States::default();
    for _ in 0..6 {
        kept = begin(&kept, 0).unwrap();
    }
    assert_eq!(begin(&kept, 0), Err(1));
    assert!(begin(&kept, 1).is_ok());
}

#[test]
fn an_attempt_is_forgotten_each_hour() {
    let mut kept = States::default();
    for _ in 0..5 {
        kept = begin(&kept, 0).unwrap();
    }
    let level = |seconds| begin(&kept, seconds).unwrap().account.unwrap().level;
    assert_eq!([level(0), level(3599), level(3600), level(7200), level(14_400), level(18_000)], [6, 6, 5, 4, 2, 1]);
    // The part of an hour that has passed is not lost by a new attempt.
    let again = begin(&kept, 3599).unwrap();
    assert_eq!(begin(&again, 3600).unwrap().account.unwrap().level, 6);
}

#[test]
fn a_quiet_time_forgets_the_longest_row() {
    let mut kept = States::default();
    let mut now = 0;
    for _ in 0..500 {
        now = begin(&kept, now).err().unwrap_or(now);
        kept = begin(&kept, now).unwrap();
    }
    assert_eq!(begin(&kept, now + LONGEST + 16 * 3600).unwrap().account.unwrap().level, 1);
}

#[test]
fn an_address_has_more_and_counts_for_all_accounts() {
    let mut address = None;
    for _ in 0..51 {
        address = begin(&States { address, ..States::default() }, 0).unwrap().address;
    }
    assert_eq!(begin(&States { address, ..States::default() }, 0), Err(1));
    let level = begin(&States { address, ..States::default() }, 60).unwrap().address.unwrap().level;
    assert_eq!(level, 51);
}

#[test]
fn of_two_locks_the_later_counts() {
    let lock = |until| Some(State { until: NOW + until, ..State::default() });
    assert_eq!(begin(&States { account: lock(9), address: lock(4), device: None }, 0), Err(9));
    assert_eq!(begin(&States { account: lock(4), address: lock(9), device: None }, 0), Err(9));
    assert_eq!(begin(&States { account: None, address: lock(9), device: None }, 0), Err(9));
    assert_eq!(begin(&States { account: lock(9), address: None, device: None }, 9).map(|_| ()), Ok(()));
}

#[test]
fn the_next_attempt_is_told() {
    let told = |kept: &States| match Limits::default().begin(kept, at(0)) {
        Begun::Allowed { next, .. } => next.seconds() - NOW,
        Begun::Locked { .. } => -1,
    };
    let level = |level| Some(State { level, since: NOW, ..State::default() });
    assert_eq!(told(&States::default()), 0);
    assert_eq!(told(&States { account: level(7), ..States::default() }), 4);
    assert_eq!(told(&States { address: level(53), ..States::default() }), 8);
    assert_eq!(told(&States { device: level(7), account: level(9), address: level(60) }), 4);
}

#[test]
fn success_forgets_the_account_and_gives_the_address_its_own_back() {
    let mut kept = States::default();
    for _ in 0..3 {
        kept = begin(&kept, 0).unwrap();
    }
    assert_eq!(Counted::Account.succeeded(kept.account.as_ref(), kept.account.as_ref()), None);
    let address = Counted::Address.succeeded(kept.address.as_ref(), kept.address.as_ref()).unwrap();
    assert_eq!([address.level, address.failures], [2, 2]);
    assert_eq!(Counted::Address.succeeded(None, kept.address.as_ref()), None);
    assert_eq!(Counted::Device.succeeded(None, None), Some(State::default()));
}

#[test]
fn an_address_is_not_freed_by_signing_in_to_ones_own_account() {
    // Between two guesses the guesser signs in to an account of theirs, from the same address.
    let (mut address, mut now) = (None, 0);
    let mut guesses = 0;
    while now < 86_400 {
        for is_own in [true, false] {
            let kept = States { address, ..States::default() };
            now = begin(&kept, now).err().unwrap_or(now);
            let taken = begin(&kept, now).unwrap().address;
            address = if is_own { Counted::Address.succeeded(taken.as_ref(), taken.as_ref()) } else { taken };
        }
        guesses += 1;
    }
    // Fifty at once, and then one that is forgotten each minute.
    assert!(guesses < 50 + 1440 + 20, "{guesses}");
}

#[test]
fn a_lock_is_lifted_only_by_the_attempt_whose_it_is() {
    let level = |level| State { level, since: NOW, ..State::default() };
    let slow = begin(&States { address: Some(level(50)), ..States::default() }, 0).unwrap().address.unwrap();
    assert_eq!(withdrawn(&slow, &slow), State { failures: 0, ..level(50) });
    // While its password is looked at, its wait ends and another one counts.
    let other = begin(&States { address: Some(slow), ..States::default() }, 1).unwrap().address.unwrap();
    let left = withdrawn(&other, &slow);
    assert_eq!([left.until - NOW, left.level.into()], [3, 51]);
}

#[test]
fn a_hundred_in_a_row_are_told_and_not_locked_for_good() {
    let is_exhausted = |kept: &States, seconds| match Limits::default().begin(kept, at(seconds)) {
        Begun::Allowed { exhausted, .. } => Some(exhausted),
        Begun::Locked { .. } => None,
    };
    let (mut kept, mut now) = (States::default(), 0);
    for _ in 0..MOST_IN_A_ROW {
        now = begin(&kept, now).err().unwrap_or(now);
        assert_eq!(is_exhausted(&kept, now), Some(false));
        kept = begin(&kept, now).unwrap();
    }
    assert_eq!(is_exhausted(&kept, now + LONGEST), Some(true));
    // Time forgets the waits, but not the row.
    assert_eq!(is_exhausted(&kept, now + 20 * 86_400), Some(true));
    let end = Limits::default().keep_until(Counted::Account, &kept.account.unwrap(), at(now)).seconds();
    assert_eq!(end - NOW - now, 30 * 86_400);
    kept.account = Counted::Account.succeeded(kept.account.as_ref(), kept.account.as_ref());
    assert_eq!(is_exhausted(&kept, now + LONGEST), Some(false));
}

#[test]
fn what_nobody_guesses_is_locked_by_no_account_and_counts_for_the_address() {
    let limits = Limits::default();
    let mut address: Option<State> = None;
    for _ in 0..51 {
        let begun = limits.begin_unguessable(address.as_ref(), at(0));
        assert!(matches!(
            begun,
            Begun::Allowed { states: States { account: None, address: Some(_), device: None }, exhausted: false, .. }
        ));
        if let Begun::Allowed { states, .. } = begun {
            address = states.address;
        }
    }
    assert_eq!(limits.begin_unguessable(address.as_ref(), at(0)), Begun::Locked { until: at(1) });
    // It is the same count as that of guesses.
    assert_eq!(begin(&States { address, ..States::default() }, 0), Err(1));
}

#[test]
fn nothing_is_kept_for_longer_than_it_says_something() {
    let state = |level, failures| State { level, since: NOW, until: 0, failures };
    let kept = |counted, state: State| Limits::default().keep_until(counted, &state, at(0)).seconds() - NOW;
    // An address: until its attempts are forgotten. An account: a day for each that has failed in a row, at most thirty.
    assert_eq!([kept(Counted::Address, state(1, 1)), kept(Counted::Address, state(61, 5000))], [60, 61 * 60]);
    assert_eq!([kept(Counted::Account, state(1, 1)), kept(Counted::Account, state(5, 5))], [86_400, 5 * 86_400]);
    assert_eq!(kept(Counted::Account, state(16, u32::MAX)), 30 * 86_400);
    assert_eq!(kept(Counted::Device, state(0, 0)), 180 * 86_400);
    // And never for less than it is locked.
    let locked = State { until: NOW + 900, ..state(0, 0) };
    assert_eq!([kept(Counted::Address, locked), kept(Counted::Address, state(0, 0))], [900, 0]);
}

#[test]
fn devices_are_known_by_their_names() {
    let (state, other) = (State { level: 3, ..State::default() }, State { level: 4, ..State::default() });
    let devices = Devices::default().with("one", state, at(0)).with("two", other, at(1));
    assert_eq!([devices.state_of("one", at(2)), devices.state_of("two", at(2))], [Some(state), Some(other)]);
    assert_eq!([devices.state_of("three", at(2)), Devices::default().state_of("one", at(0))], [None, None]);
    let again = devices.with("one", other, at(2));
    assert_eq!([again.state_of("one", at(3)), again.state_of("two", at(3))], [Some(other), Some(other)]);
    let day = 86_400;
    assert_eq!([again.state_of("two", at(180 * day)), again.state_of("two", at(180 * day + 1))], [Some(other), None]);
    assert_eq!(again.state_of("one", at(180 * day + 1)), Some(other));
    assert!(!format!("{again:?}").contains("one"));
}

#[test]
fn released_devices_are_known_and_have_no_attempts() {
    let devices =
        Devices::default().with("one", State { level: 9, since: NOW, until: NOW + 900, failures: 100 }, at(0));
    let released = devices.released();
    assert_eq!(released.state_of("one", at(1)), Some(State::default()));
    assert_eq!(released.state_of("two", at(1)), None);
}

#[test]
fn of_many_devices_those_used_last_are_known() {
    let names: Vec<String> = (0..30).map(|number| format!("device {number}")).collect();
    let mut devices = Devices::default();
    for (seconds, name) in (0..).zip(&names) {
        devices = devices.with(name, State::default(), at(seconds));
        devices = devices.with("daily", State::default(), at(seconds));
    }
    let known = |name: &str| devices.state_of(name, at(30)).is_some();
    assert_eq!(names.iter().filter(|name| known(name)).count(), 9);
    assert!(names.iter().skip(21).all(|name| known(name)) && known("daily"));
}

#[test]
fn budgets_have_their_limits() {
    let error = |free, first, longest, forget| {
        let [first, longest, forget] = [first, longest, forget].map(Duration::from_secs);
        Budget::new(BudgetSettings { free, first, longest, forget }).err()
    };
    for free in [0, 10_001, u32::MAX] {
        assert_eq!(error(free, 1, 900, 3600), Some(AttemptsError::Free));
    }
    for (first, longest) in [(0, 900), (901, 900), (1, 0), (1, 3601), (u64::MAX, u64::MAX)] {
        assert_eq!(error(5, first, longest, 3600), Some(AttemptsError::Wait), "{first} {longest}");
    }
    for forget in [0, 86_401, u64::MAX] {
        assert_eq!(error(5, 1, 900, forget), Some(AttemptsError::Forget));
    }
    assert_eq!([error(1, 1, 1, 1), error(10_000, 3600, 3600, 86_400)], [None, None]);
    assert_eq!(Budget::new(BudgetSettings::default()), Ok(Budget::default()));
    let millis = BudgetSettings { first: Duration::from_millis(999), ..BudgetSettings::default() };
    assert_eq!(Budget::new(millis), Err(AttemptsError::Wait));
}

#[test]
fn a_network_is_one_address_of_ipv4_and_half_of_one_of_ipv6() {
    for (address, network) in [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("::ffff:c000:207", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:DB8:1:2::", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("::1", "::/64"),
    ] {
        assert_eq!(network_of(address).unwrap(), network, "{address}");
    }
    for address in [
        "",
        " ",
        "unknown",
        "192.0.2.7:443",
        "192.0.2.7 ",
        "192.0.2",
        "192.0.2.07",
        "192.0.2.256",
        "[::1]",
        "::1%",
        "192.0.2.7%eth0",
        "192.0.2.7, 192.0.2.8",
        "1.2.3.4\n",
        "::ffff:192.0.2.7.1",
        &"1".repeat(1 << 16),
    ] {
        assert_eq!(network_of(address).map_err(|error| error.code()), Err("attempts_address"), "{address:?}");
    }
}

#[test]
fn a_device_has_a_name_that_nobody_guesses() {
    let device = new_device(&mut SystemRandom).unwrap();
    assert!(is_device(&device), "{device}");
    assert_ne!(device, new_device(&mut SystemRandom).unwrap());
    assert_eq!(new_device(&mut Known::of(&[0])).unwrap(), "A".repeat(22));
    assert_eq!(new_device(&mut Exhausted), Err(RandomError));
    for text in
        ["", "a", &device.repeat(2), &format!("{}=", &device), &"é".repeat(11), &"B".repeat(22), &" ".repeat(22)]
    {
        assert!(!is_device(text), "{text:?}");
    }
}

/// What somebody does, and how many seconds later.
#[derive(Debug, Clone, Copy)]
enum Deed {
    Fail,
    Succeed,
    Withdraw,
}

/// With pauses that are at least so long: a clock that is set back makes them negative.
fn history(shortest: i64) -> impl Strategy<Value = Vec<(i64, Deed)>> {
    let deed = prop_oneof![4 => Just(Deed::Fail), 1 => Just(Deed::Succeed), 1 => Just(Deed::Withdraw)];
    prop::collection::vec((prop_oneof![Just(0), 0..20_i64, 0..2000_i64, shortest..90_000_i64], deed), 0..120)
}

fn any_state() -> impl Strategy<Value = Option<State>> {
    let moment = || prop_oneof![Just(0), NOW - 5000..NOW + 5000, any::<i64>()];
    let state = (any::<u32>(), moment(), moment(), any::<u32>());
    prop::option::of(state.prop_map(|(level, since, until, failures)| State { level, since, until, failures }))
}

fn any_limits() -> impl Strategy<Value = (Limits, i64)> {
    (1..9_u32, 1..=3600_u64, any::<u64>(), 1..=86_400_u64).prop_map(|(free, longest, first, forget)| {
        let [first, longest, forget] = [first % longest + 1, longest, forget].map(Duration::from_secs);
        let budget = Budget::new(BudgetSettings { free, first, longest, forget }).unwrap();
        (Limits { account: budget, address: budget, device: budget }, i64::try_from(longest.as_secs()).unwrap())
    })
}

/// Lives through a history. Where it is locked it must not be for longer than `longest`, and with `locks` of them, one behind
/// the other, it must be over.
fn live(
    limits: Limits,
    longest: i64,
    mut kept: States,
    history: Vec<(i64, Deed)>,
    locks: usize,
) -> Result<(), TestCaseError> {
    let mut now = NOW;
    for (later, deed) in history {
        now += later;
        let mut end = now;
        for _ in 0..locks {
            let Begun::Locked { until } = limits.begin(&kept, UnixTime::from_seconds(end)) else { break };
            prop_assert!(end < until.seconds() && until.seconds() - end <= longest);
            end = until.seconds();
        }
        prop_assert!(matches!(limits.begin(&kept, UnixTime::from_seconds(end)), Begun::Allowed { .. }), "locked on");
        let Begun::Allowed { states, next, .. } = limits.begin(&kept, UnixTime::from_seconds(now)) else { continue };
        prop_assert!((now..=now + longest).contains(&next.seconds()));
        for (counted, kept, taken) in [
            (Counted::Account, &mut kept.account, states.account),
            (Counted::Address, &mut kept.address, states.address),
            (Counted::Device, &mut kept.device, states.device),
        ] {
            let Some(taken) = taken else { continue };
            *kept = match deed {
                Deed::Fail => Some(taken),
                Deed::Succeed => counted.succeeded(Some(&taken), Some(&taken)),
                Deed::Withdraw => Some(withdrawn(&taken, &taken)),
            };
        }
    }
    Ok(())
}

proptest! {
    #[test]
    fn nothing_is_locked_for_longer_than_the_longest_wait(
        is_known in any::<bool>(), limits in any_limits(), history in history(0),
    ) {
        let kept = States { device: is_known.then(State::default), ..States::default() };
        live(limits.0, limits.1, kept, history, 1)?;
    }

    /// Whatever a store holds and however clocks jump, account and address may be locked one behind the other, and no more.
    #[test]
    fn odd_states_and_clocks_lock_for_no_longer_either(
        account in any_state(), address in any_state(), device in any_state(), limits in any_limits(), history in history(-5000),
    ) {
        live(limits.0, limits.1, States { account, address, device }, history, 2)?;
    }

    #[test]
    fn a_known_device_is_never_locked_by_others(account in any_state(), address in any_state(), now in NOW - 5000..NOW + 5000) {
        let kept = States { account, address, device: Some(State::default()) };
        let Begun::Allowed { states, exhausted, .. } = Limits::default().begin(&kept, UnixTime::from_seconds(now)) else {
            return Err(TestCaseError::fail("locked"));
        };
        prop_assert_eq!((states.account, states.address, exhausted), (None, None, false));
    }

    #[test]
    fn no_day_has_more_guesses_than_the_longest_wait_leaves(pauses in prop::collection::vec(0..1800_i64, 400)) {
        // Whatever pauses somebody makes: the free ones, the doubling ones, and then one each quarter of an hour.
        let (mut account, mut now, mut guesses) = (None, NOW, 0);
        for pause in pauses {
            now += pause;
            let kept = States { account, ..States::default() };
            if let Begun::Allowed { states, .. } = Limits::default().begin(&kept, UnixTime::from_seconds(now)) {
                account = states.account;
                if now < NOW + 86_400 { guesses += 1; }
            }
        }
        prop_assert!(guesses <= 15 + 96 + 24, "{}", guesses);
    }
}
