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

    /// Forgets all things: each handle that was given is a miss.
    pub(super) fn forget(&mut self) {
        self.slots.clear();
        // The next handle is one of the first slot again.
        let used = self.next.saturating_sub(1) % self.capacity;
        if used > 0 {
            self.next = self.next.saturating_add(self.capacity - used);
        }
    }

    pub(super) fn get(&self, handle: u32) -> Option<&T> {
        self.slots.get(self.index(handle)).filter(|(own, _)| *own == handle).map(|(_, thing)| thing)
    }

    pub(super) fn get_mut(&mut self, handle: u32) -> Option<&mut T> {
        let index = self.index(handle);
        self.slots.get_mut(index).filter(|(own, _)| *own == handle).map(|(_, thing)| thing)
    }

    fn index(&self, handle: u32) -> usize {
        handle
            .checked_sub(1)
            .and_then(|from_zero| usize::try_from(from_zero % self.capacity).ok())
            .unwrap_or(usize::MAX)
    }
}

/// Things that wait to be taken, each once. What waits is never pushed out: where there is no room the newcomer is
/// turned away.
#[derive(Debug)]
pub(super) struct Waiting<T> {
    things: Vec<(u32, T)>,
    capacity: usize,
    next: u32,
}

impl<T> Waiting<T> {
    pub(super) const fn new(capacity: usize) -> Self {
        Self { things: Vec::new(), capacity, next: 1 }
    }

    /// Lets a thing wait, and gives its number; `None` where there is no room, or where the numbers are used up.
    /// `is_abandoned` says of what waits that nobody will come for it.
    pub(super) fn insert(&mut self, thing: T, is_abandoned: impl Fn(&T) -> bool) -> Option<u32> {
        if self.things.len() >= self.capacity {
            self.things.retain(|(_, thing)| !is_abandoned(thing));
        }
        if self.things.len() >= self.capacity {
            return None;
        }
        let number = self.next;
        self.next = number.checked_add(1)?;
        self.things.push((number, thing));
        Some(number)
    }

    pub(super) fn get(&self, number: u32) -> Option<&T> {
        self.things.iter().find(|(own, _)| *own == number).map(|(_, thing)| thing)
    }

    /// Takes a thing out. Its number is a miss from now on.
    pub(super) fn take(&mut self, number: u32) -> Option<T> {
        let place = self.things.iter().position(|(own, _)| *own == number)?;
        Some(self.things.swap_remove(place).1)
    }

    /// Whether all numbers have been given, so that nothing can wait here any more.
    pub(super) const fn is_used_up(&self) -> bool {
        self.next == u32::MAX
    }

    pub(super) fn is_empty(&self) -> bool {
        self.things.is_empty()
    }
}
