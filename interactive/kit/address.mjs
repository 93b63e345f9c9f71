// The state of a figure in the page's address, so that a teacher can link to it:
// ?neuron.w=8&neuron.b=-2

/** The values that the address gives for the figure `name`. */
export function readAddress(name, fields, search = location.search) {
  const found = {};
  for (const [key, value] of new URLSearchParams(search)) {
    const [figure, field] = key.split(".");
    if (figure !== name || !Object.hasOwn(fields, field)) continue;
    const read = fields[field].read(value);
    if (read !== undefined) found[field] = read;
  }
  return found;
}

/** What the address says of the page's other figures, and of this one where it differs from its initial state. */
export function address({ name, fields, state, start }, search = location.search) {
  const asked = new URLSearchParams(search);
  for (const [key, field] of Object.entries(fields)) {
    if (state[key] === start[key]) asked.delete(`${name}.${key}`);
    else asked.set(`${name}.${key}`, field.write(state[key]));
  }
  const query = asked.toString();
  return query ? `?${query}` : "";
}

/** Write a figure's state into the address; the page does not move and no visit is recorded. */
export function writeAddress(frame) {
  const anchor = frame.figure.id ? `#${frame.figure.id}` : location.hash;
  history.replaceState(history.state, "", location.pathname + address(frame) + anchor);
}
