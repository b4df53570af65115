// Names of the pages in the navigation, in both languages.

export const zhNavigation = {
  label: "页面",
  today: "今日",
  tasks: "任务",
  lines: "线路",
  scripts: "话术",
  calls: "通话",
  settings: "设置",
};

export const enNavigation: typeof zhNavigation = {
  label: "Pages",
  today: "Today",
  tasks: "Tasks",
  lines: "Lines",
  scripts: "Scripts",
  calls: "Calls",
  settings: "Settings",
};
