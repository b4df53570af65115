// Texts of today's page, in both languages.

export const zhToday = {
  title: "今日",
  subtitle: "现在该处理什么？",
  against: "对比 {date}（{day}）{from}–{to}",
  againstDays: "对比 {from} 至 {to}",
  empty: {
    title: "今天还没有通话",
    text: "任务开始拨打后，数字会显示在这里。",
    yesterday: "看昨天",
  },
  tasks: "任务",
  allTasks: "全部任务",
};

export const enToday: typeof zhToday = {
  title: "Today",
  subtitle: "What needs me now?",
  against: "Against {day} {date}, {from}–{to}",
  againstDays: "Against {from} to {to}",
  empty: {
    title: "No calls yet today",
    text: "Numbers appear here when a task begins to call.",
    yesterday: "Show yesterday",
  },
  tasks: "Tasks",
  allTasks: "All tasks",
};
