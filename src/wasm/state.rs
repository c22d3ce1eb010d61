//! What one instance of the module remembers: the input buffer and its guards.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::asker::Asker;
use super::handles::{Handles, Waiting};
use super::instances::Instances;
use crate::guard::{Admitted, Guard, Matched, Need, Outcome};

/// Guards of one instance. An application has a few; one that is evicted is made anew by its host.
const MAX_GUARDS: usize = 64;
/// Principals, routes and subjects that a guard remembers for the short way: no fewer than the host does.
const MAX_KNOWN: u32 = 2048;
/// Requests of a guard that wait for the host.
const MAX_PENDING: usize = 1024;
/// How long a request may wait before its place may be given to another.
pub(super) const ABANDONED_AFTER: Duration = Duration::from_secs(60);
/// Bytes that cross at once.
pub(super) const MAX_INPUT_BYTES: usize = 1 << 20;

/// An instance has one thread. A mutex costs less there than what ends a thread's own state.
static STATE: Mutex<State> = Mutex::new(State { input: Vec::new(), guards: Vec::new(), next: 1 });

pub(super) struct State {
    pub(super) input: Vec<u8>,
    /// The one used last is the last.
    guards: Vec<(u32, Box<Known>)>,
    next: u32,
}

/// A guard and what is remembered for it.
pub(super) struct Known {
    pub(super) guard: Guard,
    pub(super) principals: Handles<Arc<Admitted>>,
    pub(super) routes: Handles<Arc<Matched>>,
    pub(super) subjects: Handles<Asker>,
    pub(super) instances: Instances,
    pub(super) pending: Waiting<Need>,
    #[cfg(feature = "full")]
    pub(super) directories: super::authzen::Directories,
    /// The handle of the newest need.
    pub(super) waiting: u32,
    /// Where the host reads it, where it is a signature.
    pub(super) signature: [u32; 8],
    /// The newest outcome, and the handles that were given for it.
    pub(super) last: Option<Last>,
}

pub(super) struct Last {
    pub(super) outcome: Outcome,
    /// 0 until somebody asks for one.
    pub(super) principal: u32,
    /// 0 until somebody asks for one.
    pub(super) route: u32,
}

/// Runs with the state. `None` where it is in use, which no caller can bring about: nothing in here calls out.
pub(super) fn with_state<R>(run: impl FnOnce(&mut State) -> R) -> Option<R> {
    STATE.try_lock().ok().map(|mut state| run(&mut state))
}

/// Runs with a guard and the first `length` bytes of the input. `None` where the guard is not known.
pub(super) fn with_guard<R>(guard: u32, length: u32, run: impl FnOnce(&mut Known, &[u8]) -> R) -> Option<R> {
    let (mut run, mut result) = (Some(run), None);
    find_guard(guard, length, &mut |known, input| result = run.take().map(|run| run(known, input)));
    result
}

/// Runs with a guard where it is the one that was used last.
pub(super) fn with_newest<R>(guard: u32, run: impl FnOnce(&mut Known) -> Option<R>) -> Option<R> {
    let run = |state: &mut State| match state.guards.last_mut() {
        Some((own, known)) if *own == guard => run(known),
        _ => None,
    };
    with_state(run).flatten()
}

/// Compiled once for all that run with a guard.
#[inline(never)]
fn find_guard(guard: u32, length: u32, run: &mut dyn FnMut(&mut Known, &[u8])) {
    with_state(|state| {
        let State { input, guards, .. } = state;
        if guards.last().is_none_or(|(own, _)| *own != guard)
            && let Some(place) = guards.iter().position(|(own, _)| *own == guard)
            && let Some(used) = guards.get_mut(place..)
        {
            used.rotate_left(1);
        }
        if let Some((own, known)) = guards.last_mut()
            && *own == guard
        {
            let input = usize::try_from(length).ok().and_then(|length| input.get(..length)).unwrap_or(&[]);
            run(known, input);
        }
    });
}

impl Known {
    /// Forgets what was decided under another policy.
    pub(super) fn forget_decisions(&mut self) {
        self.principals.forget();
        self.routes.forget();
        self.subjects.forget();
        self.instances.forget();
        self.last = None;
    }
}

impl State {
    pub(super) fn add(&mut self, guard: Guard) -> u32 {
        if self.guards.len() >= MAX_GUARDS {
            // Of the guards for which nothing waits the one used longest ago; else of all.
            let idle = self.guards.iter().position(|(_, known)| known.pending.is_empty());
            self.guards.remove(idle.unwrap_or(0));
        }
        let number = self.next;
        self.next = self.next.saturating_add(1);
        let known = Box::new(Known {
            guard,
            principals: Handles::new(MAX_KNOWN),
            routes: Handles::new(MAX_KNOWN),
            subjects: Handles::new(MAX_KNOWN),
            instances: Instances::new(),
            pending: Waiting::new(MAX_PENDING),
            #[cfg(feature = "full")]
            directories: Vec::new(),
            waiting: 0,
            signature: [0; 8],
            last: None,
        });
        self.guards.push((number, known));
        number
    }

    pub(super) fn remove(&mut self, guard: u32) {
        if let Some(place) = self.guards.iter().position(|(own, _)| *own == guard) {
            self.guards.remove(place);
        }
    }
}
