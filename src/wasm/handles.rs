//! Handles: numbers that stand for things which stay in here.

/// A bounded store. A handle is never used twice: behind the bound the oldest thing goes, and its handle is a miss.
#[derive(Debug)]
pub(super) struct Handles<T> {
    slots: Vec<(u32, T)>,
    capacity: u32,
    next: u32,
}

impl<T> Handles<T> {
    pub(super) const fn new(capacity: u32) -> Self {
        Self { slots: Vec::new(), capacity, next: 1 }
    }

    /// Stores a thing. The handle is 0, for none, where all numbers have been used.
    pub(super) fn insert(&mut self, thing: T) -> u32 {
        let handle = self.next;
        let Some(next) = handle.checked_add(1) else { return 0 };
        let index = self.index(handle);
        match self.slots.get_mut(index) {
            Some(slot) => *slot = (handle, thing),
            None => self.slots.push((handle, thing)),
        }
        self.next = next;
        handle
    }

    pub(super) fn get(&self, handle: u32) -> Option<&T> {
        self.slots.get(self.index(handle)).filter(|(own, _)| *own == handle).map(|(_, thing)| thing)
    }

    fn index(&self, handle: u32) -> usize {
        handle
            .checked_sub(1)
            .and_then(|from_zero| usize::try_from(from_zero % self.capacity).ok())
            .unwrap_or(usize::MAX)
    }
}

impl<T> Handles<Option<T>> {
    /// Takes a thing out. Its handle is a miss from now on.
    pub(super) fn take(&mut self, handle: u32) -> Option<T> {
        let index = self.index(handle);
        self.slots.get_mut(index).filter(|(own, _)| *own == handle).and_then(|(_, thing)| thing.take())
    }
}
