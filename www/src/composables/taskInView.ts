// Provides the task of the open page to the lists on it. Its detail may still be loading.
import type { TaskDetail } from "byrobot-calls";
import { inject, provide, type InjectionKey } from "vue";
import type { Answer } from "./useAnswer";

const key: InjectionKey<Answer<TaskDetail>> = Symbol("task in view");

export function provideTask(task: Answer<TaskDetail>): void {
  provide(key, task);
}

export function taskInView(): Answer<TaskDetail> {
  const task = inject(key);
  if (!task) throw new Error("taskInView is for pages inside TaskPage");
  return task;
}
