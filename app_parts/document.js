export default function ({ data }) {
  const root = document.documentElement;
  root.lang = data.lang;
  // On a phone the drawer of pages stays open, over the page that was just chosen in it.
  if (root.dataset.page && root.dataset.page !== data.page) {
    document.querySelector('[data-testid="stSidebarCollapseButton"] button')?.click();
  }
  root.dataset.page = data.page;
}
