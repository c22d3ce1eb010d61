//! A list of numbers that a generator spends. Behind its end all are 0, which is the simplest choice, so that a shorter
//! list of lower numbers makes a simpler thing, and proptest finds the simplest that still fails.

use proptest::prelude::*;

#[derive(Debug)]
pub(crate) struct Choices {
    numbers: Vec<u16>,
    next: usize,
}

impl Choices {
    pub(crate) fn new(numbers: &[u16]) -> Self {
        Self { numbers: numbers.to_vec(), next: 0 }
    }

    /// A number below the bound.
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        let number = self.numbers.get(self.next).copied().unwrap_or(0);
        self.next += 1;
        usize::from(number) % bound.max(1)
    }

    /// Once in so many times.
    pub(crate) fn one_in(&mut self, times: usize) -> bool {
        self.below(times) == times - 1
    }

    pub(crate) fn pick<'a, T: ?Sized>(&mut self, items: &[&'a T]) -> &'a T {
        items.get(self.below(items.len())).copied().expect("something to pick from")
    }

    /// Some of the items, in their order.
    pub(crate) fn some<T: Clone>(&mut self, items: &[T], one_in: usize) -> Vec<T> {
        items.iter().filter(|_| self.one_in(one_in)).cloned().collect()
    }
}

pub(crate) fn numbers(most: usize) -> impl Strategy<Value = Vec<u16>> {
    prop::collection::vec(any::<u16>(), 0..most)
}
