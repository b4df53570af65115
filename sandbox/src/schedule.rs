//! When a task may dial: the daily window with its break, and the plan of the task's statuses. Not here: the calls
//! (`dialler.rs`).

use crate::calendar::{DAY, shanghai_day, shanghai_midnight, shanghai_seconds};

/// No number is dialled in the last minute of a window, so every call is answered within it.
const LAST_MINUTE: i64 = 60;

/// The daily window, in seconds since Shanghai midnight.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Hours {
    pub starts: i64,
    pub ends: i64,
    /// `breakStartTime` and `breakEndTime`; `None` for a day without a break.
    pub break_time: Option<(i64, i64)>,
}

impl Hours {
    /// The day's dialling intervals: one or two, half-open, never empty.
    fn intervals(self) -> impl DoubleEndedIterator<Item = (i64, i64)> {
        let (noon, afternoon) = self.break_time.unwrap_or((self.ends, self.ends));
        [(self.starts, noon - LAST_MINUTE), (afternoon, self.ends - LAST_MINUTE)]
            .into_iter()
            .filter(|(from, to)| from < to)
    }

    /// The first instant at or after this one at which a number may be dialled.
    pub(crate) fn next_open(self, instant: i64) -> i64 {
        let midnight = shanghai_midnight(shanghai_day(instant));
        let second = shanghai_seconds(instant);
        self.intervals()
            .find(|(_, to)| second < *to)
            .map_or_else(|| midnight + DAY + self.starts, |(from, _)| midnight + from.max(second))
    }

    /// The latest instant with `seconds` of dialling time between it and this instant.
    #[inline(never)]
    pub(crate) fn dialling_start(self, instant: i64, seconds: i64) -> i64 {
        let mut left = seconds;
        let mut day = shanghai_day(instant);
        let mut limit = shanghai_seconds(instant);
        loop {
            for (from, to) in self.intervals().rev() {
                let open = (to.min(limit) - from).max(0);
                if open >= left && open > 0 {
                    return shanghai_midnight(day) + to.min(limit) - left;
                }
                left -= open;
            }
            day -= 1;
            limit = DAY;
        }
    }
}

/// 任务状态, as the vendor numbers it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum JobStatus {
    NotStarted = 0,
    Running = 1,
    Completed = 2,
    Scheduling = 3,
    PausedByUser = 4,
    PausedBySystem = 5,
    Terminated = 6,
    Queued = 7,
    AiExpired = 8,
    LineInArrears = 9,
    SmsInArrears = 10,
}

/// Planned statuses of a task with their instants, oldest first. A task dials only while `Running`. `Completed` is
/// never planned: a task completes when its list is exhausted.
#[derive(Clone, Debug, Default)]
pub(crate) struct Plan(pub Vec<(i64, JobStatus)>);

impl Plan {
    pub(crate) fn status_at(&self, instant: i64) -> JobStatus {
        let reached = self.0.iter().rev().find(|(from, _)| *from <= instant);
        reached.map_or(JobStatus::NotStarted, |(_, status)| *status)
    }

    /// The first instant at or after this one at which the task may dial; `None` if it never dials again.
    pub(crate) fn next_dial(&self, hours: Hours, instant: i64) -> Option<i64> {
        let mut at = instant;
        loop {
            if self.status_at(at) != JobStatus::Running {
                at = self
                    .0
                    .iter()
                    .find(|(from, status)| *from > at && *status == JobStatus::Running)?
                    .0;
            }
            let open = hours.next_open(at);
            if self.status_at(open) == JobStatus::Running {
                return Some(open);
            }
            at = open;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const NINE_TO_NINE: Hours =
        Hours { starts: 9 * 3600, ends: 21 * 3600, break_time: Some((12 * 3600, 14 * 3600)) };
    /// 2024-03-15 00:00 in Shanghai.
    const MIDNIGHT: i64 = 1_710_432_000;

    #[test]
    fn the_next_dialling_time_skips_the_break_and_the_night() {
        let open = |second: i64| NINE_TO_NINE.next_open(MIDNIGHT + second) - MIDNIGHT;
        assert_eq!(open(0), 9 * 3600);
        assert_eq!(open(10 * 3600), 10 * 3600);
        assert_eq!(open(12 * 3600 - 60), 14 * 3600);
        assert_eq!(open(21 * 3600 - 61), 21 * 3600 - 61);
        assert_eq!(open(21 * 3600 - 60), DAY + 9 * 3600);
    }

    #[test]
    fn a_task_dials_only_when_it_is_running_and_within_the_window() {
        let plan = Plan(vec![
            (MIDNIGHT + 10 * 3600, JobStatus::Running),
            (MIDNIGHT + 11 * 3600, JobStatus::PausedByUser),
            (MIDNIGHT + 13 * 3600, JobStatus::Running),
            (MIDNIGHT + 15 * 3600, JobStatus::Terminated),
        ]);
        let next = |second: i64| {
            plan.next_dial(NINE_TO_NINE, MIDNIGHT + second).map(|instant| instant - MIDNIGHT)
        };
        assert_eq!(next(0), Some(10 * 3600));
        assert_eq!(next(11 * 3600), Some(14 * 3600));
        assert_eq!(next(15 * 3600 - 1), Some(15 * 3600 - 1));
        assert_eq!(next(15 * 3600), None);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]
        #[test]
        fn going_back_counts_only_dialling_time(second in 0..DAY, seconds in 0_i64..200_000) {
            let from = NINE_TO_NINE.dialling_start(MIDNIGHT + second, seconds);
            let dialling = (from..MIDNIGHT + second)
                .filter(|instant| NINE_TO_NINE.next_open(*instant) == *instant)
                .count();
            prop_assert_eq!(i64::try_from(dialling).unwrap(), seconds);
        }
    }
}
