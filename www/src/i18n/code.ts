// Texts of the code behind panels, in both languages.

export const zhCode = {
  switch: "显示每块图表背后的代码",
  of: "{title}：代码",
  show: "代码",
  about: "算出这些数字的代码：统计口径取自本页的源码，条件和时间是现在页面上的。",
  label: "代码",
  guide: "查看指南：分析",
  copy: "复制代码",
  copied: "已复制",
};

export const enCode: typeof zhCode = {
  switch: "Show the code behind each panel",
  of: "{title}: code",
  show: "Code",
  about:
    "The code that makes these numbers: what is counted comes from this page's source, filters and times are the present ones.",
  label: "Code",
  guide: "Guide: analytics",
  copy: "Copy code",
  copied: "Copied",
};
