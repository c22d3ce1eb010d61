//! How a contestant is measured. Every answer is looked at in the measured loop too.

use std::hint::black_box;
use std::time::{Duration, Instant};

use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, Criterion, SamplingMode};

use crate::scenario::{QUESTIONS, answer};

/// All samples of a contestant have as many calls, so that their quartiles mean something.
pub fn row<'a>(criterion: &'a mut Criterion, name: impl Into<String>) -> BenchmarkGroup<'a, WallTime> {
    let mut row = criterion.benchmark_group(name);
    row.sample_size(50).warm_up_time(Duration::from_millis(500)).measurement_time(Duration::from_secs(2));
    row.sampling_mode(SamplingMode::Flat);
    row
}

/// Somebody who decides, asked question by question.
pub fn decides(row: &mut BenchmarkGroup<'_, WallTime>, name: &str, ask: impl Fn(usize) -> bool) {
    for index in 0..QUESTIONS {
        assert_eq!(ask(index), answer(index), "{name} answers question {index} wrongly");
    }
    row.bench_function(name, |bencher| {
        let mut index = 0;
        bencher.iter(|| {
            assert_eq!(ask(black_box(index)), answer(index), "{name} answers question {index} wrongly");
            index = (index + 1) % QUESTIONS;
        });
    });
}

/// A verifier that is made anew, outside the measured time, before it would be shown a token for the second time.
pub fn verifies_unseen<V: Fn(&str) -> bool>(
    row: &mut BenchmarkGroup<'_, WallTime>,
    name: &str,
    headers: &[String],
    make: impl Fn() -> V,
) {
    row.bench_function(name, |bencher| {
        bencher.iter_custom(|count| {
            let mut left = usize::try_from(count).expect("a count");
            let mut spent = Duration::ZERO;
            while left > 0 {
                let verify = make();
                let part = &headers[..left.min(headers.len())];
                spent += time(part, &verify, name);
                left -= part.len();
            }
            spent
        });
    });
}

/// A verifier that has seen the tokens before.
pub fn verifies_seen(
    row: &mut BenchmarkGroup<'_, WallTime>,
    name: &str,
    headers: &[String],
    verify: impl Fn(&str) -> bool,
) {
    time(headers, &verify, name);
    row.bench_function(name, |bencher| {
        let mut index = 0;
        bencher.iter(|| {
            assert!(verify(&black_box(&headers[index]).clone()), "{name} refuses a good token");
            index = (index + 1) % headers.len();
        });
    });
}

/// Each header comes as a string of its own, as it would from a connection.
fn time(headers: &[String], verify: impl Fn(&str) -> bool, name: &str) -> Duration {
    let start = Instant::now();
    for header in headers {
        assert!(verify(&black_box(header).clone()), "{name} refuses a good token");
    }
    start.elapsed()
}
