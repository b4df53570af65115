import type { TaskDetail } from "byrobot-calls";
import { inject, provide, type InjectionKey } from "vue";
import type { Answer } from "./useAnswer";

// The task whose page is open, for the lists on that page. Its detail may still be on its way.

const key: InjectionKey<Answer<TaskDetail>> = Symbol("task in view");

export function provideTask(task: Answer<TaskDetail>): void {
  provide(key, task);
}

export function taskInView(): Answer<TaskDetail> {
  const task = inject(key);
  if (!task) throw new Error("taskInView is for pages inside TaskPage");
  return task;
}
