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

let hot = 0, focused = 0;
function light(pointed) {
  const node = pointed || focused;
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
  element.addEventListener("focusin", () => { focused = node; light(node); reveal(node); });
  element.addEventListener("focusout", () => { focused = 0; light(0); });
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
