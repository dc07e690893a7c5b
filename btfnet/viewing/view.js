// -- pan and zoom ------------------------------------------------------------------------------------------------

const view = $("view"), scene = $("scene");
let scale = 1, left = 0, top = 0, least = 1;
const [wide, high] = data.size || [1, 1], GAP = 16, MOST_ZOOMED = 1.8;
function place() {
  scene.setAttribute("transform", `translate(${left} ${top}) scale(${scale})`);
  view.style.touchAction = scale > least * 1.02 ? "none" : "pan-y";
}
function bound() {
  const box = view.getBoundingClientRect(), keep = 60;
  left = Math.min(box.width - keep, Math.max(keep - wide * scale, left));
  top = Math.min(box.height - keep, Math.max(keep - high * scale, top));
  place();
}
function fit() {
  const box = view.getBoundingClientRect();
  scale = Math.min(MOST_ZOOMED, (box.width - 2 * GAP) / wide, (box.height - 2 * GAP) / high);
  least = Math.min(scale, 1);
  left = (box.width - wide * scale) / 2;
  top = (box.height - high * scale) / 2;
  place();
}
function zoom(factor, x, y) {
  const box = view.getBoundingClientRect();
  const cx = x === undefined ? box.width / 2 : x - box.left, cy = y === undefined ? box.height / 2 : y - box.top;
  const next = Math.min(6, Math.max(least / 2, scale * factor));
  left = cx - ((cx - left) * next) / scale;
  top = cy - ((cy - top) * next) / scale;
  scale = next;
  bound();
}
function highest() {
  const ys = data.used.map((node) => parts.get(node).find((each) => each.classList.contains("i")))
    .map((each) => +each.querySelector("rect").getAttribute("y"));
  return ys.length ? Math.min(...ys) : 0;
}
function begin() {
  const across = view.clientWidth - 2 * GAP, board = document.querySelector(".board");
  const aside = board && board.offsetLeft > view.clientWidth ? Math.min(board.offsetHeight - 40, innerHeight * 0.72) : 0;
  const readable = Math.min(MOST_ZOOMED, Math.max(across / wide, 0.6));
  const wanted = Math.min(Math.max(220, high * readable + 2 * GAP), innerHeight * 0.72);
  view.style.height = `${Math.round(Math.max(wanted, aside))}px`;
  fit();
  if (scale < 0.6) {
    scale = 0.6;
    left = wide * scale > view.clientWidth ? GAP : (view.clientWidth - wide * scale) / 2;
    top = high * scale > view.clientHeight ? GAP - highest() * scale : (view.clientHeight - high * scale) / 2;
    place();
  }
}
function reveal(node, always) {
  if (!view || !parts.has(node)) return;
  const group = parts.get(node).find((element) => !element.classList.contains("w")) || parts.get(node)[0];
  const box = group.getBoundingClientRect(), frame = view.getBoundingClientRect();
  const inside = box.left >= frame.left && box.right <= frame.right && box.top >= frame.top && box.bottom <= frame.bottom;
  if (inside && !always) return;
  if (!inside) {
    left += frame.left + frame.width / 2 - (box.left + box.width / 2);
    top += frame.top + frame.height / 2 - (box.top + box.height / 2);
    bound();
  }
  if (always) view.scrollIntoView({ block: "nearest" });
}

if (items && items.n) setAll(itemRow(0));
else refresh();

if (view) {
  $("drawing").removeAttribute("viewBox");
  begin();
  let across = innerWidth;
  addEventListener("resize", () => {
    if (innerWidth !== across) begin();
    across = innerWidth;
  });
  $("in").addEventListener("click", () => zoom(1.35));
  $("out").addEventListener("click", () => zoom(1 / 1.35));
  $("fit").addEventListener("click", fit);
  view.addEventListener("wheel", (event) => {
    if (!event.ctrlKey && !event.metaKey && document.activeElement !== view) return;
    event.preventDefault();
    zoom(Math.exp(-event.deltaY / 400), event.clientX, event.clientY);
  }, { passive: false });
  view.addEventListener("keydown", (event) => {
    const step = 60;
    const moves = { ArrowLeft: [step, 0], ArrowRight: [-step, 0], ArrowUp: [0, step], ArrowDown: [0, -step] };
    if (moves[event.key]) { left += moves[event.key][0]; top += moves[event.key][1]; bound(); }
    else if (event.key === "+" || event.key === "=") zoom(1.35);
    else if (event.key === "-") zoom(1 / 1.35);
    else if (event.key === "0") fit();
    else return;
    event.preventDefault();
  });
  const fingers = new Map();
  let moved = 0;
  view.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    fingers.set(event.pointerId, [event.clientX, event.clientY]);
    if (fingers.size === 1) moved = 0;
  });
  view.addEventListener("pointermove", (event) => {
    const before = fingers.get(event.pointerId);
    if (!before) return;
    const now = [event.clientX, event.clientY], others = [...fingers].filter(([id]) => id !== event.pointerId);
    if (others.length) {
      const other = others[0][1], far = (a, b) => Math.hypot(a[0] - b[0], a[1] - b[1]);
      zoom(far(now, other) / Math.max(1, far(before, other)), (now[0] + other[0]) / 2, (now[1] + other[1]) / 2);
      moved = 99;
    } else {
      moved += Math.abs(now[0] - before[0]) + Math.abs(now[1] - before[1]);
      if (moved > 4) {
        if (!view.hasPointerCapture(event.pointerId)) view.setPointerCapture(event.pointerId);
        view.classList.add("held");
        left += now[0] - before[0];
        top += now[1] - before[1];
        bound();
      }
    }
    fingers.set(event.pointerId, now);
  });
  ["pointerup", "pointercancel", "lostpointercapture"].forEach((kind) => view.addEventListener(kind, (event) => {
    fingers.delete(event.pointerId);
    view.classList.remove("held");
  }));
  const nodeAt = (event) => {
    const element = event.target.closest("[data-n]");
    return element ? +element.dataset.n : 0;
  };
  view.addEventListener("pointerover", (event) => { if (!fingers.size) light(nodeAt(event)); });
  view.addEventListener("pointerleave", () => light(0));
  view.addEventListener("click", (event) => {
    const node = nodeAt(event);
    if (moved > 4 || !node) return;
    if (node <= nIn) flip(node);
    else if (rows.has(node)) {
      light(node);
      const box = $("gate-box"), row = rows.get(node);
      box.scrollTop = row.offsetTop - box.clientHeight / 2;
    }
  });
}
