import { watchEffect } from "vue";
import { useI18n } from "vue-i18n";

/** What the tab is called: the page's own words, then the product's. */
export function useTitle(title: () => string): void {
  const { t } = useI18n();
  watchEffect(() => {
    document.title = [title(), t("product")].filter(Boolean).join(" · ");
  });
}
