//! What one instance of the module remembers: the input buffer and its guards.

use std::cell::RefCell;
use std::sync::Arc;

use super::handles::Handles;
use crate::authz::decision::Standing;
use crate::guard::{Admitted, Guard, Matched, Need, Outcome};

/// Guards of one instance. An application has a few; one that is evicted is made anew by its host.
const MAX_GUARDS: usize = 64;
/// Principals, routes and subjects that a guard remembers for the short way.
const MAX_KNOWN: u32 = 4096;
/// Requests of a guard that wait for the host.
const MAX_PENDING: u32 = 1024;
/// Bytes that cross at once.
pub(super) const MAX_INPUT_BYTES: usize = 1 << 20;

thread_local! {
    static STATE: RefCell<State> = const { RefCell::new(State { input: Vec::new(), guards: Vec::new(), next: 1 }) };
}

pub(super) struct State {
    pub(super) input: Vec<u8>,
    /// In the order in which they were made.
    guards: Vec<(u32, Known)>,
    next: u32,
}

/// A guard and what is remembered for it.
pub(super) struct Known {
    pub(super) guard: Guard,
    pub(super) principals: Handles<Arc<Admitted>>,
    pub(super) routes: Handles<Arc<Matched>>,
    pub(super) subjects: Handles<Standing>,
    pub(super) pending: Handles<Option<Need>>,
    /// The handle of the newest need.
    pub(super) waiting: u32,
    /// The newest outcome, and the handles that were given for it.
    pub(super) last: Option<Last>,
}

pub(super) struct Last {
    pub(super) outcome: Outcome,
    pub(super) principal: u32,
    pub(super) route: u32,
}

/// Runs with the state. `None` where it is in use, which no caller can bring about: nothing in here calls out.
pub(super) fn with_state<R>(run: impl FnOnce(&mut State) -> R) -> Option<R> {
    STATE.with(|state| state.try_borrow_mut().ok().map(|mut state| run(&mut state)))
}

/// Runs with a guard and the first `length` bytes of the input. `None` where the guard is not known.
pub(super) fn with_guard<R>(guard: u32, length: u32, run: impl FnOnce(&mut Known, &[u8]) -> R) -> Option<R> {
    with_state(|state| {
        let State { input, guards, .. } = state;
        let (_, known) = guards.iter_mut().find(|(own, _)| *own == guard)?;
        let input = usize::try_from(length).ok().and_then(|length| input.get(..length)).unwrap_or(&[]);
        Some(run(known, input))
    })
    .flatten()
}

impl State {
    pub(super) fn add(&mut self, guard: Guard) -> u32 {
        if self.guards.len() >= MAX_GUARDS {
            self.guards.remove(0);
        }
        let number = self.next;
        self.next = self.next.saturating_add(1);
        let known = Known {
            guard,
            principals: Handles::new(MAX_KNOWN),
            routes: Handles::new(MAX_KNOWN),
            subjects: Handles::new(MAX_KNOWN),
            pending: Handles::new(MAX_PENDING),
            waiting: 0,
            last: None,
        };
        self.guards.push((number, known));
        number
    }

    pub(super) fn remove(&mut self, guard: u32) {
        self.guards.retain(|(own, _)| *own != guard);
    }
}
