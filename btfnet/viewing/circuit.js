// The circuit of a page: switches, lamps, what every node is. gates.js and view.js go on; page.py joins them.

const $ = (id) => document.getElementById(id);
const block = $("circuit-data");
if (!block) return; // a page without a drawing
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
  followers.forEach((follow) => follow());
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
