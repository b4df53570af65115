// A composable that sets the title of the document.
import { watchEffect } from "vue";
import { useI18n } from "vue-i18n";

/** The title is the page's title, then the product's name. */
export function useTitle(title: () => string): void {
  const { t } = useI18n();
  watchEffect(() => {
    document.title = [title(), t("product")].filter(Boolean).join(" · ");
  });
}
