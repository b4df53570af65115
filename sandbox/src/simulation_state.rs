//! The tasks of the companies at one moment: found by id, moved on by the clock. Not here: the tasks at the start of the
//! clock (`initial_tasks.rs`).

use std::collections::VecDeque;

use crate::dialler::Call;
use crate::task::Task;

pub(crate) struct SimulationState {
    /// Ordered by `callJobId`, which is also the order of their call instances.
    pub tasks: Vec<Task>,
    /// Tasks of a scenario that have not been created yet, in the same order.
    pub upcoming: VecDeque<Task>,
}

impl SimulationState {
    /// `tasks` are ordered by their creation.
    pub(crate) fn new(mut tasks: Vec<Task>, now: i64) -> Self {
        let created = tasks.partition_point(|task| task.created <= now);
        let upcoming = tasks.split_off(created).into();
        Self { tasks, upcoming }
    }

    pub(crate) fn run_until(&mut self, now: i64) {
        while self.upcoming.front().is_some_and(|task| task.created <= now) {
            self.tasks.extend(self.upcoming.pop_front());
        }
        for task in &mut self.tasks {
            task.dialler.run_until(&task.config, now);
        }
    }

    pub(crate) fn task(&self, call_job_id: u64) -> Option<&Task> {
        let position = self.tasks.binary_search_by_key(&call_job_id, |task| task.call_job_id);
        position.ok().and_then(|position| self.tasks.get(position))
    }

    pub(crate) fn call(&self, call_instance_id: u64) -> Option<(&Task, u32, &Call)> {
        let after = self
            .tasks
            .partition_point(|task| task.config.first_call_instance_id <= call_instance_id);
        let task = self.tasks.get(after.checked_sub(1)?)?;
        let (position, call) = task.call(call_instance_id)?;
        Some((task, position, call))
    }
}
