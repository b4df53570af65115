//! A task at work: lines take numbers from the list, calls end, some numbers are dialled again.
//! A discrete-event simulation, so time passes at the cost of what happens in it, and the state at
//! an instant does not depend on the steps in which it was reached.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::outcome::{self, Attempt};
use crate::schedule::{Hours, Plan};
use crate::script::Script;

/// 任务实例状态, as the vendor numbers it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) enum CallStatus {
    #[default]
    NotStarted = 0,
    InProgress = 1,
    Completed = 2,
    WaitingForRedial = 3,
}

/// One number of a task's list: the vendor's call instance.
#[derive(Clone, Copy, Default)]
pub(crate) struct Call {
    pub status: CallStatus,
    pub attempts: u32,
    /// The last attempt; one in progress is already decided. Meaningless before the first.
    pub attempt: Attempt,
    /// `callIndex`: 1 for the first call of the task to end, 2 for the next; 0 before.
    pub index: u32,
}

/// What a dialler works by; never changes.
#[derive(Clone)]
pub(crate) struct Terms {
    pub seed: u64,
    pub script: &'static Script,
    pub hours: Hours,
    pub plan: Plan,
    /// Places in `people::LINES`.
    pub lines: Vec<usize>,
    /// How many calls there can be at once.
    pub channels: u32,
    pub redials: u32,
    pub redial_after_minutes: u32,
    /// The list's ids follow one another from here.
    pub first_call_instance_id: u64,
}

/// While all that is left is in progress, a free channel looks again after this many seconds.
const LOOK_AGAIN: i64 = 15;

pub(crate) struct Dialler {
    pub calls: Vec<Call>,
    /// Places in `calls`, in the order in which they ended.
    pub ended: Vec<u32>,
    next: u32,
    in_progress: u32,
    /// When a channel does what next: look for a number, or end its call. Ordered by time, then
    /// channel, so that ties are broken the same way for ever.
    agenda: BinaryHeap<Reverse<(i64, u32, Option<u32>)>>,
    waiting: BinaryHeap<Reverse<(i64, u32)>>,
}

impl Dialler {
    pub(crate) fn new(numbers: u32, channels: u32) -> Self {
        Self {
            calls: vec![Call::default(); numbers as usize],
            ended: Vec::new(),
            next: 0,
            in_progress: 0,
            agenda: (0..channels).map(|channel| Reverse((i64::MIN, channel, None))).collect(),
            waiting: BinaryHeap::new(),
        }
    }

    pub(crate) fn exhausted(&self) -> bool {
        self.ended.len() == self.calls.len()
    }

    /// Does everything due up to and including this instant.
    pub(crate) fn run_until(&mut self, terms: &Terms, instant: i64) {
        while self.next_event().is_some_and(|due| due <= instant) {
            self.step(terms);
        }
    }

    fn next_event(&self) -> Option<i64> {
        self.agenda.peek().map(|Reverse((due, _, _))| *due)
    }

    fn step(&mut self, terms: &Terms) {
        let Some(Reverse((now, channel, call))) = self.agenda.pop() else { return };
        if let Some(place) = call {
            self.end(terms, place, now);
        }
        if let Some((due, call)) = self.assign(terms, channel, now) {
            self.agenda.push(Reverse((due, channel, call)));
        }
    }

    fn end(&mut self, terms: &Terms, place: u32, now: i64) {
        self.in_progress -= 1;
        let Some(call) = self.calls.get_mut(place as usize) else { return };
        if call.attempt.finish.redials() && call.attempts <= terms.redials {
            call.status = CallStatus::WaitingForRedial;
            let due = now + i64::from(terms.redial_after_minutes) * 60;
            self.waiting.push(Reverse((due, place)));
        } else {
            call.status = CallStatus::Completed;
            self.ended.push(place);
            call.index = u32::try_from(self.ended.len()).unwrap_or(u32::MAX);
        }
    }

    /// What a free channel does next; nothing, when there will never be anything to do.
    fn assign(&mut self, terms: &Terms, channel: u32, now: i64) -> Option<(i64, Option<u32>)> {
        let open = terms.plan.next_dial(terms.hours, now)?;
        if open > now {
            // Channels do not all start in the same second.
            return Some((open + i64::from(channel % 30), None));
        }
        let due = self.waiting.peek().map(|Reverse((due, _))| *due);
        let place = match due {
            Some(due) if due <= now => self.waiting.pop().map(|Reverse((_, place))| place),
            _ if (self.next as usize) < self.calls.len() => {
                self.next += 1;
                Some(self.next - 1)
            }
            _ => None,
        };
        match (place, due) {
            (Some(place), _) => Some((self.dial(terms, channel, place, now), Some(place))),
            (None, Some(due)) => Some((due, None)),
            (None, None) if self.in_progress > 0 => Some((now + LOOK_AGAIN, None)),
            (None, None) => None,
        }
    }

    /// Dials, and says when the call will end.
    fn dial(&mut self, terms: &Terms, channel: u32, place: u32, now: i64) -> i64 {
        let line = terms.lines.get(channel as usize % terms.lines.len().max(1));
        let id = terms.first_call_instance_id + u64::from(place);
        let Some(call) = self.calls.get_mut(place as usize) else { return now };
        let line = line.copied().unwrap_or_default();
        call.attempt = outcome::attempt(terms.seed, id, call.attempts, terms.script, line, now);
        call.attempts += 1;
        call.status = CallStatus::InProgress;
        self.in_progress += 1;
        call.attempt.ends
    }
}
