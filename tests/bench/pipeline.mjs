// A large pipeline for the measurements: loops, conditions, and some conditions that the engine ignores.

/** Its text, about 240 bytes a step. Of every thousand steps the last has an operator that nobody knows. */
export function pipeline(count) {
  const expression = (source, operator, value) => ({ type: "expression", config: { source, operator, value } });
  const list = [];
  const paths = [];
  for (let i = 0; i < count; i++) {
    const id = `s${i}`;
    const config = { limit: i, say: `line ${i}` };
    list.push({ id, name: id, step_class: "Work", module: "m.work", config, outputs: ["score", "note"] });
    const to = i + 1 < count ? `s${i + 1}` : "end_with_success";
    if (i % 10 === 9) {
      paths.push({ from: id, to: `s${i - 5}`, condition: expression(`${id}.score`, "less_than", 3) });
      paths.push({ from: id, to, condition: expression(`${id}.note`, i % 1000 === 999 ? ">=" : "not_equals", "again") });
    } else {
      paths.push({ from: id, to });
    }
  }
  return JSON.stringify({ name: "large", steps: list, flow: { start_at: "s0", paths } }, null, 1);
}
