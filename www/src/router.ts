// The routes of the dashboard, the scroll position and the focus after navigation.
import { createRouter, createWebHistory, type RouteLocationNormalized } from "vue-router";
import CallPage from "./pages/CallPage.vue";
import FinishedCalls from "./pages/FinishedCalls.vue";
import MissingPage from "./pages/MissingPage.vue";
import TaskPage from "./pages/TaskPage.vue";
import TasksPage from "./pages/TasksPage.vue";
import WaitingCustomers from "./pages/WaitingCustomers.vue";
import { chooseCompany, companyId, parseCompanyId } from "./settings/company";

// Pages get the route as props, so a page that is being left does not react to the next page's URL.
const id = (route: RouteLocationNormalized) => Number(route.params["id"]);
const listProps = (route: RouteLocationNormalized) => ({ id: id(route), query: route.query });

export const router = createRouter({
  history: createWebHistory(),
  routes: [
    { path: "/", name: "tasks", component: TasksPage, props: ({ query }) => ({ query }) },
    {
      path: "/tasks/:id(\\d+)",
      component: TaskPage,
      props: (route) => ({ id: id(route) }),
      children: [
        { path: "", name: "task", component: FinishedCalls, props: listProps },
        { path: "waiting", name: "waiting", component: WaitingCustomers, props: listProps },
      ],
    },
    {
      path: "/calls/:id(\\d+)",
      name: "call",
      component: CallPage,
      props: (route) => ({ id: id(route) }),
    },
    { path: "/:rest(.*)*", name: "missing", component: MissingPage },
  ],
  async scrollBehavior(to, from, saved) {
    if (saved) {
      await answered();
      return saved;
    }
    if (to.path !== from.path && !sameTask(to, from)) return { top: 0 };
    return to.query["page"] !== from.query["page"] ? { el: "#list", top: 72 } : false;
  },
});

/** Resolves when the page has its answers: only then does it have its full height. Waits 3 s at most. */
async function answered(): Promise<void> {
  const latest = performance.now() + 3000;
  while (document.querySelector('[aria-busy="true"]') && performance.now() < latest) {
    await new Promise(requestAnimationFrame);
  }
}

function sameTask(to: RouteLocationNormalized, from: RouteLocationNormalized): boolean {
  return to.matched[0] === from.matched[0] && to.params["id"] === from.params["id"];
}

// Every URL contains the company, so that a shared link shows the same tasks to every person.
router.beforeEach(({ path, query, hash }) => {
  const named = parseCompanyId(query["company"]);
  if (named !== null) {
    chooseCompany(named);
    return true;
  }
  return { path, query: { ...query, company: companyId.value }, hash, replace: true };
});

// Focus moves to the heading of a new page: screen readers announce it, and Tab starts at the top.
router.afterEach((to, from) => {
  if (from.matched.length === 0 || to.path === from.path || sameTask(to, from)) return;
  requestAnimationFrame(() =>
    document.querySelector<HTMLElement>("h1")?.focus({ preventScroll: true }),
  );
});
