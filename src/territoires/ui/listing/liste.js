// The list of territories: ticks go to the page, the row pointed at goes to the map.
// Every text is set as text: nothing here is read as HTML.

const SURVOL = "territoires:survol";

function element(tag, classes, text) {
  const made = document.createElement(tag);
  if (classes) made.className = classes;
  if (text !== undefined) made.textContent = text;
  return made;
}

function pointAt(code) {
  window.dispatchEvent(new CustomEvent(SURVOL, { detail: { code } }));
}

function compared(column, ascending) {
  const way = ascending ? 1 : -1;
  return (one, other) => {
    const [a, b] = [one.cellules[column][1], other.cellules[column][1]];
    if (a === null || b === null) return (a === null) - (b === null);
    return way * (typeof a === "string" ? a.localeCompare(b, "fr") : a - b);
  };
}

function headings(state, refresh) {
  const row = element("tr");
  row.append(element("th"));
  state.data.colonnes.forEach((column, at) => {
    const cell = element("th", classesOf(column));
    cell.scope = "col";
    const button = element("button", "", column.titre);
    button.title = column.aide || `Trier par ${column.titre}`;
    button.addEventListener("click", () => {
      const again = state.sorted && state.sorted.column === at;
      // What counts is read from the largest; a rank, a name or a text from the first.
      const first = ["nom", "texte"].includes(column.genre) || at === 0;
      state.sorted = { column: at, ascending: again ? !state.sorted.ascending : first };
      refresh();
    });
    if (state.sorted && state.sorted.column === at) {
      cell.ariaSort = state.sorted.ascending ? "ascending" : "descending";
    }
    cell.append(button);
    row.append(cell);
  });
  return row;
}

function classesOf(column) {
  return [column.genre, column.place].filter(Boolean).join(" ");
}

function line(state, row, change) {
  const made = element("tr", state.ticked.has(row.code) ? "cochee" : "");
  const box = element("input");
  box.type = "checkbox";
  box.checked = state.ticked.has(row.code);
  box.ariaLabel = `Choisir ${row.nom}`;
  const first = element("td");
  first.append(box);
  made.append(first);
  row.cellules.forEach(([shown, order], at) => {
    const column = state.data.colonnes[at];
    const cell = element(column.genre === "nom" ? "th" : "td", classesOf(column), shown);
    if (cell.tagName === "TH") cell.scope = "row";
    if (order === null) cell.classList.add("manque");
    if (column.genre === "barre" && order !== null) {
      const bar = element("i");
      bar.style.setProperty("--part", `${Math.max(0, Math.min(100, order))}%`);
      cell.append(bar);
    }
    made.append(cell);
  });
  const turn = (on) => {
    box.checked = on;
    made.className = on ? "cochee" : "";
    change(row.code, on);
  };
  box.addEventListener("change", () => turn(box.checked));
  made.addEventListener("click", (event) => {
    if (event.target !== box && !String(window.getSelection())) turn(!box.checked);
  });
  made.addEventListener("pointerenter", () => pointAt(row.contour));
  made.addEventListener("pointerleave", () => pointAt(""));
  made.addEventListener("focusin", () => pointAt(row.contour));
  made.addEventListener("focusout", () => pointAt(""));
  return made;
}

function draw(root, state, change) {
  const top = root.scrollTop;
  const rows = [...state.data.lignes];
  if (state.sorted) rows.sort(compared(state.sorted.column, state.sorted.ascending));
  const table = element("table");
  table.append(element("caption", "", state.data.titre));
  const head = element("thead");
  const body = element("tbody");
  head.append(headings(state, () => draw(root, state, change)));
  body.append(...rows.map((row) => line(state, row, change)));
  table.append(head, body);
  root.replaceChildren(table);
  root.scrollTop = top;
}

export default function ({ data: { coches, ...data }, parentElement, setStateValue }) {
  const root = parentElement.querySelector(".liste");
  const drawn = JSON.stringify(data);
  if (root.drawn !== drawn) {
    const same = root.state && root.state.data.liste === data.liste;
    root.drawn = drawn;
    root.state = {
      data,
      ticked: same ? root.state.ticked : new Set(coches),
      sorted: same ? root.state.sorted : null,
    };
    draw(root, root.state, (code, on) => {
      const { ticked } = root.state;
      if (on) ticked.add(code);
      else ticked.delete(code);
      root.tell([...ticked]);
    });
  }
  root.tell = (codes) => setStateValue("coches", codes);
  return () => pointAt("");
}
