//! The tasks of the companies at the start of the clock. Not here: calls (`dialler.rs`), which
//! the dialler simulates from the start of a task until now.

use crate::calendar::{DAY, date, shanghai_day, shanghai_midnight};
use crate::dialler::{Dialler, DiallerConfig};
use crate::options::Options;
use crate::people::LINES;
use crate::rng::{Rng, Stream};
use crate::schedule::{Hours, JobStatus, Plan};
use crate::script::SCRIPTS;
use crate::task::Task;

use JobStatus as Job;

/// Status of the n-th task; the list repeats. The first eleven are all different, the most useful statuses first.
const STATUSES: [JobStatus; 24] = [
    Job::Running,
    Job::Completed,
    Job::NotStarted,
    Job::PausedByUser,
    Job::Scheduling,
    Job::Queued,
    Job::PausedBySystem,
    Job::Terminated,
    Job::AiExpired,
    Job::LineInArrears,
    Job::SmsInArrears,
    Job::Completed,
    Job::Running,
    Job::Completed,
    Job::Completed,
    Job::PausedByUser,
    Job::Completed,
    Job::NotStarted,
    Job::Completed,
    Job::Running,
    Job::Completed,
    Job::Terminated,
    Job::Completed,
    Job::Completed,
];

const HOURS: [Hours; 4] = [
    Hours { starts: 9 * 3600, ends: 21 * 3600, break_time: None },
    Hours { starts: 9 * 3600, ends: 20 * 3600, break_time: Some((12 * 3600, 14 * 3600)) },
    Hours {
        starts: 8 * 3600 + 1800,
        ends: 21 * 3600,
        break_time: Some((12 * 3600, 13 * 3600 + 1800)),
    },
    Hours { starts: 8 * 3600, ends: 22 * 3600, break_time: Some((12 * 3600, 14 * 3600)) },
];
/// Hours of the first task. It dials day and night, so calls end at every hour at which the clock can start.
const ROUND_THE_CLOCK: Hours = Hours { starts: 0, ends: DAY - 1, break_time: None };

pub(crate) const REMARKS: [&str; 6] =
    ["", "", "", "重点客户，优先拨打", "市场部导入名单", "二次触达"];

/// Greater than 2³¹, like the vendor's ids.
const FIRST_CALL_INSTANCE: u64 = 5_402_000_000;
const FIRST_CALL_JOB: u64 = 21_700;
/// Estimated seconds of a channel per number, redials included; only used to choose the starts of tasks.
const SECONDS_PER_NUMBER: u32 = 50;

/// The tasks at the start of the clock, ordered by `callJobId`, which is also the order of their call instances.
pub(crate) fn initial_tasks(options: &Options) -> Vec<Task> {
    let mut specs: Vec<TaskSpec> = (0..options.tasks)
        .map(|position| TaskSpec::new(options, position, false))
        .chain((0..options.tasks / 8).map(|position| TaskSpec::new(options, position, true)))
        .collect();
    // The sort is stable: among tasks of the same age, the first task is the newest.
    specs.reverse();
    specs.sort_by_key(|spec| std::cmp::Reverse(spec.days_ago));
    let mut call_job_id = FIRST_CALL_JOB;
    let mut first_call_instance_id = FIRST_CALL_INSTANCE;
    let task = |mut spec: TaskSpec| {
        let numbers = u64::from(spec.numbers);
        call_job_id += u64::from(spec.draw.between(1, 6));
        first_call_instance_id += u64::from(spec.draw.between(1, 5000));
        let task = spec.task(options, call_job_id, first_call_instance_id);
        first_call_instance_id += numbers;
        task
    };
    specs.into_iter().map(task).collect()
}

/// Parameters of a task before the simulation of its calls.
struct TaskSpec {
    draw: Rng,
    position: u32,
    deleted: bool,
    status: JobStatus,
    numbers: u32,
    days_ago: u32,
}

impl TaskSpec {
    fn new(options: &Options, position: u32, deleted: bool) -> Self {
        let mut draw =
            Rng::new(options.seed, Stream::Plan, u64::from(position), u64::from(deleted));
        let status = if deleted {
            draw.pick(&[Some(Job::Completed), Some(Job::Terminated)]).unwrap_or(Job::Completed)
        } else {
            STATUSES.get(position as usize % STATUSES.len()).copied().unwrap_or(Job::Running)
        };
        let (least, most) = draw.weighted(&[((200, 450), 4), ((450, 1000), 4), ((1000, 2000), 2)]);
        let spread = draw.between(least, most);
        let days_ago = match status {
            Job::NotStarted
            | Job::Running
            | Job::Scheduling
            | Job::Queued
            | Job::PausedBySystem => 0,
            Job::PausedByUser => draw.between(1, 6),
            Job::Completed if !deleted => draw.between(1, 40),
            _ => draw.between(4, 60),
        };
        let numbers = options.calls_per_task.unwrap_or(spread);
        Self { draw, position, deleted, status, numbers, days_ago }
    }

    fn task(mut self, options: &Options, call_job_id: u64, first_call_instance_id: u64) -> Task {
        let now = options.now_ms.div_euclid(1000);
        let draw = &mut self.draw;
        let round_the_clock = self.position == 0 && !self.deleted;
        let hours = if round_the_clock { None } else { draw.pick(&HOURS.map(Some)) };
        let script_position = self.position as usize % SCRIPTS.len();
        let script = SCRIPTS.get(script_position).copied().unwrap_or(SCRIPTS[0]);
        let first_line = draw.below(6) as usize;
        let lines = draw.weighted(&[(1, 1), (2, 3), (3, 2)]);
        let mut config = DiallerConfig {
            seed: options.seed,
            script,
            hours: hours.unwrap_or(ROUND_THE_CLOCK),
            plan: Plan::default(),
            lines: (first_line..first_line + lines).map(|line| line % LINES.len()).collect(),
            channels: channels(self.numbers, if round_the_clock { 3 } else { draw.between(2, 9) }),
            redials: draw.weighted(&[(0, 2), (1, 3), (2, 3), (3, 1)]),
            redial_after_minutes: draw.pick(&[10, 15, 30, 60]),
            first_call_instance_id,
            conditions: None,
        };
        let scheduled = draw.chance(600);
        let opening_offset = i64::from(draw.below(9 * 3600));
        let share = draw.between(250, 750);
        let created_before = i64::from(draw.between(600, 7200));
        let name = draw.pick(script.job_names);
        let remark = draw.pick(&REMARKS);

        // A plan is an estimate. It is made again, with half the dialling time or twice the age, until the task has its
        // status. After the last halving no number has been dialled, or every call has ended.
        let dialling_seconds = i64::from(self.numbers / config.channels * SECONDS_PER_NUMBER);
        let dialling_seconds = dialling_seconds * i64::from(share) / 1000;
        let timing =
            Timing { now, hours: config.hours, scheduled, opening_offset, dialling_seconds };
        let mut halvings = 0;
        let (started, dialler) = loop {
            let started;
            (started, config.plan) = self.plan(&timing, halvings);
            let mut dialler = Dialler::new(self.numbers, config.channels);
            dialler.run_until(&config, now);
            if dialler.exhausted() == (self.status == Job::Completed) || halvings == MAX_HALVINGS {
                break (started, dialler);
            }
            halvings += 1;
        };
        let created = started.min(now) - created_before;
        Task {
            call_job_id,
            company_id: self.company(&options.companies),
            name: format!("{name}{}", date(shanghai_day(created))),
            scheduled,
            created,
            start_day: shanghai_day(started),
            remark,
            deleted: self.deleted,
            script_id: script_position as u64 + 1,
            config,
            dialler,
        }
    }

    /// Tasks are assigned to companies in turn. Otherwise tasks do not depend on the companies.
    fn company(&self, companies: &[u64]) -> u64 {
        let turn = self.position as usize % companies.len().max(1);
        companies.get(turn).copied().unwrap_or_default()
    }

    /// The start of the task, and its plan.
    fn plan(&self, timing: &Timing, halvings: u32) -> (i64, Plan) {
        let &Timing { now, hours, scheduled, opening_offset, dialling_seconds } = timing;
        let window = |day: i64| shanghai_midnight(day) + hours.starts;
        let today = shanghai_day(now);
        let dialling_seconds = dialling_seconds >> halvings;
        let stopped_at = |instant: i64| {
            let started = hours.dialling_start(instant, dialling_seconds);
            (started, vec![(started, Job::Running), (instant, self.status)])
        };
        let (started, plan) = match self.status {
            Job::NotStarted if scheduled => {
                (window(today + 1), vec![(window(today + 1), Job::Running)])
            }
            Job::NotStarted => (now, Vec::new()),
            Job::Scheduling => (now, vec![(now - 40, Job::Scheduling), (now + 600, Job::Running)]),
            Job::Queued => (now, vec![(now - 400, Job::Queued), (now + 1500, Job::Running)]),
            Job::Running => {
                let started = hours.dialling_start(now, dialling_seconds);
                (started, vec![(started, Job::Running)])
            }
            Job::Completed => {
                let started =
                    window(today - (i64::from(self.days_ago) << halvings)) + opening_offset;
                (started, vec![(started, Job::Running)])
            }
            Job::PausedBySystem => {
                let (started, mut plan) = stopped_at(now - 2100);
                plan.push((now + 5100, Job::Running));
                (started, plan)
            }
            _ => stopped_at(window(today - i64::from(self.days_ago)) + 3600 + opening_offset),
        };
        (started, Plan(plan))
    }
}

struct Timing {
    now: i64,
    hours: Hours,
    scheduled: bool,
    /// Seconds from the start of the day's window to a manual action.
    opening_offset: i64,
    /// Estimated seconds of dialling until the task has its progress.
    dialling_seconds: i64,
}

/// Number of channels with which the list takes about `hours` hours.
fn channels(numbers: u32, hours: u32) -> u32 {
    (numbers * SECONDS_PER_NUMBER / (hours * 3600)).clamp(2, 2000)
}

/// After this many halvings of the dialling time, or doublings of the age, further ones have no effect.
const MAX_HALVINGS: u32 = 20;
