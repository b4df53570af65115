// Texts of the saved views, in both languages.

export const zhViews = {
  title: "视图",
  note: "视图记住当前页面、时间范围和筛选条件，保存在这个浏览器里。",
  name: "视图名称",
  save: "保存当前视图",
  replace: "覆盖同名视图",
  none: "还没有保存的视图。",
  list: "已保存的视图",
  rename: "改名",
  renameOf: "改名：{name}",
  newName: "新名称",
  taken: "已有同名的视图",
  remove: "删除",
  removeOf: "删除：{name}",
  done: "确定",
};

export const enViews: typeof zhViews = {
  title: "Views",
  note: "A view keeps this page with its period and filters, in this browser.",
  name: "Name of the view",
  save: "Save view",
  replace: "Replace view",
  none: "No view is saved yet.",
  list: "Saved views",
  rename: "Rename",
  renameOf: "Rename {name}",
  newName: "New name",
  taken: "A view has this name already",
  remove: "Delete",
  removeOf: "Delete {name}",
  done: "OK",
};
