//! The tasks of the companies at the start of the clock. Not here: calls. A task with finished calls is one that the
//! dialler has simulated until now.

use crate::Options;
use crate::calendar::{DAY, date, shanghai_day, shanghai_midnight};
use crate::dialler::{Call, Dialler, Terms};
use crate::people::LINES;
use crate::rng::{Rng, Stream};
use crate::schedule::{Hours, JobStatus, Plan};
use crate::script::SCRIPTS;
use crate::task::Task;

use JobStatus as Job;

/// What status the n-th task is in; from the end on, again from the start. Every status within the
/// first eleven, those one wants to see first coming first.
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
    Hours { starts: 9 * 3600, ends: 21 * 3600, rest: None },
    Hours { starts: 9 * 3600, ends: 20 * 3600, rest: Some((12 * 3600, 14 * 3600)) },
    Hours { starts: 8 * 3600 + 1800, ends: 21 * 3600, rest: Some((12 * 3600, 13 * 3600 + 1800)) },
    Hours { starts: 8 * 3600, ends: 22 * 3600, rest: Some((12 * 3600, 14 * 3600)) },
];
/// The first task never sleeps, so that something moves at whatever hour the clock starts.
const ROUND_THE_CLOCK: Hours = Hours { starts: 0, ends: DAY - 1, rest: None };

const REMARKS: [&str; 6] = ["", "", "", "重点客户，优先拨打", "市场部导入名单", "二次触达"];

/// Beyond 2³¹, as the vendor's are.
const FIRST_CALL_INSTANCE: u64 = 5_402_000_000;
const FIRST_CALL_JOB: u64 = 21_700;
/// What a number takes of a channel, redials included, in seconds; only to choose sensible starts.
const SECONDS_PER_NUMBER: u32 = 50;

pub(crate) struct SimulationState {
    /// By `callJobId`, which is also the order of their call instances.
    pub tasks: Vec<Task>,
}

impl SimulationState {
    pub(crate) fn new(options: &Options) -> Self {
        let mut recipes: Vec<Recipe> = (0..options.tasks)
            .map(|place| Recipe::new(options, place, false))
            .chain((0..options.tasks / 8).map(|place| Recipe::new(options, place, true)))
            .collect();
        // Stable: of the same age, the first task is the newest.
        recipes.reverse();
        recipes.sort_by_key(|recipe| std::cmp::Reverse(recipe.days_ago));
        let mut call_job_id = FIRST_CALL_JOB;
        let mut first_call_instance_id = FIRST_CALL_INSTANCE;
        let tasks = recipes.into_iter().map(|mut recipe| {
            let numbers = u64::from(recipe.numbers);
            call_job_id += u64::from(recipe.draw.between(1, 6));
            first_call_instance_id += u64::from(recipe.draw.between(1, 5000));
            let task = recipe.task(options, call_job_id, first_call_instance_id);
            first_call_instance_id += numbers;
            task
        });
        Self { tasks: tasks.collect() }
    }

    pub(crate) fn run_until(&mut self, now: i64) {
        for task in &mut self.tasks {
            task.dialler.run_until(&task.terms, now);
        }
    }

    pub(crate) fn task(&self, call_job_id: u64) -> Option<&Task> {
        let place = self.tasks.binary_search_by_key(&call_job_id, |task| task.call_job_id);
        place.ok().and_then(|place| self.tasks.get(place))
    }

    pub(crate) fn call(&self, call_instance_id: u64) -> Option<(&Task, u32, &Call)> {
        let after = self
            .tasks
            .partition_point(|task| task.terms.first_call_instance_id <= call_instance_id);
        let task = self.tasks.get(after.checked_sub(1)?)?;
        let (place, call) = task.call(call_instance_id)?;
        Some((task, place, call))
    }
}

/// What is decided of a task before anything happens to it.
struct Recipe {
    draw: Rng,
    place: u32,
    deleted: bool,
    status: JobStatus,
    numbers: u32,
    days_ago: u32,
}

impl Recipe {
    fn new(options: &Options, place: u32, deleted: bool) -> Self {
        let mut draw = Rng::new(options.seed, Stream::Plan, u64::from(place), u64::from(deleted));
        let status = if deleted {
            draw.pick(&[Some(Job::Completed), Some(Job::Terminated)]).unwrap_or(Job::Completed)
        } else {
            STATUSES.get(place as usize % STATUSES.len()).copied().unwrap_or(Job::Running)
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
        Self { draw, place, deleted, status, numbers, days_ago }
    }

    fn task(mut self, options: &Options, call_job_id: u64, first_call_instance_id: u64) -> Task {
        let now = options.now_ms.div_euclid(1000);
        let draw = &mut self.draw;
        let sleepless = self.place == 0 && !self.deleted;
        let hours = if sleepless { None } else { draw.pick(&HOURS.map(Some)) };
        let script_place = self.place as usize % SCRIPTS.len();
        let script = SCRIPTS.get(script_place).copied().unwrap_or(SCRIPTS[0]);
        let first_line = draw.below(6) as usize;
        let lines = draw.weighted(&[(1, 1), (2, 3), (3, 2)]);
        let mut terms = Terms {
            seed: options.seed,
            script,
            hours: hours.unwrap_or(ROUND_THE_CLOCK),
            plan: Plan::default(),
            lines: (first_line..first_line + lines).map(|line| line % LINES.len()).collect(),
            channels: channels(self.numbers, if sleepless { 3 } else { draw.between(2, 9) }),
            redials: draw.weighted(&[(0, 2), (1, 3), (2, 3), (3, 1)]),
            redial_after_minutes: draw.pick(&[10, 15, 30, 60]),
            first_call_instance_id,
        };
        let scheduled = draw.chance(600);
        let opening = i64::from(draw.below(9 * 3600));
        let share = draw.between(250, 750);
        let created_before = i64::from(draw.between(600, 7200));
        let name = draw.pick(script.job_names);
        let remark = draw.pick(&REMARKS);

        // A plan is an estimate; it is made again, ever more cautiously, until it leads where it
        // should. At the end of caution nothing has been dialled, or all of it long ago.
        let effort = i64::from(self.numbers / terms.channels * SECONDS_PER_NUMBER);
        let effort = effort * i64::from(share) / 1000;
        let timing = Timing { now, hours: terms.hours, scheduled, opening, effort };
        let mut caution = 0;
        let (started, dialler) = loop {
            let started;
            (started, terms.plan) = self.plan(&timing, caution);
            let mut dialler = Dialler::new(self.numbers, terms.channels);
            dialler.run_until(&terms, now);
            if dialler.exhausted() == (self.status == Job::Completed) || caution == CAUTION {
                break (started, dialler);
            }
            caution += 1;
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
            script_id: script_place as u64 + 1,
            terms,
            dialler,
        }
    }

    /// Tasks are dealt out in turn. The world is the same for any number of companies.
    fn company(&self, companies: &[u64]) -> u64 {
        let turn = self.place as usize % companies.len().max(1);
        companies.get(turn).copied().unwrap_or_default()
    }

    /// When the task starts, and what is to happen to it.
    fn plan(&self, timing: &Timing, caution: u32) -> (i64, Plan) {
        let &Timing { now, hours, scheduled, opening, effort } = timing;
        let window = |day: i64| shanghai_midnight(day) + hours.starts;
        let today = shanghai_day(now);
        let effort = effort >> caution;
        let stopped_at = |instant: i64| {
            let started = hours.before(instant, effort);
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
                let started = hours.before(now, effort);
                (started, vec![(started, Job::Running)])
            }
            Job::Completed => {
                let started = window(today - (i64::from(self.days_ago) << caution)) + opening;
                (started, vec![(started, Job::Running)])
            }
            Job::PausedBySystem => {
                let (started, mut plan) = stopped_at(now - 2100);
                plan.push((now + 5100, Job::Running));
                (started, plan)
            }
            _ => stopped_at(window(today - i64::from(self.days_ago)) + 3600 + opening),
        };
        (started, Plan(plan))
    }
}

struct Timing {
    now: i64,
    hours: Hours,
    scheduled: bool,
    /// How far into the day's window something is done by hand, in seconds.
    opening: i64,
    /// How many seconds of dialling it should take to come as far as the task should be.
    effort: i64,
}

/// So many that the list takes about so many hours.
fn channels(numbers: u32, hours: u32) -> u32 {
    (numbers * SECONDS_PER_NUMBER / (hours * 3600)).clamp(2, 2000)
}

/// Halving any effort, or doubling any time, more often than this changes nothing more.
const CAUTION: u32 = 20;
