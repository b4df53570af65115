// The routes of the dashboard, the scroll position and the focus after navigation. They stand behind `#`, so that any web
// host serves the page, also below a path.
import { createRouter, createWebHashHistory, type RouteLocationNormalized } from "vue-router";
import MissingPage from "./pages/MissingPage.vue";
import TasksPage from "./pages/TasksPage.vue";
import TodayPage from "./pages/TodayPage.vue";
import { chooseCompany, companyId, parseCompanyId } from "./settings/company";

declare module "vue-router" {
  interface RouteMeta {
    /** The page stands alone, without header and navigation. */
    bare?: boolean;
  }
}

// Pages get the route as props, so a page that is being left does not react to the next page's URL.
const id = (route: RouteLocationNormalized) => Number(route.params["id"]);

export const router = createRouter({
  history: createWebHashHistory(),
  routes: [
    { path: "/", redirect: ({ query }) => ({ name: "today", query }) },
    { path: "/today", name: "today", component: TodayPage },
    { path: "/tasks", name: "tasks", component: TasksPage, props: ({ query }) => ({ query }) },
    {
      path: "/tasks/:id(\\d+)",
      name: "task",
      component: () => import("./pages/TaskPage.vue"),
      props: (route) => ({ id: id(route) }),
    },
    { path: "/scripts", name: "scripts", component: () => import("./pages/ScriptsPage.vue") },
    { path: "/lines", name: "lines", component: () => import("./pages/LinesPage.vue") },
    {
      path: "/lines/:phone(\\d+)",
      name: "line",
      component: () => import("./pages/LinePage.vue"),
      props: ({ params }) => ({ phone: String(params["phone"]) }),
    },
    { path: "/calls", name: "calls", component: () => import("./pages/CallsPage.vue") },
    {
      path: "/calls/:id(\\d+)",
      name: "call",
      component: () => import("./pages/CallPage.vue"),
      props: (route) => ({ id: id(route) }),
    },
    {
      path: "/settings",
      name: "settings",
      component: () => import("./pages/SettingsPage.vue"),
    },
    {
      path: "/wall",
      name: "wall",
      component: () => import("./pages/WallPage.vue"),
      meta: { bare: true },
    },
    { path: "/:rest(.*)*", name: "missing", component: MissingPage },
  ],
  async scrollBehavior(to, from, saved) {
    if (saved) {
      await answered(saved.top);
      return saved;
    }
    if (from.matched.length === 0) return false;
    if (to.path !== from.path) return { top: 0 };
    return to.query["page"] !== from.query["page"] ? { el: "#list", top: 72 } : false;
  },
});

/** Resolves when the page has its answers and its full height: charts take theirs when they know their width. */
async function answered(top: number): Promise<void> {
  const latest = performance.now() + 3000;
  const page = document.documentElement;
  let height = 0;
  let unchanged = 0;
  while (unchanged < 3 && performance.now() < latest) {
    await new Promise(requestAnimationFrame);
    const isReady =
      !document.querySelector('[aria-busy="true"]') && page.scrollHeight >= top + innerHeight;
    unchanged = isReady && page.scrollHeight === height ? unchanged + 1 : 0;
    height = page.scrollHeight;
  }
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
  if (from.matched.length === 0 || to.path === from.path) return;
  requestAnimationFrame(() =>
    document.querySelector<HTMLElement>("h1")?.focus({ preventScroll: true }),
  );
});
