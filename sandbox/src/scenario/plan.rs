//! The tasks of the companies of a scenario: day by day by the weekday's volume, and one for each part that needs a task
//! of its own. Not here: what the parts change in calls (`conditions.rs`).

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::company::Company;
use super::conditions::Conditions;
use super::truth::Truth;
use super::{Scenario, permille};
use crate::calendar::{date, date_time, shanghai_day, shanghai_midnight};
use crate::dialler::{Dialler, DiallerConfig};
use crate::initial_tasks::REMARKS;
use crate::options::Options;
use crate::rng::{Rng, Stream};
use crate::schedule::{Hours, JobStatus as Job, Plan};
use crate::task::Task;

/// Days after the current one for which there are tasks, which the clock can reach.
const FUTURE: i64 = 14;
/// Volume of a weekday, Monday first, in thousandths of the average.
const VOLUME: [u32; 7] = [1250, 1200, 1150, 1150, 1100, 750, 400];
/// Number of tasks that start on a weekday, Monday first.
const TASKS: [u32; 7] = [2, 2, 2, 2, 2, 1, 1];
/// Hours of a task that dials when it should not.
const AFTER_HOURS: Hours = Hours { starts: 8 * 3600, ends: 21 * 3600 + 1800, break_time: None };

/// Estimated seconds of a call, from dialling to the end of its analysis.
const CALL_SECONDS: i64 = 38;
/// Estimated calls per thousand numbers, by the number of redials.
const CALLS: [i64; 3] = [1000, 1180, 1240];

/// A part's own task has one of so many shares of a day's volume.
const SHARES: u32 = 6;
/// Days that the longest task has run for.
const LONGEST: u32 = 21;
/// Numbers of the shortest list.
const MIN_NUMBERS: u32 = 20;

const REGIONS: [&str; 4] = ["华东大区", "华南大区", "杭州分公司", "上海分公司"];
const LISTS: [&str; 4] = [
    "第一批次·含上季度未接通名单",
    "存量客户分层A档·重点客户优先",
    "市场部线上活动留资名单",
    "二次触达·排除近三十天已接通",
];

/// Statuses of a task that the system stops.
const STOPPED: [Job; 4] =
    [Job::PausedBySystem, Job::AiExpired, Job::LineInArrears, Job::SmsInArrears];
/// Numbers on black lists in a list with many of them, in thousandths.
const BLOCKED: u32 = 90;

/// Which part of the scenario a task belongs to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    Usual,
    BadList,
    BlockedList,
    Stopped(Job, i64),
    Silent(i64),
    AfterHours,
}

/// A task before it has an id.
struct Draft {
    company_id: u64,
    role: Role,
    name: String,
    remark: &'static str,
    scheduled: bool,
    deleted: bool,
    created: i64,
    started: i64,
    numbers: u32,
    script: usize,
    conditions: Conditions,
    config: DiallerConfig,
}

/// The tasks of all companies in the order of their creation, those of the future included, and what is hidden in each
/// company.
pub(crate) fn tasks(options: &Options, scenario: &Scenario) -> (Vec<Task>, Vec<Truth>) {
    let mut drafts = Vec::new();
    let mut truths = Vec::new();
    for id in &options.companies {
        if truths.iter().any(|truth: &Truth| truth.company_id == *id) {
            continue;
        }
        let company = Company::new(options, scenario, *id);
        company.plan(&mut drafts);
        truths.push(company.truth);
    }
    let mut order: BinaryHeap<_> =
        drafts.iter().zip(0_u32..).map(|(draft, at)| Reverse((draft.created, at))).collect();
    let mut drafts: Vec<_> = drafts.into_iter().map(Some).collect();
    let now = options.now_ms.div_euclid(1000);
    let mut draw = Rng::new(options.seed, Stream::Scenario, 0, 1);
    let (mut call_job_id, mut next_call) = (FIRST_CALL_JOB, FIRST_CALL_INSTANCE);
    let mut tasks = Vec::with_capacity(drafts.len());
    while let Some(Reverse((_, at))) = order.pop() {
        let Some(draft) = drafts.get_mut(at as usize).and_then(Option::take) else { continue };
        call_job_id += u64::from(draw.between(1, 6));
        let first_call_instance_id = next_call + u64::from(draw.between(1, 500));
        next_call = first_call_instance_id + u64::from(draft.numbers);
        if let Some(truth) = truths.iter_mut().find(|truth| truth.company_id == draft.company_id) {
            draft.role.reveal(call_job_id, truth);
        }
        tasks.push(draft.task(call_job_id, first_call_instance_id, now));
    }
    (tasks, truths)
}

const FIRST_CALL_INSTANCE: u64 = 70_258_000_000;
const FIRST_CALL_JOB: u64 = 81_500;

impl Role {
    fn reveal(self, call_job_id: u64, truth: &mut Truth) {
        let task = ("callJobId", call_job_id.into());
        let since = |since: i64| ("since", date_time(since).into());
        match self {
            Self::Usual => {}
            Self::BadList => truth.say("badList", vec![task]),
            Self::BlockedList => truth.say("blockedList", vec![task]),
            Self::AfterHours => truth.say("afterHours", vec![task]),
            Self::Silent(instant) => truth.say("silent", vec![task, since(instant)]),
            Self::Stopped(status, instant) => {
                let status = ("status", (status as u8).into());
                truth.say("stopped", vec![task, status, since(instant)]);
            }
        }
    }
}

impl Draft {
    fn task(self, call_job_id: u64, first_call_instance_id: u64, now: i64) -> Task {
        let mut dialler = Dialler::new(self.numbers, self.config.channels);
        let conditions = Some(self.conditions);
        let config = DiallerConfig { first_call_instance_id, conditions, ..self.config };
        dialler.run_until(&config, now);
        Task {
            call_job_id,
            company_id: self.company_id,
            name: self.name,
            scheduled: self.scheduled,
            created: self.created,
            start_day: shanghai_day(self.started),
            remark: self.remark,
            deleted: self.deleted,
            script_id: self.script as u64 + 1,
            config,
            dialler,
        }
    }
}

/// When a task dials, and how much.
struct Course {
    hours: Hours,
    started: i64,
    /// Changes of the status after the start.
    changes: Vec<(i64, Job)>,
    numbers: u32,
    /// Seconds of dialling in which the list should be exhausted.
    seconds: i64,
}

impl Company<'_> {
    fn draw(&self, what: u64) -> Rng {
        Rng::new(self.seed, Stream::Scenario, self.id, what)
    }

    fn plan(&self, drafts: &mut Vec<Draft>) {
        for day in self.today - i64::from(self.scenario.days)..=self.today + FUTURE {
            let weekday = usize::try_from((day + 3).rem_euclid(7)).unwrap_or_default();
            let mut draw = self.draw(u64::try_from(day - self.today + 1000).unwrap_or(0));
            let volume = VOLUME.get(weekday).copied().unwrap_or(1000) * draw.between(930, 1070);
            let volume = volume / 1000 * (SHARES - self.shares(day)) / SHARES;
            let first = draw.between(420, 580);
            let shares = match TASKS.get(weekday) {
                Some(2) => &[first, 1000 - first][..],
                _ => &[1000],
            };
            for (nth, share) in (0..).zip(shares) {
                let numbers = self.calls(u64::from(volume) * u64::from(*share));
                drafts.push(self.usual(&mut draw, day, nth, numbers));
            }
        }
        if self.scenario.unfinished {
            self.unfinished(drafts);
        }
        self.parts(drafts);
    }

    /// Shares of a day's volume that belong to the tasks of parts.
    fn shares(&self, day: i64) -> u32 {
        let parts = self.scenario;
        let yesterday = [
            parts.bad_list.is_some(),
            parts.blocked_list,
            parts.stopped,
            parts.silent,
            parts.after_hours,
        ];
        let ago = self.today - day;
        let yesterday = yesterday.into_iter().filter(|part| *part && ago == 1).count();
        let running = parts.unfinished && (-2..=self.longest()).contains(&ago);
        u32::try_from(yesterday).unwrap_or(0) + u32::from(running)
    }

    /// Days since the task began that runs for the longest time.
    fn longest(&self) -> i64 {
        i64::from(self.scenario.days.min(LONGEST))
    }

    /// A number of calls, in millionths of an average day.
    fn calls(&self, millionths: u64) -> u32 {
        let calls = u64::from(self.scenario.calls_per_day) * millionths / 1_000_000;
        u32::try_from(calls).unwrap_or(u32::MAX).max(MIN_NUMBERS)
    }

    /// The n-th task of a day.
    fn usual(&self, draw: &mut Rng, day: i64, nth: i64, numbers: u32) -> Draft {
        let open = shanghai_midnight(day) + self.hours.starts;
        let scheduled = draw.chance(550);
        let late = if scheduled { 0 } else { i64::from(draw.between(120, 2400)) };
        let started = open + late;
        let mut seconds = Self::part_of_day(draw, self.hours) - late;
        let mut changes = Vec::new();
        if self.scenario.unfinished {
            if draw.chance(200) {
                seconds = seconds * 3 / 2;
            }
            if draw.chance(200) {
                let pause = started + i64::from(draw.between(2 * 3600, 7 * 3600));
                let until = pause + i64::from(draw.between(2400, 5400));
                changes = vec![(pause, Job::PausedByUser), (until, Job::Running)];
            }
        }
        let course = Course { hours: self.hours, started, changes, numbers, seconds };
        self.draft(draw, course, self.script_of(day, nth), Role::Usual, scheduled)
    }

    /// Most of a day's seconds of dialling.
    fn part_of_day(draw: &mut Rng, hours: Hours) -> i64 {
        Self::dialling_seconds(hours) * i64::from(draw.between(820, 940)) / 1000
    }

    /// A task that has dialled for so many seconds until the instant `until`.
    fn earlier(&self, until: i64, dialled: i64, of: i64, numbers: u32) -> Course {
        let started = self.hours.dialling_start(until, dialled);
        Course { hours: self.hours, started, changes: Vec::new(), numbers, seconds: of }
    }

    /// One that has run for weeks, one paused by hand, one terminated, two deleted.
    fn unfinished(&self, drafts: &mut Vec<Draft>) {
        let window = Self::dialling_seconds(self.hours);
        let mut draw = self.draw(1);
        let passed = self.longest() * window * i64::from(draw.between(850, 950)) / 1000;
        let numbers = self.calls(u64::from(self.scenario.days.min(LONGEST)) * 170_000);
        let course = self.earlier(self.now, passed, passed * 4 / 3, numbers);
        drafts.push(self.draft(
            &mut draw,
            course,
            self.script_of(self.today, 2),
            Role::Usual,
            false,
        ));
        for (days_ago, status, deleted) in [
            (2, Job::PausedByUser, false),
            (6, Job::Terminated, false),
            (9, Job::Terminated, true),
            (12, Job::Running, true),
        ] {
            let day = self.today - days_ago;
            let until = shanghai_midnight(day) + 17 * 3600;
            let numbers = self.calls(u64::from(draw.between(160_000, 240_000)));
            let passed = window * i64::from(draw.between(300, 600)) / 1000;
            let mut course = self.earlier(until, passed, window * 4 / 5, numbers);
            course.changes.push((until, status));
            let script = self.script_of(day, 1);
            let draft = self.draft(&mut draw, course, script, Role::Usual, false);
            drafts.push(Draft { deleted, ..draft });
        }
    }

    /// The tasks of the parts that need one of their own.
    fn parts(&self, drafts: &mut Vec<Draft>) {
        let parts = self.scenario;
        let window = Self::dialling_seconds(self.hours);
        let numbers = self.calls(1_000_000 / u64::from(SHARES));
        let day = self.today - 1;
        let yesterday = |draw: &mut Rng, hours: Hours, days: i64| Course {
            hours,
            started: shanghai_midnight(day) + hours.starts,
            changes: Vec::new(),
            numbers,
            seconds: Self::part_of_day(draw, hours) * days,
        };
        if let Some(list) = parts.bad_list {
            let mut draw = self.draw(2);
            let course = yesterday(&mut draw, self.hours, 1);
            let script = self.script_of(day, 1);
            let mut draft = self.draft(&mut draw, course, script, Role::BadList, true);
            draft.conditions.invalid = permille(list.invalid);
            drafts.push(draft);
        }
        if parts.blocked_list {
            let mut draw = self.draw(3);
            let course = yesterday(&mut draw, self.hours, 1);
            let script = self.script_of(day, 2);
            let mut draft = self.draft(&mut draw, course, script, Role::BlockedList, true);
            draft.conditions.blocked = BLOCKED;
            drafts.push(draft);
        }
        if parts.stopped {
            let mut draw = self.draw(4);
            let status = draw.pick(&STOPPED.map(Some)).unwrap_or(Job::LineInArrears);
            let since = self.hours.dialling_start(self.now, i64::from(draw.between(1500, 9000)));
            let passed = window * i64::from(draw.between(300, 600)) / 1000;
            let mut course = self.earlier(since, passed, window, numbers);
            course.changes.push((since, status));
            let (script, role) = (self.script_of(day, 0), Role::Stopped(status, since));
            drafts.push(self.draft(&mut draw, course, script, role, false));
        }
        if parts.silent {
            let mut draw = self.draw(5);
            let since = self.hours.dialling_start(self.now, i64::from(draw.between(1800, 3600)));
            let passed = window * i64::from(draw.between(300, 600)) / 1000;
            let course = self.earlier(since, passed, window, numbers);
            let script = self.script_of(day, 1);
            let mut draft = self.draft(&mut draw, course, script, Role::Silent(since), false);
            draft.conditions.silent_from = since;
            drafts.push(draft);
        }
        if parts.after_hours {
            let mut draw = self.draw(6);
            let course = Course { numbers: numbers * 2, ..yesterday(&mut draw, AFTER_HOURS, 3) };
            let script = self.script_of(day, 2);
            drafts.push(self.draft(&mut draw, course, script, Role::AfterHours, true));
        }
    }

    /// `script` is a position in `SCRIPTS`.
    fn draft(
        &self,
        draw: &mut Rng,
        course: Course,
        script: usize,
        role: Role,
        scheduled: bool,
    ) -> Draft {
        let Course { hours, started, changes, numbers, seconds } = course;
        let lines = u32::try_from(self.lines.len()).unwrap_or(1).max(1);
        // As many channels as the list needs, the same number for each line. They wait after each call, so that the
        // list takes its time.
        let redials = draw.weighted(&[(0, 1), (1, 2), (2, 1)]);
        let calls = i64::from(numbers) * CALLS.get(redials as usize).unwrap_or(&1000) / 1000;
        let busy = calls * CALL_SECONDS / seconds.max(1) / i64::from(lines);
        let channels = lines * u32::try_from(busy + 1).unwrap_or(u32::MAX / 8);
        let rest = (i64::from(channels) * seconds / calls - CALL_SECONDS).max(0);
        let offset = draw.below(u32::MAX);
        let mut conditions = self.conditions(script, offset);
        conditions.rest = rest;
        let mut plan = vec![(started, Job::Running)];
        plan.extend(changes);
        let created = if scheduled {
            shanghai_midnight(shanghai_day(started) - 1) + 15 * 3600 + i64::from(draw.below(7200))
        } else {
            started - i64::from(draw.between(300, 1500))
        };
        Draft {
            company_id: self.id,
            role,
            name: name(draw, Self::script(script).job_names, created),
            remark: draw.pick(&REMARKS),
            scheduled,
            deleted: false,
            created,
            started,
            numbers,
            script,
            conditions,
            config: DiallerConfig {
                seed: self.seed,
                script: Self::script(script),
                hours,
                plan: Plan(plan),
                lines: self.lines.clone(),
                channels,
                redials,
                redial_after_minutes: 10,
                first_call_instance_id: 0,
                conditions: None,
            },
        }
    }
}

/// One name in three is long.
fn name(draw: &mut Rng, names: &[&str], created: i64) -> String {
    let name = draw.pick(names);
    let day = date(shanghai_day(created));
    let (region, list) = (draw.pick(&REGIONS), draw.pick(&LISTS));
    if draw.chance(340) {
        return format!("{region}{name}（{list}）{day}");
    }
    format!("{name}{day}")
}
