//! What a piece of work allocates, counted for each thread.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::time::{Duration, Instant};

struct Counting;

thread_local! {
    static LIVE: Cell<usize> = const { Cell::new(0) };
    static PEAK: Cell<usize> = const { Cell::new(0) };
    static COUNT: Cell<usize> = const { Cell::new(0) };
}

fn taken(size: usize) {
    let live = LIVE.get().wrapping_add(size);
    LIVE.set(live);
    PEAK.set(PEAK.get().max(live));
    COUNT.set(COUNT.get() + 1);
}

// SAFETY: all is the system allocator's; beside it only numbers of this thread change, which allocate nothing.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        taken(layout.size());
        // SAFETY: the caller's promise.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // What another thread took is given back here: no number may fall below none.
        LIVE.set(LIVE.get().saturating_sub(layout.size()));
        // SAFETY: the caller's promise.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static COUNTING: Counting = Counting;

/// What was allocated at once at most, above what was there before, how often, and how long it took.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Spent {
    pub(crate) bytes: usize,
    pub(crate) allocations: usize,
    pub(crate) time: Duration,
}

pub(crate) fn spent<T>(work: impl FnOnce() -> T) -> (T, Spent) {
    let (before, count, start) = (LIVE.get(), COUNT.get(), Instant::now());
    PEAK.set(before);
    let found = work();
    let time = start.elapsed();
    (found, Spent { bytes: PEAK.get().saturating_sub(before), allocations: COUNT.get() - count, time })
}
