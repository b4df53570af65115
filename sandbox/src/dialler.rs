//! Discrete-event simulation of a task's calls: channels take numbers from the list, calls end, some numbers are
//! redialled. The cost depends on the number of events, not on the length of time. The state at an instant does not
//! depend on the steps of the clock before it.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::outcome::{self, Attempt, Dial};
use crate::scenario::conditions::Conditions;
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
    /// The last attempt. The result of an attempt in progress is already decided. Meaningless while `attempts` is 0.
    pub attempt: Attempt,
    /// `callIndex`: 1 for the first call of the task to end, 2 for the next; 0 before.
    pub index: u32,
}

/// Configuration of a dialler; it never changes.
#[derive(Clone)]
pub(crate) struct DiallerConfig {
    pub seed: u64,
    pub script: &'static Script,
    pub hours: Hours,
    pub plan: Plan,
    /// Positions in `people::LINES`.
    pub lines: Vec<usize>,
    /// Maximum number of simultaneous calls.
    pub channels: u32,
    pub redials: u32,
    pub redial_after_minutes: u32,
    /// Id of the first number; the ids of the list are consecutive.
    pub first_call_instance_id: u64,
    /// What the scenario makes of the task; `None` without a scenario.
    pub conditions: Option<Conditions>,
}

/// A free channel checks for a number again after this many seconds while every remaining call is in progress.
const IDLE_CHECK_SECONDS: i64 = 15;

pub(crate) struct Dialler {
    pub calls: Vec<Call>,
    /// Positions in `calls`, in the order in which the calls ended.
    pub ended: Vec<u32>,
    next: u32,
    in_progress: u32,
    /// The next event of each channel, (instant, channel, position of the call that ends): the channel takes a number,
    /// or ends its call first. Ordered by instant, then channel, so the order of simultaneous events is fixed.
    events: BinaryHeap<Reverse<(i64, u32, Option<u32>)>>,
    redials: BinaryHeap<Reverse<(i64, u32)>>,
    /// Number of attempts from each of the task's lines.
    attempts_by_line: Vec<u32>,
}

impl Dialler {
    pub(crate) fn new(numbers: u32, channels: u32) -> Self {
        Self {
            calls: vec![Call::default(); numbers as usize],
            ended: Vec::new(),
            next: 0,
            in_progress: 0,
            events: (0..channels).map(|channel| Reverse((i64::MIN, channel, None))).collect(),
            redials: BinaryHeap::new(),
            attempts_by_line: Vec::new(),
        }
    }

    pub(crate) fn exhausted(&self) -> bool {
        self.ended.len() == self.calls.len()
    }

    /// Runs every event up to and including this instant.
    pub(crate) fn run_until(&mut self, config: &DiallerConfig, instant: i64) {
        while self.next_event().is_some_and(|due| due <= instant) {
            self.step(config);
        }
    }

    fn next_event(&self) -> Option<i64> {
        self.events.peek().map(|Reverse((due, _, _))| *due)
    }

    fn step(&mut self, config: &DiallerConfig) {
        let Some(Reverse((now, channel, call))) = self.events.pop() else { return };
        if let Some(position) = call {
            self.end(config, position, now);
            let rest = config.conditions.as_ref().map_or(0, |conditions| conditions.rest);
            if rest > 0 {
                self.events.push(Reverse((now + rest, channel, None)));
                return;
            }
        }
        if let Some((due, call)) = self.assign(config, channel, now) {
            self.events.push(Reverse((due, channel, call)));
        }
    }

    fn end(&mut self, config: &DiallerConfig, position: u32, now: i64) {
        self.in_progress -= 1;
        let Some(call) = self.calls.get_mut(position as usize) else { return };
        if call.attempt.finish.redials() && call.attempts <= config.redials {
            call.status = CallStatus::WaitingForRedial;
            let due = now + i64::from(config.redial_after_minutes) * 60;
            self.redials.push(Reverse((due, position)));
        } else {
            call.status = CallStatus::Completed;
            self.ended.push(position);
            call.index = u32::try_from(self.ended.len()).unwrap_or(u32::MAX);
        }
    }

    /// The next event of a free channel; `None` if there will never be one.
    fn assign(
        &mut self,
        config: &DiallerConfig,
        channel: u32,
        now: i64,
    ) -> Option<(i64, Option<u32>)> {
        let open = config.plan.next_dial(config.hours, now)?;
        if config.conditions.as_ref().is_some_and(|conditions| conditions.silent_from <= open) {
            return None;
        }
        if open > now {
            // Channels do not all start in the same second.
            return Some((open + i64::from(channel % 30), None));
        }
        let due = self.redials.peek().map(|Reverse((due, _))| *due);
        let position = match due {
            Some(due) if due <= now => self.redials.pop().map(|Reverse((_, position))| position),
            _ if (self.next as usize) < self.calls.len() => {
                self.next += 1;
                Some(self.next - 1)
            }
            _ => None,
        };
        match (position, due) {
            (Some(position), _) => {
                Some((self.dial(config, channel, position, now), Some(position)))
            }
            (None, Some(due)) => Some((due, None)),
            (None, None) if self.in_progress > 0 => Some((now + IDLE_CHECK_SECONDS, None)),
            (None, None) => None,
        }
    }

    /// Dials a number. Returns the instant at which the call ends.
    fn dial(&mut self, config: &DiallerConfig, channel: u32, position: u32, now: i64) -> i64 {
        let line_position = channel as usize % config.lines.len().max(1);
        let line = config.lines.get(line_position).copied().unwrap_or_default();
        let Some(call) = self.calls.get_mut(position as usize) else { return now };
        let dial = Dial {
            seed: config.seed,
            call_instance_id: config.first_call_instance_id + u64::from(position),
            attempts_before: call.attempts,
            script: config.script,
            line,
            dialled: now,
        };
        let scenario = config.conditions.as_ref().map(|conditions| {
            self.attempts_by_line.resize(config.lines.len().max(1), 0);
            let before = self.attempts_by_line.get_mut(line_position);
            let nth = before.map_or(0, |count| {
                *count += 1;
                *count
            });
            conditions.attempt(&dial, nth)
        });
        call.attempt = outcome::attempt(&dial, scenario.as_ref());
        call.attempts += 1;
        call.status = CallStatus::InProgress;
        self.in_progress += 1;
        call.attempt.ends
    }
}
