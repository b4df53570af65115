//! The tasks of the companies at one moment: found by id, moved on by the clock. Not here: the tasks at the start of the
//! clock (`initial_tasks.rs`).

use crate::dialler::Call;
use crate::task::Task;

pub(crate) struct SimulationState {
    /// Ordered by `callJobId`, which is also the order of their call instances.
    pub tasks: Vec<Task>,
}

impl SimulationState {
    pub(crate) fn run_until(&mut self, now: i64) {
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
