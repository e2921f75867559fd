// The page is drawn after the address was read, so the browser's own jump comes too early.
let followed = null;

function follow() {
  const id = decodeURIComponent(location.hash.slice(1));
  const place = id && document.getElementById(id);
  if (!place) return;
  followed = location.hash;
  const fold = place.closest("details");
  if (fold) fold.open = true;
  place.scrollIntoView({ block: "start" });
  place.setAttribute("tabindex", "-1");
  place.focus({ preventScroll: true });
}

export default function () {
  if (followed !== location.hash) requestAnimationFrame(() => setTimeout(follow, 60));
  addEventListener("hashchange", follow);
  return () => removeEventListener("hashchange", follow);
}
