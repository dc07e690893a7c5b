"use strict";
(() => {
  const $ = (id) => document.getElementById(id);
  const block = $("circuit-data");
  if (!block) return;
  const data = JSON.parse(block.textContent);
  const { inputs, outputs, gates, literals } = data;
  const nIn = inputs.length, nNodes = nIn + gates.length;
  const name = (node) => (node <= nIn ? inputs[node - 1] : data.prefix + node);
  const make = (tag, text, attributes) => {
    const element = document.createElement(tag);
    if (text !== undefined) element.textContent = text;
    for (const [key, value] of Object.entries(attributes || {})) element.setAttribute(key, value);
    return element;
  };

  // -- the circuit: a gate is [k, literal, literal, …], true when at least k of its literals are -------------

  const value = new Uint8Array(nNodes + 1);
  const isTrue = (literal) => (literal > 0 ? value[literal] : 1 - value[-literal]);
  function evaluate(bits) {
    for (let j = 0; j < nIn; j++) value[j + 1] = bits[j];
    gates.forEach((gate, j) => {
      let count = 0;
      for (let i = 1; i < gate.length; i++) count += isTrue(gate[i]);
      value[nIn + 1 + j] = count >= gate[0] ? 1 : 0;
    });
  }
  const answers = () => literals.map(isTrue);

  // -- training items, eight bits to a byte ----------------------------------------------------------------

  const unpacked = (text, width) => {
    const bytes = Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
    return (row, column) => (bytes[row * width + (column >> 3)] >> (7 - (column & 7))) & 1;
  };
  const items = data.items;
  const bitsOf = new Map();
  let wanted = null, counts = null, given = null;
  if (items) {
    given = unpacked(items.inputs, Math.ceil(nIn / 8));
    wanted = unpacked(items.outputs, Math.ceil(outputs.length / 8));
    counts = items.care ? unpacked(items.care, Math.ceil(outputs.length / 8)) : () => 1;
    for (let k = 0; k < items.n; k++) {
      const key = inputs.map((_, j) => given(k, j)).join("");
      if (!bitsOf.has(key)) bitsOf.set(key, k);
    }
  }
  const itemRow = (k) => inputs.map((_, j) => given(k, j));

  // -- what is shown of every node ---------------------------------------------------------------------------

  const bits = new Array(nIn).fill(0);
  const parts = new Map(), ends = new Map(), rows = new Map();
  document.querySelectorAll("#drawing [data-n]").forEach((element) => {
    const node = +element.dataset.n;
    if (!parts.has(node)) parts.set(node, []);
    parts.get(node).push(element);
  });
  document.querySelectorAll("#drawing [data-o]").forEach((element) => ends.set(+element.dataset.o, element));

  const switches = new Map(), lamps = [], cells = new Map();
  let shown = "", tableRows = [];

  function refresh() {
    evaluate(bits);
    for (const [node, elements] of parts) elements.forEach((each) => each.classList.toggle("on", !!value[node]));
    for (const [index, element] of ends) element.classList.toggle("on", !!isTrue(literals[index]));
    for (const [node, button] of switches) {
      button.setAttribute("aria-checked", value[node] ? "true" : "false");
      button.lastChild.textContent = value[node];
    }
    for (const [node, cell] of cells) {
      cell.textContent = value[node];
      cell.className = value[node] ? "on" : "";
    }
    const key = bits.join(""), item = bitsOf.has(key) ? bitsOf.get(key) : -1;
    answers().forEach((answer, index) => lamp(index, answer, item));
    const where = $("where");
    if (where) {
      where.textContent = !items ? "" : item >= 0
        ? `These inputs are training item ${item + 1} of ${items.total}.`
        : "These inputs are no training item shown here: the circuit generalises.";
    }
    tableRows.forEach((row) => row.classList.toggle("here", row.dataset.key === key));
    if (shown !== "") describe(+shown);
  }

  function lamp(index, answer, item) {
    if (!lamps[index]) return;
    const { row, state, mark } = lamps[index];
    row.classList.toggle("on", !!answer);
    state.textContent = answer;
    const known = item >= 0 && counts(item, index);
    const right = known && wanted(item, index) === answer;
    mark.textContent = !known ? "" : right ? "✓ as the item says" : `✗ the item says ${wanted(item, index)}`;
    mark.className = known && !right ? "wrong" : "right";
  }

  const setAll = (row) => { row.forEach((bit, j) => { bits[j] = bit; }); refresh(); };
  const flip = (node) => { bits[node - 1] = 1 - bits[node - 1]; refresh(); };

  // -- switches and lamps ------------------------------------------------------------------------------------

  const panel = $("switches");
  if (panel) {
    data.used.forEach((node) => {
      const button = make("button", undefined, { type: "button", role: "switch", "data-n": node });
      button.append(make("span", name(node), { class: "name" }), make("span", "0", { class: "bit" }));
      button.addEventListener("click", () => flip(node));
      watch(button, node);
      switches.set(node, button);
      panel.append(button);
    });
    outputs.forEach((output, index) => {
      const row = make("li", undefined, { "data-o": index });
      const state = make("span", "0", { class: "bit" }), mark = make("span", "", { class: "right" });
      row.append(make("span", output, { class: "name" }), state, mark);
      lamps[index] = { row, state, mark };
      $("lamps").append(row);
    });
    const number = $("item");
    if (number) {
      const go = (k) => {
        const chosen = Math.min(items.n, Math.max(1, Math.round(k) || 1));
        number.value = chosen;
        setAll(itemRow(chosen - 1));
      };
      number.addEventListener("change", () => go(+number.value));
      $("previous").addEventListener("click", () => go(+number.value - 1));
      $("next").addEventListener("click", () => go(+number.value + 1));
    }
    $("zero").addEventListener("click", () => setAll(bits.map(() => 0)));
    $("random").addEventListener("click", () => setAll(bits.map(() => (Math.random() < 0.5 ? 0 : 1))));
    const filter = $("switch-filter");
    if (filter) filter.addEventListener("input", () => {
      const part = filter.value.toLowerCase();
      for (const [node, button] of switches) button.hidden = !name(node).toLowerCase().includes(part);
    });
  }

  // -- gates in words, in a table that is linked to the drawing -----------------------------------------------

  const titles = { and: "And", or: "Or", maj: "Majority", threshold: "Threshold", copy: "Copy", not: "Not", const: "Constant" };
  const MOST_WORDS = 24;
  const signed = (literal) => (literal < 0 ? "~" : "") + name(Math.abs(literal));
  function weighted(gate) {
    const weights = new Map();
    gate.slice(1).forEach((literal) => weights.set(literal, (weights.get(literal) || 0) + 1));
    return [...weights].map(([literal, weight]) => (weight > 1 ? `${weight}·` : "") + signed(literal));
  }
  function words(node) {
    const gate = gates[node - nIn - 1], kind = data.kinds[node - nIn - 1], size = gate.length - 1;
    if (kind === "const") return gate[0] <= 0 ? "true" : "false";
    if (size === 1) return signed(gate[1]);
    const senders = weighted(gate), left = senders.length - MOST_WORDS;
    const list = senders.slice(0, MOST_WORDS).join(", ") + (left > 0 ? `, … ${left} more` : "");
    if (kind === "and" || kind === "or") return `${titles[kind]}(${list})`;
    return kind === "maj" ? `at least ${gate[0]} of ${size}: ${list}` : `at least ${gate[0]} of: ${list}`;
  }
  function describe(node) {
    shown = node;
    const line = $("readout");
    if (!line) return;
    if (node <= nIn) { line.textContent = `${name(node)} = ${value[node]}`; return; }
    const gate = gates[node - nIn - 1];
    const count = gate.slice(1).reduce((sum, literal) => sum + isTrue(literal), 0);
    const told = data.kinds[node - nIn - 1] === "const" ? "" : ` — ${count} of ${gate.length - 1} true, ${gate[0]} needed`;
    line.textContent = `${name(node)} = ${words(node)} = ${value[node]}${told}`;
  }

  let hot = 0;
  function light(node) {
    if (node === hot) return;
    mark(hot, false);
    hot = node;
    mark(hot, true);
    if (node) describe(node);
  }
  function mark(node, on) {
    if (!node) return;
    (parts.get(node) || []).forEach((element) => element.classList.toggle("hot", on));
    if (rows.has(node)) rows.get(node).classList.toggle("hot", on);
    if (switches.has(node)) switches.get(node).classList.toggle("hot", on);
    if (node > nIn) gates[node - nIn - 1].slice(1).forEach((literal) =>
      (parts.get(Math.abs(literal)) || []).forEach((element) => element.classList.toggle("near", on)));
  }
  function watch(element, node) {
    element.addEventListener("pointerenter", () => light(node));
    element.addEventListener("pointerleave", () => light(0));
    element.addEventListener("focusin", () => { light(node); reveal(node); });
    element.addEventListener("focusout", () => light(0));
  }

  const body = $("gate-rows");
  if (body) {
    const often = trueShare();
    for (let node = nIn + 1; node <= nNodes; node++) {
      const row = make("tr", undefined, { "data-n": node }), head = make("th", undefined, { scope: "row" });
      const button = make("button", name(node), { type: "button", title: "Show in the drawing" });
      button.addEventListener("click", () => { light(node); reveal(node, true); });
      head.append(button);
      const cell = make("td", "0");
      row.append(head, make("td", words(node), { class: "words" }), make("td", titles[data.kinds[node - nIn - 1]]),
        make("td", data.levels[node - nIn - 1]), make("td", data.listeners[node - nIn - 1]), cell);
      if (often) row.append(make("td", `${Math.round((100 * often[node]) / items.n)} %`));
      cells.set(node, cell);
      rows.set(node, row);
      watch(row, node);
      body.append(row);
    }
    const filter = $("gate-filter");
    if (filter) filter.addEventListener("input", () => {
      const part = filter.value.toLowerCase();
      rows.forEach((row) => { row.hidden = !row.textContent.toLowerCase().includes(part); });
    });
  }
  function trueShare() {
    if (!items) return null;
    const often = new Float64Array(nNodes + 1);
    let bitsRight = 0, bitsAll = 0;
    for (let k = 0; k < items.n; k++) {
      evaluate(itemRow(k));
      for (let node = 1; node <= nNodes; node++) often[node] += value[node];
      answers().forEach((answer, index) => {
        bitsAll += counts(k, index);
        bitsRight += counts(k, index) && wanted(k, index) === answer ? 1 : 0;
      });
    }
    const check = $("recheck");
    if (check) {
      check.textContent = bitsRight === bitsAll
        ? `Your browser has just run the circuit on ${items.n} training items: all ${bitsAll} output bits are right.`
        : `Your browser has just run the circuit on ${items.n} training items: ${bitsRight} of ${bitsAll} output bits are right.`;
      check.dataset.right = bitsRight;
    }
    return often;
  }

  // -- truth table -----------------------------------------------------------------------------------------------

  const truth = $("truth-rows");
  if (truth) {
    for (let number = 0; number < 1 << nIn; number++) {
      const row = inputs.map((_, j) => (number >> (nIn - 1 - j)) & 1);
      evaluate(row);
      const key = row.join(""), item = bitsOf.has(key) ? bitsOf.get(key) : -1;
      const line = make("tr", undefined, { "data-key": key });
      row.forEach((bit) => line.append(make("td", bit, bit ? { class: "on" } : {})));
      answers().forEach((answer, index) => {
        const wrong = item >= 0 && counts(item, index) && wanted(item, index) !== answer;
        const cell = make("td", wrong ? `${answer} ✗` : answer, { class: `out${answer ? " on" : ""}${wrong ? " wrong" : ""}` });
        line.append(cell);
      });
      line.append(make("td", item >= 0 ? `item ${item + 1}` : "", { class: "seen" }));
      line.addEventListener("click", () => setAll(row));
      truth.append(line);
    }
    tableRows = [...truth.children];
  }

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
})();
