// The calls and tasks of the company: one table for all pages, kept up to date and stored in the browser.
import {
  CallTable,
  indexedDbStore,
  type Follow,
  type FollowState,
  type Task,
  type TasksProgress,
} from "byrobot-calls/streaming";
import { useTable } from "byrobot-calls/vue";
import {
  computed,
  inject,
  provide,
  shallowRef,
  type ComputedRef,
  type InjectionKey,
  type ShallowRef,
} from "vue";
import { client } from "../client";
import { companyId } from "../settings/company";
import { proxyUrl } from "../settings/proxy";

/** The company's calls as the pages see them. */
export interface CompanyCalls {
  /** The table of all calls; null before the page has been mounted. */
  readonly table: Readonly<ShallowRef<CallTable | null>>;
  /** The tasks as the vendor lists them; null before the first list. */
  readonly tasks: Readonly<ShallowRef<readonly Task[] | null>>;
  /** The progress of the synchronisation under way; null between two of them. */
  readonly progress: ShallowRef<TasksProgress | null>;
  /** Whether the calls have been complete since the page was opened. */
  readonly isComplete: ShallowRef<boolean>;
  /** Whether calls that are not here yet are still expected: an empty answer may fill. */
  readonly isReading: ComputedRef<boolean>;
  readonly state: ShallowRef<FollowState>;
  /** When the last synchronisation that succeeded began, epoch milliseconds. */
  readonly syncedAt: ShallowRef<number | null>;
  /** Why the last synchronisation, or one task of it, failed. */
  readonly error: Readonly<ShallowRef<unknown>>;
  /** Why there is nothing to show; null once there is a list of tasks. */
  readonly failure: ComputedRef<unknown>;
  /** Why the calls are not kept in this browser. */
  readonly storeError: ShallowRef<Error | null>;
  refresh(): void;
  /** Removes the calls from this browser and from the page, and reads them again. */
  clear(): Promise<void>;
}

const key: InjectionKey<CompanyCalls> = Symbol("company calls");

/** Creates the table for the component and the components in it. */
export function provideCompanyCalls(): CompanyCalls {
  // Each server has calls of its own.
  const storeOf = (url: string) => indexedDbStore(url === "" ? undefined : `byrobot-calls ${url}`);
  const progress = shallowRef<TasksProgress | null>(null);
  const found = shallowRef<readonly Task[] | null>(null);
  const isComplete = shallowRef(false);
  const state = shallowRef<FollowState>("paused");
  const syncedAt = shallowRef<number | null>(null);
  const storeError = shallowRef<Error | null>(null);
  const round = shallowRef(0);
  let following: Follow | undefined;

  const { table, error } = useTable(
    () => new CallTable(),
    (table, signal) => {
      void round.value; // `clear` begins a new table
      found.value = null;
      progress.value = null;
      isComplete.value = false;
      syncedAt.value = null;
      const follow = client.follow(
        table,
        { companyId: companyId.value },
        {
          signal,
          store: storeOf(proxyUrl.value),
          onProgress(now) {
            progress.value = now;
            if (now.found) found.value = now.found;
          },
          onReport(report) {
            progress.value = null;
            found.value = report.found;
            storeError.value = report.storeError;
            isComplete.value ||= report.complete;
            syncedAt.value = follow.syncedAt;
          },
          // `error` has the reason.
          onError: () => (progress.value = null),
          onState: (now) => (state.value = now),
        },
      );
      following = follow;
      return follow;
    },
  );

  const company: CompanyCalls = {
    table,
    tasks: found,
    progress,
    isComplete,
    isReading: computed(() => !isComplete.value && error.value === null),
    state,
    syncedAt,
    error,
    failure: computed(() => (found.value === null ? error.value : null)),
    storeError,
    refresh: () => following?.refresh(),
    async clear() {
      following?.stop();
      await storeOf(proxyUrl.value).clear();
      round.value += 1;
    },
  };
  provide(key, company);
  return company;
}

export function useCompanyCalls(): CompanyCalls {
  const company = inject(key);
  if (!company) throw new Error("useCompanyCalls is for components inside of App");
  return company;
}
