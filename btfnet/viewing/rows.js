// -- a row of the table: a control for each column sets all conditions on it ------------------------------------

const controls = $("columns");
const followers = [];
if (controls) data.columns.forEach((column, place) => {
  const label = make("label", undefined, { for: `column-${place}` });
  const told = make("output", "", { for: `column-${place}` });
  label.append(make("span", column.name, { class: "name" }), told);
  const control = column.cuts.length ? slider(column, told) : chooser(column, told);
  control.id = `column-${place}`;
  controls.append(label, control);
});

function slider(column, told) {
  const least = column.missing ? -1 : 0, count = column.cuts.length;
  const control = make("input", undefined, { type: "range", min: least, max: count, step: 1 });
  const between = (step) => step < 0 ? "missing"
    : step === 0 ? `below ${column.cuts[0][0]}`
    : step === count ? `${column.cuts[count - 1][0]} or more`
    : `${column.cuts[step - 1][0]} to below ${column.cuts[step][0]}`;
  control.addEventListener("input", () => {
    const step = +control.value;
    column.cuts.forEach(([, node], index) => { bits[node - 1] = index < step ? 1 : 0; });
    if (column.missing) bits[column.missing - 1] = step < 0 ? 1 : 0;
    refresh();
  });
  followers.push(() => {
    const on = column.cuts.map(([, node]) => value[node]), step = on.reduce((sum, bit) => sum + bit, 0);
    const gone = column.missing && value[column.missing];
    const whole = gone ? step === 0 : on.every((bit, index) => bit === (index < step ? 1 : 0));
    control.value = gone ? -1 : step;
    told.textContent = whole ? between(+control.value) : "contradicts itself";
    control.setAttribute("aria-valuetext", told.textContent);
  });
  return control;
}

function chooser(column, told) {
  const control = make("select");
  control.append(make("option", "another value", { value: 0 }));
  column.choices.forEach(([label, node]) => control.append(make("option", label, { value: node })));
  control.addEventListener("change", () => {
    column.choices.forEach(([, node]) => { bits[node - 1] = node === +control.value ? 1 : 0; });
    refresh();
  });
  followers.push(() => {
    const on = column.choices.filter(([, node]) => value[node]);
    control.value = on.length ? on[0][1] : 0;
    told.textContent = on.length > 1 ? "contradicts itself" : "";
  });
  return control;
}

