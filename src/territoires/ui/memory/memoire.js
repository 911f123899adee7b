// What a person keeps on their own device: read once a session, written at each change.
// Nothing of it goes anywhere but to this person's own pages.

// Which sessions have read what, in this window: the place where a page draws us is new each time.
const known = (window.territoiresConnus ??= {});

function read(key) {
  try {
    return window.localStorage.getItem(key);
  } catch {
    return null; // a browser that refuses to keep anything
  }
}

function write(key, text) {
  try {
    if (text === null) window.localStorage.removeItem(key);
    else window.localStorage.setItem(key, text);
    return true;
  } catch {
    return false; // no room left, or refused
  }
}

export default function ({ data, parentElement, setStateValue }) {
  const root = parentElement.querySelector(".memoire");
  const refusal = `${data.cle}.refus`;
  const stored = read(data.cle);
  const tell = (text, { now }) =>
    setStateValue("trouve", {
      texte: text,
      refus: read(refusal) !== null,
      avant: !now, // an earlier visit left it; else another page has just written it
      moment: Date.now(),
    });

  root.last = data;
  if (!root.listening) {
    root.listening = (event) => {
      // Another page of this person has just written: theirs is the newer.
      if (event.key === root.last.cle && event.newValue !== root.last.texte) {
        root.tell(event.newValue, { now: true });
      }
    };
    window.addEventListener("storage", root.listening);
  }
  root.tell = tell;
  const forget = () => {
    window.removeEventListener("storage", root.listening);
    root.listening = null;
  };
  const isRead = data.lu || known[data.cle] === data.seance;
  if (!isRead && (stored !== null || read(refusal) !== null)) {
    if (root.asked !== data.seance) {
      root.asked = data.seance;
      tell(stored, { now: false });
    }
    return forget;
  }
  known[data.cle] = data.seance;
  // First: another page that sees the text go must see why.
  write(refusal, data.garder ? null : "1");
  const wanted = data.texte === "" ? null : data.texte; // nothing: what was kept is thrown away
  const done = data.garder
    ? data.texte === null || wanted === stored || write(data.cle, wanted)
    : write(data.cle, null);
  if (done === Boolean(data.plein)) setStateValue("plein", !done);
  return forget;
}
