// Opens the browser's own window to print: what comes out is said by the style sheet of the page.

export default function ({ parentElement }) {
  parentElement.querySelector(".imprimer").onclick = () => window.print();
}
